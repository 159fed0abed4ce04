"""The bytes of an earlier report, as text: plain text, Markdown or a Word file."""

import codecs
import io
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path

import docx
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.hyperlink import Hyperlink
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from .placing import LETTERS, ROMANS

MAX_BYTES = 2_000_000
MAX_UNPACKED = 20_000_000
CONTROL = re.compile("[\x01-\x08\x0e-\x1f\x7f]")
A_PAGE = re.compile(r"\s*(?:<!doctype html|<html|<meta|<body)", re.IGNORECASE)
BLOCKS = re.compile(r"<(?:p|li|h[1-6]|td|th|div|section)\b[^<>]*>", re.IGNORECASE)
SUMMARIES = ("summary", "executive summary")
KINDS = (
    (b"%PDF", "This is a PDF, whatever its name says. Save its text as plain text, or use Word."),
    (b"\xd0\xcf\x11\xe0", "This is an old Word file (.doc). Save it as .docx or as plain text."),
    (b"PK\x03\x04", "This is a Word file or an archive, not plain text. Give a Word file .docx."),
)


class NotAReport(Exception):
    """The file cannot be read as a report; str() is a sentence for the person."""


def read_report_file(path: Path) -> str:
    """The text of a report in a file, by its ending. Raises NotAReport."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise NotAReport(f"The file cannot be opened: {error.strerror}.") from error
    return word_text(data) if path.suffix.lower() == ".docx" else decode_report(data)


def decode_report(data: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or Windows' own letters. Raises NotAReport."""
    _check_size(data)
    for start, sentence in KINDS:
        if data.startswith(start):
            raise NotAReport(sentence)
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        with suppress(UnicodeDecodeError):
            text = data.decode(encoding)
            break
    else:
        raise NotAReport("This file is not text: its letters cannot be read.")
    if "\x00" in text or len(CONTROL.findall(text)) * 100 > len(text):
        raise NotAReport("This file is not text: it holds bytes that are no letters.")
    return text


