"""Priorities, emerging threats and learning: pages, forms, who may."""

import datetime
import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from board.models import AuditEvent
from priorities.models import (
    EmergingThreat,
    Learning,
    NationalThreat,
    Objective,
    Priority,
)
from priorities.models.plan import RESERVED
from priorities.urls import urlpatterns
from tests.builders import (
    days_ago,
    make_learning,
    make_priority,
    make_threat,
    make_world,
    open_round,
    part_of,
    receive,
    submit,
)


def page(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return re.sub(r"\s+", " ", response.content.decode())


def post(client, address, data):
    return client.post(address, data)


# Priorities


def test_the_list_with_the_national_map(client, world):
    mapped = NationalThreat.objects.create(
        name="Human trafficking", source="Annual report, 2015", valid_from=days_ago(900)
    )
    world.slavery.national_threats.add(mapped)
    NationalThreat.objects.create(
        name="Firearms", source="Annual report, 2015", valid_from=days_ago(900),
        monitored_by=world.police,
    )  # fmt: skip
    NationalThreat.objects.create(
        name="Gone", source="Old", valid_from=days_ago(900), valid_to=days_ago(1)
    )
    client.force_login(world.observer)
    text = page(client, "/priorities/")
    assert "The Board works against modern slavery." in text
    assert "Lead: Police of soc-board · a priority since" in text
    assert "1 of its 2 lines answer to a priority of ours; the others have somebody" in text
    text = page(client, "/priorities/national/")
    assert f'Our priority"><a href="{world.slavery.get_absolute_url()}">Modern slavery</a>' in text
    assert 'Watched by">Police of soc-board' in text
    assert "Annual report, 2015" in text
    assert "Gone" in text.partition("No longer listed")[2]
    client.force_login(world.outsider)
    assert "Police of soc-board" not in page(client, "/priorities/national/")


def test_another_boards_priorities_are_not_there(client, world):
    other = make_world("Other Board")
    client.force_login(world.secretary)
    assert "other-board" not in page(client, "/priorities/")
    page(client, other.slavery.get_absolute_url(), 404)
    client.force_login(world.former)
    assert "The Board has adopted no priority yet." in page(client, "/priorities/")


@pytest.mark.parametrize("count", [0, 5])
def test_the_list_makes_the_same_number_of_queries(client, world, django_assert_num_queries, count):
    for n in range(count):
        priority = make_priority(world.board, f"Priority {n}", lead=world.fire)
        threat = NationalThreat.objects.create(name=f"T{n}", source="S", valid_from=days_ago(9))
        priority.national_threats.add(threat)
    NationalThreat.objects.create(name="One", source="S", valid_from=days_ago(9))
    client.force_login(world.member)
    client.get("/priorities/")
    with django_assert_num_queries(8):
        client.get("/priorities/")


def test_a_priority_shows_its_plan_its_quarters_and_what_bears_on_it(client, world):
    Objective.objects.create(
        priority=world.slavery, strand="protect", title="One route for referrals",
        owner=world.fire, due=days_ago(3), progress="behind", progress_note="Wording",
    )  # fmt: skip
    world.slavery.reason = "The scoping named it."
    world.slavery.save()
    round = open_round(world)
    part = receive(
        submit(part_of(round, world.police, world.slavery), world.police_lead), world.secretary
    )
    make_threat(world.board, world.fire, world.fire_lead, priority=world.slavery)
    make_learning(world.board).priorities.add(world.slavery)
    client.force_login(world.member)
    text = page(client, world.slavery.get_absolute_url())
    assert "The scoping named it." in text
    assert "One route for referrals" in text
    assert "Behind" in text
    assert '<span class="late">late</span>' in text
    assert f'<a href="{part.get_absolute_url()}">Fair' in text
    assert "Awaited" in text
    assert "Counterfeit goods by post" in text
    assert "A day on partnership" in text
    assert "Lead" in text
    # An observer is told what the priorities are, and reads no returns.
    client.force_login(world.observer)
    text = page(client, world.slavery.get_absolute_url())
    assert "The scoping named it." in text
    assert "Quarter by quarter" not in text
    assert "One route for referrals" not in text


def test_a_priority_does_not_tell_what_is_closed(client, world):
    round = open_round(world)
    part = receive(
        submit(part_of(round, world.police, world.slavery), world.police_lead), world.secretary
    )
    part.marking = "OFFICIAL-SENSITIVE"
    part.save()
    client.force_login(world.member)
    text = page(client, world.slavery.get_absolute_url())
    assert "Fair" not in text
    assert "Received" in text
    client.force_login(world.chair)
    text = page(client, world.slavery.get_absolute_url())
    assert "Fair" in text
    assert "<strong>OFFICIAL-SENSITIVE</strong>" in text


def test_the_secretary_proposes_and_edits_a_priority(client, world):
    client.force_login(world.secretary)
    data = {
        "board": world.board.pk, "name": "Fraud", "slug": "fraud", "statement": "Less of it.",
        "lead_agency": world.police.pk,
    }  # fmt: skip
    assert post(client, "/priorities/new/", data)["Location"] == "/priorities/fraud/"
    fraud = Priority.objects.get(slug="fraud")
    assert fraud.state == "proposed"
    text = page(client, "/priorities/")
    assert "a meeting adopts them" in text
    edit = reverse("priorities:priority_edit", args=["fraud"])
    opened = client.get(edit).context["form"]
    sent = {"name": "Fraud", "statement": "Much less.", "lead_agency": world.police.pk,
            "version": opened["version"].value(), "seen": opened["seen"].value()}  # fmt: skip
    assert post(client, edit, sent).status_code == 302
    assert post(client, edit, sent | {"statement": "Other words."}).status_code == 409
    fraud.refresh_from_db()
    assert fraud.statement == "Much less."
    client.force_login(world.chair)
    assert client.get(edit).status_code == 403
    assert client.get("/priorities/new/").status_code == 403


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_an_address_of_the_site_is_no_slug(world, word):
    priority = Priority(
        board=world.board, name="X", slug=word, statement="x", lead_agency=world.police
    )
    with pytest.raises(ValidationError, match="is an address of this site"):
        priority.full_clean()


def test_every_word_used_as_an_address_is_reserved():
    first = {str(url.pattern).split("/")[0] for url in urlpatterns} - {"", "<slug:slug>"}
    assert first <= RESERVED


# Emerging threats


def threat_data(world, **more):
    return {
        "board": world.board.pk,
        "agency": world.police.pk,
        "title": "Skimmers at pumps",
        "description": "Small devices on card readers.",
        "marking": "OFFICIAL",
    } | more


def test_a_contributor_raises_a_threat(client, world):
    client.force_login(world.police_contributor)
    text = page(client, "/priorities/threats/new/")
    assert "No names of cases or people" in text
    response = post(client, "/priorities/threats/new/", threat_data(world))
    threat = EmergingThreat.objects.get()
    assert response["Location"] == threat.get_absolute_url()
    assert (threat.state, threat.raised_by, threat.agency) == (
        "raised", world.police_contributor, world.police,
    )  # fmt: skip
    assert AuditEvent.objects.get(act="raise").actor == world.police_contributor


def test_nobody_raises_for_another_agency_or_on_another_board(client, world):
    other = make_world("Other Board")
    client.force_login(world.police_lead)
    address = "/priorities/threats/new/"
    assert post(client, address, threat_data(world, agency=world.fire.pk)).status_code == 422
    assert post(client, address, threat_data(world, board=other.board.pk)).status_code == 422
    response = post(client, address, threat_data(world, title="", description=""))
    assert "Enter the title" in response.content.decode()
    assert not EmergingThreat.objects.exists()
    for name in ("secretary", "member", "former", "outsider"):
        client.force_login(getattr(world, name))
        assert client.get(address).status_code == 403, name


def test_who_reads_a_threat(client, world):
    threat = make_threat(world.board, world.police, world.police_lead)
    expected = {
        "secretary": 200, "chair": 200, "police_contributor": 200, "member": 200,
        "observer": 404, "former": 404, "outsider": 404,
    }  # fmt: skip
    for name, status in expected.items():
        client.force_login(getattr(world, name))
        assert client.get(threat.get_absolute_url()).status_code == status, name
    threat.marking = "OFFICIAL-SENSITIVE"
    threat.save()
    for name, status in (expected | {"member": 404, "fire_lead": 404}).items():
        client.force_login(getattr(world, name))
        assert client.get(threat.get_absolute_url()).status_code == status, name
    assert AuditEvent.objects.filter(act="read").count() == 3
    threat.shared_with.add(world.fire)
    client.force_login(world.fire_lead)
    assert "open to Fire of soc-board" in page(client, threat.get_absolute_url())


def test_a_threat_is_edited_by_its_agency_and_marked_by_its_lead(client, world):
    threat = make_threat(world.board, world.police, world.police_lead)
    edit = reverse("priorities:threat_edit", args=[threat.pk])
    client.force_login(world.fire_lead)
    assert client.get(edit).status_code == 403
    client.force_login(world.police_contributor)
    form = client.get(edit).context["form"]
    data = {
        "title": threat.title, "description": "More parcels.", "marking": "OFFICIAL-SENSITIVE",
        "version": form["version"].value(), "seen": form["seen"].value(),
    }  # fmt: skip
    post(client, edit, data)
    threat.refresh_from_db()
    assert (threat.description, threat.marking) == ("More parcels.", "OFFICIAL")
    client.force_login(world.police_lead)
    form = client.get(edit).context["form"]
    post(client, edit, data | {n: form[n].value() for n in ("version", "seen")})
    threat.refresh_from_db()
    assert threat.marking == "OFFICIAL-SENSITIVE"
    event = AuditEvent.objects.get(act="change the marking")
    assert (event.before, event.after) == ("OFFICIAL", "OFFICIAL-SENSITIVE")


def test_a_stale_edit_of_a_threat_shows_both_texts(client, world):
    threat = make_threat(world.board, world.police, world.police_lead)
    edit = reverse("priorities:threat_edit", args=[threat.pk])
    client.force_login(world.police_lead)
    form = client.get(edit).context["form"]
    data = {"title": threat.title, "marking": "OFFICIAL", "version": form["version"].value(),
            "seen": form["seen"].value()}  # fmt: skip
    post(client, edit, data | {"description": "Theirs."})
    response = post(client, edit, data | {"description": "Mine."})
    assert response.status_code == 409
    assert "Theirs." in response.content.decode()
    assert "Mine." in response.content.decode()
    again = response.context["form"]
    data["version"] = again["version"].value()
    assert post(client, edit, data | {"description": "Mine."}).status_code == 302
    threat.refresh_from_db()
    assert threat.description == "Mine."


def test_the_agencys_lead_clears_the_text_of_a_threat(client, world):
    threat = make_threat(
        world.board, world.police, world.police_lead, report_text="Parcels are sent on."
    )
    address = reverse("priorities:threat_verb", args=[threat.pk, "clear-for-the-public"])
    for name in ("secretary", "police_contributor", "fire_lead"):
        client.force_login(getattr(world, name))
        assert client.post(address).status_code == 403, name
    client.force_login(world.police_lead)
    client.post(address)
    threat.refresh_from_db()
    assert threat.cleared_text == "Parcels are sent on."
    assert "Cleared for: The public" in page(client, threat.get_absolute_url())


def test_narrowing_a_clearance_asks_first_and_widening_does_not(client, world):
    threat = make_threat(world.board, world.police, world.police_lead, report_text="Parcels.")
    address = {
        audience: reverse("priorities:threat_verb", args=[threat.pk, f"clear-for-{audience}"])
        for audience in ("the-board", "the-parent-committee", "the-public")
    }
    client.force_login(world.police_lead)
    client.post(address["the-parent-committee"])

    text = page(client, threat.get_absolute_url())
    assert f'href="{address["the-board"]}"' in text
    assert f'action="{address["the-public"]}"' in text
    text = page(client, address["the-board"])
    assert "This text is cleared for the parent committee now." in text
    assert "It leaves every report to a wider audience" in text
    assert "This text is cleared for" not in page(client, address["the-public"])
    client.post(address["the-board"])
    threat.refresh_from_db()
    assert (threat.words_for("board"), threat.words_for("parent")) == ("Parcels.", "")


@pytest.mark.parametrize("count", [1, 5])
def test_the_threats_make_the_same_number_of_queries(
    client, world, django_assert_num_queries, count
):
    for n in range(count):
        make_threat(world.board, world.police, world.police_lead, title=f"Threat {n}")
    client.force_login(world.member)
    client.get("/priorities/threats/")
    with django_assert_num_queries(6):
        response = client.get("/priorities/threats/")
    assert len(response.context["page"]) == count
    assert "Raise an emerging threat" not in response.content.decode()


def test_an_empty_list_says_so(client, world):
    client.force_login(world.member)
    assert "No emerging threat." in page(client, "/priorities/threats/")
    assert "No emerging threat in that state." in page(client, "/priorities/threats/?state=closed")
    assert "Nothing is recorded yet." in page(client, "/priorities/learning/")


# Learning


def learning_data(world, **more):
    return {
        "board": world.board.pk, "kind": "visit", "title": "A hub in the north",
        "day_day": 5, "day_month": 9, "day_year": 2018, "meaning": "One team, one room.",
        "priorities": [world.slavery.pk],
        "links-TOTAL_FORMS": 2, "links-INITIAL_FORMS": 0,
        "links-0-label": "Their page", "links-0-address": "https://example.org/hub",
    } | more  # fmt: skip


def test_the_secretary_records_learning_with_its_links(client, world):
    client.force_login(world.secretary)
    assert "Record learning" in page(client, "/priorities/learning/new/")
    response = post(client, "/priorities/learning/new/", learning_data(world))
    learning = Learning.objects.get()
    assert response["Location"] == learning.get_absolute_url()
    assert learning.day == datetime.date(2018, 9, 5)
    text = page(client, learning.get_absolute_url())
    assert '<a href="https://example.org/hub" rel="noopener">Their page</a>' in text
    assert "One team, one room." in text
    assert "Modern slavery" in text
    client.force_login(world.member)
    assert "A hub in the north" in page(client, "/priorities/learning/")
    assert client.get("/priorities/learning/new/").status_code == 403
    assert client.get(f"{learning.get_absolute_url()}edit/").status_code == 403
    for name in ("observer", "outsider", "police_contributor"):
        client.force_login(getattr(world, name))
        assert client.get(learning.get_absolute_url()).status_code == 404, name


def test_a_link_that_is_no_web_address_is_refused(client, world):
    client.force_login(world.secretary)
    data = learning_data(world, **{"links-0-address": "javascript:alert(1)"})
    response = post(client, "/priorities/learning/new/", data)
    assert response.status_code == 422
    assert "Enter a full web address, with https://" in response.content.decode()
    assert not Learning.objects.exists()


def test_learning_is_edited_and_cleared_by_the_secretary(client, world):
    learning = make_learning(world.board, report_text="We went.")
    client.force_login(world.secretary)
    edit = reverse("priorities:learning_edit", args=[learning.pk])
    form = client.get(edit).context["form"]
    data = learning_data(world, report_text="We went twice.", version=form["version"].value())
    assert post(client, edit, data).status_code == 302
    act = reverse("priorities:learning_verb", args=[learning.pk, "clear-for-the-parent-committee"])
    client.post(act)
    learning.refresh_from_db()
    assert (learning.cleared_text, learning.cleared_for) == ("We went twice.", "parent")
    assert learning.links.get().label == "Their page"
    client.force_login(world.chair)
    assert client.post(act).status_code == 403


@pytest.mark.parametrize("count", [1, 5])
def test_learning_makes_the_same_number_of_queries(client, world, django_assert_num_queries, count):
    for n in range(count):
        make_learning(world.board, title=f"Day {n}").priorities.add(world.slavery, world.drugs)
    client.force_login(world.member)
    client.get("/priorities/learning/")
    with django_assert_num_queries(7):
        client.get("/priorities/learning/")
