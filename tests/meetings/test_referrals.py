"""What the parent committee asks: recorded, put on the agenda, answered and reported."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from board.workflow import perform
from meetings.agenda import lay_out
from meetings.models import AgendaItem, Referral
from meetings.queries import waiting
from meetings.referring import ANSWER, ASK_AGAIN, REFERRAL_CLEARANCE, REPORT_ANSWER
from meetings.transitions import CANCEL_MEETING
from tests.builders import days_ago, make_agency, make_meeting, open_round, returns_of
from tests.meetings.rooms import planned

WORDS = "How many people were helped, and by whom?"


def days(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def record(client, world, **fields):
    today = timezone.localdate()
    data = {
        "version": 0,
        "board": world.board.pk,
        "kind": "question",
        "text": WORDS,
        "agency": world.police.pk,
        "priority": world.slavery.pk,
        **days("asked_on", today),
        **days("due", today + datetime.timedelta(days=30)),
    } | fields
    client.force_login(world.secretary)
    return client.post("/meetings/referrals/new/", data)


@pytest.fixture
def referral(client, world):
    record(client, world)
    return Referral.objects.get()


def fresh(person):
    return type(person).objects.get(pk=person.pk)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": ""}, "Enter the words of the question or resolution"),
        ({"due_year": "2001"}, "Give a day that is not before the committee’s"),
        ({"due_day": "", "due_month": "", "due_year": ""}, "Enter the day by which"),
    ],
)
def test_a_referral_has_words_and_a_day(client, world, fields, sentence):
    answer = record(client, world, **fields)
    assert (answer.status_code, Referral.objects.count()) == (422, 0)
    assert sentence in answer.content.decode()


def test_an_agency_without_a_seat_is_not_asked(client, world):
    answer = record(client, world, agency=make_agency("Customs").pk)
    assert (answer.status_code, Referral.objects.count()) == (422, 0)


def test_it_stands_on_the_next_agenda_by_itself_once(client, world):
    meeting = planned(world)
    record(client, world)
    referral = Referral.objects.get()
    assert referral.from_board == world.parent
    item = AgendaItem.objects.get(referral=referral)
    assert (item.meeting, item.number, item.presenter) == (meeting, 5, "Police of soc-board")
    lay_out(make_meeting(world.board))
    answer = client.post(f"/meetings/referrals/{referral.pk}/agenda/", follow=True)
    assert "it is on the agenda of" in answer.content.decode()
    assert referral.agenda_items.count() == 1


def test_without_a_meeting_it_waits_for_one_and_outlives_one_called_off(client, world, referral):
    answer = client.post(f"/meetings/referrals/{referral.pk}/agenda/", follow=True)
    assert "No meeting is planned" in answer.content.decode()
    first = planned(world)
    assert referral.agenda_items.get().meeting == first
    perform(CANCEL_MEETING, first, by=world.secretary, note="Snow")
    second = planned(world, ref="soc-board-next", starts_at=first.starts_at)
    assert referral.agenda_items.filter(meeting=second).count() == 1


def test_it_waits_for_the_lead_of_the_agency_and_stands_in_its_return(client, world, referral):
    assert f"Answer: {referral}" in {row.act for row in waiting(world.police_lead)}
    for person in (world.police_contributor, world.fire_lead, world.secretary):
        assert f"Answer: {referral}" not in {row.act for row in waiting(fresh(person))}
    round = open_round(world)
    for person, agency, shown in (
        (world.police_lead, world.police, True),
        (world.fire_lead, world.fire, False),
    ):
        client.force_login(person)
        page = client.get(f"/priorities/returns/{returns_of(round, agency).pk}/edit/")
        assert (WORDS in page.content.decode()) is shown


def test_the_agency_answers_and_the_secretary_clears_and_reports(client, world, referral):
    address = f"/meetings/referrals/{referral.pk}/"
    client.force_login(world.police_lead)
    assert "Enter the answer." in client.post(f"{address}answer-the-referral/").content.decode()
    client.post(f"{address}answer-the-referral/", {"note": "Fourteen, by the police."})
    assert client.get(f"{address}clear-for-the-public/").status_code == 403
    client.force_login(world.member)
    assert "Fourteen, by the police." in client.get(address).content.decode()
    found = perform(REFERRAL_CLEARANCE[2], Referral.objects.get(), by=world.secretary)
    assert found.words_for("public") == "Fourteen, by the police."
    with pytest.raises(ValidationError, match="withdraw its text first"):
        perform(ASK_AGAIN, found, by=world.secretary, note="By whom?")
    found = perform(REPORT_ANSWER, found, by=world.secretary, note="Report of 27 September")
    client.force_login(world.secretary)
    answer = client.get(f"{address}edit/", follow=True)
    assert "This is reported: it stays as it is." in answer.content.decode()
    assert WORDS not in client.get("/meetings/referrals/").content.decode()
    assert WORDS in client.get("/meetings/referrals/?state=all").content.decode()


def test_a_stale_change_keeps_both_wordings(client, world, referral):
    today = timezone.localdate()
    data = {
        "kind": "question", "agency": "", "priority": "", "version": 1,
        **days("asked_on", today), **days("due", today),
    }  # fmt: skip
    address = f"/meetings/referrals/{referral.pk}/edit/"
    client.post(address, data | {"text": "Theirs"})
    answer = client.post(address, data | {"text": "Mine"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs" in page
    assert ">\nMine</textarea>" in page


def test_a_late_one_says_so(client, world, referral):
    Referral.objects.update(asked_on=days_ago(40), due=days_ago(3))
    client.force_login(world.member)
    assert "3 days late" in client.get("/meetings/referrals/").content.decode()
    perform(ANSWER, referral, by=world.secretary, note="Fourteen.")
    assert "days late" not in client.get("/meetings/referrals/").content.decode()
