"""How often does an experiment without any effect say that there is one? Over sizes, rates, holdouts and metrics.

    python -m benchmarks.false_alarms [--full] [--runs N] [--jobs 2] [--seed N]

Each run draws one list of people of whom some convert, with skewed money, and deals them into arms: nothing was done
to anybody. An alarm is a verdict other than "noise" or "not compared" (a test at 5 %), and, apart from it, an interval
of the difference that leaves out 0. A cell is off where alarms exceed 6 % by more than chance gives in one simulation
of forty-four. The randomisation test draws 199 arms instead of 10,000: as exact, and quicker. Quick: 200 runs of a few
cells. At 20,000 people there are 500 runs a cell.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from scipy import stats

from fourfold.evidence.experiments import Design, analyse
from fourfold.evidence.types import Comparison

BAR = 0.06
TWO_ERRORS = 0.0228
DRAWS = 199
MOST_PEOPLE = 10_000_000
"""People drawn for one cell: 20,000 at a time make 500 runs."""
LOG_SPREAD = 1.0
RATE, MONEY = "placed", "money"


@dataclass(frozen=True)
class Cell:
    """People in all, the part that converts, the part held out, and the number of arms that are treated."""

    people: int
    rate: float
    holdout: float
    treated_arms: int = 1


@dataclass
class Counted:
    """Over the runs of one cell and one metric: tests made, those that alarmed, intervals given, those without 0."""

    tests: int = 0
    alarms: int = 0
    intervals: int = 0
    missed: int = 0


@dataclass
class Found:
    cell: Cell
    runs: int
    metrics: dict[str, Counted] = field(default_factory=dict)
    sample_ratio_alarms: int = 0

    def is_off(self, metric: str) -> bool:
        counted = self.metrics[metric]
        pairs = ((counted.alarms, counted.tests), (counted.missed, counted.intervals))
        return any(n and stats.binom.sf(k - 1, n, BAR) < TWO_ERRORS for k, n in pairs)


def grid(*, full: bool) -> list[Cell]:
    sizes = (500, 2000, 5000, 20_000) if full else (500, 2000)
    rates = (0.01, 0.05, 0.2) if full else (0.01, 0.05)
    holdouts = (0.1, 0.2, 0.5) if full else (0.1,)
    cells = [Cell(*cell) for cell in product(sizes, rates, holdouts)]
    several = product((2000, 5000) if full else (2000,), (0.01, 0.05, 0.2) if full else (0.05,), (0.1, 1 / 3))
    return [*cells, *(Cell(people, rate, holdout, 2) for people, rate, holdout in several)]


def measure(cell: Cell, runs: int, seed: int) -> Found:
    """Alarms per experiment: with several arms one alarm in any pair counts once (Holm keeps that at the level)."""
    runs = min(runs, MOST_PEOPLE // cell.people)
    found = Found(cell, runs, {RATE: Counted(), MONEY: Counted()})
    treated = [f"treated {number + 1}" for number in range(cell.treated_arms)]
    shares = {"none": cell.holdout} | dict.fromkeys(treated, (1 - cell.holdout) / cell.treated_arms)
    design = Design(
        arm="arm",
        control="none",
        rates=(RATE,),
        means=(MONEY,),
        compare_all=cell.treated_arms > 1,
        shares=shares,
        draws=DRAWS,
    )
    for run in range(runs):
        random = np.random.default_rng((seed, run, cell.people))
        arms = np.array(list(shares))[
            np.searchsorted(np.cumsum(list(shares.values()))[:-1], random.random(cell.people))
        ]
        placed = (random.random(cell.people) < cell.rate).astype(np.float64)
        money = placed * np.exp(random.normal(9.0, LOG_SPREAD, cell.people))
        result = analyse(arms.tolist(), {RATE: placed, MONEY: money}, design)
        found.sample_ratio_alarms += result.sample_ratio.alarm
        for metric, counted in found.metrics.items():
            _count([row for row in result.comparisons if row.metric == metric], counted)
    return found


def _count(rows: list[Comparison], counted: Counted) -> None:
    tested = [row for row in rows if row.p_value is not None]
    bounded = [row for row in rows if row.lower is not None and row.upper is not None]
    counted.tests += bool(tested)
    counted.alarms += any(not row.verdict.startswith("noise") for row in tested)
    if len(rows) == 1:  # intervals of several arms are not adjusted for their number, and say so
        counted.intervals += bool(bounded)
        counted.missed += any(not (row.lower or 0) <= 0 <= (row.upper or 0) for row in bounded)


def lines(found: Found) -> Iterator[str]:
    cell = found.cell
    for metric, counted in found.metrics.items():
        alarms = f"{counted.alarms / counted.tests:.1%}" if counted.tests else "–"
        error = 2 * np.sqrt(0.05 * 0.95 / max(counted.tests, 1))
        missed = f"{counted.missed / counted.intervals:.1%}" if counted.intervals else "–"
        yield (
            f"{cell.people:>7,} {found.runs:>6,} {cell.rate:>5.0%} {cell.holdout:>8.0%} {1 + cell.treated_arms:>5}  "
            f"{metric:<7}"
            f"{alarms:>7} {error:>8.1%} {1 - counted.tests / found.runs:>8.1%} {missed:>9} "
            f"{1 - counted.intervals / found.runs:>8.1%} {found.sample_ratio_alarms / found.runs:>7.1%}  "
            f"{'OFF' if found.is_off(metric) else 'ok'}"
        )


HEAD = (
    " people   runs  rate held out  arms  metric   alarm  ±2 s.e.  no test  interval  refused  sample  verdict\n"
    "                                                                      without 0           ratio"
)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--full", action="store_true", help="the whole grid, 2,000 runs a cell")
    parser.add_argument("--runs", type=int, help="runs a cell")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(arguments)
    runs = args.runs or (2000 if args.full else 200)
    cells = grid(full=args.full)
    started = time.perf_counter()
    print(
        f"experiments without an effect: {runs:,} runs a cell, tests at 5 %, the bar is 6 %, seed {args.seed}\n{HEAD}"
    )
    off = 0
    with ProcessPoolExecutor(args.jobs) as pool:
        for found in pool.map(measure, cells, [runs] * len(cells), [args.seed] * len(cells)):
            off += sum(found.is_off(metric) for metric in found.metrics)
            print("\n".join(lines(found)), flush=True)
    print(f"{2 * len(cells)} cells, {off} off; {time.perf_counter() - started:,.0f} s")
    return int(bool(off))


if __name__ == "__main__":
    sys.exit(main())
