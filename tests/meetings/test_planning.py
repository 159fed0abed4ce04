"""The forward plan: days at the board's interval, priorities in turn, and what was not covered."""

import datetime

import pytest
from django.utils import timezone

from board.models import AuditEvent
from board.workflow import perform
from meetings import planning
from meetings.models import Meeting
from meetings.queries import waiting
from meetings.transitions import PUBLISH
from tests.builders import (
    days_ago,
    london,
    make_decision,
    make_item,
    make_meeting,
    make_note,
    make_priority,
    open_round,
    part_of,
    receive,
    submit,
)
from tests.meetings.rooms import held, in_session, planned

DAY = datetime.date


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (DAY(2018, 9, 19), 3, DAY(2018, 12, 19)),  # the third Wednesday
        (DAY(2018, 12, 19), 3, DAY(2019, 3, 20)),
        (DAY(2018, 1, 31), 1, DAY(2018, 2, 28)),  # a fifth Wednesday becomes the last
        (DAY(2018, 11, 1), 2, DAY(2019, 1, 3)),
        (DAY(2018, 12, 31), 12, DAY(2019, 12, 30)),
    ],
)
def test_the_same_weekday_of_the_month(day, months, later):
    assert planning.weekday_after(day, months) == later


def last_meeting(world, day, **fields):
    return make_meeting(world.board, starts_at=london(day.year, day.month, day.day), **fields)


def days_of(board, today):
    return [proposal.day for proposal in planning.propose(board, today)]


def test_the_next_days_follow_the_last_meeting_and_avoid_bank_holidays(world):
    last_meeting(world, DAY(2026, 9, 25))  # the fourth Friday, which is Christmas in December
    assert days_of(world.board, DAY(2026, 10, 1)) == [
        DAY(2026, 12, 29),
        DAY(2027, 3, 30),  # and Good Friday in March, with Easter Monday after it
        DAY(2027, 6, 25),
        DAY(2027, 9, 24),
    ]


def test_what_lies_behind_is_not_proposed_and_a_new_board_has_four_weeks(world):
    assert days_of(world.board, DAY(2026, 10, 1))[0] == DAY(2026, 10, 29)
    last_meeting(world, DAY(2025, 9, 17))
    assert days_of(world.board, DAY(2026, 10, 1))[0] == DAY(2026, 12, 16)


def takes(board, today=None):
    return [
        "review" if each.reviews_all else each.focus and each.focus.name
        for each in planning.propose(board, today)
    ]


def test_each_priority_in_turn_the_one_taken_longest_ago_first(world):
    make_priority(world.board, "Fraud", lead=world.police, order=2)
    for months, priority in ((6, world.slavery), (3, world.drugs)):
        last_meeting(world, days_ago(30 * months), focus_priority=priority)
    last_meeting(world, days_ago(-20), focus_priority=world.slavery, state="planned")
    assert takes(world.board) == ["Fraud", "Illicit drugs", "Modern slavery", "Fraud"]


def test_the_meeting_left_over_may_review_them_all(world):
    make_priority(world.board, "Fraud", lead=world.police, order=2)
    world.board.spare_slot = "review"
    assert takes(world.board) == ["Modern slavery", "Illicit drugs", "Fraud", "review"]
    last_meeting(world, days_ago(-20), reviews_all=True)
    assert takes(world.board) == ["Modern slavery", "Illicit drugs", "Fraud", "review"]
    last_meeting(world, days_ago(-110), focus_priority=world.drugs)
    assert takes(world.board) == ["Modern slavery", "Fraud", "review", "Illicit drugs"]


def test_as_many_priorities_as_meetings_leave_none_over(world):
    for number in range(2):
        make_priority(world.board, f"Priority {number}", lead=world.police, order=5 + number)
    world.board.spare_slot = "review"
    assert "review" not in takes(world.board)


def test_a_meeting_called_off_was_nobodys_turn(world):
    fields = {"state": "cancelled", "state_reason": "Snow", "focus_priority": world.slavery}
    last_meeting(world, days_ago(30), **fields)
    assert takes(world.board)[0] == "Modern slavery"


def form_of(client, world):
    """What the browser would send of the page as it opens."""
    client.force_login(world.secretary)
    context = client.get(f"/meetings/plan/{world.board.slug}/").context
    data = {}
    for form in context["forms"]:
        for name in form.fields:
            value = form.get_initial_for_field(form.fields[name], name)
            value = f"{value:%H:%M}" if isinstance(value, datetime.time) else value
            value = f"{value:%-d %b %Y}" if isinstance(value, datetime.date) else value
            data[form.add_prefix(name)] = "on" if value is True else value
    return data


