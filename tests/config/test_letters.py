"""Letters of every kind: each arrives once or is asked about, whatever happens to the run, to the
mail server or to the process; and one page for those of which nobody knows."""

import smtplib
from contextlib import suppress

import pytest
from django.apps import apps
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from board.mail import IN_HAND, NO_ANSWER, hand_over
from board.models import AuditEvent, Letter
from config.letters import KINDS, left_over, waiting
from tests import builders as make
from tests.letters import copies, every, write_each
from tests.racing import at_once

SLUGS = [kind.slug for kind in KINDS]


@pytest.fixture(autouse=True)
def _a_working_day(monkeypatch):
    for module in ("config.reminders", "config.management.commands.remind"):
        monkeypatch.setattr(f"{module}.is_working_day", lambda day: True)


@pytest.fixture
def letters(world):
    """Of every kind, as if the process had died when what they are about was kept."""
    write_each(world)
    assert all(rows and not any(row.handed_at for row in rows) for rows in every().values())
    mail.outbox.clear()


def run():
    """The daily run; True when it says that all of it left."""
    try:
        call_command("remind")
    except CommandError:
        return False
    return True


def waits():
    return [
        row for rows in every().values() for row in rows
        if row.handed_at is None
    ]  # fmt: skip


def identities(rows):
    return {f"<{row.identity}@127.0.0.1>" for row in rows}


def all_of_them():
    return [row for rows in every().values() for row in rows]


class Killed(BaseException):
    """The process ends here."""


def test_every_letter_is_of_a_kind():
    models = {model for model in apps.get_models() if issubclass(model, Letter)}
    assert models == {kind.letters(timezone.now()).model for kind in KINDS}
    assert len(models) == len(KINDS)


def test_killed_before_each_letter_and_run_again_each_is_sent_once(letters, monkeypatch):
    def dies(*arguments):
        if len(mail.outbox) > before:
            raise Killed
        return hand_over(*arguments)

    monkeypatch.setattr("board.mail.hand_over", dies)
    while waits():
        before = len(mail.outbox)
        with suppress(Killed):
            run()
        assert len(mail.outbox) == before + 1
    assert copies() == dict.fromkeys(identities(all_of_them()), 1)
    assert all(row.sent_at for row in all_of_them())


@pytest.mark.parametrize("arrived", [0, 1])
def test_killed_while_the_server_has_it_it_is_asked_about_and_never_sent_again(
    world, letters, monkeypatch, arrived
):
    real = EmailBackend.send_messages

    def dies(self, messages):
        if arrived:
            real(self, messages)
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "send_messages", dies)
        for _ in range(50):
            with suppress(Killed):
                run()
            if not waits():
                break
    assert waits() == []
    mine = identities(all_of_them())
    assert copies() == (dict.fromkeys(mine, 1) if arrived else {})
    assert run()
    assert copies() == (dict.fromkeys(mine, 1) if arrived else {})
    asked = left_over(world.secretary, timezone.now())
    assert identities(letter for _, letter in asked) == mine


def test_a_server_that_is_down_and_comes_up(world, letters, monkeypatch, client):
    with monkeypatch.context() as down:
        down.setattr(EmailBackend, "open", lambda self: fails(ConnectionRefusedError()))
        for _ in range(2):
            assert not run()
    assert mail.outbox == []
    assert {row.failed for row in all_of_them()} == {NO_ANSWER}
    client.force_login(world.secretary)
    page = client.get(reverse("reminders")).content.decode()
    assert page.count(f"Not sent: {NO_ANSWER}") == len(all_of_them())
    for _ in range(2):
        assert run()
        assert copies() == dict.fromkeys(identities(all_of_them()), 1)
    assert waiting(world.secretary, timezone.now()) == []


def fails(failure):
    raise failure


