"""Do the intervals of attribution cover what they claim? Coverage and refusal rate over a grid of agencies.

    python -m benchmarks.attribution_coverage [--full] [--runs N] [--method shapley] [--all] [--jobs 2] [--seed N]

Each run makes the placements of one agency: organisations that come back, a candidate's and a client's journey of each
placement, an organisation's own taste for the channel, skewed fees. The interval of the channel's share is compared
with the method's own large-sample share. A cell is judged where there is an answer, however seldom: runs go on, up to
eight times as many, until there are as many answers as were asked for. Its coverage must not lie outside 93-97 % by
what chance gives in one simulation of forty-four (two standard errors; an exact binomial test).
Quick mode: 200 answers in a small grid; full: 2,000 in the whole.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from scipy import stats

from fourfold.evidence import intervals, methods
from fourfold.evidence.attribution import by_bucket, counted
from fourfold.evidence.paths import Floats, Paths
from fourfold.evidence.types import BUCKETS, HOUSE_METHOD, Estimate, IntervalSettings, Method, MethodSettings, Refusal

KEYS = ("other a", "other b", "other c", "other d", "the channel")
THE = len(KEYS) - 1
SETTINGS = MethodSettings()
LARGE = 60_000
"""Outcomes of the sample that stands for "large"."""
MOST_TRIES = 8
"""Runs per answer asked for, where answers are few."""
LOW, HIGH = 0.93, 0.97
TWO_ERRORS = 0.0228
"""The chance beyond two standard errors: exact binomial, as a few cells give a handful of answers."""
MODELS = (Method.MARKOV, Method.SHAPLEY_RATE)
PER_JOURNEY = tuple(method for method in Method if method.is_per_journey and method != Method.SHAPLEY_ORDERED)
"""By key the ordered Shapley values are the plain ones, so they have no row of their own."""
INTERVALS = {method: IntervalSettings(replicates=250 if method in MODELS else 1000) for method in Method}
"""Refitted methods use the replicates' spread only, which 250 give as well as 1,000."""

# Runs have a few hundred different numbers of organisations; their draws are kept.
intervals.replicate_weights = lru_cache(maxsize=600)(intervals.replicate_weights.__wrapped__)


@dataclass(frozen=True)
class Cell:
    """One kind of agency: outcomes in the period, the channel's part of touches, spread of log fees."""

    outcomes: int
    part: float
    skew: float


@dataclass(frozen=True)
class Measured:
    """What one method did in one cell: runs, answers, those that covered, and their median width."""

    cell: Cell
    method: Method
    true: float
    runs: int
    answers: int
    covered: int
    width: float

    @property
    def coverage(self) -> float:
        return self.covered / self.answers if self.answers else float("nan")

    @property
    def refused(self) -> float:
        return 1 - self.answers / self.runs

    @property
    def error(self) -> float:
        """Two standard errors of the simulation, for a true 95 %."""
        return 2 * float(np.sqrt(0.95 * 0.05 / max(self.answers, 1)))

    @property
    def verdict(self) -> str:
        if not self.answers:
            return "refused"
        under = stats.binom.cdf(self.covered, self.answers, LOW)
        over = stats.binom.sf(self.covered - 1, self.answers, HIGH)
        return "OFF" if min(under, over) < TWO_ERRORS else "ok"


def grid(*, full: bool, models: bool = False) -> list[Cell]:
    """``models``: methods that weigh journeys by count know no fees, so one spread stands for all."""
    sizes = (20, 40, 80, 160, 320, 1000) if full else (40, 160, 320)
    parts = (0.05, 0.15, 0.4) if full else (0.15, 0.4)
    skews = (0.0,) if models else (0.0, 0.6, 1.0) if full else (0.6,)
    return [Cell(*cell) for cell in product(sizes, parts, skews)]


