import datetime
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from board.beside import keep_beside
from board.models import AuditEvent
from board.workflow import perform
from meetings.models import Minutes
from meetings.transitions import CHECK, CIRCULATE, NOTE_CLEARANCE
from priorities.forms.versions import plain
from priorities.transitions import PART_CLEARANCE, THREAT_CLEARANCE
from reports import checks
from reports.contents import gather
from reports.drafting import draft_report
from reports.editing import Editor
from reports.models import CommitteeReport, Paragraph
from reports.queries import waiting
from reports.transitions import CLEAR, ISSUE, WITHDRAW
from tests.builders import appoint, london, make_user, make_world

from .conftest import COMMITTEE, FROM, TO, clear, make_quarter
from .papers import pdf_text
from .test_commands import REPORT


@pytest.fixture
def report(quarter):
    return make_draft(quarter)


def make_draft(quarter, **values):
    values = {"committee_date": COMMITTEE, "period_from": FROM, "period_to": TO} | values
    return draft_report(
        quarter.world.board, quarter.world.parent, by=quarter.world.secretary, **values
    )


def issue(report, by):
    for finding in checks.open_findings(report):
        checks.accept(report, finding, by=by, reason="Read.")
    return perform(ISSUE, perform(CLEAR, report, by=by), by=by)


@pytest.fixture
def as_chair(client, quarter):
    client.force_login(quarter.world.chair)
    return client


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def boxes(report, **changes):
    """What the editor's form posts when nothing is changed, but for `changes`."""
    report = CommitteeReport.objects.get(pk=report.pk)
    data = {"act": "save"}
    for form in Editor(gather(report)).forms:
        for field in form:
            value = plain(field.value())
            if field.name == "committee_date":
                for box in field.subwidgets[0].data["subwidgets"]:
                    data[box["name"]] = box["value"]
            elif value or field.name != "numbered":
                data[field.html_name] = value
    return data | changes


def order(report):
    return list(
        Paragraph.objects.filter(section__report=report)
        .order_by("section__order", "order")
        .values_list("pk", flat=True)
    )


def text_of(report, words):
    return Paragraph.objects.get(section__report=report, text__contains=words)


# The list


def test_an_empty_list_says_what_to_do(client, world):
    client.force_login(world.chair)
    text = page(client, "/reports/")
    assert "No report yet." in text
    assert "Draft from the record" in text
    client.force_login(world.member)
    text = page(client, "/reports/")
    assert "A report appears here when it is issued." in text
    assert "Draft from the record" not in text


def test_the_list_costs_the_same_for_one_report_and_for_many(
    as_chair, quarter, report, django_assert_num_queries
):
    page(as_chair, "/reports/")
    with django_assert_num_queries(21):
        page(as_chair, "/reports/")
    for _ in range(3):
        make_draft(quarter)
    with django_assert_num_queries(21):
        assert page(as_chair, "/reports/").count("SOC Board - update") == 5  # the form has one


def test_members_list_what_was_issued_only(client, quarter, report):
    client.force_login(quarter.world.member)
    assert "27 September 2018" not in page(client, "/reports/")
    issue(report, quarter.world.chair)
    assert "27 September 2018" in page(client, "/reports/")


DRAFT = {
    "committee_date_day": "27", "committee_date_month": "9", "committee_date_year": "2018",
    "period_from_day": "1", "period_from_month": "7", "period_from_year": "2018",
    "period_to_day": "27", "period_to_month": "9", "period_to_year": "2018",
    "audience": "public", "purpose": "information", "subject": "", "report_of": "",
}  # fmt: skip


def test_the_chair_drafts_from_the_record(as_chair, quarter):
    world = quarter.world
    data = DRAFT | {"board": world.board.pk, "to_board": world.parent.pk}
    answer = as_chair.post("/reports/", data)
    assert answer.status_code == 302
    report = CommitteeReport.objects.get()
    assert answer.url == "/reports/parent-of-soc-board-2018-09-27/edit/"
    assert report.subject == "SOC Board - update"
    assert report.report_of == "Chair of the SOC Board, Fire of soc-board"
    assert text_of(report, "CLEAREDNOTE")
    assert AuditEvent.objects.get(act="draft the report").actor == world.chair


