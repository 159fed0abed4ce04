"""The issued report of last quarter as the start of the next."""

import datetime

import pytest

from board.models import AuditEvent
from reports import checks
from reports.following import start_next
from reports.models import CommitteeReport, Layout, Paragraph

from .test_views import as_chair, boxes, issue, make_draft, page, report

__all__ = ["as_chair", "report"]  # fixtures

DAYS = {
    "committee_date": datetime.date(2018, 12, 13),
    "period_from": datetime.date(2018, 9, 28),
    "period_to": datetime.date(2018, 12, 1),
}


def posted(**changes):
    parts = ("day", "month", "year")
    return {
        f"{name}_{part}": getattr(day, part)
        for name, day in (DAYS | changes).items()
        for part in parts
    }


@pytest.fixture
def issued(quarter, report):
    """With a heading of its own, and words by hand before and after what the record gave."""
    update = report.sections.get(heading="Update")
    Paragraph.objects.create(section=update, order=0, text="STANDINGFIRST by hand.")
    Paragraph.objects.create(section=update, order=99, text="STANDINGLAST by hand.", numbered=False)
    risks = report.sections.create(order=0, heading="Risks")
    Paragraph.objects.create(section=risks, order=1, text="STANDINGRISK by hand.")
    Paragraph.objects.create(section=risks, order=2, text=" ")
    report.layout = Layout.objects.filter(board=None).last()
    report.header_rows, report.contact = [["Ward:", "All"]], "Clerk\nT: 020 7946 0123"
    report.summary = "OLDSUMMARY"
    report.save()
    issue(report, quarter.world.chair)
    return CommitteeReport.objects.get(pk=report.pk)


def texts(report):
    rows = Paragraph.objects.filter(section__report=report).order_by("section__order", "order")
    return [(row.section.heading, row.text, row.carried_from) for row in rows]


def test_form_and_words_by_hand_stay_and_the_rest_is_drafted_anew(quarter, issued):
    new = start_next(issued, **DAYS, by=quarter.world.secretary)
    assert (new.to_board, new.layout, new.header_rows) == (
        issued.to_board, issued.layout, issued.header_rows,
    )  # fmt: skip
    for name in ("subject", "report_of", "purpose", "audience", "contact"):
        assert getattr(new, name) == getattr(issued, name), name
    assert "OLDSUMMARY" not in new.summary
    rows = texts(new)
    assert [heading for heading, _, _ in rows] == sorted(
        (heading for heading, _, _ in rows), key=["Risks", "Background", "Update"].index
    )
    carried = [text for _, text, source in rows if source]
    assert carried == ["STANDINGRISK by hand.", "STANDINGFIRST by hand.", "STANDINGLAST by hand."]
    assert {source for _, _, source in rows if source} == {issued.ref}
    update = [text for heading, text, _ in rows if heading == "Update"]
    assert (update[0], update[-1]) == (carried[1], carried[2])
    assert len(update) > 2
    # What the old period's record gave is not in it.
    words = " ".join(text for _, text, _ in rows)
    assert "CLEAREDNOTE" not in words
    assert "CLEAREDRETURN" not in words
    last = Paragraph.objects.get(section__report=new, text=carried[2])
    assert (last.numbered, last.sources.exists()) == (False, False)


def test_each_waits_at_the_gate_until_it_is_changed_or_still_holds(as_chair, quarter, issued):
    new = start_next(issued, **DAYS, by=quarter.world.secretary)

    def waiting():
        found = [f for f in checks.open_findings(new) if f.kind == checks.CARRIED]
        return [finding.excerpt for finding in found]

    assert waiting() == ["STANDINGRISK by hand.", "STANDINGFIRST by hand.", "STANDINGLAST by hand."]
    address = f"/reports/{new.ref}/edit/"
    text = page(as_chair, address)
    assert "3 carried over, to check" in text
    first, second, third = (
        Paragraph.objects.get(section__report=new, text=excerpt) for excerpt in waiting()
    )
    as_chair.post(address, boxes(new, act=f"holds:{first.pk}"))
    assert waiting() == ["STANDINGFIRST by hand.", "STANDINGLAST by hand."]
    as_chair.post(address, boxes(new, **{f"p{second.pk}-text": "New words."}))
    assert waiting() == ["STANDINGLAST by hand."]
    assert "Carried over" in page(as_chair, f"/reports/{new.ref}/checks/")
    (finding,) = [f for f in checks.open_findings(new) if f.kind == checks.CARRIED]
    checks.accept(new, finding, by=quarter.world.chair, reason="Still so.")
    assert waiting() == []
    assert third.carried_from == issued.ref


def test_pressed_twice_there_is_one_next_report(as_chair, issued):
    address = f"/reports/{issued.ref}/next/"
    assert "Start the next report from this one" in page(as_chair, issued.get_absolute_url())
    assert 'name="period_from_day" value="28"' in page(as_chair, address)
    answer = as_chair.post(address, posted())
    new = CommitteeReport.objects.get(follows=issued)
    assert answer.url == f"/reports/{new.ref}/edit/"
    assert as_chair.post(address, posted()).url == new.get_absolute_url()
    assert CommitteeReport.objects.filter(follows=issued).count() == 1
    assert (
        AuditEvent.objects.filter(act="draft the report", subject__endswith=f":{new.pk}").count()
        == 1
    )
    text = page(as_chair, issued.get_absolute_url())
    assert f'href="{new.get_absolute_url()}"' in text
    assert "Start the next report from this one" not in text


def test_a_period_that_runs_backwards_is_refused_in_a_sentence(as_chair, issued):
    answer = as_chair.post(
        f"/reports/{issued.ref}/next/", posted(period_to=datetime.date(2018, 9, 1))
    )
    assert answer.status_code == 422
    assert "The last day comes before the first: give a later day." in answer.content.decode()
    assert not CommitteeReport.objects.filter(follows=issued).exists()


def test_a_draft_starts_no_next_report(as_chair, quarter, report):
    draft = make_draft(quarter)
    answer = as_chair.post(f"/reports/{draft.ref}/next/", posted(), follow=True)
    assert "Issue this report first" in answer.content.decode()
    assert not CommitteeReport.objects.filter(follows=draft).exists()


def test_a_member_starts_none(client, quarter, issued):
    client.force_login(quarter.world.member)
    assert client.post(f"/reports/{issued.ref}/next/", posted()).status_code == 403
    assert "Start the next" not in page(client, issued.get_absolute_url())
