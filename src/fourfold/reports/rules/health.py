"""What is unhealthy in a pipeline, by named rules: each compares a house with its own past, never with others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from fourfold.evidence.types import Estimate, Refusal
from fourfold.jobs.types import Silent, Tally
from fourfold.reports.types import Coverage, Finding, StageTime

FEWEST = 5
LATE_CVS = 3
"""CVs without a word at one client from which on it is said."""
SLOWER = 2.0
CLOSURE = 0.9
AGES = (7, 14, 30)
"""Ends of the classes of age, in days; the last class has none."""


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def fell_below(figure: str, now: Tally, before: Estimate | Refusal) -> Finding | None:
    """A share fell below the range that its own time before had. Nothing with fewer than five rows on either side."""
    if now.n < FEWEST or isinstance(before, Refusal) or now.good / now.n >= before.lower:
        return None
    return Finding(
        "fell", {"figure": figure, "now": now.good / now.n, "n": now.n, "lower": before.lower, "upper": before.upper}
    )


def piles_up(clients: Iterable[Silent]) -> list[Finding]:
    """Clients that owe words on three CVs or more."""
    return [
        Finding("silent_client", {"client": one.organisation, "key": one.organisation_key, "late": one.late,
                                  "since": one.since})
        for one in clients
        if one.late >= LATE_CVS
    ]  # fmt: skip


def slow_stages(stages: Iterable[StageTime]) -> list[Finding]:
    """Stages whose open applications are twice as old, in the middle, as the stage took before."""
    found = []
    for one in stages:
        if isinstance(one.middle, Refusal) or one.open < FEWEST or one.open_middle is None:
            continue
        usual = max(one.middle.value, 1.0)
        if one.open_middle >= SLOWER * usual:
            found.append(
                Finding("slow_stage", {"stage": one.stage, "now": one.open_middle, "usual": usual, "n": one.open})
            )
    return found


def unanswered(closure: Tally) -> Finding | None:
    """One applicant in ten, or more, waits beyond the promise."""
    if closure.n < FEWEST or closure.good / closure.n >= CLOSURE:
        return None
    return Finding("unanswered", {"waiting": closure.n - closure.good, "n": closure.n})


def too_thin(coverage: Coverage) -> Finding | None:
    """Even the upper end of what is open doesn’t reach what is missing to the targets."""
    if isinstance(coverage.answer, Refusal) or coverage.answer.upper >= 1:
        return None
    return Finding("thin", {"upper": coverage.answer.upper, "missing": coverage.missing})


def middle(counts: Sequence[tuple[int, int]]) -> float | None:
    """The median of (value, how many); None for no rows."""
    ordered = sorted(counts)
    total = sum(n for _, n in ordered)
    seen = 0
    for value, n in ordered:
        seen += n
        if 2 * seen >= total:
            return float(value)
    return None


def classes(counts: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """How many are of each class of age."""
    found = [0] * (len(AGES) + 1)
    for days, n in counts:
        found[sum(days > end for end in AGES)] += n
    return tuple(found)


def weeks_between(first: date, last: date) -> float:
    """Whole and part weeks from a day to another, both included; 0 where the second is earlier."""
    return max(((last - first).days + 1) / 7, 0.0)


def worst_first(found: Iterable[Finding | None]) -> tuple[Finding, ...]:
    """What was found, in the order in which people can do something about it."""
    order = ("unanswered", "silent_client", "slow_stage", "fell", "thin")
    return tuple(sorted((one for one in found if one is not None), key=lambda one: order.index(one.rule)))
