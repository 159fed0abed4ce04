"""The page, the PDF and the Word file say the same words with the same numbers in the same order,
to the eye and to a screen reader; and nothing is said that is not seen."""

import io
import itertools
import re

import docx
import lxml.html
import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings

from reports.document import Paragraph, Section, to_html, to_pdf
from reports.redflags import Kind, check, shared_runs
from reports.word import to_docx

from .lines import docx_lines, html_lines, pdf_lines, squeezed
from .papers import make_document, pdf_text
from .shapes import documents
from .test_document import VARIED


def differences(document):
    """What is not alike in the three, and what is amiss in the tag tree."""
    html, data = to_html(document), to_pdf(document)
    said = html_lines(html)
    found = structure_faults(data, html)
    if docx_lines(to_docx(document)) != said:
        found.append(f"Word says {docx_lines(to_docx(document))!r}, not {said!r}")
    if squeezed(pdf_lines(data)) != squeezed(said):
        found.append(f"the PDF says {pdf_lines(data)!r}, not {said!r}")
    return found


def structure_faults(data, html):
    """Headings, header cells, lists and bookmarks of a PDF, against the page it was made from."""
    page = lxml.html.document_fromstring(html)
    headings = [each.text_content() for each in page.iter("h1", "h2", "h3")]
    found = []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        tags = [
            item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/S" in item
        ]
        levels = [each.tag for each in page.iter("h1", "h2", "h3")]
        told = [str(tag.S)[1:].lower() for tag in tags if re.fullmatch("/H[1-6]", str(tag.S))]
        if told != levels or told[:1] != ["h1"] or told.count("h1") != 1:
            found.append(f"headings {told}, not {levels}")
        if any(int(b[1]) > int(a[1]) + 1 for a, b in itertools.pairwise(told)):
            found.append(f"a heading is skipped: {told}")
        headers = {str(tag.ID) for tag in tags if tag.S == "/TH"}
        for row in (tag for tag in tags if tag.S == "/TR"):
            label = None
            for cell in row.K:
                if cell.S == "/TH":
                    label = str(cell.ID)
                elif [str(name) for name in cell.A.get("/Headers", [])] != [label]:
                    found.append("a cell is not tied to the label before it")
        if len(headers) != len(page.findall(".//th")):
            found.append("header cells are missing")
        labels = 0
        for tag in tags:
            kids = [
                str(kid.S) for kid in tag.get("/K", []) if not isinstance(kid, int) and "/S" in kid
            ]
            if tag.S == "/L" and set(kids) != {"/LI"}:
                found.append(f"a list holds {kids}")
            if tag.S == "/LI" and kids not in (["/Lbl", "/LBody"], ["/LBody"]):
                found.append(f"a list item holds {kids}")
            if "/Lbl" in kids and tag.S != "/LI":
                found.append(f"a label stands in {tag.S}")
            labels += tag.S == "/Lbl"
        if labels != len(page.findall(".//li")):
            found.append(f"{labels} labels for {len(page.findall('.//li'))} items")
        marks = [title for item in pdf.open_outline().root for title in flattened(item)]
        if squeezed("|".join(marks)) != squeezed("|".join(headings)):
            found.append(f"bookmarks {marks}, not {headings}")
    return found


def kids_of(element):
    """The elements within one, without its own words and links."""
    return [kid for kid in element.get("/K", []) if not isinstance(kid, int) and "/S" in kid]


def tree(element):
    yield element
    for kid in kids_of(element):
        yield from tree(kid)


def flattened(item):
    yield item.title
    for child in item.children:
        yield from flattened(child)


@pytest.mark.parametrize("name", VARIED)
def test_page_pdf_and_word_say_the_same(name):
    assert differences(make_document(**VARIED[name])) == []


@given(documents())
@settings(max_examples=6, suppress_health_check=list(HealthCheck))
def test_whatever_its_shape_they_say_the_same(document):
    assert differences(document) == []


def test_a_difference_is_found():
    """The tests above can fail: another word, another number, a label that is none."""
    document = make_document()
    other = make_document(sections=(*document.sections[:1], *document.sections))
    html = to_html(document)
    assert squeezed(pdf_lines(to_pdf(other))) != squeezed(html_lines(html))
    assert docx_lines(to_docx(other)) != html_lines(html)
    assert html_lines(html.replace('start="2"', 'start="3"')) != html_lines(html)
    with pikepdf.open(io.BytesIO(to_pdf(document))) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") in ("/Lbl", "/H2"):
                item.S = pikepdf.Name.Span
        pdf.save(broken := io.BytesIO())
    faults = " ".join(structure_faults(broken.getvalue(), html))
    assert "headings" in faults
    assert "a list item holds" in faults


def test_long_lists_go_on_in_all_three_after_z():
    text = "Points:\n\n" + "\n".join(f"{n}. point" for n in range(1, 30))
    document = make_document(sections=(Section("H", (Paragraph(text),)),))
    assert differences(document) == []
    assert "⟦(z)⟧ point ⟦(aa)⟧ point ⟦(bb)⟧ point" in html_lines(to_html(document))


# Hidden text

