"""Questions that several pages ask of the record of meetings."""

import datetime

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from board.waiting import Waiting, days_late
from priorities.models import EmergingThreat, Priority, PriorityReturn

from .between import unanswered
from .models import (
    Action,
    AgendaItem,
    BetweenMeetings,
    Correction,
    Meeting,
    Minutes,
    Part,
    Referral,
    Review,
)

# How many days the secretary has for each step, for the day shown on home.
DAYS_TO_CIRCULATE = 10
# How long before an agenda is due it waits for its secretary.
SOON = datetime.timedelta(weeks=4)


def with_last_considered(priorities, user):
    """Annotate `last_day` (aware start) and `last_ref` of the last meeting held, and `next_day`
    and `next_ref` of the next one planned, that this person may see."""
    meetings = Meeting.objects.visible_to(user).filter(
        Q(focus_priority=OuterRef("pk"))
        | Exists(
            AgendaItem.objects.filter(priority=OuterRef(OuterRef("pk")), meeting=OuterRef("pk"))
        )
    )
    last = meetings.held().order_by("-starts_at")
    coming = meetings.ahead().order_by("starts_at")
    return priorities.annotate(
        last_day=Subquery(last.values("starts_at")[:1]),
        last_ref=Subquery(last.values("ref")[:1]),
        next_day=Subquery(coming.values("starts_at")[:1]),
        next_ref=Subquery(coming.values("ref")[:1]),
    )


def forward_plan(user):
    """The priorities in force on the boards of this person, longest not considered first."""
    priorities = Priority.objects.visible_to(user).filter(board__in=user.roles.boards)
    return (
        with_last_considered(priorities.in_force(), user)
        .select_related("board")
        .order_by("board__name", F("last_day").asc(nulls_first=True), "order", "name")
    )


def no_returns(meeting, at):
    """{priority's key: [agency]} of the meeting's round, from whom nothing was heard by the due
    day; empty until then. One query."""
    round = meeting.round
    if round is None or round.due >= timezone.localdate(at):
        return {}
    missing = {}
    unheard = (
        PriorityReturn.objects.unheard()
        .filter(agency_return__round=round)
        .order_by("agency_return__agency__name")
    )
    for priority, agency in unheard.values_list("priority", "agency_return__agency__name"):
        missing.setdefault(priority, []).append(agency)
    return missing


def waiting(user, at=None):
    """What waits for this person in meetings, unordered: a list of board.waiting.Waiting.

    at  aware; now when none is given
    """
    at = at or timezone.now()
    today = timezone.localdate(at)
    found = []
    if user.roles.agencies:
        found += agency_actions(user, today)
    if user.roles.boards:
        found += replies_to_give(user, today)
    if user.roles.agencies or user.roles.kept:
        found += referrals_to_answer(user, today)
    if user.roles.kept:
        found += secretary_meetings(user, at, today)
        found += secretary_minutes(user, at, today)
        found += secretary_corrections(user)
        found += secretary_questions(user, today)
        found += secretary_actions(user)
        found += secretary_threats(user)
    found += chair_minutes(user)
    if user.roles.chaired:
        found += chair_escalations(user)
    return found


def agency_actions(user, today):
    actions = Action.objects.visible_to(user).filter(
        agency__in=user.roles.agencies, state=Action.State.OPEN
    )
    return [
        Waiting(
            due=action.due,
            since=action.agreed_on,
            act=f"Do action {action.reference}, then propose it as complete",
            url=action.get_absolute_url(),
            why=short(action.wording),
            late=days_late(action.due, today),
        )
        for action in actions
    ]


