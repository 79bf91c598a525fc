"""Parquet, row by row, as text."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any


def records(path: Path) -> Generator[list[str]]:
    """The names of the columns, then every row's cells."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        yield list(file.schema_arrow.names)
        for batch in file.iter_batches(batch_size=10_000):
            columns = [
                column.cast(pa.timestamp("us", column.type.tz), safe=False)
                if pa.types.is_timestamp(column.type)
                else column
                for column in batch.columns
            ]
            for values in zip(*(column.to_pylist() for column in columns), strict=True):
                yield [_text(value) for value in values]


def write(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write rows of text, as they are read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, pa.string()) for name in header])
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in header]
    pq.write_table(pa.table(columns, schema=schema), path)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return str(value)
