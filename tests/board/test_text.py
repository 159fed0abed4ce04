import re
import time
import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from board import text
from board.text import clean, digest, to_html, to_item_html, to_plain, validate_text

TAG = re.compile(r"<(/?)([a-z0-9]+)([^<>]*)>")


def nested(levels):
    return "".join(f"{'  ' * level}- level {level + 1}\n" for level in range(levels))


def sentence(words):
    with pytest.raises(ValidationError) as caught:
        validate_text(words)
    return caught.value.messages[0]


def test_paragraphs_bullets_numbers_links_and_emphasis():
    html = to_html(
        "A *first* and a **second** line\nand a third.\n\n- one\n- two\n  1. sub\n  2. sub\n"
    )
    assert html == (
        "<p>A <em>first</em> and a <strong>second</strong> line<br>and a third.</p>\n"
        '<ul>\n<li>one</li>\n<li>two\n<ol type="a">\n<li>sub</li>\n<li>sub</li>\n</ol>\n'
        "</li>\n</ul>\n"
    )


def test_bullets_need_no_blank_line_and_may_be_pasted_from_word():
    html = to_html(
        "Three areas:\n•\xa0\xa0\xa0boats\n\u00b7\ttobacco\n \uf0b7 fuel\no\tvapes\n\uf0a7\tcash"
    )
    assert html.count("<li>") == 5
    assert "<p>Three areas:</p>" in html


def test_loose_lists_hold_no_paragraphs():
    html = to_html("- one\n\n- two\n\n  more of two\n\n- three")
    assert "<li><p>" not in html
    assert "<li>two<br><br>more of two</li>" in html


def test_a_number_that_does_not_start_at_one_is_kept():
    assert to_html("3. three\n4. four").startswith('<ol start="3">')
    assert to_html("0. nought").startswith('<ol start="0">')


def test_item_html_has_no_paragraph_around_it():
    assert to_item_html("Words:\n\n- one\n\nand after.") == (
        "Words:\n<ul>\n<li>one</li>\n</ul>\nand after."
    )


@pytest.mark.parametrize(
    ("typed", "address", "shown"),
    [
        ("see https://example.org/a.", "https://example.org/a", "https://example.org/a"),
        ("(http://example.org/b_(c))", "http://example.org/b_(c)", "http://example.org/b_(c)"),
        ("<https://example.org/>", "https://example.org/", "https://example.org/"),
        ("[the site](https://example.org/x)", "https://example.org/x", "the site"),
        ("https://example.org/_a_/*b*", "https://example.org/_a_/*b", "https://example.org/_a_/*b"),
        ("board@example.org", "mailto:board@example.org", "board@example.org"),
        ("<board@example.org>", "mailto:board@example.org", "board@example.org"),
    ],
)
def test_links(typed, address, shown):
    found = re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', to_html(typed))
    assert found == [(address, shown)]


@pytest.mark.parametrize(
    "typed",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<b>)",
        "[x](vbscript:x)",
        "[x](file:///etc/passwd)",
        "[x](/relative)",
        "[x](//example.org)",
        "<javascript:alert(1)>",
        "<data:text/html;base64,AAAA>",
        "![x](https://example.org/x.png)<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        "<a href='javascript:x' style='x'>y</a>",
        "<svg/onload=alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
    ],
)
def test_hostile_markup_stays_words(typed):
    html = to_html(typed)
    for closing, tag, attributes in TAG.findall(html):
        assert tag in text.TAGS
        if tag == "a" and not closing:
            assert re.match(r' href="https?://example\.org/x\.png"', attributes)
        else:
            assert attributes == ""
    words = re.sub(r"<[^>]*>", "", html)
    assert "alert" not in typed or "alert(1)" in words


def test_entities_and_angle_brackets_show_as_typed():
    assert to_html("R&D &amp; 3 < 4") == "<p>R&amp;D &amp;amp; 3 &lt; 4</p>\n"


def test_a_ruled_line_is_not_a_list():
    validate_text("- - - - - - - -")
    assert to_html("- - - - - - - -") == "<p>- - - - - - - -</p>\n"


def test_five_levels_are_stored_and_shown():
    assert clean(nested(5)) == nested(5)
    assert to_html(nested(5)).count("<ul>") == 5


@pytest.mark.parametrize("levels", [6, 81, 300])
def test_deeper_lists_are_refused_and_yet_shown_without_loss(levels):
    assert "more than 5 levels deep" in sentence(nested(levels))
    html = to_html(nested(levels))
    assert "<ul>" not in html
    assert f"level {levels}" in html


@pytest.mark.parametrize(
    ("character", "code"),
    [("\0", "U+0000"), ("\x1b", "U+001B"), ("\ud800", "U+D800"), ("\u202e", "U+202E")],
)
def test_unprintable_characters_are_named_with_their_line(character, code):
    found = sentence(f"one\ntwo {character} three")
    assert "Line 2" in found
    assert code in found
    assert "\ufffd" in to_html(f"two {character}")


def test_one_box_holds_a_hundred_kilobytes():
    validate_text("a" * 100_000)
    assert "1000 kB" in sentence("a" * 1_000_000)
    assert "200 kB" in sentence("é" * 100_000)
    assert to_html("a" * 1_000_000).count("a") == 1_000_000


def test_clean_stores_what_was_typed_with_one_kind_of_line_end():
    assert clean("a\r\nb\rc\vd\u2028e\n  f  ") == "a\nb\nc\nd\ne\n  f  "
    assert clean("e\u0301 \xa05\xa0m 👩‍🚒 ŵ £ عربي") == "é \xa05\xa0m 👩‍🚒 ŵ £ عربي"


def test_a_digest_ignores_line_ends_and_forms_of_accents():
    assert digest("a\r\ne\u0301") == digest("a\né")
    assert digest("a") != digest("b")
    assert len(digest("\ud800")) == 64


def test_plain_text():
    assert to_plain("Words [here](https://example.org/) **now**:\n- a\n- b\n  1. c\n\n  d") == (
        "Words here (https://example.org/) now:\n\n- a\n- b\n  1. c\n  d"
    )


@given(st.text(max_size=300))
def test_no_text_breaks_it_and_only_our_tags_come_out(typed):
    html = to_html(typed)
    assert {tag for _, tag, _ in TAG.findall(html)} <= text.TAGS
    to_item_html(typed)
    to_plain(typed)
    digest(typed)


@given(st.text(alphabet="ab 1.-*_•\n\r\t\xa0[]()<>\\e\u0301", max_size=120))
def test_what_is_cleaned_is_clean_and_loses_no_word(typed):
    try:
        stored = clean(typed)
    except ValidationError:
        return
    assert clean(stored) == stored
    assert unicodedata.is_normalized("NFC", stored)
    words = sorted(re.findall("[abeé]+", stored))
    # Emphasis that begins or ends within a word, and a link behind one, would join two.
    apart = re.sub(r"(?<=[abeé])(?=\*+[abeé])", " ", stored.replace("](", "] ("))
    assert sorted(re.findall("[abeé]+", to_plain(apart))) == words


@pytest.mark.parametrize(
    "piece", ["*a ", "**", "[", "[a](", "_a_", "<", "http://", "a@", "1. a\n\n", "*_", "- ", "a."]
)
def test_long_texts_take_no_more_than_a_few_seconds(piece):
    started = time.process_time()
    to_html(piece * (100_000 // len(piece)))
    assert time.process_time() - started < 8
