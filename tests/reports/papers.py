"""Reports for the tests, and readers for what comes out of them."""

import datetime
import io
import re
import subprocess
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings

from reports.document import Document, Paragraph, Section
from reports.importing import parse_report
from reports.reading import read_report_file

FIXTURES = Path(__file__).with_name("fixtures")
SEED = Path("shared", "seed", "soc-board-update-2018-09-27.txt")


def make_document(**values):
    defaults = {
        "committee": "Safer Harbour Partnership",
        "committee_date": datetime.date(2019, 3, 14),
        "subject": "Harbour Crime Board - quarterly update",
        "report_of": "Harbour Master, Port Authority",
        "summary": "What the Board did in the winter quarter.",
        "sections": (
            Section("Background", (Paragraph("The Board began its work in 2017."),)),
            Section(
                "Update",
                (
                    Paragraph("It chose three matters:\n\n- boats\n- tobacco\n- fuel\n\nin turn."),
                    Paragraph("Steps:\n\n1. first\n2. second\n   - third\n     1. fourth\n\nDone."),
                    Paragraph("The page: https://example.org/page", numbered=False),
                    Paragraph("A **strong** word and [a link](https://example.org/b)."),
                ),
            ),
        ),
        "contact": ("Harbour Master", "Telephone: 020 7946 0123", "Email: office@example.org"),
        "draft": False,
    }
    return Document(**(defaults | values))


def fixture(name):
    return parse_report(read_report_file(FIXTURES / name))


def seed_path():
    path = settings.BASE_DIR.parent / SEED
    if not path.exists():
        pytest.skip(f"the seed text is not beside this folder: ../{SEED}")
    return path


def tokens(text):
    return re.findall(r"\w+", text)


def pdf_text(data, *options):
    run = subprocess.run(
        ["pdftotext", *options, "-", "-"], input=data, capture_output=True, check=True
    )
    return run.stdout.decode()


def spoken(data):
    """(tag, words) in the order of the structure tree: what a screen reader says."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pages = {page.obj.objgen: _marked_words(page) for page in pdf.pages}
        root = pdf.Root.StructTreeRoot
        return [item for kid in root.K for item in _walk(kid, pages, None)]


def _walk(element, pages, page):
    page = element.Pg.objgen if "/Pg" in element else page
    for kid in element.get("/K", []):
        if isinstance(kid, int):
            yield str(element.S), pages[page][kid]
        elif "/S" in kid:
            yield str(kid.S), ""
            yield from _walk(kid, pages, page)


def _marked_words(page):
    """{MCID: words} of a page, through each font's table of characters."""
    fonts = {name: _characters(font) for name, font in page.resources.Font.items()}
    words, open_marks, font = {}, [], {}
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BDC" | "BMC":
                mark = operands[1].get("/MCID") if str(operator) == "BDC" else None
                open_marks.append(mark)
                if mark is not None:
                    words[mark] = ""
            case "EMC":
                open_marks.pop()
            case "Tf":
                font = fonts[str(operands[0])]
            case "TJ" | "Tj":
                parts = operands[0] if str(operator) == "TJ" else operands
                data = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
                mark = next((mark for mark in reversed(open_marks) if mark is not None), None)
                if mark is not None:
                    words[mark] += "".join(font[data[at : at + 2]] for at in range(0, len(data), 2))
    return words


def _characters(font):
    table = font.ToUnicode.read_bytes().decode()
    return {
        bytes.fromhex(code): bytes.fromhex(shown).decode("utf-16-be")
        for code, shown in re.findall(r"<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>", table)
    }
