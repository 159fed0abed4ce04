"""The return in a browser: few keys when nothing has changed, and words that save themselves."""

import re

import docx
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from board.workflow import perform
from priorities.transitions import RAISE_QUERY_ON_PART
from tests.browser.routes import held_back
from tests.builders import days_ago, make_world, open_round, part_of, returns_of, submit
from tests.priorities.test_wordform import fill_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAVED = re.compile(r"✓ Saved \d\d:\d\d")


@pytest.fixture
def world(transactional_db):
    return make_world()


@pytest.fixture
def round(world):
    """This quarter's, after one in which the police answered on both priorities."""
    before = open_round(world, day=days_ago(92))
    for priority in (world.slavery, world.drugs):
        submit(part_of(before, world.police, priority), world.police_lead)
    return open_round(world)


@pytest.fixture
def open_page(chromium, live_server, world, round):
    """A function that opens the form for a person, each in a browser of their own."""
    contexts = []

    def opening(person, width=1280, name="return_edit"):
        client = Client()
        client.force_login(person)
        context = chromium.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        value = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        page = context.new_page()
        pk = returns_of(round, world.police).pk
        address = reverse(f"priorities:{name}", args=[pk])
        assert page.goto(live_server.url + address).status == 200
        return page

    yield opening
    for context in contexts:
        context.close()


def section(page, priority):
    return page.locator(f"#priority-{priority.slug}")


def chip(page, priority):
    return section(page, priority).locator("[data-chip]")


def test_an_unchanged_return_takes_under_ten_keys(world, round, open_page, capsys):
    page = open_page(world.police_lead)
    pressed = []

    def press(key):
        pressed.append(key)
        page.keyboard.press(key)

    def focused():
        return page.evaluate("document.activeElement.textContent.trim()")

    def tab_to(name):
        while focused() != name:
            press("Tab")
            if focused() == "Skip to main content":
                press("Enter")
            assert len(pressed) < 20, pressed
        press("Enter")

    tab_to("Submit it all as it stands")
    asked = page.locator(".box", has_text="Is your confidence still what it was last quarter?")
    expect(asked).to_be_focused()
    tab_to("Yes, it is still so: submit")
    expect(page.get_by_text("Submitted: the whole return.")).to_be_visible()
    with capsys.disabled():
        print(f"\nAn unchanged return: {len(pressed)} keys ({' '.join(pressed)})")
    assert len(pressed) < 10
    for priority in (world.slavery, world.drugs):
        part = part_of(round, world.police, priority)
        assert (part.state, part.confidence) == ("submitted", "fair")
        assert part.did == "Visited nine hotels with the council."


def test_words_save_themselves_and_say_how_they_stand(world, round, open_page):
    page = open_page(world.police_contributor)
    part = section(page, world.slavery)
    expect(page.locator("[data-counts]")).to_have_text("6 no change")
    answer = part.locator(".answer", has_text="What we did")
    expect(answer.locator("textarea")).to_be_hidden()
    answer.get_by_text("Edit").click()
    box = answer.locator("textarea")
    expect(box).to_be_focused()
    page.keyboard.type("Ten hotels. ")
    expect(chip(page, world.slavery)).to_have_text(SAVED)
    expect(answer.locator("[data-state]")).to_have_text("Edited")
    expect(page.locator("[data-counts]")).to_have_text("5 no change, 1 edited")
    assert part_of(round, world.police, world.slavery).did.startswith("Ten hotels. Visited")
    answer.get_by_role("button", name="Put back").click()
    expect(answer.locator("[data-state]")).to_have_text("No change")
    expect(chip(page, world.slavery)).to_have_text(SAVED)
    page.get_by_role("button", name="Save draft").last.click()
    expect(page.get_by_text("Saved as a draft.")).to_be_visible()
    assert (
        part_of(round, world.police, world.slavery).did == "Visited nine hotels with the council."
    )
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def write(page, priority, words):
    answer = section(page, priority).locator(".answer", has_text="What we did")
    if answer.locator("textarea").is_hidden():
        answer.get_by_text("Edit").click()
    answer.locator("textarea").fill(words)


