"""From raw facts (every revision ever posted) to live tables: what counts as of a cut.

Everything is an Ibis expression, so that the same lines run on DuckDB here and on Spark past one machine. Only the
merges are followed in Python: they are few, and chains need a loop.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from fourfold.evidence.types import COMMON_COLUMNS, OWN_COLUMNS, Column, ColumnType, FactKind

Tables = dict[FactKind, ir.Table]

_ARROW: dict[ColumnType, pa.DataType] = {
    ColumnType.UUID: pa.binary(16),
    ColumnType.TEXT: pa.string(),
    ColumnType.INTEGER: pa.int64(),
    ColumnType.BOOLEAN: pa.bool_(),
    ColumnType.MOMENT: pa.timestamp("us", tz="UTC"),
    ColumnType.DATE: pa.date32(),
}
_PERSON_COLUMNS: dict[FactKind, tuple[str, ...]] = {
    FactKind.TOUCH: ("person_key",),
    FactKind.PARTY: ("person_key",),
    FactKind.ALLOCATION: ("person_key",),
}


def columns(kind: FactKind | str) -> tuple[Column, ...]:
    """All columns of one kind of fact: the common ones, then its own."""
    return COMMON_COLUMNS + OWN_COLUMNS[FactKind(kind)]


def segment_schema(kind: FactKind | str) -> pa.Schema:
    """The Parquet schema of a sealed segment: keys are 16 bytes, moments microseconds in UTC, money whole minor units.

    Columns that a fact needs not have are nullable. Raises ValueError for an unknown kind.
    """
    return pa.schema([pa.field(c.name, _ARROW[c.type], nullable=not c.required) for c in columns(kind)])


def connect(*, threads: int | None = None, memory: str | None = None) -> Any:
    """A DuckDB connection in memory that keeps moments in UTC. ``memory`` like ``2GB``."""
    connection = ibis.duckdb.connect()
    for name, value in (("TimeZone", "'UTC'"), ("threads", threads), ("memory_limit", memory and f"'{memory}'")):
        if value is not None:
            connection.raw_sql(f"SET {name} = {value}")
    return connection


@contextmanager
def _without_renaming_warning() -> Iterator[None]:
    """Ibis 12 calls a method that DuckDB 2 has renamed and warns of."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="fetch_arrow_table", category=DeprecationWarning)
        yield


def fetch(table: ir.Table) -> pa.Table:
    """The rows of an expression, as Arrow."""
    with _without_renaming_warning():
        return table.to_pyarrow()


def batches(table: ir.Table, rows: int = 500_000) -> Iterator[pa.RecordBatch]:
    """The rows of an expression in batches that are not empty, so that a large table is never held twice."""
    backend = table.get_backend()
    if backend.name == "duckdb":  # Ibis 12 streams through a method that DuckDB 2 no longer has
        stream = backend._to_duckdb_relation(table).to_arrow_reader(rows)  # noqa: SLF001
    else:
        stream = table.to_pyarrow_batches(chunk_size=rows)
    for batch in stream:
        if batch.num_rows:
            yield batch


def registered(connection: Any, name: str, table: pa.Table) -> ir.Table:
    """An Arrow table under ``name`` on a DuckDB connection, without a copy."""
    # Ibis 12's own create_table(table) drops its view with a statement that DuckDB 2 does not parse.
    connection.con.register(name, table)
    with _without_renaming_warning():
        return connection.table(name)


def read_segments(paths: Mapping[FactKind | str, Iterable[Path | str]], connection: Any | None = None) -> Tables:
    """Sealed Parquet segments as tables on one DuckDB connection. A kind without files is an empty table."""
    connection = connection or connect()
    given = {FactKind(kind): [str(path) for path in files] for kind, files in paths.items()}
    tables: Tables = {}
    for kind in FactKind:
        files = given.get(kind, [])
        if files:
            with _without_renaming_warning():
                tables[kind] = connection.read_parquet(files)
        else:
            tables[kind] = registered(connection, f"no_{kind}", segment_schema(kind).empty_table())
    return tables


def live(tables: Mapping[FactKind, ir.Table], cut: int | None = None) -> Tables:
    """The facts that count as of ``cut`` (a ``seq``, included; None: all), with people and outcomes resolved.

    Of the revisions of one (source, source_ref) whose batch was not taken back the highest stands; if it is a void the
    fact is gone. Person keys become canonical, and a party's ``outcome`` becomes the standing revision's ``fact_id``.
    ``tables`` may lack kinds; the answer has those given, without ``void``.
    """
    seen = {kind: table if cut is None else table.filter(table.seq <= cut) for kind, table in tables.items()}
    count, revised = _state(seen)
    voided = seen[FactKind.VOID].select("batch").distinct() if count.get(FactKind.VOID) else None
    standing: Tables = {
        kind: _standing(table, voided, revised=revised[kind])
        for kind, table in seen.items()
        if kind is not FactKind.VOID
    }
    changed = voided is not None or revised.get(FactKind.OUTCOME)
    if FactKind.PARTY in standing and FactKind.OUTCOME in standing and changed:
        standing[FactKind.PARTY] = _with_standing_outcome(
            standing[FactKind.PARTY], seen[FactKind.OUTCOME], standing[FactKind.OUTCOME]
        )
    if count.get(FactKind.IDENTITY):
        merges = canonical(standing[FactKind.IDENTITY])
        for kind, names in _PERSON_COLUMNS.items():
            if merges and kind in standing:
                standing[kind] = _merged(standing[kind], names, merges)
    return standing


