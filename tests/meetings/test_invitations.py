"""Letters about a meeting, and the file that puts it into a calendar."""

import datetime
import email
import zoneinfo
from email.policy import default
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from unittest import mock

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.utils import timezone

from board.mail import IN_HAND
from board.markings import Marking
from board.models import AuditEvent
from board.workflow import perform
from meetings import agenda
from meetings.icalendar import calendar_file, folded
from meetings.invitations import invite_the_rest
from meetings.models import Invitation, Meeting
from meetings.transitions import CANCEL_MEETING, PUBLISH
from tests.builders import attend, days_ago, london, make_meeting, make_threat, make_user
from tests.meetings.rooms import again, item_of, planned
from tests.meetings.test_lives import REASON, new_date


@pytest.fixture
def meeting(world, django_capture_on_commit_callbacks):
    """Published, with everybody told, in three weeks at Guildhall."""
    day = days_ago(-21)
    starts_at = london(day.year, day.month, day.day)
    meeting = planned(world, starts_at=starts_at, venue="Committee Room 2, Guildhall")
    with django_capture_on_commit_callbacks(execute=True):
        meeting = perform(PUBLISH, meeting, by=world.secretary)
    return meeting


def calendar_of(message):
    """The attached file of a letter, as it arrives."""
    parsed = email.message_from_bytes(message.message().as_bytes(), policy=default)
    (part,) = parsed.iter_attachments()
    assert part.get_content_type() == "text/calendar"
    return part.get_content_type(), part["content-type"].params["method"], facts(part.get_content())


def facts(text):
    """{name with its parameters: value} of the event in a calendar file, unfolded."""
    text = text.decode() if isinstance(text, bytes) else text
    text = text.replace("\r\n", "\n").replace("\n ", "")
    event = text[text.index("BEGIN:VEVENT") :].splitlines()
    pairs = [line.split(":", 1) for line in event if ":" in line]
    return {name: value for name, value in pairs} | {
        "METHOD": next(
            line.split(":")[1] for line in text.splitlines() if line.startswith("METHOD")
        )
    }


def test_publishing_sends_each_attendee_one_letter_of_their_own(world, meeting):
    expected = {world.chair, world.police_lead, world.secretary, world.member}
    assert {message.to[0] for message in mail.outbox} == {person.email for person in expected}
    for message in mail.outbox:
        assert (len(message.to), message.cc, message.bcc) == (1, [], [])
        _, method, event = calendar_of(message)
        assert (method, event["METHOD"]) == ("REQUEST", "REQUEST")
        attendees = [name for name in event if name.startswith("ATTENDEE")]
        assert [event[name] for name in attendees] == [f"mailto:{message.to[0]}"]
        others = expected - {person for person in expected if person.email == message.to[0]}
        whole = message.message().as_string()
        assert not any(person.email in whole for person in others)
    message = mail.outbox[0]
    assert message.subject.startswith(f"Agenda: SOC Board, {meeting.day:%-d %B %Y}")
    assert "5. Modern slavery" in message.body
    assert f"/meetings/{meeting.ref}/" in message.body
    assert Invitation.objects.exclude(sent_at=None).count() == 4


def test_a_letter_says_nothing_that_only_the_agenda_says(world, django_capture_on_commit_callbacks):
    meeting = planned(world, starts_at=timezone.now() + datetime.timedelta(days=21))
    threat = make_threat(
        world.board, world.police, world.police_lead, marking=Marking.SENSITIVE, title="THREATNAME"
    )
    agenda.insert(agenda.threat_item(meeting, threat))
    item = item_of(meeting)
    item.recommendation, item.working_notes = "RECOMMENDATION", "WORKING"
    item.urgency_reason, item.urgency_agreed_by = "URGENCY", "Chair"
    item.save()
    with django_capture_on_commit_callbacks(execute=True):
        perform(PUBLISH, meeting, by=world.secretary)
    for message in mail.outbox:
        whole = message.message().as_string()
        for word in ("THREATNAME", "RECOMMENDATION", "WORKING", "URGENCY"):
            assert word not in whole


def test_a_change_of_venue_replaces_what_calendars_have(
    client, world, meeting, django_capture_on_commit_callbacks
):
    """From a room to online."""
    first = calendar_of(mail.outbox[0])[2]
    mail.outbox.clear()
    client.force_login(world.secretary)
    local = timezone.localtime(meeting.starts_at)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            f"/meetings/{meeting.ref}/edit/",
            {
                "kind": "ordinary", "day_day": local.day, "day_month": local.month,
                "day_year": local.year, "starts": "10:00", "ends": "12:00", "venue": "",
                "link": "https://meet.example.org/soc",
            },
        )  # fmt: skip
    assert len(mail.outbox) == 4
    assert mail.outbox[0].subject.startswith("Changed: ")
    event = calendar_of(mail.outbox[0])[2]
    assert event["UID"] == first["UID"]
    assert int(event["SEQUENCE"]) == int(first["SEQUENCE"]) + 1
    assert event["LOCATION"] == "Remote: https://meet.example.org/soc"
    assert first["LOCATION"] == "Committee Room 2\\, Guildhall"


