"""The page on which the secretary enters a letter saves itself as the partner's own does."""

import pytest
from django.urls import reverse

from board.beside import BESIDE
from board.models import AuditEvent
from tests.builders import open_round, part_of, returns_of, submit

from .test_autosave import section_of
from .test_return_form import opened
from .test_returns import entry


@pytest.fixture
def round(world):
    return open_round(world)


@pytest.fixture
def whole(world, round):
    return returns_of(round, world.police)


@pytest.fixture
def page(client, world, whole):
    client.force_login(world.secretary)
    return opened(client, reverse("priorities:return_enter", args=[whole.pk]))


def save(client, whole, section, data, name="return_entry_save"):
    return client.post(reverse(f"priorities:{name}", args=[whole.pk, section]), data)


def sent(page, sender="Partnership inspector", day=3, month=5, year=2018):
    return {name: page[name] for name in ("letter-version", "letter-seen")} | {
        "sender": sender, "sent_on_day": day, "sent_on_month": month, "sent_on_year": year,
    }  # fmt: skip


def test_words_sender_and_day_are_kept_and_nothing_is_entered_by_it(
    client, world, round, whole, page
):
    slug = world.slavery.slug
    assert (
        save(client, whole, slug, section_of(page, slug) | {f"{slug}-did": "Nine"}).status_code
        == 200
    )
    part = part_of(round, world.police, world.slavery)
    assert (part.did, part.state, part.version) == ("Nine", "draft", 1)
    client.force_login(world.police_lead)
    shown = client.get(whole.get_absolute_url()).content.decode()
    assert "Being entered by the secretary since" in shown
    assert "Entered by the secretary" not in shown
    client.force_login(world.secretary)
    answer = save(client, whole, "letter", sent(page))
    assert answer.status_code == 200, answer.content
    whole.refresh_from_db()
    assert (whole.sender, f"{whole.sent_on}", whole.entered_by) == (
        "Partnership inspector", "2018-05-03", world.secretary,
    )  # fmt: skip
    # The same three numbers in another order are another day.
    swapped = sent(page, day=5, month=3) | answer.json()["fields"]
    assert save(client, whole, "letter", swapped).status_code == 200
    whole.refresh_from_db()
    assert f"{whole.sent_on}" == "2018-03-05"
    client.force_login(world.police_lead)
    form = client.get(reverse("priorities:return_edit", args=[whole.pk])).content.decode()
    assert "The secretary is entering this return from what Partnership inspector sent" in form


def test_half_a_letter_gets_a_sentence_and_is_not_kept(client, whole, page):
    answer = save(client, whole, "letter", sent(page, day=""))
    assert answer.status_code == 422
    assert answer.json()["error"] == "Sent on: Give a day"
    whole.refresh_from_db()
    assert (whole.sender, whole.entered_by) == ("", None)


def test_the_agency_and_the_secretary_never_overwrite_each_other(client, world, round, whole, page):
    slug = world.slavery.slug
    client.force_login(world.police_lead)
    theirs = section_of(opened(client, reverse("priorities:return_edit", args=[whole.pk])), slug)
    theirs |= {f"{slug}-did": "The lead's own"}
    assert save(client, whole, slug, theirs, "return_save").status_code == 200
    client.force_login(world.secretary)
    mine = section_of(page, slug) | {f"{slug}-did": "From the letter"}
    answer = save(client, whole, slug, mine)
    assert answer.status_code == 409
    assert answer.json()["by"] == str(world.police_lead)
    part = part_of(round, world.police, world.slavery)
    assert part.did == "The lead's own"
    assert part.history.get(history_change_reason=BESIDE).did == "From the letter"


def test_two_who_name_the_sender_are_shown_both(client, whole, page):
    assert save(client, whole, "letter", sent(page)).status_code == 200
    answer = save(client, whole, "letter", sent(page, sender="Chief officer", day=4))
    assert answer.status_code == 409
    shown = {(d["name"], d["yours"], d["theirs"]) for d in answer.json()["differences"]}
    assert shown == {
        ("sender", "Chief officer", "Partnership inspector"),
        ("sent_on", "4 5 2018", "3 May 2018"),
    }
    # A question typed meanwhile is another matter, though it is of the same record.
    words = {name: page[name] for name in ("version", "seen")} | {"new_information": "A form."}
    assert save(client, whole, "questions", words).status_code == 200


def test_a_marking_that_saves_itself_is_on_the_record(client, world, whole, page):
    slug = world.slavery.slug
    marked = section_of(page, slug) | {f"{slug}-marking": "OFFICIAL-SENSITIVE"}
    assert save(client, whole, slug, marked).status_code == 200
    event = AuditEvent.objects.get(act="change the marking")
    assert (event.actor, event.after) == (world.secretary, "OFFICIAL-SENSITIVE")


def test_what_the_agency_sent_itself_after_all_is_not_called_entered(client, world, whole, page):
    slug = world.slavery.slug
    save(client, whole, slug, section_of(page, slug) | {f"{slug}-did": "Nine"})
    for priority in (world.slavery, world.drugs):
        submit(part_of(whole.round, world.police, priority), world.police_lead)
    shown = client.get(whole.get_absolute_url()).content.decode()
    assert "by the secretary" not in shown


def test_a_draft_of_it_needs_no_file_and_entering_does(client, world, whole, page):
    data = page | entry(world) | {"original": "", "act": "save"}
    address = reverse("priorities:return_enter", args=[whole.pk])
    assert client.post(address, data).status_code == 302
    again = opened(client, address) | {"act": "enter"}
    response = client.post(address, again)
    assert response.status_code == 422
    assert "Choose the file in which the return came." in response.content.decode()