def test_a_period_that_runs_backwards_is_refused_in_a_sentence(as_chair, quarter):
    world = quarter.world
    data = DRAFT | {
        "board": world.board.pk, "to_board": world.parent.pk, "period_from_year": "2019",
    }  # fmt: skip
    answer = as_chair.post("/reports/", data)
    assert answer.status_code == 422
    assert "The last day comes before the first: give a later day." in answer.content.decode()
    assert not CommitteeReport.objects.exists()


def test_a_draft_for_a_foreign_board_or_committee_is_refused(as_chair, quarter):
    other = make_quarter(make_world("Other Board")).world
    data = DRAFT | {"board": other.board.pk, "to_board": other.parent.pk}
    assert as_chair.post("/reports/", data).status_code == 422
    assert not CommitteeReport.objects.exists()


def test_a_member_drafts_nothing(client, quarter):
    client.force_login(quarter.world.member)
    assert client.post("/reports/", DRAFT).status_code == 403


# One report


def test_the_page_says_why_not_yet_and_offers_no_button(as_chair, report):
    text = page(as_chair, report.get_absolute_url())
    assert "Not yet to be issued." in text
    assert "2 of 2 findings are open" in text
    assert "Clear the report" not in text
    assert "Restricted parts of minutes" in text
    assert "RESTRICTEDNOTE" not in text


def test_a_settled_draft_offers_the_chair_and_not_the_secretary_the_button(client, quarter, report):
    for finding in checks.open_findings(report):
        checks.accept(report, finding, by=quarter.world.secretary, reason="Read.")
    client.force_login(quarter.world.chair)
    assert "Clear the report" in page(client, report.get_absolute_url())
    client.force_login(quarter.world.secretary)
    text = page(client, report.get_absolute_url())
    assert "Clear the report" not in text
    assert "No finding of the checks is open" in text


def test_the_chair_clears_and_issues_in_the_browser(as_chair, quarter, report):
    address = report.get_absolute_url()
    answer = as_chair.post(f"{address}clear-the-report/")
    assert answer.status_code == 422
    assert "2 findings of the checks still wait" in answer.content.decode()
    for finding in checks.open_findings(report):
        checks.accept(report, finding, by=quarter.world.chair, reason="Read.")
    assert as_chair.post(f"{address}clear-the-report/").status_code == 302
    assert "fixed as they are now" in page(as_chair, f"{address}issue-the-report/")
    assert as_chair.post(f"{address}issue-the-report/").status_code == 302
    text = page(as_chair, address)
    assert "Issued" in text
    assert report.issues.get().pdf_sha256 in text
    assert "Withdraw the report" in text
    assert as_chair.post(f"{address}issue-the-report/").status_code == 302
    assert report.issues.count() == 1


def test_a_member_of_the_parent_committee_reads_what_was_issued(client, quarter, report):
    guest = make_user()
    appoint(guest, quarter.world.parent, "member")
    client.force_login(guest)
    page(client, report.get_absolute_url(), 404)
    issue(report, quarter.world.chair)
    text = page(client, report.get_absolute_url())
    assert "Open the PDF" in text
    assert "Withheld" not in text
    assert "Accepted at issue" not in text
    assert client.get(f"/reports/{report.ref}.pdf").status_code == 200
    page(client, f"/reports/{report.ref}/edit/", 403)


def test_a_withdrawn_report_is_gone_for_its_readers(client, quarter, report):
    issue(report, quarter.world.chair)
    report.refresh_from_db()
    perform(WITHDRAW, report, by=quarter.world.chair, note="Wrong.")
    for who in ("member", "chair"):
        client.force_login(getattr(quarter.world, who))
        for form in ("pdf", "docx", "html"):
            text = page(client, f"/reports/{report.ref}.{form}", 410)
            assert "This report was withdrawn" in text
    client.force_login(quarter.world.member)
    assert "This report was withdrawn" in page(client, report.get_absolute_url(), 410)
    client.force_login(quarter.world.chair)
    assert "Check sums" in page(client, report.get_absolute_url())
    client.force_login(quarter.world.outsider)  # it was public: the note is for anybody
    assert "This report was withdrawn" in page(client, report.get_absolute_url(), 410)


