"""Reports in the manner of a district (as text), a London borough (pasted from its page) and a
county (a Word file whose template numbers by itself) come in whole."""

import io
from collections import Counter

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from reports.contents import gather
from reports.importing import parse_report
from reports.models import CommitteeReport
from reports.reading import read_report

from .papers import FIXTURES, tokens
from .test_importing import placed

# The levels of the two lists of the county's template: how they count and what they show.
OUTLINE = (
    ("decimal", "%1."), ("decimal", "%1.%2"), ("lowerLetter", "(%3)"), ("lowerRoman", "(%4)"),
)  # fmt: skip
LETTERS = (("lowerLetter", "%1)"), ("lowerRoman", "%2."))
BULLETS = (("bullet", "\uf0b7"), ("bullet", "o"))
COUNTY = """\
H Purpose of the report
2 To tell Cabinet how the county’s partners met their duty.
H Recommendations
  Cabinet is recommended to:
a note this report;
a agree that the Executive Director
i sign the agreement with the police; and
i lay the strategy before Council;
a thank the partners.
H Background and context
2 The duty began in 2023. It rests on four authorities:
- the county;
- health, that is
o two trusts
o one board
- the fire service.
2 The needs assessment says that:
3 violence fell by 4.2 %;
3 two towns did not share in that:
4 Eastwick; and
4 Holm St Mary.
2 Cabinet asked for this report on 20 May 2025.
H Progress
S Eleven schools took part in the lessons.
T Work | Planned | Spent
T Lessons | £30,000 | £12,500
H Appendices
  Appendix 1: Needs assessment, in short
H Contact officers
  Public Protection Lead
  01632 960 201"""
HEADER = """\
Report to: | Northfold County Council Cabinet
Date of meeting: | Tuesday 18 November 2025
Title of report: | Serious violence and organised crime: mid-year report
Divisions affected: | All"""
# {the first letter of a line: (number of its list, level)}
PLACES = {"2": (1, 1), "3": (1, 2), "4": (1, 3), "-": (2, 0), "o": (2, 1), "a": (3, 0), "i": (3, 1)}


def county():
    """The bytes of the county's Word file."""
    word = docx.Document()
    numbering = word.part.numbering_part.element
    for child in list(numbering):
        numbering.remove(child)
    for number, levels in enumerate((OUTLINE, BULLETS, LETTERS), 1):
        shown = "".join(
            f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
            f'<w:lvlText w:val="{text}"/></w:lvl>'
            for at, (form, text) in enumerate(levels)
        )
        numbering.append(parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{shown}</w:abstractNum>'
        ))  # fmt: skip
    for number in (1, 2, 3):
        numbering.append(parse_xml(
            f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
        ))  # fmt: skip
    style = word.styles["Heading 1"].element.get_or_add_pPr()
    style.get_or_add_numPr().get_or_add_numId().val = 1
    add_table(word, HEADER.split("\n"))
    for line in COUNTY.split("\n"):
        kind, words = line[0], line[2:]
        if kind == "T":
            add_table(word, [words])
            continue
        paragraph = word.add_paragraph(words, style="Heading 1" if kind == "H" else None)
        list_id, level = PLACES.get("2" if kind == "S" else kind, (0, 0))
        if list_id:
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = level
            properties.get_or_add_numId().val = list_id
        if kind == "S":  # in a control for content, as templates have them
            control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent/></w:sdt>")
            paragraph._p.addprevious(control)
            control.find(qn("w:sdtContent")).append(paragraph._p)
    word.save(written := io.BytesIO())
    return written.getvalue()


def add_table(word, rows):
    table = word.add_table(rows=0, cols=rows[0].count("|") + 1)
    for row in rows:
        for cell, words in zip(table.add_row().cells, row.split(" | "), strict=True):
            cell.text = words


FILES = {
    "district.txt": lambda: (FIXTURES / "district.txt").read_bytes(),
    "borough.html": lambda: (FIXTURES / "borough.html").read_bytes(),
    "county.docx": county,
}


