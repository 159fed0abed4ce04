"""The lives of a round, a return and its parts, and of the words in them that may travel.

A return and each of its parts (one a priority) have the same life. Submitting or receiving a
part does the same to the Board's two questions if they still wait.
"""

import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

from board.markings import Marking
from board.transitions import clearance_rows
from board.workflow import Life, Transition, perform

from .models import (
    AgencyReturn,
    EmergingThreat,
    Learning,
    PriorityReturn,
    Responsibility,
    ReturnQuery,
    ReturnState,
    Round,
)
from .permissions import (
    can_clear_learning,
    can_clear_part,
    can_clear_threat,
    can_judge_return,
    can_keep_round,
    can_submit_part,
    can_submit_return,
)
from .telling import tell_the_chair

DRAFT, SUBMITTED, RECEIVED = ReturnState.DRAFT, ReturnState.SUBMITTED, ReturnState.RECEIVED


# Rounds


def ask_agencies(round, *, by, note, at):
    """Create the drafts that are expected: lead and contributing agencies with a seat, for the
    priorities in force on the day the round opens."""
    asked = Responsibility.objects.asked(round.board, timezone.localdate(at))
    for responsibility in asked.select_related("agency", "priority"):
        ask_for(round, responsibility.agency, responsibility.priority)


def ask_for(round, agency, priority):
    """The draft of one expected return: (the part, whether it was made just now).

    It starts with the marking of last quarter's, as it opens with last quarter's words.
    """
    before = AgencyReturn.objects.of_the_quarter_before(round).filter(agency=agency).first()
    whole, made = AgencyReturn.objects.get_or_create(
        round=round,
        agency=agency,
        defaults={
            "period_from": round.quarter_start,
            "period_to": round.quarter_end,
            "marking": before.marking if before else Marking.OFFICIAL,
        },
    )
    if made and before:
        whole.shared_with.set(before.shared_with.all())
    last = before and before.priority_returns.filter(priority=priority).first()
    return PriorityReturn.objects.get_or_create(
        agency_return=whole,
        priority=priority,
        defaults={"marking": last.marking if last else Marking.OFFICIAL},
    )


OPEN_ROUND = Transition(
    "open the round",
    (Round.State.PLANNED,),
    Round.State.OPEN,
    can_keep_round,
    stamp="opened",
    then=ask_agencies,
    warns="Each agency is asked for its return, and what is expected is fixed on this day.",
    leads=True,
)
CLOSE_ROUND = Transition(
    "close the round",
    (Round.State.OPEN,),
    Round.State.CLOSED,
    can_keep_round,
    stamp="closed",
    warns="Nobody can submit a return after this; what is missing stays on record as No return.",
)
ROUND = (OPEN_ROUND, CLOSE_ROUND)


# Returns


def require_open_round(round):
    """Under the round's lock: closing it waits for a submission, or the other way round."""
    round = Round.objects.select_for_update().get(pk=round.pk)
    if round.state != Round.State.OPEN:
        raise ValidationError(
            f"The round for {round.title} is {round.get_state_display().lower()}. "
            "Your words are kept: send them to the secretary, who can enter them."
        )


def submit_in_time_or_say_why(record, agency_return, note, at):
    require_open_round(agency_return.round)
    if agency_return.days_late(at):
        if not note.strip():
            raise ValidationError(
                {"note": f"This was due on {agency_return.due:%-d %B}: say why it is late."}
            )
        record.late_reason = note.strip()[:300]


def require_answers(agency_return):
    missing = {}
    if not agency_return.emerging_priorities.strip():
        missing["emerging_priorities"] = "Say what your emerging priorities are."
    if not agency_return.new_information.strip():
        missing["new_information"] = "Say how you capture new information."
    if agency_return.queries.filter(priority_return=None, answered_at=None).exists():
        missing["query"] = "Answer the secretary's query."
    if missing:
        raise ValidationError(missing)


def require_part(part):
    missing = {}
    if not part.nothing_to_report:
        if not part.did.strip():
            missing["did"] = f"Say what you did about {part.priority.name.lower()}."
        if not part.emerging.strip():
            missing["emerging"] = f"Say what is emerging on {part.priority.name.lower()}."
    if part.queries.filter(answered_at=None).exists():
        missing["query"] = "Answer the secretary's query."
    if missing:
        raise ValidationError(missing)


def prepare_submission(agency_return, *, by, note, at):
    submit_in_time_or_say_why(agency_return, agency_return, note, at)
    require_answers(agency_return)


def prepare_part_submission(part, *, by, note, at):
    submit_in_time_or_say_why(part, part.agency_return, note, at)
    if part.lifted_on:
        raise ValidationError(f"A return on {part.priority} is no longer expected from you.")
    require_part(part)


