"""The forward plan: when a board meets next, which priority is due, and which has waited too long.

A priority is discussed at a meeting that minuted or decided something on it.
"""

import calendar
import datetime
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils import timezone

from board import audit
from board.models import Board
from board.sitting import chair_on
from board.working_days import working_day_from
from priorities.models import Priority, PriorityReturn, ReturnState, Round, quarter_of

from . import agenda
from .carrying import bring_in
from .models import AgendaItem, Decision, Meeting, Note

HOUR = datetime.timedelta(hours=1)
NO_MEETING_YET = datetime.timedelta(weeks=4)


@dataclass(frozen=True)
class Proposal:
    """A meeting to plan: its day, and what it takes: a priority, all of them, or neither."""

    day: datetime.date
    focus: Priority | None = None
    reviews_all: bool = False


def month_after(day: datetime.date, months: int) -> tuple[int, int, int]:
    """The year, the month and its length so many months later."""
    total = day.year * 12 + day.month - 1 + months
    year, month = total // 12, total % 12 + 1
    return year, month, calendar.monthrange(year, month)[1]


def day_after(day: datetime.date, months: int) -> datetime.date:
    """The same day of the month so many months later, or that month's last."""
    year, month, length = month_after(day, months)
    return datetime.date(year, month, min(day.day, length))