def document(name):
    return parse_report(read_report(FILES[name](), name))


def texts(imported):
    return {
        part.heading: [text for run in part.runs for text in run.texts]
        for part in imported.document.parts
    }


@pytest.mark.parametrize(
    ("name", "committee", "date", "subject", "rows"),
    [
        ("district.txt", "OVERVIEW AND SCRUTINY COMMITTEE", "11 June 2024",
         "Serious and organised crime: how the district plays its part", 8),
        ("borough.html", "Community Safety Scrutiny Panel", "5 March 2025",
         "Agenda item: Organised crime and exploitation, yearly report", 6),
        ("county.docx", "Northfold County Council Cabinet", "18 November 2025",
         "Serious violence and organised crime: mid-year report", 4),
    ],
)  # fmt: skip
def test_the_header(name, committee, date, subject, rows):
    imported = document(name)
    read = imported.document
    assert (read.committee, read.date_words, read.subject) == (committee, date, subject)
    assert len(read.rows) == rows
    assert read.title_field.value == subject
    assert imported.leftovers == ()


def test_no_word_and_no_number_of_the_text_is_dropped():
    source = FILES["district.txt"]().decode()
    # The marks of bullets are no words, nor is a committee's label, which its line did not have.
    assert Counter(tokens(source)) - placed(document("district.txt")) == Counter({"o": 2})


def test_the_district():
    imported = document("district.txt")
    parts = texts(imported)
    assert list(parts) == ["3.0 Background", "4.0 Progress", "5.0 Implications", "6.0 Conclusion"]
    assert parts["3.0 Background"][0].endswith(
        "Its duties are:\n\n- to share what its services see;\n- to use its own powers (licensing,"
        " planning, housing); and\n- to help those who are harmed:\n"
        "  - children who are used to carry drugs\n  - tenants whose homes are taken over"
    )
    assert parts["4.0 Progress"][0].endswith(
        "Of these:\n1. nine homes were made safe;\n2. three tenants moved; and\n3. two cases go on."
    )
    read = imported.document
    assert read.summary.startswith("1.1 To inform Members")
    assert read.recommendations[1] == (
        "ask Cabinet to\n\n1. keep the post of Disruption Officer for a further year;\n"
        "2. train all front-line staff by October; and\n"
        "3. receive a further report in December; and"
    )
    assert read.appendices[0] == "Appendix A - Performance in figures"
    assert read.background_papers == ("None",)
    assert len(read.contact) == 2


def test_the_borough():
    imported = document("borough.html")
    parts = texts(imported)
    assert list(parts) == ["3. Background", "Visits", "4. Financial implications"]
    assert parts["3. Background"][1] == (
        "3.2 In April the Cabinet RESOLVED –\n\n1. That the plan be approved.\n"
        "2. That the Lead Member keep it under review."
    )
    assert parts["Visits"][1] == (
        "Kind of place | Visits | Follow-up\nCar washes | 31 | 12\nNail bars | 30 | 7"
    )
    assert imported.document.summary.startswith("1.1 This paper tells")
    assert "**modern slavery**" in imported.document.summary
    assert imported.document.recommendations[1].endswith(
        "2. agree with the police how often visits are made, in particular\n"
        "   - at car washes\n   - at nail bars; and\n3. report back;"
    )