def submit_questions_too(part, *, by, note, at):
    if part.agency_return.state == DRAFT:
        perform(SUBMIT, part.agency_return, by=by, note=note, at=at)


def receive_questions_too(part, *, by, note, at):
    if part.agency_return.state == SUBMITTED:
        perform(RECEIVE, part.agency_return, by=by, at=at)


def enter_questions_too(part, *, by, note, at):
    if part.agency_return.state == DRAFT:
        perform(ENTER, part.agency_return, by=by, note=note, at=at)


def prepare_entry(record, *, by, note, at):
    """A letter or e-mail counts from the day it was sent; the secretary types what it says."""
    agency_return = getattr(record, "agency_return", record)
    if not agency_return.sender or agency_return.sent_on is None:
        raise ValidationError("Say who sent this return, and when.")
    noon = datetime.datetime.combine(agency_return.sent_on, datetime.time(12))
    record.submitted_at = min(timezone.make_aware(noon), at)
    record.submitted_by = by
    if days := agency_return.days_late(record.submitted_at):
        record.late_reason = note.strip()[:300] or f"Sent {days} days after the due day."


def prepare_part_entry(part, *, by, note, at):
    prepare_entry(part, by=by, note=note, at=at)
    if not part.nothing_to_report and not (part.did.strip() or part.emerging.strip()):
        raise ValidationError(
            {"did": f"Type what the agency wrote on {part.priority.name.lower()}."}
        )


def keep_query(record, *, by, note, at):
    whole = isinstance(record, AgencyReturn)
    ReturnQuery.objects.create(
        agency_return=record if whole else record.agency_return,
        priority_return=None if whole else record,
        text=note,
        raised_at=at,
        raised_by=by,
    )


def return_rows(may_submit, prepare, entry, submitted=None, received=None, entered=None, text=None):
    """The life of a return or of a part: what differs is who submits and what must be there."""
    return (
        Transition(
            "submit",
            (DRAFT,),
            SUBMITTED,
            may_submit,
            stamp="submitted",
            note="optional",
            asks="Why it is late",
            prepare=prepare,
            then=submitted,
            text=text,
            leads=True,
        ),
        Transition(
            "take back",
            (SUBMITTED,),
            DRAFT,
            may_submit,
            clears=("submitted",),
            warns="The return is a draft again until you submit it.",
        ),
        Transition(
            "receive",
            (SUBMITTED,),
            RECEIVED,
            can_judge_return,
            stamp="received",
            then=received,
            text=text,
            leads=True,
        ),
        Transition(
            "raise a query",
            (SUBMITTED, RECEIVED),
            DRAFT,
            can_judge_return,
            clears=("submitted", "received"),
            note="required",
            asks="Query",
            then=keep_query,
        ),
        Transition(
            "enter",
            (DRAFT,),
            RECEIVED,
            can_judge_return,
            stamp="received",
            note="optional",
            prepare=entry,
            then=entered,
            text=text,
            label="Enter as received",
        ),
    )


AGENCY_RETURN = return_rows(
    can_submit_return,
    prepare_submission,
    prepare_entry,
    text=lambda record: f"{record.emerging_priorities}\n\n{record.new_information}",
)
SUBMIT, TAKE_BACK, RECEIVE, RAISE_QUERY, ENTER = AGENCY_RETURN
PRIORITY_RETURN = return_rows(
    can_submit_part,
    prepare_part_submission,
    prepare_part_entry,
    submitted=submit_questions_too,
    received=receive_questions_too,
    entered=enter_questions_too,
    text=lambda part: f"{part.did}\n\n{part.emerging}",
)
SUBMIT_PART, TAKE_PART_BACK, RECEIVE_PART, RAISE_QUERY_ON_PART, ENTER_PART = PRIORITY_RETURN


# Words for the report


def require_submitted(part):
    if part.state == DRAFT:
        raise ValidationError("Submit the return first; its text can be cleared after that.")


PART_CLEARANCE = clearance_rows(can_clear_part, ready=require_submitted, withdrawn=tell_the_chair)
THREAT_CLEARANCE = clearance_rows(can_clear_threat, withdrawn=tell_the_chair)
LEARNING_CLEARANCE = clearance_rows(can_clear_learning)

LIVES = (
    Life("Round", Round, ROUND),
    Life("Return", AgencyReturn, AGENCY_RETURN),
    Life("Part of a return", PriorityReturn, PRIORITY_RETURN),
    Life("Text for the report, of a return", PriorityReturn, PART_CLEARANCE),
    Life("Text for the report, of a threat", EmergingThreat, THREAT_CLEARANCE),
    Life("Text for the report, of learning", Learning, LEARNING_CLEARANCE),
)
