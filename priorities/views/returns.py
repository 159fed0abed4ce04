"""Returns read: the list, one return beside last quarter's, and what is done to it."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header

from board import audit
from board.confirm import acts, confirm
from board.markings import Clearance, Marking, highest
from priorities.filters import ReturnFilter
from priorities.forms.rounds import ReasonForm
from priorities.matrix import standing
from priorities.models import AgencyReturn, Original, PriorityReturn, ReturnState, Round
from priorities.permissions import (
    can_draft_return,
    can_enter_return,
    can_keep_round,
    can_mark_return,
    can_read_queries,
)
from priorities.transitions import AGENCY_RETURN, PART_CLEARANCE, PRIORITY_RETURN

from .reading import note_reading

PART = (*PRIORITY_RETURN, *PART_CLEARANCE)
DONE = {
    "receive": "Received.",
    "raise-a-query": "Query raised. The return is with its agency again.",
    "take-back": "Taken back: it is a draft again.",
    "submit": "Submitted.",
}
# Submitting and entering are done on the form, where what is missing can be written.
ON_THE_FORM = ("submit", "enter")


def returns(request):
    parts = (
        PriorityReturn.objects.visible_to(request.user)
        .as_read_by(request.user)
        .select_related("agency_return__agency", "agency_return__round", "priority")
        .defer("did", "emerging", "report_text", "objectives_progress", "outcome", "barriers")
        .order_by(
            "-agency_return__round__quarter_start",
            "agency_return__agency__name",
            "priority__order",
            "priority__name",
        )
    )
    filters = ReturnFilter(request.GET, queryset=parts, user=request.user)
    valid = filters.is_valid()
    page = Paginator(filters.qs if valid else parts.none(), 50).get_page(request.GET.get("page"))
    rows = [(part, standing(part, part.agency_return.round)) for part in page]
    address = request.GET.copy()
    address.pop("page", None)
    return render(
        request,
        "priorities/returns.html",
        {
            "form": filters.form,
            "filtered": bool(address),
            "page": page,
            "rows": rows,
            "marking": highest(part for part, _ in rows),
            "address": address.urlencode(),
        },
    )


def reachable(request, pk):
    return get_object_or_404(
        AgencyReturn.objects.reachable_by(request.user).select_related(
            "round__board", "agency", "entered_by", "submitted_by", "received_by"
        ),
        pk=pk,
    )


def one_return(request, pk):
    agency_return = reachable(request, pk)
    user, round = request.user, agency_return.round
    open_questions = AgencyReturn.objects.visible_to(user).filter(pk=pk).exists()
    before = (
        AgencyReturn.objects.reachable_by(user)
        .of_the_quarter_before(round)
        .filter(agency=agency_return.agency_id)
        .select_related("round")
        .first()
    )
    parts, shown = read_parts(agency_return, user), []
    if before:
        before.agency = agency_return.agency
        before.questions_open = AgencyReturn.objects.visible_to(user).filter(pk=before.pk).exists()
        before.parts = {part.priority_id: part for part in read_parts(before, user)}
        shown += [*before.parts.values(), *([before] if before.questions_open else [])]
    queries = []
    if can_read_queries(user, agency_return):
        queries = list(agency_return.queries.select_related("raised_by", "answered_by"))
    for part in parts:
        part.acts = done_here(acts(PART, user, part, "priorities:part_verb"), part)
        part.asked = [query for query in queries if query.priority_return_id == part.pk]
        part.before = before.parts.get(part.priority_id) if before else None
    waits = any(part.state == ReturnState.DRAFT and not part.lifted_on for part in parts)
    keeper = can_keep_round(user, round)
    shown += [*parts, *([agency_return] if open_questions else [])]
    return render(
        request,
        "priorities/return.html",
        {
            "agency_return": agency_return,
            "round": round,
            "agency": agency_return.agency,
            "parts": parts,
            "before": before,
            "open_questions": open_questions,
            "asked": [query for query in queries if query.priority_return_id is None],
            "acts": done_here(
                acts(AGENCY_RETURN, user, agency_return, "priorities:return_verb"), agency_return
            ),
            "may_edit": waits
            and round.state == Round.State.OPEN
            and can_draft_return(user, agency_return),
            "may_enter": waits and can_enter_return(user, agency_return),
            "entered": agency_return.was_entered(parts),
            "waits": waits,
            "may_keep": keeper,
            "may_extend": keeper and round.state == Round.State.OPEN and waits,
            "reads_versions": can_read_queries(user, agency_return),
            "may_mark": can_mark_return(user, agency_return),
            "original": open_questions
            and reads_whole(user, agency_return)
            and Original.objects.filter(pk=pk).values_list("name", flat=True).first(),
            "may_see_matrix": user.roles.member(round.board_id),
            "marking": note_reading(request, agency_return, shown),
        },
    )


def read_parts(agency_return, user):
    """The parts of a return that this person may read, each with its `cell`."""
    parts = list(
        agency_return.priority_returns.filter(
            pk__in=PriorityReturn.objects.visible_to(user).values("pk")
        )
        .as_read_by(user)
        .select_related("priority", "submitted_by", "received_by", "cleared_by")
    )
    for part in parts:
        part.agency_return = agency_return
        part.cell = standing(part, agency_return.round)
    return parts


def done_here(buttons, record):
    """Without what the form does; the text of a draft is cleared as it is submitted."""
    clearing = record.state == ReturnState.DRAFT
    return [
        (row, url)
        for row, url in buttons
        if row.slug not in ON_THE_FORM and not (clearing and row.after == Clearance.CLEARED)
    ]


def reads_whole(user, agency_return):
    """Whether no part is closed to this person for its marking: the letter holds every part."""
    open_parts = PriorityReturn.objects.visible_to(user).values("pk")
    sensitive = agency_return.priority_returns.filter(marking=Marking.SENSITIVE)
    return not sensitive.exclude(pk__in=open_parts).exists()


def original(request, pk):
    """The letter or e-mail in which a return came, as it came."""
    agency_return = get_object_or_404(AgencyReturn.objects.visible_to(request.user), pk=pk)
    if not reads_whole(request.user, agency_return):
        raise Http404
    letter = get_object_or_404(Original, agency_return=agency_return)
    note_reading(request, agency_return, [agency_return, *agency_return.priority_returns.all()])
    return HttpResponse(
        bytes(letter.content),
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": content_disposition_header(True, letter.name),
            "Content-Security-Policy": "sandbox",
        },
    )


def move_return(request, pk, verb):
    agency_return = get_object_or_404(
        AgencyReturn.objects.visible_to(request.user).select_related("round", "agency"), pk=pk
    )
    return confirm(
        request,
        agency_return,
        AGENCY_RETURN,
        verb,
        back=agency_return.get_absolute_url(),
        done=DONE.get(verb, ""),
    )


def move_part(request, pk, slug, verb):
    part = one_part(request, pk, slug)
    return confirm(request, part, PART, verb, back=part.get_absolute_url(), done=DONE.get(verb, ""))


def one_part(request, pk, slug):
    return get_object_or_404(
        PriorityReturn.objects.visible_to(request.user).select_related(
            "agency_return__round", "agency_return__agency", "priority"
        ),
        agency_return=pk,
        priority__slug=slug,
    )


def lift(request, pk, slug):
    """A return that is no longer expected: dated, with the reason, never deleted."""
    part = one_part(request, pk, slug)
    if not can_keep_round(request.user, part.agency_return.round):
        raise PermissionDenied
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            part = PriorityReturn.objects.select_for_update().get(pk=part.pk)
            if part.state == ReturnState.DRAFT and not part.lifted_on:
                part.lifted_on = timezone.localdate()
                part.lifted_reason = form.cleaned_data["reason"]
                part.save()
                audit.record("lift the expectation", part, by=request.user, note=part.lifted_reason)
                return redirect(part.agency_return.round)
        form.add_error(None, "Nothing was changed: a return came, or it was lifted before.")
    return render(
        request,
        "priorities/lift.html",
        {"form": form, "part": part, "back": reverse("priorities:return", args=[pk])},
        status=422 if form.errors else 200,
    )
