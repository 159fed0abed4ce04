"""Decisions between meetings: who replies for which seat, and how one ends."""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from board.models import Appointment, Seat
from board.workflow import Transition

from .agenda import next_agenda, report_decisions
from .models import BetweenMeetings, Reply
from .permissions import can_close_between, can_keep_between
from .question_letters import asked_seats, tell_result

OPEN = BetweenMeetings.State.OPEN


def seats_for(user):
    """The seats, of any board, for which this person replies: appointed to one, or the lead of
    its agency."""
    leads = [agency for agency, role in user.roles.agencies.items() if role == "lead"]
    appointed = Appointment.objects.current().filter(person=user).exclude(seat=None)
    return Seat.objects.current().filter(
        Q(pk__in=appointed.exclude(role=Appointment.Role.OBSERVER).values("seat"))
        | Q(agency__in=leads)
    )


def unanswered(user):
    """[(question, seat)] that wait for this person's reply; one query when nothing is asked, else
    three."""
    questions = list(
        BetweenMeetings.objects.visible_to(user)
        .filter(state=OPEN, route=BetweenMeetings.Route.WRITTEN)
        .select_related("board")
        .prefetch_related("replies")
    )
    if not questions:
        return []
    seats = list(seats_for(user).filter(board__in=user.roles.boards).select_related("agency"))
    return [
        (question, seat)
        for question in questions
        for seat in seats
        if seat.board_id == question.board_id
        and seat.pk not in {reply.seat_id for reply in question.replies.all()}
    ]


def tally_of(question):
    """ "5 agree, 1 does not agree, 1 has not replied"; the board's quorum may be too few."""
    replies = list(question.replies.all())
    words = {
        Reply.Answer.AGREE: ("agrees", "agree"),
        Reply.Answer.OBJECT: ("does not agree", "do not agree"),
        Reply.Answer.ABSTAIN: ("abstains", "abstain"),
        Reply.Answer.MEETING: ("asks for a meeting", "ask for a meeting"),
    }
    said = [
        counted(sum(reply.answer == answer for reply in replies), *forms)
        for answer, forms in words.items()
    ]
    silent = asked_seats(question).exclude(pk__in=[reply.seat_id for reply in replies]).count()
    return ", ".join(filter(None, [*said, counted(silent, "has not replied", "have not replied")]))


def counted(number, one, many):
    return f"{number} {one if number == 1 else many}" if number else ""


# What the table calls


def close_replies(question, *, by, note, at):
    """A written procedure is not closed before its last day unless every seat has replied."""
    if not question.written:
        return
    replied = question.replies.values("seat")
    waiting = asked_seats(question).exclude(pk__in=replied).first()
    if waiting and timezone.localdate(at) <= question.deadline:
        raise ValidationError(
            f"Replies are open until the end of {question.deadline:%-d %B %Y}, and "
            f"{waiting.agency} has not replied yet."
        )
    question.tally = tally_of(question)


def agree(question, *, by, note, at):
    close_replies(question, by=by, note=note, at=at)
    replies = question.replies.count()
    if question.written and question.board.quorum and replies < question.board.quorum:
        raise ValidationError(
            f"{replies} of the {question.board.quorum} agencies that make a quorum have replied: "
            "it cannot be agreed. Put it to a meeting."
        )


def report_to_next(question, *, by, note, at):
    tell_result(question, by=by, note=note, at=at)
    meeting = next_agenda(question.board_id, at)
    if meeting:
        report_decisions(meeting)


BETWEEN = (
    Transition(
        "record that it was agreed",
        (OPEN,),
        BetweenMeetings.State.AGREED,
        can_close_between,
        stamp="closed",
        prepare=agree,
        then=report_to_next,
        text=lambda question: question.text,
        warns="It goes before the next meeting by itself, and is a decision from now on. Those who "
        "were asked in writing are told by e-mail.",
    ),
    Transition(
        "record that it was not agreed",
        (OPEN,),
        BetweenMeetings.State.NOT_AGREED,
        can_close_between,
        stamp="closed",
        prepare=close_replies,
        then=tell_result,
        warns="It is closed, no more replies are taken, and those who were asked are told by "
        "e-mail.",
    ),
    Transition(
        "withdraw the question",
        (OPEN,),
        BetweenMeetings.State.WITHDRAWN,
        can_keep_between,
        stamp="closed",
        note="required",
        then=tell_result,
    ),
)
AGREE_BETWEEN, REFUSE_BETWEEN, WITHDRAW_BETWEEN = BETWEEN
