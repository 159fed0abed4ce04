import contextlib
import dataclasses
import datetime
import io
import re
import time
import unicodedata
import zipfile
from collections import Counter

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from board import text as small_markdown
from reports.document import to_html, to_pdf
from reports.importing import parse_report
from reports.placing import LETTERS, ROMANS
from reports.reading import (
    NotAReport,
    decode_report,
    read_report_file,
    text_lines,
    word_lines,
)
from reports.word import to_docx
from tests.reports.papers import FIXTURES, fixture, make_document, seed_path, tokens

HEAD = "Committee: Safer Harbour Partnership\nSubject: Update\n\n"


def placed(imported):
    """Every word that is somewhere: on the paper, in a label, as a number, or left over."""
    document = imported.document
    words = [word for row in document.rows for field in row for word in tokens(field.label)]
    for where, text in document.texts():
        if where.startswith("Paragraph "):
            words += tokens(where)[1:]
        words += tokens(text)
    for name, heading in document.order:
        if name != "report" and document.part_texts(name):
            words += tokens(heading)
    if document.recommendations:
        words += tokens(document.lead_in)
    for letter, point in zip(LETTERS, document.recommendations, strict=False):
        if document.lettered:
            words += [letter, *ROMANS[: point.count("\n") - 1 if "\n" in point else 0]]
    words += [word for line in imported.leftovers for word in tokens(line)]
    return Counter(words)


def numbered(document):
    return {
        run.start + at: text
        for part in document.parts
        for run in part.runs
        if run.start is not None
        for at, text in enumerate(run.texts)
    }


def test_header_fields():
    document = fixture("quarter.txt").document
    assert document.committee == "Safer Harbour Partnership"
    assert document.committee_date == datetime.date(2019, 3, 14)
    assert document.subject == "Harbour Crime Board - quarterly update"
    assert document.report_of == "Harbour Master, Port Authority"
    assert document.purpose == "For Information"
    assert [[field.label for field in row] for row in document.rows] == [
        ["Committee(s):", "Date(s):"], ["Subject:"], ["Report of:", "Purpose:"],
    ]  # fmt: skip


def test_fields_of_a_table_stay_side_by_side_whatever_they_ask():
    source = (
        "Committee: | Harbour Committee | Dated: | 14 March 2019\n"
        "Subject: | Update | Access: | Public\n"
        "Does this proposal require extra spending? | N\nWards affected | All\n\n1. It began.\n"
    )
    assert [[(field.label, field.value) for field in row] for row in
            parse_report(source).document.rows] == [
        [("Committee:", "Harbour Committee"), ("Dated:", "14 March 2019")],
        [("Subject:", "Update"), ("Access:", "Public")],
        [("Does this proposal require extra spending?", "N")],
        [("Wards affected", "All")],
    ]  # fmt: skip


def test_body():
    imported = fixture("quarter.txt")
    document = imported.document
    assert document.summary.startswith("This paper says")
    assert [part.heading for part in document.parts] == ["Background", "Update"]
    paragraphs = numbered(document)
    assert list(paragraphs) == [1, 2, 3, 4, 5, 6, 7]
    assert paragraphs[2].endswith("follow:\n\n- Stolen boats\n- Smuggled tobacco\n- Fuel theft")
    assert paragraphs[3] == "Each matter comes back to the Board once a year, in turn."
    assert paragraphs[4].count("\n- ") == 2
    assert [run.texts[0] for run in document.parts[1].runs if run.start is None] == [
        "Its page is at: <https://bollard.example.org/team/>"
    ]
    assert document.contact == (
        "A. Harbour", "Harbour Master", "Mobile: 07700 900123", "Email: a.harbour@example.org",
    )  # fmt: skip
    assert imported.leftovers == ("<p>", "</p>", "<p>", "</p>", "M")


def test_links_are_live_in_the_pdf():
    html = small_markdown.to_html(numbered(fixture("quarter.txt").document)[6])
    assert 'href="http://watch.example.org/guide"' in html


@pytest.mark.parametrize("name", ["quarter.txt", "quarter.md"])
def test_no_word_of_the_fixture_is_dropped(name):
    source = (FIXTURES / name).read_text(encoding="utf-8")
    assert not Counter(tokens(source)) - placed(fixture(name))


