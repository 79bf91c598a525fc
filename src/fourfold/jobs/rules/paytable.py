"""A table of pay from a file: what each row says, and why one can't be taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fourfold.base.money import BadMoney, parse_minor
from fourfold.jobs.rules import tables
from fourfold.jobs.types.rows import JobRefused
from fourfold.jobs.types.words import JobKind, PayPer

COLUMNS = ("title", "kind", "country", "city", "currency", "per", "lower_quartile", "median", "upper_quartile", "n",
           "as_of", "source")  # fmt: skip
NEEDED = ("title", "kind", "currency", "per", "lower_quartile", "median", "upper_quartile", "as_of", "source")


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
    rows: list[PayRow] = []
    left: list[LeftOut] = []
    for number, cells in tables.rows_of(text, COLUMNS, needed=NEEDED, refused=JobRefused):
        try:
            rows.append(_row(cells, today))
        except ValueError as error:
            left.append(LeftOut(number, tuple(cells.values()), str(error)))
        except BadMoney as error:
            left.append(LeftOut(number, tuple(cells.values()), f"{error.what} {error.why}"))
    return rows, left


def _row(cells: dict[str, str], today: date) -> PayRow:
    if why := tables.too_long(cells):
        raise ValueError(why)
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
    if cells["n"] and not (cells["n"].isdecimal() and len(cells["n"]) <= 9):
        raise ValueError(f"n is “{cells['n']}”, not a number of people.")
    country = cells["country"].upper()
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise ValueError(f"country is “{cells['country']}”, not two letters like GB.")
    if len(cells["city"]) > 80:
        raise ValueError("city is longer than 80 letters.")
    return PayRow(
        cells["title"], JobKind(kind), country, cells["city"], currency, PayPer(per), low,
        mid, top, int(cells["n"]) if cells["n"] else None, as_of, cells["source"],
    )  # fmt: skip
