from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from fourfold.evidence.changes import change_of_counts, change_of_sums
from fourfold.evidence.types import Estimate, Refusal


def test_a_change_of_counts_matches_the_exact_binomial_bounds() -> None:
    found = change_of_counts(30, 20, days=90, days_before=90)
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(0.5)
    for bound, tail in (
        (found.lower, binom.sf(29, 50, (found.lower + 1) / (found.lower + 2))),
        (found.upper, binom.cdf(30, 50, (found.upper + 1) / (found.upper + 2))),
    ):
        assert tail == pytest.approx(0.025, abs=1e-6), bound  # fmt: skip


def test_periods_of_different_length_are_compared_by_day() -> None:
    found = change_of_counts(10, 20, days=30, days_before=60)
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(0)


def test_too_little_is_a_refusal_not_a_number() -> None:
    assert isinstance(change_of_counts(2, 1, days=90, days_before=90), Refusal)
    assert isinstance(change_of_counts(40, 0, days=90, days_before=90), Refusal)
    assert isinstance(change_of_sums([1e6, 10, 10], [5.0] * 40, days=90, days_before=90), Refusal)


def test_bad_counts_raise() -> None:
    with pytest.raises(ValueError):
        change_of_counts(-1, 3, days=1, days_before=1)
    with pytest.raises(ValueError):
        change_of_sums([1], [1], days=0, days_before=1)


def test_the_interval_of_a_change_of_money_covers_the_truth() -> None:
    """No change is true in every run: the 95 % interval holds 0 in 95 % of them, up to Monte-Carlo error."""
    rng = np.random.default_rng(4)
    held = runs = 0
    for _ in range(600):
        parts = [rng.lognormal(9, 0.7, rng.poisson(80)) for _ in range(2)]
        found = change_of_sums(parts[0].tolist(), parts[1].tolist(), days=90, days_before=90)
        if isinstance(found, Estimate):
            runs += 1
            held += found.lower <= 0 <= found.upper
    assert runs > 590
    assert 0.92 < held / runs < 0.975
