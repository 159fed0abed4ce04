"""The chair's brief: what it says, to whom, and that it never runs over two sides."""

import datetime
import io

import pikepdf
import pytest
from django.urls import reverse

from board.workflow import perform
from meetings.brief import brief_facts
from meetings.models import Attendance
from meetings.transitions import PUBLISH
from tests import builders as make
from tests.meetings.test_papers import words


@pytest.fixture
def meeting(world):
    round = make.open_round(world)
    make.receive(
        make.submit(make.part_of(round, world.police, world.slavery), world.police_lead),
        world.secretary,
    )
    type(round).objects.update(due=make.days_ago(2))
    round.refresh_from_db()
    record = make.make_meeting(
        world.board,
        ref="soc-board-next",
        presiding=world.member,
        round=round,
        focus_priority=world.slavery,
    )
    make.make_item(record, 1, "Apologies", minutes_allotted=5)
    item = make.make_item(
        record,
        2,
        "Night work",
        minutes_allotted=30,
        recommendation="To write to **every** contractor.",
        working_notes="Ask the Chairman first.",
    )
    make.make_paper(item, by=world.secretary, pages=3)
    perform(PUBLISH, record, by=world.secretary)
    record.refresh_from_db()
    return record


def late(world, **fields):
    return make.make_action(
        world.board, agreed_on=make.days_ago(60), due=make.days_ago(9), **fields
    )


def brief(client, person, meeting):
    client.force_login(person)
    response = client.get(reverse("meetings:brief", args=[meeting.ref]))
    assert response.status_code == 200
    return response.content


def test_it_says_what_the_chair_needs_and_whoever_presides_has_it(world, client, meeting):
    late(world, agency=world.fire, wording="Count the inspections.")
    restricted = make.make_item(meeting, 3, "Short lets")
    late(world, agency=world.fire, wording="Visit two addresses.", item=None, part="restricted")
    assert restricted.number == 3
    meeting.attendances.filter(seat=world.fire_seat).update(status=Attendance.Status.APOLOGIES)
    world.board.quorum = 2
    world.board.save()
    for person in (world.secretary, world.chair, world.member):
        said = words(brief(client, person, meeting), "-layout")
        assert "Chair’s brief for" in said
        assert "Plain member presides" in said
        assert "2. Night work To note pages 1 to 3 30" in said
        assert "Item 2: To write to every contractor." in said
        assert "Without a quorum as it stands. 1 of 2 agencies are expected; the quorum is 2." in (
            said
        )
        assert "Apologies or not represented: Fire" in said
        assert "1 of 3 answered" in said
        assert "Fire of soc-board: No return on Modern slavery" in said
        assert "Police of soc-board: No return on Illicit drugs" in said
        assert "Count the inspections. Due" in said
        assert "9 days late" in said
        assert "Visit two addresses" not in said
        assert "Ask the Chairman" not in said
    assert "1 restricted action is overdue too" in words(brief(client, world.chair, meeting))


def test_before_the_due_day_a_return_is_awaited(world, client, meeting):
    type(meeting.round).objects.update(due=make.days_ago(-2))
    said = words(brief(client, world.chair, meeting))
    assert "Fire of soc-board: awaited on Modern slavery" in said
    assert "No return" not in said


def test_however_full_it_has_two_sides_and_says_what_it_left_out(world, client, meeting):
    for number in range(3, 45):
        make.make_item(
            meeting,
            number,
            f"Item {number} " + "long title " * 13,
            presenter="The Partnership Inspector of the City " * 3,
            recommendation="To agree at length. " * 60,
        )
    for _ in range(30):
        late(world, agency=world.police, wording="Write to each of them and say why. " * 40)
    for number in range(40):
        agency = make.make_agency(f"A rather long name of an agency number {number}")
        make.attend(meeting, make.make_user(), seat=make.seat(world.board, agency))
        make.answers_for(agency, world.slavery)
    data = brief(client, world.chair, meeting)
    with pikepdf.open(io.BytesIO(data)) as document:
        assert len(document.pages) == 2
    said = words(data, "-layout")
    for heading in (
        "Order of business",
        "Likely decisions",
        "Who is expected",
        "Who has not returned",
        "Overdue actions",
    ):
        assert heading in said
    assert "more items: see the agenda." in said
    assert "more: see the action log." in said


@pytest.mark.parametrize("number", [1, 5])
def test_queries_are_as_many_for_one_as_for_five(world, meeting, number, django_assert_num_queries):
    for _ in range(number):
        late(world, agency=world.police)
    world.chair.roles  # noqa: B018
    with django_assert_num_queries(11):
        brief_facts(meeting, world.chair, meeting.starts_at - datetime.timedelta(days=1))