def test_without_connection_or_session_the_words_stay_and_are_saved_later(
    world, round, open_page, live_server
):
    page = open_page(world.police_lead)
    write(page, world.slavery, "One.")
    expect(chip(page, world.slavery)).to_have_text(SAVED)
    page.context.set_offline(True)
    write(page, world.slavery, "One. Two.")
    expect(chip(page, world.slavery)).to_have_text(re.compile(r"Not saved since .*no connection"))
    # Without a connection the form is not sent into an empty page.
    page.get_by_role("button", name="Submit all").click()
    expect(page.locator("[data-page-chip]")).to_contain_text("Not sent: press again")
    page.context.set_offline(False)
    expect(chip(page, world.slavery)).to_have_text(SAVED, timeout=8000)
    assert part_of(round, world.police, world.slavery).did == "One. Two."
    Session.objects.all().delete()
    write(page, world.slavery, "One. Two. Three.")
    expect(chip(page, world.slavery)).to_have_text(re.compile("Sign in again.*still here"))
    with page.context.expect_page() as opened:
        chip(page, world.slavery).get_by_role("link").click()
    other = opened.value
    other.locator("[name=login]").fill(world.police_lead.email)
    other.locator("[name=password]").fill("correct horse battery")
    other.get_by_role("button", name="Sign in").click()
    other.wait_for_url(f"{live_server.url}/")
    other.close()
    expect(chip(page, world.slavery)).to_have_text(SAVED, timeout=12000)
    assert part_of(round, world.police, world.slavery).did == "One. Two. Three."


def test_two_people_on_one_part_keep_both_texts(world, round, open_page):
    mine, theirs = open_page(world.police_lead), open_page(world.police_contributor)
    write(theirs, world.slavery, "Visited ten hotels.")
    expect(chip(theirs, world.slavery)).to_have_text(SAVED)
    write(mine, world.slavery, "Visited two farms.")
    expect(chip(mine, world.slavery)).to_have_text(re.compile("Two texts, both kept"))
    panel = mine.locator("[data-conflict]")
    expect(panel.locator("[data-theirs]")).to_have_text("Visited ten hotels.")
    expect(panel.locator("[data-yours] ins").first).to_have_text("two")
    assert Axe().run(mine).violations_count == 0
    panel.get_by_role("button", name="Keep both").click()
    expect(chip(mine, world.slavery)).to_have_text(SAVED)
    assert part_of(round, world.police, world.slavery).did == (
        "Visited two farms.\n\nVisited ten hotels."
    )


def test_two_texts_are_joined_by_hand(world, round, open_page):
    mine, theirs = open_page(world.police_lead), open_page(world.police_contributor)
    write(theirs, world.slavery, "Visited ten hotels.")
    expect(chip(theirs, world.slavery)).to_have_text(SAVED)
    write(mine, world.slavery, "Visited two farms.")
    panel = mine.locator("[data-conflict]")
    panel.get_by_role("button", name="Join by hand").click()
    joined = panel.get_by_label("What we did, joined by hand from both texts")
    expect(joined).to_be_focused()
    expect(joined).to_have_value("Visited two farms.\n\nVisited ten hotels.")
    joined.fill("Visited two farms and ten hotels.")
    mine.set_viewport_size({"width": 320, "height": 900})
    assert mine.evaluate("document.documentElement.scrollWidth") <= 320
    assert Axe().run(mine).violations_count == 0
    panel.get_by_role("button", name="Save the joined words").click()
    expect(chip(mine, world.slavery)).to_have_text(SAVED)
    part = part_of(round, world.police, world.slavery)
    assert part.did == "Visited two farms and ten hotels."


