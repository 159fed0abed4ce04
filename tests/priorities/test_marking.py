"""Only the originator changes a marking, with a reason; both values are written down."""

import pytest
from django.urls import reverse

from board.models import AuditEvent
from tests.builders import open_round, part_of, receive, returns_of, submit

from .test_return_form import opened


@pytest.fixture
def part(world):
    round = open_round(world)
    part = submit(part_of(round, world.police, world.slavery), world.police_lead)
    return receive(part, world.secretary)


@pytest.fixture
def page(part):
    return reverse("priorities:return_marking", args=[part.agency_return_id])


def chosen(client, page, **others):
    """What the page would send back."""
    form = client.get(page).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    data["shared_with"] = [agency.pk for agency in data["shared_with"]]
    return data | others


def test_the_lead_marks_a_part_and_names_who_may_read_it(client, world, part, page):
    client.force_login(world.police_lead)
    number = number_of(client, page, world.slavery)
    data = chosen(client, page, reason="A victim could be known by it.")
    data |= {number: "OFFICIAL-SENSITIVE", "shared_with": [world.fire.pk]}
    assert client.post(page, data).status_code == 302
    part.refresh_from_db()
    assert (part.marking, part.agency_return.marking) == ("OFFICIAL-SENSITIVE", "OFFICIAL")
    assert list(part.agency_return.shared_with.all()) == [world.fire]
    event = AuditEvent.objects.get(act="change the marking")
    assert (event.before, event.after, event.note, event.subject) == (
        "OFFICIAL", "OFFICIAL-SENSITIVE", "A victim could be known by it.",
        f"priorities.priorityreturn:{part.pk}",
    )  # fmt: skip
    assert world.fire.name in AuditEvent.objects.get(act="change who may read it").note
    client.force_login(world.member)
    assert "Visited nine hotels" not in client.get(part.get_absolute_url()).content.decode()


def number_of(client, page, priority):
    form = client.get(page).context["form"]
    return next(name for name, field in form.fields.items() if field.label == priority.name)


@pytest.mark.parametrize("change", [{"reason": ""}, {"reason": "Nothing chosen otherwise."}])
def test_without_a_reason_or_a_change_nothing_happens(client, world, part, page, change):
    client.force_login(world.police_lead)
    data = chosen(client, page, **change)
    if not change["reason"]:
        data[number_of(client, page, world.slavery)] = "OFFICIAL-SENSITIVE"
    assert client.post(page, data).status_code == 422
    part.refresh_from_db()
    assert part.marking == "OFFICIAL"
    assert not AuditEvent.objects.filter(act="change the marking").exists()


def test_an_old_page_does_not_take_a_marking_back(client, world, part, page):
    client.force_login(world.police_lead)
    old = chosen(client, page, reason="Late thought")
    marked = chosen(client, page, reason="Care")
    marked[number_of(client, page, world.slavery)] = "OFFICIAL-SENSITIVE"
    client.post(page, marked)
    old[number_of(client, page, world.drugs)] = "OFFICIAL-SENSITIVE"
    response = client.post(page, old)
    assert response.status_code == 422
    assert "Somebody else changed the marking" in response.content.decode()
    part.refresh_from_db()
    assert part.marking == "OFFICIAL-SENSITIVE"
    name = number_of(client, page, world.slavery)
    assert response.context["form"][name].value() == "OFFICIAL-SENSITIVE"


def test_a_contributor_and_the_secretary_do_not_mark(client, world, page):
    for person in (world.police_contributor, world.secretary):
        client.force_login(person)
        assert client.post(page, {"reason": "Mine"}).status_code == 403


def test_nobody_marks_from_the_form_of_the_return(client, world):
    whole = returns_of(open_round(world), world.police)
    client.force_login(world.police_lead)
    edit = reverse("priorities:return_edit", args=[whole.pk])
    data = opened(client, edit) | {"act": "save", "new_information": "Calls"}
    client.post(edit, data | {"marking": "OFFICIAL-SENSITIVE"})
    whole.refresh_from_db()
    assert (whole.new_information, whole.marking) == ("Calls", "OFFICIAL")
