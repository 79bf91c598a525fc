"""What counts as of a cut: revisions, voids, batches taken back, merges."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fourfold.evidence.facts import canonical, connect, fetch, live, read_segments, segment_schema
from fourfold.evidence.tests.house import House, key
from fourfold.evidence.types import COMMON_COLUMNS, OWN_COLUMNS, FactKind


def channels(house: House, cut: int | None = None) -> list[str]:
    table = fetch(live(house.tables(), cut)[FactKind.TOUCH].order_by("occurred_at", "channel"))
    return table["channel"].to_pylist()


def test_the_highest_revision_at_the_cut_stands() -> None:
    house = House()
    house.touch("ana", "2026-01-01", "email", ref="t")
    house.touch("ana", "2026-01-01", "phone", ref="t", revision=1)
    assert channels(house) == ["phone"]
    assert channels(house, cut=1) == ["email"]
    assert channels(house, cut=0) == []


def test_a_void_ends_a_fact_and_taking_its_batch_back_revives_it() -> None:
    house = House()
    house.touch("ana", "2026-01-01", "email", ref="t")
    house.touch("ana", "2026-01-01", "email", ref="t", revision=1, void=True, batch="correction")
    assert channels(house) == []
    house.void_batch("correction")
    assert channels(house) == ["email"]
    assert channels(house, cut=2) == []


def test_a_batch_taken_back_is_gone_and_its_reimport_stands() -> None:
    house = House()
    house.touch("ana", "2026-01-01", "email", ref="t", batch="import")
    house.touch("ben", "2026-01-02", "phone", ref="u", batch="other")
    house.void_batch("import")
    assert channels(house) == ["phone"]
    house.touch("ana", "2026-01-01", "event", ref="t", revision=1, batch="again")
    assert channels(house) == ["event", "phone"]
    assert channels(house, cut=2) == ["email", "phone"]


def test_a_party_follows_its_outcome_through_corrections() -> None:
    house = House()
    outcome = house.placement("p", "2026-01-01", 100, "ana", "cleo")
    corrected = house.outcome("p", "2026-01-01", 90, revision=1)
    tables = live(house.tables())
    assert set(fetch(tables[FactKind.PARTY])["outcome"].to_pylist()) == {corrected}
    assert fetch(tables[FactKind.OUTCOME])["value_minor"].to_pylist() == [90]
    assert set(fetch(live(house.tables(), cut=3)[FactKind.PARTY])["outcome"].to_pylist()) == {outcome}
    house.outcome("p", "2026-01-01", 90, revision=2, void=True)
    assert fetch(live(house.tables())[FactKind.PARTY]).num_rows == 0


def test_merges_are_followed_and_undone() -> None:
    house = House()
    house.touch("ana", "2026-01-01")
    house.touch("anna", "2026-01-02")
    house.touch("bob", "2026-01-03")
    house.post(FactKind.IDENTITY, "m1", "2026-01-04", person_key="anna", into_key="ana")
    house.post(FactKind.IDENTITY, "m2", "2026-01-05", person_key="ana", into_key="bob")

    def people(cut: int | None = None) -> list[bytes]:
        return fetch(live(house.tables(), cut)[FactKind.TOUCH].order_by("occurred_at"))["person_key"].to_pylist()

    assert people() == [key("bob")] * 3
    assert people(cut=4) == [key("ana"), key("ana"), key("bob")]
    house.post(FactKind.IDENTITY, "m2", "2026-01-06", person_key="ana", into_key="bob", revision=1, void=True)
    assert people() == [key("ana"), key("ana"), key("bob")]


def test_people_merged_in_a_circle_have_one_key() -> None:
    house = House()
    for ref, (one, other) in enumerate([("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")]):
        house.post(FactKind.IDENTITY, str(ref), "2026-01-01", person_key=one, into_key=other)
    found = canonical(live(house.tables())[FactKind.IDENTITY])
    smallest = min(key("a"), key("b"), key("c"))
    assert {found.get(key(name), key(name)) for name in "abcd"} == {smallest}


def test_segments_are_read_and_a_kind_without_files_is_empty(tmp_path: Path) -> None:
    house = House()
    house.touch("ana", "2026-01-01", "email", ref="t")
    house.touch("ana", "2026-01-01", "phone", ref="t", revision=1)
    rows = [pa.Table.from_pylist([row], schema=segment_schema("touch")) for row in house.rows[FactKind.TOUCH]]
    for number, table in enumerate(rows):
        pq.write_table(table, tmp_path / f"{number}.parquet")
    tables = live(read_segments({"touch": sorted(tmp_path.glob("*.parquet"))}, connect(threads=1, memory="1GB")))
    assert fetch(tables[FactKind.TOUCH])["channel"].to_pylist() == ["phone"]
    assert fetch(tables[FactKind.OUTCOME]).num_rows == 0


@pytest.mark.parametrize("kind", list(FactKind), ids=str)
def test_a_segment_has_the_common_columns_and_its_own(kind: FactKind) -> None:
    schema = segment_schema(kind)
    assert schema.names == [column.name for column in (*COMMON_COLUMNS, *OWN_COLUMNS[kind])]
    assert len(set(schema.names)) == len(schema.names)
    assert schema.field("fact_id").type == pa.binary(16)
    assert schema.field("occurred_at").type == pa.timestamp("us", tz="UTC")
    assert not schema.field("seq").nullable
    assert schema.field("office").nullable


def test_an_unknown_kind_has_no_schema() -> None:
    with pytest.raises(ValueError, match="lead"):
        segment_schema("lead")
