"""The header of an earlier report: fields in lines, in columns or in the rows of a table."""

import datetime
import re
from dataclasses import dataclass, field
from itertools import groupby

from reports.document import TITLES, Field
from reports.pieces import SUMMARIES

KNOWN = r"Committees?(?:\(s\))?|Dates?(?:\(s\))?|Subject|Title|Report of|Summary"
FIELD = re.compile(
    rf"(?:(?P<stray>\S{{1,3}})[ \t]+)?\**(?P<known>{KNOWN})\**(?::\**[ \t]*(?P<value>.*)|\Z)"
    r"|\**(?P<other>[A-Z][A-Za-z()/' -]{0,60})\**:\**[ \t]*(?P<other_value>.*)"
)
# What other councils call the same fields, and the words that open their summary.
NAMES = {
    "committee": (
        "committee",
        "committees",
        "report to",
        "meeting",
        "final decision-maker",
        "council",
    ),
    "date": ("date", "dates", "dated", "date of meeting", "meeting date"),
    "subject": TITLES,
    "report_of": ("report of", "report by", "lead officer and report author", "report author"),
    "purpose": ("purpose",),
}
BODY = re.compile(
    r"[A-Z][^.:;]{0,80}\b(?:committee|board|partnership|panel|cabinet|executive|council)"
    r"|Cabinet|Executive|Council",
    re.IGNORECASE,
)
COUNCIL = re.compile(r"[^.:;]{0,80}\bcouncil", re.IGNORECASE)
PURPOSE = re.compile(r"For (?:Information|Decision|Discussion|Noting)\.?", re.IGNORECASE)
COLUMNS = re.compile(r"\t| {3,}|\|")
DAY = re.compile(r"(?:[A-Za-z]{3,6}day,? )?([0-9]{1,2})(?:st|nd|rd|th)? ([A-Za-z]{3,9}) ([0-9]{4})")
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
LABEL = 100  # a longer cell is no label


@dataclass
class Header:
    """The fields so far, each with the number of the line it stood in."""

    leftovers: list[str]
    """Where what finds no place goes."""
    fields: list[Field] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)
    """The fields whose values are still to come."""
    line: int = 0

    def given(self, name: str) -> bool:
        return any(plain_label(item.label) in NAMES[name] for item in self.fields)

    def value(self, name: str) -> str:
        """The value of the first of the labels that a field goes by; the last of its kind."""
        named = {plain_label(item.label): item.value for item in self.fields}
        return next((named[label] for label in NAMES[name] if label in named), "")

    def rows(self) -> tuple[tuple[Field, ...], ...]:
        """The fields as they stood side by side, at most two in a row."""
        rows = []
        for _, pairs in groupby(zip(self.lines, self.fields, strict=True), lambda pair: pair[0]):
            items = [item for _, item in pairs]
            rows += [tuple(items[at : at + 2]) for at in range(0, len(items), 2)]
        return tuple(rows)

    def add(self, label: str, value: str) -> None:
        self.fields.append(Field(label, value))
        self.lines.append(self.line)

    def add_row(self, label: str, value: str) -> None:
        self.line += 1
        self.add(label, value)

    def read(self, line: str, *, follows: bool) -> str | None:
        """Place a line; `follows` says whether it stands right below another. Returns the first
        words of a summary that begins in it, None if none does."""
        self.line += 1
        summary = None
        cells = [cell.strip() for cell in COLUMNS.split(line) if cell.strip()]
        if self._are_pairs(cells):
            for label, value in zip(cells[::2], cells[1::2], strict=True):
                self.add(self._known(label), value)
            return None
        for cell in cells:
            begun = self._read_cell(cell, follows=follows)
            summary = summary if begun is None else begun
        return summary

    def _are_pairs(self, cells: list[str]) -> bool:
        """Whether the cells of a line are labels and their values by turns."""
        labels, values = cells[::2], cells[1::2]
        ended = all(label[-1] in ":?" for label in labels)
        alone = len(cells) == 2 and not self.waiting and not (PURPOSE.fullmatch(values[0]))
        return (
            len(cells) in (2, 4)
            and (ended or alone)
            and all(_may_be_label(label) for label in labels)
            and not any(value[-1] == ":" for value in values)
        )

    def wants(self, cell: str) -> bool:
        """Whether a line is the committee, which no field has named yet."""
        labels = {plain_label(item.label) for item in self.fields}
        named = labels & (set(NAMES["committee"]) - {"council"})
        return not named and bool(BODY.fullmatch(cell.strip()))

    def _known(self, label: str) -> str:
        """The label, without what strays before one that is known."""
        found = FIELD.fullmatch(label)
        if not (found and found["stray"]):
            return label
        self.leftovers.append(found["stray"])
        return f"{found['known']}:"

    def _read_cell(self, cell: str, *, follows: bool) -> str | None:
        found = FIELD.fullmatch(cell)
        if found:
            if found["stray"]:
                self.leftovers.append(found["stray"])
            label = found["known"] or found["other"]
            value = (found["value"] if found["known"] else found["other_value"]) or ""
            if label == "Summary":
                return value
            self.add(f"{label.strip()}:", value)
            if not value:
                self.waiting.append(len(self.fields) - 1)
        elif self.waiting:
            at = self.waiting.pop(0)
            self.fields[at] = Field(self.fields[at].label, cell)
        elif not self.given("committee") and COUNCIL.fullmatch(cell):
            self.add("Council:", cell)  # whose committee may be named next
        elif self.wants(cell):
            self.add("Committee:", cell)
        elif not self.given("date") and read_day(cell):
            self.add("Date:", cell)
        elif PURPOSE.fullmatch(cell):
            self.add("Purpose:", cell)
        elif self.fields and follows:
            last = self.fields[-1]
            self.fields[-1] = Field(last.label, f"{last.value} {cell}".strip())
        else:
            self.leftovers.append(cell)
        return None


def _may_be_label(cell: str) -> bool:
    """Whether a cell can be what a field is called: neither a value nor a field by itself."""
    found = FIELD.fullmatch(cell)
    is_field = found and (found["value"] or found["other_value"])
    is_value = BODY.fullmatch(cell) or read_day(cell) or PURPOSE.fullmatch(cell)
    summary = cell.strip(" :").lower() in SUMMARIES
    return len(cell) <= LABEL and not (is_field or is_value or summary)


def plain_label(label: str) -> str:
    return label.strip(" :").lower().replace("(s)", "")


def read_day(words: str) -> datetime.date | None:
    """ "27 September 2018", "27th Sept 2018"; None for what is no such day."""
    found = DAY.fullmatch(words.strip())
    if not found or found[2][:3].lower() not in MONTHS:
        return None
    try:
        return datetime.date(int(found[3]), MONTHS.index(found[2][:3].lower()) + 1, int(found[1]))
    except ValueError:
        return None
