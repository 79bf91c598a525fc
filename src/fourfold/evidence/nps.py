"""The net promoter score with an interval that holds at the size of an agency. Standard library only.

Each answer is 0 to 10: 9 and 10 would recommend us (promoters), 0 to 6 would not (detractors). The score is the share
of the first less the share of the second: the difference of two shares of one multinomial. Its interval is the score
interval of Tango (1998), who had paired shares in mind: the same likelihood. Where 95 % is claimed, the plain one
(value ± 1.96 standard errors) covers 26 % at the worst with five answers, this one 92 % (exact;
benchmarks/nps_coverage.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import copysign, sqrt
from statistics import NormalDist

from fourfold.evidence.types import Estimate, Refusal

SCORES = 11
LOWEST_PROMOTER, HIGHEST_DETRACTOR = 9, 6
FEWEST = 5
"""Answers below which nothing is said."""
METHOD = "score interval of a difference of two shares of one multinomial (Tango 1998)"
ASSUMPTIONS = (
    "those who answered stand for those who were asked",
    "each answer is somebody else's",
)
_HALVINGS = 50
_NOTHING = 1e-12


def net_promoter_score(counts: Sequence[int], *, fewest: int = FEWEST, level: float = 0.95) -> Estimate | Refusal:
    """The score from -1 to 1 of so many answers of each number, 0 to 10, or a refusal below ``fewest`` answers.

    Raises ValueError unless there are eleven counts, none of them negative.
    """
    if len(counts) != SCORES or min(counts) < 0:
        raise ValueError(f"eleven counts, of the answers 0 to 10, none negative: {tuple(counts)}")
    n, need = sum(counts), max(fewest, FEWEST)
    if n < need:
        return Refusal("Too few answers to be read without telling whose they are.", have=n, need=need, about="nps")
    promoters, detractors = sum(counts[LOWEST_PROMOTER:]), sum(counts[: HIGHEST_DETRACTOR + 1])
    lower, upper = score_bounds(promoters, detractors, n, level=level)
    return Estimate((promoters - detractors) / n, lower, upper, n, METHOD, ASSUMPTIONS)


def score_bounds(more: int, less: int, n: int, *, level: float = 0.95) -> tuple[float, float]:
    """Bounds of the difference of two shares, of which ``more`` and ``less`` were seen among ``n``.

    They are the differences that a score test at this level just doesn't refuse.
    """
    z = NormalDist().inv_cdf(0.5 + level / 2)
    seen = (more - less) / n
    lower = -1.0 if less == n else _where(lambda d: distance(more, less, n, d), z, -1.0, seen)
    upper = 1.0 if more == n else _where(lambda d: distance(more, less, n, d), -z, seen, 1.0)
    return min(lower, seen), max(upper, seen)


def distance(more: int, less: int, n: int, difference: float) -> float:
    """How many standard errors, under it, what was seen lies above this difference of the two shares.

    The error is that of the most likely shares among those with this difference.
    """
    b = (2 * n - more + less) * difference - more - less
    c = -less * difference * (1 - difference)
    fewer = (sqrt(max(b * b - 8 * n * c, 0.0)) - b) / (4 * n)
    spread = n * (2 * fewer + difference * (1 - difference))
    over = more - less - n * difference
    if spread <= _NOTHING:
        return 0.0 if abs(over) < _NOTHING else copysign(float("inf"), over)
    return over / sqrt(spread)


def _where(falling: Callable[[float], float], target: float, low: float, high: float) -> float:
    """Where a falling function passes the target."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if falling(middle) > target:
            low = middle
        else:
            high = middle
    return (low + high) / 2
