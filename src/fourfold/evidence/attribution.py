"""``attribute``: who is credited with the outcomes, in outcomes and in money, with spend, ROI and intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import ibis.expr.types as ir
import numpy as np

from fourfold.evidence import intervals, methods, words
from fourfold.evidence.paths import Floats, Paths, added, dealt
from fourfold.evidence.sides import Prepared, prepare
from fourfold.evidence.spend import SpendRows, read_spend, spend_by_key
from fourfold.evidence.types import (
    BUCKETS,
    NONE,
    AttributionResult,
    AttributionRow,
    Estimate,
    EvidenceError,
    FactKind,
    IntervalSettings,
    Method,
    MethodSettings,
    Question,
    Refusal,
)

Bounds = dict[str, Estimate | Refusal]
MOST_DEALT = 20_000_000
"""Journeys of a path file that are dealt into buckets one by one."""


@dataclass(frozen=True, eq=False)
class Credited:
    """Credit by key (``NONE`` last), before intervals and spend. ``details`` is what only this method reports."""

    keys: tuple[str, ...]
    outcomes: Floats
    value: Floats | None
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def amount(self) -> Floats:
        """What shares are of: money where there is any, else outcomes."""
        return self.outcomes if self.value is None else self.value


def attribute(tables: Mapping[FactKind, ir.Table], question: Question) -> AttributionResult:
    """Credit the outcomes of ``tables`` (live facts: touch, outcome, party, perhaps spend) as ``question`` asks.

    Money stays in the tables' unit. Raises EvidenceError where the question can't be put to the tables; what can be
    put but not answered is a Refusal in the result.
    """
    return attribute_many(tables, [question])[0]


def attribute_many(tables: Mapping[FactKind, ir.Table], questions: Sequence[Question]) -> list[AttributionResult]:
    """``attribute`` for many questions over the same tables, which are read once for all that need the same journeys.

    The answers stand in the order of ``questions`` and equal those of ``attribute`` one by one. Raises as it does.
    """
    prepared = prepare(tables, questions) if questions else []
    spend = read_spend(tables[FactKind.SPEND]) if FactKind.SPEND in tables and questions else None
    return [_answer(one, spend, question) for one, question in zip(prepared, questions, strict=True)]


def _answer(prepared: Prepared, spent: SpendRows | None, question: Question) -> AttributionResult:
    models = _fitted(prepared, question)
    credited = _credit_sides(prepared, question, models)
    bounds = _bounds_of_sides(prepared, credited, question, models)
    spend = None
    refusals = list(prepared.refusals)
    notes = list(prepared.notes)
    if spent is not None:
        read = spend_by_key(spent, question, currency=prepared.currency)
        spend, refusals, notes = read.amounts, refusals + list(read.refusals), notes + list(read.notes)
    rows, refused = assemble(credited, bounds, spend)
    return AttributionResult(
        method=question.method,
        options=words.options(question, share_of="outcomes" if credited.value is None else "value")
        | {"input": "tables", "sides": prepared.side_weights, "currency": prepared.currency},
        n=int(prepared.n),
        rows=rows,
        assumptions=(*words.of_method(question.method, question.settings), *notes, *words.of_journeys(question)),
        refusals=(*refusals, *refused),
        details=credited.details,
    )


def attribute_paths(
    paths: Paths,
    *,
    method: Method,
    settings: MethodSettings | None = None,
    interval_settings: IntervalSettings | None = None,
) -> AttributionResult:
    """Credit aggregated paths (``paths.from_lists``). ``n`` is the sum of their outcomes.

    Intervals bound the share of outcomes: a row holds only the sum of its values. Raises EvidenceError where the
    method needs what paths lack.
    """
    settings, asked = settings or MethodSettings(), interval_settings or IntervalSettings()
    question = Question(method=method, settings=settings, intervals=asked, value_unit="as in the file")
    if method.is_per_journey:  # journeys that brought nothing change nothing
        brought = paths.outcomes != 0 if paths.value is None else (paths.outcomes != 0) | (paths.value != 0)
        looked_at = paths.take(brought)
    else:
        looked_at = paths
    refusal = intervals.refused_unproven(method) or _not_dealt(looked_at)
    spread = looked_at if refusal or not asked.replicates else dealt(looked_at, buckets=BUCKETS, seed=asked.seed)
    model = None if method.is_per_journey else methods.fit(spread, method, settings)
    credit = methods.scaled(paths, *model.shares()) if model else methods.credit(looked_at, method, settings)
    credited = _with_none(paths, credit)
    bounds: Bounds = {}
    if asked.replicates and paths.outcomes.sum() > 0:
        bounds = {NONE: refusal} if refusal else _bounds_of_paths(spread, model, credited, question)
    notes = list(words.of_method(method, settings))
    if not method.is_per_journey and not paths.nulls.any():
        notes.append("No journeys without an outcome were given, so every journey counts as converting.")
    if credited.value is not None:
        notes.append("Shares and their intervals are of outcomes: a path holds only the sum of its values.")
    rows, refused = assemble(replace_amount(credited), bounds, None)
    options = words.options(question, share_of="outcomes") | {"input": "paths", "paths": paths.m}
    return AttributionResult(
        method=method,
        options={name: value for name, value in options.items() if name not in words.TABLE_OPTIONS},
        n=_whole(float(paths.outcomes.sum())),
        rows=_with_values(rows, credited),
        assumptions=tuple(notes),
        refusals=tuple(refused),
        details=credited.details,
    )


def _whole(number: float) -> float:
    return int(number) if number == int(number) else number


def replace_amount(credited: Credited) -> Credited:
    """The same credit without money, so that shares are of outcomes."""
    return replace(credited, value=None)


def _with_values(rows: tuple[AttributionRow, ...], credited: Credited) -> tuple[AttributionRow, ...]:
    if credited.value is None:
        return rows
    value = dict(zip(credited.keys, credited.value, strict=True))
    return tuple(replace(row, value=float(value[row.key])) for row in rows)


def _with_none(paths: Paths, credit: methods.Credit) -> Credited:
    outcomes = np.append(credit.outcomes, credit.none_outcomes)
    value = None if credit.value is None else np.append(credit.value, credit.none_value or 0.0)
    return Credited((*paths.keys, NONE), outcomes, value, credit.details)


def counted(paths: Paths) -> Paths:
    """The same journeys with whole outcomes: a chain counts a placement's journey once, whatever half it carries."""
    return replace(paths, outcomes=(paths.nulls == 0).astype(np.float64))


