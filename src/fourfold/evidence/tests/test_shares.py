"""Shares, quantiles and forecasts: known answers, what is refused, and that ranges hold."""

from __future__ import annotations

import random
from math import log

import pytest

from fourfold.evidence import forecasting, shares
from fourfold.evidence.forecasting import OpenOnes, PastJob
from fourfold.evidence.types import Estimate, Refusal


def test_wilson_is_the_textbook_interval() -> None:
    found = shares.share(15, 20)
    assert isinstance(found, Estimate)
    assert (round(found.value, 3), round(found.lower, 3), round(found.upper, 3), found.n) == (0.75, 0.531, 0.888, 20)


@pytest.mark.parametrize(("k", "bounds"), [(0, (0.0, 0.278)), (10, (0.722, 1.0))])
def test_none_and_all_still_have_a_range(k: int, bounds: tuple[float, float]) -> None:
    found = shares.share(k, 10)
    assert isinstance(found, Estimate)
    assert (round(found.lower, 3), round(found.upper, 3)) == bounds


def test_too_few_is_a_refusal_and_nonsense_an_error() -> None:
    assert shares.share(4, 4, about="x") == Refusal("Too few to say.", have=4, need=5, about="x")
    with pytest.raises(ValueError, match="3 of 2"):
        shares.share(3, 2)
    with pytest.raises(ValueError, match="no part"):
        shares.quantile([(1, 9)], 1.0)


def test_a_median_lies_between_two_of_its_rows() -> None:
    found = shares.quantile([(day, 1) for day in range(1, 11)], 0.5)
    assert isinstance(found, Estimate)
    assert (found.value, found.lower, found.upper, found.n) == (5, 2, 9, 10)  # ranks 2 and 9: David and Nagaraja


def test_quantiles_are_refused_without_both_bounds() -> None:
    assert shares.quantile([(3, 5)], 0.5) == Refusal("Too few to say.", have=5, need=6, about="")
    assert isinstance(shares.quantile([(3, 6)], 0.5), Estimate)
    assert shares.quantile([(3, 35)], 0.9) == Refusal("Too few to say.", have=35, need=36, about="")
    assert isinstance(shares.quantile([(3, 36)], 0.9), Estimate)


@pytest.mark.parametrize("part", [0.5, 0.9])
def test_the_range_of_a_quantile_holds(part: float) -> None:
    draw, held, worlds = random.Random(7), 0, 400
    truth = -log(1 - part)
    for _ in range(worlds):
        found = shares.quantile([(draw.expovariate(1.0), 1) for _ in range(50)], part)
        assert isinstance(found, Estimate)
        held += found.lower <= truth <= found.upper
    assert held / worlds >= 0.94


def test_many_rows_are_bounded_quickly_and_alike() -> None:
    exact = shares.quantile([(value, 1) for value in range(2_000)], 0.5)
    near = shares.quantile([(value, 1) for value in range(2_001)], 0.5)
    assert isinstance(exact, Estimate)
    assert isinstance(near, Estimate)
    assert abs(exact.lower - near.lower) <= 2
    assert abs(exact.upper - near.upper) <= 2


def past(jobs: int = 40, *, every: int = 4) -> list[PastJob]:
    """Jobs with four submitted each; on one of so many somebody is placed within eight weeks."""
    return [
        PastJob({"submitted": 4}, {"submitted": (0, int(n % every == 0), int(n % every == 0))}) for n in range(jobs)
    ]


def test_a_forecast_is_the_rate_of_the_stage_times_what_is_open() -> None:
    still = [OpenOnes("submitted", 16, 1_000_000)]
    found = forecasting.forecast(past(), still, 1)
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(16 * 1_000_000 / 16)  # one in sixteen, of sixteen open
    assert found.lower == 0
    assert 2_000_000 <= found.upper <= 4_000_000
    assert found.n == 40
    assert forecasting.forecast(past(), still, 1) == found  # the same past and pipeline, the same answer


def test_a_past_that_is_too_short_is_refused() -> None:
    still = [OpenOnes("submitted", 3, 100)]
    assert forecasting.forecast(past(19, every=1), still, 1) == Refusal(
        "Too few past jobs on which somebody was submitted.", have=19, need=20, about=""
    )
    assert forecasting.forecast(past(), still, 0) == Refusal(
        "Too few placements within as many weeks.", have=0, need=5, about=""
    )


def test_nothing_open_brings_nothing_and_a_stage_without_a_past_is_refused() -> None:
    found = forecasting.forecast(past(), [], 1)
    assert isinstance(found, Estimate)
    assert (found.value, found.lower, found.upper) == (0, 0, 0)
    assert forecasting.forecast(past(), [OpenOnes("offer", 9, 100)], 1) == Refusal(
        "Too few earlier ones came to a stage at which some are open.", have=0, need=5, about=""
    )


def test_a_large_pipeline_is_drawn_by_its_spread() -> None:
    many = forecasting.forecast(past(200), [OpenOnes("submitted", 2_000, 100)], 1)
    assert isinstance(many, Estimate)
    assert many.value == pytest.approx(12_500)
    assert 8_000 < many.lower < 12_500 < many.upper < 17_500


def test_running_assignments_bring_what_earlier_ones_brought_of_theirs() -> None:
    weeks = [(1_000, 900)] * 6 + [(1_000, 700)] * 4
    found = forecasting.as_agreed(50_000, weeks)
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(41_000)
    assert 35_000 < found.lower < found.value < found.upper <= 45_000
    assert forecasting.as_agreed(50_000, weeks[:7]) == Refusal(
        "Too few assignments whose weeks came in.", have=7, need=8, about=""
    )
