"""Chromium, started once. CHROMIUM names another than Debian's."""

import os

import pytest
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
