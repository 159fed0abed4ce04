"""The lives of a meeting, its minutes and actions, and what only a meeting can change below:
the outcome of a threat, the adoption or retirement of a priority."""

import hashlib

from django.core.exceptions import ValidationError

from board.pdf import RenderError
from board.transitions import clearance_rows
from board.workflow import Life, Transition
from priorities.models import EmergingThreat, Priority

from .contents import minutes_paragraphs, minutes_pdf, plain_minutes, without_ground
from .correcting import (
    CORRECTION,
    HELD,
    keep_version,
    later_meeting,
    settle_before_approval,
)
from .holding import (
    after_it_was_held,
    begin,
    cancel,
    draft_minutes,
    finish,
    keep_reason,
    postpone,
    require_agenda,
    require_draft_minutes,
    stop,
    tell_those_invited,
)
from .models import Action, AgendaItem, Correction, Decision, Meeting, Minutes, Note, Paper, Part
from .papers import PAPER
from .permissions import (
    can_change_priorities,
    can_check_minutes,
    can_clear_record,
    can_keep_action,
    can_keep_meeting,
    can_keep_minutes,
    can_propose_complete,
    can_record_outcome,
    can_sign_minutes,
)

# Meetings

PLANNED, PUBLISHED = Meeting.State.PLANNED, Meeting.State.PUBLISHED
IN_SESSION, ENDED = Meeting.State.IN_SESSION, Meeting.State.ENDED
ADJOURNED = Meeting.State.ADJOURNED


def called_off(verb, after, then, warns):
    return Transition(
        verb,
        (PLANNED, PUBLISHED),
        after,
        can_keep_meeting,
        note="required",
        prepare=keep_reason,
        then=then,
        warns="The reason goes by e-mail to everybody who was invited: nothing in it may be "
        f"sensitive. {warns}",
    )


MEETING = (
    Transition(
        "publish the agenda",
        (PLANNED,),
        PUBLISHED,
        can_keep_meeting,
        stamp="published",
        prepare=require_agenda,
        then=tell_those_invited,
    ),
    Transition(
        "start the meeting",
        (PUBLISHED,),
        IN_SESSION,
        can_keep_meeting,
        stamp="started",
        prepare=begin,
    ),
    Transition(
        "end the meeting",
        (PUBLISHED, IN_SESSION),
        ENDED,
        can_keep_meeting,
        stamp="ended",
        prepare=finish,
        then=after_it_was_held,
        warns="The draft minutes are made at once. Nothing is sent to anyone.",
    ),
    Transition(
        "reopen the meeting",
        (ENDED,),
        IN_SESSION,
        can_keep_meeting,
        clears=("ended",),
        note="required",
        prepare=require_draft_minutes,
    ),
    called_off(
        "cancel the meeting",
        Meeting.State.CANCELLED,
        cancel,
        "Its items go onto the next agenda.",
    ),
    called_off(
        "postpone the meeting",
        Meeting.State.POSTPONED,
        postpone,
        "Its items go to the new date.",
    ),
    Transition(
        "adjourn the meeting",
        (IN_SESSION,),
        ADJOURNED,
        can_keep_meeting,
        stamp="ended",
        note="required",
        prepare=stop,
        then=draft_minutes,
        warns="Draft minutes are made of what was done. What was not reached goes on when the "
        "meeting resumes.",
    ),
)
PUBLISH, START, END, REOPEN_MEETING, CANCEL_MEETING, POSTPONE, ADJOURN = MEETING


# Minutes


def keep_snapshot(minutes, *, by, note, at):
    if minutes.part == Part.BOARD and minutes.meeting.board.schedule_12a:
        silent = without_ground(minutes.meeting).first()
        if silent:
            raise ValidationError(
                f"Item {silent.number} has a restricted part: say first under which paragraph of "
                "Schedule 12A."
            )
    minutes.paragraphs = minutes_paragraphs(minutes.meeting, minutes.part)


def keep_circulated(minutes, *, by, note, at):
    keep_version(minutes, "Circulated", by=by, at=at)


def approve_at_later_meeting(minutes, *, by, note, at):
    """Approval freezes what was circulated and corrected: text, PDF and hash."""
    later = later_meeting(minutes)
    if later is None:
        raise ValidationError("Minutes are approved by a later meeting, and none was held yet.")
    settle_before_approval(minutes, later)
    minutes.approved_at_meeting = later
    minutes.state = Minutes.State.APPROVED
    minutes.text = plain_minutes(minutes)
    try:
        minutes.pdf = minutes_pdf(minutes)
    except RenderError as failure:
        raise ValidationError(str(failure)) from failure
    minutes.sha256 = hashlib.sha256(minutes.pdf).hexdigest()


def keep_signature(minutes, *, by, note, at):
    """Whoever presided signs here; the secretary says how they were signed on paper."""
    if by.roles.secretary(minutes.board_id) and not note.strip():
        raise ValidationError({"note": "Enter how they were signed: on paper, by whom, and when."})
    minutes.signed_note = note.strip()[:200]


def forget_snapshot(minutes, *, by, note, at):
    minutes.paragraphs = []


