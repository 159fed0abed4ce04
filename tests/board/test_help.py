"""How the secretary helps people in: the link to a password, a lost second factor, a name."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.core.management import CommandError, call_command

from board.models import AuditEvent
from tests.board.test_accounts import SECRET, sign_in
from tests.board.test_pages import BOARD, appointment, page, send
from tests.board.test_setting_up import opened
from tests.builders import appoint, make_board, make_user

DOWN = "tests.board.test_accounts.Down"
ACCOUNTS = f"{BOARD}accounts/"


def test_whoever_is_appointed_gets_a_link_to_set_a_password(client, world):
    send(client, world.secretary, f"{BOARD}appoint/", appointment(invite="on"))

    [message] = mail.outbox
    assert message.to == ["new@example.org"]
    assert "http://testserver/accounts/password/reset/key/" in message.body
    assert "is on its way to new@example.org" in client.get(BOARD).content.decode()


def test_nobody_with_a_password_gets_one_and_nobody_who_never_signs_in(client, world):
    known = appointment(world.outsider.email, name="", invite="on")
    send(client, world.secretary, f"{BOARD}appoint/", known)
    send(client, world.secretary, f"{BOARD}appoint/", appointment())

    assert mail.outbox == []
    assert "Forgot your password?" in client.get(BOARD).content.decode()


def test_a_mail_server_that_is_down_is_told_and_the_appointment_stands(client, world, settings):
    settings.EMAIL_BACKEND = DOWN

    send(client, world.secretary, f"{BOARD}appoint/", appointment(invite="on"))

    assert "could not be sent" in client.get(BOARD).content.decode()
    person = world.board.appointments.get(person__email="new@example.org").person
    send(client, world.secretary, f"{ACCOUNTS}{person.pk}/invite/", {})
    assert "the mail server did not take it" in client.get(ACCOUNTS).content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send(client, world.secretary, f"{ACCOUNTS}{person.pk}/invite/", {})
    assert len(mail.outbox) == 1
    assert AuditEvent.objects.first().act == "send a link to set a password"


@pytest.mark.parametrize("rows", [1, 6])
def test_accounts_say_who_signs_in_and_how(client, world, rows, django_assert_num_queries):
    TOTP.activate(world.police_lead, SECRET)
    for _ in range(rows):
        guest = make_user(name="Guest")
        guest.set_unusable_password()
        guest.save()
        appoint(guest, world.board, "observer")
    client.force_login(world.secretary)
    client.get(ACCOUNTS)

    with django_assert_num_queries(10):
        text = client.get(ACCOUNTS).content.decode()

    assert text.count("No password yet") == rows
    assert text.count("With a second factor") == 1
    assert "Lead, Police" in text
    assert "Member for Police" in text
    assert world.former.email not in text
    assert world.outsider.email not in text


def with_factor(person):
    TOTP.activate(person, SECRET)
    RecoveryCodes.activate(person)
    return person


def test_a_lost_second_factor_is_removed_with_the_password_and_on_the_record(client, world):
    person = with_factor(world.police_lead)
    address = f"{ACCOUNTS}{person.pk}/second-factor/"
    text = send(client, world.secretary, address, {"reason": ""}, status=422).content.decode()
    assert "There is a problem" in text
    assert Authenticator.objects.filter(user=person).count() == 2

    send(client, world.secretary, address, {"reason": "Called back"})

    assert not Authenticator.objects.filter(user=person).exists()
    event = AuditEvent.objects.get(act="remove the second factor")
    assert (event.subject_person, event.actor, event.note) == (
        person,
        world.secretary,
        "Called back",
    )
    assert [message.to for message in mail.outbox] == [[person.email]]
    client.logout()
    sign_in(client, person.email)
    assert "_auth_user_id" not in client.session, "the password went with it"


def test_a_command_helps_the_secretary_who_lost_it(world):
    with_factor(world.secretary)

    call_command("remove_second_factor", world.secretary.email.upper(), reason="Came in person")

    assert not Authenticator.objects.exists()
    assert AuditEvent.objects.get().note == "Came in person"
    assert [message.to for message in mail.outbox] == [[world.secretary.email]]
    with pytest.raises(CommandError, match="Nobody has the address"):
        call_command("remove_second_factor", "nobody@example.org", reason="None")


def test_a_name_is_corrected_by_who_keeps_every_board_of_the_person(client, world):
    address = f"{ACCOUNTS}{world.member.pk}/"
    data = opened(client, world.secretary, address) | {"name": "Plain Membre"}
    send(client, world.secretary, address, data)
    world.member.refresh_from_db()
    assert world.member.name == "Plain Membre"
    assert AuditEvent.objects.first().note == "Name: Plain member to Plain Membre"

    appoint(world.member, make_board("Harbour Board"), "observer")
    page(client, world.secretary, address, status=403)
    assert f'href="{address}"' not in page(client, world.secretary, ACCOUNTS)


def test_accounts_of_other_boards_are_nobodys_here(client, world):
    for person in (world.outsider, world.former):
        for act in ("", "second-factor/"):
            page(client, world.secretary, f"{ACCOUNTS}{person.pk}/{act}", status=404)
        send(client, world.secretary, f"{ACCOUNTS}{person.pk}/invite/", {}, status=404)
    assert mail.outbox == []