def test_the_county():
    imported = document("county.docx")
    assert texts(imported) == {
        "3. Background and context": [
            "3.1 The duty began in 2023. It rests on four authorities:\n\n- the county;\n"
            "- health, that is\n  - two trusts\n  - one board\n- the fire service.",
            "3.2 The needs assessment says that:\n(a) violence fell by 4.2 %;\n"
            "(b) two towns did not share in that:\n(i) Eastwick; and\n(ii) Holm St Mary.",
            "3.3 Cabinet asked for this report on 20 May 2025.",
        ],
        "4. Progress": [
            "4.1 Eleven schools took part in the lessons.",
            "Work | Planned | Spent\nLessons | £30,000 | £12,500",
        ],
    }
    read = imported.document
    assert read.summary == "1.1 To tell Cabinet how the county’s partners met their duty."
    assert (read.lead_in, read.lettered) == ("Cabinet is recommended to:", True)
    assert read.recommendations == (
        "note this report;",
        "agree that the Executive Director\n\n1. sign the agreement with the police; and\n"
        "2. lay the strategy before Council;",
        "thank the partners.",
    )
    assert read.appendices == ("Appendix 1: Needs assessment, in short",)
    assert read.contact == ("Public Protection Lead", "01632 960 201")


@pytest.mark.parametrize("name", FILES)
def test_it_prints_as_it_stood(client, world, name):
    """Through the page, as the secretary does it."""
    client.force_login(world.secretary)
    data = FILES[name]()
    sent = {"file": SimpleUploadedFile(name, data)}
    if name.endswith(".html"):
        sent = {"page": data.decode(), "pasted": "The same words"}
    answer = client.post("/reports/import/", {"board": world.board.pk, **sent})
    report = CommitteeReport.objects.get()
    assert answer["Location"] == report.get_absolute_url()
    read, kept = document(name).document, gather(report).document(draft=False)
    for field in ("summary", "recommendations", "lead_in", "lettered", "appendices", "order",
                  "background_papers", "contact", "parts"):  # fmt: skip
        assert getattr(kept, field) == getattr(read, field), field
    labels = [[field.label for field in row] for row in read.rows]
    assert [[field.label for field in row] for row in kept.rows] == labels
    assert kept.title_field.value == read.subject
    # The committee is another council's, and no date of ours says the day of the week.
    day = [] if name.endswith(".html") else ["Tuesday"]
    assert report.leftovers.split("\n") == [read.committee, *day]


# What else a Word file and Word's clipboard hold


def test_what_is_copied_from_word_keeps_its_lists():
    imported = parse_report((FIXTURES / "word_paste.html").read_text())
    assert texts(imported) == {
        "Background": ["It began.", "It has aims:\n\n- boats\n  - small"],
        "Update": ["It went **on** for long."],
    }
    assert [run.start for part in imported.document.parts for run in part.runs] == [1, 3]
    assert imported.leftovers == ()


BOX = (
    '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    "<mc:Choice><w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent>"
    "</mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p>"
    "</w:txbxContent></mc:Fallback></mc:AlternateContent>"
)
NOTES = (
    f'<w:footnotes {nsdecls("w")}><w:footnote w:id="2"><w:p><w:r><w:t>As counted.</w:t></w:r></w:p>'
    "</w:footnote></w:footnotes>"
)


def test_no_word_of_a_box_a_note_or_a_tracked_change_is_lost():
    word = docx.Document()
    for words in ("Committee: Harbour Committee", "Subject: Update"):
        word.add_paragraph(words)
    word.add_heading("Background", 1)
    word.element.body.insert(-1, parse_xml(
        f"<w:p {nsdecls('w')}><w:r><w:t>Nine boats</w:t>{BOX}<w:footnoteReference w:id='2'/></w:r>"
        "<w:ins><w:r><w:t xml:space='preserve'> came</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText> left</w:delText></w:r></w:del><w:r><w:t>.</w:t></w:r></w:p>"
    ))  # fmt: skip
    name, kind = PackURI("/word/footnotes.xml"), "application/xml"
    notes = Part(name, kind, NOTES.encode(), word.part.package)
    word.part.relate_to(notes, RELATIONSHIP_TYPE.FOOTNOTES)
    word.save(written := io.BytesIO())
    imported = parse_report(read_report(written.getvalue(), "report.docx"))
    assert texts(imported) == {"Background": ["Nine boats (As counted.) came.", "In a box."]}
