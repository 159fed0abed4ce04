"""Each page: what it shows empty, with one and with many, and that many cost no more queries."""

import datetime
import re

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone
from django.utils.html import strip_tags

from board.workflow import perform
from board.working_days import clear_days_before
from meetings.models import Referral
from meetings.outcomes import ADOPT
from meetings.queries import waiting
from meetings.transitions import CHECK, CIRCULATE, NOTE_CLEARANCE, PROPOSE
from tests.builders import (
    days_ago,
    make_action,
    make_decision,
    make_item,
    make_meeting,
    make_note,
    make_threat,
    open_round,
    part_of,
    receive,
    submit,
)
from tests.meetings.rooms import approved, held, in_session, item_of, planned


def many(world, number):
    """`number` meetings, items, actions, decisions, threats on the board."""
    for n in range(number):
        meeting = held(world, day=(2018, 1 + n % 12, 1 + n), ref=f"held-{n}")
        item = item_of(meeting)
        for _ in range(number):
            make_decision(item, priority=world.slavery)
            make_action(world.board, agency=world.police, item=item, priority=world.slavery)
        make_meeting(world.board, starts_at=timezone.now() + datetime.timedelta(days=7 + n))
        make_threat(world.board, world.police, world.police_lead, title=f"Threat {n}")
        Referral.objects.create(
            board=world.board,
            from_board=world.parent,
            text=f"Question {n}",
            asked_on=meeting.day,
            due=meeting.day,
            agency=world.police,
            priority=world.slavery,
        )


QUERIES = {
    "/meetings/": 13,
    "/meetings/actions/": 15,
    "/meetings/actions/log.csv": 8,
    "/meetings/actions/log.xlsx": 8,
    "/meetings/decisions/": 10,
    "/meetings/decisions/register.csv": 6,
    "/meetings/referrals/": 8,
    "/meetings/held-0/": 12,
    "/meetings/held-0/agenda/": 9,
    "/meetings/held-0/minutes/": 23,
    "/meetings/held-0/minute/": 26,
    "/meetings/held-0/attendance/": 16,
}


@pytest.mark.parametrize("address", QUERIES)
@pytest.mark.parametrize("number", [1, 4])
def test_many_rows_cost_no_more_queries(client, world, django_assert_num_queries, address, number):
    many(world, number)
    client.force_login(world.secretary)
    client.get(address)
    with django_assert_num_queries(QUERIES[address]):
        answer = client.get(address)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/meetings/", "No meeting is planned."),
        ("/meetings/", "No meeting has been held yet."),
        ("/meetings/actions/", "No action fits."),
        ("/meetings/decisions/", "Nothing has been decided yet."),
        ("/meetings/referrals/", "Nothing waits for an answer to the committee."),
    ],
)
def test_empty_pages_say_so(client, world, address, sentence):
    client.force_login(world.member)
    assert sentence in client.get(address).content.decode()


def test_the_calendar_says_when_each_priority_was_last_considered(client, world):
    held(world)
    planned(
        world, focus_priority=world.drugs, starts_at=timezone.now() + datetime.timedelta(days=9)
    )
    client.force_login(world.member)
    page = client.get("/meetings/").content.decode()
    assert "Considered 19 September 2018" in page
    assert "Not yet considered" in page
    assert "Next on " in page
    # Longest not considered first.
    assert page.index("<dt>Illicit drugs") < page.index("<dt>Modern slavery")


def test_other_boards_meetings_are_not_there(client, world):
    meeting = held(world)
    for user in (world.outsider, world.former):
        client.force_login(user)
        assert client.get(f"/meetings/{meeting.ref}/").status_code == 404
        assert "19 September 2018" not in client.get("/meetings/").content.decode()


def test_the_minute_screen_shows_what_was_said_in_the_returns(client, world):
    round = open_round(world)
    receive(submit(part_of(round, world.police, world.slavery), world.police_lead), world.secretary)
    meeting = in_session(world, round=round)
    make_action(
        world.board, agency=world.police, agreed_on=days_ago(60), due=days_ago(1),
        priority=world.slavery, wording="PASTACTION",
    )  # fmt: skip
    make_action(world.board, agency=world.police, priority=world.drugs, wording="OTHERACTION")
    client.force_login(world.secretary)
    page = client.get(
        f"/meetings/{meeting.ref}/minute/?item={item_of(meeting).pk}"
    ).content.decode()
    assert "1 received, 0 submitted, 0 nothing to report." in page
    assert "No return from Fire of soc-board." in page
    assert "PASTACTION" in page
    assert "OTHERACTION" not in page
    arising = item_of(meeting, "matters_arising").pk
    page = client.get(f"/meetings/{meeting.ref}/minute/?item={arising}").content.decode()
    assert ("PASTACTION" in page, "OTHERACTION" in page) == (True, True)


