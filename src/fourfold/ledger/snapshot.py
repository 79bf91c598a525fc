"""Sealed segments: the ledger as sorted Parquet files and a manifest, so that reports never read the row store.

Each run reads from the database only what came after the last cut, and writes it as new segments. A segment once in the
manifest is never read from the database again; many small ones are merged from their files. Imports pyarrow: run it in
a process of its own, never in the web server.

PostgreSQL streams columns through ADBC. SQLite is read through Python's own library: a second SQLite library in one
process breaks the file locks of the first, and then loses writes (seen with the ADBC driver).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import adbc_driver_postgresql.dbapi
import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connection, transaction

from fourfold.base.libpq import conninfo
from fourfold.evidence.facts import columns, segment_schema
from fourfold.evidence.types import Column, ColumnType
from fourfold.ledger import locks, models
from fourfold.ledger.types import Kind

SCHEMA_VERSION = 1
SLICE = 500_000
"""Facts read and sorted at once: bounds the memory of a seal."""
COMPACT_OVER = 8
"""Segments of a kind after which the small ones are merged into one."""
SMALL = 2_000_000
"""Rows up to which a segment counts as small."""
SORT = ("person_key", "occurred_at", "fact_id")


@dataclass(frozen=True, slots=True)
class Segment:
    """One sealed file: facts of one kind with ``from_seq`` < seq ≤ ``to_seq``."""

    kind: str
    file: str
    rows: int
    sha256: str
    from_seq: int
    to_seq: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """Which segments make up the snapshot. ``cut`` is the highest sealed seq, ``top`` the fact id it has."""

    schema_version: int
    cut: int
    top: str | None
    segments: tuple[Segment, ...]

    def paths(self, folder: Path) -> dict[str, list[Path]]:
        """Files by kind, oldest first."""
        found: dict[str, list[Path]] = {}
        for segment in self.segments:
            found.setdefault(segment.kind, []).append(folder / segment.file)
        return found


EMPTY = Manifest(SCHEMA_VERSION, 0, None, ())


def read_manifest(folder: Path) -> Manifest:
    """The manifest in ``folder``, or an empty one before the first seal or after a change of schema."""
    path = folder / "manifest.json"
    if not path.exists():
        return EMPTY
    values = json.loads(path.read_text())
    if values["schema_version"] != SCHEMA_VERSION:
        return EMPTY
    return Manifest(
        values["schema_version"],
        values["cut"],
        values["top"],
        tuple(Segment(**segment) for segment in values["segments"]),
    )


def verify(folder: Path) -> list[str]:
    """Compare every segment with its hash in the manifest. Returns the files that are missing or were changed."""
    return [
        segment.file
        for segment in read_manifest(folder).segments
        if not (folder / segment.file).exists() or file_hash(folder / segment.file) != segment.sha256
    ]


def seal(folder: Path, *, wait_seconds: float = 30) -> Manifest:
    """Seal everything that is in the ledger now, and return the manifest. Raises SealBusy.

    A database that is not the one the manifest was made from (restored, or another) is sealed anew from its beginning.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _alone_in(folder):
        manifest = read_manifest(folder)
        top_seq, top_fact = _settled_top(wait_seconds)
        if not _belongs(manifest):
            manifest = EMPTY
        if top_seq > manifest.cut:
            segments = [*manifest.segments, *_new_segments(folder, manifest.cut, top_seq)]
            manifest = Manifest(SCHEMA_VERSION, top_seq, top_fact, tuple(segments))
            _write_manifest(folder, manifest)
        manifest = _compact(folder, manifest)
        _sweep(folder, manifest)
        return manifest


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@transaction.atomic
def _settled_top(wait_seconds: float) -> tuple[int, str | None]:
    """The highest seq below which nothing can still be committed, and its fact id."""
    locks.hold_alone(wait_seconds=wait_seconds)
    row = models.Fact.objects.order_by("-seq").values_list("seq", "fact_id").first()
    return (row[0], row[1].hex) if row else (0, None)


def _belongs(manifest: Manifest) -> bool:
    if manifest.top is None:
        return True
    return models.Fact.objects.filter(seq=manifest.cut, fact_id=UUID(manifest.top)).exists()


def _new_segments(folder: Path, cut: int, top: int) -> Iterator[Segment]:
    for start in range(cut, top, SLICE):
        end = min(start + SLICE, top)
        with _rows_between(start, end) as reader:
            for kind in Kind:
                table = reader(kind)
                if table.num_rows:
                    yield _write_segment(folder, kind, table, start, end)


