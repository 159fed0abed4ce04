"""A return as a Word form, for the partner who has no account or will only send Word.

It goes out with last quarter's words in its boxes. What comes back is read into the secretary's
page, box by box, and nothing is entered by reading. Each row carries the name of its box in a
hidden run, so that a form whose questions were reworded is still understood.
"""

import io
import re
import zipfile

import docx
from docx.shared import Mm, Pt

from .models import Confidence, Direction, FourP

MAX_UNPACKED = 20_000_000
NAME = re.compile(r"⟦([a-z0-9_-]+)⟧")
NOTHING = "nothing"
CHOICES = {"confidence": Confidence, "direction": Direction, "strands": FourP}
HINTS = {
    NOTHING: "Write Yes if there is nothing to report; the other boxes may then stay as they are.",
    "strands": "Pursue, Prevent, Protect, Prepare: write those that apply.",
    "confidence": "High, Fair, Low or Cannot say. It starts empty each quarter.",
    "direction": "Improving, Steady or Worsening.",
    "report_text": "Two or three sentences anyone may read. They go nowhere until your agency "
    "clears them.",
}
ASKED = (
    "did", "strands", "emerging", "confidence", "confidence_because", "direction", "report_text",
    "objectives_progress", "outcome", "barriers",
)  # fmt: skip


class NotAForm(Exception):
    """The file cannot be read as a filled form; str() is a sentence for the person."""


def blank_form(sheet, marking):
    """The form as the bytes of a .docx. `sheet` is an unbound Sheet of the return."""
    word = docx.Document()
    word.core_properties.author = ""
    word.core_properties.title = f"Return of {sheet.agency_return.agency}, {sheet.round.title}"
    normal = word.styles["Normal"].font
    normal.name, normal.size = "Arial", Pt(11)
    for edge in (word.sections[0].header, word.sections[0].footer):
        edge.paragraphs[0].text = str(marking)
    word.add_heading(word.core_properties.title, 0)
    word.add_paragraph(
        f"Due {sheet.agency_return.due:%-d %B %Y}. Write in the right-hand boxes. They hold what "
        "you said last quarter: change only what has changed. Send the form back to the Board’s "
        "secretary. No names of cases or people, no intelligence, nothing above OFFICIAL-SENSITIVE."
    )
    if sheet.questions:
        word.add_heading("The Board’s two questions", 1)
        add_table(word, [row(sheet.questions, name) for name in sheet.questions.needs])
    for part in sheet.parts:
        if part.form:
            word.add_heading(part.priority.name, 1)
            nothing = (part.form.add_prefix(NOTHING), "Nothing to report", HINTS[NOTHING], "")
            add_table(word, [nothing, *(row(part.form, name) for name in ASKED)])
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def row(form, name):
    """(name of the box, question, hint, what stands in it)."""
    value = form[name].value() or ""
    if name in CHOICES:
        chosen = [value] if isinstance(value, str) else value
        value = ", ".join(CHOICES[name](one).label for one in chosen if one)
    return form.add_prefix(name), form[name].label, HINTS.get(name, ""), value


def add_table(word, rows):
    table = word.add_table(0, 2, style="Table Grid")
    for name, question, hint, value in rows:
        left, right = table.add_row().cells
        left.width, right.width = Mm(55), Mm(110)
        paragraph = left.paragraphs[0]
        paragraph.add_run(question).bold = True
        paragraph.add_run(f"⟦{name}⟧").font.hidden = True
        if hint:
            left.add_paragraph(hint)
        right.text = value


def read_form(content):
    """{name of a box: its text, or the codes of what was chosen} of a filled form, and the
    names of boxes whose choice could not be understood. Raises NotAForm."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise NotAForm("This Word file is too large when unpacked.")
        tables = docx.Document(io.BytesIO(content)).tables
    except NotAForm:
        raise
    except Exception as error:
        # A broken archive fails in many ways, all of which mean one thing to the person.
        raise NotAForm("This file cannot be read as a Word file (.docx).") from error
    found, unread = {}, []
    for line in (line for table in tables for line in table.rows if len(line.cells) == 2):
        if name := NAME.search(line.cells[0].text):
            text = "\n\n".join(p.text.strip() for p in line.cells[1].paragraphs if p.text.strip())
            kind = name[1].rpartition("-")[2]
            found[name[1]] = chosen(CHOICES[kind], text) if kind in CHOICES else text
            if text and not found[name[1]]:
                unread.append(name[1])
    if not found:
        raise NotAForm("This is not the form that was sent out: no box of it was found.")
    return found, unread


def chosen(choices, text):
    """The codes of the choices that are named in a text: all of them for the 4 Ps, else one."""
    words = text.lower()
    codes = [code for code, label in choices.choices if re.search(rf"\b{label.lower()}\b", words)]
    if choices is FourP:
        return codes
    return codes[0] if len(codes) == 1 else ""
