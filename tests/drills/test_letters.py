"""The daily run, twice at once, killed at random moments, against a mail server in every mood: no
letter arrives twice, and none is lost without being asked about."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction
from django.utils import timezone

from config.letters import KINDS
from tests.builders import make_world
from tests.drills.postbox import Postbox
from tests.drills.test_kills import PATIENCE, database_url, until
from tests.letters import every, write_each

MOODS = ("slow", "curt", "down", "picky", "up")


@pytest.fixture
def world(transactional_db, monkeypatch):
    """Letters of every kind, of which none could leave."""
    with monkeypatch.context() as down, transaction.atomic():
        down.setattr(EmailBackend, "open", refused)
        made = make_world()
        write_each(made)
    return made


def refused(backend):
    raise ConnectionRefusedError


@pytest.fixture
def postbox():
    box = Postbox()
    yield box
    box.close()


@contextlib.contextmanager
def daily(postbox, *flags):
    """A function that starts a run and returns its number."""
    environment = os.environ | {
        "DEPLOYMENT": "demo",
        "SECRET_KEY": settings.SECRET_KEY,
        "DEMO_PASSWORD": "for tests only",
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(postbox.port),
    }
    starter = subprocess.Popen(
        [sys.executable, "-m", "tests.drills.daily", *flags],
        cwd=settings.BASE_DIR,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    started = []

    def start():
        starter.stdin.write("\n")
        starter.stdin.flush()
        started.append(int(starter.stdout.readline()))
        return started[-1]

    try:
        yield start
    finally:
        for run in started:
            kill(run)
        starter.stdin.close()
        starter.wait(PATIENCE)
        starter.stdout.close()


def kill(run):
    with contextlib.suppress(ProcessLookupError):
        os.kill(run, signal.SIGKILL)


def ended(run):
    try:
        os.kill(run, 0)
    except ProcessLookupError:
        return True
    return False


def write_again():
    """As if nothing had ever left."""
    for kind in KINDS:
        kind.letters(timezone.now()).update(
            handed_at=None, sent_at=None, failed="", settled_by=None
        )


def all_of_them():
    return [row for rows in every().values() for row in rows]


def one_round(start, postbox, mood):
    """Two runs at once, each killed at some moment; then runs that nobody kills, until nothing
    waits. Returns {identity: (how many arrived, whether it is sent, whether it is asked about)}."""
    write_again()
    postbox.empty("silent" if mood == "down" else mood)
    runs = [start(), start()]
    number = len(all_of_them())
    for run in runs:
        enough = 1 if mood == "down" else random.randint(1, number)
        until(lambda run=run, enough=enough: postbox.offered >= enough or ended(run))
        time.sleep(random.random() / 20)
        kill(run)
    for run in runs:
        until(lambda run=run: ended(run))
    postbox.mood = "up" if mood == "down" else mood
    for _ in range(100):
        run = start()
        until(lambda run=run: ended(run))
        if not any(row.handed_at is None for row in all_of_them()):
            break
    return {
        row.identity: (
            postbox.arrived.get(f"<{row.identity}@127.0.0.1>", 0),
            row.sent_at is not None,
            row.unconfirmed,
        )
        for row in all_of_them()
    }


def wrong(outcome):
    """Of a round, the letters that arrived twice, or of which what is said is not true."""
    return {
        identity: facts
        for identity, facts in outcome.items()
        if facts not in ((1, True, False), (0, False, True), (1, False, True))
    }


@pytest.mark.parametrize("rounds", [3, pytest.param(40, marks=pytest.mark.drills)])
def test_killed_twice_at_once_in_every_mood(world, postbox, rounds, record_property):
    asked = letters = 0
    with daily(postbox) as start:
        for number in range(rounds):
            outcome = one_round(start, postbox, MOODS[number % len(MOODS)])
            assert wrong(outcome) == {}, MOODS[number % len(MOODS)]
            letters += len(outcome)
            asked += sum(unknown for _, _, unknown in outcome.values())
    record_property(
        "figure",
        f"{letters} letters, {2 * rounds} runs killed: 0 twice, 0 lost, {asked} asked about",
    )


@pytest.mark.drills
def test_the_drill_sees_a_letter_that_goes_twice(world, postbox):
    """The control: runs that write down too late are found out."""
    with daily(postbox, "careless") as start:
        found = any(wrong(one_round(start, postbox, "slow")) for _ in range(20))
    assert found, connection.vendor
