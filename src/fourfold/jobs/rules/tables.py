"""Tables that a house brings as a file: their rows, or what is wrong with the file as a whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from fourfold.base.errors import FourfoldError

LARGEST = 5 * 1024 * 1024
MOST_ROWS = 20_000
LONGEST = 120
ENDLESS = 100_000
"""Characters: no cell of a table is that long but one whose quotation mark was never closed."""
NOT_READ = "The file was not read."

Refused = type[FourfoldError]


def text_of(data: bytes, *, refused: Refused) -> str:
    """A file's text. Raises ``refused`` (larger than 5 MB, no text in UTF-8)."""
    if len(data) > LARGEST:
        raise refused(NOT_READ, "It is larger than 5 MB.", "Cut it in two.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise refused(NOT_READ, "It is no text in UTF-8.", "Save it as “CSV UTF-8” in your spreadsheet.")
    return text


def rows_of(
    text: str, columns: Sequence[str], *, needed: Sequence[str], refused: Refused
) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row's number, as a spreadsheet counts, and what stands in ``columns``; other columns are passed over.

    Raises ``refused`` (a needed column is missing, too many rows, a cell that never ends).
    """
    number = 0
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    try:
        head = [(name or "").strip().casefold().replace(" ", "_") for name in reader.fieldnames or ()]
        _require_ends(head)
        reader.fieldnames = head
        lacking = [name for name in needed if name not in head]
        if lacking:
            raise refused(NOT_READ, f"It has no column {', '.join(lacking)}.", "Add it, and try again.")
        for number, held in enumerate(reader, start=2):
            if number > MOST_ROWS + 1:
                raise refused(NOT_READ, f"It has more than {MOST_ROWS:,} rows.", "Cut it in two.")
            _require_ends(held.values())
            yield number, {name: (held.get(name) or "").strip() for name in columns}
    except csv.Error:  # Python's own limit of a cell may have been raised by other readers of this process
        raise refused(
            NOT_READ, f"A cell after row {number} has no end.", "Look there for a quotation mark too many."
        ) from None


def _require_ends(cells: Iterable[str | None]) -> None:
    if any(len(cell) > ENDLESS for cell in cells if cell):
        raise csv.Error


def too_long(cells: dict[str, str]) -> str:
    """Why a row with these cells can't be taken; "" if none is too long."""
    for name, text in cells.items():
        if len(text) > LONGEST:
            return f"{name} is longer than {LONGEST} letters."
    return ""
