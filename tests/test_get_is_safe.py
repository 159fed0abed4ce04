"""No GET changes anything but the session and the audit trail: every link is followed, and
every table is compared."""

import hashlib

import pytest
from django.db import connection

from priorities.models import AgencyReturn
from tests.builders import open_round
from tests.crawling import crawl, furnish, links

MAY_CHANGE = {"django_session", "cache", "board_auditevent", "board_audithead"}


def tables():
    """{table: SHA-256 of all its rows}"""
    with connection.cursor() as cursor:
        found = {}
        for table in set(connection.introspection.table_names(cursor)) - MAY_CHANGE:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = sorted(repr(row) for row in cursor.fetchall())
            found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
        return found


@pytest.mark.parametrize("who", ["secretary", "chair", "police_lead"])
def test_following_every_link_changes_nothing(client, world, who):
    furnish(world)
    client.force_login(getattr(world, who))
    before = tables()

    seen = crawl(client)

    assert len(seen) > 20
    for address in ("/", "/board/soc-board/", "/meetings/actions/", "/priorities/"):
        assert seen[address][0] == 200, address
    broken = {address: status for address, (status, _) in seen.items() if status >= 400}
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
