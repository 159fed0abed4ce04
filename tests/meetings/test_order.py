"""Items taken out of their order: the minutes say so, and the numbers stay."""

import io
import re

import pytest
from pypdf import PdfReader

from meetings import agenda
from meetings.contents import minutes_paragraphs
from meetings.documents import minutes_pdf, plain_minutes
from meetings.models import AgendaItem, Decision, Minutes
from meetings.order import sentence_of
from tests.builders import attend, make_decision, make_item, make_user
from tests.meetings.rooms import again, away, in_session, item_of, save

VARIED = "The order of business was varied: item 5 was taken before item 3."


@pytest.fixture
def meeting(world):
    return in_session(world)


def say(client, meeting, item, before):
    return client.post(
        f"/meetings/{meeting.ref}/minute/{item.pk}/order/",
        {"order-before": getattr(before, "pk", before)},
        follow=True,
    )


def turns(page):
    """The numbers of the items on the minute screen, in the order in which it goes on."""
    rows = re.findall(r'<li class="item[^"]*" id="item-[0-9]+" data-turn="([0-9]+)"', page)
    return [number for _, number in sorted((int(turn), n) for n, turn in enumerate(rows, 1))]


@pytest.mark.parametrize(
    ("taken", "said"),
    [
        ([1, 2, 3], ""),
        ([1, 4, 2, 3], "item 4 was taken before item 2"),
        ([1, 3, 4, 2], "item 2 was taken after item 4"),
        ([1, 4, 5, 2, 3], "items 4 and 5 were taken before item 2"),
        (
            [1, 6, 2, 4, 5, 7, 3],
            "item 6 was taken before item 2 and item 3 was taken after item 7",
        ),
        ([], ""),
    ],
)
def test_what_the_minutes_say(taken, said):
    items = [AgendaItem(number=number, turn=turn) for turn, number in enumerate(taken, 1)]
    assert sentence_of(items) == (f"The order of business was varied: {said}." if said else "")


def test_an_item_taken_out_of_order_keeps_its_number(client, world, meeting):
    client.force_login(world.secretary)
    focus, third = item_of(meeting), item_of(meeting, "minutes")
    before = list(meeting.items.values_list("number", "pk"))
    page = client.get(f"/meetings/{meeting.ref}/minute/?item={focus.pk}").content.decode()
    assert "Taken now, before item 1" in page
    page = say(client, meeting, focus, third).content.decode()
    assert VARIED in page
    assert list(meeting.items.values_list("number", "pk")) == before
    minutes = Minutes(meeting=again(meeting))
    assert f"\n\n{VARIED}\n\n1. Apologies for absence" in plain_minutes(minutes)
    pdf = PdfReader(io.BytesIO(minutes_pdf(minutes)))
    assert VARIED in " ".join(pdf.pages[0].extract_text().split())
    assert VARIED in client.get(f"/meetings/{meeting.ref}/minutes/").content.decode()
    # Next and before go the way the meeting went.
    page = client.get(f"/meetings/{meeting.ref}/minute/?item={focus.pk}").content.decode()
    assert turns(page) == [1, 2, 5, 3, 4, 6, 7, 8, 9]
    # Put back, it is as it was.
    say(client, meeting, focus, item_of(meeting, "threats"))
    assert not meeting.items.exclude(turn=None).exists()
    assert "order of business was varied" not in plain_minutes(Minutes(meeting=again(meeting)))


def test_the_first_item_without_a_word_is_the_one_it_comes_before(client, world, meeting):
    client.force_login(world.secretary)
    for kind in ("apologies", "declarations"):
        save(client, meeting, item_of(meeting, kind), "There were none.", 0)
    focus = item_of(meeting)
    page = client.get(f"/meetings/{meeting.ref}/minute/?item={focus.pk}").content.decode()
    assert "Taken now, before item 3" in page
    say(client, meeting, focus, item_of(meeting, "minutes"))
    page = client.get(f"/meetings/{meeting.ref}/minute/").content.decode()
    assert "Taken now" not in page
    assert '<span class="item__number">5</span> Modern slavery</h2>' in page


def test_what_joins_later_is_taken_last_and_what_is_wrong_changes_nothing(client, world, meeting):
    client.force_login(world.secretary)
    say(client, meeting, item_of(meeting), item_of(meeting, "minutes"))
    added = agenda.insert(AgendaItem(meeting=meeting, title="Urgent"))
    assert (added.number, added.turn) == (10, 10)
    for wrong in (item_of(meeting).pk, "x", ""):
        page = say(client, meeting, item_of(meeting), wrong).content.decode()
        assert "Nothing was changed" in page
    assert sentence_of(meeting.items.all()) == VARIED


def test_typed_up_afterwards_the_numbers_stand_once_it_is_said(client, world, meeting):
    meeting.state = "published"
    meeting.save()
    client.force_login(world.secretary)
    say(client, meeting, item_of(meeting), item_of(meeting, "minutes"))
    assert not agenda.move(item_of(meeting), 1)
    assert item_of(meeting).number == 5


def test_who_was_there_is_reckoned_by_the_order_in_which_items_were_taken(client, world, meeting):
    """Left after item 3, with item 5 taken before it: there for item 5, and not for item 4."""
    world.board.quorum = 2
    world.board.save()
    guest = make_user("guest@soc-board.example.org")
    row = attend(meeting, guest, "in_attendance")
    row.absences.create(after=item_of(meeting, "minutes"))
    meeting.attendances.filter(seat=world.fire_seat).update(status="present")
    away(meeting, world.police_seat, after=item_of(meeting, "minutes"))
    police = world.police_lead
    focus, arising = item_of(meeting), item_of(meeting, "matters_arising")
    for item in (focus, arising):
        make_decision(item, f"In private, {item.kind}.", part="restricted")
    seen = Decision.objects.visible_to(police)
    assert not seen.filter(part="restricted").exists()
    client.force_login(world.secretary)
    say(client, meeting, focus, item_of(meeting, "minutes"))
    assert [row.item for row in seen.filter(part="restricted")] == [focus]
    make_decision(focus, "One page is made.")
    make_decision(arising, "It is so.")
    rows = minutes_paragraphs(again(meeting), "board")
    labels = {row["item"]: row["label"] for row in rows if row["kind"] == "decision"}
    assert labels == {focus.pk: "AGREED", arising.pk: "VIEW OF THE MEETING"}
    lost = [row["item"] for row in rows if "was without a quorum" in row.get("text", "")]
    assert lost == [arising.pk]


def test_what_is_circulated_stays(client, world, meeting):
    client.force_login(world.secretary)
    for act in ("end-the-meeting", "minutes/board/check-the-minutes"):
        client.post(f"/meetings/{meeting.ref}/{act}/")
    page = say(client, meeting, item_of(meeting), make_item(meeting, 40)).content.decode()
    assert "Recall them before you change their words" in page
    assert not meeting.items.exclude(turn=None).exists()
