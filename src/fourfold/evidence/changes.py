"""The change of a realised total against another period, with an interval: counts and sums of money."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log, sqrt

import numpy as np
from scipy import optimize, special, stats

from fourfold.evidence.intervals import cost_of_unequal
from fourfold.evidence.types import Estimate, Refusal

FEWEST = 5
"""Events that both periods together need before a change of counts is estimated."""
FEWEST_EFFECTIVE = 12.0
"""Events, divided by what unequal amounts cost, that both periods together need before a change of money is."""
FEWEST_EACH = 3
"""Events that each period needs before a change of money is estimated."""


def change_of_counts(now: int, before: int, *, days: int, days_before: int, level: float = 0.95) -> Estimate | Refusal:
    """Relative change of a rate (0.1 = ten per cent more a day), from two counts of independent events.

    Given both counts together, ``now`` is binomial (Przyborowski and Wilenski 1940). The bounds are mid-p: those of
    Clopper and Pearson cover 98 % and more where counts are small. Raises ValueError for negative counts or periods
    without days.
    """
    if min(now, before) < 0 or min(days, days_before) <= 0:
        raise ValueError(f"counts and days must be positive: {now}, {before}, {days}, {days_before}")
    n = now + before
    if n < FEWEST or before == 0:
        return Refusal(
            "Too small to tell: the two periods hold too few to compare.", have=n, need=FEWEST, about="change"
        )
    tail = (1 - level) / 2
    low = _mid_p_bound(now, n, 1 - tail) if now else 0.0
    high = _mid_p_bound(now, n, tail)
    exposure = days_before / days
    ratio = [p / (1 - p) * exposure - 1 for p in (low, high)]
    return Estimate(now / before * exposure - 1, ratio[0], ratio[1], n, "mid-p ratio of two Poisson rates")


def _mid_p_bound(successes: int, n: int, mass: float) -> float:
    """The chance p at which P(X < successes) + P(X = successes) / 2 is ``mass``, X binomial of n and p."""

    def missing(p: float) -> float:
        up_to, below = special.bdtr(successes, n, p), special.bdtr(successes - 1, n, p) if successes else 0.0
        return float(up_to + below) / 2 - mass

    return float(optimize.brentq(missing, 1e-12, 1 - 1e-12))


def change_of_sums(
    now: Sequence[float], before: Sequence[float], *, days: int, days_before: int, level: float = 0.95
) -> Estimate | Refusal:
    """Relative change of money a day, from the amounts of independent events (one a placement) in two periods.

    Normal on the log scale. A period's relative variance is the mean of two: the compound Poisson sum's own (sum of
    squares), and what its number of events would have with the amounts of both periods, or with a lognormal's like
    them: the largest amount of a kind was often not seen. Raises ValueError for periods without days.
    """
    if min(days, days_before) <= 0:
        raise ValueError(f"days must be positive: {days}, {days_before}")
    periods = [np.array(part, dtype=np.float64) for part in (now, before)]
    sums = [float(part.sum()) for part in periods]
    counts = [len(part) for part in periods]
    paid = np.concatenate(periods)
    paid = paid[paid > 0]
    cost = cost_of_unequal(paid) if len(paid) > 1 else 1.0
    have = len(paid) / cost
    if min(sums) <= 0 or min(counts) < FEWEST_EACH or have < FEWEST_EFFECTIVE:
        reason = "Too small to tell: too few amounts, or a few large ones make up one of the two periods."
        return Refusal(reason, have=round(have, 1), need=FEWEST_EFFECTIVE, about="change")
    ratio = log(sums[0] / days) - log(sums[1] / days_before)
    seen = sum(float((part**2).sum()) / total**2 for part, total in zip(periods, sums, strict=True))
    expected = sum(cost / count for count in counts)
    half = float(stats.norm.ppf(0.5 + level / 2)) * sqrt((seen + expected) / 2)
    method = "log ratio of two compound Poisson sums"
    return Estimate(exp(ratio) - 1, exp(ratio - half) - 1, exp(ratio + half) - 1, sum(counts), method)