def agency(cell: Cell, random: np.random.Generator, *, nulls: bool) -> Paths:
    """Two journeys a placement (a half each), and for chains as many journeys again that brought nothing."""
    size = random.geometric(0.6, cell.outcomes)
    organisation = np.repeat(np.arange(len(size)), size)[: cell.outcomes]
    taste = random.normal(0.0, 0.7, len(size))[organisation]
    fee = np.exp(random.normal(-(cell.skew**2) / 2, cell.skew, cell.outcomes)) * 10_000
    bucket = random.integers(0, BUCKETS, len(size))[organisation]
    journeys = np.concatenate((taste, taste, random.normal(0.0, 0.7, 2 * cell.outcomes if nulls else 0)))
    lengths = 1 + random.poisson(1.8, len(journeys))
    odds = np.log(cell.part / (1 - cell.part)) + np.repeat(journeys, lengths)
    is_channel = random.random(len(odds)) < 1 / (1 + np.exp(-odds))
    halves = np.concatenate((np.full(2 * cell.outcomes, 0.5), np.zeros(len(journeys) - 2 * cell.outcomes)))
    money = np.concatenate((fee / 2, fee / 2, np.zeros(len(journeys) - 2 * cell.outcomes)))
    other = random.integers(0, BUCKETS, len(journeys) - 2 * cell.outcomes)
    return Paths(
        keys=KEYS,
        steps=np.where(is_channel, THE, random.integers(0, THE, len(odds))),
        starts=np.concatenate(([0], np.cumsum(lengths))),
        outcomes=halves,
        nulls=(halves == 0).astype(np.float64) * 3,
        value=money,
        age_days=random.exponential(20.0, len(odds)),
        direct=random.random(len(odds)) < np.where(is_channel, 0.0, 0.2),
        bucket=np.concatenate((bucket, bucket, other)),
    )


def credit_of(paths: Paths, method: Method) -> Floats:
    """(BUCKETS,) money that the channel is credited with by bucket."""
    assert paths.value is not None
    assert paths.bucket is not None
    parts = methods.parts(paths, method, SETTINGS)
    at = np.flatnonzero(paths.steps == THE)
    row = paths.rows[at]
    return np.bincount(paths.bucket[row], weights=parts[at] * paths.value[row], minlength=BUCKETS)


def share_of(paths: Paths, method: Method) -> float:
    """The channel's share of money."""
    if method in MODELS:
        return float(methods.fit(counted(paths), method, SETTINGS).shares()[0][THE])
    assert paths.value is not None
    return float(credit_of(paths, method).sum() / paths.value.sum())


Bounds = dict[Method, Estimate | Refusal]


def intervals_of(paths: Paths, asked: list[Method]) -> Bounds:
    """The channel's interval under each method as ``attribute`` makes it.

    Methods that share each journey share the same fees, so they can be asked in one go, as keys of one table.
    """
    assert paths.value is not None
    found: Bounds = {method: _refitted(paths, method) for method in asked if method in MODELS}
    easy = [method for method in asked if method not in MODELS]
    if easy:
        credit = np.column_stack([credit_of(paths, method) for method in easy])
        total = np.bincount(paths.bucket, weights=paths.value, minlength=BUCKETS)
        keys, asked_of = tuple(method.value for method in easy), INTERVALS[easy[0]]
        bounds = intervals.share_intervals(credit, total, keys=keys, settings=asked_of, method=easy[0])
        found |= {method: bounds[method.value] for method in easy}
    return found


def _refitted(paths: Paths, method: Method) -> Estimate | Refusal:
    asked, key = INTERVALS[method], KEYS[THE:]
    credit = by_bucket(paths, methods.parts(paths, Method.SHAPLEY, SETTINGS), paths.outcomes)
    have = intervals.independent(credit[:, [THE]], credit.sum(axis=1))
    if intervals.is_too_few(have, method)[0]:  # refitting would not change that
        return Refusal("too few", about=KEYS[THE])
    model = methods.fit(counted(paths), method, SETTINGS)
    shares, _ = model.shares()
    weights = intervals.replicate_weights(BUCKETS, asked.replicates, asked.seed)
    drawn = model.replicated(weights)
    assert drawn is not None
    return intervals.model_intervals(
        shares[[THE]], drawn[:, [THE]], have, keys=key, groups=BUCKETS, settings=asked, method=method
    )[KEYS[THE]]


