"""A draft as it was at an earlier save, beside what it says now."""

import datetime

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst

from board import comparing
from board.beside import BESIDE
from reports.contents import gather
from reports.models import CommitteeReport, Paragraph, Section
from reports.permissions import can_edit_report
from reports.views.doors import visible_report

SHOWN = 60
HEADER = (
    "subject",
    "report_of",
    "summary",
    "recommendations",
    "appendices",
    "background_papers",
    "contact",
)


def versions(request, ref):
    report = visible_report(request.user, ref)
    if not can_edit_report(request.user, report):
        raise PermissionDenied
    saves = saves_of(report)
    since = parse_moment(request.GET.get("since", ""))
    if since is None and saves:
        since = saves[-1]["at"]
    numbered = gather(report, sources=None).paragraphs
    context = {
        "report": report,
        "saves": saves,
        "since": since,
        "changes": changes_since(report, numbered, since) if since else [],
        "beside": kept_beside(report, numbered),
        "editable": report.state == report.State.DRAFT,
        "checkable": report.state in (report.State.DRAFT, report.State.CLEARED),
    }
    return render(request, "reports/versions.html", context)


def saves_of(report):
    """[{"at", "by"}]: when paragraphs were saved, newest first; the saves of one minute by one
    person are one, and its moment is the last."""
    rows = (
        history_of(report)
        .exclude(history_change_reason=BESIDE)
        .order_by("-history_date")
        .values_list("history_date", "history_user__name")
    )
    saves = {}
    for at, by in rows:
        saves.setdefault((at.replace(second=0, microsecond=0), by), {"at": at, "by": by or ""})
    return list(saves.values())[:SHOWN]


def history_of(report):
    return Paragraph.history.filter(section__in=report.sections.values("pk"))


def parse_moment(text):
    """An aware moment, or None for what is none."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None


def changes_since(report, numbered, since: datetime.datetime):
    """[{"where", "words", "row"}] of what differs: header, headings, paragraphs in their order
    now, and what was removed. `row` is the history's number of a paragraph's earlier words."""
    then = {
        row.id: row
        for row in Paragraph.history.filter(
            history_date__lte=since, section__in=report.sections.values("pk")
        )
        .exclude(history_change_reason=BESIDE)
        .order_by("history_date", "history_id")
    }
    then = {key: row for key, row in then.items() if row.history_type != "-"}
    found = [*header_changes(report, since), *heading_changes(report, since)]
    for item in numbered:
        row = then.pop(item.paragraph.pk, None)
        before = row.text if row else ""
        if before != item.paragraph.text:
            words = comparing.words(before, item.paragraph.text)
            found.append({"where": item.where, "words": words, "row": row and row.history_id})
    return found + [
        {"where": "Removed", "words": comparing.words(row.text, ""), "row": row.history_id}
        for row in then.values()
        if row.text.strip()
    ]


def header_changes(report, since):
    """What differs in the fields above and below the paragraphs."""
    before = report.history.filter(history_date__lte=since).exclude(history_change_reason=BESIDE)
    row = before.first()
    return [
        {"where": label_of(name), "words": comparing.words(old, getattr(report, name)), "row": None}
        for name in HEADER
        if row and (old := getattr(row, name)) != getattr(report, name)
    ]


def heading_changes(report, since):
    rows = Section.history.filter(report=report, history_date__lte=since)
    then = {
        row.id: row.heading
        for row in rows.exclude(history_change_reason=BESIDE).order_by("history_date", "history_id")
        if row.history_type != "-"
    }
    return [
        {"where": "Heading", "words": comparing.words(then[part.pk], part.heading), "row": None}
        for part in report.sections.all()
        if then.get(part.pk, part.heading) != part.heading
    ]


def label_of(name):
    return capfirst(CommitteeReport._meta.get_field(name).verbose_name)


def kept_beside(report, numbered):
    """[{"where", "text", "at", "by", "row"}]: words that were not saved because somebody else had
    saved first, newest first. `row` is the history's number where they can be put back."""
    kept = {"history_change_reason": BESIDE}
    places = {item.paragraph.pk: item.where for item in numbered}
    found = [
        (places.get(row.id, "A paragraph that was removed"), row.text, row, row.history_id)
        for row in history_of(report).filter(**kept).select_related("history_user")[:SHOWN]
    ]
    headings = Section.history.filter(report=report, **kept).select_related("history_user")
    found += [("A heading", row.heading, row, None) for row in headings[:SHOWN]]
    for row in report.history.filter(**kept).select_related("history_user")[:SHOWN]:
        for name in HEADER:
            if getattr(row, name) != getattr(report, name):
                found.append((label_of(name), getattr(row, name), row, None))
    return [
        {
            "where": where,
            "text": text,
            "at": row.history_date,
            "by": row.history_user,
            "row": number,
        }
        for where, text, row, number in sorted(found, key=lambda f: f[2].history_date, reverse=True)
        if text.strip()
    ][:SHOWN]
