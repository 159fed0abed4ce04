"""A withdrawn text: the chair is told, and the letter says no word of it."""

import pytest

from board.workflow import perform
from priorities.models import WithdrawalLetter
from priorities.transitions import PART_CLEARANCE, THREAT_CLEARANCE
from tests.builders import days_ago, london, make_threat, open_round, part_of, submit

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


def test_the_text_of_a_threat_too_and_each_withdrawal_is_told_once(
    world, mailoutbox, django_capture_on_commit_callbacks
):
    threat = make_threat(
        world.board, world.police, world.police_lead, title="TITLE", report_text="TEXT"
    )
    for number in (1, 2):
        with django_capture_on_commit_callbacks(execute=True):
            for row in (THREAT_CLEARANCE[2], THREAT_CLEARANCE[3]):
                threat = perform(row, threat, by=world.police_lead)
        assert len(mailoutbox) == number
        assert mailoutbox[-1].to == [world.chair.email]
        assert threat.get_absolute_url() in mailoutbox[-1].body
        assert not {"TITLE", "TEXT"} & set(mailoutbox[-1].body.split())
    letters = WithdrawalLetter.objects.filter(threat=threat, board=world.board)
    assert letters.exclude(sent_at=None).count() == 2
    # Where nobody is in the chair, nobody is told.
    world.chair.appointments.update(end=days_ago(1))
    perform(THREAT_CLEARANCE[2], threat, by=world.police_lead)
    perform(THREAT_CLEARANCE[3], threat, by=world.police_lead)
    assert letters.count() == 2


def test_an_act_dated_back_sends_nothing(world, cleared, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as later:
        perform(WITHDRAW, cleared, by=world.police_lead, at=london(2026, 1, 5))
    assert later == []
    letter = cleared.withdrawal_letters.get()
    assert letter.sent_at == letter.made_at == london(2026, 1, 5)
