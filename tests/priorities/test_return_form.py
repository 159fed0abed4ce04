"""The partner's form: one page, a draft, parts that are submitted alone or together."""

import re

import lxml.html
import pytest
from django.urls import reverse
from django.utils import timezone

from board.models import AuditEvent
from board.workflow import perform
from priorities.models import PriorityReturn, ReturnState
from priorities.transitions import CLOSE_ROUND, RAISE_QUERY_ON_PART
from tests.builders import (
    days_ago,
    fill,
    make_action,
    make_decision,
    make_item,
    make_meeting,
    open_round,
    part_of,
    receive,
    returns_of,
    submit,
)

WORDS = {
    "did": "Visited nine hotels.",
    "emerging": "Night cleaning.",
    "confidence": "fair",
    "direction": "steady",
    "report_text": "Nine hotels were visited.",
}


@pytest.fixture
def round(world):
    return open_round(world)


@pytest.fixture
def edit(round, world):
    return reverse("priorities:return_edit", args=[returns_of(round, world.police).pk])


def opened(client, address):
    """What a browser would send back of the page as it opened: {name: value or list}."""
    response = client.get(address)
    assert response.status_code == 200
    page = lxml.html.document_fromstring(response.content.decode())
    data = {}
    for name, value in page.get_element_by_id("return").form_values():
        data.setdefault(name, []).append(value.removeprefix("\n"))  # as browsers drop it
    return {name: values if len(values) > 1 else values[0] for name, values in data.items()}


def write(data, *priorities, **words):
    data |= {"emerging_priorities": "Short lets.", "new_information": "A named inbox."}
    for priority in priorities:
        data |= {f"{priority.slug}-{name}": value for name, value in (WORDS | words).items()}
    return data


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_draft_is_saved_and_no_event_is_written(client, world, edit, round):
    client.force_login(world.police_contributor)
    data = write(opened(client, edit), world.slavery)
    events = AuditEvent.objects.count()
    response = client.post(
        edit, data | {"act": "save", f"{world.slavery.slug}-strands": ["protect"]}
    )
    assert response.status_code == 302
    part = part_of(round, world.police, world.slavery)
    assert (part.did, part.confidence, part.protect, part.pursue) == (
        "Visited nine hotels.", "fair", True, False,
    )  # fmt: skip
    assert part.state == ReturnState.DRAFT
    assert part.agency_return.new_information == "A named inbox."
    assert AuditEvent.objects.count() == events


def test_opening_the_form_writes_nothing(client, world, edit, round):
    client.force_login(world.police_lead)
    before = list(PriorityReturn.objects.values())
    events = AuditEvent.objects.count()
    client.get(edit)
    assert list(PriorityReturn.objects.values()) == before
    assert AuditEvent.objects.count() == events


def test_one_priority_is_submitted_alone_and_its_text_cleared_in_one_press(
    client, world, edit, round
):
    client.force_login(world.police_lead)
    data = write(opened(client, edit), world.slavery)
    data |= {"act": f"submit:{world.slavery.slug}", f"{world.slavery.slug}-clear_for": "public"}
    response = client.post(edit, data, follow=True)
    assert "Submitted: Modern slavery." in text_of(response)
    part = part_of(round, world.police, world.slavery)
    assert (part.state, part.clearance, part.cleared_for, part.cleared_text) == (
        "submitted", "cleared", "public", "Nine hotels were visited.",
    )  # fmt: skip
    assert part.agency_return.state == ReturnState.SUBMITTED
    assert part_of(round, world.police, world.drugs).state == ReturnState.DRAFT
    acts = AuditEvent.objects.filter(subject=f"priorities.priorityreturn:{part.pk}").order_by("seq")
    assert list(acts.values_list("act", flat=True)) == ["submit", "clear for the public"]


def test_all_is_submitted_at_once(client, world, edit, round):
    client.force_login(world.police_lead)
    data = write(opened(client, edit), world.slavery, world.drugs)
    response = client.post(edit, data | {"act": "submit"})
    assert response["Location"] == returns_of(round, world.police).get_absolute_url()
    states = {part.state for part in returns_of(round, world.police).priority_returns.all()}
    assert states == {ReturnState.SUBMITTED}