def _fitted(prepared: Prepared, question: Question) -> list[methods.Model]:
    """For methods that look at all journeys together, one model a side; else none."""
    if question.method.is_per_journey:
        return []
    found = []
    for side in prepared.sides:
        assert side.everyone is not None
        found.append(methods.fit(counted(side.everyone), question.method, question.settings))
    return found


def _credit_sides(prepared: Prepared, question: Question, models: list[methods.Model]) -> Credited:
    """Credit over all sides, over the keys of all sides."""
    everyone = [side.everyone if models and side.everyone else side.paths for side in prepared.sides]
    keys = tuple(sorted({key for paths in everyone for key in paths.keys}))
    code = {key: number for number, key in enumerate((*keys, NONE))}
    outcomes, value = np.zeros(len(code)), np.zeros(len(code))
    details: dict[str, Any] = {}
    for number, (side, paths) in enumerate(zip(prepared.sides, everyone, strict=True)):
        if models:
            credit = methods.scaled(side.paths, *models[number].shares())
        else:
            credit = methods.credit(paths, question.method, question.settings)
        at = [code[key] for key in (*paths.keys, NONE)]
        one = _with_none(paths, credit)
        np.add.at(outcomes, at, one.outcomes)
        np.add.at(value, at, 0.0 if one.value is None else one.value)
        if one.details:
            details[side.side] = one.details
    return Credited((*keys, NONE), outcomes, value if prepared.has_money else None, details)