def test_the_secretary_enters_a_letter_that_saves_itself(world, round, open_page):
    page = open_page(world.secretary, name="return_enter")
    page.get_by_label("Sent by").fill("Partnership inspector")
    letter = page.locator("#letter [data-chip]")
    expect(letter).to_have_text("Not saved: Sent on: Give the day it was sent.")
    for box, number in (("Day", "3"), ("Month", "5"), ("Year", "2018")):
        page.locator("#letter").get_by_label(box, exact=True).fill(number)
    expect(letter).to_have_text(SAVED)
    # The agency writes on the same draft meanwhile.
    theirs = open_page(world.police_lead)
    write(theirs, world.slavery, "Visited ten hotels.")
    expect(chip(theirs, world.slavery)).to_have_text(SAVED)
    write(page, world.slavery, "Visited two farms.")
    expect(chip(page, world.slavery)).to_have_text(re.compile("Two texts, both kept"))
    page.locator("[data-conflict]").get_by_role("button", name="Use mine").click()
    expect(chip(page, world.slavery)).to_have_text(SAVED)
    assert part_of(round, world.police, world.slavery).did == "Visited two farms."
    page.get_by_label("The letter or e-mail itself").set_input_files(
        {"name": "letter.txt", "mimeType": "text/plain", "buffer": b"We visited two farms."}
    )
    page.get_by_role("button", name="Enter as received").click()
    expect(page.get_by_text("Entered as received.")).to_be_visible()
    part = part_of(round, world.police, world.slavery)
    assert (part.state, part.agency_return.sender) == ("received", "Partnership inspector")
    assert bytes(part.agency_return.original.content) == b"We visited two farms."


def test_answers_read_from_a_word_form_save_themselves_before_they_are_entered(
    world, round, open_page
):
    page = open_page(world.secretary, name="return_enter")
    with page.expect_download() as form:
        page.get_by_role("link", name="download it").click()
    word = docx.Document(form.value.path())
    filled = fill_in(word, **{f"{world.slavery.slug}-did": "Visited ten farms."})
    page.get_by_label("The letter or e-mail itself").set_input_files(
        {"name": "form.docx", "mimeType": "application/octet-stream", "buffer": filled}
    )
    page.get_by_role("button", name="Read it from the Word form").click()
    expect(page.get_by_text("Nothing is entered yet")).to_be_visible()
    expect(chip(page, world.slavery)).to_have_text(SAVED)
    part = part_of(round, world.police, world.slavery)
    assert (part.state, part.did) == ("draft", "Visited ten farms.")


def test_it_is_accessible_and_fits_a_narrow_screen(world, open_page):
    page = open_page(world.police_lead, 320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for edit in page.get_by_text("Edit").all():
        if edit.is_visible():
            edit.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_what_is_typed_before_the_scripts_have_come_is_saved(world, round, open_page):
    page = open_page(world.police_lead)
    waiting, release = held_back(page, "**/*.js")
    page.reload(wait_until="commit")
    box = section(page, world.slavery).get_by_label("Text for the report")
    box.fill("Ten farms were visited.")
    section(page, world.slavery).get_by_label("High").check()
    assert waiting
    release()
    expect(chip(page, world.slavery)).to_have_text(SAVED)
    part = part_of(round, world.police, world.slavery)
    assert (part.report_text, part.confidence) == ("Ten farms were visited.", "high")
    expect(chip(page, world.drugs)).to_be_hidden()


def test_the_answer_to_a_query_is_saved_at_the_first_try(world, round, open_page):
    part = submit(part_of(round, world.police, world.slavery), world.police_lead)
    perform(RAISE_QUERY_ON_PART, part, by=world.secretary, note="How many hotels?")
    page = open_page(world.police_lead, name="return")
    page.get_by_role("link", name="Answer it").click()
    page.get_by_label("Your answer").fill("Nine.")
    expect(chip(page, world.slavery)).to_have_text(SAVED)
    expect(page.get_by_text("Two people wrote here")).to_have_count(0)
    section(page, world.slavery).locator("[name$=clear_for]").select_option("parent")
    page.get_by_role("button", name="Submit modern slavery alone").click()
    expect(page.get_by_text("Submitted: Modern slavery.")).to_be_visible()
    part.refresh_from_db()
    assert (part.state, part.cleared_for) == ("submitted", "parent")
    assert part.queries.get().answer == "Nine."
