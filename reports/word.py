"""The report as a Word file that a clerk can paste into a pack.

Numbers, bullets, links and page fields are Word's own. The same document gives
the same bytes, and nothing in the file says who or what made it.
"""

import copy
import datetime
import io
import re
import zipfile
from collections.abc import Iterable
from typing import Literal

import docx
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from board.text import Block, Span, parse
from reports.document import Document, Field

FONT = "Arial"
TEXT_WIDTH = Mm(210 - 2 * 23)
COLUMNS = (Mm(34), Mm(62), Mm(25), Mm(43))
NUMBER_INDENT = 11
LIST_INDENT = 7
LEVELS = 6
# One list definition for each way of counting; a level of it says how far in it stands.
PARAGRAPHS, BULLETS, DECIMALS, LETTERS, ROMANS = range(1, 6)
FORMATS = {
    PARAGRAPHS: ("decimal", "%{}."),
    BULLETS: ("bullet", "•"),
    DECIMALS: ("decimal", "%{}."),
    LETTERS: ("lowerLetter", "(%{})"),
    ROMANS: ("lowerRoman", "(%{})"),
}
ROOM = re.compile("[ \t]+")
ZIP_DAY = (1980, 1, 1, 0, 0, 0)
UNDATED = datetime.datetime(2000, 1, 1)
UNWANTED = ("/thumbnail", "/customXml", "/extended-properties", "/stylesWithEffects")
AFTER_BORDER = (
    "w:shd",
    "w:tabs",
    "w:spacing",
    "w:ind",
    "w:jc",
    "w:outlineLvl",
    "w:rPr",
    "w:sectPr",
)


def to_docx(document: Document) -> bytes:
    """The report as .docx."""
    return Writer(document).write()


