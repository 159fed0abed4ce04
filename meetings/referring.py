"""The life of what the parent committee refers to the Board: received, answered, reported."""

from django.core.exceptions import ValidationError

from board.markings import Clearance
from board.transitions import clearance_rows
from board.workflow import Transition

from .models import Referral
from .permissions import can_answer_referral, can_keep_referral

RECEIVED, ANSWERED = Referral.State.RECEIVED, Referral.State.ANSWERED


def keep_answer(referral, *, by, note, at):
    referral.answer = note.strip()


def take_back(referral, *, by, note, at):
    if referral.clearance == Clearance.CLEARED:
        raise ValidationError("The answer is cleared for a report: withdraw its text first.")


def require_answer(referral):
    if referral.state not in Referral.ANSWERS:
        raise ValidationError("There is no answer yet that could be cleared.")


def keep_place(referral, *, by, note, at):
    referral.reported_in = note.strip()[:200]


REFERRAL = (
    Transition(
        "answer the referral",
        (RECEIVED,),
        ANSWERED,
        can_answer_referral,
        stamp="answered",
        note="required",
        asks="Answer",
        prepare=keep_answer,
        text=lambda referral: referral.answer,
        label="Answer it",
    ),
    Transition(
        "ask for another answer",
        (ANSWERED,),
        RECEIVED,
        can_keep_referral,
        clears=("answered",),
        note="required",
        asks="What is missing",
        prepare=take_back,
    ),
    Transition(
        "record that the answer was reported",
        (ANSWERED,),
        Referral.State.REPORTED,
        can_keep_referral,
        stamp="reported",
        note="required",
        asks="Where it was reported",
        prepare=keep_place,
        label="Record that it was reported",
    ),
    Transition(
        "withdraw the referral",
        (RECEIVED,),
        Referral.State.WITHDRAWN,
        can_keep_referral,
        note="required",
        label="Record that it was withdrawn",
    ),
)
ANSWER, ASK_AGAIN, REPORT_ANSWER, WITHDRAW_REFERRAL = REFERRAL
REFERRAL_CLEARANCE = clearance_rows(can_keep_referral, require_answer)
