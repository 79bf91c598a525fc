"""A fresh database for a test: a copy of a migrated template, never a flush (facts can't be flushed)."""

from __future__ import annotations

import os
import shutil
import sqlite3
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

from django.core.management import call_command
from django.db import connection, connections

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")


class SqliteCopies:
    """Template file → working file, copied with SQLite's own backup, so that a write-ahead log can't be missed.

    Each copy has a name of its own: what a process that is still ending has open is never taken for the next one.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = folder / f"template-{WORKER}.sqlite3"
        self.copies = 0

    @property
    def working(self) -> Path:
        return self.folder / f"working-{WORKER}-{self.copies}.sqlite3"

    def prepare(self) -> None:
        use(str(self.template))
        migrate()
        connection.close()
        self.fresh()

    def fresh(self) -> None:
        connections.close_all()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.working}{suffix}").unlink(missing_ok=True)
        self.copies += 1
        source, target = sqlite3.connect(self.template), sqlite3.connect(self.working)
        source.backup(target)
        source.close()
        target.close()
        use(str(self.working))

    def url(self) -> str:
        return f"sqlite:///{self.working}"

    def drop(self) -> None:
        connections.close_all()
        shutil.rmtree(self.folder, ignore_errors=True)


class PostgresCopies:
    """``CREATE DATABASE … TEMPLATE``: some tens of milliseconds."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.template, self.working = f"fourfold_template_{WORKER}", f"fourfold_working_{WORKER}"

    def prepare(self) -> None:
        self._admin(f"DROP DATABASE IF EXISTS {self.working} WITH (FORCE)")
        self._admin(f"DROP DATABASE IF EXISTS {self.template} WITH (FORCE)")
        self._admin(f"CREATE DATABASE {self.template}")
        use(self.template)
        migrate()
        self.fresh()

    def fresh(self) -> None:
        connections.close_all()
        self._admin(f"DROP DATABASE IF EXISTS {self.working} WITH (FORCE)")
        self._admin(f"CREATE DATABASE {self.working} TEMPLATE {self.template}")
        use(self.working)

    def url(self) -> str:
        parts = urlsplit(self.server)
        return parts._replace(path=f"/{self.working}").geturl()

    def drop(self) -> None:
        connections.close_all()
        self._admin(f"DROP DATABASE IF EXISTS {self.working} WITH (FORCE)")
        self._admin(f"DROP DATABASE IF EXISTS {self.template} WITH (FORCE)")

    def _admin(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.server, autocommit=True) as admin:
            admin.execute(statement)


_used = count()
_current: list[int] = []


def use(name: str) -> None:
    """Point Django's connection at another database."""
    _current[:] = [next(_used)]
    connections.close_all()
    connections.settings["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def leave_old_ones() -> None:
    """Close a connection to a copy that is gone.

    A browser's loop has connections of its own: while it is open, those of the thread are not closed with the rest.
    """
    if getattr(connection, "used", None) != _current:
        connection.close()
    connection.used = _current[:]  # type: ignore[attr-defined]


def migrate() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
