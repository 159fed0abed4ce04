"""The minute screen beside the boxes: owners as typed, who comes and goes, times, rough notes."""

import datetime
import re

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from board.models import AuditEvent
from meetings.contents import minutes_paragraphs
from meetings.documents import plain_minutes
from meetings.models import Action, AgendaItem, Attendance, Decision
from meetings.owners import Owners
from meetings.rates import attendance_rates
from meetings.rough import lay_beside
from tests.builders import make_agency, make_decision, make_meeting, make_note, seat
from tests.meetings.rooms import again, away, held, in_session, item_of, planned


@pytest.fixture
def meeting(world):
    return in_session(world)


# An action in one line


@pytest.fixture
def owners(world):
    seat(world.board, make_agency("Public Health"))
    seat(world.board, make_agency("Probation"))
    return Owners(world.board, timezone.localdate())


@pytest.mark.parametrize(
    ("typed", "agency", "person", "support"),
    [
        ("police", "Police of soc-board", "", []),
        ("POL", "Police of soc-board", "", []),
        ("pub hea", "Public Health", "", []),
        ("health", "Public Health", "", []),
        ("the board", "", "", []),
        ("board", "", "", []),
        ("Police lead", "Police of soc-board", "Police lead", []),
        ("chair", "Fire of soc-board", "Chair", []),
        ("secretary", "", "Secretary", []),
        ("police, fire", "Police of soc-board", "", ["Fire of soc-board"]),
        ("fire with prob; pol", "Fire of soc-board", "", ["Probation", "Police of soc-board"]),
        ("police, police", "Police of soc-board", "", []),
    ],
)  # fmt: skip
def test_an_owner_is_found_by_the_beginning_of_the_name(owners, typed, agency, person, support):
    lead, named, supporting = owners.lead_and_support(typed)
    assert (str(lead or ""), str(named or "")) == (agency, person)
    assert [str(each) for each in supporting] == support


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("p", "may be Police of soc-board or Probation or Public Health: type more"),
        ("coastguard", "is nobody on this board: give one of Fire, Police"),
        ("Probatoin", "“Probatoin” is nobody on this board: did you mean Probation\\?"),
        ("publik helth", "did you mean Public Health\\?"),
        (",", "is nobody on this board"),
        ("police, chairs", "“chairs” is nobody"),
        ("police, board", "cannot support an action"),
    ],
)
def test_a_name_that_is_nobodys_or_several_peoples_gets_a_sentence(owners, typed, sentence):
    with pytest.raises(ValidationError, match=sentence):
        owners.lead_and_support(typed)


def test_next_meeting_is_the_day_that_is_planned(client, world, meeting):
    following = make_meeting(world.board, starts_at=timezone.now() + datetime.timedelta(days=90))
    make_meeting(
        world.board, starts_at=timezone.now() + datetime.timedelta(days=30), state="cancelled",
        state_reason="No room",
    )  # fmt: skip
    client.force_login(world.secretary)
    item = item_of(meeting).pk
    page = client.get(f"/meetings/{meeting.ref}/minute/?item={item}").content.decode()
    assert 'value="next meeting"' in page
    client.post(
        f"/meetings/{meeting.ref}/minute/{item}/actions/",
        {
            "action-version": 0, "action-wording": "Write", "action-owner": "police, fire",
            "action-due": "next meeting",
        },
    )  # fmt: skip
    action = Action.objects.get()
    assert (action.due, action.original_due) == (following.day, following.day)
    assert list(action.supporting.all()) == [world.fire]
    assert action.who == "Officer to be confirmed"
    assert action.reference in client.get("/meetings/actions/").content.decode()


# Who comes and goes


def come_and_go(client, meeting, item, **chosen):
    rows = {f"move-{row.pk}": "" for row in meeting.attendances.all()}
    return client.post(
        f"/meetings/{meeting.ref}/minute/{item.pk}/attendance/", rows | chosen, follow=True
    )


def test_everybody_expected_is_recorded_with_one_press(client, world, meeting):
    client.force_login(world.secretary)
    come_and_go(client, meeting, item_of(meeting, "apologies"), all="1")
    status = dict(meeting.attendances.values_list("person", "status"))
    assert status[world.police_lead.pk] == "present"
    assert status[world.secretary.pk] == "in_attendance"


