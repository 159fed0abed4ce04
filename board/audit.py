"""The audit trail: append-only, hash-chained, written in the transaction of what it records.

Each event holds the hash of the one before it. Writers lock the single AuditHead row, so the
chain cannot fork, and UNIQUE(previous_hash) says so in the database. A change or removal in the
middle breaks the chain at that row; a tail cut off no longer matches the head row.
"""

import contextlib
import contextvars
import datetime
import hashlib
import json

from django.db import models, transaction
from django.utils import timezone

from board.models import AuditEvent, AuditHead, Board, User

GENESIS = "0" * 64
HASHED = (
    "seq",
    "actor_label",
    "act",
    "refused",
    "subject",
    "subject_label",
    "before",
    "after",
    "digest",
    "note",
    "previous_hash",
)


# Refusals that wait for the end of a request; None outside one.
_held = contextvars.ContextVar("held refusals", default=None)


def chain_hash(event):
    """SHA-256 hex over the canonical JSON of an event's facts and the hash before it.

    Keys into other tables are left out: a restored backup may number them anew.
    """
    facts = {name: getattr(event, name) for name in HASHED}
    facts["at"] = event.at.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def subject_of(record):
    """How the trail names a record: `app.model:id`."""
    return f"{record._meta.label_lower}:{record.pk}"


def record(act, subject, *, by, before="", after="", note="", digest="", at=None):
    """Append one event about `subject`, in the transaction of the act itself.

    by       a User, or a label for an actor that is nobody (a command, a failed sign-in)
    subject  a record, or a label for what is none; its board is read from `board_id`
    at       when it happened, aware; now when none is given
    """
    event = event_of(act, subject, by, at, note)
    event.before, event.after, event.digest = before, after, digest
    return append(event)


def refuse(act, subject, *, by, note="", at=None):
    """Write down an act that was refused, where no rollback of the act takes it along.

    In a request (see `refusals_after`) it is written when the request has ended, and with it
    every transaction that the refusal undoes; elsewhere at once.
    """
    event = event_of(act, subject, by, at, note)
    event.refused = True
    held = _held.get()
    if held is None:
        append(event)
    else:
        held.append(event)


@contextlib.contextmanager
def refusals_after():
    """Write what is refused within this block when it is left, each in its own transaction. Put
    it around a whole transaction: a refusal inside one undoes all that the transaction wrote."""
    held = []
    token = _held.set(held)
    try:
        yield
    finally:
        _held.reset(token)
        for event in held:
            append(event)


def event_of(act, subject, by, at, note):
    """The event, not yet in the chain. Its facts are taken now: the record may move on."""
    is_record = isinstance(subject, models.Model)
    return AuditEvent(
        at=at or timezone.now(),
        actor=by if isinstance(by, User) else None,
        actor_label=str(by)[:200],
        board_id=subject.pk if isinstance(subject, Board) else getattr(subject, "board_id", None),
        act=act,
        subject=subject_of(subject) if is_record else str(subject)[:100],
        subject_label=str(subject)[:200],
        subject_person=subject if isinstance(subject, User) else None,
        note=note,
    )


def hold():
    """Lock the head of the trail until the transaction ends, and return it: no other act that is
    written down is committed meanwhile. Whoever holds it locks nothing after it."""
    return AuditHead.objects.select_for_update().get_or_create(pk=1, defaults={"hash": GENESIS})[0]


@transaction.atomic
def append(event):
    # Locked last and let go at commit: everything else the act needs is already held.
    head = hold()
    event.seq = head.seq + 1
    event.previous_hash = head.hash
    event.hash = chain_hash(event)
    event.save(force_insert=True)
    head.seq, head.hash = event.seq, event.hash
    head.save(update_fields=["seq", "hash"])
    return event


def first_fault():
    """Walk the chain; return (seq, sentence) of the first bad row, or None when all is well."""
    expected, previous = 1, GENESIS
    for event in AuditEvent.objects.order_by("seq").iterator():
        if event.seq != expected:
            return expected, f"Event {expected} is missing; the next one is {event.seq}."
        if event.previous_hash != previous:
            return event.seq, f"Event {event.seq} does not follow from the event before it."
        if event.hash != chain_hash(event):
            return event.seq, f"Event {event.seq} is not what was written."
        expected, previous = event.seq + 1, event.hash
    head = AuditHead.objects.filter(pk=1).first()
    if (head.seq, head.hash) != (expected - 1, previous) if head else expected > 1:
        return expected, f"The trail ends before event {expected}, but more were written."
    return None
