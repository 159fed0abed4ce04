"""The life of a correction, and what taking one does to the minutes.

Until minutes are approved a correction that is taken gives them a new version, and goes into the
record (the note, the decision) from which they were written. Approved minutes keep their bytes:
a meeting that corrects them later makes a decision of its own.
"""

import copy

from django.core.exceptions import ValidationError
from django.db.models import Max

from board import audit
from board.workflow import Transition

from .models import (
    AgendaItem,
    Circulation,
    Correction,
    Decision,
    Declaration,
    Meeting,
    Minutes,
    Note,
)
from .permissions import (
    can_decide_correction,
    can_incorporate,
    can_put_correction,
    can_withdraw_correction,
)
from .quorum import require_quorum
from .saving import NotWritable, lock_minutes
from .wording import split_paragraphs

# What an attendee may correct. That a part is restricted is said by the secretary alone.
CORRECTABLE = ("paragraph", "declaration", "decision")
HELD = (Meeting.State.IN_SESSION, *Meeting.HELD)
ELSEWHERE = (
    "This paragraph reads otherwise by now. Look at the minutes as they stand: withdraw the "
    "correction, or propose it anew."
)


def correctable(paragraphs, items=None):
    """{number: entry} of the paragraphs that may be corrected.

    items  keys of the agenda items that may be shown; None for all
    """
    return {
        entry["number"]: entry
        for entry in paragraphs
        if entry["kind"] in CORRECTABLE and (items is None or entry["item"] in items)
    }


def keep_version(minutes, what, *, by, at):
    """Keep the paragraphs as they are now; inside the transaction that changed them."""
    last = minutes.circulations.aggregate(last=Max("number"))["last"] or 0
    return Circulation.objects.create(
        minutes=minutes,
        number=last + 1,
        paragraphs=minutes.paragraphs,
        what=what,
        kept_at=at,
        kept_by=by,
    )


def later_meeting(minutes):
    """The last meeting held that can decide on these minutes, or None."""
    after = minutes.approved_at_meeting or minutes.meeting
    return (
        Meeting.objects.filter(
            board=minutes.board_id, state__in=HELD, starts_at__gt=after.starts_at
        )
        .order_by("starts_at")
        .last()
    )


def take(correction, what, *, by, at):
    """Put the wording of a correction into circulated minutes and into their record."""
    minutes = Minutes.objects.select_for_update().defer("pdf").get(pk=correction.minutes_id)
    if minutes.state != Minutes.State.CIRCULATED:
        raise ValidationError(
            f"These minutes are {minutes.get_state_display().lower()}: circulate them first."
        )
    paragraphs = copy.deepcopy(minutes.paragraphs)
    entry = find(paragraphs, correction.item_id, correction.was)
    if entry is None:
        raise ValidationError(ELSEWHERE)
    entry["text"] = correction.wording
    correction.paragraph = entry["number"]
    minutes.paragraphs = paragraphs
    minutes.save(update_fields=["paragraphs"])
    write_back(correction, minutes, by=by, at=at)
    keep_version(minutes, f"Paragraph {entry['number']} corrected{what}", by=by, at=at)


def find(paragraphs, item, text):
    """The entry of an agenda item that has these words, or None."""
    rows = (row for row in correctable(paragraphs).values() if row["item"] == item)
    return next((row for row in rows if row["text"] == text), None)


def write_back(correction, minutes, *, by, at):
    """The record says what its minutes say, so that a report drawn from it does too."""
    if correction.corrects_id:
        decision = Decision.objects.select_for_update().get(pk=correction.corrects_id)
        decision.text, decision.version = correction.wording, decision.version + 1
        decision._history_user = by
        decision.save()
        return
    for declared in Declaration.objects.filter(item=correction.item_id).select_related(
        "attendance__person"
    ):
        said = f"{declared.attendance.who} declared: "
        if f"{said}{declared.interest}" == correction.was:
            declared.interest = correction.wording.removeprefix(said)[:300]
            declared.save(update_fields=["interest"])
            return
    Note.objects.bulk_create(
        [Note(item_id=correction.item_id, part=minutes.part)], ignore_conflicts=True
    )
    note = Note.objects.select_for_update().get(item=correction.item_id, part=minutes.part)
    paragraphs = split_paragraphs(note.text)
    if correction.was in paragraphs:
        paragraphs[paragraphs.index(correction.was)] = correction.wording
    elif not paragraphs:  # a sentence that wrote itself, such as who sent apologies
        paragraphs = [correction.wording]
    note.text, note.version, note.saved_at = "\n\n".join(paragraphs), note.version + 1, at
    note._history_user = by
    note.save()


