"""Backup and restore: everything a house holds in one file, the keys with it.

Without its keys a house can't recognise the references and the suppressed addresses it has hashed: a restore that
forgot them would be worse than none. So a backup is as secret as the house itself, and readable by its owner only.
"""

from __future__ import annotations

import fcntl
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import zlib
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.db import connection

from fourfold import __version__
from fourfold.base.errors import FourfoldError
from fourfold.base.libpq import conninfo

FOLDERS = ("keys", "ledger", "imports", "experiments", "uploads", "files")
FORMAT = 1
UNREADABLE = (OSError, EOFError, tarfile.TarError, zlib.error)


class BackupRefused(FourfoldError):
    """A backup that can't be made or brought back."""


def folder() -> Path:
    return Path(settings.HOME) / "backups"


def make(*, at: datetime, keep: int | None = None, target: Path | None = None) -> Path:
    """Write a backup and return its path; with ``keep``, remove all but the newest so many. Raises BackupRefused."""
    path = target or folder() / f"fourfold-{at:%Y%m%dT%H%M%SZ}.tar.gz"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_name(path.name + ".partial")
    try:
        with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
            name, dumped = _dump(Path(scratch))
            head = {"format": FORMAT, "fourfold": __version__, "at": at.isoformat(), "database": connection.vendor}
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with (
                os.fdopen(descriptor, "wb") as file,
                tarfile.open(fileobj=file, mode="w:gz", compresslevel=3) as archive,
            ):
                _add_text(archive, "backup.json", json.dumps(head))
                archive.add(dumped, name)
                _add_folders(archive)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    for old in sorted(folder().glob("fourfold-*.tar.gz"), reverse=True)[keep:] if keep else []:
        old.unlink()
    return path


def _add_folders(archive: tarfile.TarFile) -> None:
    """The house's folders; the segments as one seal left them, for another may be about to replace some."""
    home = Path(settings.HOME)
    with ExitStack() as held:
        if (home / "ledger").is_dir():
            lock = held.enter_context((home / "ledger" / ".lock").open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX)
        for part in FOLDERS:
            if (home / part).is_dir():
                archive.add(home / part, part)


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(text.encode()), 0o600
    archive.addfile(info, io.BytesIO(text.encode()))


def _dump(scratch: Path) -> tuple[str, Path]:
    """A consistent copy of the database, taken while others write to it."""
    path = scratch / _database_name()
    if connection.vendor == "sqlite":
        with (
            closing(sqlite3.connect(str(connection.settings_dict["NAME"]))) as source,
            closing(sqlite3.connect(path)) as copy,
        ):
            source.backup(copy)
        return path.name, path
    _postgres_tool("pg_dump", "--format=custom", "--no-owner", f"--file={path}")
    return path.name, path


def _database_name() -> str:
    return "database.sqlite3" if connection.vendor == "sqlite" else "database.dump"


def _postgres_tool(name: str, *arguments: str) -> None:
    password = connection.settings_dict["PASSWORD"]
    environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    program = shutil.which(name, path=settings.POSTGRES_TOOLS or None)
    if program is None:
        raise BackupRefused(
            "The backup was not made or read.",
            f"PostgreSQL's own tool {name} is not installed here.",
            "Install the package postgresql-client, or name its folder in FOURFOLD_POSTGRES_TOOLS.",
        )
    server = f"--dbname={conninfo(connection.settings_dict, password=False)}"
    done = subprocess.run([program, server, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise BackupRefused(
            "The backup was not made or read.",
            f"{name} said: {lines[0] if lines else done.returncode}.",
            "A tool older than its server can't dump it; otherwise check the address and the rights.",
        )


def read_head(path: Path) -> dict[str, Any]:
    """What a backup says of itself. Raises BackupRefused for a file that is none."""
    try:
        with tarfile.open(path) as archive:
            member = archive.extractfile("backup.json")
            head: dict[str, Any] = dict(json.loads(member.read())) if member else {}
    except (*UNREADABLE, KeyError, ValueError, TypeError) as error:
        raise BackupRefused(
            f"{path} was not restored.", "It is not a backup of Fourfold, or is cut.", "Check the path."
        ) from error
    if head.get("format") != FORMAT or not {"at", "database"} <= set(head):
        raise BackupRefused(
            f"{path} was not restored.",
            f"Its format is {head.get('format')}, ours {FORMAT}.",
            "Use the version that made it.",
        )
    return head


def restore(path: Path, *, force: bool) -> dict[str, Any]:
    """Bring a house back into an empty FOURFOLD_HOME; with ``force`` in place of the one there. Raises BackupRefused.

    The house must not be running. Returns what the backup said of itself.
    """
    head = read_head(path)
    if head["database"] != connection.vendor:
        raise BackupRefused(
            f"{path} was not restored.",
            f"It holds a {head['database']} database, and this house is on {connection.vendor}.",
            "Set FOURFOLD_DATABASE_URL to the same kind of database as the backup's.",
        )
    if not force and _holds_something():
        raise BackupRefused(
            f"{path} was not restored.",
            "This house is not empty, and a restore replaces all of it.",
            "Restore into another FOURFOLD_HOME, or say --force if this one may go.",
        )
    home = Path(settings.HOME)
    with tempfile.TemporaryDirectory(dir=home) as scratch:
        fresh = Path(scratch)
        try:
            _extract(path, fresh)
        except UNREADABLE as error:
            raise BackupRefused(
                f"{path} was not restored.", f"It is cut or damaged ({error}).", "Use another backup."
            ) from error
        if not (fresh / _database_name()).is_file():
            raise BackupRefused(f"{path} was not restored.", "It holds no database.", "Use another backup.")
        _load(fresh)
        for part in FOLDERS:
            shutil.rmtree(home / part, ignore_errors=True)
            if (fresh / part).is_dir():
                shutil.move(fresh / part, home / part)
    return head


def _holds_something() -> bool:
    if "accounts_user" not in connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM accounts_user) OR EXISTS (SELECT 1 FROM ledger_fact)")
        row = cursor.fetchone()
    return bool(row and row[0])


def _extract(path: Path, target: Path) -> None:
    """Only plain files and folders with the names we give: a made-up archive must not write elsewhere."""
    with tarfile.open(path) as archive:
        for member in archive:
            parts = PurePosixPath(member.name).parts
            ours = parts and (
                parts[0] in FOLDERS or member.name in {"backup.json", "database.sqlite3", "database.dump"}
            )
            if not ours or ".." in parts or not (member.isfile() or member.isdir()):
                raise BackupRefused(
                    f"{path} was not restored.",
                    f"It holds “{member.name}”, which no backup does.",
                    "Don't use this file.",
                )
            place = target.joinpath(*parts)
            if member.isdir():
                place.mkdir(parents=True, exist_ok=True, mode=0o700)
            else:
                place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                content = archive.extractfile(member)
                assert content is not None
                with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
                    shutil.copyfileobj(content, file)


def _load(fresh: Path) -> None:
    connection.close()
    if connection.vendor == "sqlite":
        place = Path(str(connection.settings_dict["NAME"]))
        for suffix in ("-wal", "-shm"):
            Path(f"{place}{suffix}").unlink(missing_ok=True)
        shutil.move(fresh / "database.sqlite3", place)
        return
    _postgres_tool(
        "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction",
        str(fresh / "database.dump"),
    )  # fmt: skip