def weekday_after(day: datetime.date, months: int) -> datetime.date:
    """The same weekday of the month so many months later: the third Wednesday, the last Friday."""
    year, month, length = month_after(day, months)
    first = datetime.date(year, month, 1)
    number = 1 + (day.weekday() - first.weekday()) % 7 + 7 * ((day.day - 1) // 7)
    return first.replace(day=number if number <= length else number - 7)


def next_days(board, last, number, today):
    """The next days, after today, at the board's interval from the day of its last meeting."""
    days, step = [], 0
    while len(days) < number:
        step += board.meeting_interval
        day = working_day_from(weekday_after(last, step))
        if day > today:
            days.append(day)
    return days


def in_turn(board):
    """The meetings that take priorities in turn, or would: ordinary ones that were not called
    off, latest last."""
    return (
        Meeting.objects.filter(board=board)
        .exclude(kind=Meeting.Kind.EXTRAORDINARY)
        .exclude(state__in=Meeting.CALLED_OFF)
        .order_by("starts_at")
    )


def propose(board, today=None):
    """The meetings of the next year, as Proposals, after those that are planned already."""
    today = today or timezone.localdate()
    number = max(1, 12 // board.meeting_interval)
    past = list(in_turn(board).values_list("starts_at", "focus_priority", "reviews_all"))
    if past:
        days = next_days(board, timezone.localdate(past[-1][0]), number, today)
    else:
        first = working_day_from(today + NO_MEETING_YET)
        days = [first, *next_days(board, first, number - 1, today)]
    priorities = list(Priority.objects.in_force(today).filter(board=board))
    taken = {}  # priority: when it was last the focus, as a place in the order of meetings
    since_review = 0
    for place, (_, focus, reviewed) in enumerate(past):
        since_review = 0 if reviewed else since_review + 1
        if focus:
            taken[focus] = place
    found = []
    for place, day in enumerate(days, len(past)):
        spare = len(priorities) < number and since_review >= number - 1
        if priorities and spare and board.spare_slot == Board.SpareSlot.REVIEW:
            found.append(Proposal(day, reviews_all=True))
            since_review = 0
            continue
        since_review += 1
        focus = min(priorities, key=lambda each: taken.get(each.pk, -1), default=None)
        if focus:
            taken[focus.pk] = place
        found.append(Proposal(day, focus))
    return found


def like_the_last(board):
    """Times of day (naive), venue and link of the last meeting in turn, to plan the next by."""
    last = in_turn(board).last()
    if last is None:
        return {"starts": datetime.time(10), "ends": datetime.time(12), "venue": "", "link": ""}
    return {
        "starts": timezone.localtime(last.starts_at).time(),
        "ends": timezone.localtime(last.ends_at).time(),
        "venue": last.venue,
        "link": last.link,
    }


def plan_meeting(meeting, *, by):
    """Save a new meeting with its address, its chair, its agenda as far as it makes itself, and
    who is expected; inside a transaction."""
    meeting.presiding = meeting.presiding or chair_on(meeting.board, meeting.day)
    meeting.ref = agenda.free_ref(meeting.board, meeting.day)
    meeting.save()
    agenda.lay_out(meeting)
    bring_in(meeting)
    audit.record("plan a meeting", meeting, by=by)


def round_of(board, day):
    """The round of the quarter of a day, if there is one; a working group takes none."""
    first, _ = quarter_of(day, board.quarter_start_month)
    return Round.objects.filter(board=board, quarter_start=first).first()


# What has been covered


def minuted():
    """Agenda items, as a Q, under which a meeting minuted or decided something."""
    return Q(Exists(Note.objects.filter(item=OuterRef("pk")).exclude(text=""))) | Q(
        Exists(Decision.objects.filter(item=OuterRef("pk")))
    )


def minuted_items(user, priorities):
    """The items on these priorities that this person's meetings minuted."""
    return AgendaItem.objects.visible_to(user).filter(
        minuted(), priority__in=priorities, meeting__state__in=Meeting.HELD
    )


@dataclass(frozen=True)
class Gap:
    """A priority that has gone without a minute for longer than its board allows. `since` is the
    day of its last minute; None when it has had none since it was adopted."""

    priority: Priority
    since: datetime.date | None
    allowed: int


def gaps(user, priorities, today=None):
    """The Gaps among these priorities (with their boards), longest first; one query."""
    today = today or timezone.localdate()
    last = dict(
        minuted_items(user, priorities)
        .order_by()
        .values_list("priority")
        .annotate(last=Max("meeting__starts_at"))
    )
    found = []
    for priority in priorities:
        since = timezone.localdate(last[priority.pk]) if priority.pk in last else None
        allowed = priority.board.longest_gap
        if day_after(since or priority.adopted_on, allowed) < today:
            found.append(Gap(priority, since, allowed))
    return sorted(found, key=lambda gap: gap.since or gap.priority.adopted_on)


@dataclass
class Square:
    """One priority in one quarter: days on which it was discussed, decisions on it, and of how
    many returns asked for how many were received."""

    discussed: list[datetime.date] = field(default_factory=list)
    decided: int = 0
    asked: int = 0
    received: int = 0


def quarters_back(day, start_month, number):
    """(first, last day) of the quarter of a day and those before it, oldest first."""
    quarters = []
    for _ in range(number):
        first, last = quarter_of(day, start_month)
        quarters.insert(0, (first, last))
        day = first - datetime.timedelta(days=1)
    return quarters


def coverage(user, priorities, today=None, number=5):
    """[(board, quarters, [(priority, [(quarter, Square)])])] of these priorities (with their
    boards) over the last quarters, this one included; three queries. A quarter is its first and
    its last day."""
    today = today or timezone.localdate()
    boards = {priority.board_id: priority.board for priority in priorities}
    quarters = {
        pk: quarters_back(today, board.quarter_start_month, number) for pk, board in boards.items()
    }
    squares = defaultdict(Square)
    board_of = {priority.pk: priority.board for priority in priorities}

    def square(priority, day):
        start_month = board_of[priority].quarter_start_month
        return squares[priority, quarter_of(day, start_month)[0]]

    begins = min((spans[0][0] for spans in quarters.values()), default=today)
    discussed = minuted_items(user, priorities).filter(meeting__starts_at__date__gte=begins)
    for priority, starts_at in (
        discussed.order_by("meeting__starts_at")
        .values_list("priority", "meeting__starts_at")
        .distinct()
    ):
        day = timezone.localdate(starts_at)
        square(priority, day).discussed.append(day)
    decisions = Decision.objects.visible_to(user).filter(
        priority__in=priorities,
        outcome__in=Decision.BY_AGREEMENT,
        item__meeting__state__in=Meeting.HELD,
        item__meeting__starts_at__date__gte=begins,
    )
    for priority, starts_at in decisions.order_by().values_list(
        "priority", "item__meeting__starts_at"
    ):
        square(priority, timezone.localdate(starts_at)).decided += 1
    returns = (
        PriorityReturn.objects.expected()
        .filter(priority__in=priorities, agency_return__round__quarter_start__gte=begins)
        .exclude(agency_return__round__state=Round.State.PLANNED)
        .order_by()
        .values_list("priority", "agency_return__round__quarter_start")
        .annotate(asked=Count("pk"), received=Count("pk", Q(state=ReturnState.RECEIVED)))
    )
    for priority, first, asked, received in returns:
        found = square(priority, first)
        found.asked, found.received = asked, received
    return [
        (
            board,
            quarters[pk],
            [
                (priority, [(span, squares[priority.pk, span[0]]) for span in quarters[pk]])
                for priority in priorities
                if priority.board_id == pk
            ],
        )
        for pk, board in boards.items()
    ]
