"""What goes out as a Word file comes in again: no word is lost, none changes its place, and no
number changes."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.document import Paragraph, Section, to_html
from reports.importing import parse_report
from reports.issuing import page_of
from reports.layouts import USUAL_ORDER
from reports.reading import page_text, word_text
from reports.word import to_docx

from .lines import html_lines, squeezed
from .papers import make_document
from .shapes import HEADERS, documents, lines


@st.composite
def ours(draw):
    """Reports in the forms that we print, none of it held back; recommendations without bullets
    in them, which come in as dashes."""
    return draw(
        documents(
            header_rows=draw(st.sampled_from(HEADERS[:2])),
            recommendations=tuple(draw(st.lists(lines, max_size=3))),
            draft=False,
            withheld="",
            order=USUAL_ORDER,
        )
    )


def said(document):
    """Words and numbers in their order; a bullet is neither."""
    return squeezed(html_lines(to_html(document)).translate(str.maketrans("", "", "⟦⟧•")))


def word(document):
    return word_text(to_docx(document))


def web(document):
    return page_text(page_of(document))


def lost_on_the_way(document, carried=word):
    """Where a report that came in again differs from the one that went out."""
    imported = parse_report(carried(document))
    before, after = said(document), said(imported.document)
    if imported.leftovers or before != after:
        return [imported.leftovers, before, after]
    return []


@given(ours())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_word_file_comes_in_as_it_went_out(document):
    assert lost_on_the_way(document) == []


def test_what_looks_like_a_number_within_a_paragraph_is_none():
    text = "One of it:\n2. and two, on a line of its own\n- and a dash\n\n1. inner\n2. second"
    document = make_document(
        summary="In short:\n\n1. one\n2. two",
        sections=(Section("Update", (Paragraph("First."), Paragraph(text), Paragraph("Last."))),),
    )
    imported = parse_report(word_text(to_docx(document))).document
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
