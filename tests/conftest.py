import gc
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import settings

from board import triggers
from tests.builders import make_world

# Django makes many small objects that live as long as a test: looking for circles among them at
# every seven hundredth is a fourteenth of the suite's time.
gc.set_threshold(50_000, 20, 100)

# The suite tries the same examples each time, on a slow machine as well; the drills try new ones.
settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.register_profile("drills", deadline=None)


def pytest_configure(config):
    settings.load_profile("drills" if config.option.markexpr == "drills" else "suite")


# What asks something of the database itself, and so is asked of both. Files, and folders.
OF_THE_DATABASE = (
    "board/test_audit.py",
    "board/test_workflow.py",
    "browser/",
    "config/test_backup.py",
    "config/test_demo.py",
    "config/test_letters.py",
    "config/test_reminders.py",
    "config/test_search.py",
    "drills/test_i",
    "drills/test_kills",
    "drills/test_letters",
    "drills/test_report_saves",
    "drills/test_saves",
    "meetings/test_actions.py",
    "meetings/test_lives.py",
    "meetings/test_saving.py",
    "priorities/test_autosave.py",
    "priorities/test_matrix.py",
    "reports/test_checks.py",
    "reports/test_drafting.py",
    "test_access.py",
    "test_migrations.py",
    "test_workflows.py",
)
FOLDER = Path(__file__).parent
# What takes longest begins first: a worker that has it last keeps the other waiting.
LONGEST = (
    "test_access.py",
    "drills/test_every_form.py",
    "browser/test_demo.py",
    "browser/test_walks.py",
    "test_migrations.py",
    "config/test_demo.py",
)


def pytest_addoption(parser):
    parser.addoption(
        "--of-the-database",
        action="store_true",
        help="only what asks something of the database itself: each address, each transition, "
        "locks, races, triggers, the browser's walks",
    )


def pytest_collection_modifyitems(config, items):
    items.sort(key=lambda item: not place_of(item).startswith(LONGEST))
    if not config.option.of_the_database:
        return
    others = [item for item in items if not of_the_database(item)]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if of_the_database(item)]


def place_of(item):
    return item.path.relative_to(FOLDER).as_posix()


def of_the_database(item):
    return place_of(item).startswith(OF_THE_DATABASE) or is_transactional(item)


def is_transactional(item):
    marker = item.get_closest_marker("django_db")
    return bool(
        {"transactional_db", "live_server"} & set(item.fixturenames)
        or (marker and marker.kwargs.get("transaction"))
    )


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
    transactional = is_transactional(request.node)
    if transactional:
        # Asked for here, so that it empties the tables after us; a test without a database
        # must not get one by asking for nothing.
        request.getfixturevalue("_django_db_helper")
    yield
    if transactional:
        triggers.remove()