class Writer:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.word: WordDocument = docx.Document()
        self.numbering = self.word.part.numbering_part.element
        self.lists = 0

    def write(self) -> bytes:
        document, word = self.document, self.word
        _strip(word)
        _set_properties(word, document)
        _set_styles(word)
        self._define_lists()
        _set_page(word, document)
        if document.title_field is None:
            self._heading(document.subject, 1)
        self._header_table(document.rows)
        for name, heading in document.order:
            self._part(name, heading)
        return _packed(word)

    def _part(self, name: str, heading: str) -> None:
        document, word = self.document, self.word
        if name == "report":
            if heading:
                self._heading(heading, 2)
            self._sections()
            return
        texts = document.part_texts(name)
        if not texts:
            return
        self._heading(heading, 2)
        if name == "summary":
            first = len(word.element.body)
            blocks = parse(document.summary)
            self._blocks(blocks)
            # A box breaks at each change of indent, so a summary with lists goes without.
            if all(block.kind == "p" for block in blocks):
                _box(word.element.body[first - 2 : -1])
        elif name == "contact":
            lines = [block for line in texts for block in parse(line)]
            paragraph = word.add_paragraph()
            for at, block in enumerate(lines):
                self._spans(paragraph, (*([Span("\n")] if at else []), *_flat(block)))
        elif name == "information withheld":
            self._blocks(parse(document.withheld))
        else:
            lettered = name == "recommendations" and document.lettered
            if name == "recommendations":
                self._spans(word.add_paragraph(), (Span(document.lead_in),))
            kind: Literal["ol", "ul"] = "ol" if lettered else "ul"
            items = tuple(parse(text) for text in texts)
            counting = LETTERS if lettered else DECIMALS
            self._blocks((Block(kind, items=items),), counting=counting)

    def _sections(self) -> None:
        paragraphs = self._new_list(PARAGRAPHS)
        for part in self.document.parts:
            if part.heading:
                self._heading(part.heading, 2)
            for run in part.runs:
                number, counting = (paragraphs, LETTERS) if run.start else (None, DECIMALS)
                for text in run.texts:
                    self._blocks(parse(text), depth=1, counting=counting, list_id=number)

    def _heading(self, text: str, level: int) -> None:
        self.word.add_heading(ROOM.sub(" ", text), level)

    def _header_table(self, rows: tuple[tuple[Field, ...], ...]) -> None:
        table = self.word.add_table(rows=0, cols=4, style="Table Grid")
        table.autofit = False
        for column, width in zip(table.columns, COLUMNS, strict=True):
            column.width = width
        indent = OxmlElement("w:tblInd")
        indent.set(qn("w:w"), "108")  # a cell's own margin, so that the border meets the text
        indent.set(qn("w:type"), "dxa")
        table._tbl.tblPr.insert_element_before(indent, "w:tblLayout", "w:tblLook")
        for fields in rows:
            cells = table.add_row().cells
            for cell, width in zip(cells, COLUMNS, strict=True):
                cell.width = width
            if len(fields) == 1 and fields[0].asks:
                cells[0].merge(cells[2])
                cells = (cells[0], cells[3])
            elif len(fields) == 1:
                cells[1].merge(cells[3])
            for at, field in enumerate(fields):
                self._header_cell(cells[2 * at], field.label, strong=True)
                title = field is self.document.title_field
                self._header_cell(cells[2 * at + 1], field.value, heading=title)
        look = table._tbl.tblPr.find(qn("w:tblLook"))
        if look is not None:
            for name, value in {"firstRow": "0", "firstColumn": "1", "noHBand": "1"}.items():
                look.set(qn(f"w:{name}"), value)

    def _header_cell(
        self, cell: _Cell, text: str, *, strong: bool = False, heading: bool = False
    ) -> None:
        paragraph = cell.paragraphs[0]
        paragraph.style = "Heading 1" if heading else "Normal"
        paragraph.paragraph_format.space_before = Pt(4)
        paragraph.paragraph_format.space_after = Pt(4)
        run = paragraph.add_run(ROOM.sub(" ", text))
        if strong:
            run.bold = True

    def _blocks(
        self,
        blocks: Iterable[Block],
        *,
        depth: int = 0,
        counting: int = DECIMALS,
        list_id: int | None = None,
    ) -> None:
        """Blocks at `depth` steps of indent; a numbered list among them counts in `counting`.

        The first paragraph is an item of the list `list_id`, if there is one.
        """
        for at, block in enumerate(blocks):
            within = list_id if at == 0 else None
            if block.kind == "p" or within is not None:
                paragraph = self.word.add_paragraph()
                if within is not None:
                    self._mark(paragraph, within, depth - 1)
                elif depth:
                    paragraph.paragraph_format.left_indent = Mm(_indent(depth - 1))
                self._spans(paragraph, block.spans)
            if block.kind != "p":
                self._list(block, depth=depth, counting=counting)

    def _list(self, block: Block, *, depth: int, counting: int) -> None:
        kind = counting if block.kind == "ol" else BULLETS
        list_id = self._new_list(kind, level=depth, start=block.start)
        # The same ladder as on paper: 1. then (a) then (i).
        inner = ROMANS if kind in (LETTERS, ROMANS) else max(counting, LETTERS)
        for item in block.items:
            first = len(self.word.element.body)
            self._blocks(item, depth=depth + 1, counting=inner, list_id=list_id)
            for element in self.word.element.body[first - 1 :]:
                if element.tag == qn("w:p"):
                    last = Paragraph(element, self.word)
                    last.paragraph_format.space_after = Pt(4)
        last.paragraph_format.space_after = Pt(8)

    def _mark(self, paragraph: Paragraph, list_id: int, level: int) -> None:
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = level
        properties.get_or_add_numId().val = list_id

    def _spans(self, paragraph: Paragraph, spans: Iterable[Span]) -> None:
        for span in spans:
            if span.text == "\n":
                paragraph.add_run().add_break()
                continue
            # Room that a page and the PDF make nothing of.
            run = paragraph.add_run(ROOM.sub(" ", span.text))
            run.bold = span.strong or None
            run.italic = span.em or None
            if span.href:
                run.style = "Hyperlink"
                target = self.word.part.relate_to(
                    span.href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True
                )
                link = OxmlElement("w:hyperlink")
                link.set(qn("r:id"), target)
                link.append(run._r)
                paragraph._p.append(link)

    def _define_lists(self) -> None:
        for child in list(self.numbering):
            self.numbering.remove(child)
        for kind, (fmt, shown) in FORMATS.items():
            levels = "".join(_level(level, fmt, shown) for level in range(LEVELS + 1))
            self.numbering.append(
                parse_xml(
                    f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{kind}">'
                    f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
                )
            )

    def _new_list(self, kind: int, *, level: int = 0, start: int = 1) -> int:
        """A list that counts from `start`, whatever was counted before."""
        self.lists += 1
        self.numbering.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{self.lists}"><w:abstractNumId w:val="{kind}"/>'
                f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start}"/>'
                "</w:lvlOverride></w:num>"
            )
        )
        return self.lists


def _level(level: int, fmt: str, shown: str) -> str:
    left, hanging = Mm(_indent(level)).twips, Mm(_hanging(level)).twips
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{fmt}"/>'
        f'<w:lvlText w:val="{shown.format(level + 1)}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{left}" w:hanging="{hanging}"/></w:pPr></w:lvl>'
    )


