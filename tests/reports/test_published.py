"""What anybody may read: the papers of issued public reports, and /published/."""

import datetime
import hashlib

import pytest
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from board.models import Agency, Board, Seat
from board.workflow import perform
from reports.models import CommitteeReport
from reports.transitions import REVISE, WITHDRAW
from tests.builders import make_meeting

from .channels import channels
from .test_views import issue, make_draft, page

FORMS = ("pdf", "docx", "html")


@pytest.fixture
def report(quarter):
    return make_draft(quarter)


@pytest.fixture
def issued(quarter, report):
    return issue(report, quarter.world.chair)


@pytest.mark.parametrize("form", FORMS)
def test_a_public_paper_costs_one_query_and_no_session(
    client, issued, form, django_assert_num_queries
):
    with django_assert_num_queries(1):
        answer = client.get(f"/reports/{issued.ref}.{form}")
    assert answer.status_code == 200
    issue = issued.issues.get()
    kept = getattr(issue, form)
    assert answer.content == (kept.encode() if form == "html" else bytes(kept))
    sum_of_bytes = hashlib.sha256(answer.content).hexdigest()
    assert getattr(issue, f"{form}_sha256") == sum_of_bytes
    assert answer.headers["ETag"] == f'"{sum_of_bytes}"'
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Content-Security-Policy" in answer.headers
    assert not answer.cookies
    again = client.get(
        f"/reports/{issued.ref}.{form}", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("form", FORMS)
def test_a_withdrawal_bites_at_once_and_is_said(client, quarter, issued, form):
    address = f"/reports/{issued.ref}.{form}"
    client.get(address)
    perform(WITHDRAW, issued, by=quarter.world.chair, note="SECRETREASON")
    for gone in (address, f"/published/{issued.ref}/"):
        text = page(client, gone, 410)
        assert "This report was withdrawn" in text
        assert "SECRETREASON" not in text
    assert issued.subject not in page(client, "/published/")


def test_a_report_for_the_committee_alone_is_not_public(client, quarter):
    report = issue(make_draft(quarter, audience="parent"), quarter.world.chair)
    for form in FORMS:
        answer = client.get(f"/reports/{report.ref}.{form}")
        assert answer.status_code == 302
        assert answer.url.startswith("/accounts/login/")
    page(client, f"/published/{report.ref}/", 404)
    assert report.ref not in page(client, "/published/")
    perform(WITHDRAW, report, by=quarter.world.chair, note="Wrong.")
    assert client.get(f"/reports/{report.ref}.pdf").status_code == 302
    client.force_login(quarter.world.member)
    page(client, f"/reports/{report.ref}.pdf", 410)


def test_a_draft_is_nobodys_but_its_keepers(client, quarter, report):
    assert client.get(f"/reports/{report.ref}.pdf").status_code == 302
    page(client, f"/published/{report.ref}/", 404)


def test_the_page_is_the_one_that_was_issued(client, quarter, issued):
    # Nothing in the app changes an issued report; were it changed, the page would not.
    CommitteeReport.objects.filter(pk=issued.pk).update(summary="Rewritten.")
    answer = client.get(f"/published/{issued.ref}/")
    text = answer.content.decode()
    assert issued.issues.get().article in text
    assert "CLEAREDRETURN" in text
    assert "Rewritten." not in text
    assert f"/reports/{issued.ref}.pdf" in text
    assert f"/reports/{issued.ref}.docx" in text
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    client.force_login(quarter.world.member)
    assert client.get(f"/published/{issued.ref}/").headers["Cache-Control"] == "no-store"


def test_it_lists_dates_and_agencies_and_no_person(client, quarter, issued):
    world = quarter.world
    now = timezone.now()
    world.chair.name = "CHAIRSNAME"
    world.chair.save()
    make_meeting(world.board, starts_at=now + datetime.timedelta(days=9), venue="SECRETROOM")
    make_meeting(world.board, starts_at=now + datetime.timedelta(days=9), kind="extraordinary")
    text = page(client, "/published/")
    assert issued.subject in text
    assert "Sign in" in text
    assert "nothing above OFFICIAL-SENSITIVE" not in text  # a rule for those who write
    day = timezone.localdate(now + datetime.timedelta(days=9))
    assert text.count(f'{day.day} {day:%B %Y} <span class="soft">planned') == 1
    assert "Chair: " in text
    assert str(world.police) in text
    people = [world.chair, world.secretary, world.police_lead, world.member]
    assert [p.name for p in people if p.name in text] == []
    assert [
        word for word in ("SECRETROOM", "LEAVINGNOTE", "NOMINATIONREASON") if word in text
    ] == []


def test_two_boards_stand_apart(client, quarter, issued):
    other = Board.objects.create(
        name="Another Board", slug="another", kind="board", reports_to=quarter.world.parent
    )
    agency = Agency.objects.create(name="Another Agency", slug="another", kind="other")
    Seat.objects.create(board=other, agency=agency, start=datetime.date(2016, 1, 1))
    text = page(client, "/published/")
    _, theirs, ours = text.split('<section aria-labelledby="')  # by name
    assert "Another Agency" in theirs
    assert "Another Agency" not in ours
    assert issued.ref in ours
    assert issued.ref not in theirs
    assert "No report is published yet." in theirs
    assert "Chair: vacant" in theirs


def test_a_download_says_how_large_it_is(client, issued):
    sizes = [
        filesizeformat(len(client.get(f"/reports/{issued.ref}.{form}").content)).replace(
            "\xa0", " "
        )
        for form in ("pdf", "docx")
    ]
    for address in ("/published/", f"/published/{issued.ref}/"):
        text = page(client, address)
        assert [text.count(f"({size})") for size in sizes] == [1, 1]


def test_everything_costs_the_same_for_one_report_and_for_many(
    client, quarter, issued, django_assert_num_queries
):
    with django_assert_num_queries(5):
        client.get("/published/")
    for _ in range(2):
        issue(make_draft(quarter), quarter.world.chair)
    make_meeting(quarter.world.board)
    with django_assert_num_queries(5):
        assert page(client, "/published/").count('<a href="/published/') == 4  # and the footer's
    with django_assert_num_queries(1):
        client.get(f"/published/{issued.ref}/")


def test_a_withdrawn_report_is_issued_again_and_says_what_changed(client, quarter, issued):
    chair = quarter.world.chair
    first = issued.issues.get()
    report = perform(WITHDRAW, issued, by=chair, note="Wrong.")
    report = perform(REVISE, report, by=chair, note="the number of hotels")
    assert report.state == "draft"
    for address in (*(f"/reports/{report.ref}.{form}" for form in FORMS),
                    f"/published/{report.ref}/"):  # fmt: skip
        assert "This report was withdrawn" in page(client, address, 410)
    client.force_login(quarter.world.member)
    page(client, f"/reports/{report.ref}/", 410)
    client.logout()
    again = issue(report, chair)
    assert [kept.number for kept in again.issues.all()] == [2, 1]
    assert again.issues.last().pdf_sha256 == first.pdf_sha256
    words = "What changed: the number of hotels."
    for form in FORMS:
        data = client.get(f"/reports/{report.ref}.{form}").content
        assert words in " ".join(" ".join(channels(form, data).values()).split())
    assert words in page(client, f"/published/{report.ref}/")
    assert "version 2" in page(client, "/published/")


def test_it_is_not_issued_again_without_saying_what_changed(client, quarter, issued):
    report = perform(WITHDRAW, issued, by=quarter.world.chair, note="Wrong.")
    client.force_login(quarter.world.chair)
    answer = client.post(f"/reports/{report.ref}/revise-the-report/", {"note": " "})
    assert answer.status_code == 422
    report.refresh_from_db()
    assert report.state == "withdrawn"