def test_no_word_of_the_seed_is_dropped():
    source = seed_path().read_text(encoding="utf-8")
    imported = parse_report(read_report_file(seed_path()))
    assert not Counter(tokens(source)) - placed(imported)
    paragraphs = numbered(imported.document)
    assert list(paragraphs) == list(range(1, 14))
    assert [paragraphs[at].count("\n- ") for at in (2, 3, 4, 5)] == [3, 0, 5, 0]
    loose = [run for part in imported.document.parts for run in part.runs if run.start is None]
    assert len(loose) == 1
    lines = [line.strip() for line in source.strip().splitlines()]
    assert imported.document.contact == tuple(lines[-4:])
    assert imported.document.committee == lines[1].partition("\t")[0]
    assert imported.document.date_words == lines[1].partition("\t")[2]


def test_markdown():
    document = fixture("quarter.md").document
    assert document.subject == "Harbour Crime Board - quarterly update"
    assert document.committee == "Safer Harbour Partnership"
    assert document.committee_date == datetime.date(2019, 3, 14)
    assert [part.heading for part in document.parts] == ["Background", "Update"]
    assert numbered(document)[2].count("- ") == 2


def test_a_number_out_of_turn_stays_a_word():
    document = parse_report(HEAD + "1. One.\n2. Two.\n7. Seven.\n3. Three.").document
    assert list(numbered(document)) == [1, 2, 3]
    assert numbered(document)[2] == "Two.\n7. Seven."


def test_wrapped_lines_are_joined_and_short_ones_are_not():
    first = "1. This line was broken by a mail program because it reached its edge"
    document = parse_report(HEAD + f"{first}\nand here it goes on.\n2. Short\nlines").document
    assert numbered(document)[1].endswith("its edge and here it goes on.")
    assert numbered(document)[2] == "Short\nlines"


def test_a_report_without_summary_contact_or_heading():
    document = parse_report(HEAD + "1. Only this.").document
    assert (document.summary, document.contact) == ("", ())
    assert [(part.heading, part.runs[0].start) for part in document.parts] == [("", 1)]


def test_what_cannot_be_placed_is_named():
    imported = parse_report("A line before all\n\n" + HEAD + "1. Words <b>bold</b> \x02 end.")
    assert imported.leftovers == ("U+0002", "<b>", "</b>", "A line before all")
    assert numbered(imported.document)[1].split() == ["Words", "bold", "end."]


PIECES = st.sampled_from(
    [
        "Committee(s):\tDate(s):", "Safer Harbour Partnership\t14 March 2019", "Subject: x y",
        "M Subject: z", "Report of: A, B\tFor Information", "Title: t", "Ward: all",
        "| Committee | SCP |", "<p>Summary</p> <p>Words.</p>", "Summary", "Summary: s", "# Top",
        "## Under", "Background", "Update", "1. one", " 2. two", "3) three", "4. four", "9. nine",
        "- dash", " - dash", "    - deep", "• dot", "* star", "– en", "-", "Words in a line.",
        "A line that runs on and on until it is longer than sixty letters", "Short", "", "", "",
        "<https://example.org/a>", "See [it](https://example.org/b).", "a<br>b<i>c</i>d", "&nbsp;",
        "Recommendations", "Members are asked to:", "(a) first", "(b) second", "(i) inner",
        "(ii) further", "(c) third", "Appendices", "Appendix 1: map", "Background papers",
        "2. Purpose of report", "RESOLVED - That it be so.", "1.1 one", "1.2 two",
        "Name Here", "Mobile: 07700 900123", "Email: a@example.org", "Contact", "\tx\ty", "_a_ *b*",
    ]
)  # fmt: skip


@given(st.lists(st.one_of(PIECES, st.text("ab1.-#\t <>•:é\u0301", max_size=12)), max_size=30))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_nothing_is_ever_dropped(lines):
    source = "\n".join(["Committee(s): Safer Harbour Partnership", *lines])
    try:
        imported = parse_report(source)
    except NotAReport:
        assume(False)
    missing = Counter(tokens(unicodedata.normalize("NFC", source))) - placed(imported)
    assert not missing


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"%PDF-1.7\n1 0 obj", "This is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", r"old Word file \(\.doc\)"),
        (b"PK\x03\x04rest", "Word file or an archive"),
        (b"Committee: x\x00\n1. y", "not text"),
        (bytes(range(256)) * 4, "not text"),
        (b"\xff\xfeA", "not text"),
        (b"a" * 2_000_001, "larger than 2 MB"),
    ],
)
def test_files_that_are_no_text(data, sentence, tmp_path):
    path = tmp_path / "report.txt"
    path.write_bytes(data)
    with pytest.raises(NotAReport, match=sentence):
        read_report_file(path)


