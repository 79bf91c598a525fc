"""The scoreboard: every figure of the 4Cs page from what counts at the cut."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from fourfold.base.clock import day_start
from fourfold.evidence import changes
from fourfold.evidence.attribution import attribute
from fourfold.evidence.facts import fetch
from fourfold.evidence.types import FactKind
from fourfold.reports import rules
from fourfold.reports.compute.asking import Tables, evidence_question, told
from fourfold.reports.types import COUNTED, Period, Question

TREND_MONTHS = 24


def fourcs(question: Question, tables: Tables) -> dict[str, Any]:
    """Every figure of the 4Cs page, as JSON can hold it. Money in minor units of the question's currency."""
    outcomes = _here(tables[FactKind.OUTCOME], question)
    figures: dict[str, Any] = {}
    for kind in COUNTED:
        now, before = (_count(outcomes, kind, period, question) for period in (question.period, question.before))
        change = changes.change_of_counts(now, before, **_days(question))
        figures[f"{kind}s"] = {"value": now, "before": before, "change": told(change)}
    figures["cash"] = _cash(outcomes, question, None)
    engagements = {name: _cash(outcomes, question, name) for name in ("permanent", "retained", "contract")}
    figures["spend"] = _spend(tables, question)
    result = attribute(tables, evidence_question(question))
    return {
        "figures": figures,
        "engagements": engagements,
        "channels": [row.as_dict() for row in result.rows],
        "placements": result.n,
        "options": result.options,
        "assumptions": list(result.assumptions),
        "refusals": [refusal.as_dict() for refusal in result.refusals],
        "trend": _trend(outcomes, question),
        "other_currencies": _other_currencies(outcomes, question),
    }


def _days(question: Question) -> dict[str, int]:
    return {
        "days": (question.period.end - question.period.start).days,
        "days_before": (question.before.end - question.before.start).days,
    }


def _within(table: ir.Table, period: Period, question: Question) -> ir.Table:
    start, end = (day_start(day, question.zone) for day in (period.start, period.end))
    return table.filter((table.occurred_at >= start) & (table.occurred_at < end))


def _count(outcomes: ir.Table, kind: str, period: Period, question: Question) -> int:
    found = _within(outcomes, period, question)
    found = found.filter(found.outcome_kind == kind)
    return int(fetch(found.agg(n=found.count()))["n"][0].as_py())


def _cash(outcomes: ir.Table, question: Question, engagement: str | None) -> dict[str, Any]:
    """A sum of cash against the period before; the change counts a placement's rows as one event."""
    cash = outcomes.filter(
        (outcomes.outcome_kind == "cash")
        & (outcomes.basis == question.basis)
        & (outcomes.currency == question.currency)
    )
    cash = cash.filter(cash.engagement == engagement) if engagement else cash
    amounts = []
    for period in (question.period, question.before):
        rows = _within(cash, period, question)
        single = ibis.ifelse(rows.placement.isnull(), rows.fact_id, ibis.null(rows.fact_id.type()))
        grouped = rows.group_by(placement=rows.placement, single=single)
        sums = fetch(grouped.agg(value=rows.value_minor.sum()))["value"].to_pylist()
        amounts.append([value or 0 for value in sums])
    change = changes.change_of_sums(amounts[0], amounts[1], **_days(question))
    return {"value": sum(amounts[0]), "before": sum(amounts[1]), "n": len(amounts[0]), "change": told(change)}


def _here(table: ir.Table, question: Question) -> ir.Table:
    """The rows of the desk, team and office that are asked for."""
    for column, value in question.places:
        table = table.filter(table[column] == value)
    return table


def _spend(tables: Tables, question: Question) -> dict[str, Any]:
    """Spend of both periods: a row that reaches beyond a period counts for its days inside.

    ``unplaced``: spend of the period that doesn't say which desk, team or office it was for, where one is asked for.
    """
    spend = tables[FactKind.SPEND]
    spend = spend.filter(spend.currency == question.currency)
    named = [spend[column].notnull() & (spend[column] != "") for column, _ in question.places]
    everywhere = spend.filter(~ibis.and_(*named)) if named else None
    here = _here(spend, question)
    return {
        "value": _amount(here, question.period),
        "before": _amount(here, question.before),
        "unplaced": _amount(everywhere, question.period) if everywhere is not None else 0,
    }


def _amount(spend: ir.Table, period: Period) -> int:
    total = 0.0
    for row in fetch(spend.select("from_date", "to_date", "amount_minor")).to_pylist():
        first, last = row["from_date"], row["to_date"]
        inside = (min(last, period.last_day) - max(first, period.start)).days + 1
        total += row["amount_minor"] * max(inside, 0) / ((last - first).days + 1)
    return round(total)


def _trend(outcomes: ir.Table, question: Question) -> dict[str, Any]:
    """Months up to the period's end: counts of each C, and cash."""
    last = rules.shift_months(question.period.last_day, 0)
    months = [rules.shift_months(last, -back) for back in range(TREND_MONTHS - 1, -1, -1)]
    found = _within(outcomes, Period(months[0], rules.shift_months(last, 1)), question)
    found = found.filter(
        (found.outcome_kind != "cash") | ((found.basis == question.basis) & (found.currency == question.currency))
    )
    # How many months have begun: on the house's wall clock, where truncating would take UTC's.
    begun = [(found.occurred_at >= day_start(day, question.zone)).cast("int64") for day in months]
    grouped = found.group_by(month=sum(begun[1:], begun[0]), kind=found.outcome_kind)
    rows = fetch(grouped.agg(n=found.count(), value=found.value_minor.sum())).to_pylist()
    by = {(row["month"], row["kind"]): row for row in rows}
    series: dict[str, Any] = {"months": [day.isoformat() for day in months]}
    places = range(1, len(months) + 1)
    for kind in COUNTED:
        series[f"{kind}s"] = [by.get((place, kind), {}).get("n", 0) for place in places]
    series["cash"] = [by.get((place, "cash"), {}).get("value") or 0 for place in places]
    return series


def _other_currencies(outcomes: ir.Table, question: Question) -> dict[str, int]:
    """Cash of the period in other currencies, left out of every sum: rows by currency."""
    found = _within(outcomes, question.period, question)
    found = found.filter((found.outcome_kind == "cash") & (found.currency != question.currency))
    rows = fetch(found.group_by("currency").agg(n=found.count())).to_pylist()
    return {row["currency"]: row["n"] for row in sorted(rows, key=lambda row: str(row["currency"]))}
