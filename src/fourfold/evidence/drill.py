"""From a figure to its journeys: every outcome's credit, side by side with the touches that earned it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import ibis.expr.types as ir

from fourfold.evidence import methods
from fourfold.evidence.journeys import Outcomes, SideJourneys
from fourfold.evidence.paths import Floats
from fourfold.evidence.sides import prepare
from fourfold.evidence.types import (
    NONE,
    CreditedTouch,
    EvidenceError,
    FactKind,
    JourneyCredit,
    Question,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def journey_credits(
    tables: Mapping[FactKind, ir.Table], question: Question, *, credited_to: str | None = None
) -> tuple[JourneyCredit, ...]:
    """The journeys behind ``attribute`` of the same question, in order of (outcome's first row, side).

    ``credited_to``: only journeys that credit this key. A row's ``outcomes`` × ``credits[key]`` summed over rows is the
    credit of ``key``. Raises EvidenceError for Markov and the rate game, which look at all journeys together.
    """
    if not question.method.is_per_journey:
        raise EvidenceError(
            f"The journeys of {question.method.value} were not opened.",
            "It looks at all journeys together, so no single journey has a credit of its own.",
            "Open the figure with the house method, shapley.",
        )
    prepared = prepare(tables, [question], ids=True)[0]
    found = []
    for side in prepared.sides:
        parts = methods.parts(side.paths, question.method, question.settings)
        found += _rows(side, parts, prepared.outcomes, prepared.currency)
    if credited_to is not None:
        found = [row for row in found if credited_to in row.credits]
    return tuple(sorted(found, key=lambda row: (row.occurred_at, str(row.outcome), row.side)))


def _rows(side: SideJourneys, parts: Floats, outcomes: Outcomes, currency: str | None) -> list[JourneyCredit]:
    paths = side.paths
    roots = outcomes.root.to_pylist()
    assert side.touch_id is not None
    ids = side.touch_id.to_pylist()
    rows = []
    for number, outcome in enumerate(side.outcome):
        touches = tuple(
            CreditedTouch(ids[i], paths.keys[int(paths.steps[i])], _moment(side.touch_at[i]), float(parts[i]))
            for i in range(paths.starts[number], paths.starts[number + 1])
        )
        earned: dict[str, float] = {} if touches else {NONE: 1.0}
        for touch in touches:
            if touch.credit:
                earned[touch.key] = earned.get(touch.key, 0.0) + touch.credit
        rows.append(
            JourneyCredit(
                outcome=roots[outcome],
                side=side.side,
                occurred_at=_moment(outcomes.first_at[outcome]),
                ended_at=_moment(side.ended_at[number]),
                outcomes=float(paths.outcomes[number]),
                value_minor=None if paths.value is None else float(paths.value[number]),
                currency=currency,
                credits=earned,
                touches=touches,
            )
        )
    return rows


def _moment(us: int) -> datetime:
    return _EPOCH + timedelta(microseconds=int(us))
