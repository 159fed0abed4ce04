"""Planning a meeting, building its agenda, and who was there."""

import datetime

import pytest
from django.utils import timezone

from board.markings import Marking
from board.models import AuditEvent
from board.sitting import chair_on
from board.workflow import perform
from meetings.models import AgendaItem, Declaration, Meeting
from meetings.outcomes import DISCUSS
from meetings.quorum import quorum_of
from meetings.transitions import PUBLISH
from tests.builders import (
    appoint,
    attend,
    make_agency,
    make_decision,
    make_item,
    make_meeting,
    make_threat,
    make_user,
    make_world,
    seat,
)
from tests.meetings.rooms import again, away, in_session, item_of, planned

PLAN = {
    "kind": "ordinary",
    "day_day": "12",
    "day_month": "12",
    "day_year": "2029",
    "starts": "10:00",
    "ends": "12.00",
    "venue": "Guildhall",
}


def plan(client, world, **fields):
    client.force_login(world.secretary)
    return client.post(
        "/meetings/new/",
        PLAN | {"board": world.board.pk, "focus_priority": world.slavery.pk} | fields,
    )


def test_a_planned_meeting_has_its_standing_items_its_chair_and_who_is_expected(client, world):
    answer = plan(client, world)
    meeting = Meeting.objects.get()
    assert answer["Location"] == "/meetings/soc-board-2029-12-12/agenda/"
    assert list(meeting.items.values_list("number", "title")) == [
        (1, "Apologies for absence"),
        (2, "Declarations of interest"),
        (3, "Minutes of the last meeting"),
        (4, "Matters arising and action log"),
        (5, "Modern slavery"),
        (6, "Emerging threats"),
        (7, "Partners' round-up"),
        (8, "Any other business"),
        (9, "Date of next meeting"),
    ]
    assert meeting.items.get(kind="focus").priority == world.slavery
    assert meeting.presiding == world.chair
    assert timezone.localtime(meeting.starts_at).hour == 10
    expected = {(row.seat, row.person) for row in meeting.attendances.all()}
    assert expected == {
        (world.fire_seat, world.chair),
        (world.police_seat, world.police_lead),
        (None, world.secretary),
        (None, world.member),
    }
    assert AuditEvent.objects.filter(act="plan a meeting", actor=world.secretary).count() == 1