def secretary_meetings(user, at, today):
    meetings = Meeting.objects.filter(board__in=user.roles.kept).select_related("board")
    found = []
    for meeting in meetings.filter(state=Meeting.State.PLANNED):
        if meeting.notice_day > today + SOON:
            continue  # a year may be planned ahead
        found.append(
            Waiting(
                due=meeting.notice_day,
                since=None,
                act=f"Publish the agenda of {meeting}",
                url=reverse("meetings:agenda", args=[meeting.ref]),
                why=f"{meeting.board.notice_days} clear working days before the meeting.",
                late=days_late(meeting.notice_day, today),
            )
        )
    for meeting in meetings.filter(
        Q(state=Meeting.State.IN_SESSION) | Q(state=Meeting.State.PUBLISHED, ends_at__lt=at)
    ):
        found.append(
            Waiting(
                due=meeting.day,
                since=None,
                act=f"Minute and end {meeting}",
                url=reverse("meetings:minute", args=[meeting.ref]),
                why=(
                    "It is in session."
                    if meeting.state == Meeting.State.IN_SESSION
                    else "Its time is over; its minutes can be typed up."
                ),
                late=days_late(meeting.day, today),
            )
        )
    for meeting in meetings.filter(state=Meeting.State.PUBLISHED, ends_at__gte=at):
        found.append(
            Waiting(
                due=meeting.day,
                since=None,
                act=f"Minute {meeting}",
                url=reverse("meetings:minute", args=[meeting.ref]),
                why="The agenda is published.",
                hour=f"{timezone.localtime(meeting.starts_at):%H:%M}",
            )
        )
    return found


def secretary_minutes(user, at, today):
    """Minutes that the secretary can move: circulate what is checked, and put to approval what a
    later meeting has agreed. Drafts are due some days after the meeting."""
    State = Minutes.State
    later = Meeting.objects.filter(
        board=OuterRef("meeting__board"),
        starts_at__gt=OuterRef("meeting__starts_at"),
        state__in=[Meeting.State.IN_SESSION, *Meeting.HELD],
    )
    rows = (
        Minutes.objects.filter(meeting__board__in=user.roles.kept, part=Part.BOARD)
        .filter(
            Q(state__in=[State.DRAFT, State.CHECKED], meeting__state__in=Meeting.HELD)
            | Q(Exists(later), state=State.CIRCULATED)
        )
        .select_related("meeting__board")
    )
    words = {
        State.DRAFT: ("Finish the minutes of", "They are a draft; the chair checks them next."),
        State.CHECKED: ("Circulate the minutes of", "The chair has checked them."),
        State.CIRCULATED: ("Approve the minutes of", "A later meeting has been held."),
    }
    found = []
    for minutes in rows:
        act, why = words[minutes.state]
        due = None
        if minutes.state != State.CIRCULATED:
            due = minutes.meeting.day + datetime.timedelta(days=DAYS_TO_CIRCULATE)
        found.append(
            Waiting(
                due=due,
                since=minutes.meeting.day,
                act=f"{act} {minutes.meeting}",
                url=minutes.get_absolute_url(),
                why=why,
                late=days_late(due, today),
            )
        )
    return found


def secretary_actions(user):
    actions = Action.objects.filter(
        board__in=user.roles.kept, state=Action.State.PROPOSED
    ).select_related("agency", "board")
    return [
        Waiting(
            due=None,
            since=action.due,
            act=f"Confirm that action {action.reference} is complete",
            url=action.get_absolute_url(),
            why=f"{action.owner} says: {short(action.evidence)}",
        )
        for action in actions
    ]


def secretary_threats(user):
    threats = EmergingThreat.objects.filter(
        board__in=user.roles.kept,
        state__in=[EmergingThreat.State.RAISED, EmergingThreat.State.DISCUSSED],
    ).select_related("agency")
    listed = set(AgendaItem.objects.filter(threat__in=threats).values_list("threat", flat=True))
    return [
        Waiting(
            due=None,
            since=timezone.localdate(threat.raised_at),
            act=(
                f"Record what became of the threat: {threat}"
                if threat.pk in listed
                else f"Put a threat on an agenda: {threat}"
            ),
            url=threat.get_absolute_url(),
            why=f"Raised by {threat.agency}.",
            sensitive=threat.sensitive,
        )
        for threat in threats
    ]


def referrals_to_answer(user, today):
    """For the lead of the agency that is asked; for the secretary those of the Board itself."""
    leads = [agency for agency, role in user.roles.agencies.items() if role == "lead"]
    rows = (
        Referral.objects.visible_to(user)
        .open()
        .filter(Q(agency__in=leads) | Q(agency=None, board__in=user.roles.kept))
        .select_related("from_board")
    )
    return [
        Waiting(
            due=referral.due,
            since=referral.asked_on,
            act=f"Answer: {referral}",
            url=referral.get_absolute_url(),
            why=short(referral.text),
            late=days_late(referral.due, today),
        )
        for referral in rows
    ]


