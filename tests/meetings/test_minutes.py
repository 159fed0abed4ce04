"""The minutes: their words, who reads them, and that approval freezes them."""

import datetime
import hashlib
import io

import outloud
import page
import pikepdf
import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from board.workflow import perform
from meetings.contents import minutes_paragraphs
from meetings.documents import minutes_pdf, plain_minutes
from meetings.models import Attendance, Decision, Meeting, Minutes
from meetings.transitions import APPROVE, CHECK, CIRCULATE, RECALL, SIGN
from meetings.wording import split_paragraphs, that_clause
from tests.builders import (
    days_ago,
    make_action,
    make_agency,
    make_decision,
    make_item,
    make_note,
    seat,
)
from tests.meetings.rooms import (
    approved,
    away,
    circulated,
    held,
    in_session,
    item_of,
    later,
)


def text_of(pdf):
    pages = pypdf.PdfReader(io.BytesIO(bytes(pdf))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture
def meeting(world):
    for row in (world.police_seat, world.fire_seat):
        row.start = days_ago(9000)
        row.save()
    meeting = held(world)
    item = item_of(meeting)
    make_decision(item, "The page is made by December.")
    make_decision(item, "The report of the police.", outcome="noted")
    make_action(
        world.board, agency=world.police, item=item, agreed_on=meeting.day,
        due=datetime.date(2018, 12, 12), officer="Inspector, partnerships",
    )  # fmt: skip
    return meeting


def test_the_paper_says_what_minutes_say(world, meeting):
    words = text_of(minutes_pdf(meeting.minutes.get()))
    for sentence in (
        "SOC Board Minutes of the meeting held on 19 September 2018",
        "Wednesday, at Guildhall, beginning 10.00 am and ending 12.00 pm",
        "Present • Fire of soc-board – Chair, Borough commander (in the chair)",
        "Apologies for absence • Police of soc-board – Police lead",
        "1. Modern slavery 1. Members heard the police.",
        "2. Health asked for: • one page • plain words",
        "3. AGREED – that the page is made by December.",
        "4. NOTED – the report of the police.",
        "Action SOC/1/2018: Write the page of signs – Police of soc-board (Inspector, partnerships)"
        " – by 12 December 2018",
        "The meeting closed at 12.00 pm.",
        "Page 1 of 1",
        "DRAFT",
    ):
        assert sentence in words, words
    assert "absent" not in words.lower().replace("absence", "")


def test_a_chair_who_sent_apologies_was_not_in_the_chair(world, meeting):
    meeting.attendances.filter(person=world.chair).update(status="apologies")
    words = text_of(minutes_pdf(meeting.minutes.get()))
    assert "Fire of soc-board – Chair, Borough commander" in words
    assert "in the chair" not in words


def test_plain_text_says_the_same(meeting):
    text = plain_minutes(meeting.minutes.get())
    assert "3. AGREED – that the page is made by December.\n" in text
    assert "2. Health asked for:\n\n- one page\n- plain words\n" in text
    assert text.endswith("The meeting closed at 12.00 pm.\n")


def test_the_board_that_resolves_says_so(world, meeting):
    world.board.decision_style = "resolved"
    world.board.chair_title = "Chairman"
    world.board.save()
    fresh = Minutes.objects.get(meeting=meeting)
    assert "RESOLVED – That the page is made by December." in plain_minutes(fresh)
    words = text_of(minutes_pdf(approved(world, meeting)))
    assert "Agreed as a correct record on 12 December 2018. Chairman Date" in words
    assert "DRAFT" not in words


def test_without_a_quorum_there_are_informal_notes(world, meeting):
    world.board.quorum = 2
    world.board.save()
    text = plain_minutes(Minutes.objects.get(meeting=meeting))
    assert "Informal notes of the meeting held on 19 September 2018" in text
    assert "VIEW OF THE MEETING – that the page is made by December." in text
    assert "AGREED" not in text


def test_a_meeting_without_a_quorum_agrees_no_minutes(world, meeting):
    world.board.quorum = 1
    world.board.save()
    agrees, minutes = later(world, meeting), circulated(world, meeting)
    with pytest.raises(
        ValidationError, match=r"no quorum for it \(0 of 2 agencies here, 1 needed\)"
    ):
        perform(APPROVE, minutes, by=world.secretary)
    here = {"status": "present", "person": world.police_lead}
    agrees.attendances.filter(seat=world.police_seat).update(**here)
    assert perform(APPROVE, minutes, by=world.secretary).approved_at_meeting == agrees


def test_a_seat_nobody_recorded_is_named_as_that(world, meeting):
    seat(world.board, make_agency("Health"), start=days_ago(9000))
    text = plain_minutes(meeting.minutes.get())
    assert "Attendance not yet recorded\n- Health\n" in text


def test_numbers_run_on_and_apologies_write_themselves(world):
    meeting = in_session(world)
    meeting.attendances.filter(seat=world.police_seat).update(status="apologies")
    make_note(item_of(meeting), "One.\n\nTwo.")
    rows = minutes_paragraphs(meeting, "board")
    numbered = [(row["number"], row["text"]) for row in rows if row["kind"] == "paragraph"]
    assert numbered == [
        (1, "Apologies for absence were received from Police lead."),
        (2, "One."),
        (3, "Two."),
    ]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("The page is made.", "that the page is made."),
        ("That the page be made.", "that the page be made."),
        ("London Fire Brigade writes it.", "that London Fire Brigade writes it."),
        ("To write the page.", "to write the page."),
        ("Agreed", "that Agreed"),
    ],
)
def test_a_decision_reads_on_after_that(typed, written):
    assert that_clause(typed, "that") == written


