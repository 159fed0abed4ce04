"""The priorities: the list with the national map, one priority, and the secretary's forms."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from board import audit
from board.markings import highest
from priorities.forms.records import PriorityForm
from priorities.matrix import Cell, parts_of, read_cell
from priorities.models import (
    EmergingThreat,
    FourP,
    Learning,
    NationalThreat,
    Objective,
    Priority,
    Round,
)
from priorities.permissions import (
    can_edit_priority,
    can_plan_rounds,
    can_raise_threat,
    can_report_progress,
)

QUARTERS_SHOWN = 8


def priorities(request):
    user = request.user
    visible = Priority.objects.visible_to(user).select_related("board", "lead_agency")
    ours = list(visible)
    in_force = visible.filter(state=Priority.State.ADOPTED)
    national = list(
        NationalThreat.objects.current().prefetch_related(Prefetch("priorities", queryset=in_force))
    )
    unmapped = [line for line in national if not line.priorities.all()]
    rounds = Round.objects.visible_to(user).exclude(state=Round.State.PLANNED)
    return render(
        request,
        "priorities/priorities.html",
        {
            "current": [p for p in ours if p.state == Priority.State.ADOPTED],
            "proposed": [p for p in ours if p.state == Priority.State.PROPOSED],
            "retired": [p for p in ours if p.state == Priority.State.RETIRED],
            "several_boards": len({p.board_id for p in ours}) > 1,
            "national": national,
            "mapped": len(national) - len(unmapped),
            "unwatched": sum(line.monitored_by_id is None for line in unmapped),
            "round": rounds.first(),
            "may_add": can_plan_rounds(user),
            "may_raise": can_raise_threat(user),
        },
    )


def priority(request, slug):
    user = request.user
    priority = get_object_or_404(
        Priority.objects.visible_to(user)
        .select_related("board", "lead_agency")
        .prefetch_related(
            Prefetch(
                "national_threats", queryset=NationalThreat.objects.select_related("monitored_by")
            )
        ),
        slug=slug,
    )
    objectives = list(
        Objective.objects.visible_to(user)
        .filter(priority=priority)
        .select_related("owner", "priority")
    )
    threats = list(
        EmergingThreat.objects.visible_to(user).filter(priority=priority).select_related("agency")
    )
    rounds, rows, marking = quarters(priority, user)
    return render(
        request,
        "priorities/priority.html",
        {
            "priority": priority,
            "responsibilities": priority.responsibilities.current().select_related("agency"),
            "plan": [(p, [o for o in objectives if o.strand == p.value]) for p in FourP],
            "objectives": objectives,
            "rounds": rounds,
            "rows": rows,
            "threats": threats,
            "learning": Learning.objects.visible_to(user)
            .filter(priorities=priority)
            .select_related("follow_up_agency", "follow_up_person"),
            "may_edit": can_edit_priority(user, priority),
            "may_report": {o.pk for o in objectives if can_report_progress(user, o)},
            "reads": priority.board_id in user.roles.boards,
            "today": timezone.localdate(),
            "marking": max(marking, highest(threats)),
        },
    )


def quarters(priority, user):
    """(rounds, oldest first; a row for each agency: {agency, cells, points, spoken}, the last two
    for components/spark.html; the highest marking of what they say)."""
    rounds = list(
        Round.objects.visible_to(user)
        .filter(board=priority.board_id)
        .exclude(state=Round.State.PLANNED)[:QUARTERS_SHOWN]
    )[::-1]
    moment = timezone.now()
    by_round = {round.pk: round for round in rounds}
    cells, agencies, marked = {}, {}, []
    for (round, agency, about), part in parts_of(rounds, user).items():
        if about == priority.pk:
            agencies[agency] = part.agency_return.agency
            cells[round, agency] = cell = read_cell(part, by_round[round], moment)
            if part.may_read and cell.heard:
                cell.url = part.get_absolute_url()
                marked.append(part)
    rows = []
    for agency in sorted(agencies.values(), key=lambda agency: agency.name):
        row = [cells.get((round.pk, agency.pk)) or Cell("not_asked", round) for round in rounds]
        said = ", ".join(cell.words.lower() for cell in row)
        rows.append(
            {
                "agency": agency,
                "cells": row,
                "points": [cell.point for cell in row],
                "spoken": f"{agency.short}, oldest quarter first: {said}",
            }
        )
    return rounds, rows, highest(marked)


def new_priority(request):
    if not can_plan_rounds(request.user):
        raise PermissionDenied
    form = PriorityForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            priority = form.save()
            audit.record("propose a priority", priority, by=request.user)
        messages.success(request, "Proposed. A meeting adopts it.")
        return redirect(priority)
    return form_page(request, form, title="Propose a priority", button="Propose it")


def edit_priority(request, slug):
    priority = get_object_or_404(Priority.objects.visible_to(request.user), slug=slug)
    if not can_edit_priority(request.user, priority):
        raise PermissionDenied
    return edit(
        request,
        priority,
        lambda record, data: PriorityForm(data, instance=record, user=request.user),
        title=f"Edit {priority.name}",
        act="edit a priority",
    )


def edit(request, record, make_form, *, title, act, note="", formset=None):
    """Edit a record that two people may have open: a stale save shows both texts (409).

    make_form  (record, data) -> VersionedForm
    formset    (record, data) -> formset saved with it, or None
    """
    if request.method != "POST":
        form = make_form(record, None).open()
        rows = formset(record, None) if formset else None
        return form_page(request, form, title=title, back=record.get_absolute_url(), formset=rows)
    with transaction.atomic():
        locked = type(record).objects.select_for_update().get(pk=record.pk)
        before = getattr(locked, "marking", "")
        form = make_form(locked, request.POST)
        rows = formset(locked, request.POST) if formset else None
        if form.stale:
            form.keep_both()
            status = 409
        elif form.is_valid() and (rows is None or rows.is_valid()):
            form.save()
            if rows is not None:
                rows.save()
            after = getattr(locked, "marking", "")
            if before != after:
                audit.record(
                    "change the marking", locked, by=request.user, before=before, after=after
                )
            audit.record(act, locked, by=request.user)
            messages.success(request, "Saved.")
            return redirect(locked)
        else:
            status = 422
    return form_page(
        request,
        form,
        title=title,
        back=record.get_absolute_url(),
        formset=rows,
        status=status,
        marking=getattr(record, "marking", "OFFICIAL"),
    )


def form_page(request, form, *, title, button="Save", back="", formset=None, status=0, **context):
    return render(
        request,
        "priorities/form.html",
        {
            "form": form,
            "formset": formset,
            "title": title,
            "button": button,
            "back": back,
            "conflict": getattr(form, "conflict", False),
            "has_errors": bool(form.errors),
            **context,
        },
        status=status or (422 if form.errors or (formset and formset.errors) else 200),
    )