def test_submitting_all_is_all_or_nothing_and_keeps_the_words(client, world, edit, round):
    client.force_login(world.police_lead)
    data = write(opened(client, edit), world.slavery) | {"act": "submit"}
    data |= {f"{world.drugs.slug}-did": "Two patrols."}
    response = client.post(edit, data)
    assert response.status_code == 422
    page = text_of(response)
    assert "Say what is emerging on illicit drugs." in page
    assert f'href="#id_{world.drugs.slug}-emerging"' in page
    slavery, drugs = (part_of(round, world.police, p) for p in (world.slavery, world.drugs))
    assert slavery.state == drugs.state == ReturnState.DRAFT
    assert (slavery.did, drugs.did) == ("Visited nine hotels.", "Two patrols.")
    # The page that came back can be sent again as it stands: it is not stale by its own save.
    form = response.context["sheet"].part_forms[0]
    assert form["version"].value() == "1"


def test_nothing_to_report_is_one_click_and_can_be_undone(client, world, edit, round):
    client.force_login(world.police_lead)
    slug = world.drugs.slug
    data = opened(client, edit) | {f"{slug}-did": "Half a sentence"}
    response = client.post(edit, data | {"act": f"nothing:{slug}"}, follow=True)
    assert "Nothing to report, not yet submitted" in text_of(response)
    assert "Undo: write on illicit drugs" in text_of(response)
    part = part_of(round, world.police, world.drugs)
    assert (part.nothing_to_report, part.did) == (True, "Half a sentence")
    response = client.post(edit, opened(client, edit) | {"act": f"undo:{slug}"}, follow=True)
    assert "You say: nothing to report" not in text_of(response)
    assert not part_of(round, world.police, world.drugs).nothing_to_report


def test_nothing_to_report_is_an_answer_without_words_or_confidence(client, world, edit, round):
    client.force_login(world.police_lead)
    slug = world.drugs.slug
    client.post(edit, write(opened(client, edit)) | {"act": f"nothing:{slug}"})
    client.post(edit, opened(client, edit) | {"act": f"submit:{slug}"})
    part = part_of(round, world.police, world.drugs)
    assert (part.state, part.nothing_to_report) == ("submitted", True)


def test_contributors_see_no_submit_and_may_not(client, world, edit, round):
    client.force_login(world.police_contributor)
    page = text_of(client.get(edit))
    assert "Your agency’s lead submits the return." in page
    assert "Submit" not in page.replace("Submitted", "")
    data = write(opened(client, edit), world.slavery) | {"act": f"submit:{world.slavery.slug}"}
    assert client.post(edit, data).status_code == 403
    assert part_of(round, world.police, world.slavery).state == ReturnState.DRAFT


def test_another_agencys_return_is_not_there(client, world, edit):
    client.force_login(world.fire_lead)
    assert client.get(edit).status_code == 404
    assert client.post(edit, {"act": "save"}).status_code == 404


def test_the_secretary_reads_a_draft_but_does_not_write_it(client, world, edit):
    client.force_login(world.secretary)
    assert client.get(edit).status_code == 403


def test_late_asks_why_and_keeps_the_reason(client, world):
    round = open_round(world, due=days_ago(3))
    edit = reverse("priorities:return_edit", args=[returns_of(round, world.police).pk])
    client.force_login(world.police_lead)
    assert "3 days late" in text_of(client.get(edit))
    data = write(opened(client, edit), world.slavery) | {"act": f"submit:{world.slavery.slug}"}
    response = client.post(edit, data)
    assert response.status_code == 422
    assert "say why it is late" in text_of(response)
    assert 'href="#id_late_reason"' in text_of(response)
    data = opened(client, edit) | {"act": f"submit:{world.slavery.slug}", "late_reason": "Leave."}
    client.post(edit, data)
    assert part_of(round, world.police, world.slavery).late_reason == "Leave."


def test_after_the_round_has_closed_the_words_are_kept_and_the_page_says_so(
    client, world, edit, round
):
    client.force_login(world.police_lead)
    data = write(opened(client, edit), world.slavery) | {"act": f"submit:{world.slavery.slug}"}
    perform(CLOSE_ROUND, round, by=world.secretary)
    response = client.post(edit, data)
    assert response.status_code == 422
    assert "Your words are kept: send them to the secretary, who can enter them." in text_of(
        response
    )
    part = part_of(round, world.police, world.slavery)
    assert (part.state, part.did) == ("draft", "Visited nine hotels.")


def test_a_second_submit_gets_a_sentence(client, world, edit, round):
    client.force_login(world.police_lead)
    data = write(opened(client, edit), world.slavery) | {"act": f"submit:{world.slavery.slug}"}
    client.post(edit, data)
    response = client.post(edit, data, follow=True)
    assert "Nothing was changed: this part is no longer a draft." in text_of(response)
    assert part_of(round, world.police, world.slavery).state == ReturnState.SUBMITTED


