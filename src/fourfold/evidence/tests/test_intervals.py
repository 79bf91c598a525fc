"""Intervals: what they refuse, what they are invariant to, and a small proof that they cover."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.attribution_coverage import Cell, measure

from fourfold.evidence import intervals
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


@pytest.mark.parametrize(("credited", "others"), [(14, 100), (100, 14), (0, 100), (100, 0)])
def test_too_few_on_either_side_is_a_refusal(credited: int, others: int) -> None:
    total = np.ones(credited + others)
    first = np.arange(len(total)) < credited
    refusal = bounds(np.column_stack((first, ~first)).astype(float), total)["a"]
    assert isinstance(refusal, Refusal)
    assert (refusal.about, refusal.have, refusal.need) == ("a", min(credited, others), 15)


def test_one_fee_that_outweighs_all_others_is_a_refusal() -> None:
    total = np.concatenate(([10_000.0], np.ones(200)))
    first = np.arange(201) % 2 == 0
    found = bounds(np.column_stack((total * first, total * ~first)), total)
    assert all(isinstance(bound, Refusal) for bound in found.values())


def test_models_refuse_earlier_than_methods_that_share_each_journey() -> None:
    drawn = np.random.default_rng(1).uniform(0.3, 0.5, (300, 1))

    def model(have: float, method: Method) -> Estimate | Refusal:
        return intervals.model_intervals(
            np.array([0.4]), drawn, np.array([have]), keys=("a",), groups=50, settings=SETTINGS, method=method
        )["a"]

    assert isinstance(model(19.9, Method.MARKOV), Refusal)
    assert isinstance(model(20.1, Method.MARKOV), Estimate)
    assert isinstance(model(99.0, Method.SHAPLEY_RATE), Refusal)
    assert isinstance(model(101.0, Method.SHAPLEY_RATE), Estimate)


@pytest.mark.parametrize("method", [Method.SHAPLEY, Method.LAST], ids=str)
def test_a_quarter_with_160_placements_is_covered_and_not_refused(method: Method) -> None:
    _, coverage, refused, widths = measure(Cell(160, 0.4, 0.6), method, runs=250, seed=3)
    assert refused == 0
    assert 0.91 <= coverage <= 0.99  # 2.9 standard errors of 250 runs
    assert 0.08 < np.median(widths) < 0.2


def test_a_month_with_20_placements_is_refused() -> None:
    _, _, refused, _ = measure(Cell(20, 0.15, 0.6), Method.SHAPLEY, runs=60, seed=3)
    assert refused == 1
