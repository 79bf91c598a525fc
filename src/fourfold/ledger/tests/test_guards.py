from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db import models as dm

from fourfold.ledger import guards, models
from fourfold.ledger.tests.factories import post, touch


def run(statement: str, values: list[object] | None = None) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def attack() -> None:
    """Everything that must be refused, whoever asks the database for it."""
    before = list(models.Fact.objects.order_by("seq").values())
    assert before
    with pytest.raises(DatabaseError, match="never"):
        run("UPDATE ledger_fact SET channel = 'web'")
    with pytest.raises(DatabaseError, match="never"):
        run("DELETE FROM ledger_fact")
    with pytest.raises(DatabaseError, match="never"), transaction.atomic():
        models.Fact.objects.all().delete()
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError, match="never"):
            run("TRUNCATE ledger_fact CASCADE")
        columns = ", ".join(f'"{name}"' for name in before[0] if name != "seq")
        with pytest.raises(DatabaseError, match="never"):
            run(
                f"INSERT INTO ledger_fact ({columns}) SELECT {columns} FROM ledger_fact LIMIT 1 "
                "ON CONFLICT (fact_id) DO UPDATE SET channel = 'web'"
            )
    else:
        for columns in ("*", "seq + 1000, " + ", ".join(list(before[0])[1:])):
            run(f"INSERT OR REPLACE INTO ledger_fact SELECT {columns} FROM ledger_fact LIMIT 1")
            run(f"REPLACE INTO ledger_fact SELECT {columns} FROM ledger_fact LIMIT 1")
    assert list(models.Fact.objects.order_by("seq").values()) == before


@pytest.mark.django_db
def test_the_database_itself_refuses_to_change_or_remove_facts() -> None:
    post(touch(uuid4()))
    attack()


def test_the_guards_are_there_again_after_a_migration_rebuilt_the_table(committed_db: object) -> None:
    post(touch(uuid4()))
    with connection.schema_editor() as editor:
        old = models.Fact._meta.get_field("office")
        new = dm.CharField(max_length=90, null=True)
        new.set_attributes_from_name("office")
        new.model = models.Fact
        editor.alter_field(models.Fact, old, new)
    if connection.vendor == "sqlite":
        assert guards.present() == set()  # Django rebuilt the table and dropped them silently
        with pytest.raises(guards.Unguarded):
            guards.require()
    call_command("migrate", verbosity=0)
    guards.require()
    attack()


@pytest.mark.django_db
def test_a_switched_off_guard_stops_the_start() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        on_table = "" if connection.vendor == "sqlite" else " ON ledger_fact"
        cursor.execute(f"DROP TRIGGER fact_no_delete{on_table}")
        with pytest.raises(guards.Unguarded, match="fact_no_delete"):
            guards.require()
        guards.install()
    guards.require()
