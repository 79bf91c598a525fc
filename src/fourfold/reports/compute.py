"""Works out the 4Cs from the snapshot: runs in a process of its own, after which nothing of the row store is read.

Ledger → sealed segments → live tables as of the cut → evidence → SavedResult. Imports duckdb, ibis and pyarrow.
"""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir

from fourfold.base.clock import day_start
from fourfold.base.errors import FourfoldError
from fourfold.evidence import attribution, changes, facts
from fourfold.evidence.drill import journey_credits
from fourfold.evidence.facts import fetch
from fourfold.evidence.types import By, Estimate, EvidenceError, FactKind, Method, Refusal
from fourfold.evidence.types import Question as EvidenceQuestion
from fourfold.ledger import snapshot
from fourfold.reports import actions, rules
from fourfold.reports.types import CODE_VERSION, Period, Question

log = logging.getLogger("fourfold.reports")

FAULT = {
    "what": "This report could not be worked out.",
    "why": "There is a fault in Fourfold; the worker’s messages hold it.",
    "todo": "Report it, and try again after an update.",
}
COUNTED = ("candidate", "client", "colleague")
TREND_MONTHS = 24
TOUCHES_KEPT = 60
Tables = Mapping[FactKind, ir.Table]


def answer_waiting(*, folder: Path, only: str | None, at: datetime) -> int:
    """Seal the ledger and answer the questions that wait. Returns how many. A failure is kept with its question."""
    if only is None:
        actions.want_lately_asked(at=at)
    waiting = actions.wanted(only=only)
    if not waiting:
        return 0
    manifest = snapshot.seal(folder)
    tables = live_tables(folder, manifest)
    for question in waiting:
        try:
            answer_one(question, tables, manifest.cut, at)
        except (FourfoldError, EvidenceError) as error:
            actions.save_failure(question_key=question.key, error=error.as_dict(), cut=manifest.cut)
        except Exception:
            log.exception("The question %s could not be answered.", question.key)
            actions.save_failure(question_key=question.key, error=FAULT, cut=manifest.cut)
    return len(waiting)


def live_tables(folder: Path, manifest: snapshot.Manifest) -> Tables:
    """What counts as of the manifest's cut, each kind worked out once and kept for all questions."""
    connection = facts.connect()
    tables = facts.live(facts.read_segments(manifest.paths(folder), connection), manifest.cut)
    with warnings.catch_warnings():  # Ibis 12 calls a method that DuckDB 2 has renamed and warns of
        warnings.filterwarnings("ignore", message="fetch_arrow_table", category=DeprecationWarning)
        return {kind: connection.create_table(f"live_{kind}", table, temp=True) for kind, table in tables.items()}


def answer_one(question: Question, tables: Tables, cut: int, at: datetime) -> None:
    """Work out one question and save its answer."""
    started = time.perf_counter()
    values = fourcs(question, tables)
    rows = list(credit_rows(question, tables))
    actions.save_answer(
        question=question,
        values=values,
        credited=rows,
        cut=cut,
        code_version=CODE_VERSION,
        at=at,
        seconds=round(time.perf_counter() - started, 3),
    )


def fourcs(question: Question, tables: Tables) -> dict[str, Any]:
    """Every figure of the 4Cs page, as JSON can hold it. Money in minor units of the question's currency."""
    outcomes = tables[FactKind.OUTCOME]
    figures: dict[str, Any] = {}
    for kind in COUNTED:
        now, before = (_count(outcomes, kind, period, question) for period in (question.period, question.before))
        change = changes.change_of_counts(now, before, **_days(question))
        figures[f"{kind}s"] = {"value": now, "before": before, "change": told(change)}
    figures["cash"] = _cash(outcomes, question, None)
    engagements = {name: _cash(outcomes, question, name) for name in ("permanent", "retained", "contract")}
    figures["spend"] = _spend(tables, question)
    result = attribution.attribute(tables, evidence_question(question))
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


def evidence_question(question: Question) -> EvidenceQuestion:
    """The house method's question to evidence: cash, both sides, over the days of the period.

    Its moments stay on the house's wall clock: evidence counts spend by the days they name there.
    """
    zone = ZoneInfo(question.zone)
    return EvidenceQuestion(
        method=Method(question.method),
        by=By(question.by),
        kind="cash",
        basis=question.basis,
        currency=question.currency,
        start=day_start(question.period.start, question.zone).astimezone(zone),
        end=day_start(question.period.end, question.zone).astimezone(zone),
        lookback_days=question.lookback_days,
    )


def told(change: Estimate | Refusal) -> dict[str, Any]:
    """An estimate or a refusal as pages show it."""
    if isinstance(change, Refusal):
        return {"refusal": change.reason, "have": change.have, "need": change.need}
    return asdict(change)


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


def _spend(tables: Tables, question: Question) -> dict[str, Any]:
    """Spend of both periods: a row that reaches beyond a period counts for its days inside."""
    totals = []
    for period in (question.period, question.before):
        total = 0.0
        for first, last, amount in _spend_rows(tables, question):
            inside = (min(last, period.last_day) - max(first, period.start)).days + 1
            total += amount * max(inside, 0) / ((last - first).days + 1)
        totals.append(round(total))
    return {"value": totals[0], "before": totals[1]}


def _spend_rows(tables: Tables, question: Question) -> Iterator[tuple[date, date, int]]:
    spend = tables[FactKind.SPEND]
    rows = spend.filter(spend.currency == question.currency).select("from_date", "to_date", "amount_minor")
    for row in fetch(rows).to_pylist():
        yield row["from_date"], row["to_date"], row["amount_minor"]


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


def credit_rows(question: Question, tables: Tables) -> Iterator[dict[str, Any]]:
    """The rows behind each channel's credit: one an outcome, side and key, with the touches of that key."""
    for journey in journey_credits(tables, evidence_question(question)):
        for key, share in journey.credits.items():
            touches = [touch for touch in journey.touches if touch.key == key]
            yield {
                "key": key,
                "side": journey.side,
                "outcome": as_uuid(journey.outcome),
                "outcomes": journey.outcomes * share,
                "value_minor": (journey.value_minor or 0.0) * share,
                "occurred_at": journey.occurred_at,
                "touches": [
                    [str(as_uuid(touch.fact_id)), touch.occurred_at.isoformat(), key]
                    for touch in touches[-TOUCHES_KEPT:]
                ],
            }


def as_uuid(key: Any) -> UUID:
    return key if isinstance(key, UUID) else UUID(bytes=bytes(key))
