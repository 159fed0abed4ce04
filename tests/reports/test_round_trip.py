"""What goes out as a Word file or as a web page comes in again: no word is lost, none changes its
place, and no number changes."""

import dataclasses
import re
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reports.contents import points
from reports.document import Paragraph, Section, to_html, to_pdf
from reports.importing import parse_report
from reports.issuing import page_of
from reports.layouts import USUAL_ORDER
from reports.placing import as_lines
from reports.reading import text_lines, word_lines
from reports.word import to_docx

from .lines import html_lines, squeezed
from .papers import make_document, pdf_text, tokens
from .shapes import HEADERS, HEADINGS, documents, lines, lists, texts
from .test_importing import placed


@st.composite
def ours(draw):
    """Reports in the forms that we print, which name the subject; none of it held back."""
    headers = draw(st.sampled_from(HEADERS[:2]))
    return draw(documents(header_rows=headers, draft=False, withheld=""))


def said(document):
    """Words and numbers in their order; a bullet is neither."""
    return squeezed(html_lines(to_html(document)).translate(str.maketrans("", "", "⟦⟧•")))


def page(document):
    """All that the page says and how, line by line, but for its word DRAFT."""
    html = to_html(dataclasses.replace(document, draft=False))
    return [line for line in html.split("\n") if line.strip()]


def word(document):
    return word_lines(to_docx(document))


def web(document):
    return text_lines(page_of(document))


def lost_on_the_way(document, carried=word, compared=said):
    """Where a report that came in again differs from the one that went out."""
    imported = parse_report(carried(document))
    before, after = compared(document), compared(imported.document)
    if imported.leftovers or before != after:
        return [imported.leftovers, before, after]
    return []


@given(ours())
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
def test_a_word_file_comes_in_as_it_went_out(document):
    """Word does not say where one paragraph without a number ends and another begins: the words,
    their order and their numbers are the same, not the cut."""
    assert lost_on_the_way(document) == []


@given(ours())
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
def test_a_web_page_comes_in_as_it_went_out(document):
    """The same page: every heading, list, level, number, link and emphasis."""
    assert lost_on_the_way(document, web, page) == []


@pytest.mark.parametrize("carried", [word, web])
def test_what_the_generator_may_miss_comes_in_too(carried):
    """A summary that begins with numbers, lists of five levels, bullets in a recommendation."""
    deep = (
        "Levels:\n\n1. one\n   1. two\n      - three\n        1. four\n           3. five\n"
        "           4. five more\n2. one more"
    )
    asked = "ask the Harbour Master\n\n- to write;\n- to report\n  1. in March;\n  2. in June"
    document = make_document(
        summary="1. In short.\n2. And shorter.", recommendations=(asked, "note it", deep),
        sections=(Section("Update", (Paragraph(deep), Paragraph("Last."))),), lettered=True,
    )  # fmt: skip
    assert lost_on_the_way(document, carried, page) == []
    assert lost_on_the_way(dataclasses.replace(document, lettered=False), carried, page) == []


@given(st.lists(st.one_of(lines, st.tuples(lines, lists()).map(
    lambda parts: f"{parts[0]}\n\n" + "\n".join(parts[1]))), min_size=1, max_size=4))  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_recommendations_are_kept_as_a_person_types_them(texts):
    assert points(as_lines(tuple(texts))) == tuple(texts)


def test_what_looks_like_a_number_within_a_paragraph_is_none():
    text = "One of it:\n2. and two, on a line of its own\n- and a dash\n\n1. inner\n2. second"
    document = make_document(
        summary="In short:\n\n1. one\n2. two",
        sections=(Section("Update", (Paragraph("First."), Paragraph(text), Paragraph("Last."))),),
    )
    imported = parse_report(word(document)).document
    assert [run.start for part in imported.parts for run in part.runs] == [1]
    assert [len(run.texts) for part in imported.parts for run in part.runs] == [3]
    assert lost_on_the_way(document) == []


@pytest.mark.parametrize("carried", [word, web])
@pytest.mark.parametrize(
    "words",
    [
        "See [the page](https://example.org/a) and https://example.org/b.",
        "In short:\n\n- one\n  1. the first\n  2. the second\n- two",
    ],
    ids=["links", "numbers within bullets"],
)
def test_what_is_within_a_text_comes_in_as_it_stood(words, carried):
    document = make_document(
        summary=words, sections=(Section("Update", (Paragraph(words), Paragraph("Last."))),)
    )
    assert lost_on_the_way(document, carried) == []
    if "](" in words:
        assert parse_report(carried(document)).document.summary == words


# A PDF's text


@st.composite
def numbered_papers(draw):
    """Reports in the shape of the seed: what has no number is a line, below one that has."""
    paragraphs = st.lists(
        st.builds(Paragraph, texts()) | st.builds(Paragraph, lines, st.just(False)),
        max_size=3,
    )
    sections = tuple(
        Section(heading, (Paragraph(draw(texts())), *draw(paragraphs)))
        for heading in draw(st.lists(HEADINGS, min_size=1, max_size=3))
    )
    asked = tuple(draw(st.lists(lines, max_size=3)))
    return draw(
        documents(header_rows=(), draft=False, withheld="", summary=draw(lines), order=USUAL_ORDER,
                  sections=sections, recommendations=asked)
    )  # fmt: skip


def skeleton(document):
    """[(heading, [number or bullet …])] of the sections, in order."""
    return [
        (
            part.heading,
            [
                mark
                for run in part.runs
                for at, text in enumerate(run.texts)
                for mark in (
                    *([] if run.start is None else [run.start + at]),
                    *re.findall("(?m)^ *(-) ", text),
                )
            ],
        )
        for part in document.parts
    ]


@given(numbered_papers())
@settings(
    max_examples=6, deadline=None, suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)  # fmt: skip
def test_the_text_of_a_pdf_comes_in_with_its_headings_numbers_and_bullets(document):
    """No report of ours goes out as text, but people copy it from the PDF. A text does not say
    which line ends a paragraph (a page ends within one, a line breaks where it is full), how deep
    a bullet stands once its paragraph goes on, which words are a link or strong, nor whether a
    heading that text follows without a number is one: those are not compared."""
    text = pdf_text(to_pdf(document), "-layout")
    imported = parse_report(text)
    assert skeleton(imported.document) == skeleton(document)
    assert "Page 1 of" not in to_html(imported.document)  # the foot of a page is no text
    rest = [line for line in imported.leftovers if not re.search(r"Page \d+ of \d+$", line)]
    assert rest == []
    words = Counter(tokens(html_lines(to_html(document)))) - placed(imported)
    assert words == Counter()
