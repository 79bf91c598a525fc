"""Reads files row by row, as text: CSV and TSV, workbooks, and Parquet."""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

from fourfold.integrations.reading import parquet, text, workbook
from fourfold.integrations.reading.archive import is_zip, unpack
from fourfold.integrations.reading.greenhouse import tables as greenhouse_tables
from fourfold.integrations.reading.met import Met, SeenOnDisk
from fourfold.integrations.types import FileRefused, Sample

__all__ = [
    "Met", "SeenOnDisk", "checked_header", "form_of", "greenhouse_tables", "is_zip", "leave_out", "records", "rewrite",
    "rows", "sample", "sheets", "unpack",
]  # fmt: skip

SAMPLE_ROWS = 5
HEADER_ROWS = 20
MAX_COLUMNS = 300

HeaderFinder = Callable[[Sequence[Sequence[str]]], int]
"""Says which of a file's first rows names its columns, from 0."""


def sheets(path: Path) -> tuple[str, ...]:
    """The sheets of a workbook; none of another file. Raises FileRefused for a workbook that can't be read."""
    if form_of(path) != "workbook":
        return ()
    workbook.require_readable(path)
    return workbook.sheets(path)


def sample(path: Path, *, sheet: str = "", find: HeaderFinder | None = None) -> Sample:
    """The header, the first rows, the encoding and the delimiter. Raises FileRefused.

    Without ``find`` the first row is the header. ``sheet`` is a workbook's; left out: its first.
    """
    form = form_of(path)
    names = sheets(path)
    sheet = sheet or (names[0] if names else "")
    with closing(records(path, sheet)) as found:
        first = _head(found)
        place = find(first) if find and first else 0
        header = checked_header(_trimmed(first[place], form) if first else [])
        rest = [*first[place + 1 :], *islice(found, SAMPLE_ROWS)]
    filled = [row for row in rest if any(cell.strip() for cell in row)] if form == "workbook" else rest
    rows_ = tuple(tuple(cell[:80].replace("\0", "�") for cell in row[: _width(header, form)]) for row in filled)
    encoding, delimiter = text.detect(path) if form == "text" else (form, "")
    return Sample(header, rows_[:SAMPLE_ROWS], encoding, delimiter, sheet, names, place + 1)


def _head(found: Iterator[list[str]]) -> list[list[str]]:
    """The first rows. Damage that begins after a few of them is told when all rows are read."""
    first: list[list[str]] = []
    try:
        first.extend(islice(found, HEADER_ROWS))
    except FileRefused:
        if len(first) <= SAMPLE_ROWS:
            raise
    return first


def _trimmed(header: list[str], form: str) -> list[str]:
    """A sheet is as wide as its widest row: columns after the last name are none of the table's."""
    last = max((place for place, cell in enumerate(header, start=1) if cell.strip()), default=0)
    return header[:last] if form == "workbook" else header


def _width(header: Sequence[str], form: str) -> int | None:
    return len(header) if form == "workbook" else None


def form_of(path: Path) -> str:
    """parquet, workbook or text, as the file says of itself. Raises FileRefused for one that is gone."""
    try:
        with path.open("rb") as file:
            if file.read(4) == b"PAR1":
                return "parquet"
        return "workbook" if workbook.is_workbook(path) else "text"
    except FileNotFoundError as error:
        raise FileRefused(
            "The file was not read.", "It is not kept any more.", "Choose it again from where it came."
        ) from error


def rows(path: Path, like: Sample | None = None) -> Iterator[tuple[int, dict[str, str] | None, list[str]]]:
    """Each row as (number in the file, cells by header or None where their number differs, cells). Raises FileRefused.

    Rows count from 1; ``like`` says on which sheet they are and which row is the header. Empty rows are passed over,
    but counted.
    """
    place, form = (like.header_row if like else 1), form_of(path)
    with closing(records(path, like.sheet if like else "")) as found:
        header = checked_header(_trimmed(next(islice(found, place - 1, None), []), form))
        width = _width(header, form)
        for number, cells in enumerate(found, start=place + 1):
            cells = cells[:width]
            if any(cell.strip() for cell in cells):
                fits = len(cells) == len(header)
                yield number, dict(zip(header, cells, strict=True)) if fits else None, cells


def records(path: Path, sheet: str = "") -> Generator[list[str]]:
    """Every row as text, titles and header too. Raises FileRefused for a file that can't be read to its end."""
    number, form = 0, form_of(path)
    if form == "workbook":
        found = workbook.records(path, sheet)
    else:
        found = parquet.records(path) if form == "parquet" else text.records(path)
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


def rewrite(path: Path, keep: Callable[[Sequence[str]], bool], like: Sample | None = None) -> int:
    """Write the file anew without the rows that ``keep`` refuses. Returns how many went.

    Text and Parquet keep their format. Of a workbook the sheet that is imported is kept, as CSV; its other sheets and
    the titles above the header go with the first row that goes.
    """
    fresh, gone, form = path.with_name(f"{path.name}.new"), 0, form_of(path)
    place = like.header_row if like else 1
    with closing(records(path, like.sheet if like else "")) as found:
        above = list(islice(found, place - 1))
        header = _trimmed(next(found, []), form)
        gone += sum(not keep(cells) for cells in above)
        with _writer(path, fresh, header, form) as write:
            for cells in found:
                if keep(cells):
                    write(cells[: _width(header, form)])
                else:
                    gone += 1
    for other in sheets(path):
        if like and other != like.sheet:
            with closing(records(path, other)) as found:
                gone += sum(not keep(cells) for cells in found)
    if gone:
        fresh.replace(path)
    else:
        fresh.unlink()
    return gone


def leave_out(path: Path, target: Path, columns: Collection[str], like: Sample) -> None:
    """Write a table anew as CSV without some columns. Of rows that don't fit the header nothing stays but their place.

    Raises FileRefused for a file that can't be read to its end.
    """
    with closing(records(path, like.sheet)) as found, target.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        for number, cells in enumerate(found, start=1):
            if number < like.header_row:
                lines.writerow(cells)
                continue
            held = cells[: len(like.headers)] if like.is_workbook else cells
            if len(held) == len(like.headers):
                lines.writerow(cell for header, cell in zip(like.headers, held, strict=True) if header not in columns)
            else:
                lines.writerow(
                    [""] * (len(like.headers) - len(columns)) + ["…"] if any(cell.strip() for cell in held) else []
                )


@contextmanager
def _writer(path: Path, fresh: Path, header: Sequence[str], form: str) -> Iterator[Callable[[Sequence[str]], object]]:
    """Writes rows into ``fresh`` as ``path`` holds them; Parquet's cells become text, as they are read."""
    if form == "parquet":
        held: list[Sequence[str]] = []
        yield held.append
        parquet.write(fresh, header, held)
        return
    encoding, delimiter = ("utf-8-sig", ",") if form == "workbook" else text.detect(path)
    with fresh.open("w", encoding=encoding, newline="") as file:
        lines = csv.writer(file, delimiter=delimiter)
        lines.writerow(header)
        yield lines.writerow


def checked_header(header: Sequence[str]) -> tuple[str, ...]:
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
