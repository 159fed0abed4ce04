"""What somebody else changes during the meeting is on the minute screen without a reload, and
whoever types notices nothing but the sentence."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import expect

from meetings.models import Action
from tests.browser.test_minute import SAVED, chip, meeting, notes, open_page, world
from tests.meetings.rooms import deputy, item_of

__all__ = ["meeting", "open_page", "world"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BY_ITSELF = 15_000  # ms after which the page asks
URGENT = {
    "title": "Raid in the port", "kind": "other", "purpose": "note", "version": 0,
    "urgency_reason": "It was this morning", "urgency_agreed_by": "The chair",
}  # fmt: skip


@pytest.fixture
def theirs(world, meeting):
    """A function that sends a form as the second secretary, on another machine."""
    client = Client()
    client.force_login(deputy(world))

    def send(path, **data):
        answer = client.post(f"/meetings/{meeting.ref}/{path}", data)
        assert answer.status_code in (302, 303), answer.content.decode()

    return send


def news(page):
    return page.locator("[data-news-says]")


def titles(page):
    return page.locator(".item__line [data-item]")


def test_an_item_that_somebody_adds_appears_while_one_types(world, meeting, open_page, theirs):
    page = open_page(world.secretary)
    here = titles(page).count() + 1  # the open one has no line
    page.keyboard.type("Fire crews see inside.")
    page.keyboard.press("Home")
    expect(chip(page)).to_have_text(SAVED)
    theirs("agenda/new/", **URGENT)
    page.keyboard.type("The ")
    expect(news(page)).to_have_text(f"Added: Item {here + 1}, Raid in the port. Open it")
    expect(titles(page).last).to_have_text("Raid in the port")
    expect(page.locator("[data-count]")).to_have_text(str(here + 1))
    expect(notes(page)).to_be_focused()
    page.keyboard.type("two ")
    expect(notes(page)).to_have_value("The two Fire crews see inside.")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    news(page).get_by_role("link").click()
    expect(page.get_by_role("heading", name="Raid in the port")).to_be_visible()
    expect(notes(page)).to_be_focused()
    expect(news(page)).to_be_empty()
    page.keyboard.type("It was this morning.")
    expect(chip(page)).to_have_text(SAVED)
    assert meeting.items.get(title="Raid in the port").notes.get().text == "It was this morning."


def test_whoever_only_listens_hears_of_it_too(world, meeting, open_page, theirs):
    """Nothing is typed: the page asks by itself, and not while it is out of sight."""
    page = open_page(world.secretary, watched=True)
    item, other = item_of(meeting), item_of(meeting, "threats")
    row = meeting.attendances.get(seat=world.police_seat)
    theirs(f"minute/{item.pk}/attendance/", **{f"move-{row.pk}": "present"})
    theirs(
        f"minute/{other.pk}/actions/",
        **{
            "action-version": 0, "action-wording": "Write to the port", "action-owner": "fire",
            "action-due": "in a week",
        },
    )  # fmt: skip
    page.clock.fast_forward(BY_ITSELF)
    expect(news(page)).to_contain_text("Attendance has changed.")
    expect(news(page)).to_contain_text(f"Item {other.number}, Emerging threats: 1 action.")
    expect(page.get_by_label("Police").locator("option").first).to_have_text("Present")
    expect(notes(page)).to_be_focused()
    theirs(f"agenda/{item_of(meeting, 'round_up').pk}/remove/")
    theirs("end-the-meeting/")
    page.clock.fast_forward(BY_ITSELF)
    expect(news(page)).to_contain_text("Taken off the agenda: Item 7, Partners' round-up.")
    expect(news(page)).to_contain_text(re.compile(r"Ended \d\d:\d\d; the minutes are a draft"))
    expect(titles(page).filter(has_text="round-up")).to_have_count(0)
    expect(page.get_by_role("link", name="Read the draft minutes")).to_be_visible()


def test_the_item_that_the_page_chose_is_read_again(world, meeting, open_page, theirs, live_server):
    """Without ?item= the address leads to another item once there are words in this one."""
    page = open_page(world.secretary)
    page.goto(f"{live_server.url}/meetings/{meeting.ref}/minute/")
    expect(page.get_by_role("heading", name="Apologies for absence")).to_be_visible()
    expect(notes(page)).to_be_focused()
    page.keyboard.type("There were none.")
    expect(chip(page)).to_have_text(SAVED)
    row = meeting.attendances.get(seat=world.police_seat)
    item = item_of(meeting, "apologies")
    theirs(f"minute/{item.pk}/attendance/", **{f"move-{row.pk}": "present"})
    page.keyboard.type(" None at all.")
    expect(news(page)).to_have_text(re.compile(r"Attendance has changed\..*, item 1\W"))
    expect(page.get_by_label("Police").locator("option").first).to_have_text("Present")


def test_what_one_does_oneself_is_no_news(world, meeting, open_page, theirs):
    page = open_page(world.secretary)
    page.keyboard.type("/aWrite the page")
    page.keyboard.press("Tab")
    page.keyboard.type("fire")
    page.keyboard.press("Tab")
    page.keyboard.type("in a week")
    page.keyboard.press("Enter")
    expect(page.locator(".item__done")).to_have_count(1)
    page.keyboard.type("/p")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Police").locator("option").first).to_have_text("Present")
    theirs("agenda/new/", **URGENT)
    page.keyboard.type("Said.")
    expect(news(page)).to_have_text("Added: Item 10, Raid in the port. Open it")
    assert Action.objects.count() == 1


def test_an_item_that_is_taken_off_stays_while_one_writes_in_it(world, meeting, open_page, theirs):
    page = open_page(world.secretary)
    page.keyboard.type("/7 ")
    expect(page.get_by_role("heading", name="Partners' round-up")).to_be_visible()
    expect(page.locator("[data-arriving]")).to_have_count(0)
    theirs(f"agenda/{item_of(meeting, 'round_up').pk}/remove/")
    page.keyboard.type("Fire spoke.")
    expect(chip(page)).to_have_text(re.compile("Not saved: you may no longer write here"))
    expect(notes(page)).to_have_value("Fire spoke.")
    page.keyboard.type(" /b")
    expect(page.get_by_role("heading", name="Emerging threats")).to_be_visible()
    expect(news(page)).to_contain_text("Taken off the agenda: Item 7, Partners' round-up.")
    gone = page.locator(".item__line", has_text="Partners' round-up")
    expect(gone).to_contain_text("Taken off the agenda")
    expect(gone).to_contain_text("Not saved")
    gone.get_by_role("link").click()
    expect(notes(page)).to_have_value("Fire spoke. ")
