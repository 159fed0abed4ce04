"""Corrections of circulated minutes: who proposes, what the secretary and the meeting do with
them, which versions are kept, and what the Board part says of a restricted one."""

import io

import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from board.workflow import perform
from meetings.contents import minutes_paragraphs
from meetings.correcting import AGREE, DO_NOT_AGREE, INCORPORATE, PUT_TO_MEETING
from meetings.documents import minutes_pdf, plain_minutes
from meetings.models import Circulation, Correction, Decision, Minutes, Note
from meetings.transitions import APPROVE, CHECK, CIRCULATE, NOTE_CLEARANCE, RECALL, SIGN
from reports import checks
from reports.models import CommitteeReport, ParagraphSource, Section
from tests.builders import attend, make_decision, make_item, make_note
from tests.meetings.rooms import away, circulated, held, in_session, item_of, later

WRONG, RIGHT = "The grant is 12,500 pounds.", "The grant is 1,250 pounds."


@pytest.fixture
def meeting(world):
    """Circulated minutes: 1 a sum, 2 another paragraph, 3 a decision. The police were there."""
    meeting = held(world)
    meeting.attendances.filter(seat=world.police_seat).update(status="present")
    item = item_of(meeting)
    item.notes.update(text=f"{WRONG}\n\nMembers heard the police.")
    make_decision(item, "The page is made by December.", dissent="Fire asked for its dissent.")
    circulated(world, meeting)
    return meeting


def address(meeting, number, part="board"):
    return f"/meetings/{meeting.ref}/minutes/{part}/correct/?paragraph={number}"


def propose(client, who, meeting, number=1, wording=RIGHT, part="board", **fields):
    client.force_login(who)
    fields = {"version": 1, "wording": wording, "reason": "The paper says so"} | fields
    return client.post(address(meeting, number, part), fields)


@pytest.fixture
def correction(client, world, meeting):
    propose(client, world.police_lead, meeting)
    return Correction.objects.get()


def words_of(pdf):
    pages = pypdf.PdfReader(io.BytesIO(bytes(pdf))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_whoever_was_there_proposes_and_nobody_else(client, world, meeting):
    meeting.attendances.filter(seat=world.fire_seat).update(status="apologies")
    for who, status in ((world.police_lead, 302), (world.chair, 403), (world.member, 403)):
        assert propose(client, who, meeting).status_code == status
    client.force_login(world.member)
    page = client.get(f"/meetings/{meeting.ref}/minutes/").content.decode()
    assert "Paragraph 1: proposed" in page
    assert "Propose a correction" not in page


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"wording": ""}, 422, "Enter how it should read"),
        ({"wording": WRONG}, 422, "Change the words: these are the ones it has now"),
        ({"version": 0}, 409, "The minutes have changed since you opened this page."),
    ],
)
def test_what_cannot_be_proposed_gets_its_sentence(
    client, world, meeting, fields, status, sentence
):
    answer = propose(client, world.police_lead, meeting, **fields)
    page = answer.content.decode()
    assert (answer.status_code, Correction.objects.count()) == (status, 0)
    assert sentence in page
    assert 'value="The paper says so"' in page


@pytest.mark.parametrize("number", ["", "99", "²", "-1", "9" * 50])
def test_a_paragraph_that_is_not_there_gets_a_sentence(client, world, meeting, number):
    client.force_login(world.police_lead)
    page = client.get(address(meeting, number), follow=True).content.decode()
    assert "ive the number of a paragraph, from 1 to 3." in page
    assert not number or f"has the number “{number[:20]}”" in page


