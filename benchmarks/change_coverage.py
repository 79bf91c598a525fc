"""Do the intervals of a change between two periods cover it? Coverage and refusal rate over a grid of periods.

    python -m benchmarks.change_coverage [--full] [--runs N] [--seed N]

Each run draws the placements of two periods (Poisson counts, lognormal fees) whose true totals differ by a known
factor. A cell is judged as in attribution_coverage.py, where there is an answer.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy import stats

from fourfold.evidence.changes import change_of_counts, change_of_sums
from fourfold.evidence.types import Estimate, Refusal

LOW, HIGH, TWO_ERRORS = 0.93, 0.97, 0.0228
MOST_TRIES = 10


@dataclass(frozen=True)
class ChangeCell:
    """Events expected in the earlier period, spread of log fees, and the factor to the later period."""

    events: int
    skew: float
    factor: float


@dataclass(frozen=True)
class MeasuredChange:
    cell: ChangeCell
    kind: str
    runs: int
    answers: int
    covered: int

    @property
    def coverage(self) -> float:
        return self.covered / self.answers if self.answers else float("nan")

    @property
    def verdict(self) -> str:
        if not self.answers:
            return "refused"
        under = stats.binom.cdf(self.covered, self.answers, LOW)
        over = stats.binom.sf(self.covered - 1, self.answers, HIGH)
        return "OFF" if min(under, over) < TWO_ERRORS else "ok"


def grid(*, full: bool) -> Iterator[ChangeCell]:
    sizes = (5, 10, 20, 40, 80, 160, 320) if full else (10, 40, 160)
    skews = (0.0, 0.6, 1.0) if full else (0.6,)
    for events, skew, factor in product(sizes, skews, (1.0, 1.5)):
        yield ChangeCell(events, skew, factor)


def measure_changes(cell: ChangeCell, runs: int, seed: int) -> list[MeasuredChange]:
    """Counts and money, on the same periods."""
    random = np.random.default_rng((seed, cell.events, round(10 * cell.skew), round(10 * cell.factor)))
    answers, covered, tried = ({"counts": 0, "money": 0} for _ in range(3))
    for run in range(runs * MOST_TRIES):
        now, before = (
            random.lognormal(9, cell.skew, random.poisson(mean)).tolist()
            for mean in (cell.events * cell.factor, cell.events)
        )
        found: dict[str, Estimate | Refusal] = {
            "counts": change_of_counts(len(now), len(before), days=90, days_before=90),
            "money": change_of_sums(now, before, days=90, days_before=90),
        }
        for kind, bound in found.items():
            if run >= runs and answers[kind] >= runs:
                continue
            tried[kind] += 1
            if isinstance(bound, Estimate):
                answers[kind] += 1
                covered[kind] += bound.lower <= cell.factor - 1 <= bound.upper
        if run >= runs - 1 and min(answers.values()) >= runs:
            break
    return [MeasuredChange(cell, kind, tried[kind], answers[kind], covered[kind]) for kind in found]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--full", action="store_true", help="the whole grid, 2,000 answers a cell")
    parser.add_argument("--runs", type=int, help="answers a cell")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(arguments)
    runs = args.runs or (2000 if args.full else 200)
    print(f"change between two periods: {runs:,} runs or more a cell, nominal 95 %, seed {args.seed}")
    print("kind    events  skew  factor  covered  answers  refused  verdict")
    off = cells = 0
    for cell in grid(full=args.full):
        for one in measure_changes(cell, runs, args.seed):
            cells += 1
            off += one.verdict == "OFF"
            covered = f"{one.coverage:.1%}" if one.answers else "–"
            print(
                f"{one.kind:<7} {cell.events:>6} {cell.skew:>5.1f} {cell.factor:>7.1f} {covered:>8} "
                f"{one.answers:>8,} {1 - one.answers / one.runs:>8.1%}  {one.verdict}",
                flush=True,
            )
    print(f"{cells} cells, {off} off")
    return int(bool(off))


if __name__ == "__main__":
    sys.exit(main())
