"""Reads files row by row, as text: CSV and TSV in whatever encoding and with whatever delimiter, and Parquet."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any

from fourfold.integrations.types import FileRefused, Sample

SAMPLE_ROWS = 5
MAX_COLUMNS = 300
CELL_LIMIT = 100_000


def sample(path: Path) -> Sample:
    """The header, the first rows, the encoding and the delimiter. Raises FileRefused."""
    encoding, delimiter = ("parquet", "") if is_parquet(path) else detect(path)
    with closing(records(path)) as found:
        header = checked_header(next(found, []))
        first = tuple(tuple(cell[:80].replace("\0", "�") for cell in row) for row in islice(found, SAMPLE_ROWS))
    return Sample(header, first, encoding, delimiter)


def is_parquet(path: Path) -> bool:
    """Whether the file says so of itself. Raises FileRefused for one that is gone."""
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PAR1"
    except FileNotFoundError as error:
        raise FileRefused(
            "The file was not read.", "It is not kept any more.", "Choose it again from where it came."
        ) from error


def rows(path: Path) -> Iterator[tuple[int, dict[str, str] | None, list[str]]]:
    """Each row as (number in the file, cells by header or None where their number differs, cells). Raises FileRefused.

    The header is row 1; empty rows are passed over, but counted.
    """
    with closing(records(path)) as found:
        header = checked_header(next(found, []))
        for number, cells in enumerate(found, start=2):
            if any(cell.strip() for cell in cells):
                fits = len(cells) == len(header)
                yield number, dict(zip(header, cells, strict=True)) if fits else None, cells


def records(path: Path) -> Generator[list[str]]:
    """The header's cells, then every row's, as text. Raises FileRefused for a file that can't be read to its end."""
    number = 0
    found = _parquet(path) if is_parquet(path) else _csv(path, *detect(path))
    try:
        with closing(found):
            for cells in found:
                number += 1
                yield cells
    except (csv.Error, ValueError, OSError, NotImplementedError) as error:  # encodings and Arrow raise these
        raise FileRefused(
            "The file was not read to its end.",
            f"After row {number} it is not rows of cells ({error})." if number else f"It is cut or damaged ({error}).",
            "Open it, look at that place, and save it as CSV UTF-8 or Parquet.",
        ) from error


def _csv(path: Path, encoding: str, delimiter: str) -> Generator[list[str]]:
    csv.field_size_limit(CELL_LIMIT)
    with path.open(encoding=encoding, newline="") as file:
        yield from csv.reader(file, delimiter=delimiter)


def rewrite(path: Path, keep: Callable[[Sequence[str]], bool]) -> int:
    """Write the file anew without the rows that ``keep`` refuses, in its own format. Returns how many went."""
    fresh, gone = path.with_name(f"{path.name}.new"), 0
    with closing(records(path)) as found:
        header = next(found, [])
        with _writer(path, fresh, header) as write:
            for cells in found:
                if keep(cells):
                    write(cells)
                else:
                    gone += 1
    if gone:
        fresh.replace(path)
    else:
        fresh.unlink()
    return gone


@contextmanager
def _writer(path: Path, fresh: Path, header: Sequence[str]) -> Iterator[Callable[[Sequence[str]], object]]:
    """Writes rows into ``fresh`` as ``path`` holds them; Parquet's cells become text, as they are read."""
    if not is_parquet(path):
        encoding, delimiter = detect(path)
        with fresh.open("w", encoding=encoding, newline="") as file:
            lines = csv.writer(file, delimiter=delimiter)
            lines.writerow(header)
            yield lines.writerow
        return
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, pa.string()) for name in header])
    held: list[Sequence[str]] = []
    yield held.append
    columns = [list(column) for column in zip(*held, strict=True)] if held else [[] for _ in header]
    pq.write_table(pa.table(columns, schema=schema), fresh)


def checked_header(header: list[str]) -> tuple[str, ...]:
    """The header's names, stripped. Raises FileRefused for none, too many, or one name twice."""
    names = tuple(cell.replace("\0", "").strip() for cell in header)
    if not any(names):
        raise FileRefused(
            "The file was not read.", "Its first row is empty.", "Put the columns' names into the first row."
        )
    if len(names) > MAX_COLUMNS:
        raise FileRefused(
            "The file was not read.", f"It has {len(names)} columns.", f"Keep the ones you need: at most {MAX_COLUMNS}."
        )
    twice = sorted({one for one in names if one and names.count(one) > 1})
    if twice:
        raise FileRefused("The file was not read.", f"Two columns are named {', '.join(twice)}.", "Name each its own.")
    return tuple(one or f"column {position}" for position, one in enumerate(names, start=1))


def detect(path: Path) -> tuple[str, str]:
    """Encoding and delimiter of a text file. Raises FileRefused for an empty file or one that is not text."""
    with path.open("rb") as file:
        head = file.read(1_000_000)
        if not head.strip():
            raise FileRefused("The file was not read.", "It is empty.", "Choose the file that holds your rows.")
        encoding = _encoding(file, head)
    lines = re.sub(r'"[^"]*"', "", head.decode(encoding, errors="replace")).splitlines()
    first = lines[0] if lines else ""
    delimiter = max(",;\t|", key=first.count)
    return encoding, delimiter if delimiter in first else ","


def _encoding(file: IO[bytes], head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\x00" in head:
        why = (
            "It is an Excel workbook or another program's own format."
            if head[:2] in {b"PK", b"\xd0\xcf"}
            else "It is not text."
        )
        raise FileRefused("The file was not read.", why, "Save it as CSV UTF-8 or Parquet and choose that file.")
    if head.startswith(b"PK\x03\x04"):
        raise FileRefused(
            "The file was not read.",
            "It is an Excel workbook or an archive.",
            "Save the sheet as CSV UTF-8 and choose that.",
        )
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        while block := file.read(1_000_000):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _parquet(path: Path) -> Generator[list[str]]:
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


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return str(value)
