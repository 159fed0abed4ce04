"""The bytes of an earlier report, as lines: plain text, Markdown, a web page or a Word file."""

import codecs
import io
import re
import zipfile
from contextlib import suppress
from pathlib import Path

import docx

from board.text import LINE_ENDS

from .pieces import written
from .webpage import is_page, page_pieces
from .wordfile import word_pieces

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


def read_report_file(path: Path) -> list[str]:
    """The lines of a report in a file, by its ending. Raises NotAReport."""
    try:
        with path.open("rb") as file:
            return read_report(file.read(MAX_BYTES + 1), path.name)
    except OSError as error:
        raise NotAReport(f"The file cannot be opened: {error.strerror}.") from error


def read_report(data: bytes, name: str) -> list[str]:
    """The lines of a report in a file's bytes, by the ending of its name. Raises NotAReport."""
    if name.lower().endswith(".docx"):
        return word_lines(data)
    return text_lines(decode_report(data))


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


def word_lines(data: bytes) -> list[str]:
    """The lines of a .docx (reports/pieces.py). Raises NotAReport."""
    _check_size(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise NotAReport("This Word file is too large when unpacked.")
        return written(word_pieces(docx.Document(io.BytesIO(data))))
    except NotAReport:
        raise
    except Exception as error:
        # A broken archive fails in many ways, all of which mean one thing to the person.
        raise NotAReport("This file cannot be read as a Word file (.docx).") from error


def text_lines(text: str) -> list[str]:
    """The lines of a text as a person has it: words, or the source of a web page."""
    if is_page(text):
        return written(page_pieces(text))
    return LINE_ENDS.sub("\n", text.removeprefix("\ufeff")).split("\n")


def _check_size(data: bytes) -> None:
    if not data.strip():
        raise NotAReport("This file is empty.")
    if len(data) > MAX_BYTES:
        raise NotAReport(f"This file is larger than {MAX_BYTES // 1_000_000} MB.")