def test_two_meetings_on_one_day_have_two_addresses(client, world):
    plan(client, world)
    plan(client, world)
    assert set(Meeting.objects.values_list("ref", flat=True)) == {
        "soc-board-2029-12-12",
        "soc-board-2029-12-12-2",
    }


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"ends": "09:00"}, "It must end after it starts"),
        ({"ends": "late"}, "Give a time, such as 10:00"),
        ({"day_month": ""}, "Give a month"),
        ({"day_day": "", "day_month": "", "day_year": ""}, "Enter the day"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_planned(client, world, fields, sentence):
    answer = plan(client, world, **fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="Guildhall"' in page
    assert not Meeting.objects.exists()


def test_another_boards_priority_is_refused(client, world):
    other = make_world("Other Board")
    answer = plan(client, world, focus_priority=other.slavery.pk)
    assert answer.status_code == 422
    assert not Meeting.objects.exists()


def test_only_a_secretary_plans(client, world):
    client.force_login(world.chair)
    assert client.get("/meetings/new/").status_code == 403
    assert client.post("/meetings/new/", PLAN).status_code == 403
    assert not Meeting.objects.exists()


def titles(meeting):
    return list(meeting.items.order_by("number").values_list("number", "title"))


def test_items_move_are_added_before_other_business_and_leave_no_gap(client, world):
    meeting = make_meeting(world.board, ref="short")
    first, second, aob = (
        make_item(meeting, n, title, kind=kind)
        for n, title, kind in ((1, "A", "other"), (2, "B", "other"), (3, "AOB", "aob"))
    )
    client.force_login(world.secretary)
    client.post(f"/meetings/short/agenda/{second.pk}/up/")
    assert titles(meeting) == [(1, "B"), (2, "A"), (3, "AOB")]
    client.post(f"/meetings/short/agenda/{second.pk}/up/")
    assert titles(meeting) == [(1, "B"), (2, "A"), (3, "AOB")]
    client.post("/meetings/short/agenda/new/", {"title": "C", "purpose": "note", "version": 0})
    assert titles(meeting) == [(1, "B"), (2, "A"), (3, "C"), (4, "AOB")]
    client.post(f"/meetings/short/agenda/{first.pk}/remove/")
    assert titles(meeting) == [(1, "B"), (2, "C"), (3, "AOB")]
    client.post(f"/meetings/short/agenda/{aob.pk}/down/")
    assert titles(meeting) == [(1, "B"), (2, "C"), (3, "AOB")]
    assert client.post(f"/meetings/short/agenda/{aob.pk}/sideways/").status_code == 404
    assert client.get(f"/meetings/short/agenda/{aob.pk}/up/").status_code == 405


def test_an_item_with_something_under_it_stays(client, world):
    meeting = in_session(world)
    item = item_of(meeting)
    make_decision(item)
    client.force_login(world.secretary)
    page = client.post(f"/meetings/{meeting.ref}/agenda/{item.pk}/remove/", follow=True)
    assert "“Modern slavery” stays" in page.content.decode()
    assert AgendaItem.objects.filter(pk=item.pk).exists()
    assert not AuditEvent.objects.filter(act="remove an agenda item").exists()


def test_a_stale_item_form_does_not_overwrite(client, world):
    meeting = planned(world)
    item = item_of(meeting)
    client.force_login(world.secretary)
    address = f"/meetings/{meeting.ref}/agenda/{item.pk}/"
    words = {"purpose": "note", "version": 0}
    assert client.post(address, words | {"title": "Theirs"}).status_code == 302
    answer = client.post(address, words | {"title": "Mine"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs" in page
    assert 'value="Mine"' in page
    assert 'name="version" value="1"' in page
    assert client.post(address, words | {"title": "Mine", "version": 1}).status_code == 302
    item.refresh_from_db()
    assert (item.title, item.version) == ("Mine", 2)


def test_the_minutes_allotted_add_up_against_the_end(client, world):
    meeting = planned(world)
    client.force_login(world.secretary)
    address = f"/meetings/{meeting.ref}/agenda/"
    assert "90 of 120 minutes are allotted; 30 are left." in client.get(address).content.decode()
    meeting.ends_at = meeting.starts_at + datetime.timedelta(minutes=60)
    meeting.save()
    assert (
        "90 minutes are allotted, 30 more than the meeting has."
        in client.get(address).content.decode()
    )


def test_a_threat_goes_on_with_one_press_once(client, world):
    meeting = planned(world)
    threat = make_threat(world.board, world.police, world.police_lead)
    client.force_login(world.secretary)
    address = f"/meetings/{meeting.ref}/agenda/threats/{threat.pk}/"
    client.post(address)
    assert titles(meeting)[5:7] == [(6, "Emerging threats"), (7, "Counterfeit goods by post")]
    page = client.post(address, follow=True).content.decode()
    assert "already on the agenda" in page
    assert meeting.items.filter(threat=threat).count() == 1


def test_a_sensitive_threat_keeps_its_title_off_the_agenda(client, world):
    meeting = planned(world)
    threat = make_threat(world.board, world.police, world.police_lead, marking=Marking.SENSITIVE)
    client.force_login(world.secretary)
    client.post(f"/meetings/{meeting.ref}/agenda/threats/{threat.pk}/")
    perform(PUBLISH, meeting, by=world.secretary)
    client.force_login(world.member)
    page = client.get(f"/meetings/{meeting.ref}/").content.decode()
    assert "Emerging threat raised by Police of soc-board" in page
    assert threat.title not in page


def test_a_threat_of_another_board_is_not_reached(client, world):
    other = make_world("Other Board")
    threat = make_threat(other.board, other.police, other.police_lead)
    meeting = planned(world)
    client.force_login(world.secretary)
    assert client.post(f"/meetings/{meeting.ref}/agenda/threats/{threat.pk}/").status_code == 404
    assert not meeting.items.filter(threat=threat).exists()


def test_a_meetings_record_gives_a_threat_its_outcome(client, world):
    threat = make_threat(world.board, world.police, world.police_lead)
    client.force_login(world.secretary)
    address = f"/meetings/threats/{threat.pk}/record-the-discussion/"
    assert "put it on an agenda first" in client.post(address).content.decode()
    make_item(in_session(world), 30, threat=threat)
    perform(DISCUSS, threat, by=world.secretary)
    client.post(
        f"/meetings/threats/{threat.pk}/monitor-the-threat/", {"note": "Watched for a year."}
    )
    threat.refresh_from_db()
    assert (threat.state, threat.outcome) == ("monitored", "Watched for a year.")
    client.force_login(world.member)
    assert client.post(address).status_code == 403


def test_the_agenda_is_the_secretarys_until_published(client, world):
    meeting = planned(world)

    def sees(user):
        client.force_login(user)
        page = client.get(f"/meetings/{meeting.ref}/").content.decode()
        return "round-up" in page, client.get(f"/meetings/{meeting.ref}/agenda.pdf").status_code

    assert sees(world.secretary) == sees(world.chair) == (True, 200)
    assert sees(world.member) == (False, 404)
    perform(PUBLISH, meeting, by=world.secretary)
    assert sees(world.member) == sees(world.observer) == (True, 200)


def test_an_invited_guest_sees_that_meeting_alone(client, world):
    guest = make_user("guest@example.org")
    meeting = in_session(world)
    other = planned(world, ref="soc-board-other")
    attend(meeting, guest, "in_attendance", guest=True)
    client.force_login(guest)
    assert client.get(f"/meetings/{meeting.ref}/").status_code == 200
    assert client.get(f"/meetings/{other.ref}/").status_code == 404


def test_typed_up_afterwards_with_the_real_times(client, world):
    starts = timezone.now() - datetime.timedelta(days=3)
    meeting = planned(world, starts_at=starts.replace(hour=10, minute=0))
    meeting = perform(PUBLISH, meeting, by=world.secretary)
    client.force_login(world.secretary)
    local = timezone.localtime(meeting.starts_at)
    client.post(
        f"/meetings/{meeting.ref}/edit/",
        {
            "kind": "ordinary",
            "day_day": local.day,
            "day_month": local.month,
            "day_year": local.year,
            "starts": f"{local:%H:%M}",
            "ends": f"{local.hour + 2}:00",
            "began": f"{local.hour}:05",
            "finished": f"{local.hour + 1}:42",
        },
    )
    answer = client.post(f"/meetings/{meeting.ref}/end-the-meeting/")
    assert answer["Location"] == f"/meetings/{meeting.ref}/minutes/"
    meeting = again(meeting)
    assert meeting.state == "ended"
    assert f"{timezone.localtime(meeting.finished_at):%M}" == "42"
    assert meeting.minutes.get().state == "draft"


# Attendance and quorum


def line(prefix, **fields):
    return {f"{prefix}-{name}": value for name, value in fields.items()}


def attendance_data(meeting, world, **police):
    """What the browser sends for the page as it stands, with the police's line changed."""
    data = {}
    for row in meeting.attendances.all():
        prefix = f"seat-{row.seat_id}" if row.seat_id else f"row-{row.pk}"
        data |= line(
            prefix, status=row.status, person=row.person_id or "", name=row.name, mode=row.mode,
            capacity=row.capacity, substitute_for="",
        )  # fmt: skip
    data |= line(
        "guest", status="expected", person="", name="", mode="room", capacity="", guest="on"
    )
    return data | line(f"seat-{world.police_seat.pk}", **police)


def test_attendance_is_recorded_by_seat_and_a_guest_is_added(client, world):
    meeting = in_session(world)
    client.force_login(world.secretary)
    data = attendance_data(
        meeting, world, status="substitute", person="", name="Inspector", substitute_for="the lead"
    ) | line("guest", status="in_attendance", name="Head of unit", capacity="Home Office")
    client.post(f"/meetings/{meeting.ref}/attendance/", data)
    row = meeting.attendances.get(seat=world.police_seat)
    assert (row.status, row.who, row.substitute_for) == ("substitute", "Inspector", "the lead")
    guest = meeting.attendances.get(name="Head of unit")
    assert (guest.status, guest.guest) == ("in_attendance", True)
    assert meeting.attendances.count() == 5


def test_somebody_present_has_a_name(client, world):
    meeting = in_session(world)
    client.force_login(world.secretary)
    data = attendance_data(meeting, world, status="present", person="", name="")
    answer = client.post(f"/meetings/{meeting.ref}/attendance/", data)
    assert answer.status_code == 422
    assert "Choose who it is, or write the name" in answer.content.decode()
    assert meeting.attendances.get(seat=world.police_seat).status == "expected"


def test_a_declaration_of_interest_is_recorded_and_removed(client, world):
    meeting = in_session(world)
    attendance = meeting.attendances.get(seat=world.police_seat)
    attendance.status = "present"
    attendance.save()
    client.force_login(world.secretary)
    address = f"/meetings/{meeting.ref}/attendance/declarations/"
    answer = client.post(address, {"attendance": attendance.pk, "interest": ""})
    assert "Enter the interest" in answer.content.decode()
    client.post(address, {"attendance": attendance.pk, "item": "", "interest": "Owns a car wash"})
    made = Declaration.objects.get()
    assert "Owns a car wash" in client.get(f"/meetings/{meeting.ref}/attendance/").content.decode()
    client.post(f"{address}{made.pk}/remove/")
    assert not Declaration.objects.exists()
    event = AuditEvent.objects.get(act="remove a declaration of interest")
    assert "Owns a car wash" in event.note


def rows(meeting):
    return list(meeting.attendances.select_related("seat__agency", "person"))


def test_quorum_counts_agencies_and_a_person_once(world):
    meeting = make_meeting(world.board)
    world.board.quorum = 2
    attend(meeting, world.chair, seat=world.fire_seat)
    attend(meeting, world.chair, seat=world.police_seat)
    attend(meeting, world.secretary, "in_attendance")
    quorum = quorum_of(world.board, rows(meeting))
    assert (quorum.here, quorum.met) == (1, False)
    assert quorum.sentence == "1 of 2 agencies here, 2 needed"
    third = seat(world.board, make_agency("Health"))
    attend(meeting, None, "substitute", seat=third, name="Inspector")
    assert quorum_of(world.board, rows(meeting)).met


@pytest.mark.parametrize(("counts", "here"), [(True, 1), (False, 0)])
def test_remote_attendance_counts_where_the_board_says_so(world, counts, here):
    meeting = make_meeting(world.board)
    world.board.remote_counts = counts
    attend(meeting, world.chair, seat=world.fire_seat, mode="remote")
    assert quorum_of(world.board, rows(meeting)).here == here


def test_quorum_is_lost_when_somebody_leaves(world):
    meeting = planned(world)
    world.board.quorum = 1
    first, last = item_of(meeting, "apologies"), item_of(meeting, "aob")
    away(meeting, world.fire_seat, after=first)
    assert quorum_of(world.board, rows(meeting), at_item=first).met
    assert not quorum_of(world.board, rows(meeting), at_item=last).met


def test_no_quorum_is_set(client, world):
    meeting = in_session(world)
    client.force_login(world.secretary)
    page = client.get(f"/meetings/{meeting.ref}/minute/").content.decode()
    assert "0 of 2 agencies here; no quorum is set" in page


def test_the_chair_of_a_vacant_office_is_the_deputy(world):
    day = timezone.localdate()
    world.board.appointments.filter(role="chair").update(end=day - datetime.timedelta(days=1))
    appoint(world.fire_lead, world.board, "deputy_chair")
    assert chair_on(world.board, day) == world.fire_lead


def test_a_cancelled_meeting_is_not_minuted(client, world):
    meeting = planned(world)
    client.force_login(world.secretary)
    address = f"/meetings/{meeting.ref}/cancel-the-meeting/"
    assert "Enter the reason" in client.post(address).content.decode()
    client.post(address, {"note": "No returns came"})
    page = client.get(f"/meetings/{meeting.ref}/minute/", follow=True).content.decode()
    assert "This meeting is cancelled" in page
    assert "No returns came" in page
