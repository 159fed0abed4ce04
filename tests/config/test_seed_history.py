"""Years of quarters for measuring: enough of everything, twice the same, never outside the demo."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from board import audit
from board.models import Agency, Board
from config.demo.history import seed
from meetings.models import Action, Meeting, Minutes
from priorities.models import AgencyReturn, PriorityReturn, Round
from tests.builders import make_round


def history(world, years, agencies):
    said = []
    seed(
        world.board, world.secretary, years=years, agencies=agencies,
        today=timezone.localdate(), say=said.append,
    )  # fmt: skip
    return said


def test_it_fills_a_board(world):
    said = history(world, years=2, agencies=6)
    assert said[0] == "6 agencies sit on the SOC Board."
    assert world.board.seats.current().count() == 6
    rounds = Round.objects.filter(board=world.board)
    assert rounds.count() == 7  # two years without the quarter that runs
    assert AgencyReturn.objects.count() == 7 * 6
    assert PriorityReturn.objects.count() == 7 * 6 * 2
    assert Meeting.objects.filter(board=world.board, state="ended").count() == 7
    # The last has no meeting after it that could have approved its minutes.
    assert Minutes.objects.filter(state="signed").count() == 6
    assert Action.objects.filter(state="complete").count() == 7 * 5
    assert Action.objects.open().count() == 6
    assert PriorityReturn.objects.filter(state="received", clearance="cleared").exists()
    assert PriorityReturn.objects.filter(state="draft").exists()
    assert audit.first_fault() is None


def test_again_it_adds_nothing(world):
    history(world, years=1, agencies=4)
    counts = [m.objects.count() for m in (Agency, Round, PriorityReturn, Meeting, Action)]
    history(world, years=1, agencies=4)
    assert counts == [m.objects.count() for m in (Agency, Round, PriorityReturn, Meeting, Action)]


def test_the_round_that_runs_asks_the_new_agencies_too(world):
    running = make_round(world.board)
    running.state, running.opened_at, running.opened_by = (
        "open", timezone.now(), world.secretary,
    )  # fmt: skip
    running.save()
    history(world, years=1, agencies=5)
    assert running.agency_returns.count() == 5
    # It opened this minute: nobody can have answered yet.
    assert set(running.agency_returns.values_list("state", flat=True)) == {"draft"}


def test_its_refusals(db, settings):
    with pytest.raises(CommandError, match="Load the demo first"):
        call_command("seed_history", years=1, agencies=3)
    with pytest.raises(CommandError, match="1 to 50 years"):
        call_command("seed_history", years=0, agencies=3)
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEPLOYMENT=demo"):
        call_command("seed_history", years=1, agencies=3)
    assert not Board.objects.exists()


def test_the_command_tells_how_far_it_is(world):
    Board.objects.filter(pk=world.board.pk).update(slug="soc-board")
    call_command("seed_history", years=1, agencies=3, stdout=(out := StringIO()))
    assert "3 rounds are added." in out.getvalue()
    assert "meetings are added, with their minutes." in out.getvalue()
