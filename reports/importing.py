"""The text of an earlier report, as a Document. Nothing is dropped.

Each line finds its place by its shape and by what stands around it. What finds
none is kept in `leftovers`, for a person to place.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from django.core.exceptions import ValidationError

from board.text import EMAIL, MAX_LEVELS, UNPRINTABLE, validate_text
from reports.document import Document, Paragraph, Section
from reports.fields import FIELD, NAMES, Header, read_day
from reports.pieces import DECIMAL, SUMMARIES
from reports.placing import LISTED, MARK, order_of, part_named, place
from reports.reading import NotAReport, text_lines

TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]{0,15})(?:\s[^<>]{0,500})?/?>")
BLOCK_TAGS = {"p", "br", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "tr", "td", "table"}
NUMBERED = re.compile(r"[ \t\xa0]*([0-9]{1,3})[.)][ \t\xa0]+(\S.*)", re.DOTALL)
BULLET = re.compile(r"([ \t\xa0]*)[-*•◦▪●‣·–o\uf0b7][ \t\xa0]+(\S.*)")
FIRST = re.compile(r"^(0*1)([.)])(?=\s)")
HASHED = re.compile(r"#{1,6}[ \t]+(.*?)[ \t]*#*")
TITLED = re.compile(r"^\W{0,9}(?:Subject|(?:Report )?Title)\b", re.IGNORECASE | re.MULTILINE)

HEADED = re.compile(r"[0-9]{1,2}(?:\.0|[.)])\.?[ \t\xa0]+(\S.*)")
PART = re.compile(r"([^:]{4,40}:)[ \t]*(.*)")
# What a page says at its foot, where a text was taken from a PDF.
FOOT = re.compile(r"(?:.*\s)?Page [0-9]+ of [0-9]+\s*")
CONTACT = re.compile(r"(?:T|E|M|Tel|Telephone|Phone|Mobile|E-?mail)\b[ \t]*[:.]", re.IGNORECASE)
# A line that fills the page this far was broken by a program, not by the writer.
WRAPPED = 60
DEEPER = 3  # columns; a bullet that stands less further in is of the same list
# The parts whose every line is an entry.
LISTS = ("appendices", "background papers", "contact")


@dataclass(frozen=True)
class Imported:
    document: Document
    leftovers: tuple[str, ...]
    """What could not be placed, as it stood, in order."""


def parse_report(source: str | Sequence[str]) -> Imported:
    """Read one report: its text, or the lines of it as reports/reading.py knows them. Raises
    NotAReport with a sentence when it is none."""
    reader = Reader()
    lines = reader.cleaned(text_lines(source) if isinstance(source, str) else source)
    signed = _contact_start(lines)
    contact = tuple(line.strip() for line in lines[signed:] if line.strip())
    body = ["", *lines[:signed]]
    reader.untitled = not any(TITLED.search(line) for line in body)
    reader.hashed = sum(bool(HASHED.fullmatch(line.strip())) for line in body) > 2
    reader.decimal = sum(_is_decimal(line, before) for before, line in pairwise(body)) > 1
    while not body[-1].strip() and len(body) > 1:
        body.pop()
    for before, line, after in zip(body[:-1], body[1:], [*body[2:], None], strict=True):
        reader.read(line, before, after)
    return reader.finish(contact)


@dataclass
class Entry:
    """A paragraph while it grows."""

    text: str
    numbered: bool
    last_line: str = ""
    indents: list[int] = field(default_factory=list)
    """How far in the bullets of each open level stand."""

    def add_bullet(self, indent: str, item: str) -> None:
        width = len(indent.expandtabs(4))
        if not (self._listed() and self.indents):
            self.indents = [width]
        while len(self.indents) > 1 and width < self.indents[-2] + DEEPER:
            self.indents.pop()
        if width >= self.indents[-1] + DEEPER and len(self.indents) < MAX_LEVELS:
            self.indents.append(width)
        gap = "" if not self.text else "\n" if self._listed() else "\n\n"
        self.text += f"{gap}{'  ' * (len(self.indents) - 1)}- {item}"

    def add_line(self, line: str, *, wraps: bool = True) -> None:
        """A line that follows without a gap: the same sentence, or a new line of it."""
        marked = MARK.fullmatch(line) or NUMBERED.fullmatch(line)
        if self.numbered:  # where a list that begins here would count (a), (b)
            line = FIRST.sub(r"\1\\\2", line)
        joined = wraps and len(self.last_line) >= WRAPPED and not marked
        self.text += (" " if joined else "\n  " if self._listed() and not marked else "\n") + line

    def _listed(self) -> bool:
        return bool(LISTED.match(self.text.rpartition("\n")[2]))


@dataclass
class Reader:
    """Where in the report we are, and what has been read."""

    place: str = "header"
    header: Header = field(init=False)
    summary: list[Entry] = field(default_factory=list)
    sections: list[tuple[str, list[Entry]]] = field(default_factory=list)
    leftovers: list[str] = field(default_factory=list)
    title: str = ""
    summary_word: str = ""
    number: int = 0
    margin: int = 99
    """The column at which the numbers of the paragraphs stand."""
    untitled: bool = False
    """No line is labelled as the subject: the first line that stands alone is."""
    hashed: bool = False
    """Headings are marked as such: a short line without a mark is none."""
    decimal: bool = False
    """Paragraphs are 1.1, 1.2 …: those numbers stay words, and "2. Background" is a heading."""

    def __post_init__(self) -> None:
        self.header = Header(self.leftovers)

    def cleaned(self, lines: Sequence[str]) -> list[str]:
        """Lines with stray markup and characters that cannot be printed taken out and kept."""
        if any("\x00" in line for line in lines):
            raise NotAReport("This file is not text: it holds bytes that are no letters.")
        for mark in sorted({mark for line in lines for mark in UNPRINTABLE.findall(line)}):
            self.leftovers.append(f"U+{ord(mark):04X}")
        found = []
        for line in lines:
            words = UNPRINTABLE.sub(" ", unicodedata.normalize("NFC", line))
            words = TAG.sub(self._take_tag, words)
            if FOOT.fullmatch(words):
                self.leftovers.append(" ".join(words.split()))
                words = ""
            found += [words] if "\n" in line else words.split("\n")
        if found and "\n\n" not in found[-1]:
            found[-1:] = found[-1].split("\n")  # perhaps who signs, a line each
        return [line.rstrip() for line in found]

    def _take_tag(self, found: re.Match) -> str:
        self.leftovers.append(found[0])
        if found[1].lower() in BLOCK_TAGS:
            return "\n"
        around = found.string[found.start() - 1 : found.start()] + found.string[found.end() :][:1]
        return " " if len(around) == 2 and not any(map(str.isspace, around)) else ""

    def read(self, line: str, before: str, after: str | None) -> None:
        """Place one line, knowing its neighbours; `after` is None for the last."""
        if not line.strip():
            return
        numbered = NUMBERED.fullmatch(line)
        bullet = BULLET.fullmatch(line)
        headed = HEADED.fullmatch(line.strip())
        gap = not before.strip()
        if self.decimal and gap and headed and _is_title(headed[1]):
            self._open(line.strip())
        elif self.decimal and _is_decimal(line, before):
            if self.place != "body":
                self._open("")
            self._entries().append(Entry(line.strip(), numbered=False, last_line=line))
        elif numbered and self._is_next(line, int(numbered[1]), gap):
            self.number += 1
            self.margin = min(self.margin, _indent(line))
            self._entries().append(Entry(numbered[2], numbered=True, last_line=line))
        elif self.place == "header":
            self._read_header(line, before, after)
        elif hashed := HASHED.fullmatch(line.strip()):
            self._open(hashed[1])
        elif gap and (part := PART.fullmatch(line.strip())) and part_named(part[1]):
            self._open(part[1])
            if part[2]:
                self._read_words(part[2], "")
        elif bullet:
            self._read_bullet(bullet, line)
        elif not self.hashed and _is_heading(line, before, after, self.number):
            self._open(line.strip())
        else:
            self._read_words(line, before)

    def _is_next(self, line: str, number: int, gap: bool) -> bool:
        """Whether a number is that of the next paragraph: in turn, and no point within another."""
        within = not gap and (self.decimal or _indent(line) >= self.margin + DEEPER)
        return number == self.number + 1 and not within

    def _read_header(self, line: str, before: str, after: str | None) -> None:
        hashed = HASHED.fullmatch(line.strip())
        words = hashed[1] if hashed else line.strip()
        if words.rstrip(":").lower() in SUMMARIES:
            self.place = "summary"
            self.summary_word = words
        elif hashed and not (self.title or self.header.given("subject") or part_named(words)):
            self.title = words
        elif self._is_title(line, before, after):
            self.untitled = False
            self.header.add_row("Subject:", words)
        elif self.header.fields and (hashed or self._opens(line, before, after)):
            self._open(words)
        else:
            for number, part in enumerate(line.split("\n")):
                summary = self.header.read(part, follows=number > 0 or bool(before.strip()))
                if summary is not None:
                    self.place = "summary"
                    self.summary.append(Entry(summary, numbered=False, last_line=part))

    def _is_title(self, line: str, before: str, after: str | None) -> bool:
        """Whether a line is the subject: none is labelled so, and this one stands alone."""
        alone = not before.strip() and not (after or "").strip() and not re.search("[:\n]", line)
        found = self.title or HASHED.fullmatch(line.strip())
        return self.untitled and not found and self.header.given("committee") and alone

    def _opens(self, line: str, before: str, after: str | None) -> bool:
        """Whether a line without a mark ends the header: a heading, and no field of it."""
        field = FIELD.fullmatch(line.strip())
        return (
            not self.hashed
            and not self.header.wants(line)
            and not (field and (field["value"] or field["other_value"]))
            and _is_heading(line, before, after, self.number)
        )

    def _read_bullet(self, bullet: re.Match, line: str) -> None:
        entries = self._entries()
        if not entries:
            entries.append(Entry("", numbered=False))
        entries[-1].add_bullet(bullet[1], bullet[2])
        entries[-1].last_line = line

    def _read_words(self, line: str, before: str) -> None:
        entries = self._entries()
        if entries and before.strip():
            wraps = not self.sections or part_named(self.sections[-1][0]) not in LISTS
            entries[-1].add_line(line.strip(), wraps=wraps)
            entries[-1].last_line = line
        else:
            entries.append(Entry(line.strip(), numbered=False, last_line=line))

    def _open(self, heading: str) -> None:
        self.place = "body"
        self.sections.append((heading, []))

    def _entries(self) -> list[Entry]:
        """Where the next paragraph goes. A number ends the header and the summary."""
        if self.place == "summary" and not self.number:
            return self.summary
        if not self.sections:
            self._open("")
        self.place = "body"
        return self.sections[-1][1]

    def _summary_heading(self) -> str:
        return (self.summary_word or "Summary") if self.summary else ""

    def finish(self, contact: tuple[str, ...]) -> Imported:
        get = {name: self.header.value(name) for name in NAMES}
        if not any((get["committee"], get["subject"], get["report_of"])):
            raise NotAReport(
                "This does not read like a committee report: "
                "no line gives its committee, its subject or whose report it is."
            )
        if not any(entries for _, entries in self.sections):
            raise NotAReport("This report has no paragraphs after its heading.")
        if self.summary_word and not self.summary:
            self.leftovers.append(self.summary_word)
        if self.title and not get["subject"]:
            self.header.add_row("Subject:", self.title)
        elif self.title:
            self.leftovers.append(self.title)
        above_contact = ""
        if contact and not self.sections[-1][1] and part_named(self.sections[-1][0]) == "contact":
            above_contact, _ = self.sections.pop()  # the paper prints this heading itself
        placed = place(self.sections, summary=bool(self.summary))
        if above_contact:
            placed.headings.setdefault("contact", above_contact)
        document = Document(
            committee=get["committee"],
            committee_date=read_day(get["date"]) or get["date"],
            subject=get["subject"] or self.title or "Report",
            report_of=get["report_of"],
            purpose=get["purpose"] or "For Information",
            header_rows=self.header.rows(),
            summary="\n\n".join(entry.text for entry in self.summary) or placed.summary,
            recommendations=placed.recommendations,
            lead_in=placed.lead_in,
            lettered=placed.lettered,
            sections=tuple(
                Section(heading, tuple(Paragraph(e.text, e.numbered) for e in entries))
                for heading, entries in placed.sections
            ),
            appendices=placed.appendices,
            background_papers=placed.background_papers,
            contact=(*placed.contact, *contact),
            order=order_of(placed, summary=self._summary_heading(), contact=bool(contact)),
        )
        try:
            for _, words in document.texts():
                validate_text(words)
        except ValidationError as error:
            raise NotAReport(error.messages[0]) from error
        return Imported(document, tuple(self.leftovers))


def _indent(line: str) -> int:
    expanded = line.expandtabs(4)
    return len(expanded) - len(expanded.lstrip())


def _is_decimal(line: str, before: str) -> bool:
    """Whether a line begins with 1.1, and not because the line above it was full."""
    full = len(before) >= WRAPPED and before.rstrip()[-1] not in ".:;?!"
    return not full and bool(DECIMAL.match(line))


def _is_title(words: str) -> bool:
    """Whether the words after a number are a heading and no sentence."""
    return len(words.split()) <= 10 and words[-1] not in ".,:;?!" and not words[0].islower()


def _is_heading(line: str, before: str, after: str | None, number: int) -> bool:
    """A short line without a full stop, with a gap before it and a gap or a number after it; or
    the name of a part."""
    words = line.strip()
    if after is None or before.strip() or len(words) > 80 or len(words.split()) > 10:
        return False
    if part_named(words):
        return True
    if not words[0].isupper() or words[-1] in ".,:;?!>)" or re.search("\n|://|@", words):
        return False
    following = NUMBERED.fullmatch(after)
    return not after.strip() or bool(following and int(following[1]) == number + 1)


def _contact_start(lines: list[str]) -> int:
    """Where the sign-off block starts: the last block, if it is short lines of who and how."""
    first = next((at for at, line in enumerate(lines) if NUMBERED.fullmatch(line)), len(lines))
    end = _without_gap(lines, len(lines))
    start = _block_start(lines, end)
    block = lines[start:end]
    if block and all(_is_reachable(line) for line in block):
        above = _without_gap(lines, start)
        start = _block_start(lines, above)
    signed = len(lines[start:end]) > 1 or any(_is_reachable(line) for line in block)
    alone = start == 0 or not lines[start - 1].strip()
    return start if first < start < end and signed and alone else len(lines)


def _without_gap(lines: list[str], end: int) -> int:
    while end and not lines[end - 1].strip():
        end -= 1
    return end


def _block_start(lines: list[str], end: int) -> int:
    start = end
    while start and lines[start - 1].strip() and _is_short(lines[start - 1]):
        start -= 1
    return start


def _is_reachable(line: str) -> bool:
    return bool(CONTACT.match(line.strip()) or EMAIL.search(line))


def _is_short(line: str) -> bool:
    line = line.strip()
    if len(line) > 80 or any(shape.fullmatch(line) for shape in (NUMBERED, BULLET, HASHED)):
        return False
    return _is_reachable(line) or not line.endswith((".", ":", ";"))
