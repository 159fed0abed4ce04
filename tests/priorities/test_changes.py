"""What changes while a round is open is prepared, and done by the secretary's one press."""

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from board.models import AuditEvent, Seat
from board.workflow import perform
from meetings.models import Decision
from meetings.outcomes import ADOPT, RETIRE
from priorities.changes import changes, follow, set_aside
from priorities.models import PriorityReturn, Responsibility, ReturnState
from priorities.queries import waiting
from priorities.transitions import CLOSE_ROUND
from tests.builders import (
    answers_for,
    days_ago,
    make_agency,
    make_item,
    make_priority,
    make_world,
    open_round,
    part_of,
    seat,
    submit,
)
from tests.meetings.rooms import held
from tests.racing import at_once

TODAY = timezone.localdate


@pytest.fixture
def round(world):
    return open_round(world)


def prepared(round):
    return [
        ("lift" if change.part else "add", change.agency.short, change.priority.name, change.reason)
        for change in changes([round], TODAY())[round.pk]
    ]


def decide(world, priority):
    """A meeting of today that decided on a priority."""
    day = TODAY()
    item = make_item(held(world, day=(day.year, day.month, day.day)), 30, priority=priority)
    Decision.objects.create(item=item, priority=priority, outcome="agreed", text="So agreed.")


def responsibility_begins(world):
    answers_for(world.fire, world.drugs, start=TODAY())
    return [("add", "Fire", "Illicit drugs", f"Answers for it (contributing) since {said()}.")]


def responsibility_ends(world):
    Responsibility.objects.filter(agency=world.fire).update(end=days_ago(1))
    return [("lift", "Fire", "Modern slavery", f"Answered for it until {said(1)}.")]


def responsibility_becomes_information(world):
    Responsibility.objects.filter(agency=world.fire).update(end=days_ago(1))
    answers_for(world.fire, world.slavery, "informed", start=TODAY())
    return [("lift", "Fire", "Modern slavery", f"Is only kept informed since {said()}.")]


def priority_is_adopted(world):
    fraud = make_priority(world.board, "Fraud", lead=world.police, adopted=False)
    answers_for(world.police, fraud, "lead")
    decide(world, fraud)
    perform(ADOPT, fraud, by=world.secretary)
    return [("add", "Police", "Fraud", f"The Board adopted the priority on {said()}.")]


def priority_is_retired(world):
    decide(world, world.drugs)
    perform(RETIRE, world.drugs, by=world.secretary)
    return [("lift", "Police", "Illicit drugs", f"The Board retired the priority on {said()}.")]


def seat_begins(world):
    health = make_agency("Health", short_name="Health")
    answers_for(health, world.slavery)
    seat(world.board, health, start=TODAY())
    return [("add", "Health", "Modern slavery", f"Has its seat on the Board since {said()}.")]


def seat_ends(world):
    Seat.objects.filter(agency=world.fire).update(end=days_ago(1))
    return [("lift", "Fire", "Modern slavery", f"Had its seat on the Board until {said(1)}.")]


def said(ago=0):
    return f"{days_ago(ago):%-d %B %Y}"


EVENTS = (
    responsibility_begins,
    responsibility_ends,
    responsibility_becomes_information,
    priority_is_adopted,
    priority_is_retired,
    seat_begins,
    seat_ends,
)


@pytest.mark.parametrize("event", EVENTS)
def test_it_is_prepared_and_done_by_one_press_with_day_and_reason(client, world, round, event):
    assert prepared(round) == []
    expected = event(world)
    assert prepared(round) == expected
    [(kind, _, _, reason)] = expected
    client.force_login(world.secretary)
    page = client.get(round.get_absolute_url())
    [change] = page.context["changes"]
    assert reason in page.content.decode()
    assert "Bring the round up to date: 1 change" in [row.act for row in waiting(world.secretary)]
    # Looking does nothing.
    assert prepared(round) == expected
    address = reverse("priorities:follow_changes", args=[round.ref])
    assert (
        "1 change made"
        in client.post(address, {"change": [change.key]}, follow=True).content.decode()
    )
    part = part_of(round, change.agency, change.priority)
    if kind == "add":
        assert (part.added_on, part.added_reason, part.lifted_on) == (TODAY(), reason, None)
    else:
        assert (part.lifted_on, part.lifted_reason) == (TODAY(), reason)
    assert AuditEvent.objects.filter(
        act="add an expectation" if kind == "add" else "lift the expectation", note=reason
    ).exists()
    assert prepared(round) == []
    again = client.post(address, {"change": [change.key]}, follow=True).content.decode()
    assert "Nothing was changed: it is done by now" in again


def test_what_came_is_never_lifted(world, round):
    submit(part_of(round, world.police, world.drugs), world.police_lead)
    priority_is_retired(world)
    assert prepared(round) == []


def test_what_came_between_looking_and_pressing_is_not_lifted(client, world, round):
    priority_is_retired(world)
    [change] = changes([round], TODAY())[round.pk]
    submit(part_of(round, world.police, world.drugs), world.police_lead)
    client.force_login(world.secretary)
    client.post(reverse("priorities:follow_changes", args=[round.ref]), {"change": [change.key]})
    part = part_of(round, world.police, world.drugs)
    assert (part.state, part.lifted_on) == (ReturnState.SUBMITTED, None)


