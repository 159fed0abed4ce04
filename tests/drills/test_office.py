"""The Word file as a word processor opens it: the words of the page, in its order and numbering.

LibreOffice is nobody's need but this drill's: Debian's libreoffice-writer-nogui. Every test reads
the file with a reader of our own (tests/reports/lines.py); this shows that the reader is right.
"""

import os
import random
import re
import shutil
import subprocess
import sys

import pytest

from reports.document import Paragraph, Section, to_html
from reports.word import to_docx
from tests.reports.lines import html_lines, squeezed
from tests.reports.papers import make_document
from tests.reports.shapes import WORDS
from tests.reports.test_document import VARIED

ABSENT = "LibreOffice is not here: apt-get install libreoffice-writer-nogui"
pytestmark = pytest.mark.drills


def documents():
    """Those of the tests, and twenty made up by lot: hypothesis cannot hand over many at once."""
    yield from (make_document(**values) for values in VARIED.values())
    for seed in range(20):
        yield made_up(random.Random(seed))


def made_up(chance):
    def words():
        return "A " + " ".join(chance.choices(WORDS, k=8))

    def points(depth=1):
        numbered, found = chance.random() < 0.6, []
        for number in range(1, chance.randint(2, 4)):
            mark = f"{number}. " if numbered else "- "
            found.append(mark + words())
            if depth < 4 and chance.random() < 0.4:
                found += [" " * len(mark) + line for line in points(depth + 1)]
        return found

    def text():
        return words() + "\n\n" + "\n".join(points()) + "\n\n" + words()

    sections = tuple(
        Section(f"Part {n}", tuple(Paragraph(text(), chance.random() < 0.8) for _ in range(3)))
        for n in range(3)
    )
    return make_document(
        summary=text(), recommendations=(text(), words()), lettered=chance.random() < 0.5,
        sections=sections,
    )  # fmt: skip


def opened(folder, *files):
    """{file: what LibreOffice reads in it, marks of lists among the words}"""
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
         "--convert-to", "txt:Text (encoded):UTF8", "--outdir", folder, *files],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    texts = {file: file.with_suffix(".txt").read_text(encoding="utf-8-sig") for file in files}
    # In plain text it draws a bullet by its level.
    return {file: re.sub("(?m)^( +)[◦▪] ", r"\1• ", text) for file, text in texts.items()}


@pytest.mark.skipif(shutil.which("soffice") is None, reason=ABSENT)
def test_libreoffice_shows_the_words_and_numbers_of_the_page(tmp_path, record_property):
    pages = {}
    for number, document in enumerate(documents()):
        path = tmp_path / f"{number}.docx"
        path.write_bytes(to_docx(document))
        said = html_lines(to_html(document)).replace("⟦", "").replace("⟧", "")
        pages[path] = squeezed(said)
    shown = {path: squeezed(text) for path, text in opened(tmp_path, *pages).items()}
    record_property("figure", f"{len(pages)} reports opened by LibreOffice")
    assert [path.name for path in pages if shown[path] != pages[path]] == []


def test_without_libreoffice_the_summary_says_what_to_install(tmp_path):
    """The drill above as a machine without it runs it: its programs are looked for in an empty
    folder."""
    drill = f"{__file__}::{test_libreoffice_shows_the_words_and_numbers_of_the_page.__name__}"
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-m", "drills", drill],
        env=os.environ | {"PATH": str(tmp_path)}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert run.returncode == 0
    (line,) = [line for line in run.stdout.split("\n") if line.startswith("SKIPPED")]
    assert "test_office.py" in line
    assert line.endswith(ABSENT)
