import re
import time

import pytest

from board.text import EMAIL
from reports import redflags
from reports.document import Paragraph, Section
from reports.importing import parse_report
from reports.reading import read_report_file
from reports.redflags import Kind, check, shared_runs, shared_with
from tests.reports.papers import fixture, make_document, seed_path


def found(look, text):
    return [finding.excerpt for finding in look(text, "Paragraph 1")]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Mobile: 07700 900123.", ["07700 900123"]),
        ("ring 07700900123 now", ["07700900123"]),
        ("+44 7700 900 123", ["+44 7700 900 123"]),
        ("+44 (0)7700-900-123", ["+44 (0)7700-900-123"]),
        ("0044 7700.900.123", ["0044 7700.900.123"]),
        ("0 7 7 0 0 9 0 0 1 2 3", ["0 7 7 0 0 9 0 0 1 2 3"]),
        ("07700\xa0900\xa0123", ["07700\xa0900\xa0123"]),
        ("at home on 01632 960123", ["01632 960123"]),
        ("Telephone: 020 7946 0123", []),
        ("107700 9001234", []),
        ("ref 07700 90012", []),
    ],
)
def test_phones(text, numbers):
    assert found(redflags.phones, text) == numbers


@pytest.mark.parametrize(
    ("address", "personal"),
    [
        ("ada.harbour@example.org", True),
        ("ada_harbour2@example.org", True),
        ("a.harbour@example.org", True),
        ("harbourmaster@gmail.com", True),
        ("soc-board@example.org", False),
        ("soc.board@example.org", False),
        ("community.safety@example.org", False),
        ("enquiries@example.org", False),
    ],
)
def test_emails(address, personal):
    assert found(redflags.emails, f"Write to {address}, please.") == [address] * personal


@pytest.mark.parametrize(
    ("look", "text", "excerpts"),
    [
        (redflags.postcodes, "at EC2P 2EJ and E1 6AN in 2018", ["EC2P 2EJ", "E1 6AN"]),
        (redflags.postcodes, "The A1 and B2B trade", []),
        (redflags.plates, "a van, AB12 CDE, and P123ABC", ["AB12 CDE", "P123ABC"]),
        (redflags.plates, "the M25 and the LFB", []),
        (
            redflags.markings,
            "OFFICIAL-SENSITIVE, Official Sensitive, SECRET",
            ["OFFICIAL-SENSITIVE", "Official Sensitive", "SECRET"],
        ),
        (redflags.markings, "an official secret of the restricted kind", []),
        (
            redflags.markup,
            "<p>a</p> b<br/> &nbsp; \ufffd",
            ["<p>", "</p>", "<br/>", "&nbsp;", "\ufffd"],
        ),
        (redflags.markup, "<https://example.org/> 3 < 4 R&D", []),
        (
            redflags.dead_links,
            "[x](javascript:a) file:///c www.example.org [y](/z)",
            ["](javascript:a)", "file:///c", "www.example.org", "](/z)"],
        ),
        (
            redflags.dead_links,
            "https://www.example.org [x](https://www.example.org) a@www.example.org data: x",
            [],
        ),
    ],
)  # fmt: skip
def test_other_patterns(look, text, excerpts):
    assert found(look, text) == excerpts


@pytest.mark.parametrize(
    "sentence",
    [
        "Members are asked to consider any names.",
        "Members are also kindly invited to comment.",
        "The Partnership is asked to approve the plan.",
        "The Safer Harbour Partnership is requested to agree this.",
        "Members are asked to note the report and agree its plan.",
        "It is recommended that the plan is adopted.",
        "Approval is sought for the plan.",
        "Members should decide.",
        "We ask members to choose.",
    ],
)
def test_asks(sentence):
    assert found(redflags.asks, f"All is well. {sentence} So it ends.") == [sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "Members are asked to note the report.",
        "Each agency was asked for its priorities.",
        "Members heard from the port.",
        "Partners were invited to the seminar.",
    ],
)
def test_no_asks(sentence):
    assert found(redflags.asks, sentence) == []


def test_an_ask_is_a_finding_only_in_a_report_for_information():
    sections = (Section("H", (Paragraph("Members are asked to agree."),)),)
    kinds = {
        purpose: [f.kind for f in check(make_document(purpose=purpose, sections=sections))]
        for purpose in ("For Information", "For Decision")
    }
    assert kinds == {"For Information": [Kind.ASK], "For Decision": []}


def test_empty_sections():
    document = make_document(sections=(Section("Finance"), Section("Law", (Paragraph(" "),))))
    assert [(f.kind, f.where) for f in check(document)] == [
        (Kind.EMPTY, "Finance"), (Kind.EMPTY, "Law"),
    ]  # fmt: skip


def test_a_clean_report_has_no_findings():
    assert check(make_document()) == ()


def test_the_fixture_has_its_three():
    document = fixture("quarter.txt").document
    assert [(f.kind, f.excerpt, f.where) for f in check(document)] == [
        (Kind.ASK, "Members are asked to consider who might follow.", "Paragraph 7"),
        (Kind.PHONE, "07700 900123", "Contact"),
        (Kind.EMAIL, "a.harbour@example.org", "Contact"),
    ]


def test_the_seed_has_its_three():
    source = seed_path().read_text(encoding="utf-8")
    mobile = re.search(r"Mobile: (.*)", source)[1].strip()
    address = EMAIL.search(source)[0]
    ask = re.search(r"Members are asked[^.]*\.", source)[0]
    findings = check(parse_report(read_report_file(seed_path())).document)
    assert [(f.kind, f.excerpt, f.where) for f in findings] == [
        (Kind.ASK, ask, "Paragraph 13"),
        (Kind.PHONE, mobile, "Contact"),
        (Kind.EMAIL, address, "Contact"),
    ]


def test_shared_runs_ignore_case_and_punctuation():
    secret = "informant says the grey van leaves the north quay at four each friday"
    text = "We know that The Grey Van - leaves 'the north quay', at four EACH\u200b Friday night."
    assert shared_runs(text, secret) == [
        "The Grey Van - leaves 'the north quay', at four EACH Friday"
    ]
    assert shared_runs("the grey van leaves the north quay", secret) == []
    assert shared_runs("", secret) == shared_runs(text, "") == []


def test_seven_words_are_not_eight():
    words = "one two three four five six seven eight"
    assert shared_runs(words, words) == [words]
    assert shared_runs(words, words.removesuffix(" eight")) == []
    assert shared_runs(words, words, words=9) == []


def test_shared_with_says_where_and_with_what():
    secret = "the board will watch three boats at the old quay this winter"
    paragraph = Paragraph("So. The Board will watch three boats at the old quay.")
    document = make_document(sections=(Section("H", (paragraph,)),))
    findings = shared_with(document, "restricted note", secret)
    assert [(finding.kind, finding.excerpt, finding.where) for finding in findings] == [
        (
            Kind.SHARED,
            "The Board will watch three boats at the old quay (restricted note)",
            "Paragraph 1",
        )
    ]


@pytest.mark.parametrize(
    "piece",
    ["a", "0", "07 ", "members ", "members is ", "A1 ", "a.b@", "<a ", "www.", "](", "home("],
)
def test_no_check_takes_a_second_for_a_hundred_kilobytes(piece):
    text = piece * (100_000 // len(piece)) + "!"
    looks = (
        redflags.phones, redflags.emails, redflags.postcodes, redflags.plates, redflags.markings,
        redflags.markup, redflags.dead_links, redflags.asks,
    )  # fmt: skip
    for look in looks:
        started = time.process_time()
        list(look(text, ""))
        assert time.process_time() - started < 1, look.__name__