def word_text(data: bytes) -> str:
    """A .docx as lines: headings with #, lists with their marks, table cells with tabs."""
    _check_size(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise NotAReport("This Word file is too large when unpacked.")
        document = docx.Document(io.BytesIO(data))
    except NotAReport:
        raise
    except Exception as error:
        # A broken archive fails in many ways, all of which mean one thing to the person.
        raise NotAReport("This file cannot be read as a Word file (.docx).") from error
    return "\n".join(_word_lines(document))


def _check_size(data: bytes) -> None:
    if not data.strip():
        raise NotAReport("This file is empty.")
    if len(data) > MAX_BYTES:
        raise NotAReport(f"This file is larger than {MAX_BYTES // 1_000_000} MB.")


def _word_lines(document: WordDocument) -> Iterator[str]:
    numbers: Counter = Counter()
    main = _main_list(document)
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                # A merged cell is listed once for each column it covers.
                cells = dict.fromkeys(cell._tc for cell in row.cells)
                texts = {cell._tc: " ".join(cell.text.split()) for cell in row.cells}
                yield "\t".join(texts[cell] for cell in cells)
        else:
            line = _word_line(document, block, numbers, main)
            if not A_POINT.match(line):  # it stays with the paragraph that it is a point of
                yield ""
            yield line


def _main_list(document: WordDocument) -> int:
    """The list that numbers the report's paragraphs: it runs on under the most headings; none of
    the summary is one."""
    headings, under = [""], defaultdict(set)
    for paragraph in document.paragraphs:
        if (paragraph.style.name if paragraph.style else "").startswith("Heading"):
            headings.append(paragraph.text.strip(" :").lower())
        kind, level, list_id, _ = _list_kind(document, paragraph)
        if kind == "decimal" and level == 0 and headings[-1] not in SUMMARIES:
            under[list_id].add(len(headings))
    return max(under, key=lambda list_id: (len(under[list_id]), list_id), default=0)


def _word_line(document: WordDocument, paragraph: Paragraph, numbers: Counter, main: int) -> str:
    text = "".join(map(_piece, paragraph.iter_inner_content())).strip()
    text = BROKEN.sub(r"\n\1\\\2", text)
    style = paragraph.style.name if paragraph.style is not None else ""
    if not text:
        return ""
    if style == "Title":
        return f"# {text}"
    if style.startswith("Heading"):
        return f"## {text}"
    kind, level, list_id, start = _list_kind(document, paragraph)
    if kind == "decimal" and level == 0 and list_id == main:
        numbers[list_id] = numbers.get(list_id, start - 1) + 1
        return f"{numbers[list_id]}. {text}"
    if kind == "lowerLetter" and level == 0:
        numbers[list_id] += 1
        numbers["within"] = 0
        return f"{mark_of(numbers[list_id], LETTERS)} {text}"
    if kind == "lowerRoman" and level == 1 and "within" in numbers:
        numbers["within"] += 1
        return f"    {mark_of(numbers['within'], ROMANS)} {text}"
    if kind in POINTS:
        place = (list_id, level)
        numbers[place] = numbers.get(place, start - 1) + 1
        for deeper in [key for key in numbers if isinstance(key, tuple) and key[1] > level]:
            del numbers[deeper]
        return f"{'    ' * level}{POINTS[kind](numbers[place])} {text}"
    return f"{'    ' * max(level - 1, 0)}- {text}" if kind else text


def _letter(number: int) -> str:
    return f"({LETTERS[(number - 1) % 26] * ((number - 1) // 26 + 1)})"


def _roman(number: int) -> str:
    return f"({ROMANS[number - 1]})" if number <= len(ROMANS) else f"({number})"


# Points within a paragraph keep their marks as words: a bare "2." would be the next paragraph.
POINTS = {"lowerLetter": _letter, "lowerRoman": _roman, "decimal": r"{}\.".format}
# A line within a Word paragraph is no list, however it begins.
BROKEN = re.compile(r"\n[ \t]*(\d*)([.)*+-])(?=[ \t])")
A_POINT = re.compile(r"[ ]*(?:\(\w+\)|[0-9]+\\\.) ")


def _piece(piece: Run | Hyperlink) -> str:
    """Words of a paragraph; a link as the small Markdown has it, unless it shows its address."""
    url = getattr(piece, "url", "")
    if not url or url in (piece.text, f"mailto:{piece.text}"):
        return piece.text
    if any(mark in piece.text for mark in "[]") or re.search(r"[\s()]", url):
        return f"{piece.text} <{url}>"
    return f"[{piece.text}]({url})"


def mark_of(number: int, marks: Sequence[str]) -> str:
    return f"({marks[number - 1]})" if number <= len(marks) else "-"


def _list_kind(document: WordDocument, paragraph: Paragraph) -> tuple[str, int, int, int]:
    """(the list's number format or "", level from 0, number of the list, where it starts)."""
    style = paragraph.style.element if paragraph.style is not None else None
    found = [
        properties.find(qn("w:numPr"))
        for properties in (paragraph._p.pPr, style.pPr if style is not None else None)
        if properties is not None and properties.find(qn("w:numPr")) is not None
    ]
    if not found:
        return "", 0, 0, 1
    level_element, id_element = found[0].find(qn("w:ilvl")), found[0].find(qn("w:numId"))
    if id_element is None:
        return "", 0, 0, 1
    level = 0 if level_element is None else int(level_element.get(qn("w:val")))
    list_id = int(id_element.get(qn("w:val")))
    numbering = document.part.numbering_part.element
    formats = numbering.xpath(
        f'w:abstractNum[@w:abstractNumId=../w:num[@w:numId="{list_id}"]/w:abstractNumId/@w:val]'
        f'/w:lvl[@w:ilvl="{level}"]/w:numFmt/@w:val'
    )
    starts = numbering.xpath(
        f'w:num[@w:numId="{list_id}"]/w:lvlOverride[@w:ilvl="{level}"]/w:startOverride/@w:val'
    )
    return (formats[0] if formats else ""), level, list_id, int(starts[0]) if starts else 1


def is_page(text: str) -> bool:
    """Whether a text is the source of a web page or a part of one, not words with a stray tag."""
    begins = text.lstrip().startswith("<")
    return bool(A_PAGE.match(text)) or (begins and len(BLOCKS.findall(text)) >= 3)


def page_text(source: str) -> str:
    """The source of a web page as lines: headings with #, lists with their marks, table cells with
    tabs, links as ours are written."""
    reader = _Page()
    reader.feed(source)
    reader.close()
    reader.end_line()
    return "\n".join(reader.lines)


class _Page(HTMLParser):
    SILENT = frozenset(("script", "style", "template", "head", "noscript"))
    APART = frozenset(
        "p div section article header footer aside main nav h1 h2 h3 h4 h5 h6 ul ol table".split()
    )

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.words = ""
        self.mark = ""
        self.lists: list[tuple[str, int]] = []
        """(kind of marks, number of the last) of each list we are in."""
        self.silent = 0
        self.in_cell = False
        self.link = ""
        self.linked_from = 0

    def end_line(self, *, apart: bool = False) -> None:
        words = "\t".join(" ".join(cell.split()) for cell in self.words.split("\t")).strip()
        if words:
            self.lines.append(self.mark + words)
            self.mark = ""
        self.words = ""
        if apart and self.lines and self.lines[-1]:
            self.lines.append("")

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in self.SILENT:
            self.silent += 1
        elif tag in ("ul", "ol"):
            self.end_line(apart=not self.lists)
            kind = tag if tag == "ul" else (given.get("type") or self._marks_of(given))
            start = given.get("start") or "1"
            self.lists.append((kind, int(start) - 1 if re.fullmatch("[0-9]{1,4}", start) else 0))
        elif tag == "li":
            self.end_line()
            self.mark = self._next_mark()
        elif tag in ("td", "th"):
            self.words += "\t" if self.words.strip() else ""
            self.in_cell = True
        elif tag == "tr":
            self.end_line()
        elif self.in_cell and tag in ("br", *self.APART):
            self.words += " "
        elif tag == "br":
            self.end_line()
        elif tag in self.APART:
            # A paragraph inside a point of a list stays on its line.
            self.end_line(apart=not self.lists)
            if re.fullmatch("h[1-6]", tag):
                self.mark = "# " if tag == "h1" else "## "
        elif tag == "a":
            self.link, self.linked_from = given.get("href") or "", len(self.words)

    def handle_endtag(self, tag):
        if tag in self.SILENT:
            self.silent = max(self.silent - 1, 0)
        elif tag in ("ul", "ol"):
            self.end_line()
            if self.lists:
                self.lists.pop()
            if not self.lists:
                self.end_line(apart=True)
        elif tag in ("td", "th"):
            self.in_cell = False
        elif tag in ("li", "tr"):
            self.end_line()
        elif tag in self.APART and not self.in_cell:
            self.end_line(apart=not self.lists)
        elif tag == "a":
            before, words = self.words[: self.linked_from], self.words[self.linked_from :]
            if self.link.startswith(("http://", "https://")) and words != self.link:
                # What would end a link of ours too early stands behind its words instead.
                odd = re.search(r"[][()<>\s]", self.link) or re.search(r"[][]", words)
                plain = words.strip() and not odd
                self.words = before + (
                    f"[{words}]({self.link})" if plain else f"{words} <{self.link}>"
                )
            self.link = ""

    def handle_data(self, data):
        if not self.silent:
            self.words += data.replace("\t", " ")

    def _marks_of(self, given) -> str:
        """The marks that our own pages give a list by its class and its depth."""
        if "report__letters" in (given.get("class") or ""):
            return "a"
        return "i" if self.lists and self.lists[-1][0] == "a" else "1"

    def _next_mark(self) -> str:
        if not self.lists:
            return "- "
        kind, number = self.lists.pop()
        number += 1
        self.lists.append((kind, number))
        deep = len(self.lists) - 1
        if kind in ("a", "i"):
            return f"{'    ' * deep}{mark_of(number, LETTERS if kind == 'a' else ROMANS)} "
        if kind == "1":
            return f"{'    ' * deep}{number}. "
        # Bullets within a numbered paragraph stand at its margin.
        indent = "    " * sum(outer in ("ul", "a") for outer, _ in self.lists[:-1])
        return f"{indent}- "