def by_bucket(paths: Paths, parts: Floats, amount: Floats) -> Floats:
    """(BUCKETS, K + 1) amounts credited by bucket; the last column is what fell to no key."""
    assert paths.bucket is not None
    width = len(paths.keys) + 1
    rows = paths.rows
    cell = paths.bucket[rows] * width + paths.steps
    table = added(cell, parts * amount[rows], BUCKETS * width).reshape(BUCKETS, width)
    empty = paths.is_empty
    table[:, -1] += added(paths.bucket[empty], amount[empty], BUCKETS)
    return table


def _bounds_of_sides(prepared: Prepared, credited: Credited, question: Question, models: list[methods.Model]) -> Bounds:
    asked = question.intervals
    if not asked.replicates or credited.amount.sum() <= 0:
        return {}
    if unproven := intervals.refused_unproven(question.method):
        return {NONE: unproven}
    code = {key: number for number, key in enumerate(credited.keys)}
    credit = np.zeros((BUCKETS, len(code)))
    per_side = []
    for number, side in enumerate(prepared.sides):
        at = [code[key] for key in (*side.paths.keys, NONE)]
        amount = side.paths.outcomes if credited.value is None or side.paths.value is None else side.paths.value
        # Methods that look at all journeys share by count, and borrow the sum game's parts to say what a key rests on.
        method = Method.SHAPLEY if models else question.method
        parts = methods.parts(side.paths, method, question.settings)
        table = by_bucket(side.paths, parts, amount)
        credit[:, at] += by_bucket(side.paths, parts, side.paths.outcomes) if models else table
        if models:
            assert side.everyone is not None
            places = [code[key] for key in side.everyone.keys]
            per_side.append((models[number], places, table.sum(axis=1), table[:, -1]))
    if not models:
        return intervals.share_intervals(
            credit, credit.sum(axis=1), keys=credited.keys, settings=asked, method=question.method
        )
    return _model_bounds(per_side, credit, credited, question)


def _model_bounds(
    per_side: list[tuple[methods.Model, list[int], Floats, Floats]],
    credit: Floats,
    credited: Credited,
    question: Question,
) -> Bounds:
    """Refit every side on every replicate, and weigh the sides as the replicate does."""
    asked = question.intervals
    weights = intervals.replicate_weights(BUCKETS, asked.replicates, asked.seed)
    drawn = np.zeros((asked.replicates, len(credited.keys)))
    whole = np.zeros(asked.replicates)
    for model, places, total, none in per_side:
        shares = model.replicated(weights)
        if shares is None:
            reason = "The interval was not computed: this method on so many keys is too large to be refitted."
            return {key: Refusal(reason, about=key) for key in credited.keys}
        drawn[:, places] += np.nan_to_num(shares) * (weights @ (total - none))[:, None]
        drawn[:, -1] += weights @ none
        whole += weights @ total
    drawn = np.divide(drawn, whole[:, None], out=np.zeros_like(drawn), where=whole[:, None] > 0)
    return intervals.model_intervals(
        credited.amount / credited.amount.sum(),
        drawn,
        intervals.independent(credit, credit.sum(axis=1)),
        keys=credited.keys,
        groups=int(np.count_nonzero(credit.any(axis=1))),
        settings=asked,
        method=question.method,
    )


def _not_dealt(paths: Paths) -> Refusal | None:
    """Why the journeys of a path file can't be resampled."""
    weights = np.concatenate((paths.outcomes, paths.nulls))
    if (weights != np.floor(weights)).any() or (weights < 0).any() or weights.sum() > MOST_DEALT:
        reason = f"No interval: journeys are resampled one by one, which needs whole counts up to {MOST_DEALT:,}."
        return Refusal(reason, about="interval")
    return None


