"""One meeting as an iCalendar file (RFC 5545), for the calendars of those who are invited.

Times stand in London's own zone, whose clock changes are written with them, so that ten o'clock
stays ten o'clock. The same UID with a higher SEQUENCE replaces what a calendar has.
"""

import datetime

from django.conf import settings
from django.utils import timezone

from .models import Meeting

ZONE = "Europe/London"
CLOCK_CHANGES = """\
BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
TZNAME:BST
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
DTSTART:19970330T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZNAME:GMT
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE""".splitlines()


def calendar_file(meeting, attendee=None, at=None, *, off=False):
    """The file as bytes. For an attendee (a User) it asks or calls off; without one, as on the
    meeting's page, it only tells.

    off takes the meeting out of this attendee's calendar, though it is held
    at  aware, when it was written; now when none is given
    """
    off = off or meeting.state in Meeting.CALLED_OFF
    method = "CANCEL" if off else "REQUEST" if attendee else "PUBLISH"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//SOC Board//Meetings//EN",
        f"METHOD:{method}",
        *CLOCK_CHANGES,
        "BEGIN:VEVENT",
        f"UID:{meeting.uid}",
        f"SEQUENCE:{meeting.sequence}",
        f"DTSTAMP:{(at or timezone.now()).astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;TZID={ZONE}:{local(meeting.starts_at)}",
        f"DTEND;TZID={ZONE}:{local(meeting.ends_at)}",
        f"SUMMARY:{text(str(meeting.board))}",
        f"DESCRIPTION:{text(description(meeting))}",
        f"URL:{settings.SITE_URL}{meeting.get_absolute_url()}",
        f"STATUS:{'CANCELLED' if off else 'CONFIRMED'}",
        f"ORGANIZER;CN={quoted(str(meeting.board))}:mailto:{organiser(meeting.board)}",
    ]
    if where := place(meeting):
        lines.append(f"LOCATION:{text(where)}")
    if attendee:
        lines.append(
            f"ATTENDEE;CN={quoted(str(attendee))};ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;"
            f"RSVP={'FALSE' if off else 'TRUE'}:mailto:{attendee.email}"
        )
    lines += ["END:VEVENT", "END:VCALENDAR"]
    return "".join(f"{folded(line)}\r\n" for line in lines).encode()


def local(moment):
    return f"{timezone.localtime(moment):%Y%m%dT%H%M%S}"


def organiser(board):
    return board.office_email or settings.DEFAULT_FROM_EMAIL


def place(meeting):
    """Where it is: the venue, the link, or both."""
    if meeting.link and not meeting.venue:
        return f"Remote: {meeting.link}"
    return f"{meeting.venue}, or remote" if meeting.link else meeting.venue


def description(meeting):
    agenda = f"Agenda and papers: {settings.SITE_URL}{meeting.get_absolute_url()}"
    return f"Join remotely: {meeting.link}\n{agenda}" if meeting.link else agenda


def text(words):
    """A value in which commas, semicolons and line ends would mean something else."""
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        words = words.replace(plain, escaped)
    return words


def quoted(words):
    """A parameter's value: a quotation mark cannot be escaped in one."""
    words = words.replace('"', "'")
    return f'"{words}"'


def folded(line):
    """A line of at most 75 bytes, and its continuations; never inside a letter."""
    parts, room, part = [], 75, b""
    for letter in line:
        byte = letter.encode()
        if len(part) + len(byte) > room:
            parts.append(part)
            part, room = b"", 74
        part += byte
    return "\r\n ".join(piece.decode() for piece in [*parts, part])
