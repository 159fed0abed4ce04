"""Minuting, live: what the page says of saving is what the server has confirmed."""

import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import expect

from meetings.models import Action, Decision, Note
from meetings.saving import save_note
from tests.browser.routes import held_back
from tests.builders import make_decision, make_world
from tests.meetings.rooms import deputy, in_session, item_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

QUICKLY = 1500  # ms after the last key
SAVED = re.compile(r"✓ Saved \d\d:\d\d")


@pytest.fixture
def world(transactional_db):
    return make_world()


@pytest.fixture
def meeting(world):
    return in_session(world)


@pytest.fixture
def open_page(chromium, live_server, meeting):
    """A function that opens the focus item for a person, each in a browser of their own."""
    contexts = []

    def opening(person, width=1280, watched=False):
        client = Client()
        client.force_login(person)
        context = chromium.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        value = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        page = context.new_page()
        if watched:  # its clock can be put forward
            page.clock.install()
        item = item_of(meeting).pk
        answer = page.goto(f"{live_server.url}/meetings/{meeting.ref}/minute/?item={item}")
        assert answer.status == 200
        expect(notes(page)).to_be_focused()
        return page

    yield opening
    for context in contexts:
        context.close()


def notes(page):
    return page.get_by_label("Notes", exact=True)


def chip(page):
    return page.locator("[data-box]:has([data-main]) [data-chip]")


def stored(meeting, part="board"):
    note = Note.objects.filter(item=item_of(meeting), part=part).first()
    return note.text if note else ""


def test_the_cursor_is_in_the_notes_and_words_save_themselves(world, meeting, open_page):
    page = open_page(world.secretary)
    page.keyboard.type("The police told of car washes.")
    expect(chip(page)).to_have_text("Typing, not yet saved")
    typed = time.monotonic()
    expect(chip(page)).to_have_text(SAVED, timeout=QUICKLY)
    assert time.monotonic() - typed < QUICKLY / 1000
    assert stored(meeting) == "The police told of car washes."
    page.reload()
    expect(notes(page)).to_have_value("The police told of car washes.")


