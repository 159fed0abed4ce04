"""A draft as it was at an earlier save, beside what it says now."""

import datetime

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from board import comparing
from reports.contents import gather
from reports.models import Paragraph
from reports.permissions import can_edit_report
from reports.views.doors import visible_report

SHOWN = 60


def versions(request, ref):
    report = visible_report(request.user, ref)
    if not can_edit_report(request.user, report):
        raise PermissionDenied
    saves = saves_of(report)
    since = parse_moment(request.GET.get("since", ""))
    if since is None and saves:
        since = saves[-1]["at"]
    context = {
        "report": report,
        "saves": saves,
        "since": since,
        "changes": changes_since(report, since) if since else [],
        "editable": report.state == report.State.DRAFT,
        "checkable": report.state in (report.State.DRAFT, report.State.CLEARED),
    }
    return render(request, "reports/versions.html", context)


def saves_of(report):
    """[{"at", "by"}]: when paragraphs were saved, newest first; the saves of one minute by one
    person are one, and its moment is the last."""
    rows = (
        history_of(report)
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


def changes_since(report, since: datetime.datetime):
    """[(where, [(kind, words)])] of the paragraphs that differ, in their order now; what was
    removed comes last."""
    then = {
        row.pk: row.text
        for row in Paragraph.history.as_of(since).filter(section__in=report.sections.values("pk"))
    }
    found = []
    for item in gather(report, sources=None).paragraphs:
        before = then.pop(item.paragraph.pk, "")
        if before != item.paragraph.text:
            found.append((item.where, comparing.words(before, item.paragraph.text)))
    found += [("Removed", comparing.words(text, "")) for text in then.values() if text.strip()]
    return found