def _bounds_of_paths(spread: Paths, model: methods.Model | None, credited: Credited, question: Question) -> Bounds:
    """Intervals of shares of outcomes: every journey is a unit of its own, and ``spread`` has dealt them out."""
    asked = question.intervals
    brought = spread.take(spread.outcomes > 0)
    method = question.method if model is None else Method.SHAPLEY
    credit = by_bucket(brought, methods.parts(brought, method, question.settings), brought.outcomes)
    if model is None:
        return intervals.share_intervals(
            credit, credit.sum(axis=1), keys=credited.keys, settings=asked, method=question.method
        )
    # Buckets hold many journeys each: the size that matters is the number of journeys.
    counted_in = np.bincount(brought.steps, weights=brought.outcomes[brought.rows], minlength=len(spread.keys))
    draw = intervals.replicate_weights(BUCKETS, asked.replicates, asked.seed)
    shares = model.replicated(draw)
    if shares is None:
        reason = "The interval was not computed: this method on so many keys is too large to be refitted."
        return {key: Refusal(reason, about=key) for key in credited.keys}
    total = draw @ credit.sum(axis=1)
    none = draw @ credit[:, -1]
    to_none = np.divide(none, total, out=np.zeros_like(none), where=total > 0)
    drawn = np.column_stack((np.nan_to_num(shares) * (1 - to_none)[:, None], to_none))
    own, others = intervals.independent(credit, credit.sum(axis=1))
    own[:-1] = np.minimum(own[:-1], counted_in)
    return intervals.model_intervals(
        credited.outcomes / credited.outcomes.sum(),
        drawn,
        (own, others),
        keys=credited.keys,
        groups=BUCKETS,
        settings=asked,
        method=question.method,
    )


def assemble(
    credited: Credited, bounds: Bounds, spend: dict[str, float] | None
) -> tuple[tuple[AttributionRow, ...], tuple[Refusal, ...]]:
    """Rows in order of credit, then key, and what was refused. ``(none)`` is left out where nothing fell to it."""
    total = float(credited.amount.sum())
    value = credited.value
    rows: list[AttributionRow] = []
    refused = [bound for bound in bounds.values() if isinstance(bound, Refusal) and bound.about == "interval"]
    if total <= 0 and credited.outcomes.sum() > 0:
        refused.append(Refusal("Shares were not computed: rebates and credit notes outweigh the fees.", about="share"))
    for number, key in enumerate(credited.keys):
        if key == NONE and not credited.outcomes[number] and not credited.amount[number]:
            continue
        bound = bounds.get(key)
        if isinstance(bound, Refusal) and bound not in refused:
            refused.append(bound)
        row = AttributionRow(
            key=key,
            outcomes=float(credited.outcomes[number]),
            value=None if value is None else float(value[number]),
            share=float(credited.amount[number]) / total if total > 0 else None,
        )
        rows.append(_with_spend(_with_bounds(row, bound, total if value is not None else None), spend))
    for key in sorted(set(spend or {}) - set(credited.keys)):
        nothing = None if value is None else 0.0
        empty = AttributionRow(key=key, outcomes=0.0, value=nothing, share=0.0 if total > 0 else None)
        rows.append(_with_spend(empty, spend))
    rows.sort(key=lambda row: (-(row.outcomes if row.value is None else row.value), row.key))
    return tuple(rows), tuple(refused)


def _with_bounds(row: AttributionRow, bound: Estimate | Refusal | None, money: float | None) -> AttributionRow:
    if not isinstance(bound, Estimate):
        return row
    row = replace(row, lower=bound.lower, upper=bound.upper)
    if money is None:
        return row
    return replace(row, value_lower=bound.lower * money, value_upper=bound.upper * money)


def _with_spend(row: AttributionRow, spend: dict[str, float] | None) -> AttributionRow:
    """ROI = (credited − spend) / spend; none where nothing was spent."""
    if spend is None or row.key == NONE:
        return row
    cost = spend.get(row.key, 0.0)
    row = replace(row, spend=cost, cost_per_outcome=cost / row.outcomes if row.outcomes > 0 and cost else None)
    if row.value is None or cost <= 0:
        return row
    row = replace(row, roi=(row.value - cost) / cost)
    if row.value_lower is None or row.value_upper is None:
        return row
    return replace(row, roi_lower=(row.value_lower - cost) / cost, roi_upper=(row.value_upper - cost) / cost)


__all__ = ["EvidenceError", "attribute", "attribute_many", "attribute_paths"]