def test_nothing_is_kept_in_the_browser(world, meeting, open_page):
    page = open_page(world.secretary)
    page.keyboard.type("Read by few")
    expect(chip(page)).to_have_text(SAVED)
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_the_page_is_accessible_and_fits_a_narrow_screen(world, meeting, open_page):
    for width in (1280, 320):
        page = open_page(world.secretary, width)
        expect(page.get_by_role("heading", name="Modern slavery")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


def test_two_people_on_one_item_keep_both_texts(world, meeting, open_page):
    mine, theirs = open_page(world.secretary), open_page(deputy(world))
    theirs.keyboard.type("Health will write to traders.")
    expect(chip(theirs)).to_have_text(SAVED)
    mine.keyboard.type("Fire crews see inside.")
    expect(chip(mine)).to_have_text(re.compile("Two texts, both kept"))
    panel = mine.locator("[data-conflict]")
    expect(panel.locator("[data-yours]")).to_have_text("Fire crews see inside.")
    expect(panel.locator("[data-theirs]")).to_have_text("Health will write to traders.")
    assert Axe().run(mine).violations_count == 0
    # The cursor stays where it was, and the next words go below both texts.
    mine.keyboard.type("They will pass it on.")
    expect(mine.get_by_label("Carry on here")).to_have_value("They will pass it on.")
    expect(chip(mine)).to_have_text(re.compile("Two texts, both kept"))
    panel.get_by_role("button", name="Keep both").click()
    expect(chip(mine)).to_have_text(SAVED)
    assert stored(meeting) == (
        "Fire crews see inside.\n\nHealth will write to traders.\n\nThey will pass it on."
    )


def test_without_a_connection_it_says_so_and_saves_later(world, meeting, open_page):
    page = open_page(world.secretary)
    page.keyboard.type("One.")
    expect(chip(page)).to_have_text(SAVED)
    page.context.set_offline(True)
    page.keyboard.type(" Two.")
    expect(chip(page)).to_have_text(re.compile(r"Not saved since \d\d:\d\d, no connection"))
    page.keyboard.type(" Three.")
    assert stored(meeting) == "One."
    page.context.set_offline(False)
    expect(chip(page)).to_have_text(SAVED, timeout=8000)
    assert stored(meeting) == "One. Two. Three."


def test_after_the_session_ended_the_words_are_still_here(world, meeting, open_page, live_server):
    page = open_page(world.secretary)
    page.keyboard.type("One.")
    expect(chip(page)).to_have_text(SAVED)
    Session.objects.all().delete()
    page.keyboard.type(" Two.")
    expect(chip(page)).to_have_text(re.compile("Sign in again.*your words are still here"))
    with page.context.expect_page() as opened:
        chip(page).get_by_role("link").click()
    other = opened.value
    other.locator("[name=login]").fill(world.secretary.email)
    other.locator("[name=password]").fill("correct horse battery")
    other.get_by_role("button", name="Sign in").click()
    other.wait_for_url(f"{live_server.url}/")
    other.close()
    expect(notes(page)).to_have_value("One. Two.")
    expect(chip(page)).to_have_text(SAVED, timeout=12000)
    expect(notes(page)).to_be_focused()  # and no more on a link that is gone
    assert stored(meeting) == "One. Two."


def test_leaving_saves_first(world, meeting, open_page):
    page = open_page(world.secretary)
    page.keyboard.type("Said just before.")
    page.get_by_role("link", name="Substitutes, guests").click()
    expect(page.get_by_role("heading", name="Attendance")).to_be_visible()
    assert stored(meeting) == "Said just before."


def test_from_the_keyboard_a_decision_and_an_action(world, meeting, open_page):
    page = open_page(world.secretary)
    page.keyboard.type("Members agreed.\n/d ")
    expect(page.locator("[data-quick=decision] [name=decision-text]")).to_be_focused()
    page.keyboard.type("One page is made.")
    page.keyboard.press("Enter")
    expect(page.locator(".item__done")).to_have_text(re.compile("One page is made"))
    expect(notes(page)).to_have_value("Members agreed.\n")
    expect(notes(page)).to_be_focused()
    page.keyboard.type("/a")
    page.keyboard.type("Write the page")
    page.keyboard.press("Tab")
    page.keyboard.type("pol")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Owner")).to_have_value("Police")
    page.keyboard.type("31 March 2099")
    page.keyboard.press("Enter")
    # The cursor is back at once, and the page was not left.
    expect(notes(page)).to_be_focused()
    page.keyboard.type("Nobody spoke against it.")
    expect(page.locator(".item__done").nth(1)).to_have_text(re.compile("Write the page"))
    expect(notes(page)).to_have_value("Members agreed.\nNobody spoke against it.")
    assert Decision.objects.get().text == "One page is made."
    assert Action.objects.get().agency == world.police


def test_a_refused_action_keeps_its_words_and_leaves_the_cursor(world, meeting, open_page):
    page = open_page(world.secretary)
    page.keyboard.type("/aWrite the page")
    page.keyboard.press("Tab")
    page.keyboard.type("Nobody known")
    page.keyboard.press("Enter")
    expect(page.locator("[data-told]")).to_have_text(re.compile("Not recorded.*nobody on this"))
    expect(notes(page)).to_be_focused()
    page.keyboard.type("Said meanwhile.\n/a")
    expect(page.get_by_label("Owner")).to_be_focused()
    expect(page.get_by_label("What is to be done")).to_have_value("Write the page")
    assert Axe().run(page).violations_count == 0
    page.keyboard.type("board")
    page.keyboard.press("Tab")
    page.keyboard.type("in two weeks")
    page.context.set_offline(True)
    page.keyboard.press("Enter")
    expect(page.locator("[data-quick=action] [data-sent]")).to_have_text(
        re.compile("no connection")
    )
    page.context.set_offline(False)
    page.keyboard.type("/a")
    page.keyboard.press("Enter")
    expect(page.locator(".item__done")).to_have_text(re.compile("Write the page"))
    assert Action.objects.get().board_owns


def test_who_comes_and_goes_is_recorded_in_place(world, meeting, open_page):
    world.board.quorum = 2
    world.board.save()
    page = open_page(world.secretary)
    attendance = page.locator("[data-live=attendance]")
    expect(attendance).to_contain_text("No quorum: 0 of 2 agencies here, 2 needed")
    page.keyboard.type("/p")
    page.keyboard.press("Enter")
    expect(attendance).to_contain_text("Quorum met: 2 of 2 agencies here, 2 needed")
    expect(notes(page)).to_be_focused()
    page.keyboard.type("/n")
    expect(attendance).to_contain_text("Quorum met: 2 of 2 agencies here, 2 needed, item 6")
    page.keyboard.type("/p")
    expect(page.get_by_label("Fire")).to_be_focused()
    page.keyboard.type("Left")
    page.get_by_role("button", name="Record what changed").press("Enter")
    expect(page.get_by_label("Fire")).to_have_accessible_description("Until item 6")
    page.keyboard.type("/n")
    expect(attendance).to_contain_text("No quorum: 1 of 2 agencies here, 2 needed, item 7")
    expect(page.get_by_label("Fire").locator("option").first).to_have_text("Away at item 7")


def test_a_question_mark_shows_the_commands_and_escape_goes_back(world, meeting, open_page):
    page = open_page(world.secretary)
    page.keyboard.type("?")
    expect(page.locator("[data-keys] summary")).to_be_focused()
    expect(page.get_by_text("The draft recommendation becomes the decision")).to_be_visible()
    page.keyboard.press("Escape")
    expect(notes(page)).to_be_focused()
    expect(notes(page)).to_have_value("")
    page.keyboard.type("/w")
    page.keyboard.type("Ask fire about crews.\n\nNot for the minute.")
    page.keyboard.press("Control+Home")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Escape")
    expect(notes(page)).to_have_value("Ask fire about crews.")
    expect(chip(page)).to_have_text(SAVED)
    assert stored(meeting) == "Ask fire about crews."
    page.keyboard.type("\n/9 ")
    expect(page.get_by_role("heading", name="Date of next meeting")).to_be_visible()
    page.keyboard.type("/9 In May.")  # the item that is open already
    expect(notes(page)).to_have_value("In May.")


# From one item to another


def minute_of(meeting, kind):
    note = Note.objects.filter(item=item_of(meeting, kind), part="board").first()
    return note.text if note else ""


def test_what_is_typed_before_the_scripts_have_come_is_saved(world, meeting, open_page):
    page = open_page(world.secretary)
    waiting, release = held_back(page, "**/*.js")
    page.reload(wait_until="commit")
    notes(page).fill("The police told of car washes.")
    assert waiting
    release()
    expect(chip(page)).to_have_text(SAVED)
    assert minute_of(meeting, "focus") == "The police told of car washes."


def test_no_key_is_lost_on_the_way_to_another_item(world, meeting, open_page):
    """One stream of keys through four items, while the server answers nothing at all."""
    make_decision(item_of(meeting, "threats"), "It is watched.")
    page = open_page(world.secretary)
    said = {
        "focus": "The police told of car washes.",
        "threats": "Parcels sent on by small shops.",
        "round_up": "Fire spoke of its visits.",
        "aob": "There was none.",
    }
    waiting, release = held_back(page, "**/minute/**")
    page.keyboard.type(" /n".join(said.values()))
    expect(page.get_by_role("heading", name="Any other business")).to_be_visible()
    expect(notes(page)).to_have_value(said["aob"])
    expect(page.locator("[data-arriving]")).to_be_visible()
    assert waiting
    assert not Note.objects.exclude(text="").exists()
    page.keyboard.type(" /dIt is noted so.")
    expect(page.locator("[data-quick=decision] [name=decision-text]")).to_have_value(
        "It is noted so."
    )
    release()
    expect(page.locator("[data-arriving]")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator(".item__done")).to_have_text(re.compile("It is noted so"))
    expect(page.locator("[data-page-chip]")).to_have_text(re.compile("All saved"), timeout=15000)
    assert {kind: minute_of(meeting, kind).strip() for kind in said} == said
    assert Decision.objects.get(text="It is noted so.").item == item_of(meeting, "aob")
    # Back, by the browser's own way: what was typed is there, and what belongs to the item.
    for title in ("Partners' round-up", "Emerging threats"):
        page.go_back()
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(notes(page)).to_have_value(f"{said['threats']} ")
    expect(page.locator(".item__done")).to_have_text(re.compile("It is watched"))


def test_words_of_another_person_meanwhile_stand_above_what_is_typed(world, meeting, open_page):
    """The item was written in since the page was read, and is opened while the server is slow."""
    page = open_page(world.secretary)
    other = deputy(world)
    save_note(item_of(meeting, "threats"), "board", "Raised by the police.", 0, by=other)
    _, release = held_back(page, "**/minute/?item=*")
    page.keyboard.type("/nParcels.")
    expect(page.get_by_role("heading", name="Emerging threats")).to_be_visible()
    release()
    expect(page.locator("[data-page-chip]")).to_have_text(re.compile("All saved|Two texts"))
    expect(page.locator("[data-arriving]")).to_have_count(0)
    both = page.get_by_role("button", name="Keep both")
    if both.is_visible():
        both.click()
    expect(chip(page)).to_have_text(SAVED)
    assert set(minute_of(meeting, "threats").split("\n\n")) == {"Raised by the police.", "Parcels."}


def test_a_conflict_that_is_left_says_so_on_its_line_and_waits(world, meeting, open_page):
    page = open_page(world.secretary)
    save_note(item_of(meeting), "board", "Health will write.", 0, by=deputy(world))
    page.keyboard.type("Fire crews see inside. /n")
    expect(page.get_by_role("heading", name="Emerging threats")).to_be_visible()
    line = page.locator(f"#item-{item_of(meeting).pk} .item__line")
    expect(line).to_contain_text("Two texts here")
    page.keyboard.type("None was raised. /b")
    expect(page.locator("[data-conflict] [data-theirs]")).to_have_text("Health will write.")
    page.get_by_role("button", name="Keep both").click()
    expect(chip(page)).to_have_text(SAVED)
    assert stored(meeting).split() == "Fire crews see inside. Health will write.".split()
    assert minute_of(meeting, "threats") == "None was raised. "


def test_a_half_typed_decision_is_there_when_its_item_is_opened_again(world, meeting, open_page):
    page = open_page(world.secretary)
    page.keyboard.type("/dOne page is")
    page.get_by_role("link", name="Emerging threats").click()
    expect(page.get_by_role("heading", name="Emerging threats")).to_be_visible()
    expect(page.get_by_label("Wording")).to_have_value("")
    page.get_by_role("link", name="Modern slavery").click()
    expect(page.get_by_label("Wording")).to_have_value("One page is")


def test_what_was_recorded_stays_though_an_older_page_comes_after_it(world, meeting, open_page):
    page = open_page(world.secretary)
    late = []

    def fetch_now_answer_late(route):
        if late:
            route.continue_()
        else:
            late.append((route, route.fetch()))

    page.route("**/minute/?item=*", fetch_now_answer_late)
    with page.expect_request("**/minute/?item=*"):
        page.keyboard.type("/9 ")
    page.keyboard.type("/dIt is in three months.")
    page.keyboard.press("Enter")
    made = page.locator(".item__done")
    expect(made).to_have_text(re.compile("It is in three months"))
    route, older = late[0]
    assert "It is in three months" not in older.text()
    with page.expect_response(
        lambda answer: "item=" in answer.url and answer.request != route.request
    ):
        route.fulfill(response=older)
    expect(made).to_have_text(re.compile("It is in three months"))


def test_what_cannot_be_read_is_said_and_read_again(world, meeting, open_page):
    page = open_page(world.secretary)
    page.context.set_offline(True)
    page.keyboard.type("/9 In three months.")
    expect(page.locator("[data-arriving]")).to_contain_text("there is no connection")
    assert Axe().run(page).violations_count == 0
    page.context.set_offline(False)
    expect(page.locator("[data-arriving]")).to_have_count(0)
    expect(page.get_by_role("heading", name="Open actions from earlier")).to_be_visible()
    expect(chip(page)).to_have_text(SAVED, timeout=15000)
    assert minute_of(meeting, "next_date") == "In three months."


def test_two_texts_are_joined_by_hand(world, meeting, open_page):
    mine, other = open_page(world.secretary, 320), deputy(world)
    save_note(item_of(meeting), "board", "Health will write to 12 traders.", 0, by=other)
    mine.keyboard.type("Health will write to 20 traders.")
    panel = mine.locator("[data-conflict]")
    panel.get_by_role("button", name="Join by hand").click()
    joined = panel.get_by_label("Joined by hand, from both texts")
    expect(joined).to_be_focused()
    both = "Health will write to 20 traders.\n\nHealth will write to 12 traders."
    expect(joined).to_have_value(both)
    expect(panel.locator("[data-yours] ins")).to_have_text("20")
    joined.fill("Health will write to 20 traders, 12 of them new.")
    assert mine.evaluate("document.documentElement.scrollWidth") <= 320
    found = Axe().run(mine)
    assert found.violations_count == 0, found.generate_report()
    # They write on meanwhile: what is being joined stays, and it is said.
    save_note(item_of(meeting), "board", "Health will write to 15 traders.", 1, by=other)
    mine.get_by_label("Carry on here").fill("By May.")
    expect(panel.locator("[data-newer]")).to_contain_text("written again since you began")
    expect(panel.locator("[data-theirs] ins")).to_have_text("15")
    expect(joined).to_have_value("Health will write to 20 traders, 12 of them new.")
    joined.fill("Health will write to 20 traders, 15 of them new.")
    panel.get_by_role("button", name="Save the joined words").click()
    expect(chip(mine)).to_have_text(SAVED)
    assert stored(meeting) == "Health will write to 20 traders, 15 of them new.\n\nBy May."
    texts = [row.text for row in Note.history.filter(item=item_of(meeting))]
    assert "Health will write to 20 traders." in texts  # as it was typed, kept beside