def test_what_calendars_do_not_show_sends_no_letter(
    client, world, meeting, django_capture_on_commit_callbacks
):
    mail.outbox.clear()
    client.force_login(world.secretary)
    starts, ends = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            f"/meetings/{meeting.ref}/edit/",
            {
                "kind": "ordinary", "day_day": starts.day, "day_month": starts.month,
                "day_year": starts.year, "starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}",
                "venue": meeting.venue, "presiding": world.member.pk,
            },
        )  # fmt: skip
    assert again(meeting).presiding == world.member
    assert mail.outbox == []


def test_cancelling_takes_it_out_of_calendars_with_the_reason(
    client, world, meeting, django_capture_on_commit_callbacks
):
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        perform(CANCEL_MEETING, meeting, by=world.secretary, note=REASON)
    assert len(mail.outbox) == 4
    message = mail.outbox[0]
    _, method, event = calendar_of(message)
    assert (method, event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", "1")
    assert message.subject.startswith("Cancelled: ")
    assert REASON in message.body
    client.force_login(world.member)
    page = client.get(f"/meetings/{meeting.ref}/meeting.ics")
    assert facts(page.content)["METHOD"] == "CANCEL"


def test_a_postponed_meeting_moves_in_calendars_by_one_letter_each(
    client, world, meeting, django_capture_on_commit_callbacks
):
    first = calendar_of(mail.outbox[0])[2]
    mail.outbox.clear()
    client.force_login(world.secretary)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/meetings/{meeting.ref}/postpone-the-meeting/", new_date(meeting, 14))
    new = again(meeting).followed_by
    assert len(mail.outbox) == 4
    _, method, event = calendar_of(mail.outbox[0])
    assert (method, event["UID"]) == ("REQUEST", first["UID"])
    assert int(event["SEQUENCE"]) > int(first["SEQUENCE"])
    assert event["DTSTART;TZID=Europe/London"] == f"{new.day:%Y%m%d}T140000"
    assert "in place of the meeting of" in mail.outbox[0].body
    assert "The agenda follows." in mail.outbox[0].body
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        perform(PUBLISH, new, by=world.secretary)
    assert int(calendar_of(mail.outbox[0])[2]["SEQUENCE"]) > int(event["SEQUENCE"])


def test_one_letter_that_cannot_leave_keeps_no_other_back_and_is_shown(
    client, world, django_capture_on_commit_callbacks, monkeypatch
):
    def send(self, messages):
        if messages[0].to == [world.chair.email]:
            raise SMTPRecipientsRefused({world.chair.email: (550, b"no such box")})
        return real(self, messages)

    real = EmailBackend.send_messages
    monkeypatch.setattr(EmailBackend, "send_messages", send)
    meeting = planned(world, starts_at=timezone.now() + datetime.timedelta(days=21))
    with django_capture_on_commit_callbacks(execute=True):
        meeting = perform(PUBLISH, meeting, by=world.secretary)
    assert len(mail.outbox) == 3
    client.force_login(world.secretary)
    address = f"/meetings/{meeting.ref}/"
    assert f"Not sent to {world.chair.email}." in client.get(address).content.decode()
    monkeypatch.setattr(EmailBackend, "send_messages", real)
    attend(meeting, make_user("guest@example.org"), "expected", guest=True)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(f"{address}invitations/send/", follow=True).content.decode()
    assert "Sent to 2 people." in page
    assert "Not sent to" not in client.get(address).content.decode()
    assert {message.to[0] for message in mail.outbox} == {world.chair.email, "guest@example.org"}
    assert AuditEvent.objects.filter(act="send invitations", note="2").exists()
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(f"{address}invitations/send/", follow=True).content.decode()
    assert "Everybody has it already." in page


def test_a_letter_of_which_nobody_knows_goes_again_on_the_secretarys_word_alone(
    client, world, django_capture_on_commit_callbacks, monkeypatch
):
    def send(self, messages):
        real(self, messages)
        if messages[0].to == [world.chair.email]:
            raise SMTPServerDisconnected("Connection unexpectedly closed")

    real = EmailBackend.send_messages
    monkeypatch.setattr(EmailBackend, "send_messages", send)
    meeting = planned(world, starts_at=timezone.now() + datetime.timedelta(days=21))
    with django_capture_on_commit_callbacks(execute=True):
        meeting = perform(PUBLISH, meeting, by=world.secretary)
    assert len(mail.outbox) == 4
    monkeypatch.setattr(EmailBackend, "send_messages", real)
    client.force_login(world.secretary)
    address = f"/meetings/{meeting.ref}/"
    page = client.get(address).content.decode()
    assert f"Nobody knows whether it reached {world.chair.email}." in page

    for later, sent in ((datetime.timedelta(), 4), (IN_HAND, 4)):
        Invitation.objects.filter(sent_at=None).update(handed_at=timezone.now() - later)
        with django_capture_on_commit_callbacks(execute=True):
            page = client.post(f"{address}invitations/send/", follow=True).content.decode()
        assert "Everybody has it already" in page
        assert len(mail.outbox) == sent
    key = f"invitation-{Invitation.objects.get(sent_at=None).pk}"
    for _ in range(2):
        client.post("/reminders/letters/", {"do": "again", "letter": key})
        assert len(mail.outbox) == 5


def test_what_was_published_long_ago_is_written_down_and_not_sent(
    world, django_capture_on_commit_callbacks
):
    now = timezone.now()
    meeting = planned(world, starts_at=now - datetime.timedelta(days=20))
    then = now - datetime.timedelta(days=28)
    with django_capture_on_commit_callbacks(execute=True):
        perform(PUBLISH, meeting, by=world.secretary, at=then)
    assert mail.outbox == []
    assert set(Invitation.objects.values_list("sent_at", flat=True)) == {then}


def test_only_the_secretary_sees_who_was_sent_what(client, world, meeting):
    for person, sees in ((world.secretary, True), (world.member, False), (world.chair, False)):
        client.force_login(person)
        page = client.get(f"/meetings/{meeting.ref}/").content.decode()
        assert ("Send it to those who have not had it" in page) is sees


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        (london(2026, 3, 28), "10:00"),
        (london(2026, 3, 29), "09:00"),  # the clocks go forward that night
        (london(2026, 10, 24), "09:00"),
        (london(2026, 10, 26), "10:00"),
    ],
)
def test_ten_oclock_is_ten_oclock_over_the_clock_changes(world, day, utc):
    meeting = Meeting.objects.get(pk=make_meeting(world.board, starts_at=day).pk)
    event = facts(calendar_file(meeting))
    assert event["DTSTART;TZID=Europe/London"] == f"{day:%Y%m%d}T100000"
    assert f"{meeting.starts_at:%H:%M}" == utc


