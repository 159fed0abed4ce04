"""The national list: dated, sourced, and how it maps to the priorities of the boards."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from board import audit
from board.models import Seat
from priorities.forms.plan import NationalThreatForm
from priorities.models import NationalThreat, Priority
from priorities.permissions import can_plan_rounds

from .plan import edit, form_page


def national(request):
    """The map from national to local, and what has left the list."""
    ours = Priority.objects.visible_to(request.user).filter(state=Priority.State.ADOPTED)
    lines = list(
        NationalThreat.objects.select_related("monitored_by").prefetch_related(
            Prefetch("priorities", queryset=ours)
        )
    )
    today, known = timezone.localdate(), known_agencies(request.user)
    for line in lines:
        line.watcher = line.monitored_by if line.monitored_by_id in known else None
    return render(
        request,
        "priorities/national.html",
        {
            "listed": [line for line in lines if line.listed(today)],
            "others": [line for line in lines if not line.listed(today)],
            "today": today,
            "may_edit": can_plan_rounds(request.user),
        },
    )


def known_agencies(user):
    """Ids of agencies with a seat, now or before, on a board in this person's reach. The list is
    one for the installation; the agencies of another board are not shown on it."""
    return set(Seat.objects.filter(board__in=user.roles.reach).values_list("agency", flat=True))


def national_threat(request, pk):
    """One line, with every wording it had."""
    line = get_object_or_404(NationalThreat.objects.select_related("monitored_by"), pk=pk)
    versions, known = (
        list(line.history.select_related("monitored_by")),
        known_agencies(request.user),
    )
    for row in (line, *versions):
        row.watcher = row.monitored_by if row.monitored_by_id in known else None
    return render(
        request,
        "priorities/national_threat.html",
        {
            "line": line,
            "versions": versions,
            "priorities": Priority.objects.visible_to(request.user).filter(national_threats=line),
            "may_edit": can_plan_rounds(request.user),
        },
    )


def new_national_threat(request):
    if not can_plan_rounds(request.user):
        raise PermissionDenied
    form = NationalThreatForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            line = form.save()
            audit.record("add to the national list", line, by=request.user)
        messages.success(request, "It is on the list.")
        return redirect(line)
    return form_page(request, form, title="Add to the national list", button="Add it")


def edit_national_threat(request, pk):
    line = get_object_or_404(NationalThreat, pk=pk)
    if not can_plan_rounds(request.user):
        raise PermissionDenied
    return edit(
        request,
        line,
        lambda record, data: NationalThreatForm(data, instance=record, user=request.user),
        title=f"Edit {line.name}",
        act="edit the national list",
    )
