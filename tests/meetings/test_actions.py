"""Decisions and actions: how they are made, changed, listed and carried over."""

import csv
import datetime
import io

import pytest
from django.db import transaction
from django.utils import timezone

from board.models import AuditEvent
from board.workflow import perform
from meetings.models import Action, Decision, Promise
from meetings.models.actions import next_reference
from meetings.transitions import COMPLETE_ACTION, PROPOSE
from tests.builders import (
    days_ago,
    join,
    make_action,
    make_board,
    make_decision,
    make_item,
    make_user,
    make_world,
)
from tests.meetings.rooms import deputy, held, in_session, item_of
from tests.racing import at_once
from tests.workbooks import sheet_of


@pytest.fixture
def meeting(world):
    return in_session(world)


def add(client, meeting, item, **fields):
    due = meeting.day + datetime.timedelta(days=30)
    data = {
        "action-version": "0",
        "action-wording": "Write the page",
        "action-owner": "",
        "action-who": "",
        "action-due": due.isoformat(),
    }
    data |= {f"action-{name}": value for name, value in fields.items()}
    return client.post(f"/meetings/{meeting.ref}/minute/{item.pk}/actions/", data)


def test_an_action_gets_its_reference_owner_person_and_date(client, world, meeting):
    client.force_login(world.secretary)
    item = item_of(meeting)
    answer = add(client, meeting, item, owner="police", who="police lead")
    assert answer.status_code == 303
    action = Action.objects.get()
    assert action.reference == f"SOC/1/{meeting.day.year}"
    assert (action.agency, action.person, action.priority) == (
        world.police, world.police_lead, world.slavery,
    )  # fmt: skip
    assert (action.original_wording, action.original_due) == (action.wording, action.due)
    assert AuditEvent.objects.filter(act="raise", subject=f"meetings.action:{action.pk}").exists()


