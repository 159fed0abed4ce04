"""A report as a Document: what the page, the PDF, the Word file and the checks all read.

Allow-list: only what is fetched here can reach a reader.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from textwrap import dedent

from django.db.models import Prefetch
from django.utils import timezone

from board import comparing
from board.markings import Audience
from board.text import listed

from . import models
from .document import Document, Field, Paragraph, Section
from .english import LIST_MARK, day_words, full_stop
from .layouts import USUAL_HEADER, read_header, read_order
from .models import CommitteeReport, Layout
from .sources import Reading, Standing, read, source_prefetch


@dataclass(frozen=True)
class Change:
    """A source that has changed, beside the paragraph that rests on it."""

    reading: Reading
    words: list[tuple[str, str]]
    """From the paragraph to what the record says now (board/comparing.py); of a source that
    lends facts only what it says now, since they stand in other words in the paragraph."""


@dataclass(frozen=True)
class Numbered:
    """A paragraph of the database with its number on paper, None where it has none. One that
    is still empty is not printed, and has no number."""

    paragraph: models.Paragraph
    number: int | None
    where: str
    """As reports/document.py names it: "Paragraph 13"."""
    readings: tuple[Reading, ...] = ()

    @property
    def held(self) -> tuple[Reading, ...]:
        """Sources whose words may not travel to this audience now."""
        return tuple(reading for reading in self.readings if reading.held)

    @property
    def changed(self) -> list[Change]:
        """Sources that say something else by now, beside the paragraph that rests on them."""
        return [
            Change(reading, difference(self.paragraph.text, reading))
            for reading in self.readings
            if reading.standing == Standing.CHANGED
        ]


@dataclass(frozen=True)
class Part:
    section: models.Section
    paragraphs: tuple[Numbered, ...]


@dataclass(frozen=True)
class Contents:
    """A report read whole: sections, paragraphs and, when asked for, their sources."""

    report: CommitteeReport
    parts: tuple[Part, ...]

    @property
    def paragraphs(self) -> list[Numbered]:
        return [paragraph for part in self.parts for paragraph in part.paragraphs]

    def document(self, *, draft: bool, hold: bool = False, withheld: str = "") -> Document:
        """The whole report. With `draft` it is marked DRAFT; with `hold` a paragraph whose
        words may not travel says so in their place."""
        report = self.report
        return Document(
            committee=report.to_board.name,
            committee_date=report.committee_date or "date to be confirmed",
            subject=report.subject,
            report_of=report.report_of,
            purpose=report.get_purpose_display(),
            header_rows=header_rows(report),
            summary=report.summary,
            recommendations=points(report.recommendations),
            sections=tuple(
                Section(
                    part.section.heading,
                    tuple(
                        Paragraph(
                            held_back(item.held) if hold and item.held else item.paragraph.text,
                            item.paragraph.numbered,
                        )
                        for item in part.paragraphs
                        if item.paragraph.text.strip()
                    ),
                )
                for part in self.parts
            ),
            appendices=lines(report.appendices),
            background_papers=lines(report.background_papers),
            contact=lines(report.contact),
            draft=draft,
            withheld=withheld,
            **form_of(report.layout),
        )


def gather(
    report: CommitteeReport, *, sources: Callable[[], Prefetch] | None = source_prefetch
) -> Contents:
    """Read a report with its paragraphs in order, numbered; with their sources as they are now:
    all of them, those of `words_prefetch`, or none."""
    paragraphs = models.Paragraph.objects.order_by("order", "pk")
    if sources:
        paragraphs = paragraphs.prefetch_related(sources())
    sections = report.sections.order_by("order", "pk").prefetch_related(
        Prefetch("paragraphs", paragraphs)
    )
    number = 0
    parts = []
    for section in sections:
        inside = []
        for paragraph in section.paragraphs.all():
            printed = bool(paragraph.text.strip())
            if printed and paragraph.numbered:
                number += 1
            rests_on = paragraph.sources.all() if sources else ()
            readings = tuple(read(source, report.audience) for source in rests_on)
            inside.append(
                Numbered(
                    paragraph,
                    number if printed and paragraph.numbered else None,
                    f"Paragraph {number}"
                    if printed and paragraph.numbered
                    else section.heading or "Unnumbered paragraph",
                    readings,
                )
            )
        parts.append(Part(section, tuple(inside)))
    return Contents(report, tuple(parts))


def difference(text: str, reading: Reading) -> list[tuple[str, str]]:
    if reading.lends_words:
        return comparing.words(text, reading.words)
    return [(comparing.SAME, reading.words)]


def held_back(held: tuple[Reading, ...]) -> str:
    """What stands on the draft in place of words that were not cleared."""
    owners = list(dict.fromkeys(reading.owner for reading in held))
    return f"[Held back until these words are cleared by {listed(owners)}.]"


def header_rows(report: CommitteeReport) -> tuple[tuple[Field, ...], ...]:
    """The header as the report's form has it; fields of its own that the form does not have
    follow. A field that nobody filled in is left out."""
    known = {
        "committee": report.to_board.name,
        "date": date_words(report.committee_date),
        "subject": report.subject,
        "report of": report.report_of,
        "purpose": report.get_purpose_display(),
        "access": "Public" if report.audience == Audience.PUBLIC else "Non-Public",
    }
    typed = dict(report.header_rows)
    rows = [
        tuple(
            Field(label, known[name] if name else typed.pop(label, ""))
            for label, name in row
            if name or typed.get(label)
        )
        for row in read_header(report.layout.header if report.layout else USUAL_HEADER)
    ]
    rows += [(Field(label, value),) for label, value in typed.items()]
    if report.changes:
        rows.append((Field("Version:", version_words(report)),))
    return tuple(row for row in rows if row)


def date_words(day: datetime.date | None) -> str:
    return day_words(day) if day else "date to be confirmed"


def form_of(layout: Layout | None) -> dict:
    """What a form of report says of a Document."""
    if layout is None:
        return {}
    return {
        "order": read_order(layout.order),
        "lead_in": layout.lead_in,
        "lettered": layout.marks == Layout.Marks.LETTERS,
    }


def version_words(report: CommitteeReport) -> str:
    """ "2, replaces that of 3 October 2018. What changed: the number of hotels." """
    last = report.issues.only("number", "issued_at")[:1].get()
    day = day_words(timezone.localdate(last.issued_at))
    return f"{last.number + 1}, replaces that of {day}. What changed: {full_stop(report.changes)}"


def points(text: str) -> tuple[str, ...]:
    """One a line; an indented line is a point within the one before it, and may have its own."""
    found: list[tuple[str, list[str]]] = []
    for line in filter(str.strip, text.expandtabs(4).splitlines()):
        if found and line[:1].isspace():
            words = line.strip()
            mark = "" if LIST_MARK.match(words) else "1. "
            found[-1][1].append(line[: -len(line.lstrip())] + mark + words)
        else:
            found.append((line.strip(), []))
    return tuple(
        "\n\n".join(filter(None, (first, dedent("\n".join(inner))))) for first, inner in found
    )


def lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