def test_a_list_belongs_to_the_paragraph_before_it():
    assert split_paragraphs("One:\n\n- a\n- b\n\nTwo\n\n\n1. c") == [
        "One:\n\n- a\n- b",
        "Two\n\n1. c",
    ]
    assert split_paragraphs("One\n\n\nTwo\n \n\n\nThree") == ["One", "Two", "Three"]
    assert split_paragraphs("One:\n\no\ta\n\n\uf0a7\tb") == ["One:\n\no\ta\n\n\uf0a7\tb"]
    assert split_paragraphs("\n \n") == []


@pytest.mark.parametrize("part", ["board", "restricted"])
def test_the_paper_is_accessible_and_the_same_each_time(world, meeting, part, tmp_path):
    make_note(item_of(meeting), "Read by few:\n\n1. one\n   - two", part="restricted")
    minutes, _ = Minutes.objects.get_or_create(meeting=meeting, part=part)
    data = minutes_pdf(minutes)
    assert minutes_pdf(Minutes.objects.get(pk=minutes.pk)) == data
    path = tmp_path / "minutes.pdf"
    path.write_bytes(data)
    report = page.validate_pdf(path, profile=page.ValidationProfile.PDF_UA_1)
    heard = outloud.check(str(path))
    assert heard.error is None
    assert [failure.message for failure in report.failures] == []
    assert [finding.message for finding in heard.findings] == []
    with pikepdf.open(path) as document:
        assert str(document.Root.Lang) == "en-GB"
        assert "19 September 2018" in str(document.docinfo["/Title"])
        with document.open_outline() as outline:
            assert outline.root
    assert ("OFFICIAL-SENSITIVE" in text_of(data)) == (part == "restricted")


# Who reads


def reads(client, user, address):
    client.force_login(user)
    return client.get(address).status_code


