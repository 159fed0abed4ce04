"""Who answers for what, the plan by the 4 Ps, and the national list, kept through the pages."""

import pytest
from django.urls import reverse
from django.utils import timezone

from board.models import AuditEvent
from priorities.models import NationalThreat, Objective
from tests.builders import days_ago, make_agency, open_round, seat


def day(name, value):
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def text(response):
    return response.content.decode()


def test_an_agency_takes_something_on_and_the_next_round_asks_it(client, world):
    health = make_agency("Health")
    seat(world.board, health)
    client.force_login(world.secretary)
    address = reverse("priorities:responsibilities", args=[world.slavery.slug])
    data = {"agency": health.pk, "role": "contributing", "answers_for": "Care of victims"}
    response = client.post(address, data | day("start", timezone.localdate()), follow=True)
    assert "Care of victims" in text(response)
    assert AuditEvent.objects.filter(act="add a responsibility", note="Care of victims").exists()
    round = open_round(world)
    assert round.agency_returns.filter(agency=health).exists()
    again = client.post(address, data | day("start", timezone.localdate()))
    assert again.status_code == 422
    assert "give that its last day first" in text(again)


def test_it_ends_on_a_day_and_stays_on_record(client, world):
    row = world.slavery.responsibilities.get(agency=world.fire)
    client.force_login(world.secretary)
    address = reverse("priorities:responsibility_end", args=[world.slavery.slug, row.pk])
    early = client.post(address, day("end", days_ago(2000)))
    assert early.status_code == 422
    client.post(address, day("end", days_ago(1)) | {"reason": "Merged"})
    row.refresh_from_db()
    assert row.end == days_ago(1)
    assert AuditEvent.objects.get(act="end a responsibility").note == "Merged"
    page = text(client.get(reverse("priorities:responsibilities", args=[world.slavery.slug])))
    assert world.fire.name in page.partition("Earlier")[2]
    assert client.post(address, day("end", days_ago(1))).status_code == 404


def test_an_agency_of_another_board_cannot_be_chosen(client, world):
    stranger = make_agency("Stranger")
    client.force_login(world.secretary)
    address = reverse("priorities:responsibilities", args=[world.slavery.slug])
    data = {"agency": stranger.pk, "role": "lead"} | day("start", timezone.localdate())
    response = client.post(address, data)
    assert response.status_code == 422
    assert "Stranger" not in text(response)


@pytest.fixture
def objective(client, world):
    client.force_login(world.secretary)
    address = reverse("priorities:objective_new", args=[world.slavery.slug])
    data = {"strand": "protect", "title": "One page of signs", "owner": world.police.pk}
    data |= {"measure": "Printed", "progress": "not_started"} | day("due", days_ago(-60))
    assert client.post(address, data)["Location"].endswith("#plan")
    return Objective.objects.get()


def test_its_owner_says_where_it_stands_and_nothing_else(client, world, objective):
    client.force_login(world.police_lead)
    address = reverse("priorities:objective", args=[objective.pk])
    form = client.get(address).context["form"]
    data = {"version": form["version"].value(), "seen": form["seen"].value()}
    data |= {"progress": "behind", "progress_note": "Wording with partners", "title": "Other"}
    client.post(address, data)
    objective.refresh_from_db()
    assert (objective.progress, objective.title) == ("behind", "One page of signs")
    page = text(client.get(world.slavery.get_absolute_url()))
    assert "Wording with partners" in page
    # A page that was opened before shows both.
    old = client.post(address, data | {"progress": "done"})
    assert old.status_code == 409
    objective.refresh_from_db()
    assert objective.progress == "behind"
    assert objective.history.count() == 2


def test_the_national_list_is_dated_sourced_and_keeps_its_wordings(client, world):
    client.force_login(world.secretary)
    data = {"name": "Firearms", "source": "Annual report, 2015", "order": 1}
    data |= day("valid_from", days_ago(900)) | day("valid_to", days_ago(1000))
    response = client.post(reverse("priorities:national_threat_new"), data)
    assert response.status_code == 422
    assert "It cannot leave the list before it is on it." in text(response)
    data |= {"valid_to_day": "", "valid_to_month": "", "valid_to_year": ""}
    client.post(reverse("priorities:national_threat_new"), data)
    line = NationalThreat.objects.get()
    assert "Nobody is named to watch it" in text(client.get("/priorities/national/"))
    edit = reverse("priorities:national_threat_edit", args=[line.pk])
    form = client.get(edit).context["form"]
    data |= {"version": form["version"].value(), "seen": form["seen"].value()}
    data |= {"name": "Firearms and explosives", "monitored_by": world.police.pk}
    assert client.post(edit, data).status_code == 302
    page = text(client.get(line.get_absolute_url()))
    assert "Firearms and explosives" in page
    assert "watched by nobody" in page
    assert world.police.name in page
