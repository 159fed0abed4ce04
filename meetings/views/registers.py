"""The register of decisions, and what only a meeting's record can change elsewhere."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from board.confirm import confirm
from board.markings import Marking
from board.sheets import csv_response
from board.text import to_plain
from meetings.filters import DecisionFilter
from meetings.models import BetweenMeetings, Decision, Note, Part
from meetings.outcomes import PRIORITY, THREAT
from meetings.permissions import can_seek_decision
from meetings.transitions import DECISION_CLEARANCE, NOTE_CLEARANCE
from priorities.models import EmergingThreat, Priority

A_PAGE = 50


def filtered(request):
    found = DecisionFilter(request.GET, user=request.user)
    rows = found.qs.select_related("item__meeting__board", "priority", "between")
    return found, rows.order_by("-item__meeting__starts_at", "item__number", "pk")


def decisions(request):
    """Every decision of the meetings and between them, newest first, by the filters asked for."""
    filters, rows = filtered(request)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    restricted = any(decision.part == Part.RESTRICTED for decision in page)
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "meetings/decisions.html",
        {
            "filter": filters,
            "page": page,
            "query": query.urlencode(),
            "waiting": BetweenMeetings.objects.visible_to(request.user)
            .filter(Q(state=BetweenMeetings.State.OPEN) | Q(pk__in=unreported()))
            .select_related("board"),
            "may_seek": can_seek_decision(request.user),
            "marking": Marking.SENSITIVE if restricted else Marking.OFFICIAL,
        },
    )


def unreported():
    return BetweenMeetings.objects.unreported().values("pk")


def decisions_csv(request):
    """The same rows as the page shows, all of them, for a spreadsheet."""
    _, rows = filtered(request)
    heading = ("Board", "Meeting", "Item", "Title", "How", "Outcome", "Decision", "Dissent",
               "Priority", "Part", "Text for the report")  # fmt: skip
    lines = [
        (
            decision.item.meeting.board,
            decision.item.meeting.day,
            decision.item.number,
            decision.item.title,
            decision.how,
            decision.get_outcome_display(),
            to_plain(decision.text),
            decision.dissent,
            decision.priority or "",
            decision.get_part_display(),
            decision.get_clearance_display(),
        )
        for decision in rows
    ]
    return csv_response("decisions", [heading, *lines])


def decision_verb(request, pk, verb):
    decision = get_object_or_404(
        Decision.objects.visible_to(request.user).select_related("item__meeting"), pk=pk
    )
    return confirm(request, decision, DECISION_CLEARANCE, verb, back=clearing(decision))


def note_verb(request, pk, verb):
    note = get_object_or_404(
        Note.objects.visible_to(request.user).select_related("item__meeting"), pk=pk
    )
    return confirm(request, note, NOTE_CLEARANCE, verb, back=clearing(note))


def clearing(record):
    return f"{reverse('meetings:minutes', args=[record.item.meeting.ref])}#clearance"


def threat_verb(request, pk, verb):
    threat = get_object_or_404(EmergingThreat.objects.visible_to(request.user), pk=pk)
    return confirm(request, threat, THREAT, verb, back=threat.get_absolute_url())


def priority_verb(request, slug, verb):
    priority = get_object_or_404(Priority.objects.visible_to(request.user), slug=slug)
    return confirm(request, priority, PRIORITY, verb, back=priority.get_absolute_url())
