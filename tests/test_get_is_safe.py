"""No GET changes anything but the session and the audit trail: every link is followed, and
every table is compared."""

import datetime
import hashlib
import re
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from board.workflow import perform
from meetings.models import BetweenMeetings
from meetings.transitions import CHECK, CIRCULATE, END, PUBLISH
from priorities.models import AgencyReturn
from tests.builders import (
    fill,
    make_action,
    make_decision,
    make_item,
    make_learning,
    make_meeting,
    make_note,
    make_threat,
    open_round,
    part_of,
    receive,
    submit,
)

MAY_CHANGE = {"django_session", "cache", "board_auditevent", "board_audithead"}
# Pages that differ only in a number, or in how they are sorted, are one kind.
MANY_OF_ONE_KIND = 5


def furnish(world):
    """A quarter in which every kind of record exists."""
    round = open_round(world)
    receive(submit(part_of(round, world.police, world.slavery), world.police_lead), world.secretary)
    submit(part_of(round, world.police, world.drugs), world.police_lead)
    fill(part_of(round, world.fire, world.slavery))
    threat = make_threat(world.board, world.police, world.police_lead)
    make_learning(world.board)
    past = make_meeting(
        world.board, starts_at=timezone.now() - datetime.timedelta(days=3), round=round
    )
    item = make_item(past, threat=threat, priority=world.slavery)
    make_note(item)
    make_decision(item)
    make_action(world.board, agency=world.police, item=item)
    perform(PUBLISH, past, by=world.secretary)
    perform(END, past, by=world.secretary)
    minutes = perform(CHECK, past.minutes.get(), by=world.chair)
    perform(CIRCULATE, minutes, by=world.secretary)
    BetweenMeetings.objects.create(
        board=world.board,
        text="The agreement is signed.",
        reason="It runs out.",
        deadline=timezone.localdate(),
        opened_at=timezone.now(),
        opened_by=world.secretary,
    )
    coming = make_meeting(world.board)
    make_item(coming)
    perform(PUBLISH, coming, by=world.secretary)


def tables():
    """{table: SHA-256 of all its rows}"""
    with connection.cursor() as cursor:
        found = {}
        for table in set(connection.introspection.table_names(cursor)) - MAY_CHANGE:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = sorted(repr(row) for row in cursor.fetchall())
            found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
        return found


def links(page, html):
    for href in re.findall(r'<a\b[^>]*\bhref="([^"]+)"', html):
        target = urlsplit(urljoin(f"http://testserver{page}", unescape(href)))
        if target.scheme == "http" and target.netloc == "testserver":
            yield target.path + (f"?{target.query}" if target.query else "")


def kind(address):
    """Addresses that differ only in a number or in what is asked for are of one kind."""
    return re.sub(r"\d+", "0", re.sub(r"=[^&]*", "=", address))


def crawl(client, start="/"):
    """{address: status} of every page that links lead to, a handful of one kind."""
    seen, waiting, kinds = {}, [start], {}
    while waiting:
        address = waiting.pop(0)
        of_kind = kind(address)
        if address in seen or kinds.get(of_kind, 0) >= MANY_OF_ONE_KIND:
            continue
        kinds[of_kind] = kinds.get(of_kind, 0) + 1
        response = client.get(address)
        seen[address] = response.status_code
        if response.status_code in (301, 302):
            waiting.append(urljoin(address, response.headers["Location"]))
        elif response.headers.get("Content-Type", "").startswith("text/html"):
            waiting += links(address.partition("?")[0], response.content.decode())
    return seen


@pytest.mark.parametrize("who", ["secretary", "chair", "police_lead"])
def test_following_every_link_changes_nothing(client, world, who):
    furnish(world)
    client.force_login(getattr(world, who))
    before = tables()

    seen = crawl(client)

    assert len(seen) > 20
    for address in ("/", "/board/soc-board/", "/meetings/actions/", "/priorities/"):
        assert seen[address] == 200, address
    broken = {address: status for address, status in seen.items() if status >= 400}
    assert broken == {}
    changed = {table for table, rows in tables().items() if before.get(table) != rows}
    assert changed == set()


def test_the_comparison_sees_a_change(world):
    before = tables()

    open_round(world)

    changed = {table for table, rows in tables().items() if before.get(table) != rows}
    assert AgencyReturn._meta.db_table in changed
    assert not changed & MAY_CHANGE


def test_the_crawl_finds_links(client, world):
    found = set(links("/board/", '<a class="x" href="?page=2">2</a> <a href="soc/">s</a>'))

    assert found == {"/board/?page=2", "/board/soc/"}
    assert set(links("/", '<a href="mailto:a@example.org"><a href="https://x.example/">')) == set()