def test_a_server_that_keeps_silent_is_waited_for_once_by_each_kind(letters, monkeypatch):
    asked = []

    def silent(self, messages):
        asked.append(messages)
        failure = smtplib.SMTPServerDisconnected("Connection unexpectedly closed: timed out")
        failure.__context__ = TimeoutError()  # as smtplib has it
        raise failure

    with monkeypatch.context() as slow:
        slow.setattr(EmailBackend, "send_messages", silent)
        assert not run()
    assert len(asked) == len(KINDS)
    unknown = identities(row for row in all_of_them() if row.unconfirmed)
    assert len(unknown) == len(KINDS)
    assert {row.failed for row in waits()} == {NO_ANSWER}
    assert run()
    assert copies() == dict.fromkeys(identities(all_of_them()) - unknown, 1)


def test_a_server_that_lets_nobody_in_is_quoted(letters, monkeypatch):
    refusal = smtplib.SMTPAuthenticationError(535, b"5.7.8 credentials\r\ninvalid")
    monkeypatch.setattr(EmailBackend, "open", lambda self: fails(refusal))
    assert not run()
    said = {row.failed for row in all_of_them()}
    assert said == {"The mail server refused it: 535 5.7.8 credentials invalid"}


@pytest.mark.django_db(transaction=True)
def test_four_runs_at_once_send_each_of_every_kind_once(monkeypatch):
    with monkeypatch.context() as down:
        down.setattr(EmailBackend, "open", lambda self: fails(ConnectionRefusedError()))
        with transaction.atomic():
            write_each(make.make_world())
    now = timezone.now()
    assert mail.outbox == []
    outcomes = at_once([lambda: [kind.daily(now) for kind in KINDS]] * 4)

    assert [o for o in outcomes if isinstance(o, Exception)] == [], connection.vendor
    assert copies() == dict.fromkeys(identities(all_of_them()), 1)
    assert all(row.sent_at for row in all_of_them())


# The page


@pytest.fixture
def unknown(letters):
    """{slug: the letter of each kind of which nobody knows}; the others are sent."""
    chosen = {}
    for kind in KINDS:
        first, *rest = kind.letters(timezone.now())
        first.handed_at = timezone.now() - IN_HAND
        first.save()
        for row in rest:
            row.handed_at = row.sent_at = timezone.now()
            row.save()
        chosen[kind.slug] = first
    return chosen


def word(client, do, *letters):
    return client.post(reverse("settle_letters"), {"do": do, "letter": letters}, follow=True)


def test_an_unknown_one_goes_again_on_the_secretarys_word(client, world, unknown):
    client.force_login(world.secretary)
    assert f"Look after {len(KINDS)} letters" in client.get("/").content.decode()
    page = client.get(reverse("reminders")).content.decode()
    assert page.count("nobody knows whether it left") == len(KINDS)
    for slug, letter in unknown.items():
        key = f"{slug}-{letter.pk}"
        assert f'value="{key}"' in page
        mail.outbox.clear()
        page = word(client, "again", key).content.decode()
        assert f"Sent to {letter.to}." in page
        assert f'value="{key}"' not in page
        assert "tick a letter" in word(client, "again", key).content.decode()
        assert copies() == {f"<{letter.identity}@127.0.0.1>": 1}
        letter.refresh_from_db()
        assert letter.sent_at
        assert letter.settled_by is None
        event = AuditEvent.objects.filter(act="send a letter again").first()
        assert (event.actor, event.board) == (world.secretary, world.board)
        assert letter.to in event.note
    assert "Look after" not in client.get("/").content.decode()


