"""Triggers that refuse change, on both databases.

SQLite drops a table's triggers when a migration rebuilds it, so they are put back after every
migrate (post_migrate, in apps.py). An app names the tables it freezes in its AppConfig:
`frozen = {"table": {"UPDATE": condition, "DELETE": condition}}`. A condition is SQL over OLD
(and NEW) that both databases read, true when the change is refused; None refuses every change.
"""

from django.apps import apps
from django.db import connection

FUNCTION = """
CREATE OR REPLACE FUNCTION soc_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'This row of % is kept as it is.', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$
"""


def frozen_tables():
    """{table: {"UPDATE": condition or None, "DELETE": condition or None}}, over all apps."""
    tables = {}
    for config in apps.get_app_configs():
        tables.update(getattr(config, "frozen", {}))
    return tables


def trigger_name(table, act):
    return f"{table}_refuse_{act.lower()}"


def install():
    """Create the triggers of every frozen table that exists. Can be run again."""
    remove()
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        if connection.vendor == "postgresql":
            cursor.execute(FUNCTION)
        for table, acts in frozen_tables().items():
            if table not in present:
                continue
            for act, condition in acts.items():
                when = f"WHEN ({condition}) " if condition else ""
                body = (
                    f"BEGIN SELECT RAISE(ABORT, 'This row of {table} is kept as it is.'); END"
                    if connection.vendor == "sqlite"
                    else "EXECUTE FUNCTION soc_refuse_change()"
                )
                cursor.execute(
                    f"CREATE TRIGGER {trigger_name(table, act)} BEFORE {act} ON {table}"
                    f" FOR EACH ROW {when}{body}"
                )
            if connection.vendor == "postgresql":
                cursor.execute(
                    f"CREATE TRIGGER {trigger_name(table, 'TRUNCATE')} BEFORE TRUNCATE ON {table}"
                    " EXECUTE FUNCTION soc_refuse_change()"
                )


def remove():
    """Take them down: only for a test that must empty its tables."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        for table in frozen_tables():
            if table not in present:
                continue
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            for act in ("UPDATE", "DELETE", "TRUNCATE"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {trigger_name(table, act)}{on}")


def missing():
    """Names of triggers that should exist and do not."""
    expected = {trigger_name(table, act) for table, acts in frozen_tables().items() for act in acts}
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return sorted(expected - {row[0] for row in cursor.fetchall()})
