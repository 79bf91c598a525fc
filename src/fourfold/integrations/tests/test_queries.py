"""Reads of imports: lists, rejected rows, what the worker should be at."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from fourfold.accounts.types import Role
from fourfold.base.actor import COMMAND_LINE
from fourfold.integrations import actions, models, panels, queries
from fourfold.integrations.tests.factories import (
    NOON,
    OUTCOMES,
    SPEND,
    TOUCHES,
    applied,
    checked,
    colleague,
    marketer,
    take_in,
    taken_back,
)
from fourfold.integrations.types import FileKind, RowState, State
from fourfold.ledger import queries as ledger
from fourfold.people import queries as people
from fourfold.people.types import Identifier, Scheme

pytestmark = pytest.mark.django_db
BAD = "email,date,channel\n" + "".join(f"a@x.example,never {n},email\n" for n in range(120))


def test_the_latest_import_comes_first() -> None:
    viewer = marketer()
    keys = [take_in(TOUCHES) for _ in range(4)]
    for days, key in enumerate(keys):
        models.Import.objects.filter(pk=key).update(at=NOON + timedelta(days=days))
    assert [row.key for row in queries.imports(viewer)] == keys[::-1]
    assert [row.key for row in queries.imports(viewer, size=2)] == keys[:1:-1]
    assert [row.key for row in queries.imports(viewer, before=NOON + timedelta(days=2))] == keys[1::-1]


@pytest.mark.parametrize("number", [1, 25])
def test_a_list_takes_one_statement(number: int, django_assert_num_queries: Any) -> None:
    viewer = marketer()
    for _ in range(number):
        take_in(TOUCHES)
    with django_assert_num_queries(1):
        assert len(queries.imports(viewer)) == number


def test_rejected_rows_are_paged_in_the_order_of_the_file() -> None:
    viewer, key = marketer(), checked(BAD).key
    first = queries.rejected(viewer, key, size=50)
    assert [row.row for row in first] == list(range(2, 52))
    assert [row.row for row in queries.rejected(viewer, key, after=51, size=50)] == list(range(52, 102))
    assert [row.row for row in queries.rejected(viewer, key, after=101)] == list(range(102, 122))
    assert queries.rejected(viewer, key, after=10**25) == ()


def test_the_rejected_table_holds_what_the_file_held_and_runs_in_no_spreadsheet() -> None:
    content = (
        "email,date,channel,=note\n"
        '"=HYPERLINK(""http://evil"")",2026-02-01,,@SUM(1)\n'
        "a@x.example,-1+1,email,-12.50\n"
        "a@x.example,+1,email\n"
    )
    table = list(queries.rejected_table(checked(content).key))
    assert table == [
        ["row", "reason", "email", "date", "channel", "'=note"],
        ["2", "channel is empty.", "'=HYPERLINK(\"http://evil\")", "2026-02-01", "", "'@SUM(1)"],
        ["3", "occurred_at “-1+1” is not a date like 2026-03-31 or 2026-03-31T14:05.",
         "a@x.example", "'-1+1", "email", "-12.50"],
        ["4", "it has 3 cells where the header has 4.", "a@x.example | +1 | email"],
    ]  # fmt: skip


def test_rows_rejected_as_changed_are_written_under_their_headers_and_can_be_imported_corrected() -> None:
    applied(OUTCOMES, FileKind.OUTCOMES)
    changed = applied(OUTCOMES.replace("12000", "12500"), FileKind.OUTCOMES)
    text = io.StringIO()
    csv.writer(text).writerows(queries.rejected_table(changed.key))
    again = applied(text.getvalue(), FileKind.OUTCOMES, correct=True)
    assert (again.rows_posted, again.rows_unchanged, again.rows_rejected) == (1, 1, 0)
    assert {row.value_minor for row in ledger.outcomes_by_id(
        [row.fact_id for key in people.resolve([Identifier(Scheme.EMAIL, "jane@example.com")]).values()
         for row in ledger.timeline(key).rows]
    ).values()} == {1_250_000}  # fmt: skip


def test_what_waits_for_a_person_is_their_own() -> None:
    milo, other = marketer(), marketer()
    waits = checked(TOUCHES, by=milo.actor()).key
    mapping = take_in(TOUCHES, by=milo.actor())
    actions.read_columns(key=mapping)
    failed = take_in("", by=milo.actor())
    actions.read_columns(key=failed)
    take_in(TOUCHES, by=milo.actor())  # the worker is at it
    applied(TOUCHES, by=milo.actor())
    assert {row.key for row in queries.waiting_for_a_person(milo)} == {waits, mapping, failed}
    assert queries.waiting_for_a_person(other) == ()
    group = panels.imports_waiting(milo, NOON)
    assert group is not None
    assert (group.heading, group.count, len(group.entries)) == ("3 files wait for you", 3, 3)
    assert panels.imports_waiting(other, NOON) is None


def test_the_sweep_finds_what_the_worker_should_be_at() -> None:
    assert queries.unfinished() == ()
    reading = take_in(TOUCHES)
    checking = checked(TOUCHES).key
    models.Import.objects.filter(pk=checking).update(state=State.CHECKING)
    applied(SPEND, FileKind.SPEND)
    checked(SPEND, FileKind.SPEND)
    assert dict(queries.unfinished()) == {reading: State.READING, checking: State.CHECKING}


def test_the_same_bytes_are_found_by_the_import_that_posted_them() -> None:
    first = applied(TOUCHES).key
    sha256 = models.Import.objects.get(pk=first).sha256
    applied(TOUCHES)  # which found everything there
    assert queries.same_file(FileKind.TOUCHES, sha256) == first
    assert queries.same_file(FileKind.SPEND, sha256) is None
    taken_back(first)
    assert queries.same_file(FileKind.TOUCHES, sha256) is None


def test_facts_lead_back_to_their_file() -> None:
    done = applied(TOUCHES)
    jane = people.resolve([Identifier(Scheme.EMAIL, "jane@example.com")])[Identifier(Scheme.EMAIL, "jane@example.com")]
    rows = ledger.timeline(jane).rows
    words = panels.describe_facts(rows)
    assert set(words) == {row.fact_id for row in rows}
    assert {one.text for one in words.values()} == {"from the file own.csv"}
    assert {one.url for one in words.values()} == {f"/imports/{done.key}/"}
    assert panels.describe_facts([]) == {}


def test_counts_of_an_import_on_its_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions.applying, "APPLY_ROWS", 2)
    key = checked(TOUCHES + "a@x.example,never,email,,\n").key
    actions.apply(key=key, viewer=None, by=COMMAND_LINE, at=NOON)
    actions.applying._apply_some(key, NOON)
    found = queries.one_import(colleague(Role.LEADER), key)
    assert (found.rows_read, found.rows_posted, found.rows_ready, found.rows_rejected) == (4, 2, 1, 1)
    assert found.percent == 67
    assert models.ImportRow.objects.filter(state=RowState.REJECTED).count() == 1
