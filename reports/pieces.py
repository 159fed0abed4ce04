"""The paragraphs of a Word file or a web page as lines for reports/importing.py.

A line is a whole paragraph: the lists within it follow as small Markdown, where our papers count
them as the file did; what they would count otherwise keeps its mark as a word.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from board.spans import from_spans
from board.text import MAX_LEVELS, Span

from .placing import LETTERS, part_named

SUMMARIES = ("summary", "executive summary")
# How a numbered list counts by what it stands in: as board.text prints it.
LADDER = ("decimal", "letter", "roman")
TYPED_MARK = re.compile(
    r"\s*(?:[-*•◦▪●‣·–\uf0b7]|\(?[a-z]{1,5}\)|[0-9]+(?:\.[0-9]+)*[.)]?)(?=\s)\s*"
)
DECIMAL = re.compile(r"[ \t\xa0]*[0-9]{1,2}(?:\.[0-9]{1,2}){1,3}\.?[ \t\xa0]+\S")
NUMBER_MARK = re.compile(r"^(\d+)([.)])$")
OURS = "report__paragraphs"
"""The class that our own pages give the list that numbers the paragraphs."""
FIGURES = (
    (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
PROSE = 60  # a line as long as this, or with a full stop, is no label and no heading


@dataclass(frozen=True)
class Piece:
    """A paragraph, as far as the file says what it is."""

    spans: tuple[Span, ...]
    kind: str = ""
    """Empty for a plain paragraph; title, heading, row; or how its list counts: bullet, decimal,
    letter, roman, LETTER, ROMAN, outline (1.1) or other."""
    depth: int = 0
    """How many lists it stands in: 1 for an item of an outermost one."""
    number: int = 0
    mark: str = ""
    """What an item shows before its words."""
    list_id: str = ""
    """The list it counts in, where that may number the report's paragraphs."""
    goes_on: bool = False
    """Whether it is a further paragraph of what stands above it."""

    @property
    def words(self) -> str:
        return "".join(span.text for span in self.spans)


