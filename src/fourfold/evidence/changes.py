"""The change of a realised total against another period, with an interval: counts and sums of money."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log, sqrt

from scipy.stats import beta, norm

from fourfold.evidence.types import Estimate, Refusal

FEWEST = 5
"""Events that both periods together need before a change of counts is estimated."""
FEWEST_EFFECTIVE = 10.0
"""Effective events (sum² / sum of squares) that each period needs before a change of money is estimated."""


def change_of_counts(now: int, before: int, *, days: int, days_before: int, level: float = 0.95) -> Estimate | Refusal:
    """Relative change of a rate (0.1 = ten per cent more a day), from two counts of independent events.

    The interval is exact: given both counts together, ``now`` is binomial (Clopper and Pearson 1934; Przyborowski and
    Wilenski 1940). Raises ValueError for negative counts or periods without days.
    """
    if min(now, before) < 0 or min(days, days_before) <= 0:
        raise ValueError(f"counts and days must be positive: {now}, {before}, {days}, {days_before}")
    n = now + before
    if n < FEWEST or before == 0:
        return Refusal(
            "Too small to tell: the two periods hold too few to compare.", have=n, need=FEWEST, about="change"
        )
    tail = (1 - level) / 2
    low = float(beta.ppf(tail, now, before + 1)) if now else 0.0
    high = float(beta.ppf(1 - tail, now + 1, before))
    exposure = days_before / days
    ratio = [p / (1 - p) * exposure - 1 for p in (low, high)]
    return Estimate(now / before * exposure - 1, ratio[0], ratio[1], n, "exact ratio of two Poisson rates")


def change_of_sums(
    now: Sequence[float], before: Sequence[float], *, days: int, days_before: int, level: float = 0.95
) -> Estimate | Refusal:
    """Relative change of money a day, from the amounts of independent events (one a placement) in two periods.

    Normal on the log scale; the variance of a compound Poisson sum is the sum of squares. Raises ValueError for periods
    without days.
    """
    if min(days, days_before) <= 0:
        raise ValueError(f"days must be positive: {days}, {days_before}")
    sums = [float(sum(now)), float(sum(before))]
    squares = [float(sum(x * x for x in part)) for part in (now, before)]
    effective = [s * s / q if q else 0.0 for s, q in zip(sums, squares, strict=True)]
    if min(sums) <= 0 or min(effective) < FEWEST_EFFECTIVE:
        reason = "Too small to tell: a few large amounts make up one of the two periods."
        return Refusal(reason, have=round(min(effective), 1), need=FEWEST_EFFECTIVE, about="change")
    ratio = log(sums[0] / days) - log(sums[1] / days_before)
    half = float(norm.ppf(0.5 + level / 2)) * sqrt(1 / effective[0] + 1 / effective[1])
    method = "log ratio of two compound Poisson sums"
    return Estimate(exp(ratio) - 1, exp(ratio - half) - 1, exp(ratio + half) - 1, len(now) + len(before), method)
