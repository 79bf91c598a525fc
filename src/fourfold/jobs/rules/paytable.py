"""A table of pay from a file: what each row says, and why one can't be taken."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fourfold.base.money import BadMoney, parse_minor
from fourfold.jobs.types.rows import JobRefused
from fourfold.jobs.types.words import JobKind, PayPer

COLUMNS = ("title", "kind", "country", "city", "currency", "per", "lower_quartile", "median", "upper_quartile", "n",
           "as_of", "source")  # fmt: skip
NEEDED = ("title", "kind", "currency", "per", "lower_quartile", "median", "upper_quartile", "as_of", "source")
MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class PayRow:
    """What is paid for a kind of work; minor units a year, day or hour."""

    title: str
    kind: JobKind
    country: str
    city: str
    currency: str
    per: PayPer
    quarter_minor: int
    median_minor: int
    top_quarter_minor: int
    n: int | None
    as_of: date
    source: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row of a file that was not taken: its line, its cells, its reason."""

    number: int
    cells: tuple[str, ...]
    why: str


def read_pay_table(text: str, *, today: date) -> tuple[list[PayRow], list[LeftOut]]:
    """The rows of a file that can be taken, and those that can't with their reason. Raises JobRefused for the whole."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    reader.fieldnames = [(name or "").strip().casefold().replace(" ", "_") for name in reader.fieldnames or ()]
    lacking = [name for name in NEEDED if name not in reader.fieldnames]
    if lacking:
        raise JobRefused("The table was not read.", f"It has no column {', '.join(lacking)}.", "Add it, and try again.")
    rows: list[PayRow] = []
    left: list[LeftOut] = []
    for number, held in enumerate(reader, start=2):
        if number > MOST_ROWS + 1:
            raise JobRefused("The table was not read.", f"It has more than {MOST_ROWS:,} rows.", "Cut it in two.")
        cells = {name: str(held.get(name) or "").strip()[:120] for name in COLUMNS}
        try:
            rows.append(_row(cells, today))
        except ValueError as error:
            left.append(LeftOut(number, tuple(cells.values()), str(error)))
        except BadMoney as error:
            left.append(LeftOut(number, tuple(cells.values()), f"{error.what} {error.why}"))
    return rows, left


def _row(cells: Mapping[str, str], today: date) -> PayRow:
    for name in ("title", "source"):
        if not cells[name]:
            raise ValueError(f"It has no {name}.")
    kind, per, currency = cells["kind"].casefold(), cells["per"].casefold(), cells["currency"].upper()
    if kind not in set(JobKind):
        raise ValueError(f"kind is “{cells['kind']}”, not {', '.join(JobKind)}.")
    if per not in set(PayPer):
        raise ValueError(f"per is “{cells['per']}”, not {', '.join(PayPer)}.")
    low, mid, top = (parse_minor(cells[name], currency) for name in ("lower_quartile", "median", "upper_quartile"))
    if not 0 < low <= mid <= top:
        raise ValueError("The three amounts are not in order: lower quartile, median, upper quartile.")
    try:
        as_of = date.fromisoformat(cells["as_of"])
    except ValueError:
        raise ValueError(f"as_of is “{cells['as_of']}”, not a day like 2026-03-31.") from None
    if as_of > today:
        raise ValueError("as_of is still to come.")
    if cells["n"] and not cells["n"].isdecimal():
        raise ValueError(f"n is “{cells['n']}”, not a number.")
    return PayRow(
        cells["title"], JobKind(kind), cells["country"].upper()[:2], cells["city"][:80], currency, PayPer(per), low,
        mid, top, int(cells["n"]) if cells["n"] else None, as_of, cells["source"],
    )  # fmt: skip
