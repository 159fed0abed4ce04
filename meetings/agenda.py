"""The agenda: what stands on it by itself, in which order, and whether it fits the time."""

import datetime

from django.db import transaction
from django.db.models import Count, Exists, F, Max, OuterRef, Q
from django.utils import timezone

from board.models import AgencyMember, Appointment, User
from board.text import listed
from priorities.models import Priority

from .models import (
    Action,
    AgendaItem,
    Attendance,
    BetweenMeetings,
    Decision,
    Meeting,
    Minutes,
    Part,
    Referral,
    StandingItem,
)

Kind, Purpose = AgendaItem.Kind, AgendaItem.Purpose

# (kind, purpose, minutes)
USUAL = (
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
MOST_MINUTES = 3


def free_ref(board, day):
    """A reference for a meeting of this board on this day that no other bears."""
    stem = f"{board.slug[:36]}-{day.isoformat()}"
    taken = set(Meeting.objects.filter(ref__startswith=stem).values_list("ref", flat=True))
    ref, number = stem, 1
    while ref in taken:
        number += 1
        ref = f"{stem}-{number}"
    return ref


def standing_items(board):
    """What stands on each new agenda of a board, in order: its own StandingItems, or the usual
    ones, not saved, while it has none."""
    return list(board.standing_items.all()) or [
        StandingItem(
            board=board, number=number, kind=kind, purpose=purpose, minutes_allotted=minutes
        )
        for number, (kind, purpose, minutes) in enumerate(USUAL, 1)
    ]


def lay_out(meeting):
    """Put the standing items on a new meeting, and list who is expected. An extraordinary one is
    called for its own business: it has no standing items."""
    items = []
    extraordinary = meeting.kind == Meeting.Kind.EXTRAORDINARY
    for standing in [] if extraordinary else standing_items(meeting.board):
        taken = focuses(meeting) if standing.kind == Kind.FOCUS else [None]
        for priority in taken:
            minutes = standing.minutes_allotted
            items.append(
                AgendaItem(
                    meeting=meeting,
                    number=len(items) + 1,
                    kind=standing.kind,
                    title=priority.name if priority else str(standing),
                    purpose=standing.purpose,
                    minutes_allotted=minutes and minutes // len(taken),
                    priority=priority,
                )
            )
    AgendaItem.objects.bulk_create(items)
    name_minutes(meeting)
    list_expected(meeting)
    report_decisions(meeting)
    open_referrals(meeting)


def next_agenda(board, at=None):
    """The board's next meeting whose agenda is still to come, or None."""
    return (
        Meeting.objects.ahead(at)
        .filter(board=board)
        .exclude(kind=Meeting.Kind.EXTRAORDINARY)
        .order_by("starts_at")
        .first()
    )


def open_referrals(meeting):
    """Put on this agenda what the parent committee asked and no meeting has before it yet."""
    before = AgendaItem.objects.exclude(meeting__state__in=Meeting.CALLED_OFF).filter(
        referral=OuterRef("pk")
    )
    waiting = Referral.objects.open().filter(~Exists(before), board=meeting.board_id)
    for referral in waiting.select_related("from_board"):
        bring_referral(referral, meeting)


def bring_referral(referral, meeting):
    """An item for a referral, after matters arising; None when the agenda has it already."""
    if meeting.items.filter(referral=referral).exists():
        return None
    kinds = [Kind.MINUTES, Kind.MATTERS_ARISING, Kind.BETWEEN, Kind.REFERRAL]
    return insert(
        AgendaItem(
            meeting=meeting,
            kind=Kind.REFERRAL,
            title=str(referral)[:160],
            purpose=Purpose.DISCUSS,
            presenter=referral.owner[:120],
            minutes_allotted=5,
            priority=referral.priority,
            referral=referral,
        ),
        after=meeting.items.filter(kind__in=kinds).order_by("number").last(),
    )


@transaction.atomic
def report_decisions(meeting):
    """Put the decisions taken since the last meeting on this one's agenda: one item, and each as
    a line of its record. Nothing when there is none, or when all are on an agenda already."""
    taken = list(BetweenMeetings.objects.unreported().filter(board=meeting.board_id))
    if not taken:
        return
    item = meeting.items.filter(kind=Kind.BETWEEN).first()
    if item is None:
        arising = meeting.items.filter(kind__in=[Kind.MATTERS_ARISING, Kind.MINUTES])
        item = insert(
            AgendaItem(
                meeting=meeting,
                kind=Kind.BETWEEN,
                title=Kind.BETWEEN.label,
                purpose=Purpose.NOTE,
                minutes_allotted=5,
            ),
            after=arising.order_by("number").last(),
        )
    for question in reversed(taken):
        if question.decision_id:  # on the agenda of a meeting that was called off
            Decision.objects.filter(pk=question.decision_id).update(item=item)
            continue
        question.decision = Decision.objects.create(
            item=item, text=question.text, priority=question.priority
        )
        question.save(update_fields=["decision"])


def focuses(meeting):
    """The priorities a meeting takes: its own, all that are in force, or none."""
    if meeting.reviews_all:
        return list(Priority.objects.in_force(meeting.day).filter(board=meeting.board))
    return [meeting.focus_priority] if meeting.focus_priority else []


def name_minutes(meeting):
    """Say on the agenda which minutes are to be agreed: of each earlier meeting of this board
    whose minutes are not. A title that somebody wrote stays."""
    item = meeting.items.filter(kind=Kind.MINUTES).first()
    if item is None or not item.title.startswith("Minutes of "):
        return
    days = [f"{each.day:%-d %B %Y}" for each in minutes_to_agree(meeting)]
    title = f"Minutes of {listed(days)}" if days else Kind.MINUTES.label
    if title != item.title:
        item.title = title
        item.save(update_fields=["title"])


def list_expected(meeting):
    """One attendance row for each seat of that day, with its member, and for the officers of the
    board who have no seat. What was recorded stays as it is; whoever was only expected, and is
    no longer to come, makes way."""
    drop_who_left(meeting)
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


def drop_who_left(meeting):
    """Take off who was expected for a seat that has ended by the meeting's day, or by an
    appointment that has. Somebody put there by hand stays."""
    expected = meeting.attendances.filter(status=Attendance.Status.EXPECTED, guest=False)
    appointments = Appointment.objects.filter(board=meeting.board, person=OuterRef("person"))
    sitting = appointments.current(meeting.day)
    left = appointments.filter(end__lt=meeting.day)
    seats = meeting.board.seats.current(meeting.day)
    expected.filter(seat__isnull=False).exclude(seat__in=seats).delete()
    for rows, same in (
        (expected.filter(seat__isnull=False), {"seat": OuterRef("seat")}),
        (expected.filter(seat=None), {"seat": None}),
    ):
        rows.filter(Exists(left.filter(**same)), ~Exists(sitting.filter(**same))).delete()


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


def people_of(board, day):
    """Everybody who may be named at a meeting: office-holders, and the people of its agencies."""
    appointed = Appointment.objects.current(day).filter(board=board).values("person")
    seated = board.seats.current(day).values("agency")
    members = AgencyMember.objects.current(day).filter(agency__in=seated).values("person")
    return User.objects.filter(Q(pk__in=appointed) | Q(pk__in=members))


def can_still_change(meeting):
    """Whether the agenda may still be built: until the minutes have left draft."""
    return (
        meeting.state not in Meeting.CALLED_OFF
        and not meeting.minutes.exclude(state=Minutes.State.DRAFT).exists()
    )


def minutes_to_agree(meeting):
    """The latest earlier meetings of this board whose minutes no meeting has agreed yet."""
    approved = Minutes.objects.filter(
        meeting=OuterRef("pk"), state__in=[Minutes.State.APPROVED, Minutes.State.SIGNED]
    )
    earlier = (
        Meeting.objects.held()
        .filter(~Exists(approved), board=meeting.board_id, starts_at__lt=meeting.starts_at)
        .order_by("-starts_at")[:MOST_MINUTES]
    )
    return list(reversed(earlier))


def comes_in(user, meeting):
    """What a coming agenda brings by itself, as far as this person may see it: the minutes that
    are to be agreed, and how many actions are open and late. Nothing once it was held."""
    State = Meeting.State
    if meeting.state not in (State.PLANNED, State.PUBLISHED, State.IN_SESSION):
        return None
    actions = (
        Action.objects.visible_to(user)
        .open()
        .filter(board__in=[meeting.board_id, meeting.board.reports_to_id])
    )
    return {
        "minutes": Minutes.objects.visible_to(user)
        .filter(part=Part.BOARD, meeting__in=minutes_to_agree(meeting))
        .select_related("meeting__board")
        .order_by("meeting__starts_at"),
        **actions.aggregate(
            open=Count("pk"), late=Count("pk", filter=Q(due__lt=timezone.localdate()))
        ),
    }


def with_sources(meeting):
    """The items of a meeting, in order, with what their lines on an agenda name."""
    return meeting.items.select_related("priority", "threat", "carried_from__meeting")


def numbers_stand(meeting):
    """Whether people may have the numbers before them: from the start of the meeting on, or once
    it is written down in which order they were taken, none moves, and what joins takes the next
    one that is free."""
    before = meeting.state in (Meeting.State.PLANNED, Meeting.State.PUBLISHED)
    return not before or meeting.items.exclude(turn=None).exists()


@transaction.atomic
def insert(item, *, after=None):
    """Save a new item after another, or before any other business, and renumber the rest; at the
    end once the numbers stand."""
    meeting = Meeting.objects.select_for_update().get(pk=item.meeting_id)
    last = meeting.items.aggregate(number=Max("number"), turn=Max("turn"))
    place = (last["number"] or 0) + 1
    item.turn = last["turn"] and last["turn"] + 1
    if not numbers_stand(meeting):
        closing = meeting.items.filter(kind__in=[Kind.ANY_OTHER_BUSINESS, Kind.NEXT_DATE]).first()
        if after:
            place = after.number + 1
        elif closing:
            place = closing.number
    meeting.items.filter(number__gte=place).update(number=F("number") + ASIDE)
    item.number = place
    item.save()
    meeting.items.filter(number__gt=ASIDE).update(number=F("number") - ASIDE + 1)
    return item


@transaction.atomic
def move(item, place):
    """Give an item another place, counted from 1, and the items between make way. Returns
    whether it moved: not beyond either end, and not once the numbers stand."""
    meeting = Meeting.objects.select_for_update().get(pk=item.meeting_id)
    item.refresh_from_db(fields=["number"])
    order = list(meeting.items.order_by("number"))
    if numbers_stand(meeting) or not 1 <= place <= len(order):
        return False
    numbers = [row.number for row in order]
    order.insert(place - 1, order.pop(order.index(item)))
    moved = [
        (row, number) for row, number in zip(order, numbers, strict=True) if row.number != number
    ]
    for row, number in moved:
        meeting.items.filter(pk=row.pk).update(number=number + ASIDE)
    meeting.items.filter(number__gt=ASIDE).update(number=F("number") - ASIDE)
    return bool(moved)


@transaction.atomic
def remove(item):
    """Take an item off and close the gap, unless the numbers stand. Raises ProtectedError when
    something hangs on it."""
    meeting = Meeting.objects.select_for_update().get(pk=item.meeting_id)
    item.refresh_from_db(fields=["number"])
    place = item.number
    item.notes.filter(text="").delete()
    item.delete()
    if not numbers_stand(meeting):
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


def bring_learning(learning, meeting):
    """An item on what was learnt, before any other business; None when the agenda has it
    already."""
    if meeting.items.filter(learning=learning).exists():
        return None
    priorities = list(learning.priorities.all()[:2])
    return insert(
        AgendaItem(
            meeting=meeting,
            title=f"Learning: {learning.title}"[:160],
            purpose=Purpose.DISCUSS,
            presenter=learning.who_follows_up[:120],
            minutes_allotted=5,
            learning=learning,
            priority=priorities[0] if len(priorities) == 1 else None,
        )
    )