def replies_to_give(user, today):
    return [
        Waiting(
            due=question.deadline,
            since=None,
            act=f"Reply for {seat.agency}: {short(question.text, 80)}",
            url=question.get_absolute_url(),
            why="A decision is sought by written procedure.",
            late=days_late(question.deadline, today),
        )
        for question, seat in unanswered(user)
    ]


def secretary_questions(user, today):
    """Written procedures whose last day has passed."""
    rows = BetweenMeetings.objects.filter(
        board__in=user.roles.kept, state=BetweenMeetings.State.OPEN, deadline__lt=today
    )
    return [
        Waiting(
            due=None,
            since=question.deadline,
            act=f"Record the outcome: {short(question.text, 80)}",
            url=question.get_absolute_url(),
            why="The last day for replies has passed.",
        )
        for question in rows
    ]


def secretary_corrections(user):
    """Corrections to settle: proposed ones, and those put to a meeting that has been held."""
    State = Correction.State
    decides = Meeting.objects.filter(
        board=OuterRef("minutes__meeting__board"),
        starts_at__gt=Coalesce(
            OuterRef("minutes__approved_at_meeting__starts_at"),
            OuterRef("minutes__meeting__starts_at"),
        ),
        state__in=[Meeting.State.IN_SESSION, Meeting.State.ENDED],
    )
    rows = (
        Correction.objects.filter(minutes__meeting__board__in=user.roles.kept)
        .filter(Q(state=State.PROPOSED) | Q(Exists(decides), state=State.PUT))
        .select_related("minutes__meeting__board", "proposed_by")
    )
    return [
        Waiting(
            due=None,
            since=timezone.localdate(correction.proposed_at),
            act=(
                f"Settle a correction of the minutes of {correction.minutes.meeting}"
                if correction.state == State.PROPOSED
                else "Record what the meeting decided on a correction of the minutes of "
                f"{correction.minutes.meeting}"
            ),
            url=correction.get_absolute_url(),
            why=f"Paragraph {correction.paragraph}, proposed by {correction.proposed_by}.",
        )
        for correction in rows
    ]


def chair_minutes(user):
    """Drafts for the chair to check, and approved minutes for whoever presided at the meeting
    that approved them to sign."""
    State = Minutes.State
    presided = Q(approved_at_meeting__presiding=user.pk, meeting__board__in=user.roles.boards) | Q(
        approved_at_meeting__presiding=None, meeting__board__in=user.roles.chaired
    )
    rows = Minutes.objects.filter(
        Q(meeting__board__in=user.roles.chaired, state=State.DRAFT)
        | presided & Q(state=State.APPROVED)
    ).select_related("meeting__board")
    return [
        Waiting(
            due=None,
            since=minutes.meeting.day,
            act=(
                f"Check the minutes of {minutes.meeting}"
                if minutes.state == State.DRAFT
                else f"Sign the minutes of {minutes.meeting}"
            ),
            url=minutes.get_absolute_url(),
            why=(
                "They are a draft until you have checked them."
                if minutes.state == State.DRAFT
                else "A later meeting agreed them as a correct record."
            ),
        )
        for minutes in rows
    ]


def chair_escalations(user):
    """Open actions whose last review in a meeting put them to the chair."""
    last = Review.objects.filter(action=OuterRef("pk")).order_by("-made_at", "-pk")
    actions = (
        Action.objects.open()
        .filter(board__in=user.roles.chaired)
        .annotate(
            said=Subquery(last.values("outcome")[:1]), asked=Subquery(last.values("note")[:1])
        )
        .filter(said=Review.Outcome.ESCALATED)
    )
    return [
        Waiting(
            due=None,
            since=action.due,
            act=f"Settle action {action.reference}, escalated to you",
            url=action.get_absolute_url(),
            why=short(action.asked),
            sensitive=action.part == Part.RESTRICTED,
        )
        for action in actions
    ]


def short(text, length=120):
    words = " ".join(text.split())
    return words if len(words) <= length else f"{words[: length - 1].rstrip()}…"
