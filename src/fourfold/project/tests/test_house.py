"""Preparing a house: once, the same again, and never on an unguarded ledger."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import NewUser, Role
from fourfold.base.actor import COMMAND_LINE
from fourfold.ledger import guards
from fourfold.people import actions as people
from fourfold.people.types import NewPerson
from fourfold.project import house as preparing
from fourfold.project.house import NoDatabase

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_an_empty_database_becomes_a_house_and_stays_one(committed_db: Any, house: Path, settings: Any) -> None:
    settings.STATIC_ROOT = house / "static"
    settings.STATIC_ROOT.mkdir()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'integrations'")
        for table in connection.introspection.table_names(cursor):
            if table.startswith("integrations_"):
                cursor.execute(f"DROP TABLE {table}" + (" CASCADE" if connection.vendor == "postgresql" else ""))
    assert preparing.migrate() is True
    assert {"integrations_import", "integrations_importrow"} <= set(connection.introspection.table_names())
    guards.require()
    files = {path: path.stat().st_mtime_ns for path in settings.STATIC_ROOT.rglob("*")}
    assert files
    assert preparing.migrate() is False
    assert {path: path.stat().st_mtime_ns for path in settings.STATIC_ROOT.rglob("*")} == files


def test_sqlite_learns_how_its_tables_have_grown(committed_db: Any) -> None:
    people.add_people(people=[NewPerson(name=f"Person {n}", country="GB") for n in range(500)], by=COMMAND_LINE, at=AT)
    connection.close()  # a process that has asked nothing yet, as at a start
    preparing.learn_sizes()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'people_person'")
            assert cursor.fetchone()[0] > 0


def test_static_files_are_collected_anew_where_they_are_others(db: None, house: Path, settings: Any) -> None:
    settings.STATIC_ROOT = house / "static"
    assert preparing.collect_static() is True
    assert preparing.collect_static() is False
    (settings.STATIC_ROOT / ".stamp").write_text("of another version")
    (settings.STATIC_ROOT / "old.css").write_text("gone")
    assert preparing.collect_static() is True
    assert not (settings.STATIC_ROOT / "old.css").exists()


def test_an_unguarded_ledger_is_not_opened(committed_db: Any, house: Path) -> None:
    on_table = "" if connection.vendor == "sqlite" else f" ON {guards.TABLE}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER fact_no_delete{on_table}")
    with pytest.raises(guards.Unguarded, match="fact_no_delete"):
        preparing.migrate_tables()


def test_a_database_that_does_not_answer_is_said_in_words(committed_db: Any, house: Path) -> None:
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(house / "nowhere/db") if connection.vendor == "sqlite" else "no_such_house"
    try:
        with pytest.raises(NoDatabase, match="does not answer"):
            preparing.migrate_tables()
    finally:
        connection.settings_dict["NAME"] = name


def test_the_greeting_says_how_to_sign_in(db: None, house: Path) -> None:
    first = preparing.greeting("http://127.0.0.1:8000")
    code = preparing.first_run_code()
    assert f"http://127.0.0.1:8000/welcome/?code={code}" in first
    assert preparing.first_run_code() == code
    assert (house / "keys/first-run").stat().st_mode & 0o077 == 0
    new = NewUser(email="ada@house.example", name="Ada", roles=frozenset({Role.ADMINISTRATOR}), password=None)
    accounts.add_users(users=[new], by=COMMAND_LINE, at=AT)
    later = preparing.greeting("http://127.0.0.1:8000")
    assert code not in later
    assert "Sign in with your e-mail address and password." in later
    told = {"users": [{"role": "leader", "email": "lena@demo.example"}], "password": "demo-word"}
    (house / "demo.json").write_text(json.dumps(told))
    assert "lena@demo.example" in preparing.greeting("http://x")