def test_a_year_is_planned_with_one_press(client, world):
    world.board.spare_slot = "review"
    world.board.save()
    held(world, day=(2018, 9, 19), venue="Guildhall")
    data = form_of(client, world) | {"meeting-4-take": ""}
    answer = client.post(f"/meetings/plan/{world.board.slug}/", data, follow=True)
    assert "3 meetings are planned" in answer.content.decode()
    planned = list(Meeting.objects.filter(state="planned").order_by("starts_at"))
    assert [each.focus for each in planned] == [
        "Modern slavery",
        "Illicit drugs",
        "review of all priorities",
    ]
    assert {each.venue for each in planned} == {"Guildhall"}
    assert {timezone.localtime(each.starts_at).hour for each in planned} == {10}
    review = planned[2].items.filter(kind="focus")
    assert {item.priority for item in review} == {world.slavery, world.drugs}
    assert sum(item.minutes_allotted for item in review) == 30
    assert AuditEvent.objects.filter(act="plan a meeting").count() == 3
    again = client.post(f"/meetings/plan/{world.board.slug}/", data)
    assert again.status_code == 422
    assert "meets on" in again.content.decode()
    assert Meeting.objects.filter(state="planned").count() == 3


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"ends": "09:00"}, "They must end after they start"),
        ({"starts": ""}, "Enter when they start"),
        ({"meeting-1-day": "31 February 2030"}, "Give a real date"),
    ],
)
def test_a_plan_that_cannot_be_changes_nothing_and_keeps_what_was_typed(
    client, world, fields, sentence
):
    data = form_of(client, world) | {"venue": "Guildhall"} | fields
    answer = client.post(f"/meetings/plan/{world.board.slug}/", data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="Guildhall"' in page
    assert not Meeting.objects.exists()


def test_one_meeting_begins_with_what_is_due(client, world):
    held(world, day=(2018, 9, 19))
    last_meeting(world, days_ago(20), focus_priority=world.slavery)
    client.force_login(world.secretary)
    form = client.get("/meetings/new/").context["form"]
    assert form["focus_priority"].value() == world.drugs.pk
    assert form["day"].value() == planning.propose(world.board)[0].day


def test_either_one_focus_or_all(client, world):
    client.force_login(world.secretary)
    answer = client.post(
        "/meetings/new/",
        {
            "board": world.board.pk, "kind": "ordinary", "day_day": "12", "day_month": "12",
            "day_year": "2029", "starts": "10:00", "ends": "12:00", "reviews_all": "on",
            "focus_priority": world.slavery.pk,
        },
    )  # fmt: skip
    assert "Choose either" in answer.content.decode()


def test_a_priority_without_a_minute_for_too_long_is_said(client, world):
    world.board.longest_gap = 6
    world.board.save()
    meeting = in_session(world, starts_at=timezone.now() - datetime.timedelta(days=300))
    make_note(meeting.items.get(kind="focus"), "")
    client.force_login(world.member)
    page = client.get("/meetings/").content.decode()
    assert page.count("has gone too long without a minute") == 2
    later = make_meeting(
        world.board, starts_at=timezone.now() - datetime.timedelta(days=100), state="adjourned",
        state_reason="Late", ended_at=timezone.now(), ended_by=world.secretary,
    )  # fmt: skip
    make_note(make_item(later, priority=world.slavery))
    page = client.get("/meetings/").content.decode()
    assert "Modern slavery has gone too long" not in page
    assert "Illicit drugs has gone too long" in page
    assert "It has had none since it was adopted on" in page
    assert "Illicit drugs has gone too long" in form_page(client, world)


def form_page(client, world):
    client.force_login(world.secretary)
    return client.get(f"/meetings/plan/{world.board.slug}/").content.decode()


def square_of(world, user, priority):
    today = timezone.localdate()
    ((board, quarters, rows),) = planning.coverage(user, [world.slavery, world.drugs], today)
    assert (board, quarters[-1][0] <= today <= quarters[-1][1]) == (world.board, True)
    assert len(quarters) == 5
    return dict(rows)[priority][-1][1]


def test_what_each_quarter_covered(client, world):
    round = open_round(world)
    receive(submit(part_of(round, world.police, world.slavery), world.police_lead), world.secretary)
    submit(part_of(round, world.fire, world.slavery), world.fire_lead)
    meeting = make_meeting(
        world.board, starts_at=timezone.now(), state="ended", ended_at=timezone.now(),
        ended_by=world.secretary,
    )  # fmt: skip
    item = make_item(meeting, priority=world.slavery)
    make_decision(item, priority=world.slavery)
    make_decision(item, priority=world.slavery, outcome="deferred")
    make_decision(item, "SECRET", priority=world.slavery, part="restricted")
    square = square_of(world, world.member, world.slavery)
    assert (square.discussed, square.decided) == ([timezone.localdate()], 1)
    assert (square.received, square.asked) == (1, 2)
    square = square_of(world, world.member, world.drugs)
    assert (square.discussed, square.decided, square.received, square.asked) == ([], 0, 0, 1)
    client.force_login(world.member)
    page = client.get("/meetings/").content.decode()
    assert "1 of 2 returns received" in page
    assert "Not discussed" in page


def test_planning_is_the_secretarys_of_that_board(client, world):
    for person, status in ((world.chair, 403), (world.outsider, 404)):
        client.force_login(person)
        assert client.get(f"/meetings/plan/{world.board.slug}/").status_code == status


def test_a_meeting_planned_before_its_round_takes_it_when_published(world):
    meeting = planned(world)
    round = open_round(world, day=meeting.day)
    assert perform(PUBLISH, meeting, by=world.secretary).round == round


def test_an_agenda_waits_for_the_secretary_four_weeks_before_it_is_due(world):
    last_meeting(world, days_ago(-20))
    last_meeting(world, days_ago(-120))
    acts = [item.act for item in waiting(world.secretary) if item.act.startswith("Publish")]
    assert len(acts) == 1