def test_the_board_may_own_it_and_the_officer_may_be_unknown_or_unlisted(client, world, meeting):
    client.force_login(world.secretary)
    item = item_of(meeting)
    add(client, meeting, item, owner="board")
    add(client, meeting, item, owner="board", who="Inspector, partnerships")
    first, second = Action.objects.order_by("pk")
    assert (first.owner, first.who) == ("SOC Board", "Officer to be confirmed")
    assert (second.who, second.person) == ("Inspector, partnerships", None)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"owner": ""}, "Enter who owns it"),
        ({"due": ""}, "Enter the day it is due"),
        ({"due": "1 Jan 2001"}, "Give a day that is not before the meeting"),
        ({"due": "soon"}, "Give a real day"),
        ({"wording": ""}, "Enter what is to be done"),
    ],
)
def test_without_owner_or_date_nothing_is_recorded_or_lost(
    client, world, meeting, fields, sentence
):
    client.force_login(world.secretary)
    answer = add(
        client, meeting, item_of(meeting), **{"owner": "board", "who": "Somebody"} | fields
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="Somebody"' in page
    assert not Action.objects.exists()


def test_a_recommendation_becomes_the_decision(client, world, meeting):
    item = item_of(meeting)
    item.recommendation = "One page is made."
    item.save()
    client.force_login(world.secretary)
    page = client.get(f"/meetings/{meeting.ref}/minute/?item={item.pk}").content.decode()
    assert 'name="decision-text" value="One page is made."' in page
    client.post(
        f"/meetings/{meeting.ref}/minute/{item.pk}/decisions/",
        {"decision-version": 0, "decision-outcome": "agreed", "decision-text": "One page is made."},
    )
    decision = Decision.objects.get()
    assert (decision.text, decision.outcome, decision.priority) == (
        "One page is made.", "agreed", world.slavery,
    )  # fmt: skip


def test_a_decision_is_changed_with_its_version_and_removed(client, world, meeting):
    decision = make_decision(item_of(meeting))
    client.force_login(world.secretary)
    address = f"/meetings/{meeting.ref}/minute/{decision.item_id}/decisions/{decision.pk}/"
    words = {"outcome": "noted", "text": "Theirs", "version": 0}
    assert client.post(address, words).status_code == 303
    answer = client.post(address, words | {"text": "Mine"})
    assert answer.status_code == 409
    assert "Theirs" in answer.content.decode()
    client.post(address, {"remove": "1"})
    assert not Decision.objects.exists()
    assert AuditEvent.objects.filter(act="remove a decision").exists()


def change(client, action, **fields):
    data = {
        "version": action.version,
        "wording": action.wording,
        "owner": action.agency_id or "board",
        "who": "",
        "due": action.due.isoformat(),
        "promise_note": "",
    }
    return client.post(f"/meetings/actions/{action.pk}/edit/", data | fields)


def test_a_new_day_is_a_promise_with_its_note_and_the_first_stays(client, world):
    action = make_action(world.board, agency=world.police, agreed_on=days_ago(40))
    first, later = action.due, timezone.localdate() + datetime.timedelta(days=20)
    client.force_login(world.secretary)
    answer = change(client, action, due=later.isoformat())
    assert "Enter why the day changes" in answer.content.decode()
    assert not Promise.objects.exists()
    change(
        client, action, due=later.isoformat(), promise_note="Waits for health", wording="New words"
    )
    action = Action.objects.get()
    assert (action.due, action.original_due) == (later, first)
    promise = Promise.objects.get()
    assert (promise.due, promise.note, promise.made_by) == (
        later,
        "Waits for health",
        world.secretary,
    )
    page = client.get(f"/meetings/actions/{action.pk}/").content.decode()
    for words in ("Waits for health", "New words", "Write the page of signs", f"{first:%-d %B %Y}"):
        assert words in page


def test_a_stale_change_of_an_action_does_not_overwrite(client, world):
    action = make_action(world.board, agency=world.police)
    client.force_login(world.secretary)
    change(client, action, wording="Theirs")
    answer = change(client, action, wording="Mine")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs" in page
    assert ">\nMine</textarea>" in page
    assert Action.objects.get().wording == "Theirs"


def test_the_owners_agency_proposes_and_the_secretary_confirms(client, world):
    action = make_action(world.board, agency=world.police)
    address = f"/meetings/actions/{action.pk}"
    client.force_login(world.fire_lead)
    assert client.post(f"{address}/propose-complete/", {"note": "Done"}).status_code == 403
    client.force_login(world.police_contributor)
    assert (
        "Write something under “What was done”"
        in client.post(f"{address}/propose-complete/").content.decode()
    )
    client.post(f"{address}/propose-complete/", {"note": "The page is out."})
    assert client.post(f"{address}/confirm-complete/").status_code == 403
    client.force_login(world.secretary)
    client.post(f"{address}/confirm-complete/")
    action.refresh_from_db()
    assert (action.state, action.evidence) == ("complete", "The page is out.")


def test_the_first_wording_is_said_once_it_differs(client, world):
    action = make_action(world.board, agency=world.police, wording="Print the page.")
    client.force_login(world.secretary)
    address = f"/meetings/actions/{action.pk}/"
    page = client.get(address).content.decode()
    assert page.count("Print the page.") == 1
    Action.objects.update(wording="Print two pages.")
    page = client.get(address).content.decode()
    assert "As first agreed" in page
    assert page.count("Print the page.") == 1


def test_a_complete_action_is_not_changed(client, world):
    action = make_action(world.board, agency=world.police)
    perform(COMPLETE_ACTION, action, by=world.secretary, note="Done")
    client.force_login(world.secretary)
    change(client, action, wording="Changed")
    assert Action.objects.get().wording == "Write the page of signs"


# The log


def listed(client, user, query=""):
    client.force_login(user)
    page = client.get(f"/meetings/actions/{query}").content.decode()
    return {action.reference for action in Action.objects.all() if f">{action.reference}<" in page}


@pytest.fixture
def log(world):
    """Four actions: late, proposed, complete, the Board's own."""
    late = make_action(
        world.board, agency=world.police, agreed_on=days_ago(60), due=days_ago(9),
        priority=world.slavery, person=world.police_lead,
    )  # fmt: skip
    proposed = make_action(world.board, agency=world.fire, agreed_on=days_ago(60), due=days_ago(2))
    perform(PROPOSE, proposed, by=world.fire_lead, note="Done")
    done = make_action(world.board, agency=world.fire)
    perform(COMPLETE_ACTION, done, by=world.secretary, note="Done")
    own = make_action(world.board)
    return {"late": late, "proposed": proposed, "done": done, "own": own}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"late", "proposed", "own"}),
        ("?state=all", {"late", "proposed", "done", "own"}),
        ("?state=complete", {"done"}),
        ("?state=proposed", {"proposed"}),
        ("?overdue=on", {"late", "proposed"}),
        ("?agency=board", {"own"}),
        ("?sort=-carried", {"late", "proposed", "own"}),
        ("?state=nonsense", {"late", "proposed", "done", "own"}),
    ],
)
def test_filters(client, world, log, query, expected):
    assert listed(client, world.member, query) == {log[name].reference for name in expected}


