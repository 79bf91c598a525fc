"""Do the intervals of attribution cover what they claim? Coverage and refusal rate over a grid of agencies.

    python benchmarks/attribution_coverage.py [--full] [--runs N] [--method shapley] [--seed N]

Each run makes the placements of one agency: organisations that come back, a candidate's and a client's journey of each
placement, an organisation's own taste for the channel, skewed fees. The interval of the channel's share is compared
with the method's own large-sample share. A cell is judged with its Monte-Carlo error: ``ok`` unless coverage lies
outside 93-97 % by more than two standard errors. Quick mode: 200 runs of a small grid; full: 2,000 of the whole.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from fourfold.evidence import intervals, methods
from fourfold.evidence.attribution import by_bucket, counted
from fourfold.evidence.paths import Floats, Paths
from fourfold.evidence.types import BUCKETS, NONE, Estimate, IntervalSettings, Method, MethodSettings

KEYS = ("other a", "other b", "other c", "other d", "the channel")
THE = len(KEYS) - 1
SETTINGS = MethodSettings()
LARGE = 60_000
"""Outcomes of the sample that stands for "large"."""


@dataclass(frozen=True)
class Cell:
    """One kind of agency: outcomes in the period, the channel's part of touches, spread of log fees."""

    outcomes: int
    part: float
    skew: float


def grid(*, full: bool) -> list[Cell]:
    sizes = (20, 40, 80, 160, 320, 1000) if full else (40, 160, 320)
    parts = (0.05, 0.15, 0.4) if full else (0.15, 0.4)
    skews = (0.0, 0.6, 1.0) if full else (0.6,)
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
        bucket=np.concatenate((bucket, bucket, other)),
    )


def interval_of(paths: Paths, method: Method, settings: IntervalSettings) -> tuple[object, float]:
    """The channel's interval as ``attribute`` makes it, and the share itself."""
    assert paths.value is not None
    if method.is_per_journey:
        credit = by_bucket(paths, methods.parts(paths, method, SETTINGS), paths.value)
        share = float(credit[:, THE].sum() / credit.sum())
        if not settings.replicates:
            return None, share
        total = credit.sum(axis=1)
        found = intervals.share_intervals(credit, total, keys=(*KEYS, NONE), settings=settings, method=method)
        return found[KEYS[THE]], share
    model = methods.fit(counted(paths), method, SETTINGS)
    shares, _ = model.shares()
    if not settings.replicates:
        return None, float(shares[THE])
    weights = intervals.replicate_weights(BUCKETS, settings.replicates, settings.seed)
    drawn = model.replicated(weights)
    assert drawn is not None
    credit = by_bucket(paths, methods.parts(paths, Method.SHAPLEY, SETTINGS), paths.outcomes)[:, :-1]
    have = np.minimum(intervals.effective(credit), intervals.effective(credit.sum(axis=1)[:, None] - credit))
    model = intervals.model_intervals(shares, drawn, have, keys=KEYS, groups=BUCKETS, settings=settings, method=method)
    return model[KEYS[THE]], float(shares[THE])


def truth(cell: Cell, method: Method, seed: int) -> float:
    """The method's own share of the channel in a large sample."""
    large = Cell(LARGE, cell.part, 0.0)  # fees are independent of journeys, so their skew changes no expectation
    found = [
        interval_of(agency(large, np.random.default_rng((seed, 9, i)), nulls=not method.is_per_journey), method, _NO)[1]
        for i in range(4)
    ]
    return float(np.mean(found))


_NO = IntervalSettings(replicates=0)


def measure(cell: Cell, method: Method, runs: int, seed: int) -> tuple[float, float, float, Floats]:
    """True share, coverage where not refused, refusal rate, and the widths."""
    true = truth(cell, method, seed)
    covered, widths = 0, []
    for run in range(runs):
        random = np.random.default_rng((seed, run, cell.outcomes))
        paths = agency(cell, random, nulls=not method.is_per_journey)
        bound, _ = interval_of(paths, method, IntervalSettings(seed=run))
        if isinstance(bound, Estimate):
            covered += bound.lower <= true <= bound.upper
            widths.append(bound.upper - bound.lower)
    answered = len(widths)
    coverage = covered / answered if answered else float("nan")
    return true, coverage, 1 - answered / runs, np.array(widths)


def report(method: Method, cells: list[Cell], runs: int, seed: int) -> Iterator[str]:
    """One line a cell."""
    yield f"{method.value}: {runs:,} runs a cell, nominal 95 %"
    yield "outcomes  part  skew  share  covered  ±2 s.e.  refused  width  verdict"
    for cell in cells:
        true, coverage, refused, widths = measure(cell, method, runs, seed)
        answered = max(len(widths), 1)
        error = 2 * float(np.sqrt(0.95 * 0.05 / answered))
        few = len(widths) < runs / 10
        verdict = "refused" if few else "ok" if 0.93 - error <= coverage <= 0.97 + error else "OFF"
        width = f"{np.median(widths):.3f}" if len(widths) else "–"
        covered = f"{coverage:.1%}" if len(widths) else "–"
        yield (
            f"{cell.outcomes:>8} {cell.part:>5.0%} {cell.skew:>5.1f} {true:>6.1%} {covered:>8} {error:>8.1%} "
            f"{refused:>8.1%} {width:>6}  {verdict}"
        )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--full", action="store_true", help="the whole grid, 2,000 runs a cell")
    parser.add_argument("--runs", type=int, help="runs a cell")
    parser.add_argument("--method", action="append", choices=[m.value for m in Method], help="may be given twice")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(arguments)
    runs = args.runs or (2000 if args.full else 200)
    failed = False
    for name in args.method or ["shapley"]:
        started = time.perf_counter()
        for line in report(Method(name), grid(full=args.full), runs, args.seed):
            failed |= line.endswith("OFF")
            print(line, flush=True)
        print(f"{time.perf_counter() - started:,.0f} s", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