def counted(kind: str, number: int) -> str:
    """The number as a list of this kind counts: 2, b or ii; in capitals for KIND."""
    if kind.lower() == "letter":
        words = LETTERS[(number - 1) % 26] * ((number - 1) // 26 + 1)
    elif kind.lower() == "roman":
        words = ""
        for value, figure in FIGURES:
            words += figure * (number // value)
            number %= value
    else:
        words = str(number)
    return words.upper() if kind.isupper() else words


def shown(kind: str, number: int) -> str:
    """The mark that a page shows before an item."""
    if kind == "bullet":
        return "•"
    words = counted(kind, number)
    return f"({words})" if kind in ("letter", "roman") else f"{words}."


def tidy(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans with the room that a page shows: one space, none at the ends of a line."""
    found: list[Span] = []
    for span in spans:
        if span.text == "\n":
            _trim(found)
            if found:
                found.append(span)
            continue
        text = re.sub(r"[^\S\t]+", " ", span.text)
        if not found or found[-1].text[-1] in " \n\t":
            text = text.lstrip()
        if text:
            found.append(Span(text, span.strong, span.em, span.href))
    _trim(found)
    while found and found[-1].text == "\n":
        found.pop()
        _trim(found)
    return tuple(found)


def _trim(spans: list[Span]) -> None:
    while spans and spans[-1].text != "\n" and not spans[-1].text.rstrip():
        spans.pop()
    if spans and spans[-1].text != "\n":
        last = spans[-1]
        spans[-1] = Span(last.text.rstrip(), last.strong, last.em, last.href)


def row(cells: list[list[Piece]]) -> list[Piece]:
    """A row of a table: one line with its cells apart. One cell alone is no table."""
    cells = [cell for cell in cells if cell]
    if len(cells) < 2:
        return cells[0] if cells else []
    texts = [" ".join(f"{piece.mark} {piece.words}" for piece in cell) for cell in cells]
    texts = [" ".join(text.split()) for text in texts]
    if len(texts) == 2 and TYPED_MARK.fullmatch(f"{texts[0]} "):
        return [Piece((Span(" ".join(texts)),))]
    return [Piece((Span(" | ".join(texts)),), "row")]


def written(pieces: Iterable[Piece]) -> list[str]:
    """The lines that the pieces make, with an empty one between two paragraphs."""
    pieces = [piece for piece in pieces if piece.words.strip()]
    writer = Writer(main_list(pieces))
    for piece in pieces:
        writer.write(piece)
    return writer.lines


def main_list(pieces: Sequence[Piece]) -> str:
    """The list that numbers the report's paragraphs: it runs on under the most headings. What
    counts in the summary or among the recommendations is none; nor, where paragraphs are 1.1,
    is a list that they are no part of. Empty if there is none."""
    outlined = [piece.list_id for piece in pieces if is_outlined(piece)]
    under: dict[str, set[int]] = defaultdict(set)
    headings, apart = 0, False
    for piece in pieces:
        if piece.kind in ("heading", "title"):
            headings += 1
            apart = stands_apart(piece.words)
        counts = piece.kind == "decimal" and piece.depth == 1 and not apart
        if counts and piece.list_id and (len(outlined) < 2 or piece.list_id in outlined):
            under[piece.list_id].add(headings)
    found = list(under)
    return max(found, key=lambda name: (len(under[name]), found.index(name)), default="")


def is_outlined(piece: Piece) -> bool:
    return piece.kind == "outline" or (not piece.kind and bool(DECIMAL.match(piece.words)))


def stands_apart(heading: str) -> bool:
    return heading.strip(" :").lower() in SUMMARIES or bool(part_named(heading))


@dataclass
class Level:
    """A list that is open in the paragraph we write."""

    depth: int
    kind: str
    number: int = 0
    end: str = "."
    width: int = 2


@dataclass
class Writer:
    main: str
    lines: list[str] = field(default_factory=list)
    opened: list[Level] = field(default_factory=list)
    ladder: int = 0
    """Where in LADDER a list right in this paragraph stands."""
    within: bool = False
    """Whether the last line is a paragraph, which can go on."""
    in_table: bool = False
    """Whether the last line is a table, a row in each line of it."""
    listed: bool = False
    """Whether that line ends in a list."""
    letters: int | None = None
    """Of the recommendations so far; None outside of them."""

    def write(self, piece: Piece) -> None:
        if piece.kind in ("title", "heading", "row"):
            self._write_apart(piece)
        elif piece.kind == "outline":
            self._begin(f"{piece.mark} {inner_text(piece)}", ladder=0)
        elif piece.depth == 1 and self.main and piece.list_id == self.main:
            self._begin(f"{piece.number}. {inner_text(piece)}", ladder=1)
        elif self._is_recommendation(piece):
            self.letters = piece.number
            self._begin(f"({LETTERS[piece.number - 1]}) {inner_text(piece)}", ladder=2)
        elif piece.kind:
            self._write_item(piece)
        elif self.within and (piece.depth or piece.goes_on):
            self._close(piece.depth)
            self._append("\n\n", "", inner_text(piece))
        else:
            self._begin(outer_text(piece), ladder=0)

    def _is_recommendation(self, piece: Piece) -> bool:
        in_turn = self.letters is not None and piece.number == self.letters + 1 <= len(LETTERS)
        return in_turn and piece.depth == 1 and piece.kind == "letter"

    def _write_apart(self, piece: Piece) -> None:
        words = piece.words.strip()
        if piece.kind == "row" and self.in_table:
            self.lines[-1] += f"\n{words}"
        elif piece.kind == "row":
            self.lines += ["", words]
        else:
            mark = "#" if piece.kind == "title" else "##"
            self.lines += ["", f"{mark} {' '.join(words.split())}"]
            self.letters = 0 if part_named(words) == "recommendations" else None
        self.in_table = piece.kind == "row"
        self.within = False

    def _begin(self, text: str, *, ladder: int) -> None:
        self.lines += ["", text]
        self.opened, self.ladder = [], ladder
        self.within, self.in_table, self.listed = True, False, False

    def _write_item(self, piece: Piece) -> None:
        if not self.within:
            self._begin("", ladder=0)
        self._close(piece.depth)
        last = self.opened.pop() if self.opened and self.opened[-1].depth == piece.depth else None
        level = Level(piece.depth, piece.kind, piece.number)
        if len(self.opened) == MAX_LEVELS or piece.kind not in ("bullet", self._counts()):
            mark = NUMBER_MARK.sub(r"\1\\\2", piece.mark).replace("•", "–")
            self._append("\n\n" if self.listed else "\n", "", f"{mark} {inner_text(piece)}")
            self.listed = False
            return
        runs_on = False
        if last is not None and last.kind == piece.kind:
            runs_on = piece.kind == "bullet" or last.number + 1 == piece.number
            # Another mark begins another list.
            level.end = last.end if runs_on else ".)".strip(last.end)
        if piece.kind != "bullet":
            level.width = len(f"{piece.number}. ")
        mark = "- " if piece.kind == "bullet" else f"{piece.number}{level.end} "
        # A list that begins with another number than 1 needs a gap before it.
        inner = self.opened and piece.number in (0, 1)
        self._append("\n" if runs_on or inner else "\n\n", mark, inner_text(piece))
        self.opened.append(level)
        self.listed = True

    def _counts(self) -> str:
        place = self.ladder
        for level in self.opened:
            place = max(place, 1) if level.kind == "bullet" else place + 1
        return LADDER[min(place, 2)]

    def _close(self, depth: int) -> None:
        while self.opened and self.opened[-1].depth > depth:
            self.opened.pop()

    def _append(self, gap: str, mark: str, text: str) -> None:
        indent = " " * sum(level.width for level in self.opened)
        text = text.replace("\n", "\n" + indent + " " * len(mark))
        self.lines[-1] += f"{gap}{indent}{mark}{text}"


def inner_text(piece: Piece) -> str:
    """The words of an item or of a further paragraph: how they begin is no mark."""
    return from_spans(Span(s.text.replace("\t", " "), s.strong, s.em, s.href) for s in piece.spans)


def outer_text(piece: Piece) -> str:
    """The words of a paragraph that says nothing of itself: a mark that was typed stays one, and
    what is printed in one look from end to end is as good as plain."""
    looks = {(span.strong, span.em) for span in piece.spans if span.text.strip()}
    words = piece.words
    prose = len(words) > PROSE or words.rstrip().endswith((".", "?", "!", ";"))
    keep = prose and len(looks) > 1
    spans = [Span(s.text, s.strong and keep, s.em and keep, s.href) for s in piece.spans]
    typed = TYPED_MARK.match(spans[0].text)
    mark = typed[0] if typed and typed.end() < len(spans[0].text) else ""
    spans[0] = Span(spans[0].text[len(mark) :], spans[0].strong, spans[0].em, spans[0].href)
    return mark + from_spans(spans)
