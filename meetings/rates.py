"""How often those who sit on a board came, counted from the day each was appointed."""

from dataclasses import dataclass

from django.utils import timezone

from board.models import Appointment

from .models import Attendance, Meeting

Status = Attendance.Status


@dataclass
class Rate:
    """Of the meetings held since the appointment: those to which the person came, to which
    somebody else came for the seat, with apologies, and without a word."""

    appointment: Appointment
    meetings: int = 0
    came: int = 0
    another: int = 0
    apologies: int = 0
    not_represented: int = 0


def attendance_rates(board, user):
    """A Rate for each person who sits for an agency today, by agency; three queries. Of meetings
    that `user` may not see nothing is counted."""
    today = timezone.localdate()
    sitting = (
        Appointment.objects.current(today)
        .filter(board=board, seat__isnull=False)
        .exclude(role__in=[Appointment.Role.OBSERVER, Appointment.Role.SUBSTITUTE])
        .select_related("person", "seat__agency")
        .order_by("seat__agency__name", "start")
    )
    held = Meeting.objects.visible_to(user).held().filter(board=board).only("starts_at")
    days = {meeting.pk: meeting.day for meeting in held}
    rows = {
        (meeting, seat): (status, person)
        for meeting, seat, status, person in Attendance.objects.filter(
            meeting__in=days, seat__isnull=False
        ).values_list("meeting", "seat", "status", "person")
    }
    rates = []
    for appointment in sitting:
        rate = Rate(appointment)
        for meeting, day in days.items():
            if day >= appointment.start:
                count(rate, *rows.get((meeting, appointment.seat_id), (None, None)))
        rates.append(rate)
    return rates


def count(rate, status, person):
    rate.meetings += 1
    if status in Attendance.HERE:
        if person == rate.appointment.person_id:
            rate.came += 1
        else:
            rate.another += 1
    elif status == Status.APOLOGIES:
        rate.apologies += 1
    else:
        rate.not_represented += 1
