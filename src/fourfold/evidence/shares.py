"""Shares and quantiles of few rows, with ranges that hold at the size of a desk. Standard library only.

A share has Wilson's score interval (1927). A quantile has the interval between two of its own order statistics, which
needs no shape of the distribution: the number of rows below the true quantile is binomial, whatever the rows are.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate
from math import ceil, exp, floor, lgamma, log, sqrt
from statistics import NormalDist

from fourfold.evidence.types import Estimate, Refusal

FEWEST = 5
"""Rows below which nothing is said of a share or a middle."""
WILSON = "score interval of a share (Wilson 1927)"
ORDERED = "interval between order statistics, whatever the distribution"
ALIKE = ("the rows stand for those to come", "no row decides another")
_EXACT = 2_000


def share(successes: int, n: int, *, fewest: int = FEWEST, level: float = 0.95, about: str = "") -> Estimate | Refusal:
    """The share of ``successes`` among ``n`` rows, 0 to 1, or a refusal below ``fewest``.

    Raises ValueError unless 0 ≤ successes ≤ n.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is no share")
    if n < max(fewest, 1):
        return Refusal("Too few to say.", have=n, need=fewest, about=about)
    z = NormalDist().inv_cdf(0.5 + level / 2)
    seen, squared = successes / n, z * z / n
    middle = (seen + squared / 2) / (1 + squared)
    reach = z * sqrt(seen * (1 - seen) / n + squared / (4 * n)) / (1 + squared)
    lower = 0.0 if successes == 0 else max(middle - reach, 0.0)
    upper = 1.0 if successes == n else min(middle + reach, 1.0)
    return Estimate(seen, min(lower, seen), max(upper, seen), n, WILSON, ALIKE)


def quantile(
    counts: Iterable[tuple[float, int]], part: float, *, level: float = 0.95, about: str = ""
) -> Estimate | Refusal:
    """The value below which ``part`` of the rows lie, from (value, how many) pairs in any order.

    The smallest value with at least this part at or below it. Refused where there are too few rows for both bounds:
    six for the median, 36 for the ninth tenth. Raises ValueError unless 0 < part < 1.
    """
    if not 0 < part < 1:
        raise ValueError(f"{part} is no part between 0 and 1")
    ordered = sorted((value, n) for value, n in counts if n > 0)
    ends = list(accumulate(n for _, n in ordered))
    total = ends[-1] if ends else 0
    ranks = _ranks(total, part, (1 - level) / 2)
    if ranks is None:
        return Refusal("Too few to say.", have=total, need=fewest_for(part, level=level), about=about)

    def at(rank: int) -> float:
        return next(value for (value, _), end in zip(ordered, ends, strict=True) if end >= rank)

    return Estimate(at(max(ceil(total * part), 1)), at(ranks[0]), at(ranks[1]), total, ORDERED, ALIKE)


def fewest_for(part: float, *, level: float = 0.95) -> int:
    """How many rows it takes until a quantile has both bounds."""
    return ceil(log((1 - level) / 2) / log(max(part, 1 - part)))


def _ranks(n: int, part: float, tail: float) -> tuple[int, int] | None:
    """The ranks (from 1) of the rows that bound the quantile, None where one of them is missing."""
    if n == 0 or max(part, 1 - part) ** n > tail:
        return None
    if n > _EXACT:
        reach = NormalDist().inv_cdf(1 - tail) * sqrt(n * part * (1 - part))
        return max(floor(n * part - reach), 1), min(ceil(n * part + reach) + 1, n)
    chances = [_chance(n, k, part) for k in range(n + 1)]
    below = list(accumulate(chances))
    lower = sum(1 for k in range(n) if below[k] <= tail)
    above = list(accumulate(reversed(chances)))
    upper = n + 1 - sum(1 for k in range(n) if above[k] <= tail)
    return max(lower, 1), min(upper, n)


def _chance(n: int, k: int, part: float) -> float:
    """The chance of k among n rows below the quantile."""
    ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    return exp(ways + k * log(part) + (n - k) * log(1 - part))
