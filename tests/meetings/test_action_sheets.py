"""Ending a meeting: the action sheet, and one e-mail to each agency with its own actions."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from board.workflow import perform
from config.letters import KINDS
from meetings.action_sheets import TRIED_FOR
from meetings.models import Action, ActionLetter
from meetings.transitions import END, REOPEN_MEETING
from tests import builders as make
from tests.meetings.rooms import again, in_session, item_of
from tests.meetings.test_papers import words


@pytest.fixture
def meeting(world):
    """In session, with an action of the police that the fire service supports, one of the Board's
    own, one of the police in the restricted part, and one that was cancelled."""
    record = in_session(world)
    item = item_of(record)
    signs = make.make_action(world.board, agency=world.police, item=item, wording="Print *signs*.")
    signs.supporting.add(world.fire)
    make.make_action(world.board, item=item, wording="Write to the Partnership.")
    make.make_action(
        world.board, agency=world.police, item=item, wording="Visit them.", part="restricted"
    )
    make.make_action(
        world.board, agency=world.fire, item=item, wording="A mistake.", state="cancelled"
    )
    return record


@pytest.fixture
def end(world, django_capture_on_commit_callbacks):
    """End a meeting, and let what waits for the commit happen."""

    def act(meeting):
        with django_capture_on_commit_callbacks(execute=True):
            return perform(END, meeting, by=world.secretary)

    return act


def test_each_agency_has_one_letter_with_its_own_actions_and_no_restricted_word(
    world, meeting, end
):
    end(meeting)
    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert sorted(letters) == [world.fire_lead.email, world.police_lead.email]
    police, fire = letters[world.police_lead.email], letters[world.fire_lead.email]
    assert "SOC/1/" in police.body
    assert ": Print signs." in police.body
    assert "http://" in police.body
    assert "1 more is in the restricted part and not written here" in police.body
    assert "IN SUPPORT OF OTHERS" not in police.body
    assert "IN SUPPORT OF OTHERS" in fire.body
    assert "Print signs." in fire.body
    for letter in mail.outbox:
        assert "Visit them" not in letter.body + letter.subject
        assert "A mistake" not in letter.body
        assert "Partnership" not in letter.body
    assert not ActionLetter.objects.filter(sent_at=None).exists()


def test_the_secretary_sees_before_and_after_who_is_written_to(
    world, client, meeting, django_capture_on_commit_callbacks
):
    client.force_login(world.secretary)
    address = reverse("meetings:meeting_verb", args=[meeting.ref, "end-the-meeting"])
    page = client.get(address).content.decode()
    assert world.police_lead.email in page
    assert mail.outbox == []
    world.fire.members.update(end=make.days_ago(1))
    assert "Not by e-mail:</strong> it has no lead and no office address" in (
        client.get(address).content.decode()
    )
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address)
    page = client.get(reverse("meetings:letters", args=[meeting.ref])).content.decode()
    assert f"To {world.police_lead.email}. Sent" in page
    assert "Print signs." in page
    assert "Not sent: The agency has no lead and no office address" in page
    assert [letter.to for letter in mail.outbox] == [[world.police_lead.email]]


def test_an_agency_that_could_not_be_written_to_is_once_it_has_a_lead(world, meeting, end):
    world.fire.members.update(end=make.days_ago(1))
    end(meeting)
    mail.outbox.clear()
    now = timezone.now()
    daily = next(kind.daily for kind in KINDS if kind.slug == "actions")
    assert daily(now) == []
    make.join(world.chair, world.fire)
    assert daily(now + TRIED_FOR) == []  # what is older goes on the secretary's word alone
    [letter] = daily(now)
    assert (letter.addresses, letter.failed) == ([world.chair.email], "")
    assert [message.to for message in mail.outbox] == [[world.chair.email]]
    assert daily(now) == []


def test_after_a_mistaken_end_only_what_changed_is_sent_again(world, client, meeting, end):
    ended = end(meeting)
    mail.outbox.clear()
    reopened = perform(REOPEN_MEETING, ended, by=world.secretary, note="Too early.")
    action = meeting.items.get(kind="focus").actions.get(wording="Print *signs*.")
    action.supporting.clear()
    make.make_action(world.board, agency=world.fire, item=action.item, wording="Count them.")
    client.force_login(world.secretary)
    page = client.get(f"/meetings/{meeting.ref}/end-the-meeting/").content.decode()
    assert (world.fire_lead.email in page, world.police_lead.email in page) == (True, False)
    end(again(reopened))
    assert [letter.to for letter in mail.outbox] == [[world.fire_lead.email]]
    assert mail.outbox[0].subject.startswith("Corrected: Actions for Fire")
    assert "Count them." in mail.outbox[0].body
    perform(REOPEN_MEETING, again(meeting), by=world.secretary, note="Too early.")
    page = client.get(f"/meetings/{meeting.ref}/end-the-meeting/").content.decode()
    assert "Each agency has been sent its actions already, so no e-mail goes out." in page


def test_what_did_not_leave_is_kept_said_and_tried_again(world, client, meeting, end, settings):
    settings.EMAIL_BACKEND = "tests.meetings.test_action_sheets.Down"
    ended = end(meeting)
    assert ended.state == "ended"
    client.force_login(world.secretary)
    page = client.get(reverse("meetings:letters", args=[meeting.ref])).content.decode()
    assert page.count("Not sent: The mail server does not answer") == 2
    letters = [f"actions-{letter.pk}" for letter in ActionLetter.objects.all()]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    for _ in range(2):
        client.post(reverse("settle_letters"), {"do": "again", "letter": letters})
        assert len(mail.outbox) == 2


class Down:
    """A mail server that is not there."""

    def __init__(self, **options):
        pass

    def open(self):
        raise ConnectionRefusedError

    def close(self):
        pass


def test_the_action_sheet(world, client, meeting, end):
    address = reverse("meetings:action_sheet", args=[meeting.ref])
    client.force_login(world.member)
    assert client.get(address).status_code == 404
    end(meeting)
    said = words(client.get(address).content)
    assert "Print signs. With Fire" in said
    assert "Write to the Partnership." in said
    assert "Visit them" not in said
    assert "A mistake" not in said
    client.force_login(world.observer)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("number", [1, 5])
def test_queries_are_as_many_for_one_action_as_for_five(
    world, client, meeting, end, number, django_assert_num_queries
):
    for _ in range(number):
        make.make_action(world.board, agency=world.police, item=item_of(meeting))
    end(meeting)
    client.force_login(world.secretary)
    address = reverse("meetings:letters", args=[meeting.ref])
    client.get(address)
    with django_assert_num_queries(6):
        client.get(address)


def test_a_long_reference_stays_in_its_column(world, client, meeting, end):
    end(meeting)
    Action.objects.filter(wording="Print *signs*.").update(reference="SOCWG/12/2026")
    client.force_login(world.secretary)
    data = client.get(reverse("meetings:action_sheet", args=[meeting.ref])).content
    places = {
        word: (float(left), float(right))
        for left, right, word in re.findall(
            r'<word xMin="(\S+?)" \S+ xMax="(\S+?)" yMax="\S+?">(.*?)</word>', words(data, "-bbox")
        )
    }
    assert places["SOCWG/12/2026"][1] + 3 < places["Print"][0]  # points
