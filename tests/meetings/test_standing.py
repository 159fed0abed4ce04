"""The standing items of a board: a template that its secretary edits."""

import pytest

from board.models import AuditEvent
from meetings.agenda import lay_out, standing_items
from meetings.forms import StandingForm
from meetings.models import StandingItem
from tests.builders import make_meeting, make_world


def opened(world):
    """What the browser would send of the page as it opens."""
    form = StandingForm(standing_items(world.board))
    data = {"base": form.initial["base"]}
    for row in form.rows:
        for name in row.fields:
            value = row.get_initial_for_field(row.fields[name], name)
            data[row.add_prefix(name)] = "" if value is None else value
    return data


def post(client, world, **fields):
    client.force_login(world.secretary)
    data = opened(world) | fields
    return client.post(f"/meetings/standing/{world.board.slug}/", data)


def titles(board, **fields):
    meeting = make_meeting(board, **fields)
    lay_out(meeting)
    return list(meeting.items.order_by("number").values_list("title", flat=True))


def test_items_are_added_moved_left_out_and_stand_on_the_next_agenda(client, world):
    before = titles(world.board)
    answer = post(
        client,
        world,
        **{"item-7-place": "", "item-1-place": "5", "item-10-place": "2", "item-10-kind": "other"},
        **{"item-10-title": "Safety of staff", "item-10-minutes_allotted": "7"},
    )
    assert answer.status_code == 302
    after = titles(world.board)
    assert after == [
        "Declarations of interest",
        "Safety of staff",
        "Minutes of the last meeting",
        "Matters arising and action log",
        "Apologies for absence",
        "Emerging threats",
        "Any other business",
        "Date of next meeting",
    ]
    assert "Partners' round-up" in before
    event = AuditEvent.objects.get(act="change the standing items")
    assert event.board == world.board
    assert "Safety of staff" in event.note


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"item-10-place": "4", "item-10-kind": "other"}, "Enter the title of the item"),
        (
            {"item-10-place": "4", "item-10-kind": "apologies"},
            "an agenda has this item once",
        ),
        ({"item-1-place": "0"}, "Give a place from 1 on"),
        ({f"item-{number}-place": "" for number in range(1, 13)}, "at least one item"),
    ],
)
def test_what_cannot_stand_is_refused_with_what_was_typed(client, world, fields, sentence):
    answer = post(client, world, **fields, **{"item-2-title": "Interests"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="Interests"' in page
    assert not StandingItem.objects.exists()


def test_two_who_change_them_at_once_see_each_others(client, world):
    data = opened(world)
    post(client, world, **{"item-2-title": "THEIRS"})
    address = f"/meetings/standing/{world.board.slug}/"
    stale = client.post(address, data | {"item-2-title": "MINE"})
    page = stale.content.decode()
    assert stale.status_code == 409
    assert "THEIRS" in page
    assert 'value="MINE"' in page
    base = stale.context["form"].data["base"]
    assert client.post(address, data | {"item-2-title": "MINE", "base": base}).status_code == 302
    assert StandingItem.objects.get(number=2).title == "MINE"


def test_each_board_has_its_own(client, world):
    other = make_world("Other Board")
    post(client, world, **{"item-2-title": "OURS"})
    assert "OURS" in titles(world.board)
    assert "OURS" not in titles(other.board)
