"""Search: what one may read, quoted; nothing else, not even a count."""

import pytest

from board.workflow import perform
from config.searching import KINDS, quoted, search
from meetings.transitions import CHECK, CIRCULATE, END, PUBLISH
from reports.models import CommitteeReport
from tests import builders as make

MINUTED = "The harbour was named."


def found(person, text):
    return {(heading, hit.title) for heading, hits, _ in search(person, text) for hit in hits}


def circulated(world, part="board"):
    meeting = make.make_meeting(world.board, starts_at=make.london(2026, 3, 4))
    make.make_note(make.make_item(meeting), MINUTED, part=part)
    for row in (PUBLISH, END):
        meeting = perform(row, meeting, by=world.secretary)
    minutes = perform(CHECK, meeting.minutes.get(part=part), by=world.chair)
    return minutes


def test_minutes_are_found_by_members_once_circulated(world):
    minutes = circulated(world)
    assert found(world.member, "HARBOUR named") == set()
    assert len(found(world.secretary, "harbour")) == 1
    perform(CIRCULATE, minutes, by=world.secretary)
    assert found(world.member, "HARBOUR named") == {
        ("Minutes", "Modern slavery, SOC Board, 4 March 2026")
    }
    assert found(world.former, "harbour") == found(world.outsider, "harbour") == set()


def test_the_restricted_part_is_found_by_whoever_heard_it(world):
    minutes = circulated(world, "restricted")
    minutes.meeting.attendances.filter(person=world.police_lead).update(status="present")
    perform(CIRCULATE, minutes, by=world.secretary)
    assert len(found(world.police_lead, "harbour")) == 1
    assert found(world.member, "harbour") == set()


def test_working_notes_are_never_found(world):
    item = make.make_item(make.make_meeting(world.board), working_notes="harbour")
    assert item.working_notes
    assert found(world.secretary, "harbour") == set()


def test_a_return_is_found_by_its_agency_and_once_received_by_members(world):
    part = make.part_of(make.open_round(world), world.police, world.slavery)
    part = make.submit(part, world.police_lead)
    assert len(found(world.police_contributor, "nine hotels")) == 1
    assert found(world.fire_lead, "nine hotels") == set()
    make.receive(part, world.secretary)
    assert len(found(world.fire_lead, "nine hotels")) == 1


def test_what_is_sensitive_is_named_and_not_quoted(world, client):
    make.make_threat(
        world.board, world.police, world.police_lead, marking="OFFICIAL-SENSITIVE",
        description="Boats in the harbour at night.",
    )  # fmt: skip
    assert found(world.fire_lead, "harbour") == set()
    client.force_login(world.police_lead)
    page = client.get("/search/", {"q": "harbour"}).content.decode()
    assert "open it to read it" in page
    assert "Boats in" not in page
    assert page.count("OFFICIAL-SENSITIVE") >= 3  # top, bottom and the hit


@pytest.mark.parametrize(
    "text", ["", "   ", "%", "'", "_" * 300, "<b>", "a b c d e f g h i j", "ß İ"]
)
def test_no_words_break_it(client, world, text):
    client.force_login(world.secretary)
    response = client.get("/search/", {"q": text})
    assert response.status_code == 200
    assert "<b>" not in response.content.decode()


def test_the_quote_marks_the_words():
    text = (
        "Long before. " * 20
        + "The harbour master said that the harbour is quiet. "
        + "After. " * 40
    )
    pieces = quoted(text, ["harbour", "quiet"])
    assert [words for words, hit in pieces if hit] == ["harbour", "harbour", "quiet"]
    assert pieces[0] == ("…", False)
    assert "".join(words for words, _ in pieces)[1:-1] in text


def test_one_query_for_each_kind(world, django_assert_num_queries):
    assert world.secretary.roles.kept
    with django_assert_num_queries(len(KINDS)):
        search(world.secretary, "modern")
    meeting = make.make_meeting(world.board)
    for number in range(1, 8):
        item = make.make_item(meeting, number)
        make.make_note(item, "modern times")
        make.make_decision(item, "modern times")
    with django_assert_num_queries(len(KINDS)):
        search(world.secretary, "modern")


def test_the_paragraphs_of_a_report_stand_under_its_name_and_day(world, client):
    report = make.make_report(world, "2026-03-04")
    section = report.sections.get()
    for order, text in enumerate(("Harbour patrols went on.", "The harbour is quiet."), 2):
        section.paragraphs.create(order=order, text=text)
    client.force_login(world.secretary)
    said = f"{report.committee_date:%-d %B %Y}"
    for day, title in (
        (report.committee_date, f"Update, {world.parent}, {said}"),
        (None, f"Update, {world.parent}"),
    ):
        CommitteeReport.objects.update(committee_date=day)
        page = client.get("/search/", {"q": "harbour"}).content.decode()
        assert page.count("<mark>") == 2
        assert page.count(f">{title}</a>") == 1
