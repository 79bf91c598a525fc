"""Journeys for the attribution benchmark: the same ones as a file of paths and as sealed segments of facts.

12 channels, a geometric number of touches a journey (mean 4), 6 % of journeys with an outcome and its value. One
person a journey; touches stand in the order in which the sealer leaves them: by person, time and id.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from fourfold.evidence.facts import segment_schema

CHANNELS = 12
CONVERTING = 0.06
MEAN_TOUCHES = 4
AT_ONCE = 1_000_000
"""Journeys made and written at once: bounds the memory."""
BEGINNING_US = 1_767_225_600_000_000
DAY_US = 86_400_000_000
MOMENT = pa.timestamp("us", tz="UTC")


@dataclass(frozen=True)
class Files:
    """Where the journeys lie. ``paths``: a CSV of ``path, conversions, value, nulls``, one row a journey."""

    paths: Path
    segments: dict[str, list[Path]]
    touches: int
    outcomes: int


def write(folder: Path, journeys: int, *, name: str = "", seed: int = 1) -> Files:
    """Make ``journeys`` and write them in both forms, in files whose names begin with ``name``."""
    paths = folder / f"{name}paths.csv"
    segments: dict[str, list[Path]] = {"touch": [], "outcome": [], "party": []}
    touches = outcomes = 0
    schema = pa.schema([("path", pa.string()), ("conversions", pa.int8()), ("value", pa.int64()), ("nulls", pa.int8())])
    with pacsv.CSVWriter(paths, schema) as csv:
        for number, first in enumerate(range(0, journeys, AT_ONCE)):
            part = _Part(np.random.default_rng((seed, number)), min(AT_ONCE, journeys - first), first)
            csv.write_table(part.as_paths(schema))
            for kind, table in part.as_facts().items():
                path = folder / f"{name}{kind}-{number:03d}.parquet"
                pq.write_table(table, path, compression="zstd", row_group_size=128_000)
                segments[kind].append(path)
            touches, outcomes = touches + len(part.channel), outcomes + len(part.won)
    return Files(paths, segments, touches, outcomes)


class _Part:
    """Some journeys as arrays."""

    def __init__(self, random: np.random.Generator, size: int, first: int) -> None:
        self.random, self.size = random, size
        self.lengths = np.minimum(random.geometric(1 / MEAN_TOUCHES, size), 40)
        total = int(self.lengths.sum())
        popular = np.linspace(3, 1, CHANNELS)
        self.channel = random.choice(CHANNELS, total, p=popular / popular.sum()).astype(np.int32)
        self.won = np.flatnonzero(random.random(size) < CONVERTING)
        self.value = random.lognormal(13, 0.6, len(self.won)).astype(np.int64)
        self.ended_at = BEGINNING_US + random.integers(0, 180 * DAY_US, size)
        row = np.repeat(np.arange(size), self.lengths)
        at = self.ended_at[row] - random.integers(1, 170 * DAY_US, total)
        self.row, self.at = row, at[np.lexsort((at, row))]
        self.person = np.zeros((size, 2), dtype=">u8")  # the highest half counts up, so that parts follow in order
        self.person[:, 0] = (first + np.arange(size)) * 2**32 + random.integers(0, 2**32, size)
        self.person[:, 1] = random.integers(0, 2**63, size)
        self.names = pa.array([f"channel {number:02d}" for number in range(CHANNELS)])

    def as_paths(self, schema: pa.Schema) -> pa.Table:
        names = self.names.take(pa.array(self.channel))
        offsets = np.concatenate(([0], np.cumsum(self.lengths))).astype(np.int32)
        lists = pa.ListArray.from_arrays(pa.array(offsets), names)
        conversions = np.zeros(self.size, dtype=np.int8)
        value = np.zeros(self.size, dtype=np.int64)
        conversions[self.won], value[self.won] = 1, self.value
        path = pa.compute.binary_join(lists, " > ")
        return pa.table([path, conversions, value, 1 - conversions], schema=schema)

    def as_facts(self) -> dict[str, pa.Table]:
        ids, people, ends = (
            keys(self.random, len(self.won)),
            self.person[self.won],
            pa.array(self.ended_at[self.won], MOMENT),
        )
        clients = np.frombuffer(self.random.bytes(16 * len(self.won)), dtype=">u8").reshape(-1, 2)
        client = clients[self.random.integers(0, max(len(self.won) // 3, 1), len(self.won))]
        return {
            "touch": facts(
                self.random,
                "touch",
                person_key=binary(self.person[self.row]),
                occurred_at=pa.array(self.at, MOMENT),
                channel=self.names.take(pa.array(self.channel)),
            ),
            "outcome": facts(
                self.random,
                "outcome",
                fact_id=ids,
                occurred_at=ends,
                outcome_kind=pa.repeat("cash", len(ids)),
                basis=pa.repeat("accepted", len(ids)),
                currency=pa.repeat("GBP", len(ids)),
                value_minor=pa.array(self.value),
                organisation=binary(client),
            ),
            "party": facts(
                self.random,
                "party",
                outcome=ids,
                occurred_at=ends,
                person_key=binary(people),
                side=pa.repeat("candidate", len(ids)),
            ),
        }


def facts(random: np.random.Generator, kind: str, **own: Any) -> pa.Table:
    """Facts of one kind with the common columns filled as the ledger fills them."""
    rows, schema = len(own["occurred_at"]), segment_schema(kind)
    common = {
        "fact_id": keys(random, rows),
        "seq": pa.array(np.arange(1, rows + 1)),
        "kind": pa.repeat(kind, rows),
        "recorded_at": pa.array(np.full(rows, BEGINNING_US), MOMENT),
        "batch": binary(np.zeros((rows, 2), dtype=">u8")),
        "void": pa.repeat(False, rows),
        "source": pa.repeat("benchmark", rows),
        "source_ref": pa.array(np.frombuffer(random.bytes(16 * rows).hex().encode(), dtype="S32")),
        "revision": pa.repeat(0, rows),
    } | own
    return pa.table(
        [common[f.name].cast(f.type) if f.name in common else pa.nulls(rows, f.type) for f in schema], schema=schema
    )


def keys(random: np.random.Generator, rows: int) -> pa.Array:
    """So many keys of 16 bytes."""
    return binary(np.frombuffer(random.bytes(16 * rows), dtype=">u8").reshape(-1, 2))


def binary(halves: np.ndarray) -> pa.Array:
    """(n, 2) big-endian halves as keys of 16 bytes."""
    cells = pa.py_buffer(np.ascontiguousarray(halves))
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), len(halves), [None, cells])
