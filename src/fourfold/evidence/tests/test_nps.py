"""The net promoter score: what it is, when it is refused, and that its interval covers what it claims, exactly."""

from __future__ import annotations

from itertools import product
from math import lgamma, log

import numpy as np
import pytest

from fourfold.evidence.nps import FEWEST, distance, net_promoter_score, score_bounds
from fourfold.evidence.types import Estimate, Refusal

Z = 1.959963984540054


def counts(*answers: int) -> list[int]:
    return [answers.count(score) for score in range(11)]


def test_nines_and_tens_less_noughts_to_sixes_of_all_who_answered() -> None:
    found = net_promoter_score(counts(10, 9, 9, 10, 8, 7, 6, 0))
    assert isinstance(found, Estimate)
    assert (found.value, found.n) == (0.25, 8)
    assert found.lower < 0.25 < found.upper
    assert "Tango" in found.method


@pytest.mark.parametrize("given", [(), (9,), (10, 0, 5, 8)])
def test_too_few_answers_are_refused_with_what_there_is_and_what_it_takes(given: tuple[int, ...]) -> None:
    found = net_promoter_score(counts(*given))
    assert isinstance(found, Refusal)
    assert (found.have, found.need, found.about) == (len(given), FEWEST, "nps")


def test_a_house_may_ask_for_more_and_never_for_less() -> None:
    five = counts(10, 9, 8, 3, 2)
    assert isinstance(net_promoter_score(five, fewest=2), Estimate)
    assert net_promoter_score(five, fewest=8) == Refusal(
        "Too few answers to be read without telling whose they are.", have=5, need=8, about="nps"
    )
    assert isinstance(net_promoter_score(counts(9, 9), fewest=1), Refusal)


@pytest.mark.parametrize("given", [[1] * 10, [1] * 12, [-1] + [1] * 10])
def test_counts_are_of_eleven_scores(given: list[int]) -> None:
    with pytest.raises(ValueError, match="eleven counts"):
        net_promoter_score(given)


def test_the_bounds_are_where_the_score_test_turns() -> None:
    lower, upper = score_bounds(12, 2, 50)
    assert distance(12, 2, 50, lower) == pytest.approx(Z, abs=1e-6)
    assert distance(12, 2, 50, upper) == pytest.approx(-Z, abs=1e-6)
    assert score_bounds(2, 12, 50) == pytest.approx((-upper, -lower))


@pytest.mark.parametrize(("more", "less"), [(6, 0), (0, 6), (0, 0), (3, 3), (6, 6)])
def test_extremes_keep_an_interval_around_the_value(more: int, less: int) -> None:
    lower, upper = score_bounds(more, less, 12 if more == less == 6 else 6)
    assert -1 <= lower <= 1
    assert -1 <= upper <= 1
    assert upper - lower > 0.3


def coverage(n: int, shares: list[tuple[float, float]]) -> list[float]:
    """The exact chance that the interval holds the truth, for these shares of promoters and detractors."""
    seen = [(more, less) for more in range(n + 1) for less in range(n + 1 - more)]
    bounds = np.array([score_bounds(more, less, n) for more, less in seen])
    ways = np.array([lgamma(n + 1) - lgamma(b + 1) - lgamma(c + 1) - lgamma(n - b - c + 1) for b, c in seen])
    both = np.array(seen)
    found = []
    for up, down in shares:
        chance = np.exp(ways + both[:, 0] * log(up) + both[:, 1] * log(down) + (n - both.sum(1)) * log(1 - up - down))
        truth = up - down
        held = (bounds[:, 0] <= truth + 1e-12) & (truth - 1e-12 <= bounds[:, 1])
        found.append(float(chance[held].sum()))
    return found


@pytest.mark.parametrize("n", [5, 10, 40])
def test_the_interval_covers_what_it_claims_at_the_size_of_an_agency(n: int) -> None:
    grid = [one for one in product(np.arange(0.02, 0.98, 0.06), repeat=2) if sum(one) < 0.99]
    found = coverage(n, [(float(up), float(down)) for up, down in grid])
    assert min(found) >= 0.92
    assert 0.945 <= sum(found) / len(found) <= 0.975
