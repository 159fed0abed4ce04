"""Who sits on a board, arranged as its page shows it."""

from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from board.models import AgencyMember, Appointment, Seat
from board.roles import CHAIRS

Role = Appointment.Role
OFFICES = (Role.CHAIR, Role.ACTING_CHAIR, Role.DEPUTY_CHAIR, Role.SECRETARY)


@dataclass
class Office:
    """One office and who holds it; a vacant chair is shown, other vacant offices are not."""

    name: str
    held: list[Appointment]
    vacant: bool = False


@dataclass
class SeatTaken:
    """One agency's seat: its members (with or without an office) and its named substitutes."""

    seat: Seat
    members: list[Appointment] = field(default_factory=list)
    substitutes: list[Appointment] = field(default_factory=list)


def offices(board, sitting):
    """The offices of a board. `sitting` are its current appointments."""
    rows = []
    for role in OFFICES:
        held = [each for each in sitting if each.role == role]
        chair = role == Role.CHAIR
        if held or chair:
            rows.append(Office(board.chair_title if chair else role.label, held, not held))
    return rows


def seats_taken(seats, sitting):
    """A row for each seat, also for the one that nobody takes; then one for members without."""
    rows = {seat.pk: SeatTaken(seat) for seat in seats}
    without = SeatTaken(None)
    for each in sitting:
        if each.role == Role.OBSERVER or (each.role == Role.SECRETARY and not each.seat_id):
            continue
        row = rows.get(each.seat_id, without)
        if each.role == Role.SUBSTITUTE:
            row.substitutes.append(each)
        elif row is not without or each.role == Role.MEMBER:
            row.members.append(each)
    taken = list(rows.values())
    return [*taken, without] if without.members or without.substitutes else taken


def after(appointment, sitting):
    """What its end means for the board's lead: a sentence, or "". `sitting` are the current
    appointments of its board."""
    others = [each for each in sitting if each.pk != appointment.pk]
    if appointment.role == Role.SECRETARY:
        if any(each.role == Role.SECRETARY for each in others):
            return ""
        return (
            "Nobody else is secretary: then nobody opens a round, minutes a meeting or appoints "
            "anybody. Appoint another first."
        )
    if appointment.role not in CHAIRS or chair_of(sitting) != appointment:
        return ""
    if heir := chair_of(others):
        office = heir.get_role_display().lower()
        return f"After that {heir.person} has the rights of the chair, as {office}."
    return (
        "After that nobody has the rights of the chair: no report can be cleared or issued until a "
        "chair, an acting chair or a deputy chair is appointed."
    )


def chair_of(sitting):
    """Whose appointment gives the rights of the chair; None when no such office is filled."""
    for role in CHAIRS:
        for each in sitting:
            if each.role == role:
                return each
    return None


def chair_on(board, day):
    """Who is chair that day, or next in line, or None."""
    rows = Appointment.objects.current(day).filter(board=board, role__in=CHAIRS)
    found = chair_of(rows.select_related("person"))
    return found and found.person


def boards_of(people):
    """{id of a person: ids of the boards on which that person holds an office, or for an agency
    of which that person works, today or later}; two queries."""
    day = timezone.localdate()
    offices = Appointment.objects.exclude(end__lt=day).filter(person__in=people)
    works = AgencyMember.objects.exclude(end__lt=day).filter(person__in=people)
    seats = Q(agency__seats__end__isnull=True) | Q(agency__seats__end__gte=day)
    found = {person.pk: set() for person in people}
    for person, board in [
        *offices.values_list("person", "board"),
        *works.filter(seats).values_list("person", "agency__seats__board"),
    ]:
        if board:  # an agency without a seat has none
            found[person].add(board)
    return found
