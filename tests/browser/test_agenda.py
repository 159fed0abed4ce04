"""The agenda put in order by drag and by keyboard, and the pack while it is being made."""

import datetime
import io

import pypdf
import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from board.workflow import perform
from meetings.transitions import PUBLISH
from tests.builders import make_paper, make_world
from tests.meetings.rooms import item_of, planned

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db):
    return make_world()


@pytest.fixture
def meeting(world):
    return planned(world, starts_at=timezone.now() + datetime.timedelta(days=20))


@pytest.fixture
def page(chromium, live_server, world):
    client = Client()
    client.force_login(world.secretary)
    context = chromium.new_context(base_url=live_server.url, accept_downloads=True)
    value = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
    yield context.new_page()
    context.close()


def order(meeting):
    return list(meeting.items.order_by("number").values_list("kind", flat=True))


def test_items_are_dragged_to_their_place(page, meeting):
    before = order(meeting)
    page.goto(f"/meetings/{meeting.ref}/agenda/")
    threats, minutes = item_of(meeting, "threats"), item_of(meeting, "minutes")
    for dragged, onto, title in (
        (threats, minutes, "3. Emerging threats"),  # up
        (item_of(meeting, "apologies"), threats, "3. Apologies for absence"),  # down
    ):
        row = page.locator(f"#item-{dragged.pk} th")
        row.drag_to(page.locator(f"#item-{onto.pk} th"))
        expect(row).to_contain_text(title)
    page.reload()
    expect(page.locator("tbody tr").nth(2)).to_contain_text("3. Apologies for absence")
    moved = order(meeting)
    assert moved[:5] == ["declarations", "threats", "apologies", "minutes", "matters_arising"]
    assert sorted(moved) == sorted(before)


def test_items_are_moved_by_keyboard_and_the_focus_goes_with_them(page, meeting):
    page.goto(f"/meetings/{meeting.ref}/agenda/")
    threats = item_of(meeting, "threats")
    row = page.locator(f"#item-{threats.pk} th")
    page.locator(f"#up-{threats.pk}").focus()
    for place in (5, 4):
        page.keyboard.press("Enter")
        expect(row).to_contain_text(f"{place}. Emerging threats")
        expect(page.locator(f"#up-{threats.pk}")).to_be_focused()
    page.reload()
    expect(row).to_contain_text("4. Emerging threats")
    assert order(meeting)[3] == "threats"


def test_a_pack_that_takes_time_says_what_is_done_and_then_comes(page, world, meeting):
    for title in ("The plan", "The map"):
        make_paper(item_of(meeting), title, by=world.secretary, pages=2)
    perform(PUBLISH, meeting, by=world.secretary)
    waiting = []
    page.route("**/pack.pdf", lambda route: waiting.append(route))
    started = timezone.now()
    page.clock.install(time=started)
    page.goto(f"/meetings/{meeting.ref}/")
    page.clock.pause_at(started + datetime.timedelta(hours=1))  # from here on it goes as told
    link = page.get_by_role("link", name="Download the pack (PDF)")
    says = page.locator("[data-pack-says]")
    with page.expect_download() as download:
        with page.expect_request("**/pack.pdf"):
            link.click()
        page.clock.run_for(1900)
        expect(says).to_be_empty()
        page.clock.run_for(1300)
        expect(says).to_have_text("Putting 2 papers together. 3 seconds so far.")
        page.clock.run_for(4000)
        expect(says).to_have_text("Putting 2 papers together. 7 seconds so far.")
        link.click()  # once is enough
        waiting[0].continue_()
    expect(says).to_have_text("The pack is downloaded.")
    assert len(waiting) == 1
    assert download.value.suggested_filename == f"pack-{meeting.ref}.pdf"
    pack = pypdf.PdfReader(io.BytesIO(download.value.path().read_bytes()))
    words = " ".join(leaf.extract_text() for leaf in pack.pages)
    assert words.count("The plan") >= 2
    # Nothing is left that ticks, and without a connection it says so.
    page.unroute("**/pack.pdf")
    page.route("**/pack.pdf", lambda route: route.abort())
    link.click()
    expect(says).to_have_text("No connection: the pack was not downloaded. Try again.")
