"""Every version of a return is kept, and any two can be compared."""

import re

import pytest
from django.urls import reverse

from board.beside import keep_beside
from board.workflow import perform
from priorities.transitions import RAISE_QUERY_ON_PART, SUBMIT_PART
from tests.builders import days_ago, fill, london, open_round, part_of, receive, returns_of, submit


@pytest.fixture
def part(world):
    """Submitted, queried, rewritten in two saves, submitted again and received."""
    round = open_round(world)
    part = submit(part_of(round, world.police, world.slavery), world.police_lead)
    part = perform(RAISE_QUERY_ON_PART, part, by=world.secretary, note="How many?")
    for words in ("Visited n", "Visited nine hotels and a farm."):
        part.did = words
        part.version += 1
        part.save()
    part.queries.update(
        answer="Ten.", answered_at=london(2026, 1, 1), answered_by=world.police_lead
    )
    part = perform(SUBMIT_PART, part, by=world.police_lead)
    return receive(part, world.secretary)


def page(client, part, **asked):
    response = client.get(reverse("priorities:versions", args=[part.agency_return_id]), asked)
    assert response.status_code == 200
    return response, re.sub(r"\s+", " ", response.content.decode())


def test_what_was_submitted_each_time_is_a_version_and_not_each_save(client, world, part):
    client.force_login(world.police_contributor)
    response, text = page(client, part)
    versions = next(s for s in response.context["sections"] if s["title"] == "Modern slavery")
    assert [(v.name, v.row.did) for v in versions["versions"]] == [
        ("Submitted, as it is now", "Visited nine hotels and a farm."),
        ("Submitted", "Visited nine hotels with the council."),
    ]
    assert "<ins>and</ins> <ins>a</ins> <ins>farm.</ins>" in text
    assert "<del>with</del> <del>the</del> <del>council.</del>" in text


def test_words_kept_beside_are_among_them(client, world, part):
    part.did = "Came too late."
    keep_beside(part, by=world.police_contributor, at=london(2026, 1, 2))
    client.force_login(world.secretary)
    kept = part.history.get(did="Came too late.")
    _, text = page(client, part, older=kept.pk)
    assert "Kept beside, not stored" in text
    assert "<del>Came</del> <del>too</del> <del>late.</del>" in text


def test_another_returns_version_is_not_shown_by_its_number(client, world, part):
    other = fill(part_of(part.agency_return.round, world.fire, world.slavery))
    other.did = "Fire's own words."
    other.save()
    client.force_login(world.police_lead)
    _, text = page(client, part, older=other.history.first().pk, newer="nonsense")
    assert "own words" not in text


def test_what_differs_from_last_quarter_is_marked(client, world):
    before = open_round(world, day=days_ago(92))
    submit(part_of(before, world.police, world.slavery), world.police_lead)
    now = open_round(world)
    part = fill(part_of(now, world.police, world.slavery))
    part.did = "Visited ten hotels with the council."
    part.save()
    client.force_login(world.police_lead)
    text = client.get(returns_of(now, world.police).get_absolute_url()).content.decode()
    assert "Visited <ins>ten</ins> hotels with the council." in text
    assert "Visited <del>nine</del> hotels with the council." in text
