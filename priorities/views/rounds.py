"""Rounds: planned, opened and closed by the secretary, and read as the matrix."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from board import audit
from board.confirm import acts, confirm
from board.markings import Marking
from board.sheets import csv_response, xlsx_response
from priorities.changes import changes, follow, set_aside
from priorities.forms.rounds import ExpectForm, ExtendForm, ReasonForm, RoundForm
from priorities.matrix import LEVELS, Matrix
from priorities.models import (
    AgencyReturn,
    Confidence,
    Priority,
    PriorityReturn,
    Responsibility,
    ReturnState,
    Round,
)
from priorities.permissions import can_keep_round, can_plan_rounds
from priorities.transitions import OPEN_ROUND, ROUND, ask_for
from priorities.trends import QUARTERS, trends

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
    keeps = can_keep_round(request.user, round)
    today = timezone.localdate()
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
            "may_keep": keeps,
            "changes": changes([round], today).get(round.pk) if keeps else [],
            "set_aside": round.set_aside.select_related("agency", "priority", "made_by")
            if keeps
            else [],
            "to_be_asked": to_be_asked(round) if round.state == Round.State.PLANNED else [],
            "days_late": round.days_late() if round.state == Round.State.OPEN else 0,
            "today": today,
            "marking": matrix.marking,
        },
    )


def matrix_csv(request, ref):
    return csv_response(ref, downloaded(request, ref).sheet())


def matrix_xlsx(request, ref):
    matrix = downloaded(request, ref)
    title = f"Returns, {matrix.round.title}"
    return xlsx_response(ref, matrix.sheet(), title=title, marking=matrix.marking)


def downloaded(request, ref):
    matrix = Matrix(get_round(request, ref), request.user)
    if matrix.marking == Marking.SENSITIVE:
        audit.record("download the matrix", matrix.round, by=request.user)
    return matrix


def quarters(request, ref):
    """This quarter and those before it beside each other, as numbers and columns."""
    round = get_round(request, ref)
    rounds = list(
        Round.objects.filter(board=round.board_id, quarter_start__lte=round.quarter_start)
        .exclude(state=Round.State.PLANNED)
        .order_by("-quarter_start")[:QUARTERS]
    )[::-1]
    asked = Priority.objects.filter(returns__agency_return__round__in=rounds).distinct()
    slug = request.GET.get("priority", "")
    priority = next((each for each in asked if each.slug == slug), None)
    tables, marking = trends(rounds, request.user, priority)
    return render(
        request,
        "priorities/quarters.html",
        {
            "round": round,
            "rounds": rounds,
            "priorities": asked,
            "priority": priority,
            "tables": tables,
            "marking": marking,
        },
    )


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


def extend(request, pk):
    """More time for one agency, with the reason. The day of the round stays for the others."""
    agency_return = get_object_or_404(
        AgencyReturn.objects.visible_to(request.user).select_related("round", "agency"), pk=pk
    )
    if not can_keep_round(request.user, agency_return.round):
        raise PermissionDenied
    form = ExtendForm(
        request.POST if request.method == "POST" else None,
        due=agency_return.due,
        today=timezone.localdate(),
        initial={"reason": agency_return.extended_reason},
    )
    if request.method == "POST" and form.is_valid():
        if grant(agency_return, form.cleaned_data, request.user):
            messages.success(request, "It has more time. Its reminders follow the new day.")
            return redirect(agency_return)
        form.add_error(None, "Nothing was changed: the round is not open, or all of it came.")
    return render(
        request,
        "priorities/extend.html",
        {"form": form, "agency_return": agency_return},
        status=422 if form.errors else 200,
    )


@transaction.atomic
def grant(agency_return, answers, by):
    """Write down the new day; False when nothing is awaited of this agency any more."""
    row = AgencyReturn.objects.select_for_update(of=("self",)).select_related("round", "agency")
    row = row.get(pk=agency_return.pk)
    waits = row.priority_returns.expected().filter(state=ReturnState.DRAFT).exists()
    if row.round.state != Round.State.OPEN or not waits:
        return False
    before = row.due
    row.extended_to, row.extended_reason = answers["extended_to"], answers["reason"]
    row.save(update_fields=["extended_to", "extended_reason"])
    audit.record(
        "give more time",
        row,
        by=by,
        before=str(before),
        after=str(row.extended_to),
        note=answers["reason"],
    )
    return True


@require_POST
def follow_changes(request, ref):
    """Do what was prepared because something began or ended while the round is open."""
    round = get_round(request, ref)
    if not can_keep_round(request.user, round):
        raise PermissionDenied
    keys = set(request.POST.getlist("change"))
    if number := follow(round, keys, by=request.user, day=timezone.localdate()):
        each = "1 change" if number == 1 else f"{number} changes"
        messages.success(request, f"{each} made, dated today. Who is asked has a draft.")
    else:
        messages.error(request, "Nothing was changed: it is done by now, or nothing was ticked.")
    return redirect(round)


def set_change_aside(request, ref, key):
    """Decide against one change that was prepared; with the reason, which stays on the page."""
    round = get_round(request, ref)
    if not can_keep_round(request.user, round):
        raise PermissionDenied
    at = timezone.now()
    prepared = changes([round], timezone.localdate(at)).get(round.pk, ())
    change = next((each for each in prepared if each.key == key), None)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    done = False
    if change and request.method == "POST" and form.is_valid():
        done = set_aside(round, key, form.cleaned_data["reason"], by=request.user, at=at)
        if done:
            messages.success(request, "Set aside. It stays below with your reason.")
    if done or change is None:
        if not done:
            messages.error(request, "Nothing was changed: this is no longer prepared.")
        return redirect(f"{round.get_absolute_url()}#changes")
    return render(
        request,
        "priorities/set_aside.html",
        {"form": form, "round": round, "change": change},
        status=422 if form.errors else 200,
    )


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
