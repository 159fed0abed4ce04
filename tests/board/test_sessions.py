"""How long a session lasts, and that rights end with the appointment they come from."""

import datetime
import time

import pytest
from django.conf import settings
from django.utils import timezone

from board.models import Appointment
from tests.builders import days_ago

SIGN_IN = "/accounts/login/"


class Clock:
    """A clock that the test moves: what the app asks for the time gets this one's."""

    def __init__(self, monkeypatch):
        self.ahead = 0
        now, seconds = timezone.now, time.time
        monkeypatch.setattr(timezone, "now", lambda: now() + datetime.timedelta(seconds=self.ahead))
        monkeypatch.setattr(time, "time", lambda: seconds() + self.ahead)

    def passes(self, minutes):
        self.ahead += minutes * 60


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


def is_in(client):
    response = client.get("/board/")
    if response.status_code == 302:
        assert response.headers["Location"].startswith(SIGN_IN)
        return False
    assert response.status_code == 200
    return True


def test_after_31_minutes_without_a_page_one_signs_in_again(client, world, clock):
    client.force_login(world.secretary)
    assert is_in(client)

    clock.passes(29)
    assert is_in(client)
    clock.passes(29)
    assert is_in(client)
    clock.passes(31)
    assert not is_in(client)


def test_after_12_hours_one_signs_in_again_however_busy(client, world, clock):
    client.force_login(world.secretary)
    assert is_in(client)

    for _ in range(35):
        clock.passes(20)
        assert is_in(client)
    clock.passes(21)
    assert not is_in(client)
    assert settings.SESSION_LIFE == 12 * 60 * 60


def test_a_session_is_written_once_a_minute_not_with_every_page(client, world, clock):
    client.force_login(world.secretary)
    is_in(client)
    first = client.session["used"]

    clock.passes(0.5)
    is_in(client)
    assert client.session["used"] == first
    clock.passes(1)
    is_in(client)
    assert client.session["used"] > first


def test_what_a_page_asks_by_itself_is_no_use(client, world, clock):
    client.force_login(world.secretary)
    assert is_in(client)
    for _ in range(3):
        clock.passes(9)
        assert client.get("/board/", headers={"Quiet": "1"}).status_code == 200
    clock.passes(4)
    assert not is_in(client)


def test_the_cookies_are_out_of_reach_for_scripts_and_other_sites(client, world):
    credentials = {"login": world.secretary.email, "password": "correct horse battery"}
    client.get(SIGN_IN)
    client.post(SIGN_IN, credentials)

    for name in ("sessionid", "csrftoken"):
        cookie = client.cookies[name]
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name
        assert cookie["path"] == "/", name
        assert not cookie["domain"], name


def test_a_role_is_lost_the_day_after_the_last_day_with_the_session_open(client, world, clock):
    client.force_login(world.secretary)
    assert client.get("/audit/").status_code == 200
    appointment = Appointment.objects.get(person=world.secretary)

    appointment.end = timezone.localdate()
    appointment.save()
    assert client.get("/audit/").status_code == 200
    appointment.end = days_ago(1)
    appointment.save()

    assert client.get("/audit/").status_code == 403
    assert client.get("/board/soc-board/").status_code == 404
    assert client.post("/board/soc-board/appoint/").status_code == 404
    assert "You hold no appointment today" in client.get("/").content.decode()


def test_an_account_that_is_closed_is_out_at_the_next_page(client, world):
    client.force_login(world.secretary)
    assert is_in(client)

    world.secretary.is_active = False
    world.secretary.save()

    assert not is_in(client)
