"""Signing in and out, the limits, the second factor, and what of it is on the record."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache

from board.models import AuditEvent
from tests.builders import make_user

PASSWORD = "correct horse battery"
WRONG = "The e-mail address or the password is not right"
TOO_MANY = "There were too many wrong tries"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _no_tries_yet(db):
    cache.clear()


@pytest.fixture
def person(db):
    return make_user("reader@example.org")


def sign_in(client, email="reader@example.org", password=PASSWORD, **extra):
    return client.post("/accounts/login/", {"login": email, "password": password}, **extra)


def words(response):
    return response.content.decode()


def acts():
    return [(e.act, e.refused, e.subject_person_id) for e in AuditEvent.objects.order_by("seq")]


def code_of(secret, step=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


# In and out


def test_signing_in_by_email_leads_home_and_is_on_the_record(client, person):
    response = sign_in(client, "Reader@Example.org")

    assert response.status_code == 302
    assert response.headers["Location"] == "/"
    assert acts() == [("sign in", False, person.pk)]


def test_a_wrong_password_gets_its_sentence_and_is_on_the_record(client, person):
    response = sign_in(client, password="wrong")

    assert WRONG in words(response)
    assert "wrong" not in re.findall(r'value="([^"]*)"', words(response))
    assert acts() == [("sign in", True, person.pk)]


def test_an_unknown_address_gets_the_same_answer_and_its_name_is_not_kept(client, person):
    known = sign_in(client, password="wrong")
    unknown = sign_in(client, "nobody@example.org", "wrong")

    assert unknown.status_code == known.status_code
    assert WRONG in words(unknown)
    event = AuditEvent.objects.first()
    assert event.subject == "no such account"
    assert "nobody@" not in event.subject_label + event.actor_label + event.note


def test_a_person_who_may_not_sign_in_is_told_no_more_than_others(client, person):
    person.is_active = False
    person.save()

    sign_in(client)

    assert "_auth_user_id" not in client.session


def test_a_person_without_a_password_cannot_sign_in(client):
    guest = make_user("guest@example.org")
    guest.set_unusable_password()
    guest.save()

    assert WRONG in words(sign_in(client, "guest@example.org", "anything at all"))


def test_signing_out_asks_for_a_post_ends_the_session_and_is_on_the_record(client, person):
    sign_in(client)
    old = client.cookies["sessionid"].value

    assert "sign out" in words(client.get("/accounts/logout/")).lower()
    assert "_auth_user_id" in client.session
    response = client.post("/accounts/logout/")

    assert response.headers["Location"] == "/accounts/login/"
    assert acts()[-1] == ("sign out", False, person.pk)
    client.cookies["sessionid"] = old
    assert client.get("/").headers["Location"].startswith("/accounts/login/")


def test_a_new_session_begins_at_sign_in(client, person):
    client.get("/accounts/login/")
    session = client.session
    session["before"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key

    sign_in(client)

    assert client.cookies["sessionid"].value != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_the_way_back_leads_to_our_own_pages_only(client, person):
    response = client.post(
        "/accounts/login/?next=https://evil.example/",
        {"login": person.email, "password": PASSWORD, "next": "https://evil.example/"},
    )

    assert response.headers["Location"] == "/"


# Limits


def test_the_eleventh_wrong_try_on_an_account_is_refused_and_so_is_the_right_word(client, person):
    for number in range(10):
        assert WRONG in words(sign_in(client, password="wrong", REMOTE_ADDR=f"10.0.0.{number}"))

    assert TOO_MANY in words(sign_in(client, password="wrong", REMOTE_ADDR="10.0.1.1"))
    assert TOO_MANY in words(sign_in(client, REMOTE_ADDR="10.0.1.2"))
    assert "_auth_user_id" not in client.session
    event = AuditEvent.objects.first()
    assert (event.refused, event.subject_person, event.note) == (True, person, "Too many tries")


def test_strangers_who_guess_do_not_lock_out_a_device_that_signed_in_before(client, person):
    stranger, other = client.__class__(), make_user("other@example.org")
    sign_in(client)
    client.post("/accounts/logout/")
    for number in range(11):
        answer = sign_in(stranger, password="wrong", REMOTE_ADDR=f"10.0.0.{number}")
    assert TOO_MANY in words(answer)

    # The stranger gains nothing by a device that knows another account, nor by a made-up cookie.
    sign_in(stranger, other.email, REMOTE_ADDR="10.0.1.1")
    stranger.post("/accounts/logout/")
    assert TOO_MANY in words(sign_in(stranger, REMOTE_ADDR="10.0.1.2"))
    stranger.cookies["device"] = client.cookies["device"].value.replace(".", ".x", 1)
    assert TOO_MANY in words(sign_in(stranger, REMOTE_ADDR="10.0.1.3"))

    assert sign_in(client).status_code == 302
    client.post("/accounts/logout/")
    for _ in range(10):
        assert WRONG in words(sign_in(client, password="wrong"))
    assert TOO_MANY in words(sign_in(client))


def test_the_twenty_first_wrong_try_from_one_place_is_refused_over_any_accounts(client, person):
    for number in range(20):
        sign_in(client, f"person{number}@example.org", "wrong")

    assert TOO_MANY in words(sign_in(client))


def test_what_a_visitor_writes_into_x_forwarded_for_counts_for_nothing(client, person):
    for number in range(20):
        spoofed = {"X-Forwarded-For": f"192.0.2.{number}"}
        sign_in(client, f"person{number}@example.org", "wrong", headers=spoofed)

    last = sign_in(client, headers={"X-Forwarded-For": "192.0.2.99"})
    assert TOO_MANY in words(last)


def test_behind_a_proxy_the_address_that_it_saw_counts(client, person, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(20):
        chain = {"X-Forwarded-For": f"192.0.2.{number}, 198.51.100.7"}
        sign_in(client, f"person{number}@example.org", "wrong", headers=chain)

    attacker = sign_in(client, headers={"X-Forwarded-For": "192.0.2.99, 198.51.100.7"})
    assert TOO_MANY in words(attacker)
    other = sign_in(client, headers={"X-Forwarded-For": "198.51.100.8"})
    assert other.headers["Location"] == "/"


def test_thirty_colleagues_behind_one_address_all_get_in(client):
    people = [make_user(f"colleague{number}@example.org") for number in range(25)]

    for each in people:
        client.cookies.clear()
        assert sign_in(client, each.email).status_code == 302, each


# Passwords


def test_a_reset_link_comes_by_mail_and_works_once(client, person):
    client.post("/accounts/password/reset/", {"email": person.email})

    [message] = mail.outbox
    assert message.to == [person.email]
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", message.body)[1]
    form = client.get(link, follow=True).request["PATH_INFO"]
    new = "a different long password"
    client.post(form, {"password1": new, "password2": new})
    client.logout()
    assert sign_in(client, password=new).status_code == 302
    assert ("reset the password", False, person.pk) in acts()
    again = client.get(link, follow=True)
    assert "This link is used up" in words(again)


def test_a_reset_for_an_unknown_address_says_the_same_and_sends_nothing(client, person):
    known = client.post("/accounts/password/reset/", {"email": person.email}, follow=True)
    mail.outbox.clear()
    unknown = client.post("/accounts/password/reset/", {"email": "no@example.org"}, follow=True)

    assert mail.outbox == []
    assert unknown.redirect_chain == known.redirect_chain
    assert "no@example.org" not in words(unknown)


def test_a_reset_link_never_carries_a_host_of_the_visitor(client, person):
    response = client.post(
        "/accounts/password/reset/",
        {"email": person.email},
        headers={"host": "evil.example"},
    )

    assert response.status_code == 400
    assert mail.outbox == []


def test_changing_the_password_ends_other_sessions_tells_by_mail_and_is_recorded(client, person):
    other = client.__class__()
    sign_in(other)
    sign_in(client)
    new = "a different long password"

    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    assert ("change the password", False, person.pk) in acts()
    assert [message.to for message in mail.outbox] == [[person.email]]
    assert client.get("/board/").status_code == 200
    assert other.get("/board/").status_code == 302


def test_a_mail_server_that_is_down_does_not_stop_a_change(client, person, settings):
    settings.EMAIL_BACKEND = "tests.board.test_accounts.Down"
    sign_in(client)
    new = "a different long password"

    response = client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    assert response.status_code == 302
    person.refresh_from_db()
    assert person.check_password(new)


def test_a_mail_server_that_is_down_does_not_tell_who_has_an_account(client, person, settings):
    settings.EMAIL_BACKEND = "tests.board.test_accounts.Down"

    for email in (person.email, "no@example.org"):
        answer = client.post("/accounts/password/reset/", {"email": email})
        assert answer.headers["Location"] == "/accounts/password/reset/done/"


class Down:
    def __init__(self, **kwargs):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError


@pytest.mark.parametrize("weak", ["short", "123456789987654321", "reader@example.org"])
def test_weak_passwords_are_refused(client, person, weak):
    sign_in(client)

    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": weak, "password2": weak},
    )

    person.refresh_from_db()
    assert person.check_password(PASSWORD)


# The second factor


def activate(client):
    page = words(client.get("/accounts/2fa/totp/activate/"))
    secret = re.search(r"[A-Z2-7]{32}", page)[0]
    return client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}), secret


def test_the_demo_offers_a_second_factor_and_does_not_demand_it(client, person):
    sign_in(client)

    assert client.get("/board/").status_code == 200
    assert 'href="/accounts/2fa/totp/activate/"' in words(client.get("/accounts/2fa/"))


@pytest.mark.django_db(transaction=True)  # allauth tells of it on commit
def test_adding_and_removing_a_second_factor_is_on_the_record(client, person):
    sign_in(client)
    response, _ = activate(client)

    assert response.status_code == 302
    assert Authenticator.objects.filter(user=person, type="totp").exists()
    assert ("add a second factor", False, person.pk) in acts()
    client.post("/accounts/2fa/totp/deactivate/")
    assert acts()[-1] == ("remove the second factor", False, person.pk)
    assert not Authenticator.objects.filter(user=person).exists()


def test_an_hour_after_signing_in_the_password_is_asked_before_a_second_factor(client, person):
    sign_in(client)
    client.get("/board/")
    session = client.session
    session["began"] -= 3600
    session.save()

    response = client.get("/accounts/2fa/totp/activate/")
    assert response.headers["Location"].startswith("/accounts/reauthenticate/")
    response = client.post(response.headers["Location"], {"password": PASSWORD})
    assert response.headers["Location"] == "/accounts/2fa/totp/activate/"
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200


def test_production_demands_a_second_factor_before_anything_else(client, person, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    sign_in(client)

    for address in ("/", "/board/", "/audit/"):
        assert client.get(address).headers["Location"] == "/accounts/2fa/totp/activate/"
    activate(client)
    assert client.get("/board/").status_code == 200


def test_with_a_second_factor_the_password_alone_opens_nothing(client, person):
    TOTP.activate(person, SECRET)

    response = sign_in(client)

    assert response.headers["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/board/").headers["Location"].startswith("/accounts/login/")
    assert acts() == []
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "That code is not right" in words(wrong)
    assert acts() == [("second factor", True, person.pk)]
    code = code_of(SECRET)
    assert client.post("/accounts/2fa/authenticate/", {"code": code}).headers["Location"] == "/"
    assert acts()[-1] == ("sign in", False, person.pk)

    # The same code opens nothing a second time.
    thief = client.__class__()
    sign_in(thief)
    thief.post("/accounts/2fa/authenticate/", {"code": code})
    assert "_auth_user_id" not in thief.session


# What is closed


@pytest.mark.parametrize(
    "address",
    [
        "signup/",
        "email/",
        "confirm-email/",
        "confirm-email/abc/",
        "password/set/",
        "login/code/confirm/",
        "login/code/",
        "3rdparty/",
        "sessions/",
        "2fa/webauthn/",
    ],
)
def test_what_is_not_offered_has_no_page(client, person, address):
    assert client.get(f"/accounts/{address}").status_code == 404
    sign_in(client)
    answer = client.post(f"/accounts/{address}", {"email": "x@example.org"})
    assert answer.status_code == 404
    assert "There is nothing here for you" in words(answer)


def test_the_sign_in_page_says_where_accounts_come_from(client, db):
    page = words(client.get("/accounts/login/"))

    assert "The Board’s secretary makes one" in page
    assert "signup" not in page
    assert 'href="/accounts/password/reset/"' in page
