import io
import re

import pytest
from django.core.management import CommandError, call_command

from board.workflow import perform
from reports import checks
from reports.contents import gather
from reports.models import CommitteeReport
from reports.redflags import Kind
from reports.transitions import CLEAR, ISSUE, WITHDRAW
from tests.builders import make_board

from .papers import FIXTURES, fixture, pdf_text, seed_path, tokens

REPORT = """\
Committee(s):\tParent of SOC Board
Date(s):\t14 March 2019
Subject: Quarterly update
Report of: Harbour Master
For Information

Summary

In short.

Background

1. It began in 2017.

Update

2. It went on:

- one
- two

Harbour Master
Telephone: 020 7946 0123
"""


def run(name, *args, **options):
    out = io.StringIO()
    call_command(name, *args, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def text_file(tmp_path):
    path = tmp_path / "earlier.txt"
    path.write_text(REPORT)
    return path


def imported(path, **options):
    address = run("import_report", path, **options).splitlines()[-1]
    assert address.startswith("/reports/")
    return CommitteeReport.objects.get(ref=address.split("/")[2])


def test_a_text_becomes_a_draft_and_its_address_is_the_last_line(world, text_file):
    report = imported(text_file)
    assert report.state == CommitteeReport.State.DRAFT
    assert report.to_board == world.parent
    assert report.ref == "parent-of-soc-board-2019-03-14"
    assert str(report.committee_date) == "2019-03-14"
    assert (report.subject, report.report_of) == ("Quarterly update", "Harbour Master")
    assert report.summary == "In short."
    assert [(s.heading, [p.text for p in s.paragraphs.all()]) for s in report.sections.all()] == [
        ("Background", ["It began in 2017."]),
        ("Update", ["It went on:\n\n- one\n- two"]),
    ]
    assert report.contact == "Harbour Master\nTelephone: 020 7946 0123"
    assert report.imported_from == "earlier.txt"
    assert report.drafted_by is None


@pytest.mark.parametrize("name", ["council.txt", "council.html"])
def test_another_councils_report_prints_as_it_stood(world, name):
    """Its parts in their fields, and its own form as data that the next report can have."""
    report = imported(FIXTURES / name)
    read, kept = fixture(name), gather(report).document(draft=False)
    for field in (
        "summary", "recommendations", "lead_in", "lettered", "appendices", "background_papers",
        "contact", "parts", "order",
    ):  # fmt: skip
        assert getattr(kept, field) == getattr(read.document, field), field
    labels = [field.label for row in kept.rows for field in row]
    assert labels == [field.label for row in read.document.rows for field in row]
    # The committee is one of another council's: its name is kept aside.
    assert report.leftovers == "Communities and Harbour Committee"
    again = imported(FIXTURES / name)
    assert (again.layout, again.layout.board) == (report.layout, world.board)
    assert again.layout.name == f"As in {name}"


def test_what_finds_no_place_is_kept_and_named(world, tmp_path):
    path = tmp_path / "stray.txt"
    path.write_text(
        REPORT.replace("In short.", "<p>In short.</p>")
        .replace("Parent of SOC Board", "Committee Elsewhere")
        .replace("14 March 2019", "some day in spring")
    )
    out = run("import_report", path)
    report = CommitteeReport.objects.get()
    assert report.leftovers.split("\n") == [
        "<p>", "</p>", "Committee Elsewhere", "some day in spring",
    ]  # fmt: skip
    for words in report.leftovers.split("\n"):
        assert words in out
    assert report.to_board == world.parent
    assert report.committee_date is None
    assert out.splitlines()[-1] == "/reports/parent-of-soc-board-undated/"


@pytest.mark.parametrize("content", [b"%PDF-1.7 x", b"", b"\x00\x01\x02", b"A shopping list\n"])
def test_a_file_that_is_no_report_leaves_nothing_behind(world, tmp_path, content):
    path = tmp_path / "report.txt"
    path.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        run("import_report", path)
    assert str(refused.value).endswith(".")
    assert not CommitteeReport.objects.exists()


def test_a_file_that_is_not_there_is_said(world, tmp_path):
    with pytest.raises(CommandError, match="cannot be opened"):
        run("import_report", tmp_path / "nothing.txt")


def test_without_a_board_it_says_what_to_do_first(db, text_file):
    with pytest.raises(CommandError, match="load the demo"):
        run("import_report", text_file)


def test_with_several_boards_one_is_named(world, text_file):
    make_board("Other Board")
    with pytest.raises(CommandError, match="other-board, soc-board"):
        run("import_report", text_file)
    with pytest.raises(CommandError, match="No board has the slug nobody"):
        run("import_report", text_file, board="nobody")
    assert imported(text_file, board="other-board").board.slug == "other-board"


@pytest.mark.parametrize("form", ["pdf", "docx", "html"])
def test_a_draft_is_exported_and_marked(world, text_file, tmp_path, form):
    report = imported(text_file)
    target = tmp_path / f"out.{form}"
    run("export_report", report.ref, format=form, output=target)
    data = target.read_bytes()
    start = {"pdf": b"%PDF-", "docx": b"PK", "html": b"<!doctype html>"}[form]
    assert data.startswith(start)
    if form == "pdf":
        assert "DRAFT" in "".join(pdf_text(data).split())


def test_an_issued_report_is_exported_as_it_was_issued(world, text_file, tmp_path):
    report = imported(text_file)
    report = perform(ISSUE, perform(CLEAR, report, by=world.chair), by=world.chair)
    target = tmp_path / "out.pdf"
    run("export_report", report.ref, format="pdf", output=target)
    assert target.read_bytes() == bytes(report.issues.get().pdf)
    perform(WITHDRAW, report, by=world.chair, note="Wrong.")
    with pytest.raises(CommandError, match="withdrawn"):
        run("export_report", report.ref, format="pdf", output=target)


def test_an_unknown_report_and_a_place_that_cannot_be_written_are_said(world, text_file, tmp_path):
    with pytest.raises(CommandError, match="There is no report nothing"):
        run("export_report", "nothing", output=tmp_path / "x.pdf")
    report = imported(text_file)
    with pytest.raises(CommandError, match="cannot be written"):
        run("export_report", report.ref, output=tmp_path / "no" / "folder.pdf")


def test_every_fixture_comes_through_whole(world, tmp_path):
    for path in sorted(FIXTURES.glob("*.txt")):
        report = imported(path)
        target = tmp_path / "out.pdf"
        run("export_report", report.ref, format="pdf", output=target)
        printed = set(tokens(pdf_text(target.read_bytes())))
        kept = set(tokens(report.leftovers))
        missing = set(tokens(path.read_text())) - printed - kept - digits(path.read_text())
        assert missing <= {"o"}  # the mark of a bullet


def digits(text):
    """Numbers of paragraphs and footers, which the paper prints in its own way."""
    return set(re.findall(r"\d+", text))


def test_the_seed_comes_through_whole(world, tmp_path):
    path = seed_path()
    report = imported(path)
    target = tmp_path / "seed.pdf"
    run("export_report", report.ref, format="pdf", output=target)
    text = pdf_text(target.read_bytes(), "-layout")
    numbers = [int(n) for n in re.findall(r"^ {0,8}(\d{1,2})\.\s", text, re.MULTILINE)]
    assert numbers == list(range(1, 14))
    paragraphs = {
        item.number: item.paragraph.text for item in checks.gather(report).paragraphs if item.number
    }
    assert paragraphs[4].count("\n- ") == 5
    assert paragraphs[2].count("\n- ") == 3
    found = {(finding.kind, finding.where) for finding in checks.open_findings(report)}
    assert found == {
        (str(Kind.PHONE), "Contact"),
        (str(Kind.EMAIL), "Contact"),
        (str(Kind.ASK), "Paragraph 13"),
    }
    assert "For Information" in text
