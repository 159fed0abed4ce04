"""The lives of a meeting, its minutes and actions, and the list of every life in this app."""

import hashlib

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from board.models import AgencyMember
from board.pdf import RenderError
from board.transitions import clearance_rows
from board.workflow import Life, Transition
from priorities.models import EmergingThreat, Priority

from .between import BETWEEN
from .carry_over import choices_due
from .contents import minutes_paragraphs, without_ground
from .correcting import (
    CORRECTION,
    keep_version,
    later_meeting,
    settle_before_approval,
)
from .documents import minutes_pdf, plain_minutes
from .holding import (
    after_it_broke_off,
    after_it_was_held,
    another_day,
    begin,
    cancel,
    finish,
    keep_reason,
    postpone,
    require_agenda,
    require_draft_minutes,
    stop,
    tell_those_invited,
)
from .models import (
    Action,
    BetweenMeetings,
    Correction,
    Decision,
    Meeting,
    Minutes,
    Note,
    Paper,
    Part,
    Referral,
)
from .outcomes import PRIORITY, THREAT
from .papers import PAPER
from .permissions import (
    can_check_minutes,
    can_clear_record,
    can_keep_action,
    can_keep_meeting,
    can_keep_minutes,
    can_propose_complete,
    can_sign_minutes,
)
from .quorum import require_quorum
from .referring import REFERRAL, REFERRAL_CLEARANCE

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
        warns="Everybody expected is sent the order of business, and a file for the calendar.",
        leads=True,
    ),
    Transition(
        "start the meeting",
        (PUBLISHED,),
        IN_SESSION,
        can_keep_meeting,
        stamp="started",
        prepare=begin,
        warns_of=another_day,
        leads=True,
    ),
    Transition(
        "end the meeting",
        (PUBLISHED, IN_SESSION),
        ENDED,
        can_keep_meeting,
        stamp="ended",
        prepare=finish,
        then=after_it_was_held,
        warns="The draft minutes and the action sheet are made at once, and each agency is sent "
        "its own actions by e-mail.",
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
        then=after_it_broke_off,
        warns="Draft minutes are made of what was done, and each agency is sent its actions so "
        "far by e-mail. What was not reached goes on when the meeting resumes.",
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
    if due := choices_due(minutes.meeting, part=minutes.part):
        names = ", ".join(action.reference for action in due)
        raise ValidationError(
            f"Carried over three times and still without a choice: {names}. Give a new date, "
            "escalate to the chair or close as not done first, under “Actions carried over”."
        )
    if minutes.part == Part.BOARD:
        name_officers(minutes, timezone.localdate(at))
    minutes.paragraphs = minutes_paragraphs(minutes.meeting, minutes.part)


def name_officers(minutes, day):
    """An officer still to be confirmed is, from circulation on, the lead of the agency; of a
    restricted action it stays open, since the lead may not know of it."""
    unnamed = Action.objects.filter(
        item__meeting=minutes.meeting, part=minutes.part, person=None, officer=""
    ).exclude(Q(agency=None) | Q(state=Action.State.CANCELLED))
    leads = AgencyMember.objects.current(day).filter(role=AgencyMember.Role.LEAD)
    for action in unnamed:
        lead = leads.filter(agency=action.agency_id).order_by("start", "pk").first()
        if lead:
            action.person, action.version = lead.person, action.version + 1
            action.save()


def keep_circulated(minutes, *, by, note, at):
    keep_version(minutes, "Circulated", by=by, at=at)


def approve_at_later_meeting(minutes, *, by, note, at):
    """Approval freezes what was circulated and corrected: text, PDF and hash."""
    later = later_meeting(minutes)
    if later is None:
        raise ValidationError("Minutes are approved by a later meeting, and none was held yet.")
    require_quorum(later)
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
        leads=True,
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
        leads=True,
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
        leads=True,
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
        leads=True,
    ),
    Transition(
        "confirm complete",
        (PROPOSED,),
        COMPLETE,
        can_keep_action,
        stamp="completed",
        note="optional",
        asks="Remark",
        leads=True,
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


NOTE_CLEARANCE = clearance_rows(can_clear_record)
DECISION_CLEARANCE = clearance_rows(can_clear_record)

LIVES = (
    Life("Meeting", Meeting, MEETING),
    Life("Minutes", Minutes, MINUTES),
    Life("Correction", Correction, CORRECTION),
    Life("Decision between meetings", BetweenMeetings, BETWEEN),
    Life("Referral", Referral, REFERRAL),
    Life("Action", Action, ACTION),
    Life("Paper", Paper, PAPER),
    Life("Emerging threat", EmergingThreat, THREAT),
    Life("Priority", Priority, PRIORITY),
    Life("Clearance of a minute", Note, NOTE_CLEARANCE),
    Life("Clearance of a decision", Decision, DECISION_CLEARANCE),
    Life("Clearance of an answer", Referral, REFERRAL_CLEARANCE),
)
