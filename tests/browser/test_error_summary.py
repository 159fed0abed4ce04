"""In the browser: what a link of an error summary does, and what script adds to a form."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.pack_urls import FIRST_INPUTS, LAYOUT_ORDER

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.pack_urls")]


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def refused(request, chromium, live_server):
    """The page with every field, sent empty, with and without JavaScript."""
    context = chromium.new_context(java_script_enabled=request.param)
    page = context.new_page()
    page.goto(f"{live_server.url}/every-field/")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    yield page
    context.close()


def test_each_link_of_the_summary_puts_the_focus_in_its_input(refused):
    links = refused.locator(".govuk-error-summary a")
    assert links.count() == len(LAYOUT_ORDER)
    for index, name in enumerate(LAYOUT_ORDER):
        links.nth(index).click()
        focused = refused.locator(":focus")
        assert focused.get_attribute("id") == FIRST_INPUTS.get(name, f"id_{name}")
        assert focused.get_attribute("name").startswith(name)
        assert focused.evaluate("e => e.matches('input:not([type=hidden]), select, textarea')")


@pytest.fixture(params=[1280, 320])
def page(request, chromium, live_server):
    context = chromium.new_context(viewport={"width": request.param, "height": 800})
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
    page.address = live_server.url
    yield page
    context.close()


def test_the_summary_has_the_focus_when_the_page_opens(page):
    page.goto(f"{page.address}/every-field/")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".govuk-error-summary:focus").wait_for()
    assert page.title().startswith("Error: ")
    assert page.complaints == []


def test_the_characters_left_are_counted(page):
    page.goto(f"{page.address}/every-field/")
    page.get_by_label("Text for the report").fill("x" * 53)
    page.get_by_text("You have 3 characters too many").first.wait_for()
    assert page.get_by_label("Text for the report").input_value() == "x" * 53


def test_a_double_click_sends_once(page):
    sent = []
    page.goto(f"{page.address}/every-field/")
    page.on("request", lambda request: sent.append(request.method))
    page.route("**/every-field/", lambda route: route.abort())
    page.get_by_role("button", name="Save", exact=True).dblclick()
    page.wait_for_timeout(300)
    assert sent.count("POST") == 1


@pytest.mark.parametrize("path", ["every-field", "every-part"])
def test_axe_finds_nothing_and_nothing_goes_sideways(page, path):
    response = page.goto(f"{page.address}/{path}/")
    assert response.status == 200
    assert page.get_by_role("heading", level=1).inner_text() in {"Every field", "Every part"}
    if path == "every-field":
        page.get_by_role("button", name="Save", exact=True).click()
        page.locator(".govuk-error-summary:focus").wait_for()
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide)
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []


def test_the_skip_link_leads_past_the_navigation(page):
    page.goto(f"{page.address}/every-part/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to main content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator("main :focus").count() == 1


def test_every_target_is_large_enough(page):
    """24 px each way, but for links in a sentence (WCAG 2.2, 2.5.8)."""
    page.goto(f"{page.address}/every-part/")
    small = page.evaluate(
        """() => [...document.querySelectorAll(
               "button, input:not([type=hidden]), select, summary, header a, .tab, .show-only a"
           )].filter(e => !e.closest(".govuk-skip-link")).map(e => [e, e.getBoundingClientRect()])
             .filter(([e, box]) => box.width < 24 || box.height < 24)
             .map(([e, box]) => `${e.outerHTML.slice(0, 80)} ${box.width}x${box.height}`)"""
    )
    assert small == []
