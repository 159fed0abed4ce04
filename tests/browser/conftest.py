"""Chromium, started once. CHROMIUM names another than Debian's."""

import os

import pytest
from playwright.sync_api import sync_playwright

# Playwright's own event loop runs in the thread of the tests, and Django takes that for async.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=ARGUMENTS
        )
        yield browser
        browser.close()
