import datetime
import io
import re
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from reports.document import Paragraph, Section
from reports.importing import parse_report
from reports.reading import word_lines
from reports.word import to_docx
from tests.reports.papers import make_document, tokens


def opened(document):
    return docx.Document(io.BytesIO(to_docx(document)))


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def marks(word):
    """(list number, level, words) of each paragraph that Word itself numbers or bullets."""
    found = []
    for paragraph in word.paragraphs:
        properties = paragraph._p.pPr.numPr if paragraph._p.pPr is not None else None
        if properties is not None:
            found.append((properties.numId.val, properties.ilvl.val, paragraph.text))
    return found


def shape(word, list_id):
    """(format, what is shown) of the levels of a list."""
    numbering = word.part.numbering_part.element
    abstract = numbering.xpath(f'w:num[@w:numId="{list_id}"]/w:abstractNumId/@w:val')[0]
    levels = numbering.xpath(f'w:abstractNum[@w:abstractNumId="{abstract}"]/w:lvl')
    return [
        (level.find(qn("w:numFmt")).get(qn("w:val")), level.find(qn("w:lvlText")).get(qn("w:val")))
        for level in levels
    ]


def test_headings_are_words_own():
    word = opened(make_document())
    headings = [p.text for p in word.paragraphs if p.style.name == "Heading 2"]
    assert headings == ["Summary", "Background", "Update", "Contact"]
    title = word.tables[0].cell(1, 1).paragraphs[0]
    assert (title.style.name, title.text) == (
        "Heading 1", "Harbour Crime Board - quarterly update",
    )  # fmt: skip


def test_one_list_numbers_the_paragraphs_across_headings():
    word = opened(make_document())
    found = marks(word)
    main = found[0][0]
    assert [text.partition("\n")[0] for number, _, text in found if number == main] == [
        "The Board began its work in 2017.",
        "It chose three matters:",
        "Steps:",
        "A strong word and a link.",
    ]
    assert shape(word, main)[0] == ("decimal", "%1.")
    assert "The page: https://example.org/page" in [p.text for p in word.paragraphs]
    assert "The page: https://example.org/page" not in [text for _, _, text in found]


def test_bullets_and_sub_numbers_are_lists_of_their_own():
    word = opened(make_document())
    found = {text: (number, level) for number, level, text in marks(word)}
    bullets, level = found["boats"]
    assert found["fuel"] == (bullets, level) == (bullets, 1)
    assert shape(word, bullets)[1] == ("bullet", "•")
    letters, level = found["first"]
    assert found["second"] == (letters, level)
    assert shape(word, letters)[level] == ("lowerLetter", "(%2)")
    roman, level = found["fourth"]
    assert level == 3
    assert shape(word, roman)[level] == ("lowerRoman", "(%4)")


def test_two_sub_lists_each_start_again():
    twice = Paragraph("One:\n\n1. a\n2. b\n\nTwo:\n\n3. c\n4. d")
    word = opened(make_document(sections=(Section("H", (twice,)),)))
    first, second = {n for n, level, _ in marks(word) if level == 1}
    starts = word.part.numbering_part.element.xpath("w:num/w:lvlOverride/w:startOverride/@w:val")
    assert [starts[first - 1], starts[second - 1]] == ["1", "3"]


def test_links_are_real():
    word = opened(make_document())
    links = {link.text: link.url for paragraph in word.paragraphs for link in paragraph.hyperlinks}
    assert links == {
        "https://example.org/page": "https://example.org/page",
        "a link": "https://example.org/b",
        "office@example.org": "mailto:office@example.org",
    }


def test_header_table():
    rows = opened(make_document()).tables[0].rows
    assert [[cell.text for cell in dict.fromkeys(row.cells)] for row in rows] == [
        ["Committee(s):", "Safer Harbour Partnership", "Date(s):", "14 March 2019"],
        ["Subject:", "Harbour Crime Board - quarterly update"],
        ["Report of:", "Harbour Master, Port Authority", "Purpose:", "For Information"],
    ]