def test_late_and_early_are_kept_by_item_and_the_minutes_say_when_the_quorum_is_lost(
    client, world, meeting
):
    world.board.quorum = 2
    world.board.save()
    client.force_login(world.secretary)
    fire = meeting.attendances.get(seat=world.fire_seat)
    police = meeting.attendances.get(seat=world.police_seat)
    second, fourth = item_of(meeting, "declarations"), item_of(meeting, "matters_arising")
    come_and_go(client, meeting, item_of(meeting, "apologies"), **{f"move-{fire.pk}": "present"})
    come_and_go(client, meeting, second, **{f"move-{police.pk}": "from"})
    come_and_go(client, meeting, fourth, **{f"move-{fire.pk}": "left"})
    fire.refresh_from_db()
    assert (fire.status, fire.stay, police.stay) == ("present", "until item 4", "from item 2")
    make_decision(item_of(meeting), "One page is made.")
    make_decision(second, "It is so.")
    meeting = again(meeting)
    meeting.board.quorum = 2
    texts = [row.get("text", "") for row in minutes_paragraphs(meeting, "board")]
    assert texts.index("The meeting had a quorum again from here (2 of 2 agencies here, 2 needed).")
    lost = "The meeting was without a quorum from here (1 of 2 agencies here, 2 needed)."
    assert [text for text in texts if text.startswith(lost)]
    labels = [row["label"] for row in minutes_paragraphs(meeting, "board") if "label" in row]
    assert labels == ["AGREED", "VIEW OF THE MEETING"]
    # Back after all: the early leaving was a mistake.
    come_and_go(client, meeting, fourth, **{f"move-{fire.pk}": "present"})
    assert not fire.absences.exists()


def test_somebody_comes_and_goes_several_times(client, world, meeting):
    """Left after item 3, back at 5, left after 7: the quorum goes with each."""
    world.board.quorum = 2
    world.board.save()
    client.force_login(world.secretary)
    items = {item.number: item for item in meeting.items.all()}
    police = meeting.attendances.get(seat=world.police_seat)
    come_and_go(client, meeting, items[1], all="1")
    for number, what in ((3, "left"), (5, "from"), (7, "left")):
        come_and_go(client, meeting, items[number], **{f"move-{police.pk}": what})
    assert police.stay == "until item 3, then from item 5 until item 7"
    for number, here in ((3, 2), (4, 1), (5, 2), (7, 2), (8, 1)):
        page = client.get(f"/meetings/{meeting.ref}/minute/?item={items[number].pk}")
        # The box says where they are now; the sentence, which may be long, stands below it.
        now = "Present" if here == 2 else f"Away at item {number}"
        assert f"selected>{now}</option>" in page.content.decode()
        assert "Until item 3, then from item 5 until item 7</div>" in page.content.decode()
        quorum = f"{here} of 2 agencies here, 2 needed, item {number}"
        assert quorum in re.sub(r"<[^>]+>", "", page.content.decode())
    meeting = again(meeting)
    text = plain_minutes(meeting.minutes.model(meeting=meeting))
    assert "(until item 3, then from item 5 until item 7)" in text
    changes = [
        (row["item"], row["text"][:40])
        for row in minutes_paragraphs(meeting, "board")
        if "quorum" in row.get("text", "")
    ]
    assert [item for item, _ in changes] == [items[4].pk, items[5].pk, items[8].pk]
    # Only the last leaving was a mistake; the others stay, and the trail keeps each.
    come_and_go(client, meeting, items[7], **{f"move-{police.pk}": "stayed"})
    assert meeting.attendances.get(pk=police.pk).stay == "until item 3, then from item 5"
    notes = AuditEvent.objects.filter(act="record attendance").order_by("pk")
    assert [event.note for event in notes][1:] == [
        "Item 3. Police: Left after item 3",
        "Item 5. Police: Back at item 5",
        "Item 7. Police: Left after item 7",
        "Item 7. Police: Did not leave after item 7",
    ]


def test_what_is_said_out_of_turn_loses_nothing(client, world, meeting):
    """Typing up, somebody finds the second absence before the first."""
    client.force_login(world.secretary)
    items = {item.number: item for item in meeting.items.all()}
    police = meeting.attendances.get(seat=world.police_seat)
    come_and_go(client, meeting, items[1], all="1")
    for number, what in ((7, "left"), (3, "left"), (5, "from")):
        come_and_go(client, meeting, items[number], **{f"move-{police.pk}": what})
    assert police.stay == "until item 3, then from item 5 until item 7"


def test_who_went_out_does_not_read_what_was_said_meanwhile(world, meeting):
    items = {item.number: item for item in meeting.items.all()}
    away(meeting, world.police_seat, after=items[3], back=items[5])
    for number in (3, 4, 5):
        make_decision(items[number], f"In private, {number}.", part="restricted")
    seen = Decision.objects.visible_to(world.police_lead).filter(part="restricted")
    assert sorted(row.item.number for row in seen) == [3, 5]


