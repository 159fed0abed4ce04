"""A whole meeting of eight items, minuted with the keyboard alone; the keys beyond the words are
counted, and the figure is printed."""

import datetime
import re

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from board.workflow import perform
from meetings import agenda
from meetings.models import Action, Decision, Meeting, Note
from meetings.transitions import PUBLISH
from tests.builders import days_ago, make_action, make_meeting, make_world
from tests.meetings.rooms import item_of, planned

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_KEYS = 48


class Keyboard:
    """Types; `beyond` counts the keys that are no words of the minutes."""

    def __init__(self, page):
        self.page, self.beyond = page, 0

    def words(self, text):
        self.page.keyboard.type(text)

    def keys(self, *names):
        """Keys by name, or a command, each character of which is a key."""
        for name in names:
            if name.startswith("/"):
                self.page.keyboard.type(name)
                self.beyond += len(name)
            else:
                self.page.keyboard.press(name)
                self.beyond += len(name.split("+"))


@pytest.fixture
def meeting(transactional_db):
    with transaction.atomic():
        return planned_meeting(make_world())


def planned_meeting(world):
    """Eight items, one of them with a draft recommendation, and an action that was carried over."""
    meeting = planned(world, starts_at=timezone.now() - datetime.timedelta(minutes=5))
    agenda.remove(item_of(meeting, "round_up"))
    focus = item_of(meeting)
    focus.recommendation = "One page on the signs is made for all front desks."
    focus.save()
    make_action(
        world.board, agency=world.police, agreed_on=days_ago(90), due=days_ago(1),
        priority=world.slavery, wording="Brief the managers of hotels",
    )  # fmt: skip
    make_meeting(world.board, starts_at=timezone.now() + datetime.timedelta(days=90))
    meeting.secretary = world.secretary
    perform(PUBLISH, meeting, by=world.secretary)
    return meeting


def test_eight_items_with_the_keyboard_alone(chromium, live_server, meeting, record_property):
    client = Client()
    client.force_login(meeting.secretary)
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/meetings/{meeting.ref}/minute/")
    board = Keyboard(page)

    def at(title):
        expect(page.get_by_role("heading", name=title)).to_be_visible()
        expect(page.get_by_label("Notes", exact=True)).to_be_focused()

    at("Apologies for absence")
    board.keys("/g", "Enter")
    expect(page.get_by_text("In session since")).to_be_visible()
    at("Apologies for absence")
    board.keys("/p", "Enter")
    expect(page.get_by_text("2 of 2 agencies here")).to_be_visible()
    board.words("There were none.")
    for title, words in (
        ("Declarations of interest", "There were none."),
        ("Minutes of the last meeting", "They were read."),
    ):
        board.keys("/n")
        at(title)
        board.words(words)
    board.keys("Enter", "/d")
    board.words("The minutes are agreed as a correct record.")
    board.keys("Enter")
    expect(page.locator(".item__done")).to_have_count(1)
    board.keys("/n")
    at("Matters arising and action log")
    expect(page.locator("[data-quick=review]")).to_be_visible()
    board.keys("/o")
    board.words("Done")
    board.keys("Tab")
    board.words("Two briefings held, 41 managers came")
    board.keys("Enter")
    expect(page.locator("[data-live=past]")).to_contain_text("Done. Two briefings held")
    board.words("Members went through the actions.")
    board.keys("/n")
    at("Modern slavery")
    board.words("The police spoke of car washes.")
    board.keys("Enter", "/r")
    expect(page.locator(".item__done")).to_have_count(1)
    board.keys("/a")
    board.words("Write the one page on the signs")
    board.keys("Tab")
    board.words("police, fire")
    board.keys("Enter")
    expect(page.locator(".item__done")).to_have_count(2)
    board.keys("/a")
    board.words("Ask the hotels who reads it")
    board.keys("Tab")
    board.words("fire")
    board.keys("Tab")
    board.words("31 March")
    board.keys("Enter")
    expect(page.locator(".item__done")).to_have_count(3)
    for title, words in (
        ("Emerging threats", "No threat was raised."),
        ("Any other business", "There was none."),
        ("Date of next meeting", "In three months."),
    ):
        board.keys("/n")
        at(title)
        board.words(words)
    board.keys("Enter", "/e", "Enter")
    expect(page.get_by_role("heading", name="End the meeting")).to_be_visible()
    board.keys("Tab", "Enter", "Tab", "Enter")
    expect(page.get_by_text("Draft", exact=True)).to_be_visible()
    context.close()

    assert Meeting.objects.get(ref=meeting.ref).state == "ended"
    assert Note.objects.filter(item__meeting=meeting).exclude(text="").count() == 8
    assert Decision.objects.count() == 2
    first, second = Action.objects.filter(item__meeting=meeting).order_by("pk")
    assert [agency.short for agency in first.supporting.all()] == ["Fire"]
    assert re.match(r"\d{4}-03-31", str(second.due))
    assert Action.objects.get(wording="Brief the managers of hotels").state == "complete"
    record_property("figure", f"eight items minuted with {board.beyond} keys beyond the words")
    assert board.beyond <= MOST_KEYS