def test_the_secretary_incorporates_it_and_both_versions_are_kept(client, world, correction):
    client.force_login(world.secretary)
    client.post(f"/meetings/corrections/{correction.pk}/incorporate-the-correction/")
    minutes = Minutes.objects.get()
    assert RIGHT in plain_minutes(minutes)
    assert WRONG not in plain_minutes(minutes)
    note = Note.objects.get()
    assert note.text == f"{RIGHT}\n\nMembers heard the police."
    assert (note.version, note.history.first().history_user) == (1, world.secretary)
    assert [row.what for row in Circulation.objects.all()] == [
        "Circulated", "Paragraph 1 corrected",
    ]  # fmt: skip
    client.force_login(world.member)
    page = client.get(f"/meetings/{minutes.meeting.ref}/minutes/board/versions/").content.decode()
    assert "12,500</del>" in page
    assert "1,250</ins>" in page
    same = f"/meetings/{minutes.meeting.ref}/minutes/board/versions/?before=2&after=2"
    assert "These two versions say the same." in client.get(same).content.decode()


def test_a_decision_is_corrected_in_its_own_record(client, world, meeting):
    propose(client, world.police_lead, meeting, 3, "The page is made by January.")
    correction = perform(INCORPORATE, Correction.objects.get(), by=world.secretary)
    assert correction.wording == "that the page is made by January."
    assert Decision.objects.get().text == correction.wording
    text = plain_minutes(Minutes.objects.get())
    assert "AGREED – that the page is made by January.\nFire asked for its dissent.\n" in text
    assert minutes_paragraphs(meeting, "board") == Minutes.objects.get().paragraphs


def test_the_meeting_alone_decides_what_is_put_to_it(client, world, meeting, correction):
    correction = perform(PUT_TO_MEETING, correction, by=world.secretary)
    with pytest.raises(ValidationError, match="Only a later meeting decides this"):
        perform(AGREE, correction, by=world.secretary)
    then = later(world, meeting)
    world.board.quorum = 1
    world.board.save()
    with pytest.raises(ValidationError, match="no quorum for it"):
        perform(DO_NOT_AGREE, correction, by=world.secretary)
    attend(then, world.police_lead, seat=world.police_seat)
    perform(DO_NOT_AGREE, correction, by=world.secretary)
    assert WRONG in plain_minutes(Minutes.objects.get())
    assert Correction.objects.get().meeting.starts_at > meeting.starts_at


def test_what_is_put_to_the_meeting_stands_beside_the_minutes_it_is_to_agree(
    client, world, meeting, correction
):
    live = in_session(world)
    beside = f"/meetings/{live.ref}/minute/?item={item_of(live, 'minutes').pk}"
    client.force_login(world.secretary)
    assert RIGHT not in client.get(beside).content.decode()
    perform(PUT_TO_MEETING, correction, by=world.secretary)

    page = client.get(beside).content.decode()

    assert f"paragraph 1: it should read “{RIGHT}”" in page
    assert f"/meetings/{meeting.ref}/minutes/#corrections-board" in page
    elsewhere = f"/meetings/{live.ref}/minute/?item={item_of(live).pk}"
    assert RIGHT not in client.get(elsewhere).content.decode()


def test_minutes_are_approved_subject_to_what_the_meeting_corrected(world, meeting, correction):
    """A sum is corrected on approval; it stands corrected in text, PDF and the later minutes."""
    then = later(world, meeting)
    minutes = Minutes.objects.get()
    with pytest.raises(ValidationError, match="A correction of paragraph 1 is still open"):
        perform(APPROVE, minutes, by=world.secretary)
    perform(PUT_TO_MEETING, correction, by=world.secretary)
    perform(AGREE, Correction.objects.get(), by=world.secretary)
    minutes = perform(APPROVE, minutes, by=world.secretary)
    words = words_of(minutes.pdf)
    assert RIGHT in words
    assert WRONG not in words
    assert (
        "Agreed as a correct record on 12 December 2018, subject to the correction of paragraph 1, "
        "which stands above as corrected." in words
    )
    said = [row["text"] for row in minutes_paragraphs(then, "board") if row["kind"] == "paragraph"]
    assert said == [
        "The minutes of the meeting held on 19 September 2018 were agreed as a correct record, "
        f"subject to this correction:\n\n- paragraph 1 to read: “{RIGHT}”"
    ]


