"""An earlier report, read from its text, as a draft in the database. Nothing is dropped."""

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from board import audit
from board.models import Board, User

from .document import Document, Field
from .fields import NAMES, plain_label, read_day
from .heading import free_ref
from .importing import Imported, parse_report
from .layouts import USUAL_LEAD_IN, USUAL_ORDER
from .models import CommitteeReport, Layout, Paragraph, Section
from .placing import as_lines

USUAL = {"committee", "committees", "date", "dates", "subject", "title", "report of", "purpose"}
# What a form's header fills in by itself, and what that is called on paper.
FILLS = {name.replace("_", " "): labels for name, labels in NAMES.items()}
PURPOSES = {label.lower(): value for value, label in CommitteeReport.Purpose.choices}


def import_lines(
    lines: Sequence[str],
    *,
    board: Board,
    by: User | None,
    name: str = "",
    at: datetime.datetime | None = None,
) -> CommitteeReport:
    """Read a report and keep it as a draft of `board`. What found no place is in `leftovers`.

    Raises reports.reading.NotAReport with a sentence, before anything is written.
    """
    imported = parse_report(lines)
    with transaction.atomic():
        return save_imported(imported, board, by, name, at or timezone.now())


def save_imported(
    imported: Imported, board: Board, by: User | None, name: str, at: datetime.datetime
) -> CommitteeReport:
    document, leftovers = imported.document, list(imported.leftovers)
    to_board = board.reports_to
    assert to_board  # each but the parent has one, the database says
    if document.committee.strip().lower() != to_board.name.lower():
        keep(document.committee, leftovers)
    given = document.committee_date
    day = given if isinstance(given, datetime.date) else None
    if isinstance(given, str):
        keep(given, leftovers)
    # The day of the week, which no date of ours is printed with.
    for field in (field for row in document.header_rows for field in row):
        if day and read_day(field.value) == day and field.value[0].isalpha():
            keep(field.value.split()[0].strip(","), leftovers)
    purpose = PURPOSES.get(document.purpose.strip(" .").lower())
    if purpose is None:
        purpose = CommitteeReport.Purpose.INFORMATION
        keep(document.purpose, leftovers)
    layout, own = form_of_its_own(document, board, name, leftovers)
    report = CommitteeReport(
        board=board,
        to_board=to_board,
        ref=free_ref(to_board, day),
        committee_date=day,
        subject=fit(document.subject, 200, leftovers),
        report_of=fit(document.report_of, 200, leftovers),
        purpose=purpose,
        layout=layout,
        header_rows=[[field.label, field.value] for field in further_fields(document, own)],
        summary=document.summary,
        recommendations=as_lines(document.recommendations),
        appendices="\n".join(document.appendices),
        background_papers="\n".join(document.background_papers),
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


def form_of_its_own(
    document: Document, board: Board, name: str, leftovers: list[str]
) -> tuple[Layout | None, set[str]]:
    """(the form that prints the report as it stood, the labels of the header that it fills by
    itself). None for the usual form; one that cannot be kept leaves its words in `leftovers`."""
    present = [(part, heading) for part, heading in document.order if has(document, part)]
    usual = [(part, heading) for part, heading in USUAL_ORDER if has(document, part)]
    spoken = document.lead_in if document.recommendations else USUAL_LEAD_IN
    if (present, spoken, document.lettered) == (usual, USUAL_LEAD_IN, False):
        return None, set()
    header, own = header_lines(document)
    form = {
        "header": header,
        "order": "\n".join(f"{part}: {heading}" for part, heading in present),
        "lead_in": spoken,
        "marks": Layout.Marks.LETTERS if document.lettered else Layout.Marks.BULLETS,
    }
    if same := Layout.objects.filter(board=board, **form).first():
        return same, own
    layout = Layout(board=board, name=free_name(board, name or document.subject), **form)
    try:
        layout.full_clean()
    except ValidationError:
        for words in (spoken, *(heading for _, heading in present)):
            keep(words, leftovers)
        return None, set()
    layout.save()
    return layout, own


def has(document: Document, part: str) -> bool:
    return bool(document.sections if part == "report" else document.part_texts(part))


def header_lines(document: Document) -> tuple[str, set[str]]:
    """The header as a form writes it down, and the labels of what the report fills in itself."""
    rows, own, filled = [], set(), set()
    for row in document.header_rows:
        cells = []
        for field in row:
            name = filled_by(field, document)
            name = "" if name in filled else name
            if name:
                own.add(field.label)
                filled.add(name)
            cells.append(f"{field.label} = {name}" if name else field.label)
        rows.append(" | ".join(dict.fromkeys(cells)))
    missing = [name for name in ("committee", "date", "subject") if name not in filled]
    rows[:0] = [f"{name.title()}: = {name}" for name in missing]
    return "\n".join(dict.fromkeys(rows)), own


def filled_by(field: Field, document: Document) -> str:
    """What the report itself puts into a field of the header; "" for one that is typed."""
    given = {
        "committee": document.committee,
        "date": document.committee_date,
        "subject": document.subject,
        "report of": document.report_of,
        "purpose": document.purpose,
    }
    for name, labels in FILLS.items():
        if plain_label(field.label) in labels and given[name] in (
            field.value,
            read_day(field.value),
        ):
            return name
    return ""


def free_name(board: Board, words: str) -> str:
    """A name for a form that no other of the board has."""
    stem = f"As in {' '.join(words.split())}"[:70]
    taken = set(Layout.objects.filter(board=board).values_list("name", flat=True))
    return next(n for n in (stem, *(f"{stem} {k}" for k in range(2, 999))) if n not in taken)


def further_fields(document: Document, own: set[str]) -> list[Field]:
    """Header fields that a report of ours has no place of its own for. `own`: the labels that its
    form fills in by itself; without any, the usual ones do."""
    return [
        field
        for row in document.header_rows
        for field in row
        if (field.label not in own if own else plain_label(field.label) not in USUAL)
    ]


def keep(words: str, leftovers: list[str]) -> None:
    if words.strip():
        leftovers.append(words.strip())


def fit(words: str, size: int, leftovers: list[str]) -> str:
    """The words, as many as the field holds; the whole of a longer text is kept aside."""
    if len(words) > size:
        leftovers.append(words)
    return words[:size]
