"""What a board is and which agencies sit on it."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.db.models import Exists
from django.shortcuts import get_object_or_404
from django.utils import timezone

from board import audit
from board.forms.people import EndForm
from board.forms.setting_up import (
    AgencyForm,
    CommitteeForm,
    NewAgencyForm,
    SeatForm,
    SettingsForm,
)
from board.models import Agency, Appointment
from board.permissions import can_keep_committee
from board.views.shared import correct, keep, kept_agency, kept_board, posted


def settings(request, slug):
    board = kept_board(request, slug)
    return correct(
        request,
        board,
        SettingsForm,
        act="change the settings",
        title="Change the settings",
        about=board,
        to=board,
    )


def committee(request, slug):
    """The committee above, while it has no secretary of its own."""
    board = kept_board(request, slug)
    if not may_keep_committee(request.user, board):
        raise PermissionDenied
    return correct(
        request,
        board.reports_to,
        CommitteeForm,
        act="change the committee above",
        title="Change the committee that the board answers to",
        about=board,
        to=board,
        trail=board,
    )


def may_keep_committee(user, board):
    above = board.reports_to
    if above is None:
        return False
    secretaries = above.appointments.filter(role=Appointment.Role.SECRETARY)
    kept = Exists(secretaries.exclude(end__lt=timezone.localdate()))
    reporting = above.reported_by.annotate(kept=kept).values_list("pk", "kept")
    return can_keep_committee(
        user,
        board,
        reporting=[pk for pk, _ in reporting],
        kept=any(kept for _, kept in reporting),
    )


def new_agency(request, slug):
    """An agency that none of this secretary's boards knows, with its seat here."""
    board = kept_board(request, slug)
    form = NewAgencyForm(
        posted(request),
        known=Agency.objects.visible_to(request.user),
        initial={"start": timezone.localdate()},
    )

    def save():
        agency = form.save()
        seat = agency.seats.create(board=board, start=form.cleaned_data["start"])
        audit.record("add an agency with its seat", seat, by=request.user)
        return f"{agency} has a seat from {seat.start:%-d %B %Y}. Name its lead next."

    return keep(
        request,
        form,
        save,
        title="Add an agency",
        template="board/new_agency.html",
        about=board,
        others=agencies_to_seat(request, board),
    )


def edit_agency(request, slug):
    agency = kept_agency(request, slug)
    seat = agency.seats.current().filter(board__in=request.user.roles.kept).first()
    return correct(
        request,
        agency,
        partial(AgencyForm, known=Agency.objects.visible_to(request.user)),
        act="change the agency",
        title="Change the agency",
        about=agency,
        to=agency,
        trail=seat,
    )


def add_seat(request, slug):
    board = kept_board(request, slug)
    form = SeatForm(
        board,
        agencies_to_seat(request, board),
        posted(request),
        initial={"start": timezone.localdate()},
    )

    def save():
        seat = form.save()
        audit.record("give a seat", seat, by=request.user)
        return f"{seat.agency} has a seat from {seat.start:%-d %B %Y}."

    return keep(request, form, save, title="Give an agency a seat", about=board)


def agencies_to_seat(request, board):
    """Agencies that have or had a seat on a board of this secretary's and have none here now or
    to come. Those of other boards are not offered: whoever gives a seat may name the agency's
    people, and they read its returns everywhere."""
    kept = Agency.objects.filter(seats__board__in=request.user.roles.kept).values("pk")
    here = board.seats.exclude(end__lt=timezone.localdate()).values("agency")
    return Agency.objects.filter(pk__in=kept).exclude(pk__in=here)


def end_seat(request, slug, pk):
    """The seat ends, and with it what members and named substitutes hold for it; an office does
    not, and ends on its own page."""
    board = kept_board(request, slug)
    seat = get_object_or_404(board.seats.select_related("agency"), pk=pk)
    form = EndForm(seat, posted(request), initial={"end": timezone.localdate()})
    beyond = seat.appointments.filter(end__isnull=True) | seat.appointments.filter(
        end__gte=timezone.localdate()
    )
    beyond = beyond.select_related("person", "board")
    tied = [each for each in beyond if each.role in TIED]

    def save():
        seat.end = form.cleaned_data["end"]
        seat.save(update_fields=["end"])
        reason = form.cleaned_data["reason"]
        for each in tied:
            if each.end is None or each.end > seat.end:
                each.end = max(seat.end, each.start)
                each.save(update_fields=["end"])
                audit.record("end the appointment", each, by=request.user, note="Its seat ends")
        audit.record("end the seat", seat, by=request.user, note=reason)
        return f"The last day of the seat of {seat.agency} is {seat.end:%-d %B %Y}."

    return keep(
        request,
        form,
        save,
        title=f"End the seat of {seat.agency}",
        about=board,
        template="board/end_seat.html",
        seat=seat,
        tied=tied,
        offices=[each for each in beyond if each.role not in TIED],
    )


TIED = (Appointment.Role.MEMBER, Appointment.Role.SUBSTITUTE)
