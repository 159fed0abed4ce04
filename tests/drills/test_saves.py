"""Many saves at once, through the web: none that is acknowledged is lost or overwritten unseen.

Each drill is a function that gives figures. It runs short with every test and long under `make
drills`; its control takes the guard away and shows that the drill then finds the loss.
"""

import dataclasses
import itertools
import time

import pytest
from django.test import Client
from django.utils import timezone

from board import triggers
from board.beside import BESIDE
from board.models import AuditEvent
from meetings import saving
from meetings import transitions as life
from meetings.models import Note
from meetings.saving import Answer
from meetings.views import minute as minute_view
from meetings.views import minutes as minutes_view
from tests.builders import make_item, make_world
from tests.meetings.rooms import circulated, deputy, held, in_session, item_of, later, save
from tests.racing import in_step, needs_row_locks

pytestmark = pytest.mark.django_db(transaction=True)


def sizes(short, long):
    return pytest.mark.parametrize(
        "size", [short, pytest.param(long, marks=pytest.mark.drills)], ids=["short", "long"]
    )


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def room(people=2):
    """A meeting in session, and clients of its secretary and a deputy."""
    world = make_world()
    meeting = in_session(world)
    return meeting, [client_of(world.secretary), client_of(deputy(world))][:people]


# Two people on one item: exactly one of each pair is accepted


def pairs_on_one_item(rounds):
    """(pairs of which exactly one was accepted, texts that are nowhere)"""
    meeting, clients = room()
    item = item_of(meeting)

    def text(place, number):
        return f"{'secretary' if place == 0 else 'deputy'} in round {number}"

    def act(place):
        def once(number):
            # Each round raises the version by one, and both boxes were filled before it.
            return save(clients[place], meeting, item, text(place, number), number).status_code

        return once

    outcomes = in_step([act(0), act(1)], rounds)
    kept = set(Note.history.model.objects.filter(item=item).values_list("text", flat=True))
    typed = {text(place, number) for place in (0, 1) for number in range(rounds)}
    return sum(sorted(pair) == [200, 409] for pair in outcomes), len(typed - kept)


@sizes(10, 500)
def test_of_each_pair_on_one_item_exactly_one_is_accepted(size, record_property):
    one_each, nowhere = pairs_on_one_item(size)
    record_property("figure", f"{one_each} of {size} pairs on one item: exactly one accepted")
    assert (one_each, nowhere) == (size, 0)


def test_without_the_comparison_of_versions_both_of_a_pair_would_be_accepted(monkeypatch):
    monkeypatch.setattr(saving, "is_stale", lambda row, version: False)
    one_each, _ = pairs_on_one_item(10)
    assert one_each < 10


@needs_row_locks
def test_without_the_row_lock_both_of_a_pair_would_be_accepted(monkeypatch):
    queryset = Note.objects._queryset_class
    stale = saving.is_stale
    monkeypatch.setattr(queryset, "select_for_update", queryset.all)
    monkeypatch.setattr(saving, "lock_minutes", lambda meeting, part: None)
    monkeypatch.setattr(
        saving, "is_stale", lambda row, version: (stale(row, version), time.sleep(0.05))[0]
    )
    one_each, _ = pairs_on_one_item(5)
    assert one_each < 5


# Two people on two items: both are kept


def writers_on_their_own(writers, saves):
    """(saves acknowledged, saves kept) when each writer has an item of the meeting."""
    world = make_world()
    meeting = in_session(world)
    items = [make_item(meeting, 100 + number, f"Item {number}") for number in range(writers)]
    clients = [client_of(world.secretary) for _ in items]
    acknowledged = []

    def act(place):
        def once(number):
            answer = save(clients[place], meeting, items[place], f"{place}: {number}", number)
            if answer.status_code == 200:
                acknowledged.append(f"{place}: {number}")
            return answer.status_code

        return once

    in_step([act(place) for place in range(writers)], saves)
    last = {f"{place}: {saves - 1}" for place in range(writers)}
    stored = set(Note.objects.filter(item__in=items).values_list("text", flat=True))
    history = Note.history.model.objects.filter(item__in=items)
    kept = set(history.exclude(history_change_reason=BESIDE).values_list("text", flat=True))
    # What stands in the history and was overwritten afterwards is not kept.
    return len(acknowledged), len(kept) if stored == last else len(kept & stored)