def test_the_files_own_clock_changes_are_londons():
    """The last Sundays of March and October, at one and two, as the file's rules say."""
    london_zone = zoneinfo.ZoneInfo("Europe/London")
    for year in range(1997, 2040):
        for month, hour, before, after in ((3, 1, 0, 1), (10, 2, 1, 0)):
            last = max(
                day
                for day in (datetime.datetime(year, month, n) for n in range(25, 32))
                if day.weekday() == 6
            )
            change = last.replace(hour=hour)
            hours = [
                (change + datetime.timedelta(hours=step)).replace(tzinfo=london_zone).utcoffset()
                for step in (-2, 2)
            ]
            assert hours == [datetime.timedelta(hours=h) for h in (before, after)]


def test_lines_are_folded_between_letters():
    line = "DESCRIPTION:" + "Guildhall – £ " * 20
    parts = folded(line).split("\r\n")
    assert all(len(part.encode()) <= 75 for part in parts)
    assert "".join([parts[0], *(part[1:] for part in parts[1:])]) == line


def test_what_a_name_holds_cannot_add_a_line_to_the_file(world):
    world.board.name = 'Board "A"; B, C\nATTENDEE:mailto:x@example.org'
    meeting = make_meeting(world.board, venue="Room\r\nBEGIN:VALARM")
    names = [line.split(":")[0] for line in calendar_file(meeting).decode().split("\r\n")]
    assert "ATTENDEE" not in names
    assert names.count("BEGIN") == 5


def test_somebody_who_left_before_publication_is_sent_nothing(
    world, django_capture_on_commit_callbacks
):
    meeting = planned(world, starts_at=timezone.now() + datetime.timedelta(days=21))
    world.police_lead.appointments.update(end=days_ago(1))
    with django_capture_on_commit_callbacks(execute=True):
        perform(PUBLISH, meeting, by=world.secretary)
    assert world.police_lead.email not in {message.to[0] for message in mail.outbox}


# Whoever is no longer expected


@pytest.fixture
def run(django_capture_on_commit_callbacks):
    """Do something, and give back what left by it."""

    def running(act, *args, **kwargs):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act(*args, **kwargs)
        return list(mail.outbox)

    return running


