"""Meetings for the tests: one in session, one held, and a second secretary."""

import datetime

from django.utils import timezone

from board.workflow import perform
from meetings import agenda
from meetings.models import Meeting
from meetings.transitions import APPROVE, CHECK, CIRCULATE, END, PUBLISH, START
from tests.builders import appoint, attend, london, make_item, make_meeting, make_note, make_user

NOW = "application/json"


def planned(world, **fields):
    """A meeting in an hour's time, with its standing items and who is expected."""
    fields.setdefault("starts_at", timezone.now() + datetime.timedelta(hours=1))
    fields.setdefault("focus_priority", world.slavery)
    fields.setdefault("presiding", world.chair)
    meeting = make_meeting(world.board, ref=fields.pop("ref", "soc-board-live"), **fields)
    agenda.lay_out(meeting)
    return meeting


def in_session(world, **fields):
    fields.setdefault("starts_at", half_an_hour_ago())
    meeting = perform(PUBLISH, planned(world, **fields), by=world.secretary)
    return perform(START, meeting, by=world.secretary)


def half_an_hour_ago():
    """But still today: also just after midnight, when the suite may run as well."""
    now = timezone.localtime()
    return max(now - datetime.timedelta(minutes=30), now.replace(hour=0, minute=0, second=0))


def item_of(meeting, kind="focus"):
    return meeting.items.get(kind=kind)


def away(meeting, seat, **items):
    """Whoever sits there was present, but for some items (`after`, `back`)."""
    row = meeting.attendances.get(seat=seat)
    row.status = "present"
    row.save()
    row.absences.create(**items)
    return row


def deputy(world):
    """A second person who may write in the minutes."""
    person = make_user("deputy@soc-board.example.org", name="Deputy secretary")
    appoint(person, world.board, "secretary")
    return person


def held(world, day=(2018, 9, 19), **fields):
    """A meeting typed up afterwards: an item, a note, who was there; its minutes are a draft."""
    fields.setdefault("presiding", world.chair)
    fields.setdefault("venue", "Guildhall")
    ref = fields.pop("ref", f"soc-board-{day[0]}-{day[1]:02}-{day[2]:02}")
    meeting = make_meeting(world.board, starts_at=london(*day), ref=ref, **fields)
    item = make_item(meeting, 1, "Modern slavery", kind="focus", priority=world.slavery)
    make_note(item, "Members heard the police.\n\nHealth asked for:\n\n- one page\n- plain words")
    attend(meeting, world.chair, seat=world.fire_seat, capacity="Borough commander")
    attend(meeting, world.police_lead, "apologies", seat=world.police_seat)
    meeting = perform(PUBLISH, meeting, by=world.secretary)
    return perform(END, meeting, by=world.secretary)


def circulated(world, meeting, part="board"):
    minutes = perform(CHECK, meeting.minutes.get(part=part), by=world.chair)
    return perform(CIRCULATE, minutes, by=world.secretary)


def later(world, meeting, days=84, **fields):
    """A later meeting of the same board, in session, with one item for the minutes."""
    fields.setdefault("presiding", world.chair)
    found = make_meeting(
        world.board, starts_at=meeting.starts_at + datetime.timedelta(days=days), **fields
    )
    make_item(found, title="Minutes of the last meeting", kind="minutes")
    for act in (PUBLISH, START):
        found = perform(act, found, by=world.secretary)
    return found


def approved(world, meeting, part="board"):
    """Walk the minutes of a meeting to approval by a later one."""
    later(world, meeting)
    return perform(APPROVE, circulated(world, meeting, part), by=world.secretary)


def again(meeting):
    return Meeting.objects.get(pk=meeting.pk)


def save(client, meeting, item, text, version, part="board", **headers):
    return client.post(
        f"/meetings/{meeting.ref}/minute/{item.pk}/save/",
        {"part": part, "version": version, "text": text},
        headers=headers or {"Accept": NOW},
    )
