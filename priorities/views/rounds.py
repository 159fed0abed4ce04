"""Rounds: planned, opened and closed by the secretary, and read as the matrix."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from board import audit
from board.confirm import acts, confirm
from board.markings import Marking
from board.sheets import csv_response
from priorities.forms.rounds import ExpectForm, RoundForm
from priorities.matrix import LEVELS, Matrix
from priorities.models import Confidence, PriorityReturn, Responsibility, Round
from priorities.permissions import can_keep_round, can_plan_rounds
from priorities.transitions import OPEN_ROUND, ROUND, ask_for

DONE = {
    "open-the-round": "The round is open. Each agency asked has its draft.",
    "close-the-round": "The round is closed.",
}


def rounds(request):
    """All rounds; the secretary plans the next one on the same page."""
    may_plan = can_plan_rounds(request.user)
    form = None
    if request.method == "POST" and not may_plan:
        raise PermissionDenied
    if may_plan:
        form = RoundForm(
            request.POST if request.method == "POST" else None,
            user=request.user,
            today=timezone.localdate(),
        )
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            round = form.save()
            audit.record("plan a round", round, by=request.user)
        messages.success(request, f"Planned: {round.title}, due {round.due:%-d %B %Y}.")
        return redirect(round)
    return render(
        request,
        "priorities/rounds.html",
        {
            "rounds": Round.objects.visible_to(request.user).select_related("board").counted(),
            "form": form,
            "several_boards": len(request.user.roles.boards) > 1,
        },
        status=422 if form and form.errors else 200,
    )


def get_round(request, ref):
    return get_object_or_404(
        Round.objects.visible_to(request.user).select_related("board"), ref=ref
    )


def matrix(request, ref):
    round = get_round(request, ref)
    only = request.GET.get("show", "")
    matrix = Matrix(round, request.user)
    return render(
        request,
        "priorities/matrix.html",
        {
            "round": round,
            "matrix": matrix,
            "counts": matrix.counts,
            "only": only,
            "rows": matrix.showing(only),
            "levels": [(level, Confidence(value).label) for value, level in LEVELS.items()][::-1],
            "acts": acts(ROUND, request.user, round, "priorities:round_verb"),
            "may_keep": can_keep_round(request.user, round),
            "to_be_asked": to_be_asked(round) if round.state == Round.State.PLANNED else [],
            "days_late": round.days_late() if round.state == Round.State.OPEN else 0,
            "today": timezone.localdate(),
            "marking": matrix.marking,
        },
    )


def matrix_csv(request, ref):
    round = get_round(request, ref)
    matrix = Matrix(round, request.user)
    if matrix.marking == Marking.SENSITIVE:
        audit.record("download the matrix", round, by=request.user)
    return csv_response(round.ref, matrix.sheet())


def to_be_asked(round):
    """[(agency, [priorities])]: who would be asked, and what, if the round opened today."""
    asked = {}
    for responsibility in (
        Responsibility.objects.asked(round.board, timezone.localdate())
        .select_related("agency", "priority")
        .order_by("agency__name", "priority__order", "priority__name")
    ):
        asked.setdefault(responsibility.agency, []).append(responsibility.priority)
    return list(asked.items())


def move_round(request, ref, verb):
    round = get_round(request, ref)
    opening = verb == OPEN_ROUND.slug
    return confirm(
        request,
        round,
        ROUND,
        verb,
        back=round.get_absolute_url(),
        done=DONE.get(verb, ""),
        template="priorities/move_round.html",
        to_be_asked=to_be_asked(round) if opening else [],
        opening=opening,
        missing=[] if opening else PriorityReturn.objects.unheard()
        .filter(agency_return__round=round)
        .select_related("agency_return__agency", "priority"),
    )  # fmt: skip


def expect(request, ref):
    """Ask for a return after the round has opened; or again, where it had been lifted."""
    round = get_round(request, ref)
    if not can_keep_round(request.user, round):
        raise PermissionDenied
    today = timezone.localdate()
    form = ExpectForm(request.POST if request.method == "POST" else None, round=round, today=today)
    if request.method == "POST" and form.is_valid():
        if round.state != Round.State.OPEN:
            form.add_error(None, "A return can be asked for while the round is open.")
        elif ask(round, form.cleaned_data, today, request.user):
            messages.success(request, "Asked for. The agency has its draft.")
            return redirect(round)
        else:
            form.add_error("priority", "This return is expected already.")
    return render(
        request,
        "priorities/expect.html",
        {"form": form, "round": round},
        status=422 if form.errors else 200,
    )


@transaction.atomic
def ask(round, answers, today, by):
    """Add one expectation, dated and explained; False when it is there."""
    Round.objects.select_for_update().get(pk=round.pk)
    part, created = ask_for(round, answers["agency"], answers["priority"])
    if not created and part.lifted_on is None:
        return False
    part.added_on, part.added_reason = today, answers["reason"]
    part.lifted_on, part.lifted_reason = None, ""
    part.save()
    audit.record("add an expectation", part, by=by, note=answers["reason"])
    return True