def test_a_stale_page_shows_both_texts_and_saving_again_is_a_choice(client, world, edit, round):
    client.force_login(world.police_lead)
    mine = opened(client, edit) | {f"{world.slavery.slug}-did": "My words"}
    theirs = opened(client, edit) | {f"{world.slavery.slug}-did": "Their words"}
    client.post(edit, theirs | {"act": "save"})
    response = client.post(edit, mine | {"act": "save"})
    assert response.status_code == 409
    page = text_of(response)
    assert "Their words" in page
    assert "My words" in page
    assert part_of(round, world.police, world.slavery).did == "Their words"
    for form in response.context["forms"]:
        for name in ("version", "seen"):
            if name in form.fields:
                mine[form[name].html_name] = form[name].value()
    assert client.post(edit, mine | {"act": "save"}).status_code == 302
    assert part_of(round, world.police, world.slavery).did == "My words"


def test_two_people_on_two_priorities_do_not_collide(client, world, edit, round):
    client.force_login(world.police_lead)
    first = opened(client, edit) | {f"{world.slavery.slug}-did": "Slavery words"}
    second = opened(client, edit) | {f"{world.drugs.slug}-did": "Drugs words"}
    assert client.post(edit, first | {"act": "save"}).status_code == 302
    assert client.post(edit, second | {"act": "save"}).status_code == 302
    assert part_of(round, world.police, world.slavery).did == "Slavery words"
    assert part_of(round, world.police, world.drugs).did == "Drugs words"


def test_a_nul_byte_gets_a_sentence_and_the_rest_is_in_the_boxes(client, world, edit, round):
    client.force_login(world.police_lead)
    data = write(opened(client, edit), world.slavery, emerging="Kept words") | {"act": "save"}
    response = client.post(edit, data | {f"{world.slavery.slug}-did": "a\x00b"})
    assert response.status_code == 422
    assert "holds a character that cannot be kept" in text_of(response)
    assert "Kept words" in text_of(response)
    assert part_of(round, world.police, world.slavery).did == ""


def test_last_quarters_words_open_the_form_but_not_its_judgement(client, world):
    before = open_round(world, day=days_ago(92))
    part = fill(part_of(before, world.police, world.slavery))
    part.protect = True
    part.save()
    submit(part, world.police_lead)
    now = open_round(world)
    edit = reverse("priorities:return_edit", args=[returns_of(now, world.police).pk])
    client.force_login(world.police_lead)
    response = client.get(edit)
    page = text_of(response)
    form = response.context["parts"][0].form
    assert form["did"].value() == "Visited nine hotels with the council."
    assert form["strands"].value() == ["protect"]
    assert form["confidence"].value() == ""
    assert form["direction"].value() == ""
    assert form["report_text"].value() == ""
    assert form.boxes["did"].standing == "No change"
    assert form.boxes["outcome"].standing == ""
    assert "Last quarter: Fair, steady. It is not carried over" in page
    assert part_of(now, world.police, world.slavery).did == ""


@pytest.fixture
def last(world):
    """This quarter's form of an agency that answered on both priorities last quarter."""
    before = open_round(world, day=days_ago(92), due=timezone.localdate())
    for priority in (world.slavery, world.drugs):
        submit(part_of(before, world.police, priority), world.police_lead)
    now = open_round(world)
    return now, reverse("priorities:return_edit", args=[returns_of(now, world.police).pk])


def test_every_answer_says_how_it_stands_to_last_quarter_even_after_an_error(client, world, last):
    _, edit = last
    client.force_login(world.police_lead)
    data = opened(client, edit) | {f"{world.slavery.slug}-did": "Visited ten."}
    data |= {f"{world.slavery.slug}-emerging": "", "new_information": "a\x00b", "act": "save"}
    response = client.post(edit, data)
    assert response.status_code == 422
    assert "8 answers" not in text_of(response)
    assert response.context["counts"] == [("no change", 3), ("edited", 2), ("to answer", 1)]
    assert "Still to answer" in text_of(response)
    page = text_of(response)
    assert "Visited nine hotels with the council." in page  # last quarter's words, beside the box


def test_last_quarters_words_are_put_back_without_losing_the_rest(client, world, last):
    now, edit = last
    client.force_login(world.police_lead)
    slug = world.slavery.slug
    data = opened(client, edit) | {f"{slug}-did": "Visited ten.", f"{slug}-emerging": "Vans."}
    client.post(edit, data | {"act": f"put-back:{slug}:did"})
    part = part_of(now, world.police, world.slavery)
    assert (part.did, part.emerging) == ("Visited nine hotels with the council.", "Vans.")


