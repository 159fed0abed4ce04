"""The demo's chair in a browser: the report of 2018 is checked, cleared, issued and read by a
visitor. Each page on the way passes axe and fits 320 pixels."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import expect

from board.models import User
from tests.reports.papers import pdf_text

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REF = "safer-city-partnership-2018-09-27"


def look(page):
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url
    page.set_viewport_size({"width": 1280, "height": 900})


def test_the_chair_issues_the_report_of_2018_and_anybody_reads_it(
    chromium, live_server, transactional_db, settings
):
    settings.DEMO, settings.DEMO_PASSWORD = True, "a password for one test"
    call_command("demo")
    client = Client()
    client.force_login(User.objects.get(email="chair@example.org"))
    chairs, visitors = chromium.new_context(), chromium.new_context()
    session = client.cookies["sessionid"].value
    chairs.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page, visitor = chairs.new_page(), visitors.new_page()
    published = f"{live_server.url}/published/{REF}/"
    assert visitor.goto(published).status == 404

    page.goto(f"{live_server.url}/reports/")
    look(page)
    page.get_by_role("link", name="Safer City Partnership, 27 September 2018").click()
    look(page)
    for tab in ("Write", "Versions", "Preview", "Checks before issue"):
        page.get_by_role("link", name=tab, exact=True).click()
        look(page)
    expect(page.locator("main")).to_contain_text("Nothing to settle")
    page.get_by_role("button", name="Clear the report").click()
    expect(page.locator("main")).to_contain_text("Done: clear the report")
    page.get_by_role("button", name="Issue the report").click()
    expect(page.locator("main")).to_contain_text("are fixed as they are now")
    look(page)
    page.get_by_role("button", name="Issue the report").click()
    expect(page.locator("main")).to_contain_text("Done: issue the report")
    look(page)
    with page.expect_download() as word:
        page.get_by_role("link", name="Download the Word file").click()
    assert word.value.suggested_filename == f"{REF}.docx"
    pdf = chairs.request.get(f"{live_server.url}/reports/{REF}.pdf")
    assert "DRAFT" not in pdf_text(pdf.body()).replace(" ", "")

    assert visitor.goto(published).status == 200
    look(visitor)
    expect(visitor.locator("h1")).to_have_text("Serious and Organised Crime Board - update")
    expect(visitor.locator("main")).to_contain_text(re.compile("Programme Challenger"))
    address = visitor.get_by_role("link", name="PDF", exact=True).get_attribute("href")
    again = visitors.request.get(f"{live_server.url}{address}")
    assert again.body() == pdf.body()
    visitor.get_by_role("link", name="Published", exact=True).click()
    look(visitor)
    for context in (chairs, visitors):
        context.close()
