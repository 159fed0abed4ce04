"""A backup in one file, and the proof that what comes out of it is what went in.

The file is a ZIP of two members: `database` (SQLite's own file, or pg_dump's custom format) and
`manifest.json`, which holds when it was made, the rows and a sum of every table, the migrations
applied, the head of the audit trail, and the SHA-256 of `database`. Both are taken from one
moment, while others go on writing.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from contextlib import closing, contextmanager
from pathlib import Path

from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from board import audit, triggers

FORMAT = 1
# Whoever was signed in signs in again; counts of failed sign-ins begin anew.
NOT_KEPT = ("django_session", "cache")


# Writing


def write_backup(path):
    """Write the backup file; return its manifest. Raises CommandError with what to do."""
    path = Path(path)
    if path.exists():
        raise CommandError(f"{path} exists already: name a new file.")
    with tempfile.TemporaryDirectory(dir=path.absolute().parent) as folder:
        database = Path(folder, "database")
        tables = dump_sqlite(database) if sqlite() else dump_postgresql(database)
        applied = MigrationLoader(connection).applied_migrations
        manifest = {
            "format": FORMAT,
            "made_at": timezone.now().isoformat(),
            "vendor": connection.vendor,
            "tables": tables,
            "applied": sorted(map(list, applied)),
            "sha256": sha256_of(database),
        }
        packed = Path(folder, "backup")
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(database, "database")
            archive.writestr("manifest.json", json.dumps(manifest, indent=1))
        packed.chmod(0o600)
        read_manifest(packed)  # what cannot be read back is no backup
        with packed.open("rb") as done:
            os.fsync(done.fileno())
        packed.rename(path)
    return manifest


def dump_sqlite(database):
    connection.ensure_connection()
    with closing(sqlite3.connect(database)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        if copy.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise CommandError("The database is damaged: SQLite's integrity_check says so.")
        return sums_of(copy.cursor(), sqlite_tables(copy))


def dump_postgresql(database):
    """The dump and the sums share one snapshot, so no write comes between them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        postgresql(
            "pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}",
            f"--file={database}",
        )  # fmt: skip
        return sums_of(cursor, connection.introspection.table_names(cursor))


# Reading


def read_manifest(path):
    """The manifest of a backup file whose database is whole. Raises CommandError."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = json.loads(archive.read("manifest.json"))
            with archive.open("database") as database:
                found = hashlib.file_digest(database, "sha256").hexdigest()
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as failure:
        raise CommandError(f"{path} is damaged or no backup: {failure}") from failure
    if found != manifest["sha256"]:
        raise CommandError(f"{path} is damaged: its database is not what was written.")
    return manifest


def restore_backup(path):
    """Put a backup into the empty database that is configured, and prove it; return the
    manifest. Raises CommandError with what to do."""
    manifest = read_manifest(path)
    if manifest["format"] != FORMAT or manifest["vendor"] != connection.vendor:
        raise CommandError(
            f"This is a backup of {manifest['vendor']}: point DATABASE_URL at an empty one of it."
        )
    known = {tuple(key) for key in MigrationLoader(connection).disk_migrations}
    if unknown := [key for key in manifest["applied"] if tuple(key) not in known]:
        app, name = unknown[0]
        raise CommandError(
            f"It was made by a newer version (migration {app}.{name}): install that."
        )
    if connection.introspection.table_names():
        raise CommandError(
            "This database is not empty, and nothing was changed. Point DATABASE_URL at a new one."
        )
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(path) as archive:
            database = archive.extract("database", folder)
        if sqlite():
            load_sqlite(database)
        else:
            postgresql("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner",
                       f"--dbname={connection.settings_dict['NAME']}", database)  # fmt: skip
    prove(manifest)
    with connection.cursor() as cursor:
        for table in NOT_KEPT:
            if table in manifest["tables"]:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
    return manifest


def load_sqlite(database):
    connection.ensure_connection()
    with closing(sqlite3.connect(database)) as kept:
        kept.backup(connection.connection)
    connection.close()


def prove(manifest):
    """Every table as it was, every trigger there, and the audit trail whole."""
    with raw_cursor() as cursor:
        found = sums_of(cursor, manifest["tables"])
    wrong = sorted(name for name, sums in manifest["tables"].items() if found.get(name) != sums)
    if wrong:
        raise CommandError(f"Restored, and not as it was: {', '.join(wrong)}. Use another backup.")
    if missing := triggers.missing():
        raise CommandError(f"Restored without its guards: {', '.join(missing)}. Run migrate.")
    if fault := audit.first_fault():
        raise CommandError(f"Restored as it was, and the audit trail is broken: {fault[1]}")


# Both


def sqlite():
    return connection.vendor == "sqlite"


def sqlite_tables(raw):
    rows = raw.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    return [name for (name,) in rows]


def sums_of(cursor, tables):
    """{table: [rows, sum of the SHA-256 of each row]}: the order of rows does not matter."""
    sums = {}
    for table in sorted(tables):
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        rows, total = 0, 0
        while some := cursor.fetchmany(500):
            for row in some:
                plain = [bytes(each) if isinstance(each, memoryview) else each for each in row]
                total += int.from_bytes(hashlib.sha256(repr(plain).encode()).digest())
            rows += len(some)
        sums[table] = [rows, f"{total % 2**256:064x}"]
    return sums


@contextmanager
def raw_cursor():
    """A cursor that reads as the one that wrote the sums: SQLite's own types, not Django's."""
    if sqlite():
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as raw:
            yield raw.cursor()
    else:
        with connection.cursor() as cursor:
            yield cursor


def postgresql(program, *arguments):
    """Run one of PostgreSQL's programs on the configured database, or say why it failed."""
    if not shutil.which(program):
        raise CommandError("Install the Debian package postgresql-client first.")
    config = connection.settings_dict
    environment = os.environ | {
        name: str(value)
        for name, value in (
            ("PGHOST", config["HOST"]), ("PGPORT", config["PORT"]), ("PGUSER", config["USER"]),
            ("PGPASSWORD", config["PASSWORD"]), ("PGDATABASE", config["NAME"]),
        )
        if value
    }  # fmt: skip
    done = subprocess.run(
        [program, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CommandError(f"{program} failed: {done.stderr.strip()}")


def sha256_of(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
