"""The number by which the minute screen knows that somebody else has changed something."""

import pytest

from meetings.saving import save_note
from tests.builders import make_decision
from tests.meetings.rooms import deputy, in_session, item_of, save


@pytest.fixture
def meeting(world):
    return in_session(world)


def asked(client, meeting):
    return client.get(f"/meetings/{meeting.ref}/minute/news/").json()["news"]


def test_what_others_change_beside_the_words_is_news(client, world, meeting):
    client.force_login(deputy(world))
    address = f"/meetings/{meeting.ref}"
    item = item_of(meeting)
    decision = make_decision(item)
    numbers = [asked(client, meeting)]
    for path, data in (
        ("agenda/new/", {"title": "Urgent", "kind": "other", "purpose": "note", "version": 0}),
        (f"minute/{item.pk}/order/", {"order-before": "last"}),
        (f"minute/{item.pk}/attendance/", {"all": "1"}),
        (f"minute/{item.pk}/decisions/{decision.pk}/", {"remove": "1"}),
        (
            f"minute/{item.pk}/actions/",
            {
                "action-version": 0, "action-wording": "Write", "action-owner": "police",
                "action-due": "in a week",
            },
        ),
        ("end-the-meeting/", {}),
    ):  # fmt: skip
        answer = client.post(f"{address}/{path}", data)
        assert answer.status_code in (302, 303), (path, answer.content.decode())
        numbers.append(asked(client, meeting))
    assert numbers == sorted(set(numbers))


def test_words_are_none(client, world, meeting):
    client.force_login(world.secretary)
    before = asked(client, meeting)
    save_note(item_of(meeting), "board", "Said.", 0, by=world.secretary)
    answer = save(client, meeting, item_of(meeting), "Said again.", 1)
    assert answer.json()["news"] == before == asked(client, meeting)
    page = client.get(f"/meetings/{meeting.ref}/minute/").content.decode()
    assert f'data-news="{before}"' in page
