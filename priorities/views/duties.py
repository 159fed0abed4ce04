"""Who answers for what on a priority, and the objectives of its plan."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from board import audit
from board.forms.people import EndForm
from priorities.forms.plan import ObjectiveForm, ProgressForm, ResponsibilityForm
from priorities.models import Objective, Priority, Responsibility
from priorities.permissions import can_edit_priority, can_report_progress

from .plan import edit, form_page


def kept_priority(request, slug):
    priority = get_object_or_404(
        Priority.objects.visible_to(request.user).select_related("board"), slug=slug
    )
    if not can_edit_priority(request.user, priority):
        raise PermissionDenied
    return priority


def responsibilities(request, slug):
    """Everyone who answers or answered for it; an agency takes it on from a day."""
    priority, today = kept_priority(request, slug), timezone.localdate()
    form = ResponsibilityForm(
        request.POST if request.method == "POST" else None, priority=priority, today=today
    )
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            Priority.objects.select_for_update().get(pk=priority.pk)
            row = form.save()
            audit.record("add a responsibility", row, by=request.user, note=row.answers_for)
        messages.success(
            request,
            "Written down. What it asks of a round that is open waits for you on the round’s page.",
        )
        return redirect("priorities:responsibilities", slug)
    rows = list(priority.responsibilities.select_related("agency").order_by("-start", "pk"))
    return render(
        request,
        "priorities/responsibilities.html",
        {
            "priority": priority,
            "form": form,
            "current": [row for row in rows if row.end is None or row.end >= today],
            "former": [row for row in rows if row.end is not None and row.end < today],
        },
        status=422 if form.errors else 200,
    )


def end_responsibility(request, slug, pk):
    priority, today = kept_priority(request, slug), timezone.localdate()
    row = get_object_or_404(priority.responsibilities.select_related("agency"), pk=pk, end=None)
    form = EndForm(row, request.POST if request.method == "POST" else None, initial={"end": today})
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            row = Responsibility.objects.select_for_update(of=("self",)).get(pk=row.pk)
            row.end = form.cleaned_data["end"]
            row.save(update_fields=["end"])
            audit.record(
                "end a responsibility",
                row,
                by=request.user,
                after=str(row.end),
                note=form.cleaned_data["reason"],
            )
        messages.success(request, f"{row.agency} answers for it until {row.end:%-d %B %Y}.")
        return redirect("priorities:responsibilities", slug)
    return form_page(
        request,
        form,
        title=f"End: {row}",
        button="Set the last day",
        back=priority.get_absolute_url(),
    )


def new_objective(request, slug):
    priority = kept_priority(request, slug)
    form = ObjectiveForm(request.POST if request.method == "POST" else None, priority=priority)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            objective = form.save()
            audit.record("add an objective", objective, by=request.user)
        messages.success(request, "It is in the plan.")
        return redirect(objective)
    return form_page(
        request,
        form,
        title=f"Add an objective: {priority.name}",
        button="Add it",
        back=priority.get_absolute_url(),
    )


def edit_objective(request, pk):
    """The secretary changes the line; its owner says where it stands."""
    objective = get_object_or_404(
        Objective.objects.visible_to(request.user).select_related("priority"), pk=pk
    )
    if not can_report_progress(request.user, objective):
        raise PermissionDenied
    keeper = can_edit_priority(request.user, objective.priority)

    def make_form(record, data):
        if keeper:
            return ObjectiveForm(data, instance=record, priority=objective.priority)
        return ProgressForm(data, instance=record)

    return edit(
        request,
        objective,
        make_form,
        title=objective.title,
        act="change an objective" if keeper else "report progress on an objective",
    )
