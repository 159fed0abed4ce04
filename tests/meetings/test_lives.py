"""A meeting called off, put off or broken off, and where its business goes."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from board.markings import Marking
from board.workflow import perform
from meetings.carrying import bring_in, left_over
from meetings.contents import minutes_paragraphs
from meetings.models import AgendaItem, Decision, Meeting, Paper, PaperFile
from meetings.transitions import CANCEL_MEETING, END, PUBLISH, START
from tests.builders import (
    appoint,
    attend,
    days_ago,
    london,
    make_agency,
    make_decision,
    make_item,
    make_meeting,
    make_note,
    make_user,
    seat,
)
from tests.meetings.rooms import again, half_an_hour_ago, held, in_session, item_of, planned

REASON = "The building is closed by a storm."


def ahead(world, days=90, **fields):
    """A later meeting whose agenda is being built."""
    return planned(
        world,
        ref=fields.pop("ref", f"ahead-{days}"),
        starts_at=timezone.now() + datetime.timedelta(days=days),
        **fields,
    )


def new_date(meeting, days, **fields):
    day = meeting.day + datetime.timedelta(days=days)
    return {
        "note": REASON,
        "day_day": day.day,
        "day_month": day.month,
        "day_year": day.year,
        "starts": "14:00",
        "ends": "16:00",
        "venue": "",
        "link": "https://meet.example.org/soc",
    } | fields


def titles(meeting):
    return list(meeting.items.order_by("number").values_list("title", flat=True))


def test_a_cancelled_meetings_own_items_go_onto_the_next_agenda(client, world):
    meeting, following = planned(world), ahead(world)
    make_item(meeting, 10, "A visit to the port", recommendation="To go in May.")
    client.force_login(world.secretary)
    address = f"/meetings/{meeting.ref}/cancel-the-meeting/"
    assert client.post(address, {"note": ""}).status_code == 422
    client.post(address, {"note": REASON})
    meeting = again(meeting)
    assert (meeting.state, meeting.state_reason) == ("cancelled", REASON)
    carried = following.items.get(title="A visit to the port")
    assert (carried.carried_from.meeting, carried.recommendation) == (meeting, "To go in May.")
    assert titles(following).count("Apologies for absence") == 1
    page = client.get(f"/meetings/{following.ref}/agenda/").content.decode()
    assert f"Carried from {meeting.day:%-d %B %Y}, which was cancelled" in page


def test_what_no_agenda_could_take_up_waits_for_the_next_to_be_planned(client, world):
    meeting = planned(world)
    make_item(meeting, 10, "A visit to the port")
    perform(CANCEL_MEETING, meeting, by=world.secretary, note=REASON)
    following = ahead(world)
    assert "A visit to the port" in [item.title for item in left_over(following)]
    bring_in(following)
    assert titles(following).count("A visit to the port") == 1
    bring_in(following)
    assert titles(following).count("A visit to the port") == 1
    assert not left_over(following)


def test_a_postponed_meeting_has_the_same_items_people_and_round_on_the_new_date(client, world):
    guest = make_user("guest@example.org")
    meeting = perform(PUBLISH, planned(world, venue="Guildhall"), by=world.secretary)
    attend(meeting, guest, "expected", guest=True)
    client.force_login(world.secretary)
    client.post(f"/meetings/{meeting.ref}/postpone-the-meeting/", new_date(meeting, 14))
    meeting = again(meeting)
    new = meeting.followed_by
    assert (meeting.state, new.state) == ("postponed", "planned")
    assert timezone.localtime(new.starts_at).hour == 14
    assert titles(new) == titles(meeting)
    assert (new.uid, new.sequence > 0) == (meeting.uid, True)
    assert (new.focus_priority, new.presiding) == (world.slavery, world.chair)
    assert (new.venue, new.link) == ("", "https://meet.example.org/soc")
    assert new.attendances.filter(person=guest, guest=True).exists()
    assert not AgendaItem.objects.filter(meeting=new, carried_from=None).exists()
    assert set(new.items.values_list("times_carried", flat=True)) == {0}
    page = client.get(f"/meetings/{meeting.ref}/").content.decode()
    assert REASON in page
    assert new.get_absolute_url() in page
    stale = client.post(f"/meetings/{meeting.ref}/edit/", {"venue": "Elsewhere"}, follow=True)
    assert "Nothing was changed: this meeting is postponed." in stale.content.decode()


def a_paper(item, by, title, content, **fields):
    paper = Paper.objects.create(
        item=item, title=title, order=item.papers.count() + 1, added_at=timezone.now(),
        added_by=by, **fields,
    )  # fmt: skip
    PaperFile.objects.create(paper=paper, kind="docx", content=content, size=1, sha256="0" * 64)
    return paper


def test_papers_go_with_the_business_they_belong_to(client, world):
    meeting = planned(world)
    item = item_of(meeting)
    a_paper(item, world.secretary, "The plan", b"PLAN")
    secret = a_paper(
        item, world.secretary, "Names", b"NAMES", part="restricted", marking=Marking.SENSITIVE,
        timing="supplementary", reason="It came late.",
    )  # fmt: skip
    secret.shared_with.add(world.police)
    gone = a_paper(item, world.secretary, "Withdrawn", b"", state="withdrawn",
        withdrawn_at=timezone.now(), withdrawn_by=world.secretary)  # fmt: skip
    client.force_login(world.secretary)
    client.post(f"/meetings/{meeting.ref}/postpone-the-meeting/", new_date(meeting, 14))
    new = again(meeting).followed_by
    plan, names = item_of(new).papers.order_by("order")
    assert (plan.title, bytes(plan.file.content)) == ("The plan", b"PLAN")
    assert (names.part, names.marking, names.timing) == (
        "restricted",
        Marking.SENSITIVE,
        "with_agenda",
    )
    assert list(names.shared_with.all()) == [world.police]
    assert item.papers.count() == 3
    assert gone.item == item


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"starts": ""}, "Enter when it starts"),
        ({"ends": "13:00"}, "It must end after it starts"),
        ({"note": ""}, "Enter the reason"),
        ({"link": "meet me there"}, "valid URL"),
    ],
)
def test_a_new_date_that_is_not_whole_changes_nothing(client, world, fields, sentence):
    meeting = planned(world)
    client.force_login(world.secretary)
    answer = client.post(
        f"/meetings/{meeting.ref}/postpone-the-meeting/", new_date(meeting, 14, **fields)
    )
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert again(meeting).state == "planned"
    assert Meeting.objects.count() == 1


def test_a_postponed_meeting_gets_its_date_later_and_only_one(client, world):
    meeting = planned(world)
    client.force_login(world.secretary)
    client.post(f"/meetings/{meeting.ref}/postpone-the-meeting/", {"note": REASON})
    page = client.get(f"/meetings/{meeting.ref}/").content.decode()
    assert "Plan the new date" in page
    address = f"/meetings/{meeting.ref}/again/"
    past = client.post(address, new_date(meeting, -3))
    assert f"Give a day after {meeting.day:%-d %B %Y}" in past.content.decode()
    answer = client.post(address, new_date(meeting, 21))
    assert answer["Location"] == again(meeting).followed_by.get_absolute_url()
    stale = client.post(address, new_date(meeting, 28), follow=True)
    assert "waits for no new date" in stale.content.decode()
    assert Meeting.objects.count() == 2


def test_an_adjourned_meeting_is_minuted_and_goes_on_with_what_was_not_reached(client, world):
    meeting = in_session(world)
    make_note(item_of(meeting, "apologies"), "There were none.")
    make_decision(item_of(meeting, "declarations"))
    make_note(item_of(meeting, "minutes"), "")
    client.force_login(world.secretary)
    client.post(f"/meetings/{meeting.ref}/adjourn-the-meeting/", new_date(meeting, 7))
    meeting = again(meeting)
    assert (meeting.state, meeting.minutes.get().state) == ("adjourned", "draft")
    assert meeting.finished_at
    new = meeting.followed_by
    assert titles(new) == titles(meeting)[2:]
    assert new.uid != meeting.uid
    assert client.get(f"/meetings/{meeting.ref}/minute/").status_code == 200
    assert meeting in Meeting.objects.held()


def defer(meeting, item, words):
    make_decision(item, words, outcome=Decision.Outcome.DEFERRED)
    return perform(END, meeting, by=meeting.started_by)


def test_an_election_deferred_twice_for_want_of_nominations_comes_back_by_itself(client, world):
    first = in_session(world, starts_at=timezone.now() - datetime.timedelta(days=90), ref="first")
    election = make_item(first, 20, "Election of a deputy chair", purpose="decide")
    second = planned(world, starts_at=timezone.now() - datetime.timedelta(hours=1), ref="second")
    defer(first, election, "For want of nominations.")
    carried = second.items.get(title="Election of a deputy chair")
    assert (carried.purpose, carried.times_carried) == ("decide", 1)
    assert carried.number < second.items.get(kind="aob").number
    third = ahead(world, ref="third")
    for row in (PUBLISH, START):
        second = perform(row, second, by=world.secretary)
    defer(second, carried, "For want of nominations.")
    last = third.items.get(title="Election of a deputy chair")
    assert (last.times_carried, last.carried_from.carried_from) == (2, election)
    client.force_login(world.secretary)
    page = client.get("/meetings/third/agenda/").content.decode()
    assert f"Carried from {second.day:%-d %B %Y}, for the second time" in page


def test_a_restricted_deferral_is_not_told_on_the_next_agenda(world):
    meeting = in_session(world)
    item = make_item(meeting, 20, "A sensitive matter")
    make_decision(item, "Not yet.", outcome=Decision.Outcome.DEFERRED, part="restricted")
    following = ahead(world)
    perform(END, meeting, by=world.secretary)
    assert "A sensitive matter" not in titles(following)


def inquorate(world):
    world.board.quorum = 2
    world.board.save()
    meeting = in_session(world)
    meeting.attendances.filter(seat=world.fire_seat).update(status="present")
    return meeting


def test_the_views_of_a_meeting_without_a_quorum_are_put_to_the_next(client, world):
    meeting, following = inquorate(world), ahead(world)
    make_decision(item_of(meeting), "One page of signs\nis made.")
    make_decision(item_of(meeting), "SECRET", part="restricted")
    make_decision(item_of(meeting, "threats"), "It was heard.", outcome="noted")
    perform(END, meeting, by=world.secretary)
    item = following.items.get(views_of=meeting)
    assert item.number == following.items.get(kind="minutes").number + 1
    assert item.purpose == "decide"
    assert item.recommendation == (
        f"To agree the views of the meeting of {meeting.day:%-d %B %Y}:\n\n"
        "- One page of signs is made."
    )
    bring_in(following)
    assert following.items.filter(views_of=meeting).count() == 1


def test_a_meeting_with_its_quorum_leaves_no_views(world):
    meeting, following = inquorate(world), ahead(world)
    meeting.attendances.filter(seat__isnull=False).update(status="present")
    make_decision(item_of(meeting))
    perform(END, meeting, by=world.secretary)
    assert not following.items.exclude(views_of=None).exists()


def test_each_agenda_names_the_minutes_that_are_still_to_be_agreed(world):
    following = ahead(world)
    assert following.items.get(kind="minutes").title == "Minutes of the last meeting"
    held(world)
    bring_in(following)
    assert following.items.get(kind="minutes").title == "Minutes of 19 September 2018"
    held(world, day=(2018, 12, 12))
    bring_in(following)
    title = "Minutes of 19 September 2018 and 12 December 2018"
    assert following.items.get(kind="minutes").title == title


def test_who_sits_is_read_again_when_the_agenda_is_published(world):
    """A member body joins in mid-series, and another sends somebody new."""
    meeting = ahead(world)
    health = seat(world.board, make_agency("Health"), start=days_ago(0))
    person = make_user("health@example.org")
    appoint(person, world.board, "member", seat=health, start=days_ago(0))
    appointment = world.police_lead.appointments.get()
    appointment.end = days_ago(0)
    appointment.save()
    successor = make_user("successor@example.org")
    appoint(successor, world.board, "member", seat=world.police_seat, start=days_ago(-1))
    perform(PUBLISH, meeting, by=world.secretary)
    expected = dict(meeting.attendances.exclude(seat=None).values_list("seat", "person"))
    assert expected == {
        world.fire_seat.pk: world.chair.pk,
        world.police_seat.pk: successor.pk,
        health.pk: person.pk,
    }


def test_an_extraordinary_meeting_has_no_round_and_no_standing_items(client, world):
    held_before = held(world)
    make_decision(item_of(held_before), "Not yet.", outcome=Decision.Outcome.DEFERRED)
    client.force_login(world.secretary)
    plan = {
        "board": world.board.pk, "kind": "extraordinary", "day_day": "12", "day_month": "12",
        "day_year": "2029", "starts": "10:00", "ends": "11:00",
    }  # fmt: skip
    client.post("/meetings/new/", plan)
    meeting = Meeting.objects.get(kind="extraordinary")
    assert not meeting.items.exists()
    assert meeting.attendances.count() == 4


def test_a_working_group_meets_as_one_and_a_board_does_not(client, world):
    client.force_login(world.secretary)
    plan = {
        "board": world.board.pk, "kind": "working_group", "day_day": "12", "day_month": "12",
        "day_year": "2029", "starts": "10:00", "ends": "11:00",
    }  # fmt: skip
    assert "is not a working group" in client.post("/meetings/new/", plan).content.decode()
    world.board.kind = "working_group"
    world.board.save()
    client.post("/meetings/new/", plan | {"kind": "ordinary"})
    assert Meeting.objects.get().kind == "working_group"


def test_in_mid_meeting_an_urgent_item_joins_and_no_number_moves(client, world):
    """The order of business is varied, and what was 5 stays 5."""
    meeting = in_session(world)
    before = titles(meeting)
    client.force_login(world.secretary)
    item = item_of(meeting)
    words = client.post(f"/meetings/{meeting.ref}/agenda/{item.pk}/up/", follow=True)
    assert "may be taken in any order" in words.content.decode()
    urgent = {
        "title": "A warning received this morning", "purpose": "discuss", "version": 0,
        "urgency_reason": "It came after the agenda", "urgency_agreed_by": "",
    }  # fmt: skip
    address = f"/meetings/{meeting.ref}/agenda/new/"
    assert "Enter who agreed that it is urgent" in client.post(address, urgent).content.decode()
    answer = client.post(address, urgent | {"urgency_agreed_by": "Chair"}, follow=True)
    # It is minuted at once.
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0].startswith(f"/meetings/{meeting.ref}/minute/?item=")
    assert "A warning received this morning</h2>" in page
    assert address in page
    urgent |= {"urgency_agreed_by": "Chair", "urgency_reason": ""}
    assert "Enter why it cannot wait" in client.post(address, urgent).content.decode()
    assert titles(meeting) == [*before, "A warning received this morning"]
    page = client.get(f"/meetings/{meeting.ref}/agenda/").content.decode()
    assert "It came after the agenda. Agreed by Chair." in page
    # The minutes say both, as they have to.
    said = [row for row in minutes_paragraphs(meeting, "board") if row["kind"] == "late"]
    late = "Late item: It came after the agenda. Agreed as urgent by Chair."
    assert [row["text"] for row in said] == [late]
    client.post(f"/meetings/{meeting.ref}/agenda/{item.pk}/remove/")
    assert list(meeting.items.values_list("number", flat=True)) == [1, 2, 3, 4, 6, 7, 8, 9, 10]


def test_an_item_is_dragged_to_its_place(client, world):
    meeting = make_meeting(world.board, ref="short")
    rows = [make_item(meeting, n, title) for n, title in enumerate("ABCD", 1)]
    client.force_login(world.secretary)
    client.post(f"/meetings/short/agenda/{rows[0].pk}/to/", {"place": "3"})
    assert titles(meeting) == ["B", "C", "A", "D"]
    client.post(f"/meetings/short/agenda/{rows[3].pk}/to/", {"place": "1"})
    assert titles(meeting) == ["D", "B", "C", "A"]
    for nonsense in ("9", "0", "", "up"):
        client.post(f"/meetings/short/agenda/{rows[3].pk}/to/", {"place": nonsense})
    assert titles(meeting) == ["D", "B", "C", "A"]


def test_nobody_else_calls_a_meeting_off(world):
    with pytest.raises(PermissionDenied):
        perform(CANCEL_MEETING, planned(world), by=world.chair, note=REASON)


def test_starting_on_another_day_is_asked_about_first(client, world):
    today, other = (
        perform(PUBLISH, planned(world, starts_at=at, ref=ref), by=world.secretary)
        for ref, at in (("today", half_an_hour_ago()), ("other", london(2018, 9, 19)))
    )
    client.force_login(world.secretary)
    warning = "It is arranged for Wednesday 19 September 2018, which is not today."
    for meeting, warned in ((today, False), (other, True)):
        for page in ("start-the-meeting/", "minute/"):
            text = client.get(f"/meetings/{meeting.ref}/{page}").content.decode()
            assert ("is not today" in text) == (warning in text) == warned
