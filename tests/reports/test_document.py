import hashlib
import io
import random
import re
import subprocess
import sys

import outloud
import page
import pikepdf
import pytest

from reports.document import Document, Field, Paragraph, Run, Section, to_html, to_pdf
from reports.importing import parse_report
from reports.reading import read_report_file
from tests.reports.papers import fixture, make_document, pdf_text, seed_path, spoken, tokens


def conformity(data, tmp_path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(data)
    report = page.validate_pdf(path, profile=page.ValidationProfile.PDF_UA_1)
    heard = outloud.check(str(path))
    assert heard.error is None
    return [failure.message for failure in report.failures] + [
        finding.message for finding in heard.findings
    ]


def test_numbers_run_on_across_headings_and_unnumbered_paragraphs():
    parts = make_document().parts
    assert [[(run.start, len(run.texts)) for run in part.runs] for part in parts] == [
        [(1, 1)],
        [(2, 2), (None, 1), (4, 1)],
    ]
    assert parts[1].runs[2] == Run(4, ("A **strong** word and [a link](https://example.org/b).",))


def test_texts_say_where_each_stands():
    places = dict.fromkeys(where for where, _ in make_document().texts())
    assert list(places) == [
        "Committee(s)", "Date(s)", "Subject", "Report of", "Purpose", "Summary", "Heading",
        "Paragraph 1", "Paragraph 2", "Paragraph 3", "Update", "Paragraph 4", "Contact",
    ]  # fmt: skip


def test_header_table_ties_each_value_to_its_label():
    html = to_html(make_document())
    pairs = re.findall(
        r'<th scope="row" id="([^"]+)">([^<]*)</th>\s*<td headers="([^"]+)"[^>]*>(.*?)</td>', html
    )
    assert all(first == second for first, _, second, _ in pairs)
    assert [(label, re.sub("<[^>]*>", "", value)) for _, label, _, value in pairs] == [
        ("Committee(s):", "Safer Harbour Partnership"),
        ("Date(s):", "14 March 2019"),
        ("Subject:", "Harbour Crime Board - quarterly update"),
        ("Report of:", "Harbour Master, Port Authority"),
        ("Purpose:", "For Information"),
    ]
    assert html.count("<h1>") == 1


def test_a_report_whose_header_has_no_subject_still_has_one_main_heading():
    html = to_html(make_document(header_rows=((Field("Ward:", "All"),),)))
    assert html.index("<h1>Harbour Crime Board") < html.index("<table")
    assert html.count("<h1>") == 1


def test_what_people_type_is_escaped_everywhere():
    nasty = '<script>alert("x")</script>'
    html = to_html(
        Document(nasty, nasty, nasty, nasty, nasty, summary=nasty, recommendations=(nasty,),
                 sections=(Section(nasty, (Paragraph(nasty), Paragraph(nasty, numbered=False))),),
                 contact=(nasty,), withheld=nasty)
    )  # fmt: skip
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 12


def test_draft_and_marking_are_on_the_page_and_gone_when_not_due():
    both = to_html(make_document(draft=True, marking="OFFICIAL-SENSITIVE"))
    assert '<p class="report__marks"><strong>OFFICIAL-SENSITIVE</strong>' in both
    assert "DRAFT" in both
    neither = to_html(make_document())
    assert "DRAFT" not in neither
    assert "OFFICIAL" not in neither


def test_pdf_marks_every_page_at_both_ends():
    long = make_document(
        draft=True,
        marking="OFFICIAL-SENSITIVE",
        sections=(Section("Update", tuple(Paragraph("words " * 300) for _ in range(5))),),
    )
    pages = pdf_text(to_pdf(long), "-layout").split("\f")[:-1]
    assert len(pages) > 2
    for number, words in enumerate(pages, 1):
        lines = [line for line in words.splitlines() if line.strip()]
        assert "OFFICIAL-SENSITIVE" in lines[0]
        assert "DRAFT" in lines[0].replace(" ", "")
        assert "OFFICIAL-SENSITIVE" in lines[-1]
        assert f"Page {number} of {len(pages)}" in lines[-1]


def test_issued_official_pdf_has_no_marks():
    words = pdf_text(to_pdf(make_document()))
    assert "DRAFT" not in words.replace(" ", "")
    assert "OFFICIAL" not in words


def babble(seed):
    """Words that no other page starts with: else a checker takes them for a running head."""
    return " ".join(random.Random(seed).choices(WORDS, k=120))


WORDS = "the harbour board met again and heard from each port about boats fuel and tobacco".split()
VARIED = {
    "plain": {},
    "draft, sensitive, withheld, recommendations": {
        "draft": True,
        "marking": "OFFICIAL-SENSITIVE",
        "withheld": "Two paragraphs are withheld:\n\n- paragraph 3\n- paragraph 4",
        "recommendations": ("note the report", "ask for *more*:\n\n- one\n- two"),
    },
    "a summary with lists": {"summary": "Three:\n\n1. one\n2. two\n   - x\n   - y\n\nand more."},
    "five levels": {
        "sections": (
            Section("H", (Paragraph("p\n\n" + "".join(f"{'  ' * n}- {n}\n" for n in range(5))),)),
        )
    },
    "nothing but a header": {"summary": "", "sections": (), "contact": ()},
    "long": {
        "sections": tuple(
            Section(f"Part {n}", tuple(Paragraph(babble(10 * n + m)) for m in range(6)))
            for n in range(6)
        )
    },
    "links of every kind": {
        "summary": "**[a](https://example.org/a)** and [**b** c](https://example.org/b) and "
        "*https://example.org/a-long/address-that/breaks-over/several-lines-of/the-page/"
        "because-it-is/so-very-long/that-no-line-can/hold-it* and "
        "https://example.org/" + "one-piece-too-long-for-any-line-" * 5
    },
    "every script": {"summary": "ŵ ŷ £ € é “quoted” – — … ½ Ελληνικά Русский"},
}


@pytest.mark.parametrize("name", VARIED)
def test_pdf_ua_checkers_find_nothing(name, tmp_path):
    assert conformity(to_pdf(make_document(**VARIED[name])), tmp_path) == []


def test_the_checkers_do_find_what_is_wrong(tmp_path):
    """The sensitivity of the test above: an untitled, untagged file does not pass."""
    data = to_pdf(make_document())
    with pikepdf.open(io.BytesIO(data)) as pdf:
        del pdf.Root.StructTreeRoot
        del pdf.Root.Lang
        broken = io.BytesIO()
        pdf.save(broken)
    assert conformity(broken.getvalue(), tmp_path)


def test_structure_of_the_pdf():
    data = to_pdf(make_document())
    tags = [tag for tag, words in spoken(data) if not words]
    assert [tag for tag in tags if re.fullmatch("/H[1-6]", tag)] == ["/H1", *["/H2"] * 4]
    assert tags.count("/Table") == 1
    assert tags.count("/TH") == tags.count("/TD") == 5
    assert tags.count("/LI") == 4 + 3 + 2 + 1 + 1
    with pikepdf.open(io.BytesIO(data)) as pdf:
        bookmarks = []
        with pdf.open_outline() as outline:
            for item in outline.root:
                bookmarks += [item.title, *(child.title for child in item.children)]
        assert bookmarks == [
            "Harbour Crime Board - quarterly update", "Summary", "Background", "Update", "Contact",
        ]  # fmt: skip
        links = [
            str(annotation.A.URI) for sheet in pdf.pages for annotation in sheet.get("/Annots", [])
        ]
        assert links == [
            "https://example.org/page", "https://example.org/b", "mailto:office@example.org",
        ]  # fmt: skip
        assert str(pdf.Root.Lang) == "en-GB"
        assert str(pdf.docinfo["/Title"]) == "Harbour Crime Board - quarterly update"


def test_each_cell_has_its_own_label_as_header():
    with pikepdf.open(io.BytesIO(to_pdf(make_document()))) as pdf:
        cells = [
            item for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and str(item.get("/S")) in ("/TH", "/TD")
        ]  # fmt: skip
        headers = [str(cell.ID) for cell in cells if str(cell.S) == "/TH"]
        tied = [[str(name) for name in cell.A.Headers] for cell in cells if str(cell.S) == "/TD"]
    assert tied == [[name] for name in headers]


SECOND_PROCESS = """
import hashlib, django
django.setup()
from reports.document import to_pdf
from tests.reports.papers import make_document
print(hashlib.sha256(to_pdf(make_document())).hexdigest())
"""


def test_same_bytes_in_another_process(settings, monkeypatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.settings")
    monkeypatch.setenv("PYTHONHASHSEED", "77")
    other = subprocess.run(
        [sys.executable, "-c", SECOND_PROCESS],
        capture_output=True, text=True, check=True, cwd=settings.BASE_DIR,
    )  # fmt: skip
    assert other.stdout.strip() == hashlib.sha256(to_pdf(make_document())).hexdigest()


@pytest.mark.parametrize("source", ["fixture", "seed"])
def test_an_imported_report_comes_out_whole(source, tmp_path):
    if source == "seed":
        imported = parse_report(read_report_file(seed_path()))
        numbers, bullets = 13, {2: 3, 4: 5}
    else:
        imported = fixture("quarter.txt")
        numbers, bullets = 7, {2: 3, 4: 2}
    document = imported.document
    data = to_pdf(document)
    assert conformity(data, tmp_path) == []
    shown = pdf_text(data)
    head, _, body = shown.partition("Summary")
    assert document.committee in head
    assert document.date_words in " ".join(head.split())
    assert "For Information" in " ".join(head.split())
    found = tokens(body)
    position = 0
    for _, text in list(document.texts())[5:]:
        for word in tokens(text):
            position = found.index(word, position) + 1
    lines = [line.strip() for line in pdf_text(data, "-layout").splitlines()]
    starts = [int(line.partition(".")[0]) for line in lines if re.match(r"\d{1,2}\.\s", line)]
    assert starts == list(range(1, numbers + 1))
    counted = {}
    current = 0
    for line in lines:
        if re.match(r"\d{1,2}\.\s", line):
            current = int(line.partition(".")[0])
        elif line.startswith("•"):
            counted[current] = counted.get(current, 0) + 1
    assert counted == bullets
