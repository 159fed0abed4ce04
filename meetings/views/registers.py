"""The register of decisions, and what only a meeting's record can change elsewhere."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from board.confirm import confirm
from board.markings import Marking
from meetings.models import Decision, Note, Part
from meetings.transitions import DECISION_CLEARANCE, NOTE_CLEARANCE, PRIORITY, THREAT
from priorities.models import EmergingThreat, Priority

A_PAGE = 50


def decisions(request):
    rows = (
        Decision.objects.visible_to(request.user)
        .select_related("item__meeting__board", "priority")
        .order_by("-item__meeting__starts_at", "item__number", "pk")
    )
    words = request.GET.get("words", "").replace("\x00", "").strip()[:100]
    if words:
        rows = rows.filter(text__icontains=words)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    restricted = any(decision.part == Part.RESTRICTED for decision in page)
    return render(
        request,
        "meetings/decisions.html",
        {
            "page": page,
            "words": words,
            "marking": Marking.SENSITIVE if restricted else Marking.OFFICIAL,
        },
    )


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
