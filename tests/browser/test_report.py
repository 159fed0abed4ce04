"""The chair's pages in a browser: what the editor says of saving is what the server confirmed."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client
from playwright.sync_api import expect

from priorities.transitions import PART_CLEARANCE
from reports import checks
from reports.drafting import draft_report
from reports.models import CommitteeReport, Paragraph
from tests.builders import make_world
from tests.reports.conftest import COMMITTEE, FROM, TO, clear, make_quarter
from tests.reports.papers import FIXTURES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAVED = re.compile(r"✓ All saved \d\d:\d\d")


@pytest.fixture
def quarter(transactional_db):
    # A number for an action is given inside a transaction only.
    with transaction.atomic():
        return make_quarter(make_world())


@pytest.fixture
def report(quarter):
    return draft_report(
        quarter.world.board, quarter.world.parent, committee_date=COMMITTEE, period_from=FROM,
        period_to=TO, by=quarter.world.secretary,
    )  # fmt: skip


@pytest.fixture
def open_page(chromium, live_server, quarter):
    """A function that opens an address as the chair, and says what the console complained of."""
    contexts = []

    def opening(address, width=1280):
        client = Client()
        client.force_login(quarter.world.chair)
        context = chromium.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        context.add_cookies([
            {
                "name": "sessionid",
                "value": client.cookies["sessionid"].value,
                "url": live_server.url,
            }
        ])  # fmt: skip
        page = context.new_page()
        page.complaints = []
        page.on(
            "console",
            lambda said: page.complaints.append(said.text) if said.type == "error" else None,
        )
        assert page.goto(f"{live_server.url}{address}").status == 200
        return page

    yield opening
    for context in contexts:
        context.close()


def words_of(report, words):
    return Paragraph.objects.get(section__report=report, text__contains=words)


def box(page, paragraph):
    return page.locator(f"[data-paragraph='{paragraph.pk}']")


def area(page, paragraph):
    return page.locator(f"#id_p{paragraph.pk}-text")


def bar(page):
    return page.locator("[data-page-chip]")


def stored(paragraph):
    return Paragraph.objects.get(pk=paragraph.pk).text


def test_what_is_typed_saves_itself_and_the_paper_follows(report, open_page):
    page = open_page(f"/reports/{report.ref}/edit/")
    paragraph = words_of(report, "CLEAREDRETURN")
    area(page, paragraph).fill("Ours now.")
    expect(bar(page)).to_have_text("Typing, not yet saved")
    expect(bar(page)).to_have_text(SAVED)
    assert stored(paragraph) == "Ours now."
    expect(page.locator("[data-paper]")).to_contain_text("Ours now.")
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    page.reload()
    expect(area(page, paragraph)).to_have_value("Ours now.")
    assert page.complaints == []


def test_two_people_in_one_paragraph_keep_both_texts(report, open_page):
    mine, theirs = (open_page(f"/reports/{report.ref}/edit/") for _ in range(2))
    paragraph = words_of(report, "CLEAREDRETURN")
    area(theirs, paragraph).fill("Theirs.")
    expect(bar(theirs)).to_have_text(SAVED)
    area(mine, paragraph).fill("Mine.")
    chip = box(mine, paragraph).locator("[data-chip]")
    expect(chip).to_have_text(re.compile("Two texts, both kept"))
    panel = mine.locator("[data-conflict]")
    expect(panel.locator("[data-yours]")).to_have_text("Mine.")
    expect(panel.locator("[data-theirs]")).to_have_text("Theirs.")
    assert Axe().run(mine).violations_count == 0
    assert stored(paragraph) == "Theirs."
    panel.get_by_role("button", name="Keep both").click()
    expect(panel).to_have_count(0)
    expect(bar(mine)).to_have_text(SAVED)
    assert stored(paragraph) == "Mine.\n\nTheirs."


def test_two_people_in_different_paragraphs_do_not_notice_each_other(report, open_page):
    mine, theirs = (open_page(f"/reports/{report.ref}/edit/") for _ in range(2))
    first, second = words_of(report, "CLEAREDRETURN"), words_of(report, "CLEAREDTHREAT")
    area(mine, first).fill("Mine.")
    area(theirs, second).fill("Theirs.")
    for page in (mine, theirs):
        expect(bar(page)).to_have_text(SAVED)
    assert (stored(first), stored(second)) == ("Mine.", "Theirs.")


def test_without_a_connection_the_words_stay_and_are_saved_later(report, open_page):
    page = open_page(f"/reports/{report.ref}/edit/")
    paragraph = words_of(report, "CLEAREDRETURN")
    page.context.set_offline(True)
    area(page, paragraph).fill("Said meanwhile.")
    chip = box(page, paragraph).locator("[data-chip]")
    expect(chip).to_have_text(re.compile("Not saved.*no connection"))
    page.context.set_offline(False)
    expect(bar(page)).to_have_text(SAVED, timeout=8000)
    assert stored(paragraph) == "Said meanwhile."


def test_after_the_session_ended_the_words_are_still_here(quarter, report, open_page, live_server):
    page = open_page(f"/reports/{report.ref}/edit/")
    paragraph = words_of(report, "CLEAREDRETURN")
    Session.objects.all().delete()
    area(page, paragraph).fill("Still here.")
    chip = box(page, paragraph).locator("[data-chip]")
    expect(chip).to_have_text(re.compile("Sign in again.*your words are still here"))
    with page.context.expect_page() as opened:
        chip.get_by_role("link").click()
    other = opened.value
    other.locator("[name=login]").fill(quarter.world.chair.email)
    other.locator("[name=password]").fill("correct horse battery")
    other.get_by_role("button", name="Sign in").click()
    other.wait_for_url(f"{live_server.url}/")
    other.close()
    expect(area(page, paragraph)).to_have_value("Still here.")
    expect(bar(page)).to_have_text(SAVED, timeout=12000)
    assert stored(paragraph) == "Still here."


def texts(page):
    """The words of every paragraph, in the order of the page."""
    return page.eval_on_selector_all("[data-paragraph] textarea", "all => all.map(a => a.value)")


def numbers(page):
    found = page.locator("[data-paragraph] .para__number").all_text_contents()
    return [int(number) for number in found if number]


def test_by_keyboard_alone_a_paragraph_is_split_moved_joined_and_added(report, open_page):
    page = open_page(f"/reports/{report.ref}/edit/")
    paragraph = words_of(report, "CLEAREDRETURN")
    source = paragraph.sources.get().priority_return
    area(page, paragraph).fill("One. Two. Three.")
    expect(bar(page)).to_have_text(SAVED)
    before = texts(page)
    at = before.index("One. Two. Three.")
    for _ in range(len(" Two. Three.")):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Control+Enter")
    page.keyboard.type("And ")  # before the new paragraph has come
    second = page.locator("[data-paragraph] textarea").nth(at + 1)
    expect(second).to_be_focused()
    expect(second).to_have_value("And Two. Three.")
    assert texts(page) == [*before[:at], "One.", "And Two. Three.", *before[at + 1 :]]
    assert numbers(page) == list(range(1, len(before) + 2))
    expect(bar(page)).to_have_text(SAVED)
    below = words_of(report, "And Two")
    assert below.sources.get().priority_return == source
    # Up and down again, the cursor staying in it.
    page.keyboard.press("Control+Home")
    page.keyboard.type("/u")
    expect(page.locator("[data-paragraph] textarea").nth(at)).to_have_value("And Two. Three.")
    expect(area(page, below)).to_be_focused()
    page.keyboard.type("/d")
    expect(page.locator("[data-paragraph] textarea").nth(at)).to_have_value("One.")
    expect(area(page, below)).to_be_focused()
    page.keyboard.type("/j")
    expect(area(page, paragraph)).to_be_focused()
    expect(area(page, paragraph)).to_have_value("One. And Two. Three.")
    page.keyboard.type(" Here.")
    expect(area(page, paragraph)).to_have_value("One. Here. And Two. Three.")
    page.keyboard.press("Control+End")
    page.keyboard.type("/n")
    page.keyboard.type("Wholly new.")
    new = page.locator("[data-paragraph] textarea").nth(at + 1)
    expect(new).to_be_focused()
    expect(new).to_have_value("Wholly new.")
    assert numbers(page) == list(range(1, len(before) + 2))
    expect(bar(page)).to_have_text(SAVED)
    assert stored(paragraph) == "One. Here. And Two. Three."
    assert not words_of(report, "Wholly new.").sources.exists()
    assert page.complaints == []


def test_the_keys_are_listed_on_a_question_mark(report, open_page):
    page = open_page(f"/reports/{report.ref}/edit/")
    paragraph = words_of(report, "CLEAREDRETURN")
    area(page, paragraph).focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("\n/?")
    expect(page.locator("[data-keys] summary")).to_be_focused()
    expect(page.get_by_text("Joins it to the one above")).to_be_visible()
    page.keyboard.press("Escape")
    expect(area(page, paragraph)).to_be_focused()


def test_a_split_that_somebody_overtook_keeps_every_word(report, open_page):
    mine, theirs = (open_page(f"/reports/{report.ref}/edit/") for _ in range(2))
    paragraph = words_of(report, "CLEAREDRETURN")
    words = area(mine, paragraph).input_value()
    area(theirs, paragraph).fill("Theirs.")
    expect(bar(theirs)).to_have_text(SAVED)
    area(mine, paragraph).focus()
    mine.keyboard.press("Control+Home")
    mine.keyboard.press("ArrowRight")
    mine.keyboard.press("Control+Enter")
    expect(mine.locator("[data-told]")).to_contain_text("Somebody else changed this meanwhile")
    expect(area(mine, paragraph)).to_have_value(words)
    mine.keyboard.type("Mine")
    mine.keyboard.press("ArrowRight")
    mine.keyboard.press("Control+Enter")
    expect(mine.get_by_text("Nothing was saved over")).to_be_visible()
    expect(area(mine, paragraph)).to_have_value(f"Mine{words}")
    assert stored(paragraph) == "Theirs."


PASTE = """html => {
  const box = document.querySelector("[name=pasted]");
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/html", html);
  box.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
  box.value = "The words alone";
  box.dispatchEvent(new Event("input", { bubbles: true }));
}"""


def test_what_is_pasted_from_a_page_brings_its_headings_along(quarter, open_page):
    page = open_page("/reports/import/")
    page.evaluate(PASTE, (FIXTURES / "council.html").read_text(encoding="utf-8"))
    page.get_by_role("button", name="Read the report").click()
    expect(page.get_by_text("The report was read; compare it with the paper.")).to_be_visible()
    report = CommitteeReport.objects.get()
    assert report.recommendations.splitlines()[1:3] == [
        "asks the Head of Service", "  1. to write to the Home Office; and",
    ]  # fmt: skip


def test_every_page_of_a_report_is_accessible_and_fits_a_narrow_screen(quarter, report, open_page):
    quarter.part.report_text = "Eleven hotels."
    quarter.part.save()
    clear(PART_CLEARANCE, quarter.part, quarter.world.police_lead)
    clear([PART_CLEARANCE[-1]], quarter.part, quarter.world.police_lead, audience=0)
    ask = next(finding for finding in checks.open_findings(report) if "asked" in finding.excerpt)
    checks.accept(report, ask, by=quarter.world.chair, reason="The clerk knows.")
    headings = {
        "/reports/": "Reports",
        "/reports/import/": "Read in an earlier report",
        f"/reports/{report.ref}/": "Report to the Parent of SOC Board",
        f"/reports/{report.ref}/edit/": "Report to the Parent of SOC Board",
        f"/reports/{report.ref}/checks/": "Report to the Parent of SOC Board",
        f"/reports/{report.ref}/preview/": "Report to the Parent of SOC Board",
    }
    for address, heading in headings.items():
        page = open_page(address, 320)
        expect(page.locator("h1").first).to_have_text(heading)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{address}\n{found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert page.complaints == []
