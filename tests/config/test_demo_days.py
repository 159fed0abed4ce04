"""The demo's refusals, and that it loads on any day of the year with nothing in the future."""

import datetime
import itertools

import pytest
from django.core.management import CommandError, call_command

from board.models import AuditEvent, Board
from config.demo.invented import quarters_up_to
from config.demo.script import LONDON, weekday
from config.management.commands.demo import load
from meetings.models import Meeting, Minutes
from priorities.models import Round
from reports.checks import open_findings
from reports.models import CommitteeReport

DAY = datetime.timedelta(days=1)
REPORT = "safer-city-partnership-2018-09-27"


def test_it_is_refused_outside_the_demo(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEPLOYMENT=demo"):
        call_command("demo")
    settings.DEMO, settings.DEMO_PASSWORD = True, ""
    with pytest.raises(CommandError, match="DEMO_PASSWORD"):
        call_command("demo")
    assert not Board.objects.exists()


@pytest.mark.parametrize(
    "moment",
    [(2026, 10, 1, 0, 5), (2026, 12, 31, 23, 55), (2028, 2, 29, 12, 0)],
    ids=["first of a quarter", "last of a quarter", "leap day"],
)
def test_it_loads_on_any_day(db, moment):
    now = datetime.datetime(*moment, tzinfo=LONDON)
    load(now)
    assert not AuditEvent.objects.filter(at__gt=now).exists()
    assert not Meeting.objects.filter(state="ended", finished_at__gt=now).exists()
    assert Round.objects.filter(state="closed").count() == 5
    assert Round.objects.get(state="open").due > now.date()
    assert list(
        Meeting.objects.filter(starts_at__gt=now)
        .order_by("starts_at")
        .values_list("state", flat=True)
    ) == ["published", "planned"]
    assert set(Minutes.objects.values_list("state", flat=True)) == set(Minutes.State.values)
    assert open_findings(CommitteeReport.objects.get(ref=REPORT)) == []


def test_quarters_are_reckoned_back_from_any_day():
    day = datetime.date(2026, 1, 1)
    while day < datetime.date(2029, 1, 1):
        quarters = quarters_up_to(day)
        assert [quarter.index for quarter in quarters] == [0, 1, 2, 3, 4]
        for before, after in itertools.pairwise(quarters):
            assert before.last + DAY == after.first
            # All that a closed quarter's meeting leads to is over by today.
            assert before.first < before.due < before.meeting_day <= before.last
            assert weekday(before.meeting_day + 16 * DAY) < day
        assert quarters[-1].first <= day - 21 * DAY
        day += DAY
