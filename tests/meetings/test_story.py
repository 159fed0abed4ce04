"""A series of eight meetings, as one committee's record really ran: what is renumbered stays one
record, what is declared stays with its item."""

import datetime

from django.utils import timezone

from meetings.contents import minutes_paragraphs
from meetings.models import Action
from tests.builders import attend, make_action, make_item, make_note
from tests.meetings.rooms import held, item_of

# The number that the committee's own list gave one action at each of its meetings.
NUMBERS = ("7", "OR4", "OR4", "OR3", "OR2", "OR2", "OR1", "OR1")


def series(world):
    """Eight quarterly meetings, held."""
    return [
        held(world, day=(2017 + n // 4, 2 + 3 * (n % 4), 10), ref=f"series-{n}")
        for n in range(len(NUMBERS))
    ]


def test_an_action_renumbered_by_its_committee_stays_one_record(client, world):
    meetings = series(world)
    action = make_action(
        world.board, agency=world.police, item=item_of(meetings[0]), agreed_on=meetings[0].day,
        due=meetings[1].day, wording="Bring the draft protocol",
    )  # fmt: skip
    client.force_login(world.secretary)
    before = ""
    for meeting, number in zip(meetings, NUMBERS, strict=True):
        if number != before:
            client.post(
                f"/meetings/actions/{action.pk}/numbers/",
                {
                    "reference": number, "given_by": "Safer City Partnership",
                    "since_day": meeting.day.day, "since_month": meeting.day.month,
                    "since_year": meeting.day.year,
                },
            )  # fmt: skip
        before = number
    found = Action.objects.with_carry_overs().get()
    assert found.reference == "SOC/1/2017"
    assert found.carried_over == 7
    assert found.original_due == datetime.date(2017, 5, 10)
    assert [other.reference for other in found.other_references.all()] == [
        "7", "OR4", "OR3", "OR2", "OR1",
    ]  # fmt: skip
    for number in ("OR4", "OR1", "SOC/1/2017"):
        page = client.get(f"/meetings/actions/?words={number}").content.decode()
        assert page.count(">SOC/1/2017<") == 1
    page = client.get(f"/meetings/actions/{action.pk}/").content.decode()
    assert "Safer City Partnership, since 10 May 2017" in page
    assert found.age(timezone.localdate(meetings[-1].starts_at)) == 638


def test_a_declaration_belongs_to_one_item(world):
    meeting, other = series(world)[:2]
    second = make_item(meeting, 2, "Grants")
    make_note(second, "Members heard of the grants.")
    there = attend(meeting, world.police_lead, seat=None, capacity="Trustee")
    there.declarations.create(item=second, interest="a trusteeship of a charity that may gain")
    rows = [
        (row["item"], row["text"])
        for row in minutes_paragraphs(meeting, "board")
        if row["kind"] == "declaration"
    ]
    assert rows == [(second.pk, "Police lead declared: a trusteeship of a charity that may gain")]
    assert not any(row["kind"] == "declaration" for row in minutes_paragraphs(other, "board"))
