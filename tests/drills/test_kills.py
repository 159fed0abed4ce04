"""The server is killed at random moments of a stream of saves; what it acknowledged is there."""

import contextlib
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from types import SimpleNamespace
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from meetings.models import Note
from tests.builders import make_world
from tests.meetings.rooms import in_session, item_of

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 60  # seconds for a start, on a busy machine
LONGEST = 0.4  # seconds until a kill, from the first answer
TOKEN = "k" * 32


def database_url():
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{quote(str(database['NAME']))}"
    host = quote(database["HOST"], safe="")
    return f"postgresql://{database['USER']}@{host}/{database['NAME']}"


def until(reached):
    give_up = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < give_up, "It never came to that"
        time.sleep(0.01)


@contextlib.contextmanager
def killable(*flags):
    """A function that starts the server anew and returns a function that kills it."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = os.environ | {
        "DEPLOYMENT": "demo",
        "SECRET_KEY": settings.SECRET_KEY,
        "DEMO_PASSWORD": "for tests only",
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    starter = subprocess.Popen(
        [sys.executable, "-m", "tests.drills.server", str(port), *flags],
        cwd=settings.BASE_DIR,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    alive = set()

    def answers():
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            return False
        return True

    def start():
        # One that was killed holds its port until the kernel is done with it.
        until(lambda: not answers())
        starter.stdin.write("\n")
        starter.stdin.flush()
        group = int(starter.stdout.readline())
        alive.add(group)

        def kill():
            if group in alive:
                alive.discard(group)
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(group, signal.SIGKILL)

        until(answers)
        return kill

    try:
        yield SimpleNamespace(start=start, port=port)
    finally:
        for group in alive:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
        starter.stdin.close()
        starter.wait(PATIENCE)
        starter.stdout.close()


class Box:
    """What a box of the page does: sends its words with a version, again when no answer came.

    `cut` counts the saves that were under way when the connection broke.
    """

    def __init__(self, port, address, session):
        self.port, self.address = port, address
        self.cookies = f"sessionid={session}; csrftoken={TOKEN}"
        self.text, self.version, self.lost = "", 0, None
        self.acknowledged, self.cut = set(), 0

    def save(self):
        """Type a word and send it all; False when no answer came."""
        if self.lost is None:
            self.text = f"{self.text} word-{len(self.text)}".strip()
        status, said = self.post()
        if status is None:
            self.lost = self.text
            return False
        self.version = said["version"]
        if status == 409:
            # Our own words, whose answer never came.
            assert self.lost is not None
            assert said["theirs"] == self.lost
        self.acknowledged |= set(self.text.split())
        self.lost = None
        return True

    def post(self):
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            asked.request(
                "POST",
                self.address,
                urlencode({"part": "board", "version": self.version, "text": self.text}),
                {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Accept": "application/json",
                    "X-CSRFToken": TOKEN,
                    "Cookie": self.cookies,
                },
            )
            answer = asked.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as broken:
            self.cut += not isinstance(broken, ConnectionRefusedError)
            return None, None
        finally:
            asked.close()
        if answer.status >= 500:  # the lock is still held by one that was killed
            return None, None
        assert answer.status in (200, 409), (answer.status, body[:200])
        return answer.status, json.loads(body)


def killed(times, *flags):
    """(saves acknowledged, words acknowledged and not stored, kills with a save under way)"""
    world = make_world()
    meeting = in_session(world)
    item = item_of(meeting)
    client = Client()
    client.force_login(world.secretary)
    chance = random.Random(2018)
    saves = lost = 0
    with killable(*flags) as server:
        box = Box(
            server.port,
            f"/meetings/{meeting.ref}/minute/{item.pk}/save/",
            client.cookies["sessionid"].value,
        )
        for _ in range(times):
            kill = server.start()
            until(box.save)
            timer = threading.Timer(chance.uniform(0, LONGEST), kill)
            timer.start()
            while box.save():
                saves += 1
            timer.join()
            note = Note.objects.filter(item=item).first()
            stored = note.text.split() if note else []
            lost += len(box.acknowledged - set(stored))
            box.acknowledged &= set(stored)  # a loss is counted once
    return saves + times, lost, box.cut


@pytest.mark.parametrize(
    "times", [2, pytest.param(100, marks=pytest.mark.drills)], ids=["short", "long"]
)
def test_no_acknowledged_word_is_lost_when_the_server_is_killed(times, record_property):
    saves, lost, cut = killed(times)
    record_property(
        "figure",
        f"{times} kills ({cut} with a save under way) in {saves} acknowledged saves:"
        f" {lost} words lost",
    )
    assert lost == 0


def test_a_server_that_acknowledged_too_early_would_lose_words():
    _, lost, _ = killed(2, "careless")
    assert lost
