"""A withdrawn text: the chair is told, and the letter says no word of it."""

import pytest

from board.workflow import perform
from priorities.transitions import PART_CLEARANCE
from tests.builders import london, open_round, part_of, submit

CLEAR, WITHDRAW = PART_CLEARANCE[2], PART_CLEARANCE[3]


@pytest.fixture
def cleared(world):
    part = submit(part_of(open_round(world), world.police, world.slavery), world.police_lead)
    return perform(CLEAR, part, by=world.police_lead)


def test_withdrawal_tells_the_chair_once_it_is_done(
    world, cleared, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as later:
        perform(WITHDRAW, cleared, by=world.police_lead)
    assert mailoutbox == []
    [send] = later
    send()
    [message] = mailoutbox
    assert message.to == [world.chair.email]
    assert message.subject == "Police withdrew a text for the report"
    assert cleared.get_absolute_url() in message.body
    for word in ("hotels", "slavery was", "Modern slavery"):
        assert word not in message.body + message.subject


def test_an_act_dated_back_sends_nothing(world, cleared, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as later:
        perform(WITHDRAW, cleared, by=world.police_lead, at=london(2026, 1, 5))
    assert later == []