def a_report(world, note):
    """Issued in name, with one paragraph that rests on the note."""
    report = CommitteeReport.objects.create(
        board=world.board, to_board=world.parent, ref="parent-2018", subject="Update",
        committee_date=timezone.localdate(), report_of="Chair", summary="The Board met.",
        drafted_at=timezone.now(), drafted_by=world.secretary,
    )  # fmt: skip
    section = Section.objects.create(report=report, order=1, heading="Update")
    paragraph = section.paragraphs.create(order=1, text=note.text)
    ParagraphSource.objects.create(paragraph=paragraph, label="Item 1", digest="", note=note)
    return report, paragraph


def test_approved_minutes_keep_their_bytes_and_reports_are_flagged(client, world, meeting):
    then = later(world, meeting)
    before = perform(APPROVE, Minutes.objects.get(), by=world.secretary)
    note = perform(NOTE_CLEARANCE[2], Note.objects.get(), by=world.secretary)
    report, paragraph = a_report(world, note)
    propose(client, world.police_lead, meeting)
    correction = Correction.objects.get()
    assert not INCORPORATE.open_to(world.secretary, correction)
    perform(PUT_TO_MEETING, correction, by=world.secretary)
    with pytest.raises(ValidationError, match="Only a later meeting"):
        perform(AGREE, Correction.objects.get(), by=world.secretary)
    last = later(world, then)
    client.force_login(world.secretary)
    client.post(f"/meetings/corrections/{correction.pk}/record-that-the-correction-was-agreed/")

    after = Minutes.objects.get(meeting=meeting)
    assert (bytes(after.pdf), after.text, after.paragraphs) == (
        bytes(before.pdf), before.text, before.paragraphs,
    )  # fmt: skip
    decision = Correction.objects.get().decision
    assert decision.item.meeting == last
    assert decision.text == (
        f"that paragraph 1 of the minutes of 19 September 2018 is corrected to read: “{RIGHT}”"
    )
    page = client.get(f"/meetings/{meeting.ref}/minutes/").content.decode()
    assert "Corrected since." in page
    assert RIGHT in page
    found = [row for row in checks.find(report) if row.kind == checks.CORRECTED]
    assert [row.excerpt for row in found] == ["SOC Board, 19 September 2018, item 1"]
    paragraph.text = RIGHT
    paragraph.save()
    assert checks.CORRECTED not in {row.kind for row in checks.find(report)}


def test_a_correction_of_words_that_moved_on_is_refused(world, meeting, correction):
    minutes = perform(RECALL, Minutes.objects.get(), by=world.secretary, note="A slip")
    with pytest.raises(ValidationError, match="These minutes are draft: circulate them first"):
        perform(INCORPORATE, correction, by=world.secretary)
    Note.objects.update(text="Something else.")
    minutes = perform(CHECK, minutes, by=world.chair)
    perform(CIRCULATE, minutes, by=world.secretary)
    with pytest.raises(ValidationError, match="reads otherwise by now"):
        perform(INCORPORATE, correction, by=world.secretary)
    assert Circulation.objects.count() == 2


@pytest.mark.parametrize("how", ["UPDATE {} SET what = ''", "DELETE FROM {}"])
def test_what_was_circulated_is_kept_by_the_database(meeting, how):
    with pytest.raises(DatabaseError, match="kept as it is"), transaction.atomic():
        connection.cursor().execute(how.format("meetings_circulation"))


def test_who_presided_at_the_approving_meeting_signs(world, meeting):
    later(world, meeting, presiding=world.member)
    minutes = perform(APPROVE, Minutes.objects.get(), by=world.secretary)
    assert not SIGN.open_to(world.chair, minutes)
    with pytest.raises(ValidationError, match="Enter how they were signed"):
        perform(SIGN, minutes, by=world.secretary)
    assert perform(SIGN, minutes, by=world.member).signed_by == world.member