def _write_segment(folder: Path, kind: str, table: pa.Table, start: int, end: int) -> Segment:
    order = [(name, "ascending") for name in SORT if name in table.column_names]
    name = f"{kind}-{start:012d}-{end:012d}.parquet"
    pq.write_table(table.sort_by(order), folder / name, compression="zstd", row_group_size=128_000)
    return Segment(str(kind), name, table.num_rows, file_hash(folder / name), start, end)


def file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    """In one step: a kill leaves the old manifest or the new one, never half of it."""
    path = folder / "manifest.json.new"
    path.write_text(json.dumps(asdict(manifest), indent=1))
    path.replace(folder / "manifest.json")


def _compact(folder: Path, manifest: Manifest) -> Manifest:
    """Merge the small segments of a kind that has many, from their files."""
    for kind in Kind:
        small = [s for s in manifest.segments if s.kind == kind and s.rows <= SMALL]
        if len(small) > COMPACT_OVER:
            merged = pa.concat_tables([pq.read_table(folder / segment.file) for segment in small])
            start, end = min(s.from_seq for s in small), max(s.to_seq for s in small)
            segment = _write_segment(folder, kind, merged, start, end)
            others = tuple(s for s in manifest.segments if s not in small)
            manifest = replace(manifest, segments=(*others, segment))
            _write_manifest(folder, manifest)
    return manifest


def _sweep(folder: Path, manifest: Manifest) -> None:
    """Remove files that no manifest names: of a seal that was killed, or merged into another."""
    named = {segment.file for segment in manifest.segments}
    for path in folder.glob("*.parquet"):
        if path.name not in named:
            path.unlink()


@contextmanager
def _rows_between(start: int, end: int) -> Iterator[Callable[[Kind], pa.Table]]:
    """A function that reads one kind's facts with ``start`` < seq ≤ ``end`` as a table of the segment's schema."""
    if connection.vendor == "sqlite":
        yield lambda kind: _read_sqlite(kind, _statement(kind, start, end))
        return
    with (
        adbc_driver_postgresql.dbapi.connect(conninfo(connection.settings_dict, password=True)) as adbc,
        adbc.cursor() as cursor,
    ):

        def read(kind: Kind) -> pa.Table:
            cursor.execute(_statement(kind, start, end))
            table, schema = cursor.fetch_arrow_table(), segment_schema(kind)
            return pa.table([table[name].cast(schema.field(name).type) for name in schema.names], schema=schema)

        yield read


def _read_sqlite(kind: Kind, statement: str) -> pa.Table:
    schema, batches = segment_schema(kind), []
    # A connection of our own, without the converters that Django registers: they cost more than the reading.
    with closing(sqlite3.connect(str(connection.settings_dict["NAME"]))) as reader:
        cursor = reader.execute(statement)
        while rows := cursor.fetchmany(50_000):
            arrays = [
                _from_sqlite(values, column, schema.field(column.name).type)
                for values, column in zip(zip(*rows, strict=True), columns(kind), strict=True)
            ]
            batches.append(pa.record_batch(arrays, schema=schema))
    return pa.Table.from_batches(batches, schema=schema)


def _from_sqlite(values: Sequence[Any], column: Column, wanted: pa.DataType) -> pa.Array:
    """Django keeps keys as hexadecimal digits, moments as text without zone (UTC) and truths as 0 and 1."""
    if column.type is ColumnType.UUID:
        return pa.array([None if v is None else bytes.fromhex(v) for v in values], wanted)
    if column.type is ColumnType.MOMENT:
        return pa.array(values, pa.string()).cast(pa.timestamp("us")).cast(pa.int64()).cast(wanted)
    if column.type is ColumnType.DATE:
        return pa.array(values, pa.string()).cast(wanted)
    if column.type is ColumnType.BOOLEAN:
        return pa.array(values, pa.int64()).cast(wanted)
    return pa.array(values, wanted)


def _statement(kind: Kind, start: int, end: int) -> str:
    """The reading statement. Numbers and our own column names only: nothing in it comes from outside."""
    names = [
        f'uuid_send("{c.name}") AS "{c.name}"'
        if c.type is ColumnType.UUID and connection.vendor == "postgresql"
        else f'"{c.name}"'
        for c in columns(kind)
    ]
    return (
        f"SELECT {', '.join(names)} FROM ledger_fact "  # noqa: S608
        f"WHERE kind = '{kind.value}' AND seq > {int(start)} AND seq <= {int(end)}"
    )
