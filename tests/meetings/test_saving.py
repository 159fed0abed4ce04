"""Words typed in a meeting: none acknowledged is lost, none overwrites another's."""

import threading
import time

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from board.beside import BESIDE
from board.models import AuditEvent
from board.workflow import perform
from meetings import saving
from meetings.models import AgendaItem, Meeting, Minutes, Note
from meetings.saving import save_note, save_working_notes
from meetings.transitions import CHECK, END
from tests.builders import make_world
from tests.meetings.rooms import deputy, held, in_session, item_of, save
from tests.racing import at_once, needs_row_locks


@pytest.fixture
def meeting(world):
    return in_session(world)


def test_a_save_is_confirmed_with_its_version_and_hour(client, world, meeting):
    client.force_login(world.secretary)
    item = item_of(meeting)
    answer = save(client, meeting, item, "The police told of car washes.", 0)
    assert answer.status_code == 200
    news = client.get(f"/meetings/{meeting.ref}/minute/news/").json()
    assert answer.json() == {"version": 1, "saved_at": f"{timezone.localtime():%H:%M}"} | news
    note = Note.objects.get(item=item, part="board")
    assert (note.text, note.version) == ("The police told of car washes.", 1)
    assert note.history.get().history_user == world.secretary


def test_saving_while_typing_leaves_the_audit_trail_alone(client, world, meeting):
    client.force_login(world.secretary)
    before = AuditEvent.objects.count()
    save(client, meeting, item_of(meeting), "One", 0)
    save(client, meeting, item_of(meeting), "One two", 1)
    assert AuditEvent.objects.count() == before


def test_two_people_on_different_items_never_disturb_each_other(client, world, meeting):
    other = deputy(world)
    first, second = item_of(meeting), item_of(meeting, "threats")
    client.force_login(world.secretary)
    assert save(client, meeting, first, "Mine", 0).status_code == 200
    client.force_login(other)
    assert save(client, meeting, second, "Theirs", 0).status_code == 200
    client.force_login(world.secretary)
    assert save(client, meeting, first, "Mine, longer", 1).status_code == 200
    assert sorted(Note.objects.values_list("text", flat=True)) == ["Mine, longer", "Theirs"]


def test_two_people_on_one_item_keep_both_texts(client, world, meeting):
    item = item_of(meeting)
    client.force_login(deputy(world))
    save(client, meeting, item, "Health will write to traders.", 0)
    client.force_login(world.secretary)
    answer = save(client, meeting, item, "Fire crews see inside.", 0)
    assert answer.status_code == 409
    said = answer.json()
    assert (said["yours"], said["theirs"], said["version"], said["by"]) == (
        "Fire crews see inside.",
        "Health will write to traders.",
        1,
        "Deputy secretary",
    )
    assert said["kept_at"]
    note = Note.objects.get(item=item, part="board")
    assert note.text == "Health will write to traders."
    kept = note.history.filter(history_change_reason=BESIDE).get()
    assert (kept.text, kept.history_user) == ("Fire crews see inside.", world.secretary)
    page = client.get(f"/meetings/{meeting.ref}/minute/{item.pk}/history/").content.decode()
    assert "Fire crews see inside." in page
    assert BESIDE in page


def test_saving_the_same_words_again_is_no_conflict(client, world, meeting):
    """The answer to the first save was lost on the way; the page sends it once more."""
    client.force_login(world.secretary)
    item = item_of(meeting)
    save(client, meeting, item, "Same words", 0)
    answer = save(client, meeting, item, "Same words", 0)
    assert (answer.status_code, answer.json()["version"]) == (200, 1)


def test_without_javascript_a_save_goes_back_to_the_item(client, world, meeting):
    client.force_login(world.secretary)
    item = item_of(meeting)
    answer = save(client, meeting, item, "Plain form", 0, Accept="text/html")
    assert answer.status_code == 303
    assert answer["Location"].endswith(f"/minute/?item={item.pk}#item-{item.pk}")
    assert "Plain form" in client.get(answer["Location"]).content.decode()


def test_without_javascript_a_conflict_shows_both_and_a_fresh_version(client, world, meeting):
    client.force_login(world.secretary)
    item = item_of(meeting)
    save(client, meeting, item, "Their words", 0)
    answer = save(client, meeting, item, "My words", 0, Accept="text/html")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Their words" in page
    assert "\nMy words\n\nTheir words</textarea>" in page  # both, to be joined
    assert '<input type="hidden" name="version" value="1">' in page
    assert save(client, meeting, item, "My words", 1).status_code == 200


@pytest.mark.parametrize(
    ("text", "version", "sentence"),
    [
        ("a\x00b", 0, "cannot be printed"),
        ("x" * 100_001, 0, "100 kB"),
        ("\n".join("  " * n + "- x" for n in range(81)), 0, "levels deep"),
        ("fine", "", "too old"),
        ("fine", "first", "too old"),
    ],
)
def test_what_cannot_be_stored_is_said_and_comes_back(
    client, world, meeting, text, version, sentence
):
    client.force_login(world.secretary)
    item = item_of(meeting)
    answer = save(client, meeting, item, text, version)
    assert answer.status_code == 422
    assert sentence in answer.json()["error"]
    page = save(client, meeting, item, text, version, Accept="text/html").content.decode()
    assert "Your words are still here" in page
    assert not Note.objects.filter(item=item).exists()


def test_an_unknown_part_is_nothing(client, world, meeting):
    client.force_login(world.secretary)
    assert save(client, meeting, item_of(meeting), "x", 0, part="secret").status_code == 404


