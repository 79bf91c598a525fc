"""Intervals: what they refuse, what they are invariant to, and a small proof that they cover."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.attribution_coverage import KEYS, Cell, agency, measure
from benchmarks.attribution_coverage import SETTINGS as METHOD_SETTINGS
from scipy.stats import norm

from fourfold.evidence import intervals, methods
from fourfold.evidence.attribution import by_bucket
from fourfold.evidence.types import Estimate, IntervalSettings, Method, Refusal

SETTINGS = IntervalSettings(replicates=400)


def two_keys(units: int, part: float, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    amount = random.lognormal(0, 0.5, units)
    first = np.where(random.random(units) < part, amount, 0.0)
    return np.column_stack((first, amount - first)), amount


def bounds(
    credit: np.ndarray, total: np.ndarray, settings: IntervalSettings = SETTINGS
) -> dict[str, Estimate | Refusal]:
    return intervals.share_intervals(credit, total, keys=("a", "b"), settings=settings, method=Method.LAST)


def test_effective_counts_equal_units_and_discounts_unequal_ones() -> None:
    assert intervals.effective(np.ones((7, 1))).tolist() == [7]
    assert intervals.effective(np.array([[9.0], [1.0]]))[0] == pytest.approx(100 / 82)
    assert intervals.effective(np.zeros((3, 1))).tolist() == [0]


def test_two_shares_that_make_one_mirror_each_other() -> None:
    credit, total = two_keys(120, 0.4, np.random.default_rng(3))
    found = bounds(credit, total)
    a, b = found["a"], found["b"]
    assert isinstance(a, Estimate)
    assert isinstance(b, Estimate)
    assert (a.lower, a.upper) == pytest.approx((1 - b.upper, 1 - b.lower))
    assert a.lower < a.value < a.upper
    assert a.n == 120


def test_the_unit_of_money_does_not_matter() -> None:
    credit, total = two_keys(120, 0.4, np.random.default_rng(3))
    pounds, pence = bounds(credit, total)["a"], bounds(credit * 100, total * 100)["a"]
    assert (pounds.lower, pounds.upper) == pytest.approx((pence.lower, pence.upper))


def test_empty_buckets_do_not_matter() -> None:
    credit, total = two_keys(60, 0.4, np.random.default_rng(4))
    padded = bounds(np.vstack((credit, np.zeros((900, 2)))), np.concatenate((total, np.zeros(900))))
    assert padded == bounds(credit, total)


def test_the_seed_decides_and_more_confidence_is_wider() -> None:
    credit, total = two_keys(120, 0.4, np.random.default_rng(3))
    assert bounds(credit, total) == bounds(credit, total)
    one, other = (intervals.replicate_weights(120, 50, seed) for seed in (1, 2))
    assert (one.sum(axis=1) == 120).all()
    assert (one != other).any()
    wide = bounds(credit, total, IntervalSettings(level=0.99, replicates=400))["a"]
    narrow = bounds(credit, total, IntervalSettings(level=0.8, replicates=400))["a"]
    assert wide.lower < narrow.lower < narrow.upper < wide.upper


@pytest.mark.parametrize(("credited", "others"), [(4, 100), (100, 4), (0, 100), (100, 0)])
def test_too_few_on_either_side_is_a_refusal(credited: int, others: int) -> None:
    total = np.ones(credited + others)
    first = np.arange(len(total)) < credited
    refusal = bounds(np.column_stack((first, ~first)).astype(float), total)["a"]
    assert isinstance(refusal, Refusal)
    assert (refusal.about, refusal.have, refusal.need) == ("a", min(credited, others), intervals.MIN_EFFECTIVE)


def test_one_fee_that_outweighs_all_others_is_a_refusal() -> None:
    total = np.concatenate(([10_000.0], np.ones(200)))
    first = np.arange(201) % 2 == 0
    found = bounds(np.column_stack((total * first, total * ~first)), total)
    assert all(isinstance(bound, Refusal) for bound in found.values())


def test_fewer_units_than_thirty_five_are_refused_however_equal_they_are() -> None:
    total = np.ones(34)
    first = np.arange(34) % 2 == 0
    found = bounds(np.column_stack((total * first, total * ~first)), total)
    assert [(bound.have, bound.need) for bound in found.values() if isinstance(bound, Refusal)] == [(34, 35)] * 2


def test_size_is_judged_without_the_fees_that_the_key_happened_to_get() -> None:
    """The same units and fees, dealt out otherwise: the key's own fees don't make it look larger or smaller."""
    fees = np.exp(np.random.default_rng(5).normal(0, 1, 100))
    low, high = np.sort(fees), np.sort(fees)[::-1]
    first = np.arange(100) < 30
    small, large = (intervals.independent((f * first)[:, None], f)[0][0] for f in (low, high))
    assert small == pytest.approx(large)
    assert small == pytest.approx(30 / intervals.cost_of_unequal(fees))


def test_unequal_amounts_cost_what_was_seen_or_what_a_lognormal_would_bring() -> None:
    assert intervals.cost_of_unequal(np.full(30, 7.0)) == pytest.approx(1)
    assert intervals.cost_of_unequal(np.concatenate((np.ones(99), [100.0]))) == pytest.approx(100 * 10_099 / 199**2)
    quantiles = np.exp(norm.ppf((np.arange(60) + 0.5) / 60))  # without the tail that a lognormal has
    seen = 60 * (quantiles**2).sum() / quantiles.sum() ** 2
    assert seen < 2.4 < intervals.cost_of_unequal(quantiles) < np.e


def test_next_to_a_refusal_the_bound_reaches_further() -> None:
    """Who was close to being refused was lucky to answer; who was far from it was not."""
    error = np.array([0.25])
    near, far = (
        float(intervals._reach_if_answered(1 / error**2, 5 / have / error**2, 0.15)[0]) for have in (5.1, 200.0)
    )
    assert near > 3
    assert far == pytest.approx(1.04 * 0.25, rel=0.2)


def test_models_refuse_earlier_than_methods_that_share_each_journey() -> None:
    drawn = np.random.default_rng(1).uniform(0.3, 0.5, (300, 1))

    def model(have: float, method: Method) -> Estimate | Refusal:
        return intervals.model_intervals(
            np.array([0.4]),
            drawn,
            (np.array([have]), np.array([300.0])),
            keys=("a",),
            groups=50,
            settings=SETTINGS,
            method=method,
        )["a"]

    assert isinstance(model(19.9, Method.MARKOV), Refusal)
    assert isinstance(model(20.1, Method.MARKOV), Estimate)
    assert isinstance(model(99.0, Method.SHAPLEY_RATE), Refusal)
    assert isinstance(model(101.0, Method.SHAPLEY_RATE), Estimate)


@pytest.mark.parametrize("method", [Method.SHAPLEY, Method.LAST], ids=str)
def test_a_quarter_with_160_placements_is_covered_and_not_refused(method: Method) -> None:
    (found,) = measure(Cell(160, 0.4, 0.6), [method], runs=250, seed=3)
    assert found.refused == 0
    assert 0.91 <= found.coverage <= 0.99  # 2.9 standard errors of 250 runs
    assert 0.08 < found.width < 0.2


@pytest.mark.parametrize("cell", [Cell(80, 0.05, 0.6), Cell(80, 0.15, 1.0), Cell(160, 0.05, 1.0)], ids=str)
def test_those_that_are_often_refused_are_covered_where_they_are_not(cell: Cell) -> None:
    (found,) = measure(cell, [Method.SHAPLEY], runs=400, seed=2)
    assert 0.918 <= found.coverage <= 0.982  # 2.9 standard errors of 400 answers
    assert 0 < found.refused < 0.9


def test_a_month_with_20_placements_is_refused() -> None:
    (found,) = measure(Cell(20, 0.15, 0.6), [Method.SHAPLEY], runs=20, seed=3)
    assert found.refused == 1


@pytest.mark.parametrize(
    ("method", "skew"), [(Method.SHAPLEY, 0.6), (Method.SHAPLEY, 1.0), (Method.LAST, 0.6)], ids=str
)
def test_a_quarter_with_150_placements_refuses_none_of_the_three_largest_channels(method: Method, skew: float) -> None:
    refused = 0
    for run in range(150):
        paths = agency(Cell(150, 0.15, skew), np.random.default_rng((8, run)), nulls=False)
        assert paths.value is not None
        credit = by_bucket(paths, methods.parts(paths, method, METHOD_SETTINGS), paths.value)[:, :-1]
        largest = np.argsort(-credit.sum(axis=0))[:3]
        keys = tuple(KEYS[number] for number in largest)
        settings = IntervalSettings(replicates=20)
        found = intervals.share_intervals(
            credit[:, largest], credit.sum(axis=1), keys=keys, settings=settings, method=method
        )
        refused += any(isinstance(bound, Refusal) for bound in found.values())
    assert refused <= 1
