"""Forms of reports as data: the header's fields, the parts and their order."""

import importlib
import re

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from board.workflow import perform
from reports import checks
from reports.issuing import draft_paper, render
from reports.layouts import USUAL_HEADER, USUAL_ORDER, read_header, read_order
from reports.models import CommitteeReport, Layout
from reports.transitions import CLEAR, REOPEN

from .papers import pdf_text
from .test_alike import differences
from .test_document import conformity
from .test_views import boxes, issue, make_draft, page
from .test_word import opened


@pytest.fixture(autouse=True)
def standard_forms(db):
    """The tests' tables come from the models: what the migration puts into them is put in here."""
    if not Layout.objects.filter(board=None).exists():
        importlib.import_module("reports.migrations.0004_layouts").standard(apps, None)


@pytest.fixture
def report(quarter):
    report = make_draft(quarter)
    report.recommendations = "Agree the plan, and\n  to publish it\n  to send it on\nNote the rest"
    report.appendices = "Appendix 1 - One page of signs"
    report.background_papers = "Minutes of 19 September 2018"
    report.header_rows = [["What is the source of Funding?", "None is needed"], ["Ward:", "All"]]
    return report


def with_form(report, name):
    report.layout = Layout.objects.get(board=None, name=name)
    report.save()
    return draft_paper(report)


CITY_HEADER = [
    ["Committee(s):", "Dated:"],
    ["Subject:", "Access:"],
    ["What is the source of Funding?"],
    ["Report of:", "Purpose:"],
    ["Ward:"],
]
CITY_HEADINGS = [
    "Summary", "Recommendation(s)", "Main Report", "Background", "Update", "Appendices",
    "Background Papers", "Report author",
]  # fmt: skip


def test_the_present_form_of_the_city_in_every_paper(report, tmp_path):
    document = with_form(report, "City of London, present")
    assert [[field.label for field in row] for row in document.rows] == CITY_HEADER
    assert document.rows[1][1].value == "Public"
    html = render(document, "html").decode()
    assert re.findall("<h2>(.*?)</h2>", html) == CITY_HEADINGS
    word = opened(document)
    assert [p.text for p in word.paragraphs if p.style.name == "Heading 2"] == CITY_HEADINGS
    assert "What is the source of Funding?" in [c.text for c in word.tables[0].column_cells(0)]
    data = render(document, "pdf")
    text = " ".join(pdf_text(data).split())
    assert "(a) Agree the plan, and (i) to publish it (ii) to send it on (b) Note the rest" in text
    assert conformity(data, tmp_path) == []


def test_the_form_of_2018_prints_what_it_has_no_place_for_at_the_end(report):
    document = with_form(report, "City of London, 2018")
    assert [field.label for row in document.rows for field in row] == [
        "Committee(s):", "Date(s):", "Subject:", "Report of:", "Purpose:",
        "What is the source of Funding?", "Ward:",
    ]  # fmt: skip
    html = render(document, "html").decode()
    assert html.index("<h2>Update") < html.index("<h2>Appendices") < html.index("Minutes of 19")


@pytest.mark.parametrize("name", ["City of London, 2018", "City of London, present", "Plain"])
def test_every_standard_form_prints_every_word_in_every_paper(report, name):
    document = with_form(report, name)
    said = " ".join(text for _, text in document.texts())
    for words in ("Agree the plan", "One page of signs", "None is needed", "CLEAREDRETURN"):
        assert words in said
    assert differences(document) == []


def test_the_usual_form_is_the_one_without_a_name(report):
    assert read_order("") == USUAL_ORDER
    report.header_rows = []
    assert with_form(report, "City of London, 2018").rows == draft_paper(make_bare(report)).rows
    assert Layout.objects.get(name="City of London, 2018").header == USUAL_HEADER


def make_bare(report):
    report.layout = None
    return report


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("A: = committee | B: = date | C: = subject", "at most two fields"),
        ("A: = chairman", "after = one of committee, date"),
        ("Committee: = committee | Date: = date", "Give the header the subject"),
        ("A: = committee | A: = date\nS: = subject", "are called “A:”"),
    ],
)
def test_a_header_that_cannot_be_read_says_what_to_do(text, sentence):
    with pytest.raises(ValidationError, match=sentence):
        read_header(text)


def test_a_part_that_is_none_says_what_to_do():
    with pytest.raises(ValidationError, match="must begin with one of summary"):
        read_order("summary\nconclusion: End")
    assert read_order("contact: Author\nsummary")[:2] == (
        ("contact", "Author"), ("summary", "Summary"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("without: report", "“report” cannot be left out: after without: name some of summary"),
        ("without: information withheld", "cannot be left out"),
        ("without: conclusion", "cannot be left out"),
        ("summary: Purpose\nwithout: summary", "both given a place and left out"),
    ],
)
def test_what_cannot_be_left_out_says_what_to_do(text, sentence):
    with pytest.raises(ValidationError, match=sentence):
        read_order(text)


def form_without_summary(quarter):
    return Layout.objects.create(
        board=quarter.world.board,
        name="Short",
        header="To: = committee | On: = date\nTitle: = subject",
        order="recommendations: What is asked\nreport:\nwithout: summary, contact",
    )