def test_what_the_secretary_did_by_hand_is_left(client, world, round):
    client.force_login(world.secretary)
    address = reverse("priorities:expect", args=[round.ref])
    data = {"agency": world.fire.pk, "priority": world.drugs.pk, "reason": "Asked by the chair."}
    assert client.post(address, data).status_code == 302
    PriorityReturn.objects.filter(priority=world.slavery).update(
        lifted_on=TODAY(), lifted_reason="Agreed."
    )
    assert prepared(round) == []


def test_only_what_is_ticked_is_done(client, world, round):
    responsibility_begins(world)
    seat_begins(world)
    first, second = changes([round], TODAY())[round.pk]
    client.force_login(world.secretary)
    address = reverse("priorities:follow_changes", args=[round.ref])
    client.post(address, {"change": [second.key, "add-1-999", "nonsense"]})
    assert [change.key for change in changes([round], TODAY())[round.pk]] == [first.key]


def test_what_is_decided_against_is_set_aside_with_its_reason(client, world, round):
    responsibility_begins(world)
    seat_begins(world)
    first, second = changes([round], TODAY())[round.pk]
    client.force_login(world.secretary)
    address = reverse("priorities:set_aside", args=[round.ref, first.key])
    assert address in client.get(round.get_absolute_url()).content.decode()
    assert first.reason in client.get(address).content.decode()

    page = client.post(address, {"reason": ""})
    assert page.status_code == 422
    assert "Give the reason." in page.content.decode()
    page = client.post(address, {"reason": "x" * 301})
    assert (page.status_code, "x" * 301 in page.content.decode()) == (422, True)
    assert len(changes([round], TODAY())[round.pk]) == 2

    page = client.post(address, {"reason": "Fire answers from January."}, follow=True)
    page = page.content.decode()
    assert "Set aside. It stays below" in page
    assert f"{first.reason}<span" in page
    assert "Secretary: Fire answers from January." in page
    assert [change.key for change in changes([round], TODAY())[round.pk]] == [second.key]
    assert "Bring the round up to date: 1 change" in [row.act for row in waiting(world.secretary)]
    event = AuditEvent.objects.get(act="set a change aside")
    assert (event.actor, event.board) == (world.secretary, world.board)
    assert "Fire answers from January." in event.note
    # Once, whatever is pressed again; nor is it done with the others by an older page.
    again = client.post(address, {"reason": "Again."}, follow=True).content.decode()
    assert "Nothing was changed: this is no longer prepared." in again
    everything = {"change": [first.key, second.key]}
    client.post(reverse("priorities:follow_changes", args=[round.ref]), everything)
    assert not PriorityReturn.objects.filter(
        agency_return__agency=first.agency, priority=first.priority
    ).exists()
    assert prepared(round) == []
    assert "Fire answers from January." in client.get(round.get_absolute_url()).content.decode()
    client.force_login(world.chair)
    assert "from January" not in client.get(round.get_absolute_url()).content.decode()


def test_what_begins_later_is_another_change_than_the_one_set_aside(client, world, round):
    duty = answers_for(world.fire, world.drugs, start=days_ago(3))
    [change] = changes([round], TODAY())[round.pk]
    assert set_aside(round, change.key, "Not yet.", by=world.secretary, at=timezone.now())
    assert prepared(round) == []
    duty.end = days_ago(2)
    duty.save()
    assert prepared(round) == []
    answers_for(world.fire, world.drugs, start=TODAY())
    assert [row[:3] for row in prepared(round)] == [("add", "Fire", "Illicit drugs")]
    assert not set_aside(round, "add-1-999", "None.", by=world.secretary, at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_set_aside_and_done_at_once_is_one_of_the_two():
    with transaction.atomic():
        world = make_world()
        round = open_round(world)
        responsibility_begins(world)
    [change] = changes([round], TODAY())[round.pk]
    outcomes = at_once(
        [
            lambda: set_aside(round, change.key, "No.", by=world.secretary, at=timezone.now()),
            lambda: follow(round, {change.key}, by=world.secretary, day=TODAY()),
        ]
    )
    assert sorted(map(int, outcomes)) == [0, 1], outcomes


def test_a_closed_round_asks_nothing_and_keeps_the_priorities_it_had(client, world, round):
    for priority in (world.slavery, world.drugs):
        submit(part_of(round, world.police, priority), world.police_lead)
    closed = perform(CLOSE_ROUND, round, by=world.secretary)
    priority_is_retired(world)
    fraud = make_priority(world.board, "Fraud", lead=world.police, adopted_on=TODAY())
    answers_for(world.police, fraud, "lead", start=TODAY())
    assert changes([closed], TODAY()) == {}
    client.force_login(world.member)
    page = client.get(closed.get_absolute_url()).context["matrix"]
    assert [priority.name for priority in page.priorities] == ["Modern slavery", "Illicit drugs"]
    # and the next one asks for what is in force
    following = open_round(world, day=closed.quarter_end + timezone.timedelta(days=1))
    client.get(following.get_absolute_url())
    page = client.get(following.get_absolute_url()).context["matrix"]
    assert {priority.name for priority in page.priorities} == {"Modern slavery", "Fraud"}


@pytest.mark.parametrize("number", [1, 5])
def test_four_queries_whatever_changed(world, round, number, django_assert_num_queries):
    for n in range(number):
        agency = make_agency(f"Agency {n}", short_name=f"A{n}")
        seat(world.board, agency)
        answers_for(agency, world.slavery, start=TODAY())
    with django_assert_num_queries(4):
        assert len(changes([round], TODAY())[round.pk]) == number
