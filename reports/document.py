"""One report as a document: what the page, the PDF, the Word file and the checks all read.

It knows nothing of the database: reports/contents fills it from the record,
reports/importing.py from the text of an earlier report.
"""

import dataclasses
import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from board.pdf import render_pdf
from board.text import seen

from .layouts import HEADINGS, USUAL_LEAD_IN, USUAL_ORDER, Order

SENSITIVE = "OFFICIAL-SENSITIVE"
# What a header calls the field that is the report's title.
TITLES = ("subject", "title", "title of report", "report title")


@dataclass(frozen=True)
class Field:
    """A label and its value in the header table: "Date(s):", "27 September 2018"."""

    label: str
    value: str

    @property
    def asks(self) -> bool:
        """Whether the label is a question, which takes more room than its answer."""
        return len(self.label) > 30


@dataclass(frozen=True)
class Paragraph:
    """The small Markdown of one paragraph with its bullets; board/text.py reads it."""

    text: str
    numbered: bool = True


@dataclass(frozen=True)
class Section:
    """A heading and its paragraphs. An empty heading opens the report without one."""

    heading: str
    paragraphs: tuple[Paragraph, ...] = ()


@dataclass(frozen=True)
class Run:
    """Neighbours that make one list from `start`; a single paragraph where start is None."""

    start: int | None
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A section with its numbers worked out."""

    heading: str
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Document:
    committee: str
    committee_date: datetime.date | str
    subject: str
    report_of: str
    purpose: str = "For Information"
    header_rows: tuple[tuple[Field, ...], ...] = ()
    """Rows of one or two fields; empty means the usual three."""
    summary: str = ""
    recommendations: tuple[str, ...] = ()
    lead_in: str = USUAL_LEAD_IN
    lettered: bool = False
    """Recommendations are (a), (b) … instead of bullets."""
    sections: tuple[Section, ...] = ()
    appendices: tuple[str, ...] = ()
    background_papers: tuple[str, ...] = ()
    contact: tuple[str, ...] = ()
    """The sign-off block, line by line."""
    marking: str = "OFFICIAL"
    draft: bool = True
    withheld: str = ""
    """What the reader is told about what was left out; small Markdown."""
    order: Order = USUAL_ORDER
    """(part, heading) in the order of the paper."""

    def __post_init__(self) -> None:
        """Every text as it is seen: no paper, search or check reads more than the reader."""
        for field in dataclasses.fields(self):
            object.__setattr__(self, field.name, as_seen(getattr(self, field.name)))

    @property
    def date_words(self) -> str:
        """The date as the City writes it: 27 September 2018."""
        if isinstance(self.committee_date, datetime.date):
            return date_format(self.committee_date, "j F Y")
        return self.committee_date

    @cached_property
    def rows(self) -> tuple[tuple[Field, ...], ...]:
        """The header table, one or two fields a row."""
        return self.header_rows or (
            (Field("Committee(s):", self.committee), Field("Date(s):", self.date_words)),
            (Field("Subject:", self.subject),),
            (Field("Report of:", self.report_of), Field("Purpose:", self.purpose)),
        )

    @property
    def sensitive(self) -> bool:
        return self.marking == SENSITIVE

    @cached_property
    def title_field(self) -> Field | None:
        """The field that is the document's one main heading; none puts it above the table."""
        for row in self.rows:
            for field in row:
                if field.label.strip(" :").lower() in TITLES and field.value:
                    return field
        return None

    @property
    def running(self) -> str:
        """The line at the foot of each page."""
        return f"{self.committee}, {self.date_words}"

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The sections with numbers that run on across headings."""
        number = 1
        parts = []
        for section in self.sections:
            runs: list[Run] = []
            open_run = False
            for paragraph in section.paragraphs:
                if not paragraph.numbered:
                    runs.append(Run(None, (paragraph.text,)))
                    open_run = False
                    continue
                if open_run:
                    runs[-1] = Run(runs[-1].start, (*runs[-1].texts, paragraph.text))
                else:
                    runs.append(Run(number, (paragraph.text,)))
                    open_run = True
                number += 1
            parts.append(Part(section.heading, tuple(runs)))
        return tuple(parts)

    def texts(self) -> Iterator[tuple[str, str]]:
        """(where, text) of all that is printed, in order, for checks and searches."""
        for row in self.rows:
            for field in row:
                yield field.label.rstrip(":"), field.value
        for name, heading in self.order:
            if name == "report":
                if heading:
                    yield "Heading", heading
                yield from self._section_texts()
            else:
                yield from ((HEADINGS[name], text) for text in self.part_texts(name))

    def part_texts(self, name: str) -> tuple[str, ...]:
        """The texts of one part by its name in `order`, but for the report itself."""
        texts = {
            "summary": (self.summary,),
            "recommendations": self.recommendations,
            "appendices": self.appendices,
            "background papers": self.background_papers,
            "information withheld": (self.withheld,),
            "contact": self.contact,
        }[name]
        return tuple(text for text in texts if text)

    def _section_texts(self) -> Iterator[tuple[str, str]]:
        for part in self.parts:
            if part.heading:
                yield "Heading", part.heading
            for run in part.runs:
                for offset, text in enumerate(run.texts):
                    where = part.heading if run.start is None else f"Paragraph {run.start + offset}"
                    yield where or "Unnumbered paragraph", text


def as_seen(value: Any) -> Any:
    """A text as it is seen, or a tuple or dataclass of such; anything else as it is."""
    if isinstance(value, str):
        return seen(value)
    if isinstance(value, tuple):
        return tuple(as_seen(inner) for inner in value)
    if isinstance(value, Field | Paragraph | Section):
        return type(value)(*(as_seen(getattr(value, f.name)) for f in dataclasses.fields(value)))
    return value


def to_html(document: Document) -> SafeString:
    """The report itself, for the preview, /published/ and, inside a page, the PDF."""
    return render_to_string("reports/document.html", {"document": document})


def to_pdf(document: Document) -> bytes:
    """The report on paper. Raises board.pdf.RenderError."""
    html = render_to_string("reports/pdf/page.html", {"document": document})
    return render_pdf(html, title=document.subject, css=("pdf/frame.css", "reports/pdf/report.css"))
