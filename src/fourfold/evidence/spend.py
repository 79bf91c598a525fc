"""Spend of the period, by the key that is credited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import ibis
import ibis.expr.types as ir

from fourfold.evidence.facts import conform, fetch
from fourfold.evidence.types import NOT_NAMED, SPEND_DIMENSIONS, FactKind, Question, Refusal


@dataclass(frozen=True, slots=True)
class SpendByKey:
    """``amounts`` by key in the table's unit; None where ROI is refused."""

    amounts: dict[str, float] | None
    refusals: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()


def read_spend(table: ir.Table, question: Question, *, currency: str | None) -> SpendByKey:
    """Add up spend by ``question.by``. A row that reaches over the period's edge counts by its days inside.

    ``currency``: that of the credited money (None where there is none). Spend without the dimension, or in other
    currencies, gives a Refusal.
    """
    by = question.by
    if by not in SPEND_DIMENSIONS or by.value not in table.columns:
        reason = f"ROI by {by.value} was not computed: spend has no {by.value}, and it is not guessed."
        return SpendByKey(None, (Refusal(reason, about="roi"),))
    rows = conform(table, FactKind.SPEND)
    for column, value in question.where:
        named = rows[column].nullif("").notnull()
        if not fetch(rows.agg(any=named.any()))["any"][0].as_py():
            reason = f"ROI of {column} {value} was not computed: no spend names its {column}, and it is not guessed."
            return SpendByKey(None, (Refusal(reason, about="roi"),))
        rows = rows.filter(rows[column] == value)
    if question.currency is not None:
        rows = rows.filter(rows.currency.fill_null(question.currency) == question.currency)
    currencies = sorted(code for code in fetch(rows.select("currency").distinct())["currency"].to_pylist() if code)
    if len(currencies) > 1 or (currency and currencies and currencies != [currency]):
        named = ", ".join(sorted({*currencies, *([currency] if currency else [])}))
        reason = f"ROI was not computed: money is in {named}, and two currencies are never added."
        return SpendByKey(None, (Refusal(reason, have=len(currencies), need=1, about="roi"),))
    amount = rows.amount_minor.cast("float64") * _part_inside(rows, question)
    keyed = rows.select(key=rows[by.value].cast("string").nullif("").fill_null(NOT_NAMED), amount=amount)
    found = keyed.group_by("key").agg(amount=keyed.amount.sum()).filter(lambda t: t.amount != 0).order_by("key")
    answer = fetch(found)
    amounts = dict(zip(answer["key"].to_pylist(), answer["amount"].to_pylist(), strict=True))
    return SpendByKey(amounts, notes=("Spend that reaches over the period's edge counts by its days inside.",))


def _part_inside(rows: ir.Table, question: Question) -> ir.FloatingValue:
    """The part of each row's days (both ends included) that lies in the period; undated rows count in full."""
    first = rows.from_date.cast("date")
    beyond = rows.to_date.cast("date").coalesce(first) + ibis.interval(days=1)
    start, end = _day(question.start), _day(question.end)
    low = ibis.greatest(first, ibis.literal(start)) if start else first
    high = ibis.least(beyond, ibis.literal(end)) if end else beyond
    inside = ibis.greatest(high.delta(low, unit="day").cast("float64"), 0.0)
    return (inside / beyond.delta(first, unit="day").cast("float64")).fill_null(1.0)


def _day(moment: date | datetime | None) -> date | None:
    """The day a period's bound names: on its own wall clock if it is a moment."""
    if isinstance(moment, datetime):
        return moment.astimezone(moment.tzinfo or UTC).date()
    return moment
