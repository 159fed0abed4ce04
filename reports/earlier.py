"""An earlier report, read from its text, as a draft in the database. Nothing is dropped."""

import datetime

from django.db import transaction
from django.utils import timezone

from board import audit
from board.models import Board, User

from .document import Document, Field
from .heading import free_ref
from .importing import Imported, parse_report
from .models import CommitteeReport, Paragraph, Section

USUAL = {"committee", "committees", "date", "dates", "subject", "title", "report of", "purpose"}
PURPOSES = {label.lower(): value for value, label in CommitteeReport.Purpose.choices}


def import_text(
    text: str,
    *,
    board: Board,
    by: User | None,
    name: str = "",
    at: datetime.datetime | None = None,
) -> CommitteeReport:
    """Read a report and keep it as a draft of `board`. What found no place is in `leftovers`.

    Raises reports.reading.NotAReport with a sentence, before anything is written.
    """
    imported = parse_report(text)
    with transaction.atomic():
        return save_imported(imported, board, by, name, at or timezone.now())


def save_imported(
    imported: Imported, board: Board, by: User | None, name: str, at: datetime.datetime
) -> CommitteeReport:
    document, leftovers = imported.document, list(imported.leftovers)
    to_board = board.reports_to
    if document.committee.strip().lower() != to_board.name.lower():
        keep(document.committee, leftovers)
    day = document.committee_date
    if not isinstance(day, datetime.date):
        keep(day, leftovers)
        day = None
    purpose = PURPOSES.get(document.purpose.strip(" .").lower())
    if purpose is None:
        purpose = CommitteeReport.Purpose.INFORMATION
        keep(document.purpose, leftovers)
    report = CommitteeReport(
        board=board,
        to_board=to_board,
        ref=free_ref(to_board, day),
        committee_date=day,
        subject=fit(document.subject, 200, leftovers),
        report_of=fit(document.report_of, 200, leftovers),
        purpose=purpose,
        header_rows=[[field.label, field.value] for field in further_fields(document)],
        summary=document.summary,
        recommendations="\n".join(document.recommendations),
        contact="\n".join(document.contact),
        imported_from=name[:120],
        leftovers="\n".join(leftovers),
        drafted_at=at,
        drafted_by=by,
    )
    report.save()
    for order, part in enumerate(document.sections, 1):
        section = Section.objects.create(report=report, order=order, heading=part.heading[:120])
        paragraphs = [(item.text, item.numbered) for item in part.paragraphs]
        if len(part.heading) > 120:
            paragraphs.insert(0, (part.heading, False))
        for number, (words, numbered) in enumerate(paragraphs, 1):
            Paragraph.objects.create(section=section, order=number, text=words, numbered=numbered)
    audit.record("import the report", report, by=by or "a command", at=at)
    return report


def further_fields(document: Document) -> list[Field]:
    """Header fields that a report of ours has no place of its own for."""
    return [
        field
        for row in document.header_rows
        for field in row
        if field.label.strip(" :").lower().replace("(s)", "") not in USUAL
    ]


def keep(words: str, leftovers: list[str]) -> None:
    if words.strip():
        leftovers.append(words.strip())


def fit(words: str, size: int, leftovers: list[str]) -> str:
    """The words, as many as the field holds; the whole of a longer text is kept aside."""
    if len(words) > size:
        leftovers.append(words)
    return words[:size]
