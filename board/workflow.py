"""A record's life as a table of transitions, and the one function that moves a record.

Buttons, the guard, the tests and docs/workflows.md all read the same rows.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from board import audit
from board.asking import please
from board.text import digest


class WrongState(Exception):
    """The record has moved on since the page was opened."""


@dataclass(frozen=True)
class Transition:
    """One row of a table.

    verb      what the button and the audit trail say, in the imperative
    before    the states it starts from
    after     the state it leads to
    allowed   (user, record) -> bool, a pure function of the app's permissions.py
    stamp     "submitted" fills submitted_at and submitted_by
    clears    stamps that it takes away
    field     the field that holds the state ("clearance" is a second life of the same record)
    note      "required", "optional" or "" for none; what the note is, in `asks`
    prepare   (record, by=, note=, at=): raises ValidationError with what to do, or fills fields
    then      (record, by=, note=, at=): what else happens, in the same transaction
    text      (record) -> str, whose digest the audit event keeps
    warns     a sentence shown before an act that cannot be undone
    warns_of  (record) -> such a sentence, or "", where it depends on the record
    idle      (record) -> whether it would change nothing now: its button is not shown
    leads     whether it is the next thing on the record's way: its button then stands out
    """

    verb: str
    before: tuple[str, ...]
    after: str
    allowed: Callable
    stamp: str = ""
    clears: tuple[str, ...] = ()
    field: str = "state"
    note: str = ""
    asks: str = "Reason"
    prepare: Callable | None = None
    then: Callable | None = None
    text: Callable | None = None
    warns: str = ""
    warns_of: Callable | None = None
    label: str = ""
    idle: Callable | None = None
    leads: bool = False

    @property
    def slug(self):
        return self.verb.lower().replace(" ", "-")

    @property
    def button(self):
        return self.label or self.verb[0].upper() + self.verb[1:]

    def shown_for(self, record):
        """This row as the pages of `record` show it: with the warning that is due there."""
        return replace(self, warns=self.warns_of(record)) if self.warns_of else self

    def open_to(self, user, record):
        """Whether this person may do this to this record now."""
        return getattr(record, self.field) in self.before and self.allowed(user, record)


@dataclass(frozen=True)
class Life:
    """The transitions of one field of one model, in the order of its buttons."""

    name: str
    model: type
    transitions: tuple[Transition, ...]

    @property
    def field(self):
        return self.transitions[0].field

    @property
    def states(self):
        """(value, label) in the order of the model's choices."""
        return self.model._meta.get_field(self.field).choices


def open_transitions(transitions, user, record):
    """The rows of a table that are open to this person for this record, in its order."""
    return [row for row in transitions if row.open_to(user, record)]


def perform(transition, record, *, by, note="", at=None):
    """Move `record` along `transition`, and write it down; return the record as saved.

    by    the User who does it
    at    an aware datetime in the past, for demo and test builders only; now otherwise

    Raises PermissionDenied, WrongState (the row was re-read under its lock and is elsewhere by
    now) or ValidationError (what is missing, in a sentence). A refusal changes nothing, and is
    recorded after the rollback, the caller's too.
    """
    try:
        with transaction.atomic():
            return _perform(transition, record, by, note, at or timezone.now())
    except (PermissionDenied, WrongState) as refusal:
        audit.refuse(transition.verb, record, by=by, note=str(refusal), at=at)
        refusal.recorded = True
        raise


def _perform(transition, record, by, note, at):
    locked = type(record)._default_manager.select_for_update().get(pk=record.pk)
    if not transition.allowed(by, locked):
        raise PermissionDenied(f"You may not {transition.verb} this.")
    before = getattr(locked, transition.field)
    if before not in transition.before:
        raise WrongState(
            f"Nothing was changed: this is already {state_label(locked, transition.field)}."
        )
    if transition.note == "required" and not note.strip():
        raise ValidationError({"note": please("Enter", transition.asks) + "."})
    if transition.prepare:
        transition.prepare(locked, by=by, note=note, at=at)
    setattr(locked, transition.field, transition.after)
    for stamp in transition.clears:
        setattr(locked, f"{stamp}_at", None)
        setattr(locked, f"{stamp}_by", None)
    if transition.stamp:
        setattr(locked, f"{transition.stamp}_at", at)
        setattr(locked, f"{transition.stamp}_by", by)
    locked.save()
    if transition.then:
        transition.then(locked, by=by, note=note, at=at)
    # Last, because it takes the lock that every writer of the trail waits for.
    audit.record(
        transition.verb,
        locked,
        by=by,
        before=before,
        after=transition.after,
        note=note,
        digest=digest(transition.text(locked)) if transition.text else "",
        at=at,
    )
    return locked


def state_label(record, field="state"):
    """The state in the words of the screen, in lower case."""
    return getattr(record, f"get_{field}_display")().lower()