@sizes(10, 500)
def test_two_people_on_two_items_are_both_kept(size, record_property):
    acknowledged, kept = writers_on_their_own(2, size)
    record_property("figure", f"{size} pairs on two items: {kept} of {2 * size} saves kept")
    assert (acknowledged, kept) == (2 * size, 2 * size)


@sizes(2, 50)
def test_twenty_writers_keep_every_save(size, record_property):
    acknowledged, kept = writers_on_their_own(20, size)
    record_property(
        "figure", f"20 writers × {size} saves: {acknowledged} acknowledged, {kept} kept"
    )
    assert (acknowledged, kept) == (20 * size, 20 * size)


def test_if_the_whole_agenda_were_saved_at_once_words_would_be_lost(monkeypatch):
    """What a screen with one version for all items would do."""

    def save_all(item, part, text, version, *, by):
        others = list(Note.objects.filter(item__meeting=item.meeting_id).exclude(item=item))
        time.sleep(0.02)
        note, _ = Note.objects.update_or_create(item=item, part=part, defaults={"text": text})
        for other in others:
            other.save()
        return Answer(True, text, note.version, timezone.now())

    monkeypatch.setattr(minute_view, "save_note", save_all)
    acknowledged, kept = writers_on_their_own(2, 10)
    assert acknowledged == 20
    assert kept < acknowledged


# Two tabs of one person


def two_tabs(saves):
    """(saves, those that silently overwrote what their tab had not seen, words lost).

    Each tab adds a word to what it last saw; refused, it keeps both texts, as the page does.
    """
    meeting, (client,) = room(people=1)
    item = item_of(meeting)
    other = Client()
    other.cookies = client.cookies
    tabs = [{"client": each, "text": "", "version": 0} for each in (client, other)]

    def act(place):
        tab = tabs[place]

        def once(number):
            tab["text"] = f"{tab['text']} {place}-{number}"
            for _ in range(5):
                answer = save(tab["client"], meeting, item, tab["text"], tab["version"])
                said = answer.json()
                tab["version"] = said["version"]
                if answer.status_code == 200:
                    break
                mine = [word for word in tab["text"].split() if word not in said["theirs"].split()]
                tab["text"] = " ".join([*said["theirs"].split(), *mine])

        return once

    in_step([act(0), act(1)], saves // 2)
    rows = Note.history.model.objects.filter(item=item).exclude(history_change_reason=BESIDE)
    texts = [set(row.text.split()) for row in rows.order_by("history_id")]
    unseen = sum(not before <= after for before, after in itertools.pairwise(texts))
    return saves, unseen, saves - len(texts[-1])


@sizes(20, 200)
def test_two_tabs_of_one_person_overwrite_nothing_unseen(size, record_property):
    saves, unseen, lost = two_tabs(size)
    record_property(
        "figure", f"two tabs, {saves} saves: {unseen} silent overwrites, {lost} words lost"
    )
    assert (unseen, lost) == (0, 0)


def test_without_versions_the_tabs_would_overwrite_each_other(monkeypatch):
    monkeypatch.setattr(saving, "is_stale", lambda row, version: False)
    _, unseen, _ = two_tabs(20)
    assert unseen


# Approve, pressed ten times at once


def approvals(presses):
    """How often the approval took effect."""
    world = make_world()
    meeting = held(world)
    circulated(world, meeting)
    later(world, meeting)
    clients = [client_of(world.secretary) for _ in range(presses)]
    address = f"/meetings/{meeting.ref}/minutes/board/approve-the-minutes/"
    before = AuditEvent.objects.filter(act="approve the minutes", refused=False).count()
    in_step([lambda _, client=client: client.post(address).status_code for client in clients], 1)
    minutes = meeting.minutes.get(part="board")
    assert minutes.state == "approved"
    return AuditEvent.objects.filter(act="approve the minutes", refused=False).count() - before


def test_approve_pressed_ten_times_at_once_has_one_effect(record_property):
    effects = approvals(10)
    record_property("figure", f"approve pressed 10 times at once: {effects} effect")
    assert effects == 1


def test_without_its_states_approval_would_have_as_many_effects_as_presses(monkeypatch):
    def prepare(minutes, **how):
        if minutes.state == "circulated":
            life.APPROVE.prepare(minutes, **how)

    ever = dataclasses.replace(life.APPROVE, before=("circulated", "approved"), prepare=prepare)
    rows = tuple(ever if row is life.APPROVE else row for row in life.MINUTES)
    monkeypatch.setattr(minutes_view, "MINUTES", rows)
    triggers.remove()  # the database would refuse it too
    assert approvals(3) == 3
