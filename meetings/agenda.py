"""The agenda: what stands on it by itself, in which order, and whether it fits the time."""

import datetime

from django.db import transaction
from django.db.models import F, Max, Q

from board.models import AgencyMember, Appointment, User

from .models import AgendaItem, Attendance, Meeting, Minutes

Kind, Purpose = AgendaItem.Kind, AgendaItem.Purpose

# (kind, purpose, minutes)
STANDING = (
    (Kind.APOLOGIES, Purpose.NOTE, 2),
    (Kind.DECLARATIONS, Purpose.NOTE, 2),
    (Kind.MINUTES, Purpose.DECIDE, 5),
    (Kind.MATTERS_ARISING, Purpose.DISCUSS, 15),
    (Kind.FOCUS, Purpose.DISCUSS, 30),
    (Kind.THREATS, Purpose.DISCUSS, 15),
    (Kind.ROUND_UP, Purpose.NOTE, 15),
    (Kind.ANY_OTHER_BUSINESS, Purpose.DISCUSS, 5),
    (Kind.NEXT_DATE, Purpose.NOTE, 1),
)
# Room to move a run of numbers aside: two items never bear the same one, not even for a moment.
ASIDE = 10_000


def free_ref(board, day):
    """A reference for a meeting of this board on this day that no other bears."""
    stem = f"{board.slug[:36]}-{day.isoformat()}"
    taken = set(Meeting.objects.filter(ref__startswith=stem).values_list("ref", flat=True))
    ref, number = stem, 1
    while ref in taken:
        number += 1
        ref = f"{stem}-{number}"
    return ref


def lay_out(meeting):
    """Put the standing items on a new meeting, and list who is expected."""
    last = (
        Meeting.objects.held()
        .filter(board=meeting.board, starts_at__lt=meeting.starts_at)
        .order_by("starts_at")
        .last()
    )
    number = 0
    for kind, purpose, minutes in STANDING:
        if kind == Kind.FOCUS and meeting.focus_priority is None:
            continue
        title, priority = kind.label, None
        if kind == Kind.FOCUS:
            priority = meeting.focus_priority
            title = priority.name
        elif kind == Kind.MINUTES and last:
            title = f"Minutes of {last.day:%-d %B %Y}"
        number += 1
        AgendaItem.objects.create(
            meeting=meeting,
            number=number,
            kind=kind,
            title=title,
            purpose=purpose,
            minutes_allotted=minutes,
            priority=priority,
        )
    list_expected(meeting)


def list_expected(meeting):
    """One attendance row for each seat of that day, with its member, and for the officers of the
    board who have no seat. Rows that are there already stay as they are."""
    listed = set(meeting.attendances.filter(seat__isnull=False).values_list("seat", flat=True))
    for seat, member in seats_and_members(meeting):
        if seat.pk not in listed:
            Attendance.objects.create(
                meeting=meeting,
                seat=seat,
                person=member,
                capacity=member.post if member else "",
            )
    known = set(meeting.attendances.exclude(person=None).values_list("person", flat=True))
    officers = (
        Appointment.objects.current(meeting.day)
        .filter(board=meeting.board, seat__isnull=True)
        .exclude(role__in=[Appointment.Role.OBSERVER, Appointment.Role.SUBSTITUTE])
        .select_related("person")
    )
    for officer in officers:
        if officer.person_id not in known:
            known.add(officer.person_id)
            Attendance.objects.create(
                meeting=meeting,
                person=officer.person,
                capacity=officer.person.post or officer.get_role_display(),
            )


def seats_and_members(meeting):
    """[(seat, the person appointed to it or None)] on the meeting's day, by agency. When two
    are appointed to a seat, the one with the higher office."""
    order = [role.value for role in Appointment.Role]
    members = {}
    appointments = (
        Appointment.objects.current(meeting.day)
        .filter(board=meeting.board, seat__isnull=False)
        .exclude(role__in=[Appointment.Role.SUBSTITUTE, Appointment.Role.OBSERVER])
        .select_related("person")
    )
    for appointment in sorted(appointments, key=lambda row: -order.index(row.role)):
        members[appointment.seat_id] = appointment.person
    seats = meeting.board.seats.current(meeting.day).select_related("agency")
    return [(seat, members.get(seat.pk)) for seat in seats]


