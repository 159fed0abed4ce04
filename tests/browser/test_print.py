"""On paper: every sheet bears the marking, and silence is as loud in black and white."""

import pymupdf
import pytest
from django.test import Client

from tests.builders import days_ago, make_world, open_round, part_of, receive, submit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db):
    return make_world()


def sheets(chromium, live_server, person, address):
    """The text of each sheet that a person prints of a page, and of its title."""
    client = Client()
    client.force_login(person)
    context = chromium.new_context()
    value = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
    page = context.new_page()
    assert page.goto(live_server.url + address).status == 200
    data = page.pdf(prefer_css_page_size=True)
    context.close()
    with pymupdf.open(stream=data) as paper:
        return [sheet.get_text() for sheet in paper]


def test_each_sheet_bears_the_marking_top_and_bottom_and_silence_is_in_words(
    chromium, live_server, world
):
    before = open_round(world, day=days_ago(92))
    part = receive(
        submit(part_of(before, world.police, world.slavery), world.police_lead), world.secretary
    )
    part.marking = "OFFICIAL-SENSITIVE"
    part.save()
    type(before).objects.filter(pk=before.pk).update(due=days_ago(9))
    world.slavery.reason = "\n\n".join(f"Reason {n}, in a sentence." for n in range(60))
    world.slavery.save()
    address = world.slavery.get_absolute_url()
    for person, marking in ((world.chair, "OFFICIAL-SENSITIVE"), (world.member, "OFFICIAL")):
        found = sheets(chromium, live_server, person, address)
        assert len(found) > 1
        for number, sheet in enumerate(found, 1):
            lines = [line.strip() for line in sheet.splitlines() if line.strip()]
            assert lines.count(marking) >= 2, sheet
            assert f"{number} of {len(found)}" in lines
        assert "✕ No\nreturn" in "\n".join(found) or "✕ No return" in "\n".join(found)