def test_drafts_are_read_by_secretary_and_chair_members_wait_for_circulation(
    client, world, meeting
):
    address = f"/meetings/{meeting.ref}/minutes/"
    paper = f"/meetings/{meeting.ref}/minutes.pdf"
    minutes = meeting.minutes.get()
    for expected in (404, 404, 200):
        assert reads(client, world.secretary, address) == 200
        assert reads(client, world.chair, address) == 200
        assert reads(client, world.member, address) == expected
        assert reads(client, world.member, paper) == expected
        assert reads(client, world.outsider, address) == 404
        assert reads(client, world.former, address) == 404
        if minutes.state == "draft":
            minutes = perform(CHECK, minutes, by=world.chair)
        elif minutes.state == "checked":
            minutes = perform(CIRCULATE, minutes, by=world.secretary)
    perform(RECALL, minutes, by=world.secretary, note="A wrong name")
    assert reads(client, world.member, address) == 404


def test_before_the_end_the_chair_reads_the_notes_as_they_stand(client, world):
    meeting = in_session(world)
    make_note(item_of(meeting), "Heard so far.")
    client.force_login(world.chair)
    assert b"Heard so far." in client.get(f"/meetings/{meeting.ref}/minutes/").content
    assert reads(client, world.member, f"/meetings/{meeting.ref}/minutes/") == 404


def test_an_officer_to_be_confirmed_is_the_lead_once_minutes_are_circulated(world):
    meeting = held(world)
    item = item_of(meeting)
    ours = make_action(world.board, agency=world.police, item=item)
    named = make_action(world.board, agency=world.police, item=item, officer="Inspector, desk")
    boards = make_action(world.board, item=item)
    hidden = make_action(world.board, agency=world.police, item=item, part="restricted")
    assert ours.who == "Officer to be confirmed"

    minutes = circulated(world, meeting)

    for action in (ours, named, boards, hidden):
        action.refresh_from_db()
    assert ours.person == world.police_lead
    assert (named.who, boards.person, hidden.person) == ("Inspector, desk", None, None)
    said = [entry["who"] for entry in minutes.paragraphs if entry["kind"] == "action"]
    assert said == ["Police lead", "Inspector, desk", "Officer to be confirmed"]


def test_circulated_words_stay_when_the_record_changes(world, meeting):
    minutes = perform(CHECK, meeting.minutes.get(), by=world.chair)
    minutes = perform(CIRCULATE, minutes, by=world.secretary)
    Decision.objects.filter(outcome="agreed").update(text="Something else.")
    Attendance.objects.filter(meeting=meeting).update(status="not_represented")
    text = plain_minutes(Minutes.objects.get(pk=minutes.pk))
    assert "that the page is made by December." in text
    assert "Not represented" not in text


def test_the_restricted_part_shows_each_reader_the_items_they_heard(client, world):
    meeting = held(world)
    first, second = item_of(meeting), make_item(meeting, 2, "Fraud")
    make_note(first, "FIRSTSECRET", part="restricted")
    make_note(second, "SECONDSECRET", part="restricted")
    away(meeting, world.police_seat, back=second)
    minutes = Minutes.objects.create(meeting=meeting, part="restricted")
    minutes = perform(CHECK, minutes, by=world.chair)
    perform(CIRCULATE, minutes, by=world.secretary)
    perform(
        CIRCULATE,
        perform(CHECK, meeting.minutes.get(part="board"), by=world.chair),
        by=world.secretary,
    )
    address = f"/meetings/{meeting.ref}/minutes/"

    def seen(user):
        client.force_login(user)
        words = client.get(address).content.decode()
        paper = client.get(f"/meetings/{meeting.ref}/minutes.pdf?part=restricted")
        paper = text_of(paper.content) if paper.status_code == 200 else ""
        return [("FIRSTSECRET" in text, "SECONDSECRET" in text) for text in (words, paper)]

    assert seen(world.secretary) == [(True, True)] * 2
    assert seen(world.chair) == [(True, True)] * 2
    assert seen(world.police_lead) == [(False, True)] * 2
    assert seen(world.member) == [(False, False)] * 2
    client.force_login(world.police_lead)
    assert "OFFICIAL-SENSITIVE</strong>" in client.get(address).content.decode()