def _state(tables: Mapping[FactKind, ir.Table]) -> tuple[dict[FactKind, int], dict[FactKind, bool]]:
    """By kind, how many facts there are, and whether any was revised: most kinds of most houses never are."""
    if not tables:
        return {}, {}
    asked = [
        table.agg(facts=table.count(), revision=table.revision.max()).mutate(of=ibis.literal(kind.value))
        for kind, table in tables.items()
    ]
    rows = fetch(ibis.union(*asked) if len(asked) > 1 else asked[0]).to_pylist()
    counts = {FactKind(row["of"]): row["facts"] for row in rows}
    return counts, {FactKind(row["of"]): bool(row["revision"]) for row in rows}


def _standing(table: ir.Table, voided: ir.Table | None, *, revised: bool) -> ir.Table:
    if voided is not None:
        table = table.anti_join(voided, "batch")
    if not revised:
        return table.filter(~table.void)
    # Only references that were ever revised are ranked: sorting all of them costs more than all the rest.
    name = ["source", "source_ref"]
    again = table.filter(table.revision > 0).select(*name).distinct()
    once = table.anti_join(again, name)
    several = table.semi_join(again, name)
    latest = ibis.row_number().over(ibis.window(group_by=name, order_by=[ibis.desc("revision"), ibis.desc("seq")]))
    ranked = several.mutate(standing_rank=latest)
    ranked = ranked.filter(ranked.standing_rank == 0).drop("standing_rank")
    both = once.union(ranked)
    return both.filter(~both.void)


def _with_standing_outcome(parties: ir.Table, all_outcomes: ir.Table, standing: ir.Table) -> ir.Table:
    """A party names the outcome's id of the day it was posted; later revisions have ids of their own."""
    posted = all_outcomes.select("source", "source_ref", posted_id="fact_id")
    now = standing.select("source", "source_ref", standing_id="fact_id")
    link = posted.join(now, ["source", "source_ref"]).select("posted_id", "standing_id")
    joined = parties.join(link, parties.outcome == link.posted_id)
    return joined.mutate(outcome=joined.standing_id).select(*parties.columns)


def canonical(identity: ir.Table) -> dict[Any, Any]:
    """Which key each merged person is read under, chains followed. The latest merge of a key wins.

    Keys that were merged in a circle are read under the smallest of them.
    """
    rows = fetch(identity.order_by("seq").select("person_key", "into_key"))
    into = dict(zip(rows["person_key"].to_pylist(), rows["into_key"].to_pylist(), strict=True))
    answer: dict[Any, Any] = {}
    for start in into:
        trail = [start]
        while trail[-1] in into and trail[-1] not in answer:
            following = into[trail[-1]]
            if following in trail:
                trail.append(min(trail[trail.index(following) :]))
                break
            trail.append(following)
        end = answer.get(trail[-1], trail[-1])
        answer.update(dict.fromkeys(trail[:-1], end))
    return {key: end for key, end in answer.items() if key != end}


def _merged(table: ir.Table, names: tuple[str, ...], merges: Mapping[Any, Any]) -> ir.Table:
    key_type = table[names[0]].type().to_pyarrow()
    merged, into = pa.array(merges.keys(), key_type), pa.array(merges.values(), key_type)
    map_table = ibis.memtable(pa.table({"merged_key": merged, "canonical_key": into}))
    for name in names:
        joined = table.left_join(map_table, table[name] == map_table.merged_key)
        table = joined.mutate(**{name: joined.canonical_key.coalesce(joined[name])}).select(*table.columns)
    return table


def conform(table: ir.Table, kind: FactKind) -> ir.Table:
    """Add the columns of ``kind`` that ``table`` lacks, empty. What it has keeps its type."""
    missing = {
        column.name: ibis.null(_IBIS[column.type]) for column in columns(kind) if column.name not in table.columns
    }
    return table.mutate(**missing) if missing else table


_IBIS: dict[ColumnType, str] = {
    ColumnType.UUID: "binary",
    ColumnType.TEXT: "string",
    ColumnType.INTEGER: "int64",
    ColumnType.BOOLEAN: "boolean",
    ColumnType.MOMENT: "timestamp('UTC')",
    ColumnType.DATE: "date",
}