def test_preview_holds_back_what_was_taken_back(as_chair, quarter, report):
    address = f"{report.get_absolute_url()}preview/"
    assert "CLEAREDRETURN" in page(as_chair, address)
    clear([PART_CLEARANCE[-1]], quarter.part, quarter.world.police_lead, audience=0)
    text = page(as_chair, address)
    assert "CLEAREDRETURN" not in text
    assert "Held back until these words are cleared by Police of soc-board." in text


# Papers


def test_a_draft_is_marked_and_for_its_keepers_alone(client, quarter, report):
    client.force_login(quarter.world.secretary)
    answer = client.get(f"/reports/{report.ref}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert "DRAFT" in "".join(pdf_text(answer.content).split())
    assert "no-store" in answer["Cache-Control"]
    client.force_login(quarter.world.member)
    assert client.get(f"/reports/{report.ref}.pdf").status_code == 404


@pytest.mark.parametrize("form", ["pdf", "docx", "html"])
def test_an_issued_paper_is_the_stored_bytes(as_chair, quarter, report, form):
    issue(report, quarter.world.chair)
    stored = getattr(report.issues.get(), form)
    answer = as_chair.get(f"/reports/{report.ref}.{form}")
    assert answer.content == (stored.encode() if form == "html" else bytes(stored))
    etag = answer["ETag"]
    assert etag == f'"{getattr(report.issues.get(), f"{form}_sha256")}"'
    again = as_chair.get(f"/reports/{report.ref}.{form}", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_members_paper_costs_three_queries_beyond_who_asks(
    as_chair, quarter, django_assert_num_queries
):
    report = issue(make_draft(quarter, audience="parent"), quarter.world.chair)
    as_chair.get(f"/reports/{report.ref}.pdf")
    # Whether anybody may read it; session, user, two of roles; the report and the bytes.
    with django_assert_num_queries(7):
        as_chair.get(f"/reports/{report.ref}.pdf")


def test_a_drafts_paper_costs_the_same_for_few_sources_and_for_many(
    as_chair, quarter, report, django_assert_num_queries
):
    address = f"/reports/{report.ref}.html"
    as_chair.get(address)
    with django_assert_num_queries(9):
        as_chair.get(address)
    lent = {
        "note": quarter.note, "decision": quarter.decision, "priority_return": quarter.part,
        "threat": quarter.threat, "learning": quarter.learning,
    }  # fmt: skip
    for number, (key, record) in enumerate(lent.items()):
        paragraph = Paragraph.objects.create(
            section=report.sections.last(), order=50 + number, text=f"More {number}"
        )
        paragraph.sources.create(label="x", digest="0" * 64, **{key: record})
    clear([PART_CLEARANCE[-1]], quarter.part, quarter.world.police_lead, audience=0)
    with django_assert_num_queries(9):
        assert "More 2" not in page(as_chair, address)


# The editor


def test_the_editor_shows_every_paragraph_with_number_and_source(as_chair, report):
    text = page(as_chair, f"{report.get_absolute_url()}edit/")
    for paragraph in Paragraph.objects.filter(section__report=report):
        assert f'name="p{paragraph.pk}-text"' in text
    assert '<p class="para__number">9</p>' in text
    assert "Return: Police, Modern slavery" in text
    assert "No source has changed since this was drafted." in text


def test_a_save_keeps_the_words_and_writes_no_audit_event(as_chair, quarter, report):
    paragraph = text_of(report, "CLEAREDRETURN")
    events = AuditEvent.objects.count()
    answer = as_chair.post(
        f"{report.get_absolute_url()}edit/",
        boxes(report, **{f"p{paragraph.pk}-text": "Ours.", "report-subject": "New subject"}),
    )
    assert answer.status_code == 302
    paragraph.refresh_from_db()
    report.refresh_from_db()
    assert (paragraph.text, paragraph.version) == ("Ours.", 1)
    assert (report.subject, report.version) == ("New subject", 1)
    assert paragraph.history.first().history_user == quarter.world.chair
    assert AuditEvent.objects.count() == events


def test_a_save_without_a_change_counts_as_none(as_chair, report):
    as_chair.post(f"{report.get_absolute_url()}edit/", boxes(report))
    report.refresh_from_db()
    assert report.version == 0


def test_a_text_that_cannot_be_kept_is_refused_in_a_sentence(as_chair, report):
    paragraph = text_of(report, "CLEAREDRETURN")
    deep = "\n".join("  " * level + "- deep" for level in range(81))
    answer = as_chair.post(
        f"{report.get_absolute_url()}edit/", boxes(report, **{f"p{paragraph.pk}-text": deep})
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "more than 5 levels deep" in text
    assert f'href="#id_p{paragraph.pk}-text"' in text
    assert text.count("- deep") >= 81
    paragraph.refresh_from_db()
    assert "CLEAREDRETURN" in paragraph.text


@pytest.mark.parametrize(("act", "step"), [("up", -1), ("down", 1)])
def test_a_paragraph_moves_and_the_page_follows_it(as_chair, report, act, step):
    before = order(report)
    pk = before[4]
    answer = as_chair.post(f"{report.get_absolute_url()}edit/", boxes(report, act=f"{act}:{pk}"))
    assert answer.url.endswith(f"/edit/#id_p{pk}-text")
    after = order(report)
    assert after.index(pk) == 4 + step
    assert sorted(after) == sorted(before)


def test_a_paragraph_moves_over_a_heading(as_chair, report):
    first_of_update = order(report)[1]
    as_chair.post(f"{report.get_absolute_url()}edit/", boxes(report, act=f"up:{first_of_update}"))
    assert Paragraph.objects.get(pk=first_of_update).section.heading == "Background"
    as_chair.post(f"{report.get_absolute_url()}edit/", boxes(report, act=f"down:{first_of_update}"))
    assert Paragraph.objects.get(pk=first_of_update).section.heading == "Update"
    assert order(report)[1] == first_of_update


def test_paragraphs_and_headings_are_added_and_removed(as_chair, report):
    address = f"{report.get_absolute_url()}edit/"
    first = order(report)[0]
    as_chair.post(address, boxes(report, act=f"add:{first}"))
    new = order(report)[1]
    assert new not in {first}
    assert Paragraph.objects.get(pk=new).text == ""
    as_chair.post(address, boxes(report, **{f"p{new}-text": "By hand."}))
    assert "Written by hand" in page(as_chair, address)
    as_chair.post(address, boxes(report, act=f"remove:{new}"))
    assert new not in order(report)
    as_chair.post(address, boxes(report, act="heading"))
    section = report.sections.last()
    assert section.heading == "New heading"
    as_chair.post(address, boxes(report, act=f"remove-heading:{report.sections.first().pk}"))
    assert report.sections.count() == 3
    as_chair.post(address, boxes(report, act=f"remove-heading:{section.pk}"))
    assert report.sections.count() == 2


def test_an_act_on_what_is_gone_gets_a_sentence(as_chair, report):
    answer = as_chair.post(
        f"{report.get_absolute_url()}edit/", boxes(report, act="up:999999"), follow=True
    )
    assert "somebody has removed that already" in answer.content.decode()


def test_a_number_that_no_record_has_gets_a_sentence(as_chair, report):
    for act in ("up", "put-back", "section-up", "keep"):
        for number in ("²", "9" * 40, "9" * 5000):
            answer = as_chair.post(f"/reports/{report.ref}/edit/", {"act": f"{act}:{number}"})
            assert answer.status_code == 302
    assert "somebody has removed that already" in page(as_chair, f"/reports/{report.ref}/")


def test_changed_words_are_shown_and_taken_or_kept_with_a_reason(as_chair, quarter, report):
    address = f"{report.get_absolute_url()}edit/"
    quarter.part.report_text = "Eleven hotels."
    quarter.part.save()
    clear(PART_CLEARANCE, quarter.part, quarter.world.police_lead)
    text = page(as_chair, address)
    assert "Reason for keeping yours" in text
    assert "New: </span>Eleven</ins>" in text
    paragraph = text_of(report, "CLEAREDRETURN")
    source = paragraph.sources.get()
    answer = as_chair.post(address, boxes(report, act=f"keep:{source.pk}"), follow=True)
    assert "Enter the reason for keeping your words." in answer.content.decode()
    as_chair.post(
        address, boxes(report, act=f"keep:{source.pk}", **{f"reason-{source.pk}": "Clearer."})
    )
    assert report.acceptances.get().reason == "Clearer."
    as_chair.post(address, boxes(report, act=f"take:{paragraph.pk}"))
    paragraph.refresh_from_db()
    assert paragraph.text.endswith("Eleven hotels.")
    assert "Reason for keeping yours" not in page(as_chair, address)


def test_what_was_cleared_since_is_fetched_from_the_record(as_chair, quarter, report):
    clear(PART_CLEARANCE, quarter.shut_part, quarter.world.police_lead)
    as_chair.post(f"{report.get_absolute_url()}edit/", boxes(report, act="record"))
    assert text_of(report, "SHUTRETURN")


def test_only_a_draft_is_edited(as_chair, quarter, report):
    data = boxes(report, **{"report-subject": "Late"})
    issue(report, quarter.world.chair)
    answer = as_chair.post(f"{report.get_absolute_url()}edit/", data, follow=True)
    assert "Nothing was changed: this report is issued." in answer.content.decode()
    report.refresh_from_db()
    assert report.subject == "SOC Board - update"


def test_the_editor_costs_the_same_for_few_paragraphs_and_for_many(
    as_chair, quarter, report, django_assert_num_queries
):
    address = f"{report.get_absolute_url()}edit/"
    page(as_chair, address)
    with django_assert_num_queries(20):
        page(as_chair, address)
    for number in range(5):
        paragraph = Paragraph.objects.create(
            section=report.sections.last(), order=50 + number, text=f"More {number}"
        )
        paragraph.sources.create(label="x", digest="0" * 64, note=quarter.note)
    with django_assert_num_queries(20):
        page(as_chair, address)


# Checks


def test_findings_are_listed_open_first_and_accepted_with_a_reason(as_chair, quarter, report):
    address = f"{report.get_absolute_url()}checks/"
    text = page(as_chair, address)
    assert "2 to settle before it can be issued" in text
    assert "<mark>The Parent of SOC Board is asked to consider nominations" in text
    ask = next(f for f in checks.find(report) if "asked" in f.excerpt)
    answer = as_chair.post(address, {"act": f"accept:{ask.key}"})
    assert answer.status_code == 422
    assert "Enter the reason for accepting this finding." in answer.content.decode()
    as_chair.post(
        address, {"act": f"accept:{ask.key}", f"{ask.key[:12]}-reason": "The clerk agreed."}
    )
    text = page(as_chair, address)
    assert "1 to settle" in text
    assert "1 accepted" in text
    assert "The clerk agreed." in text
    as_chair.post(address, {"act": f"again:{ask.key}"})
    assert "2 to settle" in page(as_chair, address)


def test_what_cannot_be_accepted_is_refused_whoever_asks(as_chair, quarter, report):
    address = f"{report.get_absolute_url()}checks/"
    clear([PART_CLEARANCE[-1]], quarter.part, quarter.world.police_lead, audience=0)
    text = page(as_chair, address)
    assert "Cannot be accepted." in text
    finding = next(f for f in checks.find(report) if not f.acceptable)
    answer = as_chair.post(
        address, {"act": f"accept:{finding.key}", f"{finding.key[:12]}-reason": "I insist."}
    )
    assert answer.status_code == 403
    assert not report.acceptances.exists()
    as_chair.post(address, {"act": f"leave-out:{finding.paragraph.paragraph.pk}"})
    assert "Cannot be accepted." not in page(as_chair, address)


def test_new_words_are_taken_from_the_checks(as_chair, quarter, report):
    address = f"{report.get_absolute_url()}checks/"
    quarter.part.report_text = "Eleven hotels."
    quarter.part.save()
    clear(PART_CLEARANCE, quarter.part, quarter.world.police_lead)
    paragraph = text_of(report, "CLEAREDRETURN")
    assert "Take the new words" in page(as_chair, address)
    as_chair.post(address, {"act": f"take:{paragraph.pk}"})
    paragraph.refresh_from_db()
    assert paragraph.text.endswith("Eleven hotels.")


def test_a_paragraph_of_another_report_is_left_alone(as_chair, quarter, report):
    other = make_draft(quarter)
    paragraph = text_of(other, "CLEAREDRETURN")
    answer = as_chair.post(
        f"{report.get_absolute_url()}checks/", {"act": f"leave-out:{paragraph.pk}"}, follow=True
    )
    assert "somebody has settled that already" in answer.content.decode()
    as_chair.post(f"{report.get_absolute_url()}edit/", boxes(report, act=f"remove:{paragraph.pk}"))
    assert Paragraph.objects.filter(pk=paragraph.pk).exists()


# Who may


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("secretary", 200), ("chair", 200), ("police_lead", 404), ("member", 404),
        ("observer", 404), ("former", 404), ("outsider", 404),
    ],
)  # fmt: skip
def test_a_draft_is_for_secretary_and_chair(client, quarter, report, who, status):
    client.force_login(getattr(quarter.world, who))
    for end in ("", "edit/", "preview/", "checks/"):
        assert client.get(report.get_absolute_url() + end).status_code == status


# An earlier report


def test_an_earlier_report_is_pasted(as_chair, quarter):
    data = {"board": quarter.world.board.pk, "pasted": REPORT}
    answer = as_chair.post("/reports/import/", data, follow=True)
    assert "Quarterly update" in answer.content.decode()
    assert CommitteeReport.objects.get().drafted_by == quarter.world.chair


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("r.txt", b"%PDF-1.7", "This is a PDF, whatever its name says."),
        ("r.docx", b"no archive", "cannot be read as a Word file"),
        ("r.txt", b"A shopping list", "committee report"),
        ("r.txt", b"x" * 2_000_001, "larger than 2 MB"),
    ],
)
def test_a_file_that_is_no_report_gets_its_sentence(as_chair, quarter, name, content, sentence):
    data = {"board": quarter.world.board.pk, "file": SimpleUploadedFile(name, content)}
    answer = as_chair.post("/reports/import/", data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not CommitteeReport.objects.exists()


def test_nothing_at_all_gets_its_sentence(as_chair, quarter):
    answer = as_chair.post("/reports/import/", {"board": quarter.world.board.pk})
    assert "Choose a file, or paste the text." in answer.content.decode()


def test_a_member_reads_nothing_in(client, quarter):
    client.force_login(quarter.world.member)
    page(client, "/reports/import/", 403)


# What waits


def test_a_draft_waits_for_its_keepers_and_the_issue_for_the_chair(quarter):
    now, world = london(2018, 9, 20), quarter.world
    report = make_draft(quarter, at=london(2018, 9, 18))
    for who in (world.secretary, world.chair):
        (item,) = waiting(who, now)
        assert item.act.startswith(
            "Settle the checks of the report to the Parent of SOC Board of 27 September 2018"
        )
        assert item.due == datetime.date(2018, 9, 19)
        assert item.late == 1
        assert item.url == f"/reports/{report.ref}/checks/"
    for finding in checks.open_findings(report):
        checks.accept(report, finding, by=world.chair, reason="Read.")
    report = perform(CLEAR, report, by=world.chair)
    assert waiting(world.secretary, now) == []
    assert waiting(world.chair, now)[0].act.startswith("Issue the report")
    perform(ISSUE, report, by=world.chair)
    assert waiting(world.chair, now) == []
    assert waiting(world.member, now) == []


def test_a_page_that_names_a_marked_source_carries_its_marking(as_chair, quarter, report):
    for end in ("edit/", "checks/"):
        assert "<strong>OFFICIAL</strong>" in page(as_chair, report.get_absolute_url() + end)
    quarter.threat.marking = "OFFICIAL-SENSITIVE"
    quarter.threat.save()
    for end in ("edit/", "checks/"):
        text = page(as_chair, report.get_absolute_url() + end)
        assert text.count('class="marking"><strong>OFFICIAL-SENSITIVE</strong>') == 1
        assert text.count('class="marking marking--end"><strong>OFFICIAL-SENSITIVE</strong>') == 1


# Sources, from both ends


def test_a_changed_source_shows_the_words_that_differ_in_the_editor_and_at_the_gate(
    as_chair, quarter, report
):
    note = quarter.note
    note.text = note.text.replace("from the police", "from <b>two</b> hotels")
    note.save()
    clear(NOTE_CLEARANCE, note, quarter.world.secretary)
    for where in ("edit", "checks"):
        text = page(as_chair, f"/reports/{report.ref}/{where}/")
        assert "New: </span>&lt;b&gt;two&lt;/b&gt;" in text, where
        assert "Gone: </span>the" in text, where


def test_a_record_names_the_reports_that_rest_on_it(client, quarter, report):
    """To its keepers while it is a draft; to the rest when it is issued."""
    world, part = quarter.world, quarter.part
    pages = [
        f"/meetings/{quarter.meeting.ref}/minutes/",
        "/meetings/decisions/",
        part.agency_return.get_absolute_url(),
        quarter.threat.get_absolute_url(),
        quarter.learning.get_absolute_url(),
    ]
    ended = Minutes.objects.get_or_create(meeting=quarter.meeting, part="board")[0]
    for row in (CHECK, CIRCULATE):
        ended = perform(row, ended, by=world.secretary)
    used = f'Used in the report to the <a href="/reports/{report.ref}/">'
    client.force_login(world.secretary)
    assert [address for address in pages if f"{used}" not in page(client, address)] == []
    client.force_login(world.member)
    assert [address for address in pages if report.ref in page(client, address)] == []
    issue(report, world.chair)
    assert [address for address in pages if f"{used}" not in page(client, address)] == []


# Split, join, and what it said before


def test_a_paragraph_is_split_at_its_empty_lines_and_joined_again(as_chair, quarter, report):
    address = f"/reports/{report.ref}/edit/"
    paragraph = text_of(report, "CLEAREDRETURN")
    place, count = order(report).index(paragraph.pk), len(order(report))
    text = "First of all.\n\nThere are two:\n\n- one\n- two\n\nLast."
    typed = {f"p{paragraph.pk}-text": text, "act": f"split:{paragraph.pk}"}
    as_chair.post(address, boxes(report, **typed))
    assert len(order(report)) == count + 2
    three = [Paragraph.objects.get(pk=pk) for pk in order(report)[place : place + 3]]
    assert [each.text for each in three] == [
        "First of all.", "There are two:\n\n- one\n- two", "Last.",
    ]  # fmt: skip
    assert {each.sources.get().priority_return for each in three} == {quarter.part}
    for pk in reversed(order(report)[place + 1 : place + 3]):
        as_chair.post(address, boxes(report, act=f"join:{pk}"))
    assert len(order(report)) == count
    paragraph.refresh_from_db()
    assert paragraph.text == "First of all. There are two:\n\n- one\n- two\n\nLast."
    assert paragraph.sources.get().priority_return == quarter.part


def test_what_cannot_be_split_or_joined_says_why_and_keeps_the_words(as_chair, report):
    address = f"/reports/{report.ref}/edit/"
    paragraph = text_of(report, "CLEAREDRETURN")
    typed = {f"p{paragraph.pk}-text": "All in one.", "act": f"split:{paragraph.pk}"}
    answer = as_chair.post(address, boxes(report, **typed), follow=True)
    assert "Put an empty line where the paragraph is to be split" in answer.content.decode()
    paragraph.refresh_from_db()
    assert paragraph.text == "All in one."
    first = order(report)[0]
    answer = as_chair.post(address, boxes(report, act=f"join:{first}"), follow=True)
    assert "There is no paragraph above in this part" in answer.content.decode()


def test_versions_show_what_changed_word_by_word(as_chair, report, django_assert_num_queries):
    address = f"/reports/{report.ref}/"
    began = timezone.now()
    paragraph, gone = text_of(report, "CLEAREDRETURN"), text_of(report, "CLEAREDTHREAT")
    as_chair.post(
        f"{address}edit/", boxes(report, **{f"p{paragraph.pk}-text": "Eleven hotels and a mill."})
    )
    as_chair.post(f"{address}edit/", boxes(report, act=f"remove:{gone.pk}"))
    since = {"since": began.isoformat()}
    text = " ".join(as_chair.get(f"{address}versions/", since).content.decode().split())
    assert "New: </span>Eleven" in text
    assert "<h3>Removed</h3>" in text
    assert "CLEAREDTHREAT" in text
    assert "CLEAREDNOTE" not in text
    with django_assert_num_queries(15):
        as_chair.get(f"{address}versions/", since)
    for moment in ("", "yesterday", "2018-99-99T00:00"):
        assert as_chair.get(f"{address}versions/", {"since": moment}).status_code == 200


def test_a_paragraph_is_split_at_the_cursor_and_sources_follow_both_halves(as_chair, report):
    paragraph = text_of(report, "CLEAREDRETURN")
    place, count = order(report).index(paragraph.pk), len(order(report))
    halves = {f"p{paragraph.pk}-text": "The first half", "below-text": "the second\x85half."}
    address = f"/reports/{report.ref}/edit/"
    answer = as_chair.post(address, boxes(report, **halves, act=f"split:{paragraph.pk}"))
    assert len(order(report)) == count + 1
    below = Paragraph.objects.get(pk=order(report)[place + 1])
    paragraph.refresh_from_db()
    assert (paragraph.text, below.text) == ("The first half", "the second\nhalf.")
    assert answer.url.endswith(f"#id_p{below.pk}-text")
    assert below.sources.get().priority_return == paragraph.sources.get().priority_return


def test_a_half_that_cannot_be_kept_splits_nothing(as_chair, report):
    paragraph = text_of(report, "CLEAREDRETURN")
    before = order(report)
    halves = {f"p{paragraph.pk}-text": "First", "below-text": "a\x00b"}
    address = f"/reports/{report.ref}/edit/"
    answer = as_chair.post(address, boxes(report, **halves, act=f"split:{paragraph.pk}"))
    assert answer.status_code == 422
    assert order(report) == before
    assert text_of(report, "CLEAREDRETURN") == paragraph


def test_earlier_words_are_put_back_and_a_removed_paragraph_comes_back_whole(
    as_chair, quarter, report
):
    address = f"/reports/{report.ref}/"
    began = timezone.now()
    paragraph, gone = text_of(report, "CLEAREDRETURN"), text_of(report, "CLEAREDTHREAT")
    before, words = order(report), paragraph.text
    # What it rested on before the new words were taken does not come back with it.
    quarter.threat.report_text = "CLEAREDTHREAT by post and by van."
    quarter.threat.save()
    clear(THREAT_CLEARANCE, quarter.threat, quarter.world.police_lead)
    as_chair.post(f"{address}edit/", boxes(report, act=f"take:{gone.pk}"))
    digest = gone.sources.get().digest
    as_chair.post(f"{address}edit/", boxes(report, **{f"p{paragraph.pk}-text": "Gone astray."}))
    as_chair.post(f"{address}edit/", boxes(report, act=f"remove:{gone.pk}"))
    text = as_chair.get(f"{address}versions/", {"since": began.isoformat()}).content.decode()
    rows = re.findall(r'value="put-back:(\d+)"', text)
    assert len(rows) == 2
    for row in rows:
        assert as_chair.post(f"{address}edit/", {"act": f"put-back:{row}"}).status_code == 302
    paragraph.refresh_from_db()
    assert (paragraph.text, order(report)) == (words, before)
    assert gone.sources.get().threat == quarter.threat
    assert gone.sources.get().digest == digest


def test_versions_compare_header_and_headings_too(as_chair, report):
    address = f"/reports/{report.ref}/"
    began = timezone.now()
    section = report.sections.last()
    typed = {"report-summary": "In short: SUMMARYNEW.", f"s{section.pk}-heading": "HEADINGNEW"}
    as_chair.post(f"{address}edit/", boxes(report, **typed))
    since = {"since": began.isoformat()}
    text = " ".join(as_chair.get(f"{address}versions/", since).content.decode().split())
    assert "<h3>Summary</h3>" in text
    assert "SUMMARYNEW." in text
    assert "<h3>Heading</h3>" in text
    assert "New: </span>HEADINGNEW" in text
    assert "CLEAREDNOTE" not in text


def test_words_kept_beside_are_no_version_but_can_be_read_and_taken(as_chair, quarter, report):
    paragraph = text_of(report, "CLEAREDRETURN")
    paragraph.text, report.summary = "Overtaken.", "A summary that was overtaken."
    for record in (paragraph, report):
        keep_beside(record, by=quarter.world.secretary, at=timezone.now())
    since = {"since": timezone.now().isoformat()}
    text = as_chair.get(f"/reports/{report.ref}/versions/", since).content.decode()
    assert "No words differ." in text
    assert "A summary that was overtaken." in text
    assert "Overtaken." in text
    (row,) = re.findall(r'value="put-back:(\d+)"', text)
    as_chair.post(f"/reports/{report.ref}/edit/", {"act": f"put-back:{row}"})
    assert text_of(report, "Overtaken.") == paragraph


def test_a_version_of_another_report_is_not_put_back(as_chair, quarter, report):
    row = text_of(make_draft(quarter), "CLEAREDRETURN").history.get()
    address = f"/reports/{report.ref}/edit/"
    answer = as_chair.post(address, {"act": f"put-back:{row.history_id}"}, follow=True)
    assert "somebody has removed that already" in answer.content.decode()
