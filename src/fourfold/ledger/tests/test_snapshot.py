from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pyarrow.parquet as pq
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fourfold.evidence import facts as evidence
from fourfold.ledger import actions, models, queries, snapshot
from fourfold.ledger.tests.factories import NOON, identity, outcome, party, post, spend, touch
from fourfold.ledger.types import Kind

pytestmark = pytest.mark.usefixtures("committed_db")


def rows(folder: Path, kind: Kind) -> list[dict[str, object]]:
    paths = snapshot.read_manifest(folder).paths(folder).get(kind, [])
    return [row for path in paths for row in pq.read_table(path).to_pylist()]


def test_a_segment_holds_what_was_posted_in_the_contract_s_types(tmp_path: Path) -> None:
    person, batch = uuid4(), uuid4()
    cash = post(outcome(desk="nurses", placement="P1"), batch=batch).fact_ids[0]
    assert cash is not None
    post(touch(person, campaign="Spring"), party(cash, person), spend(), identity(uuid4(), person), batch=batch)
    manifest = snapshot.seal(tmp_path)
    assert manifest.cut == queries.top_seq()
    assert {s.kind: s.rows for s in manifest.segments} == {
        "touch": 1,
        "outcome": 1,
        "party": 1,
        "spend": 1,
        "identity": 1,
    }
    (row,) = rows(tmp_path, Kind.TOUCH)
    assert (row["person_key"], row["campaign"], row["occurred_at"], row["machine"], row["office"]) == (
        person.bytes, "Spring", NOON, False, None,
    )  # fmt: skip
    (row,) = rows(tmp_path, Kind.OUTCOME)
    assert (row["fact_id"], row["value_minor"], row["desk"], row["batch"]) == (
        cash.bytes,
        1_200_000,
        "nurses",
        batch.bytes,
    )
    (row,) = rows(tmp_path, Kind.SPEND)
    assert (row["from_date"].isoformat(), row["amount_minor"]) == ("2026-03-01", 50_000)  # type: ignore[attr-defined]
    assert snapshot.verify(tmp_path) == []


def test_sealed_segments_are_never_read_from_the_database_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(touch(uuid4()), touch(uuid4()))
    first = snapshot.seal(tmp_path)
    asked: list[tuple[int, int]] = []
    real = snapshot._rows_between
    monkeypatch.setattr(snapshot, "_rows_between", lambda start, end: asked.append((start, end)) or real(start, end))
    assert snapshot.seal(tmp_path) == first
    assert asked == []
    post(touch(uuid4()))
    second = snapshot.seal(tmp_path)
    assert asked == [(first.cut, second.cut)]
    assert second.segments[: len(first.segments)] == first.segments
    assert sum(s.rows for s in second.segments) == 3


def test_many_small_segments_become_one_and_lose_nothing(tmp_path: Path) -> None:
    for _ in range(snapshot.COMPACT_OVER + 2):
        post(touch(uuid4()))
        manifest = snapshot.seal(tmp_path)
    assert len(manifest.segments) <= 2
    assert {row["seq"] for row in rows(tmp_path, Kind.TOUCH)} == set(models.Fact.objects.values_list("seq", flat=True))
    assert {p.name for p in tmp_path.glob("*.parquet")} == {s.file for s in manifest.segments}


def test_a_changed_segment_is_found_and_another_database_is_sealed_anew(tmp_path: Path, committed_db: object) -> None:
    post(touch(uuid4()))
    manifest = snapshot.seal(tmp_path)
    (tmp_path / manifest.segments[0].file).write_bytes(b"other")
    assert snapshot.verify(tmp_path) == [manifest.segments[0].file]
    committed_db.fresh()  # type: ignore[attr-defined]
    post(touch(uuid4()), touch(uuid4()))
    assert [s.rows for s in snapshot.seal(tmp_path).segments] == [2]
    assert snapshot.verify(tmp_path) == []


def test_a_slow_transaction_that_commits_late_is_sealed_all_the_same(tmp_path: Path) -> None:
    """The slow poster takes its seq first and commits last; the sealer must not pass its seq by."""
    posted, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            post(touch(uuid4(), source_ref="slow"))
            posted.set()
            may_commit.wait(10)
        connection.close()

    poster = threading.Thread(target=slow)
    poster.start()
    assert posted.wait(10)
    quick = threading.Thread(target=lambda: (post(touch(uuid4(), source_ref="quick")), connection.close()))
    quick.start()  # on PostgreSQL it commits at once, with a higher seq; on SQLite it waits for the slow one
    if connection.vendor == "postgresql":
        quick.join(10)
        with pytest.raises(snapshot.locks.SealBusy):
            snapshot.seal(tmp_path, wait_seconds=0.3)
    threading.Timer(0.3, may_commit.set).start()
    snapshot.seal(tmp_path, wait_seconds=10)
    poster.join(10)
    quick.join(10)
    snapshot.seal(tmp_path)
    assert {row["seq"] for row in rows(tmp_path, Kind.TOUCH)} == set(models.Fact.objects.values_list("seq", flat=True))
    assert models.Fact.objects.count() == 2


def live_in_snapshot(folder: Path) -> set[tuple[str, bytes]]:
    manifest = snapshot.seal(folder)
    tables = evidence.live(evidence.read_segments(manifest.paths(folder)), manifest.cut)
    return {(kind.value, key) for kind in (Kind.TOUCH,) for key in tables[kind].fact_id.to_pyarrow().to_pylist()}


steps = st.lists(
    st.tuples(st.sampled_from(["post", "correct", "void", "take_back"]), st.integers(0, 3), st.integers(0, 3)),
    max_size=14,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_the_snapshot_and_the_database_agree_on_what_counts(
    tmp_path_factory: pytest.TempPathFactory, committed_db: object, moves: list[tuple[str, int, int]]
) -> None:
    """Whatever is posted, corrected, voided and taken back in whatever order."""
    committed_db.fresh()  # type: ignore[attr-defined]
    folder = tmp_path_factory.mktemp("segments")
    person = uuid4()
    facts = [touch(person, source_ref=f"r{n}") for n in range(4)]
    batches = [uuid4() for _ in range(4)]
    for number, (move, which, batch) in enumerate(moves):
        fact = facts[which] if move == "post" else replace(facts[which], asset=f"v{number}")
        live = models.Fact.objects.live().filter(source_ref=actions.hash_ref("test", f"r{which}")).first()
        if models.VoidedBatch.objects.filter(batch=batches[batch]).exists():
            batches[batch] = uuid4()
        if move in {"post", "correct"}:
            post(fact, batch=batches[batch], correct=move == "correct")
        elif move == "void" and live is not None:
            actions.void_fact(fact=live.fact_id, batch=batches[batch], at=NOON)
        elif move == "take_back" and models.Fact.objects.filter(batch=batches[batch]).exists():
            actions.void_batch(batch=batches[batch], at=NOON)
    expected = {("touch", key.bytes) for key in models.Fact.objects.live().values_list("fact_id", flat=True)}
    assert live_in_snapshot(folder) == expected