def test_filters_by_record(client, world, log):
    for query in (
        f"?agency={world.police.pk}",
        f"?person={world.police_lead.pk}",
        f"?priority={world.slavery.pk}",
    ):
        assert listed(client, world.member, query) == {log["late"].reference}, query


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?age=30", {"late", "proposed"}),
        ("?age=365", set()),
        ("?words=OR4", {"own"}),
        ("?words=page of signs", {"late", "proposed", "own"}),
        ("?words=%25", set()),
    ],
)
def test_filters_by_age_and_by_any_of_its_numbers(client, world, log, query, expected):
    log["own"].other_references.create(reference="OR4", given_by="SCP", since=days_ago(1))
    assert listed(client, world.member, query) == {log[name].reference for name in expected}


def test_filters_by_the_meeting_that_agreed_it(client, world, log, meeting):
    mine = make_action(world.board, agency=world.police, item=item_of(meeting))
    make_action(world.board, agency=world.police, item=item_of(held(world)), part="restricted")
    assert listed(client, world.member, f"?meeting={meeting.pk}") == {mine.reference}
    page = client.get("/meetings/actions/").content.decode()
    assert "SOC Board, 19 September 2018" not in page


def test_when_who_was_to_do_it_leaves_it_falls_to_the_agencys_lead(client, world):
    person = make_user(name="Inspector")
    join(person, world.police, "contributor")
    action = make_action(world.board, agency=world.police, person=person)
    client.force_login(world.member)
    address = f"/meetings/actions/{action.pk}/"
    assert "<dd>Inspector</dd>" in client.get(address).content.decode()
    person.agency_memberships.update(end=days_ago(1))
    said = "Police lead, since Inspector has left"
    for page in (address, "/meetings/actions/", "/meetings/actions/log.csv"):
        assert said in client.get(page).content.decode(), page
    world.police_lead.agency_memberships.update(end=days_ago(1))
    assert "Lead to be named, since Inspector has left" in client.get(address).content.decode()


def test_an_officer_of_the_board_who_is_of_no_agency_has_not_left(world):
    make_action(world.board, agency=world.police, person=world.chair)
    assert Action.objects.with_holders().get().holder == "Chair"


def test_a_committees_number_is_noted_once_and_taken_back(client, world):
    action = make_action(world.board, agency=world.police)
    client.force_login(world.secretary)
    address = f"/meetings/actions/{action.pk}/numbers/"
    data = {
        "reference": "OR4", "given_by": "Safer City Partnership",
        "since_day": "1", "since_month": "5", "since_year": "2018",
    }  # fmt: skip
    assert client.post(address, data).status_code == 302
    answer = client.post(address, data)
    assert (answer.status_code, action.other_references.count()) == (422, 1)
    assert "This number is noted already" in answer.content.decode()
    answer = client.post(address, data | {"reference": ""})
    assert "Enter the number" in answer.content.decode()
    client.post(f"{address}{action.other_references.get().pk}/remove/")
    assert not action.other_references.exists()


