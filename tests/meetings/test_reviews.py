"""Actions of earlier meetings, reviewed in place, and the choice a third carry-over asks for."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import strip_tags

from board.workflow import perform
from meetings.carry_over import choices_due
from meetings.documents import minutes_document, plain_minutes
from meetings.models import Action, Review
from meetings.queries import waiting
from meetings.transitions import CHECK, CIRCULATE, RECALL
from tests.builders import days_ago, make_action, make_item
from tests.meetings.rooms import again, away, circulated, held, in_session, item_of


@pytest.fixture
def meeting(world):
    return in_session(world)


@pytest.fixture
def past(world):
    return make_action(
        world.board, agency=world.police, agreed_on=days_ago(60), due=days_ago(1),
        priority=world.slavery,
    )  # fmt: skip


def say(client, meeting, action, kind="focus", **fields):
    data = {"version": action.version, "outcome": "", "note": "", "due": ""} | fields
    return client.post(
        f"/meetings/{meeting.ref}/minute/{item_of(meeting, kind).pk}/actions/{action.pk}/",
        {f"review-{action.pk}-{name}": value for name, value in data.items()},
    )


def test_done_in_the_meeting_is_complete_and_in_the_minutes(client, world, meeting, past):
    client.force_login(world.secretary)
    assert say(client, meeting, past, outcome="done", note="Sent to 29 hotels").status_code == 303
    past.refresh_from_db()
    assert (past.state, past.evidence) == ("complete", "Sent to 29 hotels")
    minutes = meeting.minutes.model(meeting=again(meeting))
    assert "Action SOC/1/" in plain_minutes(minutes)
    assert "(Police of soc-board): Done. Sent to 29 hotels." in plain_minutes(minutes)


def test_a_new_date_is_a_promise_with_its_reason(client, world, meeting, past):
    client.force_login(world.secretary)
    answer = say(client, meeting, past, outcome="new_date", due="in two weeks", note="Post vacant")
    assert answer.status_code == 303
    past.refresh_from_db()
    assert past.due == meeting.day + datetime.timedelta(days=14)
    promise = past.promises.get()
    assert (promise.due, promise.note, past.original_due) == (past.due, "Post vacant", days_ago(1))
    page = client.get(f"/meetings/{meeting.ref}/minute/?item={item_of(meeting).pk}")
    assert "New date promised" in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Choose where it stands"),
        ({"outcome": "done"}, "Enter what was done"),
        ({"outcome": "new_date", "note": "Late"}, "Enter the new date"),
        ({"outcome": "new_date", "due": "soon", "note": "Late"}, "Give a real day"),
        ({"outcome": "new_date", "due": "1 Jan 2001", "note": "Late"}, "Give a day after the"),
        ({"outcome": "noted"}, "Enter where it stands"),
        ({"outcome": "noted", "due": "31 March", "note": "On its way"}, "leave the date empty"),
        ({"outcome": "noted", "note": "On its way", "version": 7}, "was changed meanwhile"),
    ],
)
def test_what_is_missing_is_asked_for(client, world, meeting, past, fields, sentence):
    client.force_login(world.secretary)
    answer = say(client, meeting, past, **fields)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert not Review.objects.exists()


def test_what_was_done_meanwhile_gets_a_message(client, world, meeting, past):
    client.force_login(world.secretary)
    say(client, meeting, past, outcome="done", note="Sent")
    answer = say(client, meeting, past, outcome="noted", note="Not yet")
    assert answer.status_code == 303
    page = client.get(answer.url).content.decode()
    assert "Nothing was changed" in page
    assert Review.objects.count() == 1


def test_a_remark_is_taken_back(client, world, meeting, past):
    client.force_login(world.secretary)
    say(client, meeting, past, outcome="noted", note="On its way")
    made = Review.objects.get()
    client.post(f"/meetings/{meeting.ref}/minute/{made.item_id}/reviews/{made.pk}/remove/")
    assert not Review.objects.exists()


def test_a_restricted_action_is_named_in_the_restricted_part_alone(client, world, meeting):
    secret = make_action(
        world.board, agency=world.police, agreed_on=days_ago(60), due=days_ago(1),
        priority=world.slavery, part="restricted", wording="SECRETWORK",
    )  # fmt: skip
    client.force_login(world.secretary)
    page = client.get(f"/meetings/{meeting.ref}/minute/?item={item_of(meeting).pk}")
    assert "OFFICIAL-SENSITIVE" in page.content.decode().split("<main")[0]
    say(client, meeting, secret, outcome="noted", note="SECRETNOTE")
    meeting = again(meeting)
    client.post(f"/meetings/{meeting.ref}/end-the-meeting/")
    parts = {row.part: plain_minutes(row) for row in again(meeting).minutes.all()}
    assert "SECRETNOTE" in parts["restricted"]
    assert "SECRETNOTE" not in parts["board"]
    assert secret.reference not in str(
        minutes_document(meeting.minutes.get(part="board"))["sections"]
    )


# The third carry-over


@pytest.fixture
def third(world, past):
    """Three meetings were held since an action was first due; the minutes of the last."""
    Action.objects.filter(pk=past.pk).update(
        agreed_on="2018-01-01", original_due="2018-02-01", due="2018-02-01"
    )
    for month in (3, 6):
        held(world, day=(2018, month, 14))
    last = held(world, day=(2018, 9, 19))
    past.refresh_from_db()
    return perform(CHECK, last.minutes.get(), by=world.chair)


def test_the_third_carry_over_asks_for_a_choice_before_circulation(client, world, past, third):
    with pytest.raises(ValidationError, match=f"without a choice: {past.reference}"):
        perform(CIRCULATE, third, by=world.secretary)
    client.force_login(world.secretary)
    page = client.get(f"/meetings/{third.meeting.ref}/carried-over/").content.decode()
    assert "third carry-over: a choice is needed" in page
    page = client.get(f"/meetings/{third.meeting.ref}/minutes/").content.decode()
    assert f"/meetings/{third.meeting.ref}/carried-over/" in page


def test_two_carry_overs_ask_for_nothing(world, past, third):
    second = third.meeting.board.meetings.get(ref="soc-board-2018-06-14")
    assert choices_due(second) == []
    assert choices_due(third.meeting) == [past]


@pytest.mark.parametrize(
    ("fields", "state", "due"),
    [
        ({"outcome": "new_date", "due": "31 March 2099", "note": "In hand"}, "open", (2099, 3, 31)),
        ({"outcome": "escalated", "note": "Who pays?"}, "open", (2018, 2, 1)),
        ({"outcome": "not_done", "note": "No longer wanted"}, "cancelled", (2018, 2, 1)),
    ],
)
def test_each_choice_lets_the_minutes_go_out(client, world, past, third, fields, state, due):
    client.force_login(world.secretary)
    data = {"version": past.version, "note": "", "due": ""} | fields
    answer = client.post(
        f"/meetings/{third.meeting.ref}/carried-over/{past.pk}/",
        {f"review-{past.pk}-{name}": value for name, value in data.items()},
    )
    assert answer.status_code == 303
    past.refresh_from_db()
    assert (past.state, past.due) == (state, datetime.date(*due))
    assert perform(CIRCULATE, third, by=world.secretary).state == "circulated"


def test_a_choice_ends_when_its_new_date_has_passed(world, past, third):
    Review.objects.create(
        action=past, meeting=third.meeting, outcome="new_date", due="2018-11-01", note="In hand",
        made_at=timezone.now(), made_by=world.secretary,
    )  # fmt: skip
    assert choices_due(third.meeting) == []
    fourth = held(world, day=(2018, 12, 12))
    assert choices_due(fourth) == [past]


def test_what_is_escalated_waits_for_the_chair(client, world, past, third):
    Review.objects.create(
        action=past, meeting=third.meeting, outcome="escalated", note="Who pays?",
        made_at=timezone.now(), made_by=world.secretary,
    )  # fmt: skip
    acts = [row.act for row in waiting(world.chair)]
    assert f"Settle action {past.reference}, escalated to you" in acts
    Action.objects.filter(pk=past.pk).update(state="cancelled")
    assert not [row for row in waiting(world.chair) if "escalated" in row.act]


# On the action's own page


def said_of(client, who, action):
    client.force_login(who)
    page = client.get(action.get_absolute_url()).content.decode()
    if "What meetings said of it" not in page:
        return [], page
    found = page.split("What meetings said of it")[1].split("</ul>")[0]
    lines = [" ".join(strip_tags(line).split()) for line in found.split("<li>")[1:]]
    return lines, page


def test_an_actions_page_lists_what_meetings_said_as_far_as_minutes_are_read(
    client, world, meeting, past
):
    earlier = held(world, day=(2018, 9, 19))
    Review.objects.create(
        action=past, meeting=earlier, item=item_of(earlier), outcome="noted", note="Begun.",
        made_at=timezone.now(), made_by=world.secretary,
    )  # fmt: skip
    client.force_login(world.secretary)
    say(client, meeting, past, outcome="new_date", due="in two weeks", note="Post vacant")
    day = meeting.day + datetime.timedelta(days=14)
    both = [
        "SOC Board, 19 September 2018, item 1: Stands, with a note. Begun.",
        f"{meeting}, item 5: New date promised, {day:%-d %B %Y}. Post vacant.",
    ]
    for keeper in (world.secretary, world.chair):
        assert said_of(client, keeper, past)[0] == both
    # Both minutes are drafts, and nobody else reads of them; the new day is no secret.
    for other in (world.member, world.police_lead, world.police_contributor):
        lines, page = said_of(client, other, past)
        assert lines == []
        assert "Post vacant" not in page
        assert f"{day:%-d %B %Y}" in page
    circulated(world, earlier)
    assert said_of(client, world.member, past)[0] == both[:1]
    assert said_of(client, world.police_contributor, past)[0] == []
    client.force_login(world.secretary)
    client.post(f"/meetings/{meeting.ref}/end-the-meeting/")
    circulated(world, again(meeting))
    lines, page = said_of(client, world.member, past)
    assert lines == both
    assert f"{day:%-d %B %Y} – Post vacant" in page
    # Recalled, it is a draft again.
    perform(RECALL, meeting.minutes.get(), by=world.secretary, note="A mistake")
    assert said_of(client, world.member, past)[0] == both[:1]


def test_what_is_said_of_a_restricted_action_is_read_by_who_heard_it(client, world, past):
    past.part = "restricted"
    past.save()
    origin = held(world, day=(2018, 6, 19))
    past.item = item_of(origin)
    past.save()
    meeting = held(world, day=(2018, 9, 19))
    for each in (origin, meeting):
        each.attendances.filter(seat=world.police_seat).update(status="present")
    second = make_item(meeting, 2, "Fraud")
    for item in (item_of(meeting), second):
        Review.objects.create(
            action=past, meeting=meeting, item=item, outcome="noted", note=f"Secret {item.number}.",
            made_at=timezone.now(), made_by=world.secretary,
        )  # fmt: skip
    away(meeting, world.police_seat, after=item_of(meeting))
    meeting.minutes.create(part="restricted")
    assert said_of(client, world.police_lead, past)[0] == []
    for part in ("board", "restricted"):
        circulated(world, meeting, part)
    lines, page = said_of(client, world.police_lead, past)
    assert len(lines) == 1
    assert "Secret 1." in lines[0]
    assert "Secret 2." not in page
    assert len(said_of(client, world.secretary, past)[0]) == 2


@pytest.mark.parametrize("number", [1, 5])
def test_reviews_cost_the_same_for_one_and_five(
    client, world, past, number, django_assert_num_queries
):
    for n in range(number):
        meeting = held(world, day=(2018, 1 + n, 10), ref=f"held-{n}")
        Review.objects.create(
            action=past, meeting=meeting, item=item_of(meeting), outcome="noted", note="Begun.",
            made_at=timezone.now(), made_by=world.secretary,
        )  # fmt: skip
    client.force_login(world.secretary)
    client.get(past.get_absolute_url())
    with django_assert_num_queries(12):
        client.get(past.get_absolute_url())
