"""The long way to the tables: every migration, in order, on an empty database."""

import pytest

from tests.databases import empty_database, manage

pytestmark = pytest.mark.django_db(transaction=True)

LOOK = """
from board import triggers
from django.core.management import call_command
print("missing triggers:", triggers.missing())
call_command("makemigrations", check=True, dry_run=True)
"""


def test_migrations_lead_to_the_models_and_the_triggers_stand(tmp_path):
    with empty_database(tmp_path) as url:
        done = manage(url, "migrate", "--verbosity", "0")
        assert done.returncode == 0, done.stderr
        looked = manage(url, "shell", "--no-imports", "-c", LOOK)
    assert looked.returncode == 0, looked.stderr
    assert "missing triggers: []" in looked.stdout
    assert "No changes detected" in looked.stdout