def test_an_item_of_another_meeting_is_not_reached_through_this_one(client, world, meeting):
    other = in_session(world, ref="soc-board-other")
    client.force_login(world.secretary)
    assert save(client, meeting, item_of(other), "x", 0).status_code == 404
    assert not Note.objects.exists()


def test_minutes_that_left_draft_are_not_written_in(client, world):
    meeting = held(world)
    item = item_of(meeting)
    perform(CHECK, meeting.minutes.get(), by=world.chair)
    client.force_login(world.secretary)
    answer = save(client, meeting, item, "Changed afterwards", 0)
    assert answer.status_code == 422
    assert "checked by the chair" in answer.json()["error"]
    assert Note.objects.get(item=item).text.startswith("Members heard the police.")


def test_a_restricted_part_written_after_the_end_gets_its_minutes(client, world, meeting):
    perform(END, meeting, by=world.secretary)
    client.force_login(world.secretary)
    assert (
        save(client, meeting, item_of(meeting), "Secret", 0, part="restricted").status_code == 200
    )
    assert set(Minutes.objects.values_list("part", flat=True)) == {"board", "restricted"}


def test_nothing_typed_makes_no_row(client, world, meeting):
    client.force_login(world.secretary)
    assert save(client, meeting, item_of(meeting), "", 0, part="restricted").status_code == 200
    assert not Note.objects.exists()


def test_working_notes_are_saved_apart_with_a_version_of_their_own(client, world, meeting):
    client.force_login(world.secretary)
    item = item_of(meeting)
    assert save(client, meeting, item, "Ask fire", 0, part="working").json()["version"] == 1
    answer = save(client, meeting, item, "Ask health", 0, part="working")
    assert (answer.status_code, answer.json()["theirs"]) == (409, "Ask fire")
    assert AgendaItem.objects.get(pk=item.pk).working_notes == "Ask fire"
    assert not Note.objects.exists()


# Two at once, each on a connection of its own


def race_on_one_note():
    world = make_world()
    item = item_of(in_session(world))
    save_note(item, "board", "As it was", 0, by=world.secretary)
    texts = ["Fire crews see inside.", "Health will write."]
    return (
        item,
        texts,
        at_once(
            [
                lambda text=text: save_note(item, "board", text, 1, by=world.secretary)
                for text in texts
            ]
        ),
    )


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_once_one_is_accepted_and_the_other_kept_beside():
    item, texts, outcomes = race_on_one_note()
    assert sorted(outcome.accepted for outcome in outcomes) == [False, True], outcomes
    loser = next(outcome for outcome in outcomes if not outcome.accepted)
    note = Note.objects.get(item=item)
    assert loser.text == note.text
    kept = note.history.get(history_change_reason=BESIDE)
    assert {note.text, kept.text} == set(texts)


@pytest.mark.django_db(transaction=True)
def test_without_the_comparison_of_versions_a_text_would_be_overwritten(monkeypatch):
    """The control of the test above."""
    monkeypatch.setattr(saving, "is_stale", lambda row, version: False)
    item, _, outcomes = race_on_one_note()
    assert [outcome.accepted for outcome in outcomes] == [True, True], outcomes
    assert not Note.objects.get(item=item).history.filter(history_change_reason=BESIDE).exists()


@pytest.mark.django_db(transaction=True)
@needs_row_locks
def test_without_the_lock_both_would_be_accepted(monkeypatch):
    """The other control: the version alone does not help when both read it before either writes."""
    queryset = Note.objects._queryset_class
    monkeypatch.setattr(queryset, "select_for_update", queryset.all)
    monkeypatch.setattr(saving, "lock_minutes", lambda meeting, part: None)
    stale = saving.is_stale
    monkeypatch.setattr(
        saving, "is_stale", lambda row, version: (stale(row, version), time.sleep(0.3))[0]
    )
    _, _, outcomes = race_on_one_note()
    assert [outcome.accepted for outcome in outcomes] == [True, True], outcomes


@pytest.mark.django_db(transaction=True)
def test_two_first_words_at_once_make_one_note():
    world = make_world()
    item = item_of(in_session(world))
    outcomes = at_once(
        [
            lambda text=text: save_note(item, "board", text, 0, by=world.secretary)
            for text in ("One", "Two")
        ]
    )
    assert sorted(outcome.accepted for outcome in outcomes) == [False, True], outcomes
    assert Note.objects.filter(item=item).count() == 1


@pytest.mark.django_db(transaction=True)
def test_working_notes_too_are_compared_under_the_lock():
    world = make_world()
    item = item_of(in_session(world))
    outcomes = at_once(
        [
            lambda text=text: save_working_notes(item, text, 0, by=world.secretary)
            for text in ("One", "Two")
        ]
    )
    assert sorted(outcome.accepted for outcome in outcomes) == [False, True], outcomes


@pytest.mark.django_db(transaction=True)
@needs_row_locks
def test_whose_turn_does_not_come_is_told_so_and_keeps_the_words():
    world = make_world()
    meeting = in_session(world)
    item = item_of(meeting)
    held, done = threading.Event(), threading.Event()

    def somebody_else():
        with transaction.atomic():
            Meeting.objects.select_for_update().get(pk=meeting.pk)
            Note.objects.select_for_update().get_or_create(item=item)
            held.set()
            done.wait(20)

    def secretary():
        client = Client(raise_request_exception=False)
        client.force_login(world.secretary)
        try:
            held.wait(20)
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '200ms'")
            return save(client, meeting, item, "Mine", 0)
        finally:
            done.set()

    _, answer = at_once([somebody_else, secretary])
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "send it once more in a minute" in answer.content.decode()