def attendance_page(client, meeting, row, *away):
    """The line of one seat as it is sent, with rows of (left after, came back at)."""
    prefix = f"seat-{row.seat_id}"
    data = {
        f"{prefix}-{name}": value
        for name, value in {
            "status": "present", "person": row.person_id, "name": "", "mode": "room",
            "capacity": "", "substitute_for": "",
        }.items()
    }  # fmt: skip
    for place, (after, back) in enumerate(away):
        data |= {
            f"{prefix}-after-{place}": after.pk if after else "",
            f"{prefix}-back-{place}": back.pk if back else "",
        }
    others = meeting.attendances.exclude(pk=row.pk)
    for other in others:
        name = f"seat-{other.seat_id}" if other.seat_id else f"row-{other.pk}"
        data |= {
            f"{name}-{field}": getattr(other, field) or ""
            for field in ("status", "name", "mode", "capacity")
        }
        data |= {f"{name}-person": other.person_id or ""}
    data |= {"guest-status": "expected", "guest-mode": "room", "guest-guest": "on"}
    return client.post(f"/meetings/{meeting.ref}/attendance/", data)


def test_comings_and_goings_are_put_right_on_the_page_of_the_attendance(client, world, meeting):
    client.force_login(world.secretary)
    items = {item.number: item for item in meeting.items.all()}
    row = away(meeting, world.police_seat, back=items[2])
    away(meeting, world.police_seat, after=items[3], back=items[5])
    rows = [(None, items[2]), (items[3], items[6]), (items[7], None)]
    assert attendance_page(client, meeting, row, *rows).status_code == 302
    stay = "from item 2 until item 3, then from item 6 until item 7"
    assert meeting.attendances.get(pk=row.pk).stay == stay
    # One row more is there to write in; what cannot be is said, and nothing typed is lost.
    for wrong, sentence in (
        ((items[5], items[3]), "Choose an item taken after item 5"),
        ((items[2], items[8]), "Give the comings and goings in their order"),
    ):
        answer = attendance_page(client, meeting, row, *rows, wrong)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert sentence in page
        assert f'<option value="{wrong[0].pk}" selected>' in page
    assert meeting.attendances.get(pk=row.pk).stay == stay
    assert attendance_page(client, meeting, row, (None, None), (None, None)).status_code == 302
    assert not row.absences.exists()


def test_a_seat_without_a_name_asks_who_it_is(client, world, meeting):
    Attendance.objects.filter(meeting=meeting, seat=world.fire_seat).update(person=None)
    fire = meeting.attendances.get(seat=world.fire_seat)
    client.force_login(world.secretary)
    answer = come_and_go(client, meeting, item_of(meeting), **{f"move-{fire.pk}": "present"})
    assert "Say first who is here for Fire of soc-board." in answer.content.decode()
    assert meeting.attendances.get(pk=fire.pk).status == "expected"


def test_what_is_no_longer_to_be_chosen_changes_nothing(client, world, meeting):
    fire = meeting.attendances.get(seat=world.fire_seat)
    client.force_login(world.secretary)
    answer = come_and_go(client, meeting, item_of(meeting), **{f"move-{fire.pk}": "left"})
    assert "Nothing was changed" in answer.content.decode()


def test_whoever_presides_has_the_chairs_rights_at_once(client, world, meeting):
    client.force_login(world.secretary)
    address = f"/meetings/{meeting.ref}/attendance/presiding/"
    client.post(address, {"presiding": world.outsider.pk})
    assert again(meeting).presiding == world.chair
    client.post(address, {"presiding": world.member.pk})
    assert again(meeting).presiding == world.member
    client.post(f"/meetings/{meeting.ref}/end-the-meeting/")
    client.force_login(world.member)
    checked = client.post(f"/meetings/{meeting.ref}/minutes/board/check-the-minutes/", follow=True)
    assert checked.status_code == 200
    assert meeting.minutes.get().state == "checked"


# Typed up afterwards


def test_a_meeting_typed_up_afterwards_has_its_real_times(client, world):
    meeting = in_session(world)
    client.force_login(world.secretary)
    client.post(f"/meetings/{meeting.ref}/end-the-meeting/")
    address = f"/meetings/{meeting.ref}/minute/{item_of(meeting).pk}/times/"
    wrong = client.post(address, {"times-began": "14:00", "times-finished": "13.10"})
    assert (wrong.status_code, "It must have ended after" in wrong.content.decode()) == (422, True)
    assert 'value="13.10"' in wrong.content.decode()
    client.post(address, {"times-began": "11:05", "times-finished": "13.10"})
    meeting = again(meeting)
    assert f"{timezone.localtime(meeting.began_at):%H:%M}" == "11:05"
    assert "beginning 11.05 am and ending 1.10 pm" in plain_minutes(
        meeting.minutes.model(meeting=meeting)
    )