def test_the_screen_opens_at_the_first_item_without_words(client, world):
    meeting = in_session(world)
    make_note(item_of(meeting, "apologies"))
    make_decision(item_of(meeting, "declarations"))
    client.force_login(world.secretary)
    page = client.get(f"/meetings/{meeting.ref}/minute/").content.decode()
    assert "item 3 of 9" in strip_tags(page)
    assert "1 decision, no words yet" in page


@pytest.mark.parametrize("name", ["chair", "member", "observer", "police_lead"])
def test_only_the_secretary_minutes(client, world, name):
    meeting = in_session(world)
    item = item_of(meeting).pk
    client.force_login(getattr(world, name))
    for address in (
        "minute/", f"minute/{item}/history/", "attendance/", "agenda/", "edit/", "agenda/new/",
    ):  # fmt: skip
        assert client.get(f"/meetings/{meeting.ref}/{address}").status_code == 403, address
    for address in (f"minute/{item}/save/", f"minute/{item}/decisions/", "start-the-meeting/"):
        assert client.post(f"/meetings/{meeting.ref}/{address}").status_code == 403, address


def test_the_secretary_clears_a_minute_and_a_decision_for_the_report(client, world):
    meeting = held(world)
    note, decision = item_of(meeting).notes.get(), make_decision(item_of(meeting))
    client.force_login(world.secretary)
    page = client.get(f"/meetings/{meeting.ref}/minutes/").content.decode()
    assert f"/meetings/notes/{note.pk}/clear-for-the-public/" in page
    client.post(f"/meetings/notes/{note.pk}/clear-for-the-public/")
    client.post(f"/meetings/decisions/{decision.pk}/clear-for-the-parent-committee/")
    note.refresh_from_db()
    decision.refresh_from_db()
    assert (note.cleared_for, note.cleared_text) == ("public", note.text)
    assert (decision.cleared_for, decision.cleared_text) == ("parent", decision.text)
    client.force_login(world.chair)
    assert client.post(f"/meetings/notes/{note.pk}/withdraw-the-text/").status_code == 403
    client.force_login(world.member)
    assert client.post(f"/meetings/notes/{note.pk}/withdraw-the-text/").status_code == 404


def test_a_restricted_note_has_nothing_to_clear(client, world):
    note = make_note(item_of(held(world)), "Secret", part="restricted")
    client.force_login(world.secretary)
    page = client.post(f"/meetings/notes/{note.pk}/clear-for-the-public/").content.decode()
    assert "There is no text to clear" in page
    note.refresh_from_db()
    assert note.clearance == NOTE_CLEARANCE[0].before[0]


def test_a_priority_is_retired_by_a_meetings_decision(client, world):
    client.force_login(world.secretary)
    address = f"/meetings/priorities/{world.slavery.slug}/retire-the-priority/"
    assert "record its decision" in client.post(address).content.decode()
    make_decision(item_of(in_session(world)), "To retire it.", priority=world.slavery)
    client.post(address)
    world.slavery.refresh_from_db()
    assert (world.slavery.state, world.slavery.retired_on) == ("retired", timezone.localdate())
    assert not ADOPT.open_to(world.secretary, world.slavery)


# What the pages of other apps show


def shown(user, tag, **context):
    request = RequestFactory().get("/")
    request.user = user
    template = Template(f"{{% load meetings %}}{{% {tag} %}}")
    return template.render(Context({"request": request, "csrf_token": "token"} | context))


def test_an_agency_sees_its_open_actions_with_its_return(world):
    make_action(world.board, agency=world.police, agreed_on=days_ago(50), due=days_ago(3))
    make_action(world.board, agency=world.fire, wording="NOTOURS")
    words = shown(world.police_contributor, "agency_actions agency", agency=world.police)
    assert "3 days late" in words
    assert "NOTOURS" not in words
    assert "No open actions." in shown(world.outsider, "agency_actions agency", agency=world.police)


def test_a_priority_shows_its_meetings_decisions_actions_and_the_secretarys_button(world):
    item = item_of(held(world))
    make_decision(item, "DECIDED", priority=world.slavery)
    make_decision(item, "SECRET", priority=world.slavery, part="restricted")
    make_action(world.board, agency=world.police, priority=world.slavery, wording="TODO")
    words = shown(world.member, "priority_record priority", priority=world.slavery)
    for expected in ("19 Sep 2018", "DECIDED", "TODO"):
        assert expected in words
    assert "SECRET" not in words
    assert "Retire the priority" not in words
    assert "Retire the priority" in shown(
        world.secretary, "priority_record priority", priority=world.slavery
    )


def test_a_threat_shows_its_meetings_and_the_secretarys_button(world):
    threat = make_threat(world.board, world.police, world.police_lead)
    assert "not been on an agenda" in shown(world.member, "threat_record threat", threat=threat)
    make_item(in_session(world), 20, threat=threat)
    assert "item 20" in shown(world.member, "threat_record threat", threat=threat)
    assert "Record the discussion" in shown(world.secretary, "threat_record threat", threat=threat)


