"""Returns read, judged, and entered from a letter."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from board.models import AuditEvent
from board.workflow import perform
from priorities.models import Original, ReturnState
from priorities.transitions import CLOSE_ROUND, RAISE_QUERY_ON_PART, SUBMIT_PART
from tests.builders import (
    days_ago,
    fill,
    make_round,
    open_round,
    part_of,
    receive,
    returns_of,
    submit,
)


@pytest.fixture
def round(world):
    return open_round(world)


@pytest.fixture
def part(round, world):
    return submit(part_of(round, world.police, world.slavery), world.police_lead)


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def statuses(client, world, address, names):
    found = {}
    for name in names:
        client.force_login(getattr(world, name))
        found[name] = client.get(address).status_code
    return found


ALL = (
    "secretary", "chair", "police_lead", "police_contributor", "fire_lead", "member", "observer",
    "former", "outsider",
)  # fmt: skip


def test_before_it_is_received_only_its_agency_secretary_and_chair_read_it(client, world, part):
    address = part.agency_return.get_absolute_url()
    assert statuses(client, world, address, ALL) == {
        "secretary": 200, "chair": 200, "police_lead": 200, "police_contributor": 200,
        "fire_lead": 404, "member": 404, "observer": 404, "former": 404, "outsider": 404,
    }  # fmt: skip


def test_received_it_is_the_members_to_read_each_part_by_itself(client, world, part, round):
    fill(part_of(round, world.police, world.drugs))
    receive(part, world.secretary)
    address = part.agency_return.get_absolute_url()
    assert statuses(client, world, address, ALL)["member"] == 200
    client.force_login(world.member)
    text = page(client, address)
    assert "Visited nine hotels with the council." in text
    assert "Return received; text not cleared." in text
    # The draft on drugs stays the agency's.
    assert 'id="priority-illicit-drugs' not in text
    client.force_login(world.observer)
    assert client.get(address).status_code == 404


def test_a_sensitive_part_is_closed_to_members_and_open_to_the_agencies_named(
    client, world, part, round
):
    part = receive(part, world.secretary)
    part.marking = "OFFICIAL-SENSITIVE"
    part.save()
    other = part.agency_return
    other.marking = "OFFICIAL-SENSITIVE"
    other.save()
    address = other.get_absolute_url()
    assert statuses(client, world, address, ("member", "fire_lead")) == {
        "member": 404, "fire_lead": 404,
    }  # fmt: skip
    other.shared_with.add(world.fire)
    client.force_login(world.fire_lead)
    text = page(client, address)
    assert "Visited nine hotels" in text
    assert "<strong>OFFICIAL-SENSITIVE</strong>" in text
    read = AuditEvent.objects.get(act="read")
    assert (read.actor, read.subject) == (world.fire_lead, f"priorities.agencyreturn:{other.pk}")


def test_reading_what_is_official_leaves_no_line(client, world, part):
    client.force_login(world.secretary)
    page(client, part.agency_return.get_absolute_url())
    assert not AuditEvent.objects.filter(act="read").exists()


def test_it_stands_beside_last_quarters(client, world):
    before = open_round(world, day=days_ago(92))
    old = fill(part_of(before, world.police, world.slavery))
    old.did = "Spoke to four schools."
    old.save()
    now = open_round(world)
    fill(part_of(now, world.police, world.slavery))
    client.force_login(world.police_lead)
    text = page(client, returns_of(now, world.police).get_absolute_url())
    assert "Spoke to four schools." in re.sub("</?del>", "", text)
    assert "Last quarter: the same words" in text  # what is emerging
    assert f"Read {before.title}" in text


def test_nothing_to_report_is_no_return_until_it_is_submitted(client, world):
    round = open_round(world, due=days_ago(1))
    nil = part_of(round, world.police, world.drugs)
    nil.nothing_to_report = True
    nil.save()
    address = nil.agency_return.get_absolute_url()
    client.force_login(world.secretary)
    text = page(client, address)
    assert text.count("<strong>No return</strong>") == 2
    assert "1 day late" in text
    fill(nil)
    perform(SUBMIT_PART, nil, by=world.police_lead, note="Leave")
    text = page(client, address)
    assert text.count("<strong>No return</strong>") == 1
    assert "<strong>Nothing to report</strong> (submitted)" in text
    assert "Return received; text not cleared" not in text


def test_the_secretary_receives_and_raises_a_query(client, world, part):
    client.force_login(world.secretary)
    text = page(client, part.agency_return.get_absolute_url())
    assert "Receive" in text
    address = reverse("priorities:part_verb", args=[*part.url_args, "receive"])
    response = client.post(address, follow=True)
    assert "Received." in response.content.decode()
    part.refresh_from_db()
    assert part.state == ReturnState.RECEIVED
    address = reverse("priorities:part_verb", args=[*part.url_args, "raise-a-query"])
    assert client.post(address, {"note": ""}).status_code == 422
    client.post(address, {"note": "How many hotels?"})
    part.refresh_from_db()
    assert part.state == ReturnState.DRAFT
    assert part.queries.get().text == "How many hotels?"
    assert "How many hotels?" in page(client, part.agency_return.get_absolute_url())


def test_queries_stay_between_the_agency_the_secretary_and_the_chair(client, world, part, round):
    perform(RAISE_QUERY_ON_PART, part, by=world.secretary, note="How many hotels?")
    query = part.queries.get()
    query.answer, query.answered_at, query.answered_by = "Nine", timezone.now(), world.police_lead
    query.save()
    part.refresh_from_db()
    receive(submit(part, world.police_lead), world.secretary)
    address = part.agency_return.get_absolute_url()
    for name, shown in {"member": False, "chair": True, "police_contributor": True}.items():
        client.force_login(getattr(world, name))
        assert ("How many hotels?" in page(client, address)) is shown, name


def test_an_agency_cannot_receive_its_own_return(client, world, part):
    client.force_login(world.police_lead)
    address = reverse("priorities:part_verb", args=[*part.url_args, "receive"])
    assert client.post(address).status_code == 403
    assert AuditEvent.objects.filter(refused=True, actor=world.police_lead).exists()
    assert client.post(address.replace("receive", "burn")).status_code == 404


def test_a_stale_button_gets_a_sentence(client, world, part):
    receive(part, world.secretary)
    client.force_login(world.secretary)
    address = reverse("priorities:part_verb", args=[*part.url_args, "receive"])
    response = client.post(address, follow=True)
    assert "Nothing was changed: this is already received." in response.content.decode()


def test_the_lead_clears_the_text_and_withdraws_it(client, world, part):
    client.force_login(world.police_lead)
    address = reverse("priorities:part_verb", args=[*part.url_args, "clear-for-the-public"])
    assert address in client.get(part.agency_return.get_absolute_url()).content.decode()
    client.post(address)
    text = client.get(part.agency_return.get_absolute_url()).content.decode()
    assert "Cleared for: The public" in text
    assert address not in text  # it would change nothing
    part.refresh_from_db()
    part.report_text = "Ten hotels were visited."
    part.save()
    text = client.get(part.agency_return.get_absolute_url()).content.decode()
    assert "The text has changed since" in text
    assert address in text
    client.post(reverse("priorities:part_verb", args=[*part.url_args, "withdraw-the-text"]))
    assert "Withdrawn on" in page(client, part.agency_return.get_absolute_url())
    client.force_login(world.police_contributor)
    assert client.post(address).status_code == 403
    client.force_login(world.secretary)
    assert client.post(address).status_code == 403


def test_an_expectation_is_lifted_with_a_reason_but_not_once_it_came(client, world, round, part):
    client.force_login(world.secretary)
    drugs = part_of(round, world.police, world.drugs)
    address = reverse("priorities:lift", args=drugs.url_args)
    assert "Give the reason." in client.post(address, {"reason": " "}).content.decode()
    client.post(address, {"reason": "The team has moved."})
    drugs.refresh_from_db()
    assert (drugs.lifted_on, drugs.lifted_reason) == (timezone.localdate(), "The team has moved.")
    came = client.post(reverse("priorities:lift", args=part.url_args), {"reason": "x"})
    assert came.status_code == 422
    part.refresh_from_db()
    assert part.lifted_on is None
    client.force_login(world.police_lead)
    assert client.get(address).status_code == 403


# Entered from a letter or an e-mail


def letter(name="letter.txt", content=b"We visited nine hotels."):
    return SimpleUploadedFile(name, content)


def entry(world, **more):
    day = timezone.localdate() - timezone.timedelta(days=1)
    return {
        "act": "enter",
        "sender": "Partnership inspector",
        "sent_on_day": day.day, "sent_on_month": day.month, "sent_on_year": day.year,
        "original": letter(),
        "version": "0", "letter-version": "0",
        f"{world.slavery.slug}-version": "0", f"{world.drugs.slug}-version": "0",
        "emerging_priorities": "Short lets.",
        f"{world.slavery.slug}-did": "Visited nine hotels.",
    } | more  # fmt: skip


@pytest.fixture
def enter(round, world):
    return reverse("priorities:return_enter", args=[returns_of(round, world.police).pk])


def test_a_letter_is_entered_as_received_with_its_file(client, world, round, enter):
    client.force_login(world.secretary)
    response = client.post(enter, entry(world))
    assert response.status_code == 302, response.context["forms"]
    part = part_of(round, world.police, world.slavery)
    whole = part.agency_return
    assert (part.state, whole.state) == ("received", "received")
    assert (whole.sender, whole.entered_by) == ("Partnership inspector", world.secretary)
    assert timezone.localdate(part.submitted_at) == whole.sent_on
    # What the letter does not speak of stays unanswered.
    assert part_of(round, world.police, world.drugs).state == ReturnState.DRAFT
    text = page(client, whole.get_absolute_url())
    assert "from what Partnership inspector sent on" in text
    response = client.get(reverse("priorities:original", args=[whole.pk]))
    assert response.content == b"We visited nine hotels."
    assert response["Content-Disposition"] == 'attachment; filename="letter.txt"'
    assert response["X-Content-Type-Options"] == "nosniff"


def test_it_can_be_entered_after_the_round_has_closed_and_is_late_by_its_own_date(client, world):
    round = open_round(world, due=days_ago(4))
    perform(CLOSE_ROUND, round, by=world.secretary)
    enter = reverse("priorities:return_enter", args=[returns_of(round, world.police).pk])
    client.force_login(world.secretary)
    client.post(enter, entry(world))
    part = part_of(round, world.police, world.slavery)
    assert (part.state, part.late_reason) == ("received", "Sent 3 days after the due day.")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"sender": ""}, "Say who sent this return."),
        ({"sent_on_year": 2999}, "The day it was sent cannot lie ahead."),
        ({"original": ""}, "Choose the file in which the return came."),
        ({"original": letter("letter.pdf")}, "or its name says something else"),
        ({"original": letter("run.exe", b"MZ")}, "This is not a PDF"),
        ({"original": letter("a.txt", b"x" * 5_000_001)}, "This file is over 5 MB"),
        ({"modern": ""}, "Type what the agency wrote"),
    ],
)
def test_what_is_missing_gets_its_sentence_and_nothing_is_entered(
    client, world, round, enter, more, sentence
):
    client.force_login(world.secretary)
    data = entry(world, **more)
    if "modern" in more:
        data[f"{world.slavery.slug}-did"] = ""
    response = client.post(enter, data)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert part_of(round, world.police, world.slavery).state == ReturnState.DRAFT
    assert "modern" in more or not Original.objects.exists()


def test_the_marking_of_the_letter_is_carried_over_and_closes_the_file_too(
    client, world, round, enter
):
    client.force_login(world.secretary)
    data = entry(world) | {f"{world.slavery.slug}-marking": "OFFICIAL-SENSITIVE"}
    client.post(enter, data)
    part = part_of(round, world.police, world.slavery)
    assert part.marking == "OFFICIAL-SENSITIVE"
    # The two answers are OFFICIAL, so a member reads them; the letter holds the part as well.
    client.force_login(world.member)
    text = page(client, part.agency_return.get_absolute_url())
    assert "Short lets." in text
    assert "Visited nine hotels." not in text
    assert (
        client.get(reverse("priorities:original", args=[part.agency_return_id])).status_code == 404
    )
    client.force_login(world.police_lead)
    address = reverse("priorities:original", args=[part.agency_return_id])
    assert client.get(address).content == b"We visited nine hotels."


def test_only_the_secretary_enters(client, world, enter):
    assert statuses(client, world, enter, ALL) == {
        "secretary": 200, "chair": 403, "police_lead": 403, "police_contributor": 403,
        "fire_lead": 404, "member": 404, "observer": 404, "former": 404, "outsider": 404,
    }  # fmt: skip


# The list


def test_the_list_shows_what_one_may_read_and_filters_it(client, world, part, round):
    client.force_login(world.member)
    assert "No returns." in page(client, reverse("priorities:returns"))
    receive(part, world.secretary)
    text = page(client, reverse("priorities:returns"))
    assert "1 return<" in text
    assert "Fair, steady" in text
    client.force_login(world.secretary)
    listing = reverse("priorities:returns")
    assert "3 returns" in page(client, listing)
    assert "1 return<" in page(client, f"{listing}?state=received")
    assert "1 return<" in page(client, f"{listing}?agency={world.fire.pk}")
    assert "2 returns" in page(client, f"{listing}?priority={world.slavery.slug}")
    assert "3 returns" in page(client, f"{listing}?round={round.ref}")
    assert "No returns like that." in page(client, f"{listing}?late=on")
    assert "No returns like that." in page(client, f"{listing}?state=no-such-state")


def test_the_list_knows_what_is_late(client, world):
    round = open_round(world, due=days_ago(2))
    client.force_login(world.secretary)
    text = page(client, reverse("priorities:returns") + "?late=on")
    assert "3 returns" in text
    assert "No return" in text
    assert '<span class="late">2 days late</span>' in text
    part = part_of(round, world.fire, world.slavery)
    part.lifted_on, part.lifted_reason = timezone.localdate(), "Merged"
    part.save()
    assert "2 returns" in page(client, reverse("priorities:returns") + "?late=on")


# Session, person, roles (two), three lists of choices, the count, the rows.
@pytest.mark.parametrize("quarters", [1, 3])
def test_the_list_makes_the_same_number_of_queries(
    client, world, django_assert_num_queries, quarters
):
    for n in range(quarters):
        open_round(world, day=days_ago(92 * n))
    client.force_login(world.secretary)
    client.get(reverse("priorities:returns"))
    with django_assert_num_queries(9):
        response = client.get(reverse("priorities:returns"))
    assert len(response.context["rows"]) == 3 * quarters


# Rounds


def test_the_secretary_plans_opens_and_closes_a_round(client, world):
    client.force_login(world.secretary)
    listing = reverse("priorities:rounds")
    assert "No round has been planned." in page(client, listing)
    form = client.get(listing).context["form"]
    key = form.fields["quarter"].choices[1][0]
    assert form["quarter"].value() == key  # the one that runs: those before it are over
    data = {"board": world.board.pk, "quarter": key, "due_day": 1, "due_month": 1, "due_year": 2999}
    response = client.post(listing, data)
    assert response["Location"] == f"/priorities/rounds/soc-board-{key}/"
    assert AuditEvent.objects.filter(act="plan a round").exists()
    assert "There is a round for this quarter" in client.post(listing, data).content.decode()
    form = client.get(listing).context["form"]
    assert form["quarter"].value() == form.fields["quarter"].choices[2][0]
    act = reverse("priorities:round_verb", args=[f"soc-board-{key}", "open-the-round"])
    text = page(client, act)
    assert "Who will be asked" in text
    assert "Modern slavery, Illicit drugs" in text
    assert "The round is open." in client.post(act, follow=True).content.decode()
    closing = act.replace("open-", "close-")
    text = page(client, closing)
    assert "Fire of soc-board: Modern slavery" in text
    assert "The round is closed." in client.post(closing, follow=True).content.decode()
    assert "0 of 3" in page(client, listing)


def test_members_plan_nothing(client, world):
    round = make_round(world.board)
    client.force_login(world.member)
    assert "Plan a round" not in page(client, reverse("priorities:rounds"))
    assert client.post(reverse("priorities:rounds"), {}).status_code == 403
    act = reverse("priorities:round_verb", args=[round.ref, "open-the-round"])
    assert client.post(act).status_code == 403
    round.refresh_from_db()
    assert round.state == "planned"


def test_the_board_field_takes_no_board_of_another(client, world):
    client.force_login(world.secretary)
    listing = reverse("priorities:rounds")
    key = client.get(listing).context["form"].fields["quarter"].choices[1][0]
    data = {"quarter": key, "due_day": 1, "due_month": 1, "due_year": 2999}
    response = client.post(listing, data | {"board": world.parent.pk})
    assert response.status_code == 422
    assert not world.parent.rounds.exists()


def test_one_more_return_is_asked_for_with_a_reason(client, world, round):
    client.force_login(world.secretary)
    address = reverse("priorities:expect", args=[round.ref])
    data = {"agency": world.fire.pk, "priority": world.drugs.pk, "reason": "A fire at a farm."}
    client.post(address, data)
    part = part_of(round, world.fire, world.drugs)
    assert (part.added_on, part.added_reason) == (timezone.localdate(), "A fire at a farm.")
    response = client.post(address, data)
    assert "This return is expected already." in response.content.decode()
    part.lifted_on, part.lifted_reason = timezone.localdate(), "A mistake"
    part.save()
    assert client.post(address, data).status_code == 302
    part.refresh_from_db()
    assert part.lifted_on is None
    assert AuditEvent.objects.filter(act="add an expectation").count() == 2
    client.force_login(world.chair)
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("quarters", [1, 4])
def test_the_rounds_make_the_same_number_of_queries(
    client, world, django_assert_num_queries, quarters
):
    for n in range(quarters):
        open_round(world, day=days_ago(92 * n))
    client.force_login(world.member)
    client.get(reverse("priorities:rounds"))
    with django_assert_num_queries(5):
        response = client.get(reverse("priorities:rounds"))
    rounds = list(response.context["rounds"])
    assert [(round.heard, round.asked) for round in rounds] == [(0, 3)] * quarters
    assert rounds == sorted(rounds, key=lambda round: round.quarter_start, reverse=True)


def test_there_is_no_button_to_clear_what_is_not_written_or_not_submitted(client, world, round):
    empty = part_of(round, world.police, world.drugs)
    client.force_login(world.police_lead)
    text = client.get(empty.agency_return.get_absolute_url()).content.decode()
    assert "Write this return" in text
    assert "clear-for-the" not in text
    empty.report_text = "Two lines were closed."
    empty.save()
    text = client.get(empty.agency_return.get_absolute_url()).content.decode()
    assert "clear-for-the" not in text
    submit(empty, world.police_lead)
    text = client.get(empty.agency_return.get_absolute_url()).content.decode()
    assert text.count("clear-for-the") == 3