ROUGH = """In the room: all but health

2. Declarations
none

5
police: car washes, 5 people found
•\tone page

Emerging threats
5 people came about this
"""


def test_rough_notes_are_laid_beside_their_items(client, world, meeting):
    client.force_login(world.secretary)
    answer = client.post(f"/meetings/{meeting.ref}/minute/rough/", {"text": ROUGH})
    assert answer.status_code == 302
    notes = dict(AgendaItem.objects.exclude(working_notes="").values_list("kind", "working_notes"))
    assert notes == {
        "apologies": "In the room: all but health",
        "declarations": "none",
        "focus": "police: car washes, 5 people found\n•\tone page",
        "threats": "5 people came about this",
    }
    # A second paste goes below the first, and nothing of it is in the minutes.
    client.post(f"/meetings/{meeting.ref}/minute/rough/", {"text": "2\nlater"})
    assert item_of(meeting, "declarations").working_notes == "none\n\nlater"
    assert "car washes" not in str(minutes_paragraphs(again(meeting), "board"))


def test_no_word_of_rough_notes_is_lost(world):
    items = list(planned(world).items.order_by("number"))
    found = lay_beside(ROUGH, items)
    assert [item.number for item, _ in found] == [1, 2, 5, 6]
    kept = sum(len(passage.split()) for _, passage in found)
    headings = ["2.", "Declarations", "5", "Emerging", "threats"]
    assert kept == len(ROUGH.split()) - len(headings)


def test_an_item_without_a_word_is_not_minuted(client, world, meeting):
    """A line break that was typed on the way through is no minute."""
    make_note(item_of(meeting, "apologies"), "\n")
    client.force_login(world.secretary)
    page = client.get(f"/meetings/{meeting.ref}/minute/").content.decode()
    assert "<span data-position>1</span>" in page
    page = client.get(f"/meetings/{meeting.ref}/minute/?item={item_of(meeting).pk}")
    assert "minuted</span>" not in page.content.decode()


@pytest.mark.parametrize(
    ("words", "number"),
    [("5", 5), ("5. Modern slavery", 5), ("threat", 6), ("car wash", 5), ("SOC/1/", 5)],
)
def test_find_goes_to_the_item(client, world, meeting, words, number):
    make_decision(item_of(meeting), "Every car wash is visited.")
    client.force_login(world.secretary)
    client.post(
        f"/meetings/{meeting.ref}/minute/{item_of(meeting).pk}/actions/",
        {
            "action-version": 0, "action-wording": "Visit", "action-owner": "police",
            "action-due": "in a week",
        },
    )  # fmt: skip
    answer = client.get(f"/meetings/{meeting.ref}/minute/", {"find": words})
    item = meeting.items.get(number=number)
    assert answer.status_code == 302
    assert answer.url.endswith(f"?item={item.pk}#item-{item.pk}")


def test_find_lists_several_items_and_says_when_there_is_none(client, world, meeting):
    client.force_login(world.secretary)
    page = client.get(f"/meetings/{meeting.ref}/minute/", {"find": "of"}).content.decode()
    assert "stands in" in page
    page = client.get(f"/meetings/{meeting.ref}/minute/", {"find": "zebra"}).content.decode()
    assert "“zebra” stands in no item of this meeting." in page


# Attendance rates, on the board's page


def test_attendance_counts_from_the_day_of_appointment(client, world, django_assert_num_queries):
    world.police_lead.appointments.update(start="2018-06-01")
    for month, person, status in (
        (3, world.police_lead, "not_represented"),  # before the appointment
        (6, world.police_lead, "present"),
        (9, world.police_lead, "apologies"),
        (11, world.member, "substitute"),
        (12, world.police_lead, "expected"),
    ):
        meeting = held(world, day=(2018, month, 14))
        meeting.attendances.filter(seat=world.police_seat).update(person=person, status=status)
    member = world.member
    assert member.roles.boards
    with django_assert_num_queries(3):
        rates = {rate.appointment.person: rate for rate in attendance_rates(world.board, member)}
    rate = rates[world.police_lead]
    assert (rate.meetings, rate.came, rate.another, rate.apologies, rate.not_represented) == (
        4, 1, 1, 1, 1,
    )  # fmt: skip
    client.force_login(world.member)
    page = client.get(f"/board/{world.board.slug}/").content.decode()
    assert "1 of 4" in page
    client.force_login(world.observer)
    page = client.get(f"/board/{world.board.slug}/").content.decode()
    assert "1 of 4" not in page
