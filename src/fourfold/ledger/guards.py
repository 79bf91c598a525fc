"""Triggers that keep rows append-only in the database itself, whoever writes to it.

SQLite: an INSERT OR REPLACE deletes the old row without firing delete triggers, so a BEFORE INSERT trigger
passes over, or refuses, a row whose id or reference exists. And Django rebuilds a table for some migrations, which
drops its triggers silently: they are installed again after every migrate, and the start refuses to go on without them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections

from fourfold.base.errors import FourfoldError


class Unguarded(FourfoldError):
    """Triggers that keep rows append-only are not in the database."""


@dataclass(frozen=True)
class Guards:
    """The triggers of one table, by name, and how they are put in. ``functions`` are those PostgreSQL's call."""

    table: str
    sqlite: Mapping[str, str]
    postgresql: Mapping[str, str]
    functions: tuple[str, ...]

    def wanted(self, vendor: str) -> Mapping[str, str]:
        return self.sqlite if vendor == "sqlite" else self.postgresql

    def present(self, alias: str = "default") -> set[str]:
        """The names of our triggers that are installed and switched on."""
        connection = connections[alias]
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [self.table])
            else:
                cursor.execute(
                    "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(%s) "
                    "AND NOT tgisinternal AND tgenabled <> 'D'",
                    [self.table],
                )
            return {row[0] for row in cursor.fetchall()} & set(self.wanted(connection.vendor))

    def install(self, alias: str = "default") -> None:
        """Put the triggers in, anew: safe to call at any time."""
        connection = connections[alias]
        with connection.cursor() as cursor:
            for function in self.functions if connection.vendor == "postgresql" else ():
                cursor.execute(function)
            for name, statement in self.wanted(connection.vendor).items():
                on_table = "" if connection.vendor == "sqlite" else f" ON {self.table}"
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")
                cursor.execute(statement)

    def after_migrate(self, *, using: str, **_: Any) -> None:
        """Receiver of Django's post_migrate: the table may not exist yet when migrating backwards."""
        if self.table in connections[using].introspection.table_names():
            self.install(using)

    def require(self, alias: str = "default") -> None:
        """Refuse to start without the triggers. Raises Unguarded."""
        missing = sorted(set(self.wanted(connections[alias].vendor)) - self.present(alias))
        if missing:
            raise Unguarded(
                "Fourfold was not started.",
                f"The database lacks the triggers that keep the rows of {self.table}: {', '.join(missing)}.",
                "Run “fourfold migrate”, which installs them.",
            )


def _when(condition: str) -> str:
    return f"WHEN ({condition})" if condition else ""


def append_only(
    *,
    table: str,
    name: str,
    words: str,
    unique: Sequence[tuple[str, ...]],
    unchanged: Sequence[str] = (),
    removable: str = "",
) -> Guards:
    """Guards of a table to which rows are added, and none is changed, replaced or taken away.

    ``name`` begins the triggers' names and ``words`` call the rows in an error. ``unique`` are the table's unique
    columns, by which SQLite would replace a row. Where ``unchanged`` columns are named, the others may change: free
    words that an erasure blanks. ``removable`` says in SQL which rows (OLD) may go after all.
    """
    function = f"{table}_refuse"
    same = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE {' AND '.join(f'{one} = NEW.{one}' for one in columns)})"  # noqa: S608  (our own names)
        for columns in unique
    )
    in_sqlite = " OR ".join(f"OLD.{one} IS NOT NEW.{one}" for one in unchanged)
    in_postgresql = " OR ".join(f"OLD.{one} IS DISTINCT FROM NEW.{one}" for one in unchanged)
    kept = f"NOT ({removable})" if removable else ""
    return Guards(
        table=table,
        sqlite={
            f"{name}_no_update": f"""
                CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {table} {_when(in_sqlite)}
                BEGIN SELECT RAISE(ABORT, '{words} are never changed'); END""",
            f"{name}_no_delete": f"""
                CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {table} {_when(kept)}
                BEGIN SELECT RAISE(ABORT, '{words} are never taken away'); END""",
            f"{name}_no_replace": f"""
                CREATE TRIGGER {name}_no_replace BEFORE INSERT ON {table} {_when(same)}
                BEGIN SELECT RAISE(ABORT, '{words} are never replaced'); END""",
        },
        functions=(
            f"""
            CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '{words} are never changed or taken away (%)', TG_OP
                    USING ERRCODE = 'integrity_constraint_violation';
            END $$""",
        ),
        postgresql={
            f"{name}_no_update": f"""
                CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {table}
                FOR EACH ROW {_when(in_postgresql)} EXECUTE FUNCTION {function}()""",
            f"{name}_no_delete": f"""
                CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {table}
                FOR EACH ROW {_when(kept)} EXECUTE FUNCTION {function}()""",
            f"{name}_no_truncate": f"""
                CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION {function}()""",
        },
    )


TABLE = "ledger_fact"
FACTS = Guards(
    table=TABLE,
    sqlite={
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
    },
    functions=(
        """
        CREATE OR REPLACE FUNCTION ledger_fact_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'facts are never changed or removed (%): post a correction or void the batch', TG_OP
                USING ERRCODE = 'integrity_constraint_violation';
        END $$""",
    ),
    postgresql={
        "fact_no_update": f"""
            CREATE TRIGGER fact_no_update BEFORE UPDATE ON {TABLE}
            FOR EACH ROW EXECUTE FUNCTION ledger_fact_refuse()""",
        "fact_no_delete": f"""
            CREATE TRIGGER fact_no_delete BEFORE DELETE ON {TABLE}
            FOR EACH ROW EXECUTE FUNCTION ledger_fact_refuse()""",
        "fact_no_truncate": f"""
            CREATE TRIGGER fact_no_truncate BEFORE TRUNCATE ON {TABLE}
            FOR EACH STATEMENT EXECUTE FUNCTION ledger_fact_refuse()""",
    },
)

present, install, require = FACTS.present, FACTS.install, FACTS.require
after_migrate = FACTS.after_migrate