@pytest.mark.parametrize(
    ("values", "top", "middle"),
    [
        ({"draft": True, "marking": "OFFICIAL-SENSITIVE"}, "OFFICIAL-SENSITIVE\tDRAFT", True),
        ({"draft": False, "marking": "OFFICIAL"}, "", False),
    ],
)
def test_marks_and_page_numbers(values, top, middle):
    section = opened(make_document(**values)).sections[0]
    assert section.header.paragraphs[0].text.strip() == top
    footer = section.footer.paragraphs[0]
    assert ("OFFICIAL-SENSITIVE" in footer.text) is middle
    fields = [field.get(qn("w:instr")) for field in footer._p.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_same_bytes_twice_and_nothing_about_who_made_it():
    data = to_docx(make_document())
    assert to_docx(make_document()) == data
    files = parts(data)
    assert not [name for name in files if "thumbnail" in name or "customXml" in name]
    together = "".join(files.values())
    for trace in ("python-docx", "rsid", "Macintosh", "w:comment ", "w:ins "):
        assert trace not in together
    core = opened(make_document()).core_properties
    assert core.title == "Harbour Crime Board - quarterly update"
    assert (core.author, core.last_modified_by, core.comments) == ("", "", "")
    assert core.created == core.modified == datetime.datetime(2019, 3, 14, tzinfo=datetime.UTC)
    assert core.language == "en-GB"
    assert 'w:lang w:val="en-GB"' in files["word/styles.xml"]


PARTS = {
    "[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "word/document.xml",
    "word/_rels/document.xml.rels", "word/styles.xml", "word/settings.xml", "word/webSettings.xml",
    "word/fontTable.xml", "word/theme/theme1.xml", "word/numbering.xml", "word/header1.xml",
    "word/footer1.xml",
}  # fmt: skip
# What tells of a person, of a revision, or hides a word.
TELLING = re.compile(
    r"<w:(?:ins|del|moveFrom|moveTo|comment\w*|rsid\w*|vanish|webHidden|proofErr|bookmarkStart"
    r"|docVars|attachedTemplate|people|author|permStart)\b|w:(?:author|initials|rsid\w*)="
)


@pytest.mark.parametrize("values", [{}, {"draft": True, "marking": "OFFICIAL-SENSITIVE"}])
def test_it_holds_these_parts_alone_and_none_tells_of_anybody(values):
    files = parts(to_docx(make_document(**values)))
    assert set(files) == PARTS
    told = {name: TELLING.findall(text) for name, text in files.items()}
    assert {name: found for name, found in told.items() if found} == {}
    filled = re.findall(r"<(?:dc|cp|dcterms):(\w+)[^>]*>([^<]+)<", files["docProps/core.xml"])
    assert dict(filled) == {
        "title": "Harbour Crime Board - quarterly update", "revision": "1", "language": "en-GB",
        "created": "2019-03-14T00:00:00Z", "modified": "2019-03-14T00:00:00Z",
    }  # fmt: skip
    outside = re.findall(r'Type="[^"]*/(\w+)" Target="[^"]*" TargetMode="External"',
                         files["word/_rels/document.xml.rels"])  # fmt: skip
    assert set(outside) == {"hyperlink"}


def test_every_paragraph_has_a_style_of_words_own_and_none_is_dressed_by_hand():
    word = opened(make_document(recommendations=("note it",)))
    assert {each.style.name for each in word.paragraphs} == {"Normal", "Heading 2"}
    runs = [run for each in word.paragraphs for run in each.runs]
    assert {run.font.size for run in runs} | {run.font.name for run in runs} == {None}
    assert word.tables[0].style.name == "Table Grid"


def test_every_word_of_the_document_is_in_it_in_order():
    document = make_document(
        recommendations=("note it",), withheld="One paragraph is withheld.",
        summary="Three:\n\n1. one\n2. two\n   - x\n\nand more.\n\nA second paragraph.",
    )  # fmt: skip
    shown = iter(tokens("\n".join(word_lines(to_docx(document)))))
    for where, text in document.texts():
        for word in tokens(text.replace("](https://example.org/b)", "")):
            if where.startswith("Paragraph") or where == "Summary":
                word = word.strip("0123456789")
            assert not word or word in shown, (where, word)


def test_words_that_xml_cannot_hold_do_not_break_it():
    document = make_document(subject="A \x00 \x0b \ud800 subject", report_of="<b>&\ufffe")
    assert "A \ufffd" in "\n".join(word_lines(to_docx(document)))


def test_it_reads_back_as_the_report_it_was():
    document = make_document(sections=(
        Section("Background", (Paragraph("One."), Paragraph("Two:\n\n- a\n- b"))),
        Section("Update", (Paragraph("Three, at length, and then some."),)),
    ))  # fmt: skip
    imported = parse_report(word_lines(to_docx(document)))
    assert imported.leftovers == ()
    assert imported.document.sections == document.sections
    assert imported.document.rows == document.rows
    assert imported.document.summary == document.summary
    assert imported.document.contact == document.contact
    assert imported.document.committee_date == document.committee_date