def replace(client, world, meeting, row, **changed):
    """Save the page of the attendance with one line changed."""
    client.force_login(world.secretary)
    data = {"guest-status": "expected", "guest-mode": "room", "guest-guest": "on"}
    for each in meeting.attendances.all():
        name = f"seat-{each.seat_id}" if each.seat_id else f"row-{each.pk}"
        fields = {
            "status": each.status, "person": each.person_id or "", "name": each.name,
            "mode": each.mode, "capacity": each.capacity,
        }  # fmt: skip
        if each.guest:
            fields["guest"] = "on"
        if each == row:
            fields |= changed
        data |= {f"{name}-{field}": value for field, value in fields.items()}
    answer = client.post(f"/meetings/{meeting.ref}/attendance/", data, follow=True)
    assert answer.redirect_chain, answer.content.decode()
    return answer.content.decode()


def sequence(message):
    return int(calendar_of(message)[2]["SEQUENCE"])


def test_whoever_is_replaced_is_told_once_and_their_calendar_lets_it_go(
    client, world, meeting, run
):
    first = calendar_of(next(m for m in mail.outbox if m.to == [world.police_lead.email]))[2]
    police = meeting.attendances.get(seat=world.police_seat)
    instead = {"person": world.police_contributor.pk, "status": "substitute"}
    (message,) = run(replace, client, world, meeting, police, **instead)
    assert message.to == [world.police_lead.email]
    assert message.subject.startswith("No longer expected: SOC Board")
    _, method, event = calendar_of(message)
    assert (method, event["METHOD"], event["STATUS"]) == ("CANCEL", "CANCEL", "CANCELLED")
    assert event["UID"] == first["UID"]
    assert int(event["SEQUENCE"]) > int(first["SEQUENCE"])
    attendees = [event[name] for name in event if name.startswith("ATTENDEE")]
    assert attendees == [f"mailto:{world.police_lead.email}"]
    assert "held without you" in message.body
    assert "Order of business" not in message.body
    # Never twice: not when the page is saved again, nor when others are told of a change.
    assert run(replace, client, world, meeting, police) == []
    (mine,) = run(client.post, f"/meetings/{meeting.ref}/invitations/send/")
    assert mine.to == [world.police_contributor.email]
    assert mine.subject.startswith("Agenda: ")
    page = client.get(f"/meetings/{meeting.ref}/").content.decode()
    assert "Police lead, no longer expected" in page
    meeting = again(meeting)
    off = run(perform, CANCEL_MEETING, meeting, by=world.secretary, note=REASON)
    assert world.police_lead.email not in {m.to[0] for m in off}
    assert len(off) == 4


def test_whoever_comes_after_all_is_invited_anew(client, world, meeting, run):
    police = meeting.attendances.get(seat=world.police_seat)
    (off,) = run(replace, client, world, meeting, police, person=world.police_contributor.pk)
    (other,) = run(replace, client, world, meeting, police, person=world.police_lead.pk) or [None]
    assert other is None  # who was never told of it has nothing taken back
    (back,) = run(client.post, f"/meetings/{meeting.ref}/invitations/send/")
    assert back.to == [world.police_lead.email]
    assert calendar_of(back)[1] == "REQUEST"
    assert sequence(back) > sequence(off)


def test_a_guest_who_is_not_invited_any_more(client, world, meeting, run):
    guest = make_user("guest@example.org")
    row = attend(meeting, guest, "expected", guest=True)
    run(invite_the_rest, meeting, timezone.now())
    page = []
    (off,) = run(lambda: page.append(replace(client, world, meeting, row, remove="on")))
    assert (off.to, calendar_of(off)[1]) == (["guest@example.org"], "CANCEL")
    assert "Told that they are no longer expected: Guest." in page[0]
    assert not meeting.attendances.filter(person=guest).exists()


def test_the_daily_job_tells_whose_appointment_has_ended(world, meeting, run):
    world.member.appointments.update(end=days_ago(1))
    with mock.patch("config.management.commands.remind.is_working_day", return_value=True):
        (off,) = run(call_command, "remind")
        assert (off.to, calendar_of(off)[1]) == ([world.member.email], "CANCEL")
        assert run(call_command, "remind") == []


def test_what_has_begun_is_taken_back_from_nobody(client, world, meeting, run):
    Meeting.objects.update(starts_at=timezone.now() - datetime.timedelta(minutes=5))
    police = meeting.attendances.get(seat=world.police_seat)
    instead = {"person": world.police_contributor.pk, "status": "substitute"}
    assert run(replace, client, world, again(meeting), police, **instead) == []


def test_a_postponed_meeting_is_taken_back_from_who_left_meanwhile(client, world, meeting, run):
    world.member.appointments.update(end=days_ago(1))
    client.force_login(world.secretary)
    address = f"/meetings/{meeting.ref}/postpone-the-meeting/"
    sent = run(client.post, address, new_date(meeting, 14))
    methods = {message.to[0]: calendar_of(message)[1] for message in sent}
    assert methods.pop(world.member.email) == "CANCEL"
    assert set(methods.values()) == {"REQUEST"}
