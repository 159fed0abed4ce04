"""The bytes of an earlier report, as text: plain text, Markdown or a Word file."""

import codecs
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import docx
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

MAX_BYTES = 2_000_000
MAX_UNPACKED = 20_000_000
CONTROL = re.compile("[\x01-\x08\x0e-\x1f\x7f]")
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
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                # A merged cell is listed once for each column it covers.
                cells = dict.fromkeys(cell._tc for cell in row.cells)
                texts = {cell._tc: " ".join(cell.text.split()) for cell in row.cells}
                yield "\t".join(texts[cell] for cell in cells)
        else:
            yield ""
            yield _word_line(document, block, numbers)


def _word_line(document: WordDocument, paragraph: Paragraph, numbers: Counter) -> str:
    text = paragraph.text.strip()
    for link in paragraph.hyperlinks:
        if link.url and link.url.removeprefix("mailto:") not in text:
            text += f" <{link.url}>"
    style = paragraph.style.name if paragraph.style is not None else ""
    if not text:
        return ""
    if style == "Title":
        return f"# {text}"
    if style.startswith("Heading"):
        return f"## {text}"
    kind, level, list_id = _list_kind(document, paragraph)
    if kind == "decimal" and level == 0:
        numbers[list_id] += 1
        return f"{numbers[list_id]}. {text}"
    return f"{'    ' * max(level - 1, 0)}- {text}" if kind else text


def _list_kind(document: WordDocument, paragraph: Paragraph) -> tuple[str, int, int]:
    """(the list's number format or "", level from 0, number of the list)."""
    style = paragraph.style.element if paragraph.style is not None else None
    found = [
        properties.find(qn("w:numPr"))
        for properties in (paragraph._p.pPr, style.pPr if style is not None else None)
        if properties is not None and properties.find(qn("w:numPr")) is not None
    ]
    if not found:
        return "", 0, 0
    level_element, id_element = found[0].find(qn("w:ilvl")), found[0].find(qn("w:numId"))
    if id_element is None:
        return "", 0, 0
    level = 0 if level_element is None else int(level_element.get(qn("w:val")))
    list_id = int(id_element.get(qn("w:val")))
    numbering = document.part.numbering_part.element
    formats = numbering.xpath(
        f'w:abstractNum[@w:abstractNumId=../w:num[@w:numId="{list_id}"]/w:abstractNumId/@w:val]'
        f'/w:lvl[@w:ilvl="{level}"]/w:numFmt/@w:val'
    )
    return (formats[0] if formats else ""), level, list_id