def test_a_pdf_renamed_is_refused(tmp_path):
    path = tmp_path / "report.txt"
    path.write_bytes(to_pdf(make_document()))
    with pytest.raises(NotAReport, match="This is a PDF"):
        read_report_file(path)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("Milk\nBread\n\n1. Eggs", "does not read like a committee report"),
        ("Committee: x\nSubject: y", "no paragraphs"),
        (HEAD + "Summary\n\nOnly a summary.", "no paragraphs"),
        (HEAD + "1. " + "word " * 30_000, "149 kB long"),
        (HEAD + "1. x\n- " + "- " * 9 + "x", "levels deep"),
        (HEAD + "1. x\x00y", "not text"),
    ],
)
def test_texts_that_are_no_report(source, sentence):
    with pytest.raises(NotAReport, match=sentence):
        parse_report(source)


@pytest.mark.parametrize(
    ("encoding", "words"),
    [("utf-8", "café – ŵ"), ("utf-8-sig", "café"), ("utf-16", "café ŵ"), ("cp1252", "café – “x”")],
)
def test_encodings(encoding, words):
    assert decode_report(words.encode(encoding)) == words


def test_word_files(tmp_path):
    path = tmp_path / "report.docx"
    path.write_bytes(to_docx(make_document()))
    document = parse_report(read_report_file(path)).document
    assert document.committee == "Safer Harbour Partnership"
    assert [part.heading for part in document.parts] == ["Background", "Update"]
    assert list(numbered(document)) == [1, 2, 3, 4]


def test_broken_and_swollen_word_files(tmp_path):
    path = tmp_path / "report.docx"
    path.write_bytes(b"PK\x03\x04 no archive")
    with pytest.raises(NotAReport, match="cannot be read as a Word file"):
        read_report_file(path)
    swollen = io.BytesIO()
    with zipfile.ZipFile(swollen, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 30_000_000)
    path.write_bytes(swollen.getvalue())
    with pytest.raises(NotAReport, match="too large when unpacked"):
        read_report_file(path)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(NotAReport, match="cannot be opened: No such file"):
        read_report_file(tmp_path / "none.txt")


@pytest.mark.parametrize("line", ["a", "- x", "Heading", "9. x", "<p>", "x\ty", "\\", ""])
def test_long_files_take_no_more_than_a_few_seconds(line):
    started = time.process_time()
    with contextlib.suppress(NotAReport):
        parse_report(HEAD + "1. x\n\n" + f"{line}\n\n" * 20_000)
    assert time.process_time() - started < 10


OTHERS = """\
Communities and Harbour Committee\t\t24 September 2019

Serious, violent and organised crime in the borough

Final Decision-Maker: Communities and Harbour Committee
Lead Officer and Report Author: Community Protection Manager
Classification: Public
Wards affected: All

Executive Summary

This report tells members what the partnership did.

Recommendations

(a) That the report be noted;
(b) That the Head of Service:
    (i) writes to the Home Office; and
    (ii) reports back in March.

1. INTRODUCTION AND BACKGROUND

1.1 The Council is a responsible authority.

1.2 The partnership has three priorities.

2. AVAILABLE OPTIONS

2.1 Members could do nothing, as 1.2 says.

2.1.1 A further level is kept.

RESOLVED - That the report be received.

3. REPORT APPENDICES

Appendix 1: Profile of the borough
Appendix 2: Action plan

Contact officer: Community Protection Manager
Telephone: 020 7946 0101
Email: community.protection@example.org
"""


def test_another_councils_report_comes_in_whole():
    imported = parse_report(OTHERS)
    document = imported.document
    assert document.committee == "Communities and Harbour Committee"
    assert document.committee_date == datetime.date(2019, 9, 24)
    assert document.subject == "Serious, violent and organised crime in the borough"
    assert document.report_of == "Community Protection Manager"
    assert document.summary == "This report tells members what the partnership did."
    assert document.lettered
    assert document.recommendations == (
        "That the report be noted;",
        "That the Head of Service:\n\n1. writes to the Home Office; and\n2. reports back in March.",
    )
    assert [part.heading for part in document.parts] == [
        "1. INTRODUCTION AND BACKGROUND", "2. AVAILABLE OPTIONS",
    ]  # fmt: skip
    texts = [run.texts[0] for part in document.parts for run in part.runs]
    assert texts[0] == "1.1 The Council is a responsible authority."
    assert "RESOLVED - That the report be received." in texts
    assert document.appendices == ("Appendix 1: Profile of the borough", "Appendix 2: Action plan")
    assert document.contact[0] == "Contact officer: Community Protection Manager"
    assert imported.leftovers == ()
    present = [
        pair for pair in document.order if pair[0] == "report" or document.part_texts(pair[0])
    ]
    assert present == [
        ("summary", "Executive Summary"), ("recommendations", "Recommendations"), ("report", ""),
        ("appendices", "3. REPORT APPENDICES"), ("contact", "Contact"),
    ]  # fmt: skip
    # The words that the parser itself gives a place to: its own labels, and the usual heading.
    lost = Counter(tokens(OTHERS)) - placed(imported)
    assert lost == Counter()


