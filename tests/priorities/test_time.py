"""A quarter's boundary, a leap day and both clock changes: days are London's, whatever UTC says."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from board.workflow import perform
from meetings.models import Action
from priorities.matrix import Matrix
from priorities.models import PriorityReturn, quarter_of
from priorities.models.rounds import days_after
from priorities.transitions import OPEN_ROUND, SUBMIT_PART
from tests import builders as make

DAY = datetime.date


def utc(text):
    return datetime.datetime.fromisoformat(f"{text}+00:00")


# The last second of a due day in London, and the first after it, as UTC has them.
MIDNIGHTS = [
    (DAY(2026, 6, 30), "2026-06-30T22:59:59", "2026-06-30T23:00:00"),  # summer time
    (DAY(2026, 10, 24), "2026-10-24T22:59:59", "2026-10-24T23:00:00"),  # the eve of the change
    (DAY(2026, 10, 25), "2026-10-25T23:59:59", "2026-10-26T00:00:00"),  # a day of 25 hours
    (DAY(2026, 12, 31), "2026-12-31T23:59:59", "2027-01-01T00:00:00"),
    (DAY(2027, 3, 27), "2027-03-27T23:59:59", "2027-03-28T00:00:00"),
    (DAY(2027, 3, 28), "2027-03-28T22:59:59", "2027-03-28T23:00:00"),  # a day of 23 hours
    (DAY(2028, 2, 28), "2028-02-28T23:59:59", "2028-02-29T00:00:00"),
    (DAY(2028, 2, 29), "2028-02-29T23:59:59", "2028-03-01T00:00:00"),
]
at_midnights = pytest.mark.parametrize(("due", "last", "first"), MIDNIGHTS)


@at_midnights
def test_a_day_ends_at_its_midnight_in_london(due, last, first):
    assert (days_after(due, utc(last)), days_after(due, utc(first))) == (0, 1)


@pytest.mark.parametrize(
    ("due", "moment", "days"),
    [
        (DAY(2026, 10, 24), "2026-10-26T12:00:00", 2),
        (DAY(2027, 3, 27), "2027-03-29T12:00:00", 2),
        (DAY(2028, 2, 28), "2028-03-01T12:00:00", 2),
        (DAY(2027, 2, 28), "2027-03-01T12:00:00", 1),
    ],
)
def test_days_are_counted_over_a_leap_day_and_the_clock_changes(due, moment, days):
    assert days_after(due, utc(moment)) == days


@at_midnights
def test_a_return_is_late_and_missing_from_that_second_on(world, due, last, first):
    opened = utc(last) - datetime.timedelta(days=20)
    round = make.make_round(world.board, day=due, due=due)
    round = perform(OPEN_ROUND, round, by=world.secretary, at=opened)
    part = make.fill(make.part_of(round, world.police, world.slavery))
    kinds = [
        {cell.kind for cell in Matrix(round, world.chair, at=utc(moment)).cells if cell.asked}
        for moment in (last, first)
    ]
    assert kinds == [{"awaited"}, {"none"}]
    with pytest.raises(ValidationError, match="say why it is late"):
        perform(SUBMIT_PART, part, by=world.police_lead, at=utc(first))
    sent = perform(SUBMIT_PART, part, by=world.police_lead, at=utc(last))
    assert sent.late_reason == ""
    cells = [cell for cell in Matrix(round, world.chair, at=utc(first)).cells if cell.heard]
    assert [cell.late for cell in cells] == [0]


@at_midnights
def test_an_action_is_overdue_from_that_second_on(world, due, last, first):
    action = make.make_action(world.board, agency=world.police, agreed_on=due, due=due)
    found = [list(Action.objects.overdue(at=utc(moment))) for moment in (last, first)]
    assert found == [[], [action]]


@pytest.mark.parametrize(
    ("day", "start_month", "first", "last"),
    [
        (DAY(2026, 12, 31), 1, DAY(2026, 10, 1), DAY(2026, 12, 31)),
        (DAY(2027, 1, 1), 1, DAY(2027, 1, 1), DAY(2027, 3, 31)),
        (DAY(2028, 2, 29), 1, DAY(2028, 1, 1), DAY(2028, 3, 31)),
        (DAY(2028, 2, 29), 3, DAY(2027, 12, 1), DAY(2028, 2, 29)),
        (DAY(2027, 2, 28), 3, DAY(2026, 12, 1), DAY(2027, 2, 28)),
        (DAY(2028, 1, 31), 2, DAY(2027, 11, 1), DAY(2028, 1, 31)),
        (DAY(2028, 2, 1), 2, DAY(2028, 2, 1), DAY(2028, 4, 30)),
        (DAY(2027, 3, 31), 4, DAY(2027, 1, 1), DAY(2027, 3, 31)),
    ],
)
def test_the_quarter_of_a_day(day, start_month, first, last):
    assert quarter_of(day, start_month) == (first, last)


@pytest.mark.parametrize("start_month", range(1, 13))
def test_quarters_follow_each_other_without_a_gap(start_month):
    day = DAY(2023, 12, 31)
    while day < DAY(2033, 1, 1):
        first, last = quarter_of(day, start_month)
        assert first <= day <= last
        following = quarter_of(last + datetime.timedelta(days=1), start_month)
        assert following[0] == last + datetime.timedelta(days=1)
        assert quarter_of(first, start_month) == quarter_of(last, start_month) == (first, last)
        day = following[0]


@pytest.mark.parametrize(
    ("starts", "last", "first"),
    [
        (DAY(2027, 1, 1), "2026-12-31T23:59:59", "2027-01-01T00:00:00"),
        (DAY(2026, 7, 1), "2026-06-30T22:59:59", "2026-06-30T23:00:00"),
        (DAY(2028, 2, 29), "2028-02-28T23:59:59", "2028-02-29T00:00:00"),
    ],
)
def test_who_is_asked_goes_by_the_london_day_on_which_the_round_opens(world, starts, last, first):
    make.answers_for(world.fire, world.drugs, start=starts)
    asked = []
    for moment, day in ((last, DAY(2026, 3, 1)), (first, DAY(2026, 12, 1))):
        round = perform(
            OPEN_ROUND,
            make.make_round(world.board, day=day),
            by=world.secretary,
            at=utc(moment),
        )
        parts = PriorityReturn.objects.filter(
            agency_return__round=round, agency_return__agency=world.fire
        )
        asked.append({part.priority.name for part in parts})
    assert asked == [{"Modern slavery"}, {"Modern slavery", "Illicit drugs"}]
