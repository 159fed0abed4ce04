"""The papers of a report: marked DRAFT and rendered on demand until it is issued, then frozen.

Issue renders the allow-list snapshot once, as PDF, Word and HTML; downloads afterwards serve
those bytes, and a trigger in the database refuses to change them.
"""

import dataclasses
import datetime
import hashlib

from django.core.exceptions import ValidationError
from django.template.loader import render_to_string

from board.models import User
from board.pdf import RenderError

from . import checks
from .contents import gather
from .document import Document, to_html, to_pdf
from .models import CommitteeReport, Issue
from .record import record_of
from .sources import words_prefetch
from .word import to_docx

FORMATS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
}


def render(document: Document, form: str) -> bytes:
    """The document as "pdf", "docx" or "html". Raises board.pdf.RenderError."""
    if form == "pdf":
        return to_pdf(document)
    if form == "docx":
        return to_docx(document)
    return page_of(document).encode()


def page_of(document: Document) -> str:
    """The report as a page of its own, which refers to nothing outside itself."""
    return render_to_string(
        "reports/standalone.html", {"document": document, "html": to_html(document)}
    )


def draft_paper(report: CommitteeReport) -> Document:
    """What a draft prints: marked DRAFT, words that were not cleared held back."""
    return gather(report, sources=words_prefetch).document(draft=True, hold=True)


def withheld(report: CommitteeReport) -> list[dict]:
    """[{"kind", "number", "paragraph"}] of what lies in the period and is left out; empty when
    the report covers no period (an earlier report that was imported)."""
    record = record_of(report)
    return record.withheld() if record else []


def withheld_words(report: CommitteeReport, rows: list[dict]) -> str:
    """What readers are told about it, where the receiving body is under Schedule 12A."""
    grounds: dict[str, int] = {}
    for row in rows:
        if row["paragraph"]:
            grounds[row["paragraph"]] = grounds.get(row["paragraph"], 0) + row["number"]
    if not (report.to_board.schedule_12a and grounds):
        return ""
    return "\n".join(
        f"- {number} {'part' if number == 1 else 'parts'} of minutes: paragraph {ground} of "
        "Part 1 of Schedule 12A to the Local Government Act 1972"
        for ground, number in sorted(grounds.items())
    )


def freeze(report: CommitteeReport, *, by: User, note: str, at: datetime.datetime) -> Issue:
    """Render the three papers and keep them with who cleared and issued them.

    Called inside the transition's transaction; a paper that cannot be made undoes the issue.
    """
    # What is issued was cleared before.
    assert report.cleared_at
    assert report.cleared_by
    rows = withheld(report)
    document = gather(report, sources=None).document(
        draft=False, withheld=withheld_words(report, rows)
    )
    try:
        papers = {form: render(document, form) for form in FORMATS}
    except RenderError as error:
        raise ValidationError(str(error)) from error
    sums = {form: hashlib.sha256(data).hexdigest() for form, data in papers.items()}
    accepted = checks.check(report).accepted
    return Issue.objects.create(
        report=report,
        number=report.issues.count() + 1,
        document=snapshot(document),
        pdf=papers["pdf"],
        docx=papers["docx"],
        html=papers["html"].decode(),
        pdf_sha256=sums["pdf"],
        docx_sha256=sums["docx"],
        html_sha256=sums["html"],
        withheld=rows,
        findings=[
            {
                "kind": finding.kind,
                "where": finding.where,
                "excerpt": finding.excerpt,
                "reason": acceptance.reason,
                "by": str(acceptance.by),
                "at": acceptance.at.isoformat(),
            }
            for finding, acceptance in accepted
        ],
        cleared_at=report.cleared_at,
        cleared_by=report.cleared_by,
        issued_at=at,
        issued_by=by,
    )


def snapshot(document: Document) -> dict:
    """The document as plain data, for the record beside its papers."""
    facts = dataclasses.asdict(document)
    return facts | {"committee_date": str(document.committee_date)}


def stored(report: CommitteeReport, form: str) -> bytes:
    """The bytes that were issued, empty while the report is no issued one."""
    if report.state != CommitteeReport.State.ISSUED:
        return b""
    data = report.issues.values_list(form, flat=True)[:1].get()
    return data.encode() if isinstance(data, str) else bytes(data)
