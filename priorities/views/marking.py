"""Only the originator changes a marking, and says why."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render

from board import audit
from board.models import Agency
from priorities.forms.marking import MarkingForm
from priorities.models import AgencyReturn
from priorities.permissions import can_mark_return

from .reading import note_reading
from .returning import locked


def mark_return(request, pk):
    agency_return = get_object_or_404(AgencyReturn.objects.visible_to(request.user), pk=pk)
    if not can_mark_return(request.user, agency_return):
        raise PermissionDenied
    with transaction.atomic():
        whole = locked(agency_return)
        records = [whole, *whole.priority_returns.expected().select_related("priority")]
        agencies = Agency.objects.filter(seats__in=whole.round.board.seats.current())
        agencies = agencies.exclude(pk=whole.agency_id).distinct()
        form = MarkingForm(
            request.POST if request.method == "POST" else None, records=records, agencies=agencies
        )
        if form.is_valid():
            note_change(form, request.user)
            messages.success(request, "The marking is changed.")
            return redirect(whole)
    return render(
        request,
        "priorities/marking.html",
        {
            "form": form,
            "agency_return": whole,
            "marking": note_reading(request, whole, records),
        },
        status=422 if form.errors else 200,
    )


def note_change(form, by):
    whole, reason, readers = form.records[0], form.cleaned_data["reason"], form.readers_change
    for record, before, now in form.changes:
        record.marking = now
        record.save(update_fields=["marking"])
        audit.record("change the marking", record, by=by, before=before, after=now, note=reason)
    if readers:
        whole.shared_with.set(form.cleaned_data["shared_with"])
        audit.record("change who may read it", whole, by=by, note=f"{reason} {readers}")