def chair_on(board, day):
    """Who is chair that day, or next in line, or None."""
    offices = ["chair", "acting_chair", "deputy_chair"]
    rows = Appointment.objects.current(day).filter(board=board, role__in=offices)
    found = sorted(rows.select_related("person"), key=lambda row: offices.index(row.role))
    return found[0].person if found else None


def people_of(board, day):
    """Everybody who may be named at a meeting: office-holders, and the people of its agencies."""
    appointed = Appointment.objects.current(day).filter(board=board).values("person")
    seated = board.seats.current(day).values("agency")
    members = AgencyMember.objects.current(day).filter(agency__in=seated).values("person")
    return User.objects.filter(Q(pk__in=appointed) | Q(pk__in=members))


def can_still_change(meeting):
    """Whether the agenda may still be built: until the minutes have left draft."""
    closed = (Meeting.State.CANCELLED, Meeting.State.POSTPONED)
    return (
        meeting.state not in closed
        and not meeting.minutes.exclude(state=Minutes.State.DRAFT).exists()
    )


@transaction.atomic
def insert(item, *, after=None):
    """Save a new item after another, or before any other business, and renumber the rest."""
    meeting = Meeting.objects.select_for_update().get(pk=item.meeting_id)
    last = meeting.items.aggregate(last=Max("number"))["last"] or 0
    place = last + 1
    if after:
        place = after.number + 1
    elif closing := meeting.items.filter(
        kind__in=[Kind.ANY_OTHER_BUSINESS, Kind.NEXT_DATE]
    ).first():
        place = closing.number
    meeting.items.filter(number__gte=place).update(number=F("number") + ASIDE)
    item.number = place
    item.save()
    meeting.items.filter(number__gt=ASIDE).update(number=F("number") - ASIDE + 1)
    return item


@transaction.atomic
def move(item, step):
    """Swap an item with the one before (-1) or after (+1) it; nothing at either end."""
    Meeting.objects.select_for_update().get(pk=item.meeting_id)
    item.refresh_from_db(fields=["number"])
    other = AgendaItem.objects.filter(meeting=item.meeting_id, number=item.number + step).first()
    if other is None:
        return
    here, there = item.number, other.number
    AgendaItem.objects.filter(pk=other.pk).update(number=ASIDE)
    AgendaItem.objects.filter(pk=item.pk).update(number=there)
    AgendaItem.objects.filter(pk=other.pk).update(number=here)


@transaction.atomic
def remove(item):
    """Take an item off and close the gap. Raises ProtectedError when something hangs on it."""
    meeting = Meeting.objects.select_for_update().get(pk=item.meeting_id)
    item.refresh_from_db(fields=["number"])
    place = item.number
    item.notes.filter(text="").delete()
    item.delete()
    meeting.items.filter(number__gt=place).update(number=F("number") + ASIDE)
    meeting.items.filter(number__gt=ASIDE).update(number=F("number") - ASIDE - 1)


def timetable(meeting, items):
    """Set `begins` and `until` (aware) on items that have minutes, and say whether all fit."""
    moment, allotted = meeting.starts_at, 0
    for item in items:
        minutes = item.minutes_allotted or 0
        item.begins = moment
        moment += datetime.timedelta(minutes=minutes)
        item.until = moment
        allotted += minutes
    length = round((meeting.ends_at - meeting.starts_at).total_seconds() / 60)
    if allotted > length:
        over = allotted - length
        return f"{allotted} minutes are allotted, {over} more than the meeting has."
    return f"{allotted} of {length} minutes are allotted; {length - allotted} are left."


def threat_item(meeting, threat):
    """An agenda item for a raised threat. What is OFFICIAL-SENSITIVE keeps its title to itself:
    an agenda reaches people who may not read the threat."""
    title = f"Emerging threat raised by {threat.agency}" if threat.sensitive else threat.title
    return AgendaItem(
        meeting=meeting,
        kind=Kind.THREATS,
        title=title[:160],
        purpose=Purpose.DISCUSS,
        presenter=str(threat.agency)[:120],
        minutes_allotted=5,
        threat=threat,
        priority=threat.priority,
    )
