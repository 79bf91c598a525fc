"""Facts come in any order and in any number of files: the journeys are the same, and so is every digit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fourfold.evidence.attribution import attribute, attribute_many
from fourfold.evidence.drill import journey_credits
from fourfold.evidence.facts import Tables, connect, fetch, live, read_segments, registered, segment_schema
from fourfold.evidence.journeys import buckets_of_each
from fourfold.evidence.paths import from_lists
from fourfold.evidence.reading import by_id, in_order, ties
from fourfold.evidence.tests.house import House
from fourfold.evidence.types import BUCKETS, By, FactKind, IntervalSettings, Method, Question

QUESTIONS = [Question(method=method, intervals=IntervalSettings(replicates=40)) for method in Method]
DAYS = ("2026-05-01", "2026-05-02", "2026-05-03")


def house_of_ties(seed: int) -> House:
    """People with many touches on few days, some of them beside each other on one side of a placement."""
    random = np.random.default_rng(seed)
    house = House()
    for number in range(30):
        for place in range(random.integers(0, 6)):
            own = {"ref": f"{number} {place}", "campaign": ("spring", None)[random.integers(0, 2)]}
            if random.random() < 0.4:
                own["organisation"] = f"org{number % 4}"
            channel = ("email", "phone", "web", "event")[random.integers(0, 4)]
            house.touch(f"p{number}", DAYS[random.integers(0, 3)], channel, **own)
        if number % 3 == 0:
            placement = house.placement(f"o{number}", "2026-06-01", 100 + number, f"p{number}", f"p{number + 1}")
            house.party(placement, f"p{number + 2}", "client")
    return house


def in_files(house: House, folder: Path, *, parts: int, seed: int) -> Tables:
    """The facts dealt into several files in any order."""
    random = np.random.default_rng(seed)
    paths: dict[FactKind, list[Path]] = {}
    for kind, rows in house.rows.items():
        for number, chosen in enumerate(np.array_split(random.permutation(len(rows)), parts)):
            path = folder / f"{kind}-{parts}-{seed}-{number}.parquet"
            table = pa.Table.from_pylist([rows[i] for i in chosen], schema=segment_schema(kind))
            pq.write_table(table.sort_by("fact_id") if number % 2 else table, path)
            paths.setdefault(kind, []).append(path)
    return live(read_segments(paths))


def in_stored_order(house: House) -> Tables:
    """The facts in one table a kind, each in the order in which the sealer leaves them."""
    connection = connect(threads=1)
    tables: Tables = {}
    for kind, rows in house.rows.items():
        table = pa.Table.from_pylist(rows, schema=segment_schema(kind))
        names = [name for name in ("person_key", "occurred_at", "fact_id") if name in table.column_names]
        tables[kind] = registered(connection, f"raw_{kind}", table.sort_by([(name, "ascending") for name in names]))
    return live(tables)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_facts_in_files_does_not_matter(seed: int, tmp_path: Path) -> None:
    house = house_of_ties(seed)
    wanted = attribute_many(in_stored_order(house), QUESTIONS)
    assert sum(row.outcomes for row in wanted[0].rows) == pytest.approx(10)
    for parts in (1, 4):
        found = attribute_many(in_files(house, tmp_path, parts=parts, seed=seed), QUESTIONS)
        for one, other in zip(wanted, found, strict=True):
            assert one.options == other.options
            assert {row.key: row.outcomes for row in one.rows} == pytest.approx(
                {row.key: row.outcomes for row in other.rows}, abs=1e-12
            )


def test_touches_of_one_moment_are_ordered_by_id_across_the_people_of_a_side() -> None:
    house = House()
    house.touch("cleo", "2026-05-01", "email")
    house.touch("carl", "2026-05-01", "phone")
    house.party(placement := house.placement("p", "2026-06-01", 100, "ana", "cleo"), "carl", "client")
    by_fact_id = [row["channel"] for row in sorted(house.rows[FactKind.TOUCH], key=lambda row: row["fact_id"])]
    tables = live(house.tables())
    for method, channel in ((Method.FIRST, by_fact_id[0]), (Method.LAST, by_fact_id[1])):
        question = Question(method=method, intervals=IntervalSettings(replicates=0))
        assert attribute(tables, question).row(channel).outcomes == 0.5
        opened = [journey for journey in journey_credits(tables, question) if journey.side == "client"]
        assert [touch.key for touch in opened[0].touches] == by_fact_id
        assert opened[0].outcome == placement


def test_a_dimension_that_nobody_asked_for_changes_nothing() -> None:
    tables = live(house_of_ties(5).tables())
    channel, campaign = replace(QUESTIONS[0], by=By.CHANNEL), replace(QUESTIONS[0], by=By.CAMPAIGN)
    assert attribute_many(tables, [channel, campaign]) == [attribute(tables, channel), attribute(tables, campaign)]


def test_revised_and_other_facts_stand_together() -> None:
    house = House()
    house.touch("ana", "2026-01-01", "email", ref="t")
    house.touch("ana", "2026-01-02", "event", ref="u")
    house.touch("ana", "2026-01-01", "phone", ref="t", revision=1)
    house.touch("ben", "2026-01-03", "web", ref="v")
    house.touch("ben", "2026-01-03", "web", ref="v", revision=1, void=True)
    found = fetch(live(house.tables())[FactKind.TOUCH].order_by("occurred_at"))
    assert found["channel"].to_pylist() == ["phone", "event"]


def test_buckets_are_those_of_zlib() -> None:
    keys = [bytes(range(i, i + 16)) for i in range(200)]
    wanted = [crc32(b"fourfold\x1f" + key) % BUCKETS for key in keys]
    assert buckets_of_each(pa.array(keys)).tolist() == wanted
    assert buckets_of_each(pa.array(keys)[50:]).tolist() == wanted[50:]
    names = ["ana", "", "a name of more than sixteen letters"]
    assert buckets_of_each(pa.array(names)).tolist() == [
        crc32(b"fourfold\x1f" + name.encode()) % BUCKETS for name in names
    ]


@pytest.mark.parametrize("seed", range(5))
def test_touches_are_put_in_order_of_group_time_and_id(seed: int) -> None:
    random = np.random.default_rng(seed)
    group, at = random.integers(0, 5, 60), random.integers(0, 6, 60)
    ids = pa.array([random.bytes(4) for _ in range(60)])
    order = in_order(group, at)
    assert order is not None
    moved = order[by_id(group[order], at[order], ties(group[order], at[order]), ids.take(pa.array(order)))]
    wanted = sorted(range(60), key=lambda i: (group[i], at[i], ids[i].as_py()))
    assert moved.tolist() == wanted
    assert in_order(group[moved], at[moved]) is None


def test_journeys_in_pieces_are_all_of_them() -> None:
    paths = from_lists([["a"] * n for n in (3, 0, 5, 1, 0, 2)], outcomes=[1] * 6)
    for size in (1, 4, 100):
        pieces = list(paths.pieces(size))
        assert [first for first, _ in pieces] == [0, *(after for _, after in pieces[:-1])]
        assert pieces[-1][1] == paths.m