def test_a_form_without_a_summary_prints_none_in_any_paper_and_loses_none(client, quarter, report):
    client.force_login(quarter.world.secretary)
    report.layout = form_without_summary(quarter)
    report.summary, report.contact = "SUMMARYWORD", ""
    report.save()
    document = draft_paper(report)
    assert "SUMMARYWORD" not in str(list(document.texts()))
    for form in ("html", "docx", "pdf"):
        assert b"SUMMARYWORD" not in render(document, form)
    assert "SUMMARYWORD" not in pdf_text(render(document, "pdf"))
    assert differences(document) == []
    # The editor keeps the words and says so; an empty part it does not ask for.
    text = page(client, f"/reports/{report.ref}/edit/")
    assert "Not printed: this form of report has no such part." in text
    assert 'name="report-contact"' not in text
    assert "Without summary, contact" in page(client, "/reports/forms/")
    report.layout = None
    assert "SUMMARYWORD" in str(list(draft_paper(report).texts()))


def test_a_draft_in_a_form_without_a_summary_writes_none(quarter, report):
    report.layout = form_without_summary(quarter)
    report.save()
    new = make_draft(quarter)
    assert (new.layout, new.summary, new.contact) == (report.layout, "", "")
    assert make_draft(quarter).sections.exists()


def test_an_issued_report_keeps_the_form_it_had(client, quarter, report):
    layout = form_without_summary(quarter)
    report.layout = layout
    report.save()
    issued = issue(report, quarter.world.chair)
    client.force_login(quarter.world.secretary)
    addresses = [f"/reports/{report.ref}{end}" for end in ("/preview/", ".html", ".pdf", ".docx")]

    def papers():
        whole = [client.get(address).content for address in addresses]
        return [whole[0].partition(b"<article")[2].partition(b"</article")[0], *whole[1:]]

    before = papers()
    data = {
        "name": "Short", "header": "Other: = committee | Day: = date\nName: = subject",
        "order": "report: Changed", "marks": "letters", "lead_in": "Other", "version": 0,
    }  # fmt: skip
    assert client.post(f"/reports/forms/{layout.pk}/", data).status_code == 302
    assert papers() == before
    assert b"What is asked" in before[0]
    assert issued.layout.pk == layout.pk


def test_what_was_cleared_in_one_form_is_not_issued_in_another(client, quarter, report):
    layout = form_without_summary(quarter)
    report.layout = layout
    report.save()
    for finding in checks.open_findings(report):
        checks.accept(report, finding, by=quarter.world.chair, reason="Read.")
    perform(CLEAR, report, by=quarter.world.chair)
    layout.lead_in = "Other"
    layout.save()
    client.force_login(quarter.world.chair)
    press = f"/reports/{report.ref}/issue-the-report/"
    answer = client.post(press)
    assert answer.status_code == 422
    assert "was changed after the report was cleared" in answer.content.decode()
    perform(REOPEN, CommitteeReport.objects.get(pk=report.pk), by=quarter.world.chair)
    perform(CLEAR, CommitteeReport.objects.get(pk=report.pk), by=quarter.world.chair)
    assert client.post(press).status_code == 302
    assert CommitteeReport.objects.get(pk=report.pk).state == CommitteeReport.State.ISSUED


def test_the_editor_asks_for_the_fields_of_the_form(client, quarter, report):
    client.force_login(quarter.world.secretary)
    report.header_rows = []
    with_form(report, "City of London, present")
    address = f"/reports/{report.ref}/edit/"
    text = page(client, address)
    assert "Has this Funding Source been agreed" in text
    number = re.search(r'for="id_report-row-(\d)"[^>]*>\s*If so, how much', text)[1]
    layout = report.layout
    client.post(
        address,
        boxes(report, **{"report-layout": layout.pk, f"report-row-{number}": "Two posts"}),
    )
    report.refresh_from_db()
    assert report.header_rows == [["If so, how much?", "Two posts"]]
    assert "Two posts" in page(client, address)


def test_the_next_draft_has_the_form_of_the_last(quarter, report):
    with_form(report, "Plain")
    assert make_draft(quarter).layout == report.layout


def test_a_board_writes_a_form_of_its_own(client, quarter, report):
    board = quarter.world.board
    client.force_login(quarter.world.secretary)
    standard = Layout.objects.get(name="Plain")
    text = page(client, f"/reports/forms/{board.slug}/new/?from={standard.pk}")
    assert "Wards affected:" in text
    data = {"name": "Ours", "header": "To: = committee", "marks": "bullets", "lead_in": "To:"}
    address = f"/reports/forms/{board.slug}/new/"
    answer = client.post(address, data)
    assert answer.status_code == 422
    assert "Give the header the date" in answer.content.decode()
    data["header"] = "To: = committee | On: = date\nTitle: = subject\nWard:"
    assert client.post(address, data).status_code == 302
    own = Layout.objects.get(name="Ours")
    assert own.board == board
    assert client.post(address, data).status_code == 422  # the name is taken
    stale = client.post(f"/reports/forms/{own.pk}/", data | {"version": 7})
    assert "Somebody else saved this" in stale.content.decode()
    data["lead_in"] = "Please:"
    assert (
        client.post(f"/reports/forms/{own.pk}/", data | {"version": own.version}).status_code == 302
    )
    own.refresh_from_db()
    assert own.lead_in == "Please:"
    page(client, f"/reports/forms/{standard.pk}/", 403)
    client.force_login(quarter.world.outsider)
    page(client, f"/reports/forms/{own.pk}/", 404)