@lru_cache(maxsize=200)
def truth(part: float, method: Method, seed: int) -> float:
    """The method's own share of the channel in a large sample."""
    large = Cell(LARGE, part, 0.0)  # fees are independent of journeys, so their skew changes no expectation
    draws = [agency(large, np.random.default_rng((seed, 9, i)), nulls=method in MODELS) for i in range(4)]
    return float(np.mean([share_of(paths, method) for paths in draws]))


def measure(cell: Cell, asked: Iterable[Method], runs: int, seed: int) -> list[Measured]:
    """All methods on the same agencies: at least ``runs`` of them, more where a method seldom answers."""
    chosen = tuple(asked)
    widths: dict[Method, list[float]] = {method: [] for method in chosen}
    covered, tried = dict.fromkeys(chosen, 0), dict.fromkeys(chosen, 0)
    true = {method: truth(cell.part, method, seed) for method in chosen}
    nulls = any(method in MODELS for method in chosen)
    for run in range(runs * MOST_TRIES):
        lacking = [method for method in chosen if run < runs or 0 < len(widths[method]) < runs]
        if not lacking:
            break
        paths = agency(cell, np.random.default_rng((seed, run, cell.outcomes)), nulls=nulls)
        for method, bound in intervals_of(paths, lacking).items():
            tried[method] += 1
            if isinstance(bound, Estimate):
                covered[method] += bound.lower <= true[method] <= bound.upper
                widths[method].append(bound.upper - bound.lower)
    return [
        Measured(
            cell,
            method,
            true[method],
            tried[method],
            len(widths[method]),
            covered[method],
            float(np.median(widths[method])) if widths[method] else float("nan"),
        )
        for method in chosen
    ]


def line(found: Measured) -> str:
    cell = found.cell
    covered, width = (f"{found.coverage:.1%}", f"{found.width:.3f}") if found.answers else ("–", "–")
    return (
        f"{found.method.value:<16} {cell.outcomes:>8} {cell.part:>5.0%} {cell.skew:>5.1f} {found.true:>6.1%} "
        f"{covered:>8} {found.error:>7.1%} {found.answers:>8,} {found.refused:>8.1%} {width:>6}  {found.verdict}"
    )


HEAD = "method           outcomes  part  skew  share  covered  ±2 s.e.  answers  refused  width  verdict"


def results(cells: list[Cell], asked: list[Method], runs: int, seed: int, jobs: int) -> Iterator[list[Measured]]:
    if jobs == 1:
        yield from (measure(cell, asked, runs, seed) for cell in cells)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(measure, cells, [asked] * len(cells), [runs] * len(cells), [seed] * len(cells))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--full", action="store_true", help="the whole grid, 2,000 answers a cell")
    parser.add_argument("--runs", type=int, help="answers a cell")
    parser.add_argument("--method", action="append", choices=[m.value for m in Method], help="may be given twice")
    parser.add_argument("--all", action="store_true", help="all methods")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(arguments)
    runs = args.runs or (2000 if args.full else 200)
    asked = [Method(name) for name in args.method or ()] or ([*PER_JOURNEY, *MODELS] if args.all else [HOUSE_METHOD])
    every: list[Measured] = []
    started = time.perf_counter()
    print(f"{runs:,} runs or more a cell, nominal 95 %, seed {args.seed}\n{HEAD}", flush=True)
    for group in ([m for m in asked if m not in MODELS], *[[m] for m in asked if m in MODELS]):
        cells = grid(full=args.full, models=group[0] in MODELS) if group else []
        for found in results(cells, group, runs, args.seed, args.jobs):
            every += found
            for one in found:
                print(line(one), flush=True)
    off = [one for one in every if one.verdict == "OFF"]
    print(f"{len(every)} cells, {len(off)} off; {time.perf_counter() - started:,.0f} s", flush=True)
    return int(bool(off))


if __name__ == "__main__":
    sys.exit(main())
