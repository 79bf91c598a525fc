"""Spend of the period, by the key that is credited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fourfold.evidence.facts import conform, fetch
from fourfold.evidence.paths import Floats
from fourfold.evidence.reading import Coded, coded, floats_of
from fourfold.evidence.types import NOT_NAMED, PLACES, SPEND_DIMENSIONS, By, FactKind, Question, Refusal

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class SpendByKey:
    """``amounts`` by key in the table's unit; None where ROI is refused."""

    amounts: dict[str, float] | None
    refusals: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class SpendRows:
    """All rows of spend. ``first``, ``beyond``: days since 1970, NaN where undated; ``beyond`` is not included."""

    keys: dict[By, Coded]
    places: dict[str, Coded]
    currency: Coded
    amount: Floats
    first: Floats
    beyond: Floats


def read_spend(table: ir.Table) -> SpendRows:
    """Read spend once, for all questions."""
    dimensions = [by for by in sorted(SPEND_DIMENSIONS) if by.value in table.columns]
    rows = conform(table, FactKind.SPEND)
    names = {by.value: rows[by.value].cast("string").nullif("") for by in dimensions}
    days = {name: rows[name].cast("date") for name in ("from_date", "to_date")}
    names |= {place: rows[place].cast("string").nullif("") for place in PLACES}
    found = fetch(rows.select("currency", "amount_minor", **names, **days))
    first, last = (_days(found[name]) for name in ("from_date", "to_date"))
    return SpendRows(
        keys={by: coded(found[by.value]) for by in dimensions},
        places={place: coded(found[place]) for place in PLACES},
        currency=coded(found["currency"]),
        amount=floats_of(found["amount_minor"]),
        first=first,
        beyond=np.where(np.isnan(last), first, last) + 1,
    )


def spend_by_key(spend: SpendRows, question: Question, *, currency: str | None) -> SpendByKey:
    """Add up spend by ``question.by``. A row that reaches over the period's edge counts by its days inside.

    ``currency``: that of the credited money (None where there is none). Spend without the dimension, or in other
    currencies, gives a Refusal.
    """
    by = question.by
    if by not in spend.keys:
        reason = f"ROI by {by.value} was not computed: spend has no {by.value}, and it is not guessed."
        return SpendByKey(None, (Refusal(reason, about="roi"),))
    chosen = np.ones(len(spend.amount), dtype=np.bool_)
    for column, value in question.where:
        place = spend.places[column]
        if not (place.codes[chosen] >= 0).any():
            reason = f"ROI of {column} {value} was not computed: no spend names its {column}, and it is not guessed."
            return SpendByKey(None, (Refusal(reason, about="roi"),))
        chosen &= place.codes == place.code(value)
    if question.currency is not None:
        chosen &= (spend.currency.codes < 0) | (spend.currency.codes == spend.currency.code(question.currency))
    currencies = [code for code in spend.currency.among(chosen) if code]
    if len(currencies) > 1 or (currency and currencies and currencies != [currency]):
        named = ", ".join(sorted({*currencies, *([currency] if currency else [])}))
        reason = f"ROI was not computed: money is in {named}, and two currencies are never added."
        return SpendByKey(None, (Refusal(reason, have=len(currencies), need=1, about="roi"),))
    keys = spend.keys[by]
    names = [*keys.names, NOT_NAMED]
    code = np.where(keys.codes < 0, len(keys.names), keys.codes)[chosen]
    parts = np.nan_to_num(spend.amount * _part_inside(spend, question))[chosen]
    sums = np.bincount(code, weights=parts, minlength=len(names))
    amounts = {name: float(amount) for name, amount in sorted(zip(names, sums, strict=True)) if amount}
    return SpendByKey(amounts, notes=("Spend that reaches over the period's edge counts by its days inside.",))


def _part_inside(spend: SpendRows, question: Question) -> Floats:
    """The part of each row's days (both ends included) that lies in the period; undated rows count in full."""
    start, end = _day(question.start), _day(question.end)
    low = spend.first if start is None else np.maximum(spend.first, (start - EPOCH).days)
    high = spend.beyond if end is None else np.minimum(spend.beyond, (end - EPOCH).days)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.maximum(high - low, 0.0) / (spend.beyond - spend.first)
    return np.where(np.isfinite(part), part, 1.0)


def _days(column: pa.ChunkedArray) -> Floats:
    """Days since 1970; NaN where empty."""
    return floats_of(pc.cast(column, pa.int32()))


def _day(moment: date | datetime | None) -> date | None:
    """The day a period's bound names: on its own wall clock if it is a moment."""
    if isinstance(moment, datetime):
        return moment.astimezone(moment.tzinfo or UTC).date()
    return moment