MINUTES = (
    Transition(
        "check the minutes",
        (Minutes.State.DRAFT,),
        Minutes.State.CHECKED,
        can_check_minutes,
        stamp="checked",
        label="Record the chair's check",
    ),
    Transition(
        "circulate the minutes",
        (Minutes.State.CHECKED,),
        Minutes.State.CIRCULATED,
        can_keep_minutes,
        stamp="circulated",
        prepare=keep_snapshot,
        then=keep_circulated,
        text=lambda minutes: str(minutes.paragraphs),
    ),
    Transition(
        "recall the minutes",
        (Minutes.State.CHECKED, Minutes.State.CIRCULATED),
        Minutes.State.DRAFT,
        can_keep_minutes,
        clears=("checked", "circulated"),
        note="required",
        prepare=forget_snapshot,
    ),
    Transition(
        "approve the minutes",
        (Minutes.State.CIRCULATED,),
        Minutes.State.APPROVED,
        can_keep_minutes,
        stamp="approved",
        prepare=approve_at_later_meeting,
        warns="The later meeting agreed them as a correct record; they cannot be changed again.",
        text=lambda minutes: minutes.text,
    ),
    Transition(
        "sign the minutes",
        (Minutes.State.APPROVED,),
        Minutes.State.SIGNED,
        can_sign_minutes,
        stamp="signed",
        note="optional",
        asks="How they were signed",
        prepare=keep_signature,
    ),
)
CHECK, CIRCULATE, RECALL, APPROVE, SIGN = MINUTES


# Actions

OPEN, PROPOSED = Action.State.OPEN, Action.State.PROPOSED
COMPLETE, CANCELLED = Action.State.COMPLETE, Action.State.CANCELLED


def keep_evidence(action, *, by, note, at):
    action.evidence = note or action.evidence


ACTION = (
    Transition(
        "propose complete",
        (OPEN,),
        PROPOSED,
        can_propose_complete,
        note="required",
        asks="What was done",
        prepare=keep_evidence,
    ),
    Transition(
        "confirm complete",
        (PROPOSED,),
        COMPLETE,
        can_keep_action,
        stamp="completed",
        note="optional",
        asks="Remark",
    ),
    Transition(
        "say it is not complete",
        (PROPOSED,),
        OPEN,
        can_keep_action,
        note="required",
        asks="What is missing",
    ),
    Transition(
        "complete",
        (OPEN,),
        COMPLETE,
        can_keep_action,
        stamp="completed",
        note="required",
        asks="What was done",
        prepare=keep_evidence,
    ),
    Transition(
        "cancel",
        (OPEN, PROPOSED),
        CANCELLED,
        can_keep_action,
        note="required",
        label="Cancel the action",
    ),
    Transition(
        "reopen",
        (COMPLETE, CANCELLED),
        OPEN,
        can_keep_action,
        clears=("completed",),
        note="required",
        label="Reopen the action",
    ),
)
PROPOSE, CONFIRM, NOT_COMPLETE, COMPLETE_ACTION, CANCEL_ACTION, REOPEN_ACTION = ACTION


# What a meeting changes below

Threat = EmergingThreat.State


def require_agenda_item(threat, *, by, note, at):
    if not AgendaItem.objects.filter(threat=threat, meeting__state__in=HELD).exists():
        raise ValidationError("It has not been before a meeting: put it on an agenda first.")


def keep_outcome(threat, *, by, note, at):
    threat.outcome = note


def outcome(verb, after):
    return Transition(
        verb,
        (Threat.DISCUSSED,),
        after,
        can_record_outcome,
        note="required",
        asks="What became of it",
        prepare=keep_outcome,
    )


THREAT = (
    Transition(
        "record the discussion",
        (Threat.RAISED,),
        Threat.DISCUSSED,
        can_record_outcome,
        prepare=require_agenda_item,
    ),
    outcome("adopt the threat", Threat.ADOPTED),
    outcome("monitor the threat", Threat.MONITORED),
    outcome("close the threat", Threat.CLOSED),
)
DISCUSS, ADOPT_THREAT, MONITOR, CLOSE_THREAT = THREAT


def decided(priority, after=None):
    """The day of the last meeting that agreed a decision on this priority, after a day."""
    decision = (
        Decision.objects.filter(
            priority=priority, outcome=Decision.Outcome.AGREED, item__meeting__state__in=HELD
        )
        .order_by("item__meeting__starts_at")
        .select_related("item__meeting")
        .last()
    )
    if decision is None or (after and decision.item.meeting.day <= after):
        raise ValidationError("A meeting decides this: record its decision on this priority first.")
    return decision.item.meeting.day


def adopt_on(priority, *, by, note, at):
    priority.adopted_on = decided(priority)


def retire_on(priority, *, by, note, at):
    priority.retired_on = decided(priority, after=priority.adopted_on)


PRIORITY = (
    Transition(
        "adopt the priority",
        (Priority.State.PROPOSED,),
        Priority.State.ADOPTED,
        can_change_priorities,
        prepare=adopt_on,
    ),
    Transition(
        "retire the priority",
        (Priority.State.ADOPTED,),
        Priority.State.RETIRED,
        can_change_priorities,
        prepare=retire_on,
        warns="Old quarters keep it; new rounds no longer ask for it.",
    ),
)
ADOPT, RETIRE = PRIORITY


NOTE_CLEARANCE = clearance_rows(can_clear_record)
DECISION_CLEARANCE = clearance_rows(can_clear_record)

LIVES = (
    Life("Meeting", Meeting, MEETING),
    Life("Minutes", Minutes, MINUTES),
    Life("Correction", Correction, CORRECTION),
    Life("Action", Action, ACTION),
    Life("Paper", Paper, PAPER),
    Life("Emerging threat", EmergingThreat, THREAT),
    Life("Priority", Priority, PRIORITY),
    Life("Clearance of a minute", Note, NOTE_CLEARANCE),
    Life("Clearance of a decision", Decision, DECISION_CLEARANCE),
)
