"""A web page, or what was copied from one or from Word, as pieces."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from board.text import Span

from .pieces import OURS, Piece, counted, row, shown, tidy

A_PAGE = re.compile(r"\s*(?:<!doctype html|<html|<meta|<body)", re.IGNORECASE)
BLOCKS = re.compile(r"<(?:p|li|h[1-6]|td|th|div|section)\b[^<>]*>", re.IGNORECASE)
SILENT = frozenset("script style template head noscript".split())
APART = frozenset(
    "p div section article header footer aside main nav h1 h2 h3 h4 h5 h6 ul ol li blockquote "
    "table caption tr td th address dl dt dd pre figure figcaption fieldset center hr details "
    "summary".split()
)
LOOKS = {"strong": "strong", "b": "strong", "em": "em", "i": "em"}
TYPES = {"a": "letter", "i": "roman", "1": "decimal", "A": "LETTER", "I": "ROMAN"}
STYLES = {"lower-alpha": "a", "lower-latin": "a", "lower-roman": "i", "decimal": "1",
          "upper-alpha": "A", "upper-latin": "A", "upper-roman": "I"}  # fmt: skip
# What Word copies: a paragraph names its list and level, and its mark stands in a span.
STYLED = re.compile(r"list-style(?:-type)?:\s*([a-z-]+)")
SMALL = re.compile("[0-9]{1,4}")
HEADING = re.compile("h[1-6]")
OUTLINE = re.compile(r"[0-9]+(?:\.[0-9]+)+\.?")
COUNTED = re.compile(r"\(?([0-9]{1,4}|[a-z]{1,6})[.)]")
WORD_LIST = re.compile(r"mso-list:\s*(l[0-9]+)\s+level([1-9])")


def read_mark(mark: str, last: int) -> tuple[str, int]:
    """(how the list counts, the number) of an item by the mark that Word wrote before it, where
    `last` is the number of the item before."""
    if OUTLINE.fullmatch(mark):
        return "outline", 0
    found = COUNTED.fullmatch(mark)
    if not found:
        return ("bullet", 0) if len(mark) == 1 else ("other", 0)
    if found[1].isdecimal():
        return "decimal", int(found[1])
    for kind in ("letter", "roman"):
        for number in (last + 1, 1):
            if found[1] == counted(kind, number):
                return kind, number
    return "other", 0


def is_page(text: str) -> bool:
    """Whether a text is the source of a web page or a part of one, not words with a stray tag."""
    begins = text.lstrip().startswith("<")
    return bool(A_PAGE.match(text)) or (begins and len(BLOCKS.findall(text)) >= 3)


def page_pieces(source: str) -> list[Piece]:
    reader = PageReader()
    reader.feed(source)
    reader.close()
    return reader.pieces


@dataclass
class List:
    kind: str
    name: str
    number: int = 0
    waiting: bool = False
    """Whether the words of the item that began are still to come."""


@dataclass
class Table:
    around: list[Piece]
    """What the table stands in."""
    depth: int
    """How many lists it stands in."""
    cells: list[list[Piece]] = field(default_factory=list)


class PageReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self.spans: list[Span] = []
        self.lists: list[List] = []
        self.tables: list[Table] = []
        self.looks: list[tuple[str, str]] = []
        """(tag, its look) of each that is open."""
        self.carried_on_by: dict[int, str] = {}
        """{number: name of the outermost list that it would carry on}"""
        self.seen = 0
        self.silent = 0
        self.href = self.heading = ""
        self.ours = False
        """Whether the page is one of our own, which says what numbers its paragraphs."""
        self.loose = 0
        """How many divs are open from that of an unnumbered paragraph of ours on."""
        self.goes_on = False
        self.word_list: tuple[str, int] | None = None
        self.mark_spans = 0
        self.mark = ""
        self.counted: dict[tuple[str, int], int] = {}

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        style = given.get("style", "").lower().replace(" ", "")
        if tag in SILENT:
            self.silent += 1
        elif tag == "body":
            self.silent = 0
        elif tag == "br":
            self.spans.append(Span("\n"))
        elif tag == "a":
            href = given.get("href", "")
            self.href = href if href.startswith(("http://", "https://", "mailto:")) else ""
        elif tag in LOOKS:
            plain = "font-weight:normal" in style
            self.looks.append((tag, "" if plain else LOOKS[tag]))
        elif tag == "span" and (self.mark_spans or "mso-list:ignore" in style):
            self.mark_spans += 1
        elif tag in APART:
            self._begin(tag, given)

    def _begin(self, tag: str, given: dict[str, str]) -> None:
        self.end_piece()
        self.ours = self.ours or "report__" in given.get("class", "")
        if tag in ("ul", "ol"):
            self.lists.append(self._list(tag, given))
        elif tag == "li":
            if not self.lists:
                self.lists.append(List("bullet", ""))
            inner, value = self.lists[-1], given.get("value", "")
            inner.number = int(value) if SMALL.fullmatch(value) else inner.number + 1
            inner.waiting = True
        elif tag == "table":
            self.tables.append(Table(self.pieces, len(self.lists)))
        elif tag == "tr":
            self._end_row()
        elif tag in ("td", "th") and self.tables:
            self.pieces = []
            self.tables[-1].cells.append(self.pieces)
        elif HEADING.fullmatch(tag):
            self.heading = "title" if tag == "h1" else "heading"
        elif tag == "div" and (self.loose or "report__unnumbered" in given.get("class", "")):
            self.loose += 1
        if found := WORD_LIST.search(given.get("style", "")):
            self.word_list = found[1], int(found[2])

    def handle_endtag(self, tag):
        if tag in SILENT:
            self.silent = max(self.silent - 1, 0)
        elif tag == "a":
            self.href = ""
        elif tag in LOOKS:
            opened = [at for at, (name, _) in enumerate(self.looks) if name == tag]
            if opened:
                self.looks.pop(opened[-1])
        elif tag == "span":
            self.mark_spans = max(self.mark_spans - 1, 0)
        elif tag in APART:
            self._end(tag)

    def _end(self, tag: str) -> None:
        self.end_piece()
        if tag in ("ul", "ol") and self.lists:
            ended = self.lists.pop()
            if ended.name and not self.lists:
                self.carried_on_by[ended.number + 1] = ended.name
        elif tag == "li" and self.lists:
            self.lists[-1].waiting = False
        elif tag in ("td", "th") and self.tables:
            self.pieces = self.tables[-1].around
            del self.lists[self.tables[-1].depth :]
        elif tag in ("tr", "table") and self.tables:
            self._end_row()
            if tag == "table":
                self.tables.pop()
        elif HEADING.fullmatch(tag):
            self.heading = ""
        elif tag == "div" and self.loose:
            self.loose -= 1
            self.goes_on = self.goes_on and self.loose > 0

    def _end_row(self) -> None:
        if self.tables:
            table = self.tables[-1]
            self.pieces = table.around
            self.pieces += row(table.cells)
            table.cells = []

    def close(self) -> None:
        super().close()
        self.end_piece()
        while self.tables:  # that were never closed
            self._end_row()
            self.tables.pop()

    def handle_data(self, data):
        if self.mark_spans:
            self.mark += data
        elif not self.silent:
            looks = {look for _, look in self.looks}
            words = " ".join(re.split(r"\s+", data))
            self.spans.append(Span(words, "strong" in looks, "em" in looks, self.href))

    def end_piece(self) -> None:
        """A gap within a paragraph begins another."""
        part: list[Span] = []
        for span in tidy(self.spans):
            if span.text == "\n" and part and part[-1].text == "\n":
                self._add(tuple(part[:-1]))
                part = []
            elif part or span.text != "\n":
                part.append(span)
        self._add(tuple(part))
        self.spans = []

    def _add(self, spans: tuple[Span, ...]) -> None:
        if not spans:
            return
        kind, depth, number, mark, name = self.heading, len(self.lists), 0, "", ""
        typed, self.mark = self.mark.strip(), ""
        if self.heading and typed:
            spans = (Span(f"{typed} "), *spans)
        elif self.word_list and typed:
            (name, depth), mark = self.word_list, typed
            kind, number = read_mark(mark, self.counted.get(self.word_list, 0))
            self.counted[self.word_list] = number
        elif self.lists and self.lists[-1].waiting and not self.heading:
            inner = self.lists[-1]
            kind, number, name, inner.waiting = inner.kind, inner.number, inner.name, False
            mark = shown(kind, number)
        self.pieces.append(Piece(spans, kind, depth, number, mark, name, self.goes_on))
        self.goes_on, self.word_list = self.loose > 0, None

    def _list(self, tag: str, given: dict[str, str]) -> List:
        if tag == "ul":
            return List("bullet", "")
        styled = STYLED.search(given.get("style", ""))
        kind = TYPES.get(STYLES.get(styled[1], "") if styled else given.get("type", "1"), "decimal")
        start = given.get("start", "")
        first = int(start) if SMALL.fullmatch(start) else 1
        if self.ours:
            name = OURS if OURS in given.get("class", "") else ""
        else:
            self.seen += 1
            name = self.carried_on_by.get(first, "") if first > 1 else ""
            name = name or str(self.seen)
        return List(kind, name, first - 1)
