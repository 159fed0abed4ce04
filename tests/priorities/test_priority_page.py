"""The page of a priority tells its story, as far as its reader may know it."""

import re

import pytest

from board.markings import Marking
from board.workflow import perform
from meetings.models import Decision
from priorities.models import NationalThreat, Objective
from priorities.transitions import SUBMIT_PART
from tests.builders import (
    days_ago,
    fill,
    make_action,
    make_item,
    make_learning,
    make_threat,
    open_round,
    part_of,
    receive,
)
from tests.meetings.rooms import held


def page(client, world, person):
    client.force_login(person)
    response = client.get(world.slavery.get_absolute_url())
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def answered(world, round, confidence):
    part = fill(part_of(round, world.police, world.slavery))
    part.confidence = confidence
    part.save()
    return receive(perform(SUBMIT_PART, part, by=world.police_lead), world.secretary)


@pytest.fixture
def rounds(world):
    """Two quarters: in the first the police were sure of it and the fire service said nothing."""
    before = open_round(world, day=days_ago(92))
    now = open_round(world)
    answered(world, before, "high")
    answered(world, now, "low")
    return before, now


def test_each_thing_of_its_story_stands_on_it(client, world, rounds):
    world.slavery.reason = "The scoping of 2018 named it."
    world.slavery.save()
    watched = NationalThreat.objects.create(
        name="Modern slavery nationally", source="A list", valid_from=days_ago(9),
        monitored_by=world.fire,
    )  # fmt: skip
    unwatched = NationalThreat.objects.create(
        name="Forced labour", source="A list", valid_from=days_ago(9)
    )
    world.slavery.national_threats.add(watched, unwatched)
    Objective.objects.create(
        priority=world.slavery, strand="protect", title="One route for referrals",
        owner=world.fire, due=days_ago(-3), progress="on_track", progress_note="Wording agreed",
    )  # fmt: skip
    item = make_item(held(world), 30, priority=world.slavery)
    Decision.objects.create(
        item=item, priority=world.slavery, outcome="agreed", text="Print the page of signs."
    )
    action = make_action(world.board, agency=world.police, priority=world.slavery)
    make_threat(world.board, world.fire, world.fire_lead, priority=world.slavery)
    make_learning(
        world.board, follow_up_agency=world.fire, follow_up_by=days_ago(-5)
    ).priorities.add(world.slavery)
    text = page(client, world, world.member)
    for said in (
        "The scoping of 2018 named it.",
        f"a priority since {world.slavery.adopted_on:%-d %B %Y}",
        'Modern slavery nationally</a><span class="sub">A list · watched by Fire',
        'Forced labour</a><span class="sub">A list · nobody is named to watch it',
        "<dt>Police</dt><dd>Lead",
        "One route for referrals",
        "Wording agreed",
        "Print the page of signs.",
        action.reference,
        "Counterfeit goods by post",
        "A day on partnership",
        f"Fire follows it up by {days_ago(-5):%-d %B %Y}",
        rounds[0].title,
        rounds[1].title,
    ):
        assert said in text, said


def pictures(text):
    return re.findall(r'class="spark"[^>]* aria-label="([^"]*)"', text)


def test_each_quarters_confidence_is_a_picture_with_its_table(client, world, rounds):
    text = page(client, world, world.member)
    assert "Police, oldest quarter first: high, low" in pictures(text)
    row = text[text.index('<th scope="row">Police') :].partition("</tr>")[0]
    assert re.findall(r'<a href="[^"]*">(\w+)<span', row) == ["High", "Low"]
    # as many columns as quarters, the last of them marked as now
    assert (row.count('<svg x="'), row.count('class="spark__now"')) == (2, 1)


def test_what_is_closed_is_neither_told_nor_drawn(client, world, rounds):
    part = part_of(rounds[0], world.police, world.slavery)
    part.marking = Marking.SENSITIVE
    part.save()
    assert "Police, oldest quarter first: not open to you, low" in pictures(
        page(client, world, world.member)
    )
    assert "High" not in page(client, world, world.member)
    assert "Police, oldest quarter first: high, low" in pictures(page(client, world, world.chair))
    assert pictures(page(client, world, world.observer)) == []


@pytest.mark.parametrize("many", [False, True])
def test_queries_are_as_many_for_one_row_as_for_many(
    client, world, rounds, many, django_assert_num_queries
):
    lines = 3 if many else 1
    for n in range(lines):
        line = NationalThreat.objects.create(
            name=f"Line {n}", source="S", valid_from=days_ago(9), monitored_by=world.fire
        )
        world.slavery.national_threats.add(line)
        learnt = make_learning(world.board, follow_up_agency=world.fire, follow_up_by=days_ago(-5))
        learnt.priorities.add(world.slavery)
        make_threat(world.board, world.fire, world.fire_lead, priority=world.slavery)
        make_action(world.board, agency=world.police, priority=world.slavery)
    if many:
        open_round(world, day=days_ago(184))
    client.force_login(world.member)
    client.get(world.slavery.get_absolute_url())
    with django_assert_num_queries(15):
        client.get(world.slavery.get_absolute_url())
