"""A question of the house as evidence takes it, and what evidence answers as pages take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

import ibis.expr.types as ir

from fourfold.base.clock import day_start
from fourfold.evidence.types import By, Estimate, FactKind, Method, Refusal
from fourfold.evidence.types import Question as EvidenceQuestion
from fourfold.reports.types import Question

Tables = Mapping[FactKind, ir.Table]


def evidence_question(question: Question, *, kind: str = "cash", method: str = "") -> EvidenceQuestion:
    """Who is credited with outcomes of ``kind``, over the days of the period; by the question's method or another.

    Its moments stay on the house's wall clock: evidence counts spend by the days they name there.
    """
    zone = ZoneInfo(question.zone)
    money = kind == "cash"
    return EvidenceQuestion(
        method=Method(method or question.method),
        by=By(question.by),
        kind=kind,
        basis=question.basis if money else None,
        currency=question.currency,
        start=day_start(question.period.start, question.zone).astimezone(zone),
        end=day_start(question.period.end, question.zone).astimezone(zone),
        lookback_days=question.lookback_days,
        where=question.places,
    )


def told(change: Estimate | Refusal) -> dict[str, Any]:
    """An estimate or a refusal as pages show it."""
    if isinstance(change, Refusal):
        return {"refusal": change.reason, "have": change.have, "need": change.need}
    return asdict(change)
