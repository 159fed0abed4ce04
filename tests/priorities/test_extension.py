"""More time for one agency, dated and explained; the round's day stays for the others."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from board.models import AuditEvent
from priorities.matrix import Matrix
from priorities.models import PriorityReturn
from priorities.queries import waiting
from tests.builders import days_ago, open_round, part_of, returns_of, submit


@pytest.fixture
def round(world):
    return open_round(world, due=days_ago(3))


def extend(client, world, round, day, reason="Two people on leave"):
    client.force_login(world.secretary)
    address = reverse("priorities:extend", args=[returns_of(round, world.police).pk])
    new = {"extended_to_day": day.day, "extended_to_month": day.month, "extended_to_year": day.year}
    return client.post(address, new | {"reason": reason}, follow=True)


def test_until_the_new_day_it_is_not_late(client, world, round):
    day = timezone.localdate() + datetime.timedelta(days=5)
    assert PriorityReturn.objects.late().count() == 3
    text = extend(client, world, round, day).content.decode()
    assert "Two people on leave" in text
    assert {part.agency_return.agency for part in PriorityReturn.objects.late()} == {world.fire}
    kinds = {
        (row.agency.short, cell.kind, cell.late)
        for row in Matrix(round, world.secretary).rows
        for cell in row.cells
        if cell.asked
    }
    assert kinds == {("Police", "awaited", 0), ("Fire", "none", 3)}
    [task] = [item for item in waiting(world.police_lead) if "Write your return" in item.act]
    assert (task.due, task.late) == (day, 0)
    asks = next(item for item in waiting(world.secretary) if "missing" in item.act)
    assert asks.why.endswith("No return from Fire.")
    event = AuditEvent.objects.get(act="give more time")
    assert (event.before, event.after, event.note) == (
        str(round.due), str(day), "Two people on leave",
    )  # fmt: skip
    # In time by its own day: nobody asks why it is late.
    part = submit(part_of(round, world.police, world.slavery), world.police_lead)
    assert (part.days_late, part.late_reason) == (0, "")


@pytest.mark.parametrize(
    ("days", "reason", "sentence"),
    [
        (-3, "Leave", "It has time until"),
        (-1, "Leave", "Give a day that is still to come."),
        (5, "", "Give the reason."),
    ],
)
def test_a_day_that_is_no_gift_gets_a_sentence(client, world, round, days, reason, sentence):
    day = timezone.localdate() + datetime.timedelta(days=days)
    response = extend(client, world, round, day, reason)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert returns_of(round, world.police).extended_to is None


def test_what_all_came_needs_no_more_time(client, world, round):
    for priority in (world.slavery, world.drugs):
        part = part_of(round, world.police, priority)
        part.agency_return.priority_returns.filter(pk=part.pk).update(
            lifted_on=days_ago(1), lifted_reason="Left"
        )
    response = extend(client, world, round, timezone.localdate() + datetime.timedelta(days=5))
    assert "Nothing was changed" in response.content.decode()
