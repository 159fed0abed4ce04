"""Backup and restore: what comes out is what went in, or it is said."""

import hashlib
import json
import sqlite3
import threading
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from board import audit
from board.models import AuditEvent
from tests import builders as make
from tests.crawling import furnish
from tests.databases import empty_database, manage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def backup(tmp_path):
    with transaction.atomic():
        furnish(make.make_world())
    path = tmp_path / "board.backup"
    call_command("backup", path)
    return path


def test_a_restored_database_is_the_one_that_was_backed_up(backup, tmp_path):
    events = AuditEvent.objects.count()
    with empty_database(tmp_path) as url:
        done = manage(url, "restore", backup)
        assert done.returncode == 0, done.stderr
        assert "Restored and compared, row by row" in done.stdout
        trail = manage(url, "verify_audit")
        assert f"The audit trail is whole: {events} events." in trail.stdout
        assert "is not empty" in manage(url, "restore", backup).stderr


def test_a_backup_taken_while_others_write_is_of_one_moment(tmp_path):
    world = make.make_world()
    stop = threading.Event()

    def write():
        while not stop.is_set():
            audit.record("write", world.board, by=world.secretary)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            call_command("backup", tmp_path / f"{number}.backup")
    finally:
        stop.set()
        writer.join(30)
    with empty_database(tmp_path) as url:
        done = manage(url, "restore", tmp_path / "2.backup")
        assert done.returncode == 0, done.stderr


def test_one_byte_that_changed_is_found(backup, tmp_path):
    data = bytearray(backup.read_bytes())
    data[len(data) // 2] ^= 1
    hurt = tmp_path / "hurt.backup"
    hurt.write_bytes(data)
    with pytest.raises(CommandError, match="damaged"):
        call_command("restore", hurt, "--check")
    call_command("restore", backup, "--check")


def test_a_row_that_changed_on_the_way_is_named(backup, tmp_path):
    """The sums, not only the file's own hash: a restore that lost a row is no restore."""
    if connection.vendor != "sqlite":
        pytest.skip("pg_dump's own format cannot be edited in place; SQLite's file can")
    with zipfile.ZipFile(backup) as archive:
        archive.extractall(tmp_path)
    with sqlite3.connect(tmp_path / "database") as raw:
        raw.execute("UPDATE board_board SET name = 'Another' WHERE slug = 'soc-board'")
    raw.close()
    forged = tmp_path / "forged.backup"
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    manifest["sha256"] = hashlib.sha256((tmp_path / "database").read_bytes()).hexdigest()
    with zipfile.ZipFile(forged, "w") as archive:
        archive.write(tmp_path / "database", "database")
        archive.writestr("manifest.json", json.dumps(manifest))
    with empty_database(tmp_path) as url:
        done = manage(url, "restore", forged)
    assert done.returncode == 1
    assert "not as it was: board_board" in done.stderr


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"a text"])
def test_what_is_no_backup_is_said(content, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(CommandError, match="damaged or no backup"):
        call_command("restore", path)


def test_a_file_that_exists_is_not_written_over(backup):
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", backup)
    assert backup.stat().st_mode & 0o077 == 0