def test_or_the_secretary_says_that_it_arrived(client, world, unknown):
    client.force_login(world.secretary)
    keys = [f"{slug}-{row.pk}" for slug, row in unknown.items()]
    for key, letter in zip(keys, unknown.values(), strict=True):
        page = word(client, "arrived", key).content.decode()
        assert "1 letter arrived, on your word." in page
        assert f'value="{key}"' not in page
        letter.refresh_from_db()
        assert letter.settled_by == world.secretary
        event = AuditEvent.objects.filter(act="say that a letter arrived").first()
        assert (event.actor, event.board) == (world.secretary, world.board)
    for _ in range(2):
        word(client, "again", *keys)
        assert run()
    assert not identities(unknown.values()) & set(copies())
    about = unknown["actions"].about
    for page in (
        *(unknown[slug].about.get_absolute_url() for slug in ("invitation", "threat", "question")),
        reverse("meetings:letters", args=[about.ref]),
        reverse("reminders"),
    ):
        assert "rrived, as Secretary said" in client.get(page).content.decode(), page


def test_what_failed_is_listed_with_the_reason_and_can_be_settled(client, world, letters):
    failed = [kind.letters(timezone.now()).first() for kind in KINDS]
    for number, row in enumerate(failed):
        row.failed = f"550 no such box {number}"
        row.save()
    client.force_login(world.secretary)
    page = client.get(reverse("reminders")).content.decode()
    for number in range(len(KINDS)):
        assert f"Not sent: 550 no such box {number}" in page
    keys = [f"{slug}-{row.pk}" for slug, row in zip(SLUGS, failed, strict=True)]
    assert f"{len(KINDS)} letters arrived" in word(client, "arrived", *keys).content.decode()
    assert run()
    assert not identities(failed) & set(copies())


def test_what_is_being_handed_over_is_nobodys_to_settle(client, world, unknown):
    for row in unknown.values():
        row.handed_at = timezone.now()
        row.save()
    client.force_login(world.secretary)
    page = client.get(reverse("reminders")).content.decode()
    assert 'name="letter"' not in page
    assert waiting(world.secretary, timezone.now()) == []
    keys = [f"{slug}-{row.pk}" for slug, row in unknown.items()]
    for do in ("again", "arrived"):
        assert "Nothing was done" in word(client, do, *keys).content.decode()
    assert mail.outbox == []
    assert not [row for row in unknown.values() if type(row).objects.get(pk=row.pk).sent_at]


def test_the_chair_reads_it_and_another_boards_secretary_finds_nothing(client, world, unknown):
    keys = [f"{slug}-{row.pk}" for slug, row in unknown.items()]
    client.force_login(world.chair)
    page = client.get(reverse("reminders")).content.decode()
    assert page.count("nobody knows whether it left") == len(KINDS)
    assert 'name="letter"' not in page
    assert word(client, "arrived", *keys).status_code == 403
    assert "Look after" not in client.get("/").content.decode()

    client.force_login(make.make_world("Other board").secretary)
    page = client.get(reverse("reminders")).content.decode()
    assert "nobody knows" not in page
    assert "Look after" not in client.get("/").content.decode()
    for do in ("again", "arrived"):
        assert "Nothing was done" in word(client, do, *keys).content.decode()
    assert mail.outbox == []


def test_a_letter_that_is_none_is_answered_in_words(client, world, unknown):
    client.force_login(world.secretary)
    for letter in ("", "reminder", "reminder-", "reminder-²", "nothing-1", "actions-" + "9" * 40):
        page = word(client, "again", letter)
        assert page.status_code == 200
        assert "Nothing was done: tick a letter" in page.content.decode()
    assert client.post(reverse("settle_letters")).status_code == 302


def test_the_page_and_home_ask_as_much_for_one_as_for_all(
    client, world, letters, django_assert_num_queries
):
    at = timezone.now()
    for number in (1, None):
        for kind in KINDS:
            for row in kind.letters(at)[:number]:
                row.handed_at = at - IN_HAND
                row.save()
        secretary = type(world.secretary).objects.get(pk=world.secretary.pk)
        assert secretary.roles.kept
        with django_assert_num_queries(len(KINDS)):
            left_over(secretary, at)
        with django_assert_num_queries(1):
            waiting(secretary, at)
