"""Weekly margins from a file: what each row says, and why one can't be taken."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from fourfold.base.money import BadMoney, parse_minor
from fourfold.jobs.rules import tables
from fourfold.jobs.types.placing import MarginRow, PlacingRefused, Rejected

COLUMNS = ("placement", "week_ending", "units", "margin", "currency")
NEEDED = ("placement", "week_ending", "margin")


def read(
    text: str, *, placements: Mapping[str, tuple[UUID, str, date, date]], today: date
) -> tuple[list[MarginRow], list[Rejected]]:
    """The rows of a file that can be taken, and those that can't with their reason.

    ``placements`` by key and by reference of another system: (key, currency, first day, last day) of their assignment.
    Raises PlacingRefused where the file as a whole can't be read.
    """
    rows: list[MarginRow] = []
    rejected: list[Rejected] = []
    seen: set[tuple[UUID, date]] = set()
    for number, cells in tables.rows_of(text, COLUMNS, needed=NEEDED, refused=PlacingRefused):
        if not cells["margin"] and not cells["week_ending"]:
            continue  # a line of the template that nobody filled in
        try:
            row = _row(number, cells, placements, today)
            if (row.placement, row.week_ending) in seen:
                raise _BadRowError("this week stands twice in the file for this placement.")
            seen.add((row.placement, row.week_ending))
            rows.append(row)
        except _BadRowError as error:
            rejected.append(Rejected(number, tuple(cells.values()), str(error)))
    return rows, rejected


class _BadRowError(ValueError):
    """One row that can't be taken; its words are the reason."""


def _row(
    number: int, cells: dict[str, str], placements: Mapping[str, tuple[UUID, str, date, date]], today: date
) -> MarginRow:
    if why := tables.too_long(cells):
        raise _BadRowError(why)
    found = placements.get(cells["placement"].casefold())
    if found is None:
        raise _BadRowError("no running or finished assignment is known by this placement.")
    key, currency, first, last = found
    try:
        week = date.fromisoformat(cells["week_ending"])
    except ValueError:
        raise _BadRowError(f"week_ending “{cells['week_ending']}” is no day like 2026-03-08.") from None
    if week > today + timedelta(days=6):
        raise _BadRowError("the week has not begun yet.")
    if week < first or week > last + timedelta(days=6):
        raise _BadRowError(f"the assignment ran from {first} to {last}; this week lies outside.")
    if cells["currency"] and cells["currency"].upper() != currency:
        raise _BadRowError(f"the placement is in {currency}, not {cells['currency'].upper()}.")
    try:
        margin = parse_minor(cells["margin"], currency)
        units = parse_minor(cells["units"], "GBP") if cells["units"] else None
    except BadMoney as error:
        raise _BadRowError(f"{error.what} {error.why}") from None
    if units is not None and not 0 <= units <= 16_800:
        raise _BadRowError("units are hours or days of one week: at most 168.")
    return MarginRow(number, key, week, units, margin, currency)


def as_csv(rows: Sequence[Sequence[str]]) -> str:
    """Rows as the text of a file."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
