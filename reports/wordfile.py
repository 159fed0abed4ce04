"""A Word file as pieces: its headings, tables and lists, and what Word shows before each item."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from docx.document import Document as WordDocument
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsmap, qn
from docx.oxml.xmlchemy import BaseOxmlElement as Element
from docx.text.run import Run

from board.text import Span

from .pieces import Piece, counted, row, tidy

KINDS = {
    "decimal": "decimal", "lowerLetter": "letter", "lowerRoman": "roman",
    "upperLetter": "LETTER", "upperRoman": "ROMAN", "bullet": "bullet",
}  # fmt: skip
COUNTER = re.compile("%([1-9])")
BARE = re.compile(r"\(?%[1-9][.)]?")
# What was deleted, what old programs read instead, and what stands apart from the paragraph.
BOX = qn("w:txbxContent")
OLD = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
UNREAD = {qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), BOX, OLD}
COLUMNS = re.compile(r" {3,}|[ \xa0]*\t[\t \xa0]*")
NAMES = {"w": nsmap["w"]}
NUM_ID, LEVEL = qn("w:numId"), qn("w:ilvl")
TITLE_WORDS = 25  # a longer heading is a paragraph in a heading's style
NEAR = 60  # twentieths of a point


@dataclass(frozen=True)
class Level:
    """How one level of a list is shown."""

    kind: str
    counts: str
    """How its own number is written, whatever stands around it."""
    shown: str
    start: int
    indent: int


def word_pieces(document: WordDocument) -> list[Piece]:
    return list(WordReader(document).pieces(document.element.body))


class WordReader:
    def __init__(self, document: WordDocument) -> None:
        self.body = document._body
        self.relations = document.part.rels
        self.styles = {
            style.get(qn("w:styleId")): style
            for style in document.styles.element.iter(qn("w:style"))
        }
        self.numbering = self._part("/numbering")
        self.notes = self._part("/footnotes")
        self.levels: dict[str, dict[int, Level]] = {}
        self.counts: dict[str, dict[int, int]] = {}
        self.opened: list[tuple[int, int, bool]] = []
        """(depth, indent, whether more may follow) of each item that a paragraph may go on."""

    def _part(self, kind: str) -> Element:
        """The root of a part of the package; empty if there is none."""
        for relation in self.relations.values():
            if relation.reltype.endswith(kind) and not relation.is_external:
                return parse_xml(relation.target_part.blob)
        return OxmlElement("w:none")

    def pieces(self, parent: Element) -> Iterator[Piece]:
        for child in parent:
            if child.tag == qn("w:p"):
                piece = self._paragraph(child)
                if piece.spans:
                    yield piece
                for box in child.iter(BOX):
                    if not any(above.tag == OLD for above in box.iterancestors()):
                        yield from self.pieces(box)
            elif child.tag == qn("w:tr"):
                cells = [cell for cell in child.iter(qn("w:tc")) if _inner(cell, "w:tr") is child]
                yield from row([list(self.pieces(cell)) for cell in cells])
            elif child.tag not in UNREAD:
                yield from self.pieces(child)

    def _paragraph(self, paragraph: Element) -> Piece:
        spans = tidy(self._spans(paragraph))
        words = "".join(span.text for span in spans)
        styles = list(self._styles_of(paragraph))
        counted_as = self._item(paragraph, styles) if words else None
        heading = _heading(styles) if len(words.split()) <= TITLE_WORDS else ""
        if heading:
            self.opened = []
            if counted_as and counted_as[3]:
                spans = (Span(f"{counted_as[3]} "), *spans)
            return Piece(spans, heading)
        if counted_as:
            return Piece(spans, *counted_as)
        return Piece(spans, depth=self._goes_on(paragraph, styles)) if words else Piece(())

    def _styles_of(self, paragraph: Element) -> Iterator[Element]:
        """The paragraph's style and those it rests on."""
        name, seen = _value(paragraph, "w:pPr/w:pStyle"), set()
        while name in self.styles and name not in seen:
            seen.add(name)
            yield self.styles[name]
            name = _value(self.styles[name], "w:basedOn")

    def _spans(self, parent: Element, href: str = "") -> Iterator[Span]:
        for child in parent:
            if child.tag == qn("w:r"):
                run = Run(child, self.body)
                for at, text in enumerate(COLUMNS.sub("\t", run.text).split("\n")):
                    if at:
                        yield Span("\n")
                    yield Span(text, bool(run.bold), bool(run.italic), href)
                for note in child.iter(qn("w:footnoteReference")):
                    yield Span(f" ({self._note(note.get(qn('w:id')))})")
            elif child.tag == qn("w:hyperlink"):
                yield from self._spans(child, self._address(child.get(qn("r:id"))))
            elif child.tag not in UNREAD:
                yield from self._spans(child, href)

    def _address(self, relation: str | None) -> str:
        if relation not in self.relations or not self.relations[relation].is_external:
            return ""
        href = self.relations[relation].target_ref
        return href if href.startswith(("http://", "https://", "mailto:")) else ""

    def _note(self, name: str) -> str:
        words = (text.text or "" for note in self.notes if note.get(qn("w:id")) == name
                 for text in note.iter(qn("w:t")))  # fmt: skip
        return " ".join("".join(words).split())

    def _item(
        self, paragraph: Element, styles: list[Element]
    ) -> tuple[str, int, int, str, str] | None:
        """(kind, depth, number, mark, list) as a Piece has them, of an item of a list."""
        found = next(
            (each for each in (paragraph, *styles) if _value(each, "w:pPr/w:numPr/w:numId")), None
        )
        if found is None:
            return None
        list_id = _value(found, "w:pPr/w:numPr/w:numId")
        levels, name = self._list(list_id)
        at = int(_value(found, "w:pPr/w:numPr/w:ilvl") or self._level_of(list_id, found))
        level = levels.get(at)
        if level is None:
            return None
        counts = self.counts.setdefault(name, {})
        counts[at] = counts.get(at, level.start - 1) + 1
        for deeper in [each for each in counts if each > at]:
            del counts[deeper]
        mark = COUNTER.sub(lambda found: _number(levels, counts, int(found[1]) - 1), level.shown)
        mark = "•" if level.kind == "bullet" else mark.strip()
        if not mark:
            return None
        indent = _indent(paragraph) or level.indent
        self.opened = [each for each in self.opened if each[0] <= at]
        # What stands right below a numbered paragraph, at its margin, is one of its own.
        self.opened.append((at + 1, indent, level.kind != "decimal" or at > 0))
        self.opened = [(*each[:2], True) for each in self.opened[:-1]] + self.opened[-1:]
        return level.kind, at + 1, counts[at], mark, name

    def _goes_on(self, paragraph: Element, styles: list[Element]) -> int:
        """The depth of the item that a paragraph without a mark carries on; 0 for none."""
        indent = next(filter(None, map(_indent, (paragraph, *styles))), 0)
        fit = [each for each in self.opened if each[1] <= indent + NEAR and indent]
        self.opened = fit if fit and fit[-1][2] else []
        if not self.opened:
            return 0
        depth, indent, _ = self.opened[-1]
        self.opened[-1] = (depth, indent, depth > 1)
        return depth

    def _list(self, list_id: str) -> tuple[dict[int, Level], str]:
        """The levels of a list, and the name under which it counts: lists that nowhere restart
        count as one."""
        nums = [num for num in self.numbering.iter(qn("w:num")) if num.get(NUM_ID) == list_id]
        if not nums:
            return {}, ""
        abstract_id = _value(nums[0], "w:abstractNumId")
        restarts = nums[0].find(qn("w:lvlOverride")) is not None
        name = list_id if restarts else f"all {abstract_id}"
        if name not in self.levels:
            abstract = self._abstract(abstract_id)
            levels = {} if abstract is None else _levels(abstract)
            for override in nums[0].iter(qn("w:lvlOverride")):
                levels |= _levels(override)
                at, start = int(override.get(LEVEL)), _value(override, "w:startOverride")
                if start and at in levels:
                    levels[at] = replace(levels[at], start=int(start))
            self.levels[name] = levels
        return self.levels[name], name

    def _abstract(self, abstract_id: str) -> Element | None:
        """A definition of lists, or the one that it names instead."""
        every = list(self.numbering.iter(qn("w:abstractNum")))
        named = (each for each in every if each.get(qn("w:abstractNumId")) == abstract_id)
        found = next(named, None)
        if found is not None and (link := _value(found, "w:numStyleLink")):
            return next((each for each in every if _value(each, "w:styleLink") == link), found)
        return found

    def _level_of(self, list_id: str, style: Element) -> int:
        """The level that a list keeps for a style."""
        for num in self.numbering.iter(qn("w:num")):
            abstract = self._abstract(_value(num, "w:abstractNumId"))
            if num.get(NUM_ID) == list_id and abstract is not None:
                for level in abstract.iter(qn("w:lvl")):
                    if _value(level, "w:pStyle") == style.get(qn("w:styleId")):
                        return int(level.get(LEVEL))
        return 0


