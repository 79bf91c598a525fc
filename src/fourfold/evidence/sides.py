"""An outcome's sides: which journeys share it, how they weigh, and the unit they are resampled by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import ibis.expr.types as ir
import numpy as np

from fourfold.evidence import journeys
from fourfold.evidence.journeys import (
    DAY_US,
    ONE_SIDED,
    OrderUnknownError,
    Outcomes,
    SideJourneys,
    Windows,
    bucket_of,
    buckets_of_each,
    converting,
    micros,
    not_converting,
)
from fourfold.evidence.paths import Floats, Ints, joined
from fourfold.evidence.reading import NOWHERE, Rows, Touches, Wanted, read_rows, read_touches
from fourfold.evidence.types import (
    HOUSE_METHOD,
    By,
    EvidenceError,
    FactKind,
    IntervalSettings,
    Method,
    MethodSettings,
    Question,
    Refusal,
    Side,
)

CANDIDATE, CLIENT, COLLEAGUE = (side.value for side in Side)
HALF = 0.5


@dataclass(frozen=True, eq=False)
class Prepared:
    """The journeys of every side, weighed, with what must be said about them.

    ``side_weights``: mean weight of each side, for the options. ``n``: outcomes in the period. ``has_money``: one
    currency and one basis, so that values may be added.
    """

    outcomes: Outcomes
    sides: tuple[SideJourneys, ...]
    side_weights: dict[str, float]
    n: int
    has_money: bool
    currency: str | None
    notes: tuple[str, ...]
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, eq=False)
class Asked:
    """What a question asks of the rows, before any touch is read."""

    question: Question
    outcomes: Outcomes
    windows: Windows
    weights: dict[str, Floats]
    with_others: bool


def prepare(tables: Mapping[FactKind, ir.Table], questions: Sequence[Question], *, ids: bool = False) -> list[Prepared]:
    """The journeys that each of ``questions`` looks at. All tables are read once, for all of them.

    Questions that differ in the method alone share theirs. ``ids`` keeps each touch's ``fact_id``. Raises
    EvidenceError when the touches lack a dimension that is asked for.
    """
    for question in questions:
        _require(tables, question.by)
    rows = read_rows(tables)
    alike = [_alike(question) for question in questions]
    with_others = {like for like, question in zip(alike, questions, strict=True) if not question.method.is_per_journey}
    asked = {like: _ask(rows, like, with_others=like in with_others) for like in dict.fromkeys(alike)}
    wanted = _wanted(rows, questions, list(asked.values()), ids=ids)
    touches = read_touches(tables, rows.parties, wanted)
    try:
        found = {like: _prepared(one, rows, touches) for like, one in asked.items()}
    except OrderUnknownError:
        touches = read_touches(tables, rows.parties, replace(wanted, ids=True))
        found = {like: _prepared(one, rows, touches) for like, one in asked.items()}
    return [found[like] for like in alike]


def _require(tables: Mapping[FactKind, ir.Table], by: By) -> None:
    """Raises EvidenceError where nothing says what a touch belongs to."""
    named = tables[FactKind.TOUCH].columns
    if by is By.DECIDED_BY:
        if FactKind.SPEND not in tables or By.DECIDED_BY.value not in tables[FactKind.SPEND].columns:
            raise EvidenceError(
                "Nothing was credited by who decided.",
                "No spend says who decided it.",
                "Give a spend file with the column decided_by.",
            )
    elif by.value not in named:
        raise EvidenceError(
            f"Nothing was credited by {by.value}.",
            f"The touches have no column {by.value}.",
            f"Add it, or credit by one of {', '.join(by for by in By if by in named)}.",
        )


def _alike(question: Question) -> Question:
    """The question reduced to what its journeys depend on."""
    settings = MethodSettings(direct=question.settings.direct)
    return replace(question, method=HOUSE_METHOD, settings=settings, intervals=IntervalSettings(), value_unit="")


def _ask(rows: Rows, question: Question, *, with_others: bool) -> Asked:
    outcomes = journeys.outcomes_asked(rows.outcomes, question)
    windows = journeys.windows_of(rows, outcomes, question)
    present = {rows.parties.side.names[code] for code in np.unique(windows.side) if code >= 0}
    return Asked(question, outcomes, windows, weigh(outcomes, present, question), with_others)


def _wanted(rows: Rows, questions: Sequence[Question], asked: Sequence[Asked], *, ids: bool) -> Wanted:
    """What all questions together need of the touches."""
    direct = any(question.method is Method.LAST_NON_DIRECT for question in questions)
    everyone = any(one.with_others for one in asked)
    low, high = [], []
    for one in asked:
        low.append(one.windows.low)
        high.append(one.windows.high)
        end = micros(one.question.end)
        if one.with_others and end is not None:
            low.append(np.array([end - one.question.lookback_days * DAY_US]))
            high.append(np.array([end]))
    bounded = all(one.question.end is not None or not one.with_others for one in asked)
    lows, highs = (np.concatenate([*arrays, np.zeros(0, dtype=np.int64)]) for arrays in (low, high))
    return Wanted(
        by=frozenset({question.by for question in questions} | ({By.CHANNEL} if direct else set())),
        direct=direct,
        organisation=everyone and any(CLIENT in one.weights for one in asked),
        everyone=everyone,
        ids=ids,
        low=int(lows.min()) if bounded and len(lows) else None,
        high=int(highs.max()) if bounded and len(highs) else None,
    )


def _prepared(asked: Asked, rows: Rows, touches: Touches) -> Prepared:
    question, outcomes, weights = asked.question, asked.outcomes, asked.weights
    has_money, currency, refusals = _money(outcomes, question)
    unit = _unit(asked, rows)
    sides = []
    for side in weights:
        one = _side(asked, rows, touches, side)
        weight = weights[side][one.outcome]
        money = outcomes.value[one.outcome] * weight if has_money else None
        paths = replace(one.paths, outcomes=weight, value=money, bucket=unit[one.outcome])
        everyone = None
        if asked.with_others:
            both = CANDIDATE in weights and CLIENT in weights
            others = not_converting(touches, rows, outcomes, question=question, side=side, both=both)
            everyone = joined([replace(paths, value=None, age_days=None, direct=None), others]).narrowed()
        sides.append(replace(one, paths=paths, everyone=everyone))
    inside = outcomes.in_period
    return Prepared(
        outcomes=outcomes,
        sides=tuple(sides),
        side_weights={side: round(float(w[inside].mean()), 4) if inside.any() else 0.0 for side, w in weights.items()},
        n=int(inside.sum()),
        has_money=has_money,
        currency=currency,
        notes=_notes(outcomes, weights, question),
        refusals=refusals,
    )


def _money(outcomes: Outcomes, question: Question) -> tuple[bool, str | None, tuple[Refusal, ...]]:
    """Whether values may be added, their currency, and why not."""
    if not outcomes.has_value:
        return False, None, ()
    if len(outcomes.currencies) > 1:
        named = ", ".join(outcomes.currencies)
        reason = f"Money was not added: the outcomes are in {named}. Ask for one currency at a time."
        return False, None, (Refusal(reason, have=len(outcomes.currencies), need=1, about="value"),)
    if len(outcomes.bases) > 1 and question.basis is None:
        named = ", ".join(outcomes.bases)
        reason = f"Money was not added: the outcomes stand on several bases ({named}). Ask for one of them."
        return False, None, (Refusal(reason, have=len(outcomes.bases), need=1, about="value"),)
    return True, (outcomes.currencies or (None,))[0], ()


def weigh(outcomes: Outcomes, present: set[str], question: Question) -> dict[str, Floats]:
    """By side, (n,) the part of each outcome that is attributed over its journey. The parts of an outcome sum to 1.

    The fee exists because a candidate and a client came; with neither worth anything alone, the Shapley value of the
    two sides is a half each.
    """
    n = outcomes.n
    if question.side is not None:
        return {question.side.value: np.ones(n)}
    weights = {side: np.zeros(n) for side in (CANDIDATE, CLIENT, COLLEAGUE)}
    two_sided = {CANDIDATE, CLIENT} <= present
    only = next((side for side in (CANDIDATE, CLIENT, COLLEAGUE) if side in present), CANDIDATE)
    share = _candidate_share(outcomes, question) if two_sided else np.full(n, HALF)
    rest = np.ones(n, dtype=np.bool_)
    for number, kind in enumerate(outcomes.kind.names):
        side = ONE_SIDED.get(kind)
        if side is not None and (side in present or two_sided):
            mine = outcomes.kind.codes == number
            weights[side][mine] = 1.0
            rest &= ~mine
    if two_sided:
        weights[CANDIDATE][rest], weights[CLIENT][rest] = share[rest], 1.0 - share[rest]
    else:
        weights[only][rest] = 1.0
    return {side: weight for side, weight in weights.items() if weight.any()} or {only: np.zeros(n)}


def _candidate_share(outcomes: Outcomes, question: Question) -> Floats:
    """A half, or where scarcity is known for the desk and quarter: unfilled / (unfilled + ready)."""
    share = np.full(outcomes.n, HALF)
    quarters = outcomes.first_at.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64) // 3
    seen, quarter = np.unique(quarters, return_inverse=True)
    names = [f"{1970 + number // 4}Q{number % 4 + 1}" for number in seen]
    for row in question.scarcity:
        if row.unfilled + row.ready > 0 and row.quarter in names:
            of = outcomes.desk.codes == (outcomes.desk.code(row.desk) if row.desk else NOWHERE)
            share[of & (quarter == names.index(row.quarter))] = row.unfilled / (row.unfilled + row.ready)
    return share


def _side(asked: Asked, rows: Rows, touches: Touches, side: str) -> SideJourneys:
    """The journeys of one side of the outcomes in the period that have a part on it."""
    outcomes, windows = asked.outcomes, asked.windows
    chosen = np.flatnonzero(outcomes.in_period & (asked.weights[side] > 0))
    place = np.full(outcomes.n, NOWHERE, dtype=np.int64)
    place[chosen] = np.arange(len(chosen))
    mine = windows.take((windows.side == rows.parties.side.code(side)) & (place[windows.outcome] >= 0))
    journey = place[mine.outcome]
    ended_at = outcomes.first_at[chosen]
    ended_at[journey] = mine.ended_at
    paths, touch_at, touch_id = converting(touches, asked.question, windows=mine, journey=journey, ended_at=ended_at)
    return SideJourneys(side, paths, chosen, ended_at, touch_at, touch_id)


def _unit(asked: Asked, rows: Rows) -> Ints:
    """(n,) bucket of each outcome's resampling unit.

    With a client side the organisation, so that both halves of its placements move together; where it is not known
    the client's person. Otherwise the person. An outcome without anybody is its own unit.
    """
    outcomes, windows = asked.outcomes, asked.windows
    by_organisation = CLIENT in asked.weights
    unit = buckets_of_each(outcomes.root)
    people = buckets_of_each(rows.parties.people)
    for side in (COLLEAGUE, CANDIDATE, CLIENT) if by_organisation else (CLIENT, COLLEAGUE, CANDIDATE):
        mine = windows.side == rows.parties.side.code(side)
        unit[windows.outcome[mine]] = people[windows.person[mine]]
    if by_organisation:
        known = np.asarray(outcomes.organisation.is_valid().to_numpy(zero_copy_only=False), dtype=np.bool_)
        unit[known] = bucket_of(outcomes.organisation)[known]
    return unit


def _notes(outcomes: Outcomes, weights: dict[str, Floats], question: Question) -> tuple[str, ...]:
    notes = []
    if CANDIDATE in weights and CLIENT in weights:
        how = "by scarcity where it is known, else half and half" if question.scarcity else "half and half"
        notes.append(
            f"An outcome of two sides is shared {how} between the candidate's and the client's journey; a side without "
            "touches goes to (none)."
        )
    elif question.side is not None:
        notes.append(f"Only the {question.side.value}'s journey is looked at; it carries the whole outcome.")
    else:
        notes.append(f"The outcomes have one side ({next(iter(weights))}), whose journey carries the whole of each.")
    if question.kind is None and len(outcomes.kinds) > 1:
        notes.append(f"Outcomes of several kinds ({', '.join(outcomes.kinds)}) are counted together.")
    unit = "organisations (where none is named, the client's people)" if CLIENT in weights else "persons"
    notes.append(f"Intervals resample {unit}.")
    return tuple(notes)
