"""Triggers that keep facts append-only in the database itself, whoever writes to it.

SQLite: an INSERT OR REPLACE deletes the old row without firing delete triggers, so a BEFORE INSERT trigger
passes over a row whose id or reference exists. And Django rebuilds a table for some migrations, which drops its
triggers silently: they are installed again after every migrate, and the start refuses to go on without them.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

from fourfold.base.errors import FourfoldError

TABLE = "ledger_fact"

SQLITE = {
    "fact_no_update": f"""
        CREATE TRIGGER fact_no_update BEFORE UPDATE ON {TABLE}
        BEGIN SELECT RAISE(ABORT, 'facts are never updated: post a correction'); END""",
    "fact_no_delete": f"""
        CREATE TRIGGER fact_no_delete BEFORE DELETE ON {TABLE}
        BEGIN SELECT RAISE(ABORT, 'facts are never deleted: void the batch'); END""",
    "fact_no_replace": f"""
        CREATE TRIGGER fact_no_replace BEFORE INSERT ON {TABLE}
        WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE fact_id = NEW.fact_id)
          OR EXISTS (SELECT 1 FROM {TABLE} WHERE source = NEW.source AND source_ref = NEW.source_ref
                     AND revision = NEW.revision)
          OR EXISTS (SELECT 1 FROM {TABLE} WHERE seq = NEW.seq)
        BEGIN SELECT RAISE(IGNORE); END""",  # noqa: S608  (our own table name)
}

POSTGRESQL_FUNCTION = """
    CREATE OR REPLACE FUNCTION ledger_fact_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'facts are never changed or removed (%): post a correction or void the batch', TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END $$"""
POSTGRESQL = {
    "fact_no_update": f"""
        CREATE TRIGGER fact_no_update BEFORE UPDATE ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION ledger_fact_refuse()""",
    "fact_no_delete": f"""
        CREATE TRIGGER fact_no_delete BEFORE DELETE ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION ledger_fact_refuse()""",
    "fact_no_truncate": f"""
        CREATE TRIGGER fact_no_truncate BEFORE TRUNCATE ON {TABLE}
        FOR EACH STATEMENT EXECUTE FUNCTION ledger_fact_refuse()""",
}


class Unguarded(FourfoldError):
    """The ledger's triggers are not in the database."""


def wanted(vendor: str) -> dict[str, str]:
    return SQLITE if vendor == "sqlite" else POSTGRESQL


def present(alias: str = "default") -> set[str]:
    """The names of our triggers that are installed and switched on."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
        else:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(%s) "
                "AND NOT tgisinternal AND tgenabled <> 'D'",
                [TABLE],
            )
        return {row[0] for row in cursor.fetchall()} & set(wanted(connection.vendor))


def install(alias: str = "default") -> None:
    """Put the triggers in, anew: safe to call at any time."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
        for name, statement in wanted(connection.vendor).items():
            on_table = "" if connection.vendor == "sqlite" else f" ON {TABLE}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")
            cursor.execute(statement)


def after_migrate(*, using: str, **_: Any) -> None:
    """Receiver of Django's post_migrate: the table may not exist yet when migrating backwards."""
    if TABLE in connections[using].introspection.table_names():
        install(using)


def require(alias: str = "default") -> None:
    """Refuse to start without the triggers. Raises Unguarded."""
    missing = sorted(set(wanted(connections[alias].vendor)) - present(alias))
    if missing:
        raise Unguarded(
            "Fourfold was not started.",
            f"The ledger is not guarded: the database lacks the triggers {', '.join(missing)}.",
            "Run “fourfold migrate”, which installs them.",
        )