def _indent(level: int) -> int:
    """Where the words of a list at this level start, in mm."""
    return NUMBER_INDENT + LIST_INDENT * level


def _hanging(level: int) -> int:
    return LIST_INDENT if level else NUMBER_INDENT


def _flat(block: Block) -> tuple[Span, ...]:
    """A line of the sign-off block is a line, even if it starts like a list."""
    if block.kind == "p":
        return block.spans
    return tuple(span for item in block.items for inner in item for span in _flat(inner))


def _strip(word: WordDocument) -> None:
    """Take out what python-docx's own template brings along."""
    for relations in (word.part.package.rels, word.part.rels):
        for key, relation in list(relations.items()):
            if relation.reltype.endswith(UNWANTED):
                del relations[key]
    # Marks of editing sessions: they tell which files were made from one another.
    for root in (word.element, word.styles.element, word.settings.element):
        for element in list(root.iter()):
            if element.tag in (qn("w:rsids"), qn("w:rsid"), qn("w:attachedTemplate")):
                element.getparent().remove(element)
            for name in [name for name in element.attrib if "}rsid" in name]:
                del element.attrib[name]


def _set_properties(word: WordDocument, document: Document) -> None:
    day = document.committee_date
    stamp = UNDATED
    if isinstance(day, datetime.date):
        stamp = datetime.datetime(day.year, day.month, day.day)
    core = word.core_properties
    core.title = document.subject[:255]
    core.language = "en-GB"
    core.author = core.comments = core.last_modified_by = core.keywords = core.subject = ""
    core.created = core.modified = stamp
    core.revision = 1


def _set_styles(word: WordDocument) -> None:
    language = word.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    for name in ("w:val", "w:eastAsia"):
        language.set(qn(name), "en-GB")
    sizes = {"Normal": 12, "Heading 1": 13, "Heading 2": 13, "Header": 11, "Footer": 9}
    for name, size in sizes.items():
        style = word.styles[name]
        style.font.name = FONT
        fonts = style.element.rPr.rFonts
        for key in list(fonts.attrib):
            if key.endswith("Theme"):
                del fonts.attrib[key]
        fonts.set(qn("w:cs"), FONT)
        style.font.size = Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
    body = word.styles["Normal"].paragraph_format
    body.space_after, body.line_spacing = Pt(8), 1.15
    for name, before, after in (("Heading 1", 0, 0), ("Heading 2", 18, 7)):
        heading = word.styles[name].paragraph_format
        heading.space_before, heading.space_after = Pt(before), Pt(after)
        heading.keep_with_next = True
    link = word.styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.color.rgb = RGBColor(0x14, 0x40, 0x7A)
    link.font.underline = True


def _set_page(word: WordDocument, document: Document) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(23)
    section.top_margin, section.bottom_margin = Mm(25), Mm(27)
    mark = document.marking if document.sensitive else ""
    header, footer = section.header.paragraphs[0], section.footer.paragraphs[0]
    for paragraph in (header, footer):
        stops = paragraph.paragraph_format.tab_stops
        stops.add_tab_stop(TEXT_WIDTH // 2, WD_TAB_ALIGNMENT.CENTER)
        stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    for name in ("Header", "Footer"):
        for stops in word.styles[name].element.iter(qn("w:tabs")):
            stops.getparent().remove(stops)
    header.add_run(f"\t{mark}\t{'DRAFT' if document.draft else ''}").bold = True
    footer.add_run(document.running)
    footer.add_run(f"\t{mark}\t").bold = True
    footer.add_run("Page ")
    _field(footer, "PAGE")
    footer.add_run(" of ")
    _field(footer, "NUMPAGES")


def _field(paragraph: Paragraph, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    field.append(paragraph.add_run("1")._r)
    paragraph._p.append(field)


def _box(paragraphs: list) -> None:
    """One border round neighbours: Word joins the borders of equal paragraphs."""
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="6" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right")
    )
    border = parse_xml(f"<w:pBdr {nsdecls('w')}>{sides}</w:pBdr>")
    for paragraph in paragraphs:
        properties = paragraph.get_or_add_pPr()
        properties.get_or_add_ind().left = properties.get_or_add_ind().right = Pt(7)
        properties.insert_element_before(copy.deepcopy(border), *AFTER_BORDER)


def _packed(word: WordDocument) -> bytes:
    """The package with the same day on every part."""
    written, packed = io.BytesIO(), io.BytesIO()
    word.save(written)
    with (
        zipfile.ZipFile(written) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            part = zipfile.ZipInfo(name, ZIP_DAY)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 0
            target.writestr(part, source.read(name))
    return packed.getvalue()
