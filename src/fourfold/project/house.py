"""Preparing a house: tables, the ledger's guards, static files, and how to sign in."""

from __future__ import annotations

import hashlib
import json
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from fourfold.accounts import queries as accounts
from fourfold.base.errors import FourfoldError
from fourfold.contact.guards import RECEIPTS
from fourfold.jobs.guards import ALL as PROOFS
from fourfold.ledger import guards
from fourfold.people.guards import CONSENTS, require_key
from fourfold.studio.guards import VERSIONS
from fourfold.surveys.guards import TEXTS


class NoDatabase(FourfoldError):
    """The database can't be reached."""


def migrate() -> bool:
    """Bring the tables up to date, guard the ledger and collect static files. Returns whether anything was done."""
    migrated = migrate_tables()
    learn_sizes()
    return collect_static() or migrated


def migrate_tables() -> bool:
    """Bring the tables up to date, and refuse to go on with unguarded ledgers. Returns whether anything was done."""
    Path(settings.HOME).mkdir(parents=True, exist_ok=True)
    try:
        connection.ensure_connection()
    except OperationalError as error:
        lines = str(error).strip().splitlines()
        raise NoDatabase(
            "The house was not opened.",
            f"Its database does not answer: {lines[0] if lines else 'no reason given'}.",
            "Start it, or correct FOURFOLD_DATABASE_URL.",
        ) from None
    executor = MigrationExecutor(connection)
    needed = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if needed:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    for guard in (guards.FACTS, CONSENTS, RECEIPTS, VERSIONS, TEXTS, *PROOFS):
        guard.require()
    require_key()
    return needed


def learn_sizes() -> None:
    """Let SQLite look at how its tables have grown: it chooses indexes by that. PostgreSQL does so by itself.

    400 rows of each index are looked at, as https://sqlite.org/lang_analyze.html advises: 0.1 s with 100,000 people.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 400")
            cursor.execute("ANALYZE")


def collect_static() -> bool:
    """Copy, hash and compress the static files, if they are others than last time. Returns whether it did."""
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            file = Path(storage.path(path))
            digest.update(f"{path} {file.stat().st_size} {file.stat().st_mtime_ns}\n".encode())
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(digest.hexdigest())
    return True


def first_run_code() -> str:
    """The code that the first-run page asks for, so that no passer-by becomes the first administrator."""
    path = Path(settings.HOME) / "keys" / "first-run"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(12))
    return path.read_text().strip()


def greeting(address: str) -> str:
    """What the terminal shows once the product answers."""
    lines = ["", f"  Fourfold is running at {address}", ""]
    demo = Path(settings.HOME) / "demo.json"
    if not accounts.has_users():
        lines += ["  Make the first administrator here:", f"  {address}/welcome/?code={first_run_code()}"]
    elif demo.exists():
        lines += ["  This is the demo house. Sign in as"]
        told = json.loads(demo.read_text())
        lines += [f"    {who['role']:<14} {who['email']}" for who in told["users"]]
        lines += [f"  each with the password  {told['password']}"]
    else:
        lines += ["  Sign in with your e-mail address and password."]
    return "\n".join([*lines, "", "  Ctrl-C stops it.", ""])
