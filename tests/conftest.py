import pytest
from django.db import connection

from board import triggers
from tests.builders import make_world


def pytest_collection_modifyitems(config, items):
    """What uses no database was tried on SQLite's pass: PostgreSQL's would only repeat it."""
    if connection.vendor != "postgresql":
        return
    fixtures, marks = {"db", "transactional_db", "live_server"}, {"django_db", "browser"}
    idle = [
        item
        for item in items
        if not fixtures & set(item.fixturenames)
        and not marks & {mark.name for mark in item.iter_markers()}
    ]
    config.hook.pytest_deselected(items=idle)
    items[:] = [item for item in items if item not in set(idle)]


def pytest_terminal_summary(terminalreporter):
    """What a test counted (`record_property("figure", …)`), whichever process counted it."""
    figures = [
        (report.nodeid, value)
        for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
        for name, value in report.user_properties
        if name == "figure" and report.when == "call"
    ]
    if figures:
        terminalreporter.section(f"figures, on {connection.vendor}")
    for place, value in sorted(figures):
        terminalreporter.line(f"{value}  ({place.partition('::')[2]})")


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture(autouse=True)
def _tables_can_be_emptied(request):
    """A transactional test ends by emptying every table, which the triggers refuse: take them
    down for that. The flush sends post_migrate, which puts them back."""
    marker = request.node.get_closest_marker("django_db")
    transactional = {"transactional_db", "live_server"} & set(request.fixturenames) or (
        marker and marker.kwargs.get("transaction")
    )
    if transactional:
        # Asked for here, so that it empties the tables after us; a test without a database
        # must not get one by asking for nothing.
        request.getfixturevalue("_django_db_helper")
    yield
    if transactional:
        triggers.remove()
