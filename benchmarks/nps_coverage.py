"""Does the interval of the net promoter score cover it? Exact chances over a grid of true shares, beside three others.

    python -m benchmarks.nps_coverage [--full] [--json]

For each number of answers: the least, the worst twentieth and the mean of the chances that the interval holds the
truth, and how wide it is on average. Nothing is drawn: every possible sample is weighed with its chance.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from math import sqrt

import numpy as np
from scipy.special import gammaln

from fourfold.evidence.nps import score_bounds

Bounds = Callable[[int, int, int], tuple[float, float]]
Z = 1.959963984540054
SIZES, ALL_SIZES = (5, 10, 20, 50), (5, 7, 10, 15, 20, 30, 50, 100, 200)


def adjusted(each: float, all_: float) -> Bounds:
    """Value ± 1.96 standard errors, after so many answers were added to each end and to all."""

    def bounds(more: int, less: int, n: int) -> tuple[float, float]:
        up, down, whole = more + each, less + each, n + all_
        value = (up - down) / whole
        half = Z * sqrt(((up + down) - (up - down) ** 2 / whole) / whole**2)
        return max(-1.0, value - half), min(1.0, value + half)

    return bounds


WAYS: dict[str, Bounds] = {
    "score (ours)": score_bounds,
    "plain": adjusted(0, 0),
    "Agresti–Min": adjusted(0.5, 2),
    "Bonett–Price": adjusted(1, 2),
}


@dataclass(frozen=True)
class Measured:
    n: int
    way: str
    least: float
    worst_twentieth: float
    mean: float
    width: float


def measure(n: int, way: str) -> Measured:
    """The exact coverage of one way at one size."""
    up, down = (part.ravel() for part in np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij"))
    possible = up + down <= n
    up, down = up[possible], down[possible]
    bounds = np.array([WAYS[way](int(more), int(less), n) for more, less in zip(up, down, strict=True)])
    ways = gammaln(n + 1) - gammaln(up + 1) - gammaln(down + 1) - gammaln(n - up - down + 1)
    held, widths = [], []
    for p in np.arange(0.02, 1, 0.04):
        for d in np.arange(0.02, 1 - p - 0.015, 0.04):
            chance = np.exp(ways + up * np.log(p) + down * np.log(d) + (n - up - down) * np.log(1 - p - d))
            inside = (bounds[:, 0] <= p - d + 1e-12) & (p - d - 1e-12 <= bounds[:, 1])
            held.append(float(chance[inside].sum()))
            widths.append(float((chance * (bounds[:, 1] - bounds[:, 0])).sum()))
    return Measured(n, way, min(held), float(np.quantile(held, 0.05)), float(np.mean(held)), float(np.mean(widths)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = [measure(n, way) for n in (ALL_SIZES if options.full else SIZES) for way in WAYS]
    if options.json:
        print(json.dumps([asdict(one) for one in found], indent=1))
        return 0
    print(f"{'answers':>7}  {'interval':<14}{'least':>8}{'worst 5 %':>11}{'mean':>8}{'width':>8}")
    for one in found:
        chances = f"{one.least:>8.3f}{one.worst_twentieth:>11.3f}{one.mean:>8.3f}"
        print(f"{one.n:>7}  {one.way:<14}{chances}{one.width:>8.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
