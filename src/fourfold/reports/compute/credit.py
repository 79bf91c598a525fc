"""What each key (a channel, a campaign, a colleague …) is credited with: the ROI page, its comparison, its rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from fourfold.evidence.attribution import attribute_many
from fourfold.evidence.drill import journey_credits
from fourfold.evidence.types import AttributionResult, Method
from fourfold.reports.compute.asking import Tables, evidence_question
from fourfold.reports.types import COUNTED, Question

TOUCHES_KEPT = 60


def roi(question: Question, tables: Tables) -> dict[str, Any]:
    """Spend, credit, return and cost per C of every key, by one method. Money in minor units."""
    kinds = [evidence_question(question, kind=kind) for kind in COUNTED]
    cash, *results = attribute_many(tables, [evidence_question(question), *kinds])
    counted = dict(zip(COUNTED, results, strict=True))
    rows = {row.key: {**row.as_dict(), "counted": {}} for row in cash.rows}
    for kind, result in counted.items():
        for key, one in _costs(result).items():
            rows.setdefault(key, _nothing(key, one))["counted"][kind] = one
    return {
        "rows": list(rows.values()),
        "placements": cash.n,
        "counted": {kind: result.n for kind, result in counted.items()},
        "assumptions": list(cash.assumptions),
        "refusals": [refusal.as_dict() for refusal in cash.refusals],
        "options": cash.options,
    }


def _nothing(key: str, one: dict[str, Any]) -> dict[str, Any]:
    """A key that brought people but no cash."""
    empty = dict.fromkeys(
        ("share", "lower", "upper", "roi", "cost_per_outcome", "value_lower", "value_upper", "roi_lower", "roi_upper")
    )
    return {"key": key, "outcomes": 0.0, "value": 0.0, "spend": one["spend"], **empty, "counted": {}}


def _costs(result: AttributionResult) -> dict[str, dict[str, Any]]:
    """By key: how many of one C are credited, and what one cost, each with its range where there is one."""
    found = {}
    for row in result.rows:
        bounds = None
        if row.lower is not None and row.upper is not None:
            bounds = (row.lower * result.n, row.upper * result.n)
        spent = row.spend or 0.0
        found[row.key] = {
            "credited": row.outcomes,
            "lower": bounds[0] if bounds else None,
            "upper": bounds[1] if bounds else None,
            "spend": row.spend,
            "cost": spent / row.outcomes if spent and row.outcomes else None,
            "cost_lower": spent / bounds[1] if spent and bounds else None,
            "cost_upper": spent / bounds[0] if spent and bounds and bounds[0] else None,
        }
    return found


def compare(question: Question, tables: Tables) -> dict[str, Any]:
    """The same cash credited by every method, so that one sees how much the answer hangs on the method."""
    results = attribute_many(tables, [evidence_question(question, method=method) for method in Method])
    found = dict(zip(Method, results, strict=True))
    return {
        "methods": {
            method.value: {
                "rows": {row.key: row.as_dict() for row in result.rows},
                "about": result.assumptions[1],
                "refusals": [refusal.as_dict() for refusal in result.refusals],
            }
            for method, result in found.items()
        },
        "placements": found[Method(question.method)].n,
    }


def credit_rows(question: Question, tables: Tables) -> Iterator[dict[str, Any]]:
    """The rows behind each key's credit: one an outcome, side and key, with the touches of that key."""
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
                "ended_at": journey.ended_at,
                "touches": [
                    [str(as_uuid(touch.fact_id)), touch.occurred_at.isoformat(), key]
                    for touch in touches[-TOUCHES_KEPT:]
                ],
            }


def as_uuid(key: Any) -> UUID:
    return key if isinstance(key, UUID) else UUID(bytes=bytes(key))
