"""Issue, and the leak test: what was not cleared is in none of the three papers."""

import hashlib

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from board.workflow import WrongState, perform
from priorities.transitions import PART_CLEARANCE
from reports import checks
from reports.drafting import draft_report
from reports.issuing import FORMATS, draft_paper, render, stored
from reports.models import CommitteeReport, Issue, Paragraph
from reports.transitions import CLEAR, ISSUE, REOPEN, WITHDRAW

from .channels import channels
from .conftest import COMMITTEE, FROM, TO, clear
from .papers import pdf_text
from .test_document import conformity

OPEN_WORDS = (
    "CLEAREDNOTE", "CLEAREDDECISION", "CLEAREDRETURN", "CLEAREDTHREAT", "CLEAREDLEARNING",
    "CLEAREDPIECE",
)  # fmt: skip
SHUT_WORDS = (
    "ITEMTITLE", "WORKINGNOTE", "SHUTNOTE", "RESTRICTEDNOTE", "SHUTDECISION",
    "RESTRICTEDDECISION", "SHUTRETURN", "QUESTIONONE", "QUESTIONTWO", "SHARINGBASIS", "RETURNDID",
    "RETURNEMERGING", "RETURNOBJECTIVES", "RETURNOUTCOME", "RETURNBARRIERS", "BECAUSE",
    "THREATTITLE", "THREATDESCRIPTION", "SHUTTITLE", "SHUTDESCRIPTION", "SHUTTHREAT",
    "LEARNINGTITLE", "LEARNINGPLACE", "LEARNINGTHEMES", "LEARNINGMEANING", "SHUTLEARNING",
    "ACTIONWORDING", "RESTRICTEDACTION", "LEAVINGNOTE", "NOMINATIONREASON", "TERMSTEXT",
)  # fmt: skip


@pytest.fixture
def report(quarter):
    report = draft_report(
        quarter.world.board, quarter.world.parent, committee_date=COMMITTEE, period_from=FROM,
        period_to=TO, by=quarter.world.secretary,
    )  # fmt: skip
    for finding in checks.open_findings(report):
        checks.accept(report, finding, by=quarter.world.chair, reason="Read and agreed.")
    return report


@pytest.fixture
def issued(quarter, report):
    report = perform(CLEAR, report, by=quarter.world.chair)
    return perform(ISSUE, report, by=quarter.world.chair)


def every_word(form, data):
    """All that a reader, or a curious one, can get out of a paper."""
    return " ".join(channels(form, data).values())


@pytest.mark.parametrize("form", FORMATS)
def test_no_word_leaks_and_every_cleared_word_is_there(issued, form):
    found = every_word(form, stored(issued, form))
    assert [word for word in SHUT_WORDS if word in found] == []
    assert [word for word in OPEN_WORDS if word not in found] == []


@pytest.mark.parametrize("form", FORMATS)
def test_a_draft_leaks_no_more_than_the_report(report, form):
    found = every_word(form, render(draft_paper(report), form))
    assert [word for word in SHUT_WORDS if word in found] == []
    assert "DRAFT" in "".join(found.split())


def test_the_record_of_the_issue_holds_no_word_either(issued):
    issue = issued.issues.get()
    found = f"{issue.document} {issue.withheld} {issue.findings}"
    assert [word for word in SHUT_WORDS if word in found] == []
    assert issue.withheld[0] == {
        "kind": "Restricted parts of minutes",
        "number": 1,
        "paragraph": "7",
    }
    assert [finding["reason"] for finding in issue.findings] == ["Read and agreed."] * 2


def test_the_hashes_are_those_of_the_bytes(issued, quarter):
    issue = issued.issues.get()
    assert issue.number == 1
    assert (issue.cleared_by, issue.issued_by) == (quarter.world.chair, quarter.world.chair)
    for form in FORMATS:
        assert getattr(issue, f"{form}_sha256") == hashlib.sha256(stored(issued, form)).hexdigest()
    assert "DRAFT" not in pdf_text(stored(issued, "pdf"))


def test_the_same_report_gives_the_same_bytes(report):
    for form in FORMATS:
        assert render(draft_paper(report), form) == render(draft_paper(report), form)


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_what_was_issued(issued, change):
    issues = Issue.objects.filter(report=issued)
    with pytest.raises(DatabaseError), transaction.atomic():
        issues.update(number=9) if change == "update" else issues._raw_delete(issues.db)
    assert Issue.objects.get(report=issued).number == 1


def test_an_open_finding_stops_clearing(quarter, report):
    report.acceptances.all().delete()
    with pytest.raises(ValidationError, match="2 findings of the checks still wait"):
        perform(CLEAR, report, by=quarter.world.chair)
    report.refresh_from_db()
    assert report.state == CommitteeReport.State.DRAFT


def test_what_changes_between_clearing_and_issue_stops_the_issue(quarter, report):
    report = perform(CLEAR, report, by=quarter.world.chair)
    clear([PART_CLEARANCE[-1]], quarter.part, quarter.world.police_lead, audience=0)
    with pytest.raises(ValidationError, match="1 finding of the checks still waits"):
        perform(ISSUE, report, by=quarter.world.chair)
    assert not Issue.objects.exists()


def test_a_marking_raised_between_clearing_and_issue_stops_the_issue(quarter, report):
    report = perform(CLEAR, report, by=quarter.world.chair)
    quarter.part.marking = "OFFICIAL-SENSITIVE"
    quarter.part.save()
    with pytest.raises(ValidationError):
        perform(ISSUE, report, by=quarter.world.chair)


def test_a_report_without_a_date_cannot_be_cleared(quarter, report):
    report.committee_date = None
    report.save()
    with pytest.raises(ValidationError, match="Give the date of the committee first"):
        perform(CLEAR, report, by=quarter.world.chair)


@pytest.mark.parametrize("who", ["secretary", "police_lead", "member", "outsider"])
def test_only_the_chair_clears_and_issues(quarter, report, who):
    with pytest.raises(PermissionDenied):
        perform(CLEAR, report, by=getattr(quarter.world, who))


def test_what_was_issued_stays_though_the_record_changes(quarter, issued):
    before = stored(issued, "pdf")
    Paragraph.objects.filter(section__report=issued).update(text="Rewritten.")
    assert stored(issued, "pdf") == before


def test_a_withdrawn_report_is_not_given_out_and_not_issued_again(quarter, issued):
    gone = perform(WITHDRAW, issued, by=quarter.world.chair, note="A name was in it.")
    assert stored(gone, "pdf") == b""
    for row in (ISSUE, REOPEN):
        with pytest.raises(WrongState):
            perform(row, gone, by=quarter.world.chair)


def test_a_body_under_schedule_12a_is_told_why(quarter, report):
    quarter.world.parent.schedule_12a = True
    quarter.world.parent.save()
    report = perform(ISSUE, perform(CLEAR, report, by=quarter.world.chair), by=quarter.world.chair)
    text = " ".join(pdf_text(stored(report, "pdf")).split())
    assert "Information withheld" in text
    assert "1 part of minutes: paragraph 7 of Part 1 of Schedule 12A" in text


def test_the_papers_pdf_passes_the_checkers_as_a_draft_and_as_issued(report, quarter, tmp_path):
    assert conformity(render(draft_paper(report), "pdf"), tmp_path) == []
    chair = quarter.world.chair
    report = perform(ISSUE, perform(CLEAR, report, by=chair), by=chair)
    assert conformity(stored(report, "pdf"), tmp_path) == []
