from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from board import audit
from board.text import listed
from meetings import agenda, invitations
from meetings.forms import (
    AttendanceForm,
    Choices,
    DeclarationForm,
    MovesForm,
    PresidingForm,
    TimesForm,
)
from meetings.forms.attendance import FROM, PRESENT, move
from meetings.forms.attendance import moves as moves_of
from meetings.forms.meetings import moment
from meetings.models import Attendance, Declaration
from meetings.quorum import quorum_of

from .agenda import at_item
from .meetings import kept_meeting
from .minute import minute_page, redirect_303, writable

HERE = (PRESENT, FROM)


def attendance(request, ref):
    """Who is there, seat by seat; then guests; then interests declared."""
    meeting = kept_meeting(request, ref)
    forms = attendance_forms(meeting, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        changed = [form for form in forms if form.has_changed()]
        if all(form.is_valid() for form in changed):
            with transaction.atomic():
                for form in changed:
                    form.save()
                if changed:
                    audit.record("record attendance", meeting, by=request.user)
                off = invitations.withdraw(meeting, timezone.now())
            said = (
                f" Told that they are no longer expected: {listed(map(str, off))}." if off else ""
            )
            messages.success(request, f"Attendance is saved.{said}")
            return redirect("meetings:attendance", ref)
    return attendance_page(request, meeting, forms, DeclarationForm(meeting=meeting))


def attendance_forms(meeting, data=None):
    """A form for each seat of the day, listed already or not, each other person, one guest."""
    choices = Choices(meeting)
    rows = list(meeting.attendances.with_absences())
    by_seat = {row.seat_id: row for row in rows if row.seat_id}
    forms = []
    for seat, member in agenda.seats_and_members(meeting):
        row = by_seat.pop(seat.pk, None)
        if row is None:
            capacity = member.post if member else ""
            row = Attendance(meeting=meeting, seat=seat, person=member, capacity=capacity)
        forms.append(AttendanceForm(data, instance=row, prefix=f"seat-{seat.pk}", choices=choices))
    # A seat that was given up since, and people without a seat.
    others = [*by_seat.values(), *(row for row in rows if not row.seat_id)]
    for row in others:
        forms.append(AttendanceForm(data, instance=row, prefix=f"row-{row.pk}", choices=choices))
    guest = Attendance(meeting=meeting, guest=True)
    forms.append(AttendanceForm(data, instance=guest, prefix="guest", choices=choices))
    return forms


def attendance_page(request, meeting, forms, declaration):
    rows = list(meeting.attendances.select_related("seat__agency", "person"))
    return render(
        request,
        "meetings/attendance.html",
        {
            "meeting": meeting,
            "forms": [*forms, declaration],
            "seats": [form for form in forms if form.instance.seat_id],
            "others": [form for form in forms if not form.instance.seat_id and form.instance.pk],
            "guest": forms[-1],
            "quorum": quorum_of(meeting.board, rows),
            "declarations": Declaration.objects.filter(attendance__meeting=meeting).select_related(
                "attendance__person", "item"
            ),
            "declaration": declaration,
            "presiding": PresidingForm(instance=meeting),
        },
        status=422 if any(form.errors for form in [*forms, declaration]) else 200,
    )


@require_POST
def moves(request, ref, item):
    """Who came and went during an item, from the minute screen; or everybody expected is here."""
    meeting, found = writable(request, ref, item)
    if found is None:
        return redirect(meeting)
    with transaction.atomic():
        rows = list(meeting.attendances.select_for_update(of=("self",)).with_absences())
        form = MovesForm(request.POST, rows=rows, item=found)
        if "all" in request.POST:
            moved = [(row, PRESENT) for row in rows if expected(row)]
        elif form.is_valid():
            moved = form.moved
        else:
            messages.error(
                request, "Nothing was changed: somebody else recorded it meanwhile. Look again."
            )
            return redirect_303(at_item(ref, item))
        unnamed = [row for row, what in moved if what in HERE and not (row.person_id or row.name)]
        if unnamed:
            names = ", ".join(str(row.seat.agency) for row in unnamed)
            messages.error(request, f"Say first who is here for {names}.")
            return redirect_303(reverse("meetings:attendance", args=[ref]))
        said = [f"{named(row)}: {dict(moves_of(row, found))[what]}" for row, what in moved]
        for row, what in moved:
            move(row, what, found)
        if moved:
            note = f"Item {found.number}. {'; '.join(said)}"
            audit.record("record attendance", meeting, by=request.user, note=note)
    return redirect_303(at_item(ref, item))


def named(row):
    return row.seat.agency.short if row.seat_id else row.who


def expected(row):
    """Somebody known by name of whom nothing is recorded yet."""
    return row.status == Attendance.Status.EXPECTED and row.person_id


@require_POST
def preside(request, ref):
    meeting = kept_meeting(request, ref)
    form = PresidingForm(request.POST, instance=meeting)
    if form.is_valid():
        with transaction.atomic():
            meeting.save(update_fields=["presiding"])
            audit.record(
                "say who presides", meeting, by=request.user, note=str(meeting.presiding or "")
            )
        messages.success(request, f"{meeting.presiding or 'Nobody'} presides.")
    else:
        messages.error(request, "Nothing was changed: choose a member of this board.")
    return redirect(f"{reverse('meetings:attendance', args=[ref])}#presiding")


@require_POST
def times(request, ref, item):
    """The real times of a meeting that is typed up afterwards."""
    meeting, found = writable(request, ref, item)
    if found is None:
        return redirect(meeting)
    form = TimesForm(request.POST, meeting=meeting)
    if not form.is_valid():
        return minute_page(request, meeting, found, times=form, status=422)
    with transaction.atomic():
        meeting.began_at = moment(meeting.day, form.cleaned_data["began"])
        meeting.finished_at = moment(meeting.day, form.cleaned_data["finished"])
        meeting.save(update_fields=["began_at", "finished_at"])
        audit.record("give the real times", meeting, by=request.user)
    messages.success(request, "The meeting's times are saved.")
    return redirect_303(at_item(ref, item))


@require_POST
def declare(request, ref):
    meeting = kept_meeting(request, ref)
    form = DeclarationForm(request.POST, meeting=meeting)
    if not form.is_valid():
        return attendance_page(request, meeting, attendance_forms(meeting), form)
    with transaction.atomic():
        form.save()
        audit.record("record a declaration of interest", meeting, by=request.user)
    messages.success(request, "The declaration is recorded.")
    return redirect(f"{reverse('meetings:attendance', args=[ref])}#declarations")


@require_POST
def declaration_remove(request, ref, declaration):
    meeting = kept_meeting(request, ref)
    found = get_object_or_404(Declaration, pk=declaration, attendance__meeting=meeting)
    with transaction.atomic():
        audit.record("remove a declaration of interest", meeting, by=request.user, note=str(found))
        found.delete()
    messages.success(request, "The declaration is removed.")
    return redirect(f"{reverse('meetings:attendance', args=[ref])}#declarations")