def _levels(parent: Element) -> dict[int, Level]:
    found = {}
    for level in parent.iter(qn("w:lvl")):
        form, text = _value(level, "w:numFmt") or "decimal", _value(level, "w:lvlText")
        counters = COUNTER.findall(text)
        kind = KINDS.get(form, "other")
        if kind != "bullet":
            if len(counters) > 1:
                kind = "outline"
            elif not counters or not BARE.fullmatch(text):
                kind = "other"
        start = int(_value(level, "w:start") or 1)
        counts = KINDS.get(form, "decimal")
        found[int(level.get(LEVEL))] = Level(kind, counts, text, start, _indent(level))
    return found


def _number(levels: dict[int, Level], counts: dict[int, int], at: int) -> str:
    level = levels.get(at)
    return counted(level.counts, counts.get(at, level.start)) if level else ""


def _value(parent: Element, path: str) -> str:
    """The value of what is found there; empty if there is none."""
    found = parent.find(path, NAMES)
    return "" if found is None else found.get(qn("w:val")) or ""


def _inner(element: Element, tag: str) -> Element | None:
    return next(element.iterancestors(qn(tag)), None)


def _indent(element: Element) -> int:
    """How far in the words stand, in twentieths of a point; 0 if it does not say."""
    found = element.find("w:pPr/w:ind", NAMES)
    if found is None:
        return 0
    left = found.get(qn("w:left")) or found.get(qn("w:start")) or ""
    return int(left) if left.isdecimal() else 0


def _heading(styles: list[Element]) -> str:
    """title or heading, by the names of the styles and by the level they have in an outline."""
    for style in styles:
        name = _value(style, "w:name").lower()
        if name == "title":
            return "title"
        if name.startswith("heading") or _value(style, "w:pPr/w:outlineLvl") in set("012345678"):
            return "heading"
    return ""