def test_confidence_that_was_left_is_asked_about_and_never_carried_in_silence(client, world, last):
    now, edit = last
    client.force_login(world.police_lead)
    response = client.post(edit, opened(client, edit) | {"act": "submit"})
    assert response.status_code == 200
    page = text_of(response)
    assert "Is your confidence still what it was last quarter?" in page
    assert "Nothing is submitted yet." in page
    parts = PriorityReturn.objects.filter(agency_return__round=now)
    assert {(part.state, part.confidence) for part in parts} == {("draft", "")}
    data = {
        form[name].html_name: form[name].value()
        for form in response.context["forms"]
        for name in form.fields
        if form[name].value() not in (None, "")
    }
    for name in ("period_from", "period_to"):
        for box, value in zip(("day", "month", "year"), data.pop(name), strict=True):
            data[f"{name}_{box}"] = value
    client.post(edit, data | {"act": "still"})
    parts = PriorityReturn.objects.filter(agency_return=returns_of(now, world.police))
    assert {(part.state, part.confidence, part.direction) for part in parts} == {
        ("submitted", "fair", "steady")
    }


def test_a_return_may_say_nothing_of_its_confidence(client, world, edit, round):
    client.force_login(world.police_lead)
    slug = world.slavery.slug
    data = write(opened(client, edit), world.slavery, confidence="", direction="")
    response = client.post(edit, data | {"act": f"submit:{slug}"})
    assert "You have not said how confident you are" in text_of(response)
    assert f'value="unsaid:{slug}"' in text_of(response)
    client.post(edit, opened(client, edit) | {"act": f"unsaid:{slug}"})
    part = part_of(round, world.police, world.slavery)
    assert (part.state, part.confidence) == ("submitted", "")


def test_a_draft_starts_with_the_marking_of_the_words_it_opens_with(client, world):
    before = open_round(world, day=days_ago(92))
    whole = returns_of(before, world.police)
    whole.shared_with.add(world.fire)
    part = fill(part_of(before, world.police, world.slavery))
    part.marking = "OFFICIAL-SENSITIVE"
    part.save()
    now = open_round(world)
    assert part_of(now, world.police, world.slavery).marking == "OFFICIAL-SENSITIVE"
    assert part_of(now, world.police, world.drugs).marking == "OFFICIAL"
    assert list(returns_of(now, world.police).shared_with.all()) == [world.fire]


def test_what_the_board_asked_stands_beside_the_form(client, world, last):
    _, edit = last
    held = make_meeting(world.board, starts_at=timezone.now())
    make_decision(make_item(held), "Say who hears first.", priority=world.slavery)
    secret = make_item(held, 2)
    make_decision(secret, "Behind closed doors.", priority=world.slavery, part="restricted")
    make_action(world.board, agency=world.police, wording="Brief the hotels")
    client.force_login(world.police_lead)
    page = text_of(client.get(edit))
    assert "Say who hears first." in page
    assert "Brief the hotels" in page
    assert "1, 1 new since" in page
    assert "Behind closed doors." not in page


def test_a_query_is_answered_and_kept(client, world, edit, round):
    part = submit(part_of(round, world.police, world.slavery), world.police_lead)
    perform(RAISE_QUERY_ON_PART, part, by=world.secretary, note="How many hotels?")
    client.force_login(world.police_lead)
    assert "How many hotels?" in text_of(client.get(edit))
    data = opened(client, edit) | {"act": f"submit:{world.slavery.slug}"}
    response = client.post(edit, data)
    assert "Answer the secretary&#x27;s query." in text_of(response)
    read = text_of(client.get(part.get_absolute_url()))
    assert f'href="{edit}#priority-{world.slavery.slug}">Answer it</a>' in read
    assert "Clear for the Board" not in read  # not before it is submitted
    query = part.queries.get()
    data = opened(client, edit) | {f"query-{query.pk}-answer": "Nine."}
    client.post(edit, data | {"act": "save"})
    query.refresh_from_db()
    assert (query.answer, query.answered_at) == ("Nine.", None)
    client.post(edit, opened(client, edit) | {"act": f"submit:{world.slavery.slug}"})
    query.refresh_from_db()
    assert query.answered_by == world.police_lead
    assert part_of(round, world.police, world.slavery).state == ReturnState.SUBMITTED


def test_what_is_received_has_no_box(client, world, edit, round):
    receive(submit(part_of(round, world.police, world.slavery), world.police_lead), world.secretary)
    client.force_login(world.police_lead)
    response = client.get(edit)
    assert [form.prefix for form in response.context["sheet"].part_forms] == [world.drugs.slug]
    assert "Visited nine hotels with the council." in text_of(response)
