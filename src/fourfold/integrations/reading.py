"""Reads files row by row, as text: CSV and TSV in whatever encoding and with whatever delimiter, and Parquet."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from fourfold.integrations.types import FileRefused, Sample

SAMPLE_ROWS = 5
MAX_COLUMNS = 300
CELL_LIMIT = 100_000


def sample(path: Path) -> Sample:
    """The header, the first rows, the encoding and the delimiter. Raises FileRefused."""
    if is_parquet(path):
        header, rows = read_parquet(path)
        return Sample(header, tuple(_first(rows)), "parquet", "")
    encoding, delimiter = detect(path)
    with _open_csv(path, encoding, delimiter) as (header, rows):
        return Sample(header, tuple(_first(rows)), encoding, delimiter)


def _first(rows: Iterator[list[str]]) -> Iterator[tuple[str, ...]]:
    for _, row in zip(range(SAMPLE_ROWS), rows, strict=False):
        yield tuple(cell[:80] for cell in row)


def is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def rows(path: Path) -> Iterator[tuple[int, dict[str, str] | None, list[str]]]:
    """Each row as (number in the file, cells by header or None where their number differs, cells). Raises FileRefused.

    The header is row 1; empty rows are passed over, but counted.
    """
    if is_parquet(path):
        header, found = read_parquet(path)
        for number, cells in enumerate(found, start=2):
            yield number, dict(zip(header, cells, strict=True)), cells
        return
    with _open_csv(path, *detect(path)) as (header, found):
        number = 1
        try:
            for number, cells in enumerate(found, start=2):
                if any(cell.strip() for cell in cells):
                    fits = len(cells) == len(header)
                    yield number, dict(zip(header, cells, strict=True)) if fits else None, cells
        except (csv.Error, UnicodeDecodeError) as error:
            raise FileRefused(
                "The file was not read to its end.",
                f"After row {number} it is not text in columns ({error}).",
                "Open it, look at that row, and save it as CSV UTF-8.",
            ) from error


@contextmanager
def _open_csv(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[tuple[str, ...], Iterator[list[str]]]]:
    csv.field_size_limit(CELL_LIMIT)
    with path.open(encoding=encoding, newline="") as file:
        found = csv.reader(file, delimiter=delimiter)
        header = next(found, [])
        yield checked_header(header, path.name), found


def checked_header(header: list[str], name: str) -> tuple[str, ...]:
    """The header's names, stripped. Raises FileRefused for none, too many, or one name twice."""
    names = tuple(cell.strip() for cell in header)
    if not any(names):
        raise FileRefused(
            f"{name} was not read.", "Its first row is empty.", "Put the columns' names into the first row."
        )
    if len(names) > MAX_COLUMNS:
        raise FileRefused(
            f"{name} was not read.", f"It has {len(names)} columns.", f"Keep the ones you need: at most {MAX_COLUMNS}."
        )
    twice = sorted({one for one in names if one and names.count(one) > 1})
    if twice:
        raise FileRefused(f"{name} was not read.", f"Two columns are named {', '.join(twice)}.", "Name each its own.")
    return tuple(one or f"column {position}" for position, one in enumerate(names, start=1))


def detect(path: Path) -> tuple[str, str]:
    """Encoding and delimiter of a text file. Raises FileRefused for an empty file or one that is not text."""
    with path.open("rb") as file:
        head = file.read(1_000_000)
        if not head.strip():
            raise FileRefused(f"{path.name} was not read.", "It is empty.", "Choose the file that holds your rows.")
        encoding = _encoding(file, head, path.name)
    first = head.decode(encoding, errors="replace").splitlines()[0]
    delimiter = max(",;\t|", key=first.count)
    return encoding, delimiter if delimiter in first else ","


def _encoding(file: IO[bytes], head: bytes, name: str) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\x00" in head:
        why = (
            "It is an Excel workbook or another program's own format."
            if head[:2] in {b"PK", b"\xd0\xcf"}
            else "It is not text."
        )
        raise FileRefused(f"{name} was not read.", why, "Save it as CSV UTF-8 or Parquet and choose that file.")
    if head.startswith(b"PK\x03\x04"):
        raise FileRefused(
            f"{name} was not read.",
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


def read_parquet(path: Path) -> tuple[tuple[str, ...], Iterator[list[str]]]:
    """Header and rows of a Parquet file, as text. Raises FileRefused."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
    except pa.ArrowInvalid as error:
        raise FileRefused(f"{path.name} was not read.", "It is cut or damaged.", "Write the file anew.") from error

    def found() -> Iterator[list[str]]:
        for batch in file.iter_batches(batch_size=10_000):
            for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                yield [_text(value) for value in values]

    return checked_header(list(file.schema_arrow.names), path.name), found()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return str(value)
