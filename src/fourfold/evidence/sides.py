"""An outcome's sides: which journeys share it, how they weigh, and the unit they are resampled by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fourfold.evidence import journeys
from fourfold.evidence.journeys import ONE_SIDED, Outcomes, SideJourneys
from fourfold.evidence.paths import Floats, Ints, joined
from fourfold.evidence.types import By, EvidenceError, FactKind, Question, Refusal, Side

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


def prepare(tables: Mapping[FactKind, ir.Table], question: Question, *, with_ids: bool = False) -> Prepared:
    """Read outcomes and the journeys of their sides. ``with_ids`` keeps each touch's ``fact_id``.

    Raises EvidenceError when the touches lack the dimension that is asked for.
    """
    _require_dimension(tables, question.by)
    outcomes, members = journeys.read_outcomes(tables, question)
    has_money, currency, refusals = _money(outcomes, question)
    windows = journeys.read_windows(tables, members)
    owner = pc.index_in(windows["root"], value_set=outcomes.root).to_numpy().astype(np.int64)
    side_of = np.array(windows["side"].to_pylist(), dtype=object)
    present = {str(side) for side in side_of}
    weights = weigh(outcomes, present, question)
    unit = _unit(outcomes, windows, owner, side_of, by_organisation=CLIENT in weights)
    sides = []
    for side, weight in weights.items():
        chosen = np.flatnonzero(outcomes.in_period & (weight > 0))
        mine = side_of == side
        one = _side(tables, question, side, outcomes, (chosen, windows.filter(pa.array(mine)), owner[mine]), with_ids)
        money = outcomes.value[chosen] * weight[chosen] if has_money else None
        paths = replace(one.paths, outcomes=weight[chosen], value=money, bucket=unit[chosen])
        if not question.method.is_per_journey:
            both = CANDIDATE in weights and CLIENT in weights
            nulls = journeys.not_converting(tables, question, side=side, members=members, both=both)
            paths = joined([paths, replace(nulls, value=np.zeros(nulls.m) if has_money else None)])
        sides.append(replace(one, paths=paths))
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


def _require_dimension(tables: Mapping[FactKind, ir.Table], by: By) -> None:
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
    n = len(outcomes.kind)
    if question.side is not None:
        return {question.side.value: np.ones(n)}
    weights = {side: np.zeros(n) for side in (CANDIDATE, CLIENT, COLLEAGUE)}
    two_sided = {CANDIDATE, CLIENT} <= present
    only = next((side for side in (CANDIDATE, CLIENT, COLLEAGUE) if side in present), CANDIDATE)
    share = _candidate_share(outcomes, question) if two_sided else np.full(n, HALF)
    for number, kind in enumerate(outcomes.kind):
        side = ONE_SIDED.get(kind or "")
        if side is not None and (side in present or two_sided):
            weights[side][number] = 1.0
        elif two_sided:
            weights[CANDIDATE][number], weights[CLIENT][number] = share[number], 1.0 - share[number]
        else:
            weights[only][number] = 1.0
    return {side: weight for side, weight in weights.items() if weight.any()} or {only: np.zeros(n)}


def _candidate_share(outcomes: Outcomes, question: Question) -> Floats:
    """A half, or where scarcity is known for the desk and quarter: unfilled / (unfilled + ready)."""
    share = np.full(len(outcomes.kind), HALF)
    if not question.scarcity:
        return share
    known = {
        (row.desk, row.quarter): row.unfilled / (row.unfilled + row.ready)
        for row in question.scarcity
        if row.unfilled + row.ready > 0
    }
    for number, (desk, at) in enumerate(zip(outcomes.desk, outcomes.first_at, strict=True)):
        month = np.datetime64(int(at), "us").astype("datetime64[M]").astype(int)
        share[number] = known.get((desk or "", f"{1970 + month // 12}Q{month % 12 // 3 + 1}"), HALF)
    return share


def _side(
    tables: Mapping[FactKind, ir.Table],
    question: Question,
    side: str,
    outcomes: Outcomes,
    found: tuple[Ints, pa.Table, Ints],
    with_ids: bool,
) -> SideJourneys:
    """The journeys of the ``chosen`` outcomes on one side, from that side's ``windows`` and their ``owner``."""
    chosen, windows, owner = found
    place = np.full(len(outcomes.kind) + 1, -1, dtype=np.int64)
    place[chosen] = np.arange(len(chosen))
    ended = journeys.micros_of(windows["ended_at"])
    previous = journeys.micros_of(windows["previous_end"]).astype(np.float64)
    previous[np.asarray(windows["previous_end"].is_null().to_numpy(), dtype=np.bool_)] = np.nan
    low, high = journeys.bounds(ended, previous, question)
    ended_at = outcomes.first_at[chosen].copy()
    journey = place[owner]
    ended_at[journey[journey >= 0]] = ended[journey >= 0]
    keep = journey >= 0
    moments = {"low": low[keep], "high": high[keep]}
    table = pa.table(
        {"person_key": windows["person_key"].filter(pa.array(keep))}
        | {name: pa.array(values, pa.timestamp("us", tz="UTC")) for name, values in moments.items()}
    )
    paths, touch_at, touch_id = journeys.converting(
        tables, question, windows=table, journey=journey[keep], ended_at=ended_at, with_ids=with_ids
    )
    return SideJourneys(side, paths, chosen, ended_at, touch_at, touch_id)


def _unit(outcomes: Outcomes, windows: pa.Table, owner: Ints, side_of: np.ndarray, *, by_organisation: bool) -> Ints:
    """(n,) bucket of each outcome's resampling unit.

    With a client side the organisation, so that both halves of its placements move together; where it is not known
    the client's person. Otherwise the person. An outcome without anybody is its own unit.
    """
    unit = journeys.bucket_of(outcomes.root)
    order = (COLLEAGUE, CANDIDATE, CLIENT) if by_organisation else (CLIENT, COLLEAGUE, CANDIDATE)
    people = journeys.bucket_of(windows["person_key"].combine_chunks())
    for side in order:
        mine = (side_of == side) & (owner >= 0)
        unit[owner[mine]] = people[mine]
    if by_organisation:
        known = np.asarray(outcomes.organisation.is_valid().to_numpy(zero_copy_only=False), dtype=np.bool_)
        unit[known] = journeys.bucket_of(outcomes.organisation)[known]
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
