"""A return that saves itself: nothing acknowledged is lost, nothing overwrites another's words."""

import pytest
from django.urls import reverse

from board.beside import BESIDE
from board.models import AuditEvent
from board.workflow import perform
from priorities.models import PriorityReturn
from priorities.transitions import RAISE_QUERY_ON_PART
from tests.builders import open_round, part_of, returns_of, submit

from .test_return_form import opened


@pytest.fixture
def round(world):
    return open_round(world)


@pytest.fixture
def edit(round, world):
    return reverse("priorities:return_edit", args=[returns_of(round, world.police).pk])


def address(edit, section):
    return reverse("priorities:return_save", args=[edit.split("/")[3], section])


def section_of(data, slug):
    return {name: value for name, value in data.items() if name.startswith(f"{slug}-")}


def test_it_keeps_the_words_and_writes_no_event(client, world, edit, round):
    client.force_login(world.police_contributor)
    slug = world.slavery.slug
    data = section_of(opened(client, edit), slug)
    events = AuditEvent.objects.count()
    answer = client.post(
        address(edit, slug), data | {f"{slug}-did": "Nine ", f"{slug}-strands": ["protect"]}
    )
    assert answer.status_code == 200
    part = part_of(round, world.police, world.slavery)
    assert (part.did.strip(), part.protect, part.version) == ("Nine", True, 1)
    assert AuditEvent.objects.count() == events
    # What came back lets the page go on: the next save is not stale.
    data |= answer.json()["fields"] | {f"{slug}-did": "Nine hotels"}
    answer = client.post(address(edit, slug), data)
    assert answer.status_code == 200
    assert part_of(round, world.police, world.slavery).did == "Nine hotels"


def test_the_same_words_again_are_accepted_though_the_answer_was_lost(client, world, edit, round):
    client.force_login(world.police_lead)
    slug = world.slavery.slug
    data = section_of(opened(client, edit), slug) | {f"{slug}-did": "Nine"}
    client.post(address(edit, slug), data)
    answer = client.post(address(edit, slug), data)
    assert answer.status_code == 200
    assert part_of(round, world.police, world.slavery).version == 1
    data |= answer.json()["fields"] | {f"{slug}-did": "Nine hotels"}
    assert client.post(address(edit, slug), data).status_code == 200


def test_an_overtaken_page_gets_both_texts_and_its_own_is_kept_beside(client, world, edit, round):
    slug = world.slavery.slug
    client.force_login(world.police_lead)
    mine = section_of(opened(client, edit), slug) | {
        f"{slug}-did": "Mine",
        f"{slug}-confidence": "low",
    }
    client.force_login(world.police_contributor)
    theirs = section_of(opened(client, edit), slug) | {f"{slug}-did": "Theirs"}
    client.post(address(edit, slug), theirs)
    client.force_login(world.police_lead)
    answer = client.post(address(edit, slug), mine)
    assert answer.status_code == 409
    said = answer.json()
    assert said["by"] == str(world.police_contributor)
    assert {(d["label"], d["yours"], d["theirs"]) for d in said["differences"]} == {
        ("What we did", "Mine", "Theirs"),
        ("How confident are you in your own work on this?", "Low", ""),
    }
    part = part_of(round, world.police, world.slavery)
    assert (part.did, part.confidence) == ("Theirs", "")
    kept = part.history.get(history_change_reason=BESIDE)
    assert (kept.did, kept.confidence, kept.history_user) == ("Mine", "low", world.police_lead)
    # Choosing is one more save, with the version that came back.
    mine |= said["fields"] | {f"{slug}-did": "Mine\n\nTheirs"}
    assert client.post(address(edit, slug), mine).status_code == 200
    assert part_of(round, world.police, world.slavery).did == "Mine\n\nTheirs"


def test_an_answer_to_a_query_saves_itself_and_is_not_overwritten(client, world, edit, round):
    part = submit(part_of(round, world.police, world.slavery), world.police_lead)
    perform(RAISE_QUERY_ON_PART, part, by=world.secretary, note="How many hotels?")
    query = part.queries.get()
    slug, box = world.slavery.slug, f"query-{query.pk}-answer"
    client.force_login(world.police_lead)
    page = opened(client, edit)
    data = section_of(page, slug) | section_of(page, f"query-{query.pk}")
    assert client.post(address(edit, slug), data | {box: "Nine."}).status_code == 200
    query.refresh_from_db()
    assert (query.answer, query.answered_at) == ("Nine.", None)
    answer = client.post(address(edit, slug), data | {box: "Ten."})
    assert answer.status_code == 409
    query.refresh_from_db()
    assert query.answer == "Nine."


@pytest.mark.parametrize("words", ["a\x00b", "\n".join("  " * n + "- deep" for n in range(9))])
def test_what_cannot_be_stored_gets_a_sentence(client, world, edit, round, words):
    client.force_login(world.police_lead)
    slug = world.slavery.slug
    data = section_of(opened(client, edit), slug)
    answer = client.post(address(edit, slug), data | {f"{slug}-did": words})
    assert answer.status_code == 422
    assert answer.json()["error"].startswith("What we did: ")
    assert part_of(round, world.police, world.slavery).did == ""


def test_what_was_submitted_meanwhile_is_not_changed(client, world, edit, round):
    client.force_login(world.police_lead)
    slug = world.slavery.slug
    data = section_of(opened(client, edit), slug)
    submit(part_of(round, world.police, world.slavery), world.police_lead)
    answer = client.post(address(edit, slug), data | {f"{slug}-did": "Late words"})
    assert answer.status_code == 422
    assert "no longer a draft" in answer.json()["error"]
    assert not PriorityReturn.objects.filter(did="Late words").exists()
