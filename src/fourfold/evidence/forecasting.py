"""What open applications and running assignments will bring, with a range from a house's own past. Standard library.

Whoever stands at a stage today is taken to go on as those did who came to that stage before: p(stage, weeks) is the
part of them that was placed within so many weeks. Jobs are drawn with replacement (applications on one job rise and
fall together), then each open application is drawn by the rates of that draw, so that the range holds both what we
don't know of the rates and what chance will do. Seeded: the same past and pipeline give the same answer.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import sqrt

from fourfold.evidence.types import Estimate, Refusal

FEWEST_JOBS = 20
"""Past jobs on which somebody came to a stage, below which nothing is said."""
FEWEST_PLACED = 5
FEWEST_AT_STAGE = 5
FEWEST_ASSIGNMENTS = 8
REPLICATES = 400
METHOD = "bootstrap over our own past jobs, each open application drawn by its stage's rates"
WEEKS_METHOD = "bootstrap over our own assignments: what weeks brought, against what was agreed"
ASSUMPTIONS = (
    "people go on from a stage as those who came to it before",
    "jobs don’t depend on each other",
    "nothing that is not yet in the pipeline counts",
)
_MOST_DRAWN = 400


@dataclass(frozen=True, slots=True)
class PastJob:
    """One past job: by stage, how many came to it, and how many of them were placed within each horizon, in order."""

    reached: Mapping[str, int]
    placed: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class OpenOnes:
    """Open applications of one stage and value. ``value`` in minor units each."""

    stage: str
    n: int
    value: int


@dataclass(frozen=True, slots=True)
class _Sums:
    reached: dict[str, int] = field(default_factory=dict)
    placed: dict[str, list[int]] = field(default_factory=dict)

    def rate(self, stage: str, horizon: int) -> float:
        n = self.reached.get(stage, 0)
        return self.placed[stage][horizon] / n if n else 0.0


def _summed(past: Iterable[tuple[PastJob, int]]) -> _Sums:
    """The sums of jobs, each with how often it counts."""
    sums = _Sums()
    for job, times in past:
        for stage, n in job.reached.items():
            sums.reached[stage] = sums.reached.get(stage, 0) + n * times
            placed = job.placed[stage]
            held = sums.placed.setdefault(stage, [0] * len(placed))
            for horizon, k in enumerate(placed):
                held[horizon] += k * times
    return sums


def _alike(past: Sequence[PastJob]) -> tuple[list[PastJob], list[int]]:
    """Jobs that went the same way, and how many of each: there are few kinds, however many jobs."""
    kinds: dict[tuple[object, ...], list[PastJob]] = {}
    for job in past:
        kinds.setdefault((tuple(sorted(job.reached.items())), tuple(sorted(job.placed.items()))), []).append(job)
    return [held[0] for held in kinds.values()], [len(held) for held in kinds.values()]


def too_little(past: Sequence[PastJob], horizon: int, *, about: str = "") -> Refusal | None:
    """Why a past says nothing; None where it does."""
    if len(past) < FEWEST_JOBS:
        return Refusal(
            "Too few past jobs on which somebody was submitted.", have=len(past), need=FEWEST_JOBS, about=about
        )
    placed = sum(max((one[horizon] for one in job.placed.values()), default=0) for job in past)
    if placed < FEWEST_PLACED:
        return Refusal("Too few placements within as many weeks.", have=placed, need=FEWEST_PLACED, about=about)
    return None


def forecast(
    past: Sequence[PastJob], still_open: Sequence[OpenOnes], horizon: int, *, seed: int = 1, about: str = ""
) -> Estimate | Refusal:
    """What open applications bring within a horizon (its place in ``PastJob.placed``), in minor units.

    ``value`` is the expected sum; the range holds 95 of 100 draws. ``n`` counts past jobs.
    """
    refused = too_little(past, horizon, about=about)
    if refused is not None:
        return refused
    rates = _summed((job, 1) for job in past)
    least = min((rates.reached.get(one.stage, 0) for one in still_open), default=FEWEST_AT_STAGE)
    if least < FEWEST_AT_STAGE:
        reason = "Too few earlier ones came to a stage at which some are open."
        return Refusal(reason, have=least, need=FEWEST_AT_STAGE, about=about)
    value = sum(one.n * one.value * rates.rate(one.stage, horizon) for one in still_open)
    draw = random.Random(seed)  # noqa: S311 (statistics, no secret)
    kinds, weights = _alike(past)
    totals = list(accumulate(weights))
    sums = []
    for _ in range(REPLICATES):
        times = Counter(draw.choices(range(len(kinds)), cum_weights=totals, k=len(past)))
        sums.append(_drawn(_summed((kinds[kind], n) for kind, n in sorted(times.items())), still_open, horizon, draw))
    sums.sort()
    lower, upper = _middle_95(sums)
    return Estimate(value, min(lower, value), max(upper, value), len(past), METHOD, ASSUMPTIONS)


def _drawn(rates: _Sums, still_open: Sequence[OpenOnes], horizon: int, draw: random.Random) -> float:
    if sum(one.n for one in still_open) > _MOST_DRAWN:
        chances = [(one, rates.rate(one.stage, horizon)) for one in still_open]
        mean = sum(one.n * one.value * p for one, p in chances)
        spread = sqrt(sum(one.n * one.value**2 * p * (1 - p) for one, p in chances))
        return max(draw.gauss(mean, spread), 0.0)
    total = 0.0
    for one in still_open:
        p = rates.rate(one.stage, horizon)
        total += one.value * sum(draw.random() < p for _ in range(one.n))
    return total


def as_agreed(agreed: int, past: Sequence[tuple[int, int]], *, seed: int = 1, about: str = "") -> Estimate | Refusal:
    """What running assignments bring: the sum agreed, by what past assignments brought of theirs.

    ``past``: (agreed, brought) in minor units, one pair an assignment. Refused below eight of them.
    """
    held = [(planned, brought) for planned, brought in past if planned > 0]
    if len(held) < FEWEST_ASSIGNMENTS:
        reason = "Too few assignments whose weeks came in."
        return Refusal(reason, have=len(held), need=FEWEST_ASSIGNMENTS, about=about)

    def ratio(pairs: Sequence[tuple[int, int]]) -> float:
        return sum(brought for _, brought in pairs) / sum(planned for planned, _ in pairs)

    draw = random.Random(seed)  # noqa: S311 (statistics, no secret)
    drawn = sorted(ratio(draw.choices(held, k=len(held))) for _ in range(REPLICATES))
    lower, upper = _middle_95(drawn)
    value = agreed * ratio(held)
    return Estimate(value, min(agreed * lower, value), max(agreed * upper, value), len(held), WEEKS_METHOD,
                    ("assignments run until their agreed end",))  # fmt: skip


def _middle_95(ordered: Sequence[float]) -> tuple[float, float]:
    cut = int(len(ordered) * 0.025)
    return ordered[cut], ordered[-1 - cut]