def test_the_workbook_holds_the_same_rows_and_the_marking(client, world, log, meeting):
    client.force_login(world.member)
    plain = client.get("/meetings/actions/log.xlsx?overdue=on")
    rows, xml = sheet_of(plain)
    assert "OFFICIAL-SENSITIVE" not in xml
    assert [row[0][1] for row in rows] == [
        "Reference", log["late"].reference, log["proposed"].reference,
    ]  # fmt: skip
    assert [kind for kind, *_ in rows[1][10:13]] == ["n", "n", "n"]
    make_action(world.board, agency=world.police, item=item_of(meeting), part="restricted")
    client.force_login(world.secretary)
    assert "OFFICIAL-SENSITIVE" in sheet_of(client.get("/meetings/actions/log.xlsx"))[1]


def test_lateness_is_said_in_words(client, world, log):
    client.force_login(world.member)
    page = client.get("/meetings/actions/").content.decode()
    assert "9 days late" in page
    assert "longest <strong>9 days</strong>" in page
    assert "<strong>1</strong> waits for the secretary to confirm" in page


def test_the_download_holds_the_same_rows_and_no_formula(client, world, log):
    Action.objects.filter(pk=log["late"].pk).update(original_wording="=HYPERLINK(1)")
    client.force_login(world.member)
    answer = client.get("/meetings/actions/log.csv?overdue=on")
    assert answer["Content-Disposition"] == 'attachment; filename="actions.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows] == [
        "Reference",
        log["late"].reference,
        log["proposed"].reference,
    ]
    assert rows[1][2] == "'=HYPERLINK(1)"


def test_a_restricted_action_is_seen_as_its_minute(client, world, meeting):
    secret = make_action(world.board, agency=world.police, item=item_of(meeting), part="restricted")
    meeting.attendances.filter(seat=world.police_seat).update(status="present")
    seen = {
        name
        for name in ("secretary", "chair", "police_lead", "fire_lead", "member", "observer")
        if listed(client, getattr(world, name))
    }
    assert seen == {"secretary", "chair", "police_lead"}
    client.force_login(world.member)
    assert client.get(f"/meetings/actions/{secret.pk}/").status_code == 404


def test_carried_over_counts_the_meetings_held_since_it_was_due(world):
    action = make_action(
        world.board, agency=world.police, agreed_on=datetime.date(2018, 6, 1),
        due=datetime.date(2018, 9, 1),
    )  # fmt: skip
    held(world)
    held(world, day=(2018, 12, 12))
    assert Action.objects.with_carry_overs().get(pk=action.pk).carried_over == 2


# References


def test_boards_that_share_a_prefix_share_one_run_of_numbers(world):
    group = make_board("SOC Working Group", parent=world.board)
    references = []
    with transaction.atomic():
        for board in (world.board, group, world.board):
            references.append(next_reference(board, 2018))
    assert references == ["SOC/1/2018", "SOC/2/2018", "SOC/3/2018"]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_two_references():
    world = make_world()
    next_reference_of = transaction.atomic(lambda: next_reference(world.board, 2018))
    next_reference_of()
    runs = at_once([lambda: [next_reference_of() for _ in range(5)]] * 4)
    given = [reference for run in runs for reference in run]
    assert sorted(given, key=lambda ref: int(ref.split("/")[1])) == [
        f"SOC/{n}/2018" for n in range(2, 22)
    ]


def test_the_register_lists_decisions_one_may_read(client, world, meeting):
    make_decision(item_of(meeting), "OPENWORDS")
    make_decision(make_item(meeting, 40), "SECRETWORDS", part="restricted")
    client.force_login(world.member)
    page = client.get("/meetings/decisions/").content.decode()
    assert ("OPENWORDS" in page, "SECRETWORDS" in page) == (True, False)
    client.force_login(deputy(world))
    page = client.get("/meetings/decisions/?words=secret").content.decode()
    assert ("OPENWORDS" in page, "SECRETWORDS" in page) == (False, True)