def test_working_notes_are_the_secretarys_alone(client, world):
    meeting = in_session(world)
    item = item_of(meeting)
    item.working_notes = "WORKINGNOTE"
    item.save()
    shown = []
    for user in (world.secretary, world.chair, world.member):
        client.force_login(user)
        for address in ("", f"minute/?item={item.pk}", "minutes/", "agenda.pdf", "minutes.pdf"):
            answer = client.get(f"/meetings/{meeting.ref}/{address}")
            words = answer.content
            if answer["Content-Type"] == "application/pdf":
                words = text_of(words).encode()
            if b"WORKINGNOTE" in words:
                shown.append((user.name, address.partition("?")[0]))
    assert shown == [("Secretary", "minute/")]


# Approval freezes


def test_approval_keeps_the_bytes_and_serves_them(client, world, meeting):
    minutes = approved(world, meeting)
    assert hashlib.sha256(bytes(minutes.pdf)).hexdigest() == minutes.sha256
    assert "that the page is made by December." in minutes.text
    world.board.name = "Renamed board"
    world.board.save()
    client.force_login(world.member)
    answer = client.get(f"/meetings/{meeting.ref}/minutes.pdf")
    assert answer.content == bytes(minutes.pdf)
    assert answer["Content-Type"] == "application/pdf"


CHANGES = {
    "save": lambda minutes: minutes.save(),
    "update": lambda minutes: Minutes.objects.filter(pk=minutes.pk).update(text="Other words"),
    "raw": lambda minutes: connection.cursor().execute(
        "UPDATE meetings_minutes SET text = 'Other words' WHERE id = %s", [minutes.pk]
    ),
    "delete": lambda minutes: connection.cursor().execute(
        "DELETE FROM meetings_minutes WHERE id = %s", [minutes.pk]
    ),
}


@pytest.mark.parametrize("how", CHANGES)
@pytest.mark.parametrize("signed", [False, True])
def test_approved_minutes_refuse_every_change(world, meeting, how, signed):
    minutes = approved(world, meeting)
    if signed:
        minutes = perform(SIGN, minutes, by=world.chair)
    text = minutes.text
    minutes.text = "Other words"
    with pytest.raises(DatabaseError, match="kept as it is"), transaction.atomic():
        CHANGES[how](minutes)
    assert Minutes.objects.get(pk=minutes.pk).text == text


def test_a_draft_does_not_refuse(meeting):
    """The control of the test above."""
    for how in ("save", "update", "raw", "delete"):
        minutes = meeting.minutes.get()
        minutes.text = "Other words"
        CHANGES[how](minutes)
    assert not meeting.minutes.exists()


def test_signing_adds_its_record_and_changes_nothing_else(client, world, meeting):
    minutes = approved(world, meeting)
    client.force_login(world.chair)
    address = f"/meetings/{meeting.ref}/minutes/board/sign-the-minutes/"
    client.post(address, {"note": "Signed on paper"})
    signed = Minutes.objects.get(pk=minutes.pk)
    assert (signed.state, signed.signed_by, signed.signed_note) == (
        "signed", world.chair, "Signed on paper",
    )  # fmt: skip
    assert (bytes(signed.pdf), signed.sha256) == (bytes(minutes.pdf), minutes.sha256)
    assert b"Signed on paper" in client.get(f"/meetings/{meeting.ref}/minutes/").content


def test_a_second_approval_gets_a_sentence(client, world, meeting):
    approved(world, meeting)
    client.force_login(world.secretary)
    address = f"/meetings/{meeting.ref}/minutes/board/approve-the-minutes/"
    page = client.post(address, {}, follow=True).content.decode()
    assert "Nothing was changed: this is already approved." in page
    assert Meeting.objects.get(pk=meeting.pk).minutes.get().state == "approved"
