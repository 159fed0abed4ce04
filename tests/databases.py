"""A database of its own beside the tests' own, and commands that run on it."""

import os
import subprocess
import sys
import uuid
from contextlib import contextmanager

from django.conf import settings
from django.db import connection


@contextmanager
def empty_database(tmp_path):
    """The DATABASE_URL of a new database beside the tests' own."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'again.sqlite3'}"
        return
    name = f"again_{uuid.uuid4().hex[:8]}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield os.environ["TEST_DATABASE_URL"].rpartition("/")[0] + f"/{name}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name}")


def manage(url, *arguments):
    """A command of its own process on that database."""
    return subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        timeout=120,
    )
