"""The agency that raised a threat hears what became of it: once, and no word of it by e-mail."""

import datetime
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from board.mail import send_once
from board.workflow import perform
from meetings.outcomes import ADOPT_THREAT, CLOSE_THREAT, DISCUSS, MONITOR
from priorities import telling
from priorities.models import ThreatLetter
from tests import builders as make
from tests.meetings.rooms import in_session

WORDS = ("TITLE", "DESCRIPTION", "OUTCOME")


@pytest.fixture
def threat(world):
    """Raised by a contributor, heard by a meeting."""
    found = make.make_threat(
        world.board, world.police, world.police_contributor, title="TITLE",
        description="DESCRIPTION", marking="OFFICIAL-SENSITIVE",
        raised_at=make.london(2026, 5, 3),
    )  # fmt: skip
    make.make_item(in_session(world), 30, threat=found)
    return found


@pytest.fixture
def act(world, django_capture_on_commit_callbacks):
    def act(row, threat, **more):
        with django_capture_on_commit_callbacks(execute=True):
            return perform(row, threat, by=world.secretary, note="OUTCOME", **more)

    return act


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (ADOPT_THREAT, "the Board adopted it."),
        (MONITOR, "the Board monitors it."),
        (CLOSE_THREAT, "the Board closed it."),
    ],
)
def test_lead_and_raiser_are_told_at_each_step_and_read_no_word_of_it(
    world, threat, act, outcome, said
):
    meeting = threat.agenda_items.get().meeting
    people = sorted([world.police_lead.email, world.police_contributor.email])
    for row, words in ((DISCUSS, "The Board discussed it at its meeting of"), (outcome, said)):
        mail.outbox.clear()
        threat = act(row, threat)
        assert sorted(address for m in mail.outbox for address in m.to) == people
        for message in mail.outbox:
            assert words in message.body
            assert f"{meeting.day:%-d %B %Y}" in message.body
            assert f"Police of soc-board raised emerging threat {threat.pk} with the SOC Board" in (
                message.body
            )
            assert "on 3 May 2026." in message.body
            assert f"http://127.0.0.1:8000{threat.get_absolute_url()}\n" in message.body
            assert f"http://127.0.0.1:8000{meeting.get_absolute_url()}\n" in message.body
            whole = message.message().as_string()
            assert not [word for word in WORDS if word in whole]
    assert not ThreatLetter.objects.filter(sent_at=None).exists()


def test_a_raiser_who_left_is_told_nothing_and_the_office_stands_in_for_nobody(world, threat, act):
    world.police.members.update(end=make.days_ago(1))
    world.police.office_email = "office@example.org"
    world.police.save()
    act(DISCUSS, threat)
    assert [message.to for message in mail.outbox] == [["office@example.org"]]


def test_nothing_goes_when_nothing_was_recorded_or_long_ago(
    world, threat, act, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        perform(DISCUSS, threat, by=world.secretary)
        transaction.set_rollback(True)
    assert mail.outbox == []
    assert not ThreatLetter.objects.exists()
    act(DISCUSS, threat, at=timezone.now() - datetime.timedelta(days=9))
    assert mail.outbox == []
    assert not ThreatLetter.objects.filter(sent_at=None).exists()


def test_each_goes_once_whatever_fails(client, world, threat, act, monkeypatch):
    real = EmailBackend.open
    monkeypatch.setattr(EmailBackend, "open", lambda self: fails())
    act(DISCUSS, threat)
    assert mail.outbox == []
    client.force_login(world.secretary)
    page = client.get(threat.get_absolute_url()).content.decode()
    assert page.count("Not sent: The mail server does not answer") == 2
    monkeypatch.setattr(EmailBackend, "open", real)
    for _ in range(2):
        send_once(telling.threat_letters(), telling.e_mail)
        assert len(mail.outbox) == 2
    twin = ThreatLetter.objects.first()
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def fails():
    raise SMTPServerDisconnected


def test_the_daily_run_tries_what_is_left(threat, act, monkeypatch, capsys):
    monkeypatch.setattr("config.management.commands.remind.is_working_day", lambda day: True)
    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "open", lambda self: fails())
        act(DISCUSS, threat)
    call_command("remind")
    assert "2 letters on threats sent." in capsys.readouterr().out


def test_who_was_told_is_for_the_agency_and_the_keepers(client, world, threat, act):
    threat.marking = "OFFICIAL"
    threat.save()
    act(DISCUSS, threat)
    for person, sees in (
        (world.secretary, True), (world.chair, True), (world.police_contributor, True),
        (world.member, False), (world.fire_lead, False),
    ):  # fmt: skip
        client.force_login(person)
        page = client.get(threat.get_absolute_url()).content.decode()
        # its lead may be named elsewhere on the page; the contributor's address is not
        assert (f"Discussed: {world.police_contributor.email}" in page) is sees
