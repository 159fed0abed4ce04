"""Chromium, started once. CHROMIUM names another than Debian's."""

import os
import threading

import pytest
from django.core.signals import request_finished, request_started
from django.db import connections
from playwright.sync_api import sync_playwright

# Playwright's own event loop runs in the thread of the tests, and Django takes that for async.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def chromium(django_db_setup):
    # Inside an event loop Django keeps a second set of connections in the same thread. Each set
    # is closed where the other takes over; else the database is in use when it is to be dropped.
    connections.close_all()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=ARGUMENTS
        )
        yield browser
        browser.close()
        connections.close_all()


class Door:
    """Counts the requests that are under way in the threads of the live server, and once it is
    shut turns away what comes late from a page that was closed."""

    def __init__(self):
        self.changed = threading.Condition()
        self.under_way = self.passed = 0
        self.open = False

    def enter(self, **kwargs):
        with self.changed:
            if not in_live_server():
                return
            if not self.open:
                raise ConnectionAbortedError("The test is over.")
            self.under_way += 1
            self.passed += 1

    def leave(self, **kwargs):
        with self.changed:
            if in_live_server():
                self.under_way -= 1
                self.changed.notify_all()

    def shut(self):
        with self.changed:
            self.open = False
            assert self.changed.wait_for(lambda: not self.under_way, 30), "a request never ended"


def in_live_server():
    """Whether this thread answers for it; drills send requests from threads of their own."""
    return "process_request_thread" in threading.current_thread().name


@pytest.fixture(scope="session")
def door():
    door = Door()
    request_started.connect(door.enter)
    request_finished.connect(door.leave)
    yield door
    request_started.disconnect(door.enter)
    request_finished.disconnect(door.leave)
    assert door.passed, "no thread was taken for one of the live server's"


@pytest.fixture(autouse=True)
def _nothing_is_under_way(door, _tables_can_be_emptied):
    """A page that saves itself may have sent something when its test ended. The tables are
    emptied after us: on PostgreSQL that and the save would wait for each other."""
    door.open = True
    yield
    door.shut()