def record_decision(correction, *, by, at):
    """The decision by which a later meeting corrects minutes that were approved before."""
    meeting, minutes = correction.meeting, correction.minutes
    items = AgendaItem.objects.filter(meeting=meeting).order_by("number")
    item = items.filter(kind=AgendaItem.Kind.MINUTES).first() or items.first()
    if item is None:
        raise ValidationError("That meeting has no agenda: put an item for its minutes on it.")
    try:
        lock_minutes(meeting, minutes.part)
    except NotWritable as closed:
        raise ValidationError(f"It would be a decision of {meeting}. {closed}") from closed
    day = f"{minutes.meeting.day:%-d %B %Y}"
    correction.decision = Decision(
        item=item,
        part=minutes.part,
        text=f"that paragraph {correction.paragraph} of the minutes of {day} is corrected to "
        f"read: “{correction.wording.strip()}”",
    )
    correction.decision._history_user = by
    correction.decision.save()
    audit.record("record a decision", correction.decision, by=by, at=at)


# What the table calls


def incorporate(correction, *, by, note, at):
    take(correction, "", by=by, at=at)


def decided_by_meeting(correction):
    correction.meeting = later_meeting(correction.minutes)
    if correction.meeting is None:
        raise ValidationError(
            "Only a later meeting decides this, and none was held yet. It waits for the next one."
        )
    require_quorum(correction.meeting)


def agree(correction, *, by, note, at):
    decided_by_meeting(correction)
    if correction.minutes.approved_at_meeting_id:
        record_decision(correction, by=by, at=at)
    else:
        take(correction, f", as agreed on {correction.meeting.day:%-d %B %Y}", by=by, at=at)


def refuse(correction, *, by, note, at):
    decided_by_meeting(correction)


PROPOSED, PUT = Correction.State.PROPOSED, Correction.State.PUT
CORRECTION = (
    Transition(
        "incorporate the correction",
        (PROPOSED,),
        Correction.State.INCORPORATED,
        can_incorporate,
        stamp="settled",
        prepare=incorporate,
        text=lambda correction: correction.wording,
        warns="The wording goes into the minutes. Every member sees the new version, and the old.",
        label="Incorporate it",
    ),
    Transition(
        "put the correction to the meeting",
        (PROPOSED,),
        PUT,
        can_put_correction,
        label="Put it to the meeting",
    ),
    Transition(
        "record that the correction was agreed",
        (PUT,),
        Correction.State.AGREED,
        can_decide_correction,
        stamp="settled",
        prepare=agree,
        text=lambda correction: correction.wording,
        warns="The wording goes into the minutes; if they are approved already, it becomes a "
        "decision of the later meeting, and they stay as they are.",
        label="The meeting agreed it",
    ),
    Transition(
        "record that the correction was not agreed",
        (PUT,),
        Correction.State.NOT_AGREED,
        can_decide_correction,
        stamp="settled",
        prepare=refuse,
        warns="The paragraph stays as it is.",
        label="The meeting did not agree it",
    ),
    Transition(
        "withdraw the correction",
        (PROPOSED, PUT),
        Correction.State.WITHDRAWN,
        can_withdraw_correction,
        stamp="settled",
        label="Withdraw it",
    ),
)
INCORPORATE, PUT_TO_MEETING, AGREE, DO_NOT_AGREE, WITHDRAW = CORRECTION


def settle_before_approval(minutes, later):
    """What approving minutes asks of their corrections: none is open. The frame of the
    paragraphs names those which the approving meeting agreed."""
    waiting = minutes.corrections.open().order_by("paragraph").first()
    if waiting:
        raise ValidationError(
            f"A correction of paragraph {waiting.paragraph} is still open: settle it first."
        )
    agreed = minutes.corrections.filter(state=Correction.State.AGREED, meeting=later)
    made = []
    for correction in agreed.order_by("paragraph", "pk"):
        entry = find(minutes.paragraphs, correction.item_id, correction.wording)
        if entry:
            made.append({"number": entry["number"], "text": entry["text"]})
    frame, *rest = minutes.paragraphs
    minutes.paragraphs = [{**frame, "corrections": made} if made else frame, *rest]
