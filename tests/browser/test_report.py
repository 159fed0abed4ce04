"""The chair's pages in a browser: what the editor says of saving is what the server confirmed."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import transaction
from django.test import Client
from playwright.sync_api import expect

from priorities.transitions import PART_CLEARANCE
from reports import checks
from reports.drafting import draft_report
from reports.models import Paragraph
from tests.builders import make_world
from tests.reports.conftest import COMMITTEE, FROM, TO, clear, make_quarter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SOON = 8000  # ms after the last key


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


def box(page, report, words):
    paragraph = Paragraph.objects.get(section__report=report, text__contains=words)
    return paragraph, page.locator(f"#id_p{paragraph.pk}-text")


def test_what_is_typed_saves_itself_and_says_so(report, open_page):
    page = open_page(f"/reports/{report.ref}/edit/")
    paragraph, words = box(page, report, "CLEAREDRETURN")
    words.fill("Ours now.")
    chip = page.locator("[data-state]")
    expect(chip).to_have_text("Typing, not yet saved")
    expect(chip).to_have_text(re.compile(r"Saved \d\d:\d\d"), timeout=SOON)
    paragraph.refresh_from_db()
    assert paragraph.text == "Ours now."
    # The page knows its new version: the next act is not stale.
    page.get_by_role("button", name="Move up paragraph 6").click()
    expect(page.locator(f"#id_p{paragraph.pk}-text")).to_have_value("Ours now.")
    assert page.url.endswith(f"#id_p{paragraph.pk}-text")
    assert page.complaints == []


def test_a_second_page_keeps_its_words_until_its_reader_chooses(report, open_page):
    mine, theirs = (open_page(f"/reports/{report.ref}/edit/") for _ in range(2))
    paragraph, words = box(theirs, report, "CLEAREDRETURN")
    words.fill("Theirs.")
    theirs.get_by_role("button", name="Save", exact=True).click()
    expect(theirs.get_by_role("status").first).to_contain_text("Saved")
    mine.locator(f"#id_p{paragraph.pk}-text").fill("Mine.")
    expect(mine.locator("[data-state]")).to_have_text(
        "This report was changed elsewhere. Press Save to see both texts.", timeout=SOON
    )
    mine.get_by_role("button", name="Save", exact=True).click()
    expect(mine.get_by_text("Nothing was saved over.")).to_be_visible()
    expect(mine.locator(f"#id_p{paragraph.pk}-text")).to_have_value("Mine.")
    assert Axe().run(mine).violations_count == 0
    mine.get_by_role("button", name="Save", exact=True).click()
    expect(mine.get_by_role("status").first).to_contain_text("Saved")
    paragraph.refresh_from_db()
    assert paragraph.text == "Mine."


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
