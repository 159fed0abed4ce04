"""What the environment sets: mail, and how long a statement of the database may take."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

MAIL = """
import json
from config import settings as s
print(json.dumps([s.EMAIL_BACKEND.split(".")[-2], s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_USE_TLS,
                  s.EMAIL_USE_SSL, s.EMAIL_HOST_USER, s.EMAIL_HOST_PASSWORD]))
"""
TIMEOUTS = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
import {module}
from django.db import connection
print(connection.get_connection_params()["options"])
"""


def run(code, **environment):
    """A Python of its own with these settings: production's, unless they say otherwise."""
    plain = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("EMAIL_") and name not in ("DATABASE_URL", "DEPLOYMENT")
    }
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env=plain | {"DJANGO_SETTINGS_MODULE": "config.settings"} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("environment", "mail"),
    [
        ({}, ["smtp", "localhost", 25, False, False, "", ""]),
        ({"DEPLOYMENT": "demo"}, ["console", "", 25, False, False, "", ""]),
        (
            {
                "EMAIL_HOST": "mail.example.org",
                "EMAIL_TLS": "starttls",
                "EMAIL_USER": "board",
                "EMAIL_PASSWORD": "a word",
            },
            ["smtp", "mail.example.org", 587, True, False, "board", "a word"],
        ),
        (
            {"EMAIL_HOST": "mail.example.org", "EMAIL_TLS": "tls", "EMAIL_PORT": "4650"},
            ["smtp", "mail.example.org", 4650, False, True, "", ""],
        ),
    ],
)
def test_mail_is_set_from_the_environment(environment, mail):
    done = run(MAIL, **environment)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == mail


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"EMAIL_TLS": "yes"}, "EMAIL_TLS is none, starttls or tls."),
        (
            {"EMAIL_HOST": "mail.example.org", "EMAIL_PASSWORD": "a word"},
            "EMAIL_PASSWORD would cross the network unprotected",
        ),
    ],
)
def test_mail_that_cannot_be_meant_does_not_start(environment, sentence):
    done = run(MAIL, **environment)

    assert done.returncode
    assert sentence in done.stderr


@pytest.mark.parametrize(("module", "limited"), [("config.wsgi", True), ("config.urls", False)])
def test_a_page_has_a_time_limit_and_a_command_has_none(module, limited):
    """No connection is made: what it would be made with is enough."""
    code = TIMEOUTS.format(module=module)
    if module != "config.wsgi":
        code = "import django\n" + code.replace("import config", "django.setup()\nimport config")
    done = run(code, DATABASE_URL="postgresql://board@127.0.0.1:1/board")

    assert done.returncode == 0, done.stderr
    assert ("statement_timeout" in done.stdout) is limited
    assert "lock_timeout=5000" in done.stdout