HIDDEN = {
    "zero width": ("ni\u200bne v\u200da\u200cns", "nine vans"),
    "word joiner and byte order mark": ("ni\u2060ne\ufeff", "nine"),
    "soft hyphen": ("ni\u00adne", "nine"),
    "direction marks and embeddings": ("a\u200eb\u202ac\u202bd\u202ce", "abcde"),
    "direction isolates": ("a\u2066b\u2067c\u2068d\u2069e\u061c", "abcde"),
    "direction overrides": ("a\u202eb\u202dc", "abc"),
    "tag letters": ("a" + "".join(chr(0xE0000 + ord(letter)) for letter in "secret"), "a"),
    "variation selectors and joiners": ("a\ufe0fb\u034fc\u180ed", "abcd"),
    "fillers and blanks": ("a\u3164b\u115fc\u2800d\uffa0e", "abcde"),
    "invisible operators": ("2\u2062x\u2063y", "2xy"),
    "annotation marks": ("a\ufff9b\ufffac\ufffb", "abc"),
    "a stack of marks": ("e" + "\u0301\u0302\u0303\u0304\u0305" * 5, "é\u0302\u0303"),
    "a null and a bell": ("a\x00b\x07c", "a\ufffdb\ufffdc"),
    "letters of another script": ("\u0430\u0435\u043e", "\u0430\u0435\u043e"),
    "entities": ("R&amp;D &#8203; &nbsp;", "R&amp;D &#8203; &nbsp;"),
    "a comment": ("a <!-- secret --> b", "a <!-- secret --> b"),
    "a tag that hides": (
        "<span style=display:none>a</span>", "<span style=display:none>a</span>",
    ),
    "a definition of a link": ("[a]: https://example.org/a", "[a]: https://example.org/a"),
    "a comment of Markdown": ("[//]: # (secret)", "[//]: # (secret)"),
    "a picture's words": ("![seen](https://example.org/a)", "!seen"),
    "a link's title": ('[seen](https://example.org/a "secret")', "seen"),
    "a link without words": ("a [](https://example.org/secret)b", "a b"),
    "a link on nothing that is seen": ("a [\u200b](https://example.org/secret)b", "a b"),
    "an escape": (r"\*a\* \[b\]", "*a* [b]"),
    "much room": ("a" + " " * 300 + "b", "a b"),
}  # fmt: skip
# Only what is read as Markdown reads these so; a line of the header says them as they stand.
OF_MARKDOWN = {
    "a picture's words", "a link's title", "a link without words",
    "a link on nothing that is seen", "an escape",
}  # fmt: skip


def with_text(text, markdown):
    """A report that has a text in every place, after a word and before another."""
    said = f"Start {text} stop"
    plain = "Start plain stop" if markdown else said
    return make_document(
        subject=plain, report_of=plain, summary=said, recommendations=(said,), lead_in=plain,
        sections=(Section(plain, (Paragraph(said), Paragraph(f"One:\n\n- {said}", False))),),
        appendices=(said,), background_papers=(said,), withheld=said, contact=(said,),
    )  # fmt: skip


def between(text):
    return [each.strip() for each in re.findall(r"Start (.*?)\s*stop", text, re.DOTALL)]


@pytest.mark.parametrize("name", HIDDEN)
def test_what_is_not_seen_is_nowhere_and_all_say_the_same(name):
    typed, shown = HIDDEN[name]
    markdown = name in OF_MARKDOWN
    document = with_text(typed, markdown)
    html, word, pdf = to_html(document), to_docx(document), to_pdf(document)
    assert {*between(html_lines(html))} - {"plain"} == {shown}
    assert len(between(html_lines(html))) == 12
    assert docx_lines(word) == html_lines(html)
    assert squeezed(pdf_lines(pdf)) == squeezed(html_lines(html))
    if "\u0302" not in shown:  # the printer's own reader takes marks for letters of their own
        printed = squeezed(pdf_text(pdf))
        assert printed.count(squeezed(f"Start {shown} stop")) >= len({*between(html_lines(html))})
    assert "  " not in "".join(
        paragraph.text for paragraph in docx.Document(io.BytesIO(word)).paragraphs
    )
    if "secret" not in shown:
        assert "secret" not in html
        assert b"secret" not in pdf


@pytest.mark.parametrize(
    "typed",
    [
        "NINE vans, were-seen; at THE back gate (before) dawn!",
        "ni\u200bne va\u00adns we\u2060re seen at the back gate before dawn",
        "nine\xa0vans\u2003were\u2009seen\u3000at the\tback\ngate before dawn",
        "nin\u0435 v\u0430ns w\u0435re seen at the b\u0430ck g\u0430te bef\u043ere dawn",
        "nine\u202e vans\u2069 were seen at the back gate before dawn",
        "\uff4e\uff49\uff4e\uff45 vans were seen at the back gate before dawn",
        "**nine** vans *were* seen at the back gate before dawn",
    ],
)
def test_shared_words_are_found_however_they_are_dressed(typed):
    secret = "We know that nine vans were seen at the back gate before dawn."
    assert len(shared_runs(f"So {typed} it was", secret)) == 1
    assert len(shared_runs(secret, f"So {typed} it was")) == 1


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (Kind.PHONE, "\uff10\uff17700 900123"),
        (Kind.PHONE, "07700\u200b 900\u00ad123"),
        (Kind.EMAIL, "jo\u200b.bloggs@exam\u00adple.org"),
        (Kind.POSTCODE, "EC\u200d1A 1BB"),
        (Kind.POSTCODE, "\u0415\u04211A 1BB"),
        (Kind.PLATE, "A\u0412\uff11\uff12 CDE"),
        (Kind.MARKING, "OFFICIAL\u200b-SENSITIVE"),
        (Kind.MARKING, "\u041eFFICIAL-SENSITIVE"),
    ],
)
def test_what_is_disguised_is_found_all_the_same(kind, typed):
    document = make_document(sections=(Section("H", (Paragraph(f"Write to {typed} now."),)),))
    assert [(finding.kind, finding.where) for finding in check(document)] == [(kind, "Paragraph 1")]
