from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from board import audit
from board.confirm import acts, confirm
from board.markings import highest
from priorities.filters import ThreatFilter
from priorities.forms.records import ThreatForm
from priorities.models import EmergingThreat
from priorities.permissions import can_edit_threat, can_raise_threat, can_read_letters
from priorities.transitions import THREAT_CLEARANCE

from .plan import edit, form_page
from .reading import note_reading


def threats(request):
    visible = EmergingThreat.objects.visible_to(request.user)
    visible = visible.select_related("agency", "priority", "board")
    filters = ThreatFilter(request.GET, queryset=visible)
    chosen = filters.qs if filters.is_valid() else visible.none()
    page = Paginator(chosen, 50).get_page(request.GET.get("page"))
    return render(
        request,
        "priorities/threats.html",
        {
            "form": filters.form,
            "page": page,
            "filtered": bool(request.GET.get("state")),
            "may_raise": can_raise_threat(request.user),
            "marking": highest(page.object_list),
        },
    )


def new_threat(request):
    if not can_raise_threat(request.user):
        raise PermissionDenied
    form = ThreatForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        threat = form.save(commit=False)
        threat.raised_at, threat.raised_by = timezone.now(), request.user
        with transaction.atomic():
            threat.save()
            form.save_m2m()
            audit.record("raise", threat, by=request.user)
        messages.success(request, "Raised. The secretary can put it to the next meeting.")
        return redirect(threat)
    return form_page(request, form, title="Raise an emerging threat", button="Raise it", care=True)


def get_threat(request, pk):
    return get_object_or_404(
        EmergingThreat.objects.visible_to(request.user).select_related(
            "agency", "priority", "board", "raised_by", "cleared_by"
        ),
        pk=pk,
    )


def threat(request, pk):
    threat = get_threat(request, pk)
    return render(
        request,
        "priorities/threat.html",
        {
            "threat": threat,
            "shared_with": threat.shared_with.all() if threat.sensitive else [],
            "may_edit": can_edit_threat(request.user, threat),
            "letters": threat.letters.select_related("settled_by")
            if can_read_letters(request.user, threat)
            else [],
            "acts": acts(THREAT_CLEARANCE, request.user, threat, "priorities:threat_verb"),
            "marking": note_reading(request, threat, [threat]),
        },
    )


def edit_threat(request, pk):
    threat = get_threat(request, pk)
    if not can_edit_threat(request.user, threat):
        raise PermissionDenied
    return edit(
        request,
        threat,
        lambda record, data: ThreatForm(data, instance=record, user=request.user),
        title=f"Edit: {threat.title}",
        act="edit a threat",
    )


def move_threat(request, pk, verb):
    threat = get_threat(request, pk)
    return confirm(request, threat, THREAT_CLEARANCE, verb, back=threat.get_absolute_url())