# The restricted part

SECRET = "Two addresses are watched."


@pytest.fixture
def restricted(world):
    """Item 1 is restricted and heard by the police; item 2 too, after they left."""
    meeting = held(world)
    first, second = item_of(meeting), make_item(meeting, 2, "Fraud")
    away(meeting, world.police_seat, after=first)
    make_note(first, SECRET, part="restricted")
    make_note(second, "A second secret.", part="restricted")
    attend(meeting, world.member, "in_attendance")
    Minutes.objects.create(meeting=meeting, part="restricted")
    return meeting


def test_a_restricted_correction_is_seen_by_those_who_heard_the_item(client, world, restricted):
    circulated(world, restricted, "restricted")
    propose(client, world.member, restricted, 2, "A third secret.", "restricted")
    client.force_login(world.police_lead)
    for tail in ("", "restricted/versions/"):
        page = client.get(f"/meetings/{restricted.ref}/minutes/{tail}").content.decode()
        assert "third" not in page
    assert (
        "give the number of a paragraph, from 1 to 1."
        in client.get(address(restricted, 2, "restricted"), follow=True).content.decode()
    )
    correction = Correction.objects.get()
    act = f"/meetings/corrections/{correction.pk}/incorporate-the-correction/"
    assert client.get(act).status_code == 404
    client.force_login(world.chair)
    assert "third</ins>" in client.get(f"/meetings/{restricted.ref}/minutes/").content.decode()
    perform(INCORPORATE, correction, by=world.secretary)
    assert Note.objects.get(item__number=2).text == "A third secret."
    client.force_login(world.police_lead)
    page = client.get(f"/meetings/{restricted.ref}/minutes/restricted/versions/").content.decode()
    assert "secret" not in page


def test_the_board_part_says_that_a_part_is_restricted_and_why(client, world, restricted):
    world.board.schedule_12a = True
    world.board.save()
    minutes = perform(CHECK, restricted.minutes.get(part="board"), by=world.chair)
    with pytest.raises(ValidationError, match="Item 1 has a restricted part"):
        perform(CIRCULATE, minutes, by=world.secretary)
    perform(RECALL, minutes, by=world.secretary, note="The ground")
    client.force_login(world.secretary)
    for item in restricted.items.all():
        answer = client.post(
            f"/meetings/{restricted.ref}/minutes/{item.pk}/ground/",
            {"withheld_paragraph": "7", "withheld_note": "An enquiry is open."},
        )
        assert answer.status_code == 302
    circulated(world, restricted)
    pdf = minutes_pdf(Minutes.objects.get(meeting=restricted, part="board"))
    assert (
        "Part of this item is restricted and is minuted apart, under paragraph 7 of Part 1 of "
        "Schedule 12A to the Local Government Act 1972 (action taken or to be taken to prevent, "
        "investigate or prosecute crime). An enquiry is open." in words_of(pdf)
    )
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    beside = f"{reader.outline} {reader.metadata} {list(reader.attachments)} {words_of(pdf)}"
    assert "watched" not in beside
    assert "second secret" not in beside


def test_a_board_outside_the_schedule_says_only_that_a_part_is_restricted(world, restricted):
    circulated(world, restricted)
    text = plain_minutes(Minutes.objects.get(meeting=restricted, part="board"))
    assert "Part of this item is restricted and is minuted apart.\n" in text


def test_a_time_of_day_is_not_broken_and_still_found(client, world):
    meeting = held(world)
    item_of(meeting).notes.update(text="He left at 11.42 am, for **good**.")
    client.force_login(world.secretary)
    page = client.get(f"/meetings/{meeting.ref}/minutes/").content.decode()
    assert "11.42\N{NO-BREAK SPACE}am, for <strong>good</strong>" in page
    assert "beginning 10.00\N{NO-BREAK SPACE}am" in page
    assert "11.42 am" in plain_minutes(meeting.minutes.get())