COUNCIL = {
    "recommendations": (
        "notes the report;",
        "asks the Head of Service{}\n\n1. to write to the Home Office; and\n"
        "2. to report back in March;",
        "thanks the volunteers.",
    ),
    "lead_in": "That the Committee:",
    "lettered": True,
    "appendices": ("Appendix 1: Profile of the borough", "Appendix 2: Action plan"),
}
TEAM = ", whose team keeps the plan and answers for it,"


@pytest.mark.parametrize(
    ("name", "team", "sections"),
    [
        ("council.txt", TEAM, ["3. BACKGROUND", "4. UPDATE"]),
        ("council.html", "", ["Background", "Update"]),
    ],
)
def test_each_part_of_a_councils_report_lands_in_its_place(name, team, sections):
    imported = fixture(name)
    document = imported.document
    for field, value in COUNCIL.items():
        if field == "recommendations":
            value = tuple(point.format(team) for point in value)
        assert getattr(document, field) == value, field
    assert document.subject == "Violence and organised crime in the borough"
    assert document.committee_date == datetime.date(2019, 9, 24)
    assert document.summary.startswith("1.1 To tell" if team else "To tell members what the")
    assert document.background_papers[-1] == "The strategy of 2018"
    assert document.contact[:2] == ("Community Protection Manager", "Telephone: 020 7946 0101")
    assert [part.heading for part in document.parts] == sections
    assert imported.leftovers == ()
    source = (FIXTURES / name).read_text(encoding="utf-8")
    source = "\n".join(text_lines(source)) if name.endswith("html") else source
    assert Counter(tokens(source)) - placed(imported) == Counter()


def test_numbers_and_links_of_a_page_stay():
    document = fixture("council.html").document
    assert numbered(document)[2] == "The partnership has three priorities:\n\n- boats\n- tobacco"
    assert numbered(document)[3].endswith("See [the page](https://example.org/visits).")


@pytest.mark.parametrize("name", ["council.txt", "council.html"])
def test_word_and_page_of_a_councils_report_read_back_the_same(name):
    document = dataclasses.replace(fixture(name).document, draft=False)
    for text in (word_lines(to_docx(document)), str(to_html(document))):
        again = parse_report(text)
        assert again.leftovers == ()
        for field in ("recommendations", "lettered", "lead_in", "appendices", "background_papers",
                      "contact", "summary", "parts"):  # fmt: skip
            ours, read = (str(getattr(each, field)) for each in (document, again.document))
            assert re.sub("[<>]", "", read) == re.sub("[<>]", "", ours), field


@pytest.mark.parametrize(
    ("lines", "points"),
    [
        (["(a) one", "(c) two"], ("(a) one", "(c) two")),
        (["(i) one", "(ii) two"], ("(i) one", "(ii) two")),
        (["(a) one", "(ii) two"], ("(a) one", "(ii) two")),
        (["- one", "- two"], ("one", "two")),
        (["That it be noted."], ("That it be noted.",)),
    ],
)
def test_marks_that_do_not_stand_in_turn_stay_words(lines, points):
    source = HEAD + "Recommendations\n\n" + "\n".join(lines) + "\n\nBackground\n\n1. It began.\n"
    document = parse_report(source).document
    assert (document.recommendations, document.lettered) == (points, False)


def test_recommendations_with_numbers_that_run_on_stay_where_they_are():
    source = HEAD + "Recommendations\n1. Note it.\n\nBackground\n2. It began.\n"
    document = parse_report(source).document
    assert document.recommendations == ()
    assert list(numbered(document)) == [1, 2]


@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.text("abc .", min_size=3, max_size=12)),
        min_size=3, max_size=9,
    )
)  # fmt: skip
@settings(deadline=None)
def test_decimal_numbers_stay_as_they_were(rows):
    lines = [f"{depth}.{at}{'.1' * (depth - 1)} Word {words}".strip() for at, (depth, words) in
             enumerate(rows, 1)]  # fmt: skip
    imported = parse_report(HEAD + "Background\n\n" + "\n\n".join(lines) + "\n\nThe end of it.\n")
    kept = [run.texts[0] for part in imported.document.parts for run in part.runs]
    assert kept[: len(lines)] == lines