def test_a_board_shows_its_next_and_last_meeting(world):
    assert "None is planned" in shown(world.member, "board_meetings board", board=world.board)
    held(world)
    planned(world)
    words = shown(world.member, "board_meetings board", board=world.board)
    assert "19 September 2018" in words
    assert "soc-board-live" in words


# Home


def acts_of(user, at=None):
    return [item.act for item in waiting(user, at)]


def test_what_waits_for_the_secretary(world):
    meeting = planned(world)
    ended = held(world)
    action = make_action(world.board, agency=world.police)
    perform(PROPOSE, action, by=world.police_lead, note="Done")
    make_threat(world.board, world.police, world.police_lead)
    acts = acts_of(world.secretary)
    assert sorted(acts) == [
        f"Confirm that action {action.reference} is complete",
        f"Finish the minutes of {ended}",
        f"Publish the agenda of {meeting}",
        "Put a threat on an agenda: Counterfeit goods by post",
    ]
    late = next(item for item in waiting(world.secretary) if item.act.startswith("Finish"))
    assert late.late > 0
    publish = next(item for item in waiting(world.secretary) if item.act.startswith("Publish"))
    assert publish.due == clear_days_before(meeting.day, 5)
    assert publish.late > 0
    perform(CHECK, ended.minutes.get(), by=world.chair)
    assert f"Circulate the minutes of {ended}" in acts_of(world.secretary)


def test_what_waits_for_chair_and_agency(world):
    meeting = held(world)
    make_action(world.board, agency=world.police, agreed_on=days_ago(40), due=days_ago(5))
    assert acts_of(world.chair) == [f"Check the minutes of {meeting}"]
    (mine,) = waiting(world.police_lead)
    assert (mine.late, mine.due) == (5, days_ago(5))
    assert waiting(world.fire_lead) == []
    approved(world, meeting)
    assert f"Sign the minutes of {meeting}" in acts_of(world.chair)


def test_circulated_minutes_wait_for_a_later_meeting(world):
    meeting = held(world)
    minutes = perform(CHECK, meeting.minutes.get(), by=world.chair)
    perform(CIRCULATE, minutes, by=world.secretary)
    assert f"Approve the minutes of {meeting}" not in acts_of(world.secretary)
    held(world, day=(2018, 12, 12))
    assert f"Approve the minutes of {meeting}" in acts_of(world.secretary)


def test_waiting_costs_the_same_for_one_and_many(world, django_assert_num_queries):
    counts = []
    for number in (1, 3):
        for _ in range(number):
            make_action(world.board, agency=world.police)
            make_threat(world.board, world.police, world.police_lead)
        user = type(world.secretary).objects.get(pk=world.secretary.pk)
        user.roles  # noqa: B018
        with django_assert_num_queries(12):
            counts.append(len(waiting(user)))
    assert counts[0] < counts[1]


def test_the_calendar_says_how_far_the_minutes_are_to_who_may_read_them(client, world):
    minutes = held(world, ref="held").minutes.get(part="board")
    says = {}
    for step in (None, CHECK, CIRCULATE):
        if step:
            perform(step, minutes, by=world.chair if step is CHECK else world.secretary)
        for person in (world.secretary, world.fire_lead):
            client.force_login(person)
            page = client.get("/meetings/").content.decode()
            said = [
                state
                for state in ("draft", "checked by the chair", "circulated")
                if f"Minutes: {state}" in page
            ]
            says[step.slug if step else "", person.email] = said
    secretary, member = world.secretary.email, world.fire_lead.email
    assert says == {
        ("", secretary): ["draft"],
        ("", member): [],
        (CHECK.slug, secretary): ["checked by the chair"],
        (CHECK.slug, member): [],
        (CIRCULATE.slug, secretary): ["circulated"],
        (CIRCULATE.slug, member): ["circulated"],
    }


def test_what_came_of_a_meeting_stands_before_its_agenda_once_it_has_ended(client, world):
    client.force_login(world.secretary)
    page = client.get(held(world, ref="held").get_absolute_url()).content.decode()
    assert page.index(">Minutes</h2>") < page.index(">Agenda</h2>") < page.index("Reopen")
    page = client.get(planned(world, ref="planned").get_absolute_url()).content.decode()
    assert page.index("Publish") < page.index(">Agenda</h2>")
    assert ">Minutes</h2>" not in page


def test_in_session_the_meetings_page_offers_the_minuting_first(client, world):
    meeting = in_session(world)
    client.force_login(world.secretary)
    page = client.get(f"/meetings/{meeting.ref}/").content.decode()
    dark = re.findall(r'class="govuk-button"[^>]*>([^<]*)<', page)
    assert dark == ["Minute it"]
    assert "End the meeting" in page
