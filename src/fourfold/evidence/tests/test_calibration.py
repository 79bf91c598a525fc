"""Calibration: the conjugate normal by hand, what widens a reading, what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fourfold.evidence.calibration import (
    LEAST_CREDITED,
    PRIOR_MEAN,
    PRIOR_SPREAD,
    Reading,
    calibrate,
    error_of_credit,
    factors,
    next_tests,
    spread_of,
)
from fourfold.evidence.types import AttributionRow, EvidenceError

EMAIL = Reading(channel="email", kind="cash", caused=12.0, caused_error=7.0, credited=20.0)


def test_one_experiment_as_reckoned_by_hand() -> None:
    """Reading 12 / 20 = 0.6 ± 7 / 20 = 0.35, prior 0.5 ± 0.35: equal weights, so 0.55 ± 0.35 / √2."""
    found, refused = factors(["email", "event"], "cash", [EMAIL])
    assert refused == []
    assert (found["email"].mean, found["email"].spread) == pytest.approx((0.55, 0.35 / 2**0.5))
    assert found["email"].words == "tested once"
    assert (found["email"].measured, found["email"].measured_spread) == pytest.approx((0.6, 0.35))
    assert (found["event"].mean, found["event"].spread) == (PRIOR_MEAN, pytest.approx(PRIOR_SPREAD))
    assert (found["event"].measured, found["event"].interval()) == (None, None)
    assert found["event"].words == "not tested"


def test_two_experiments_weigh_by_their_precision() -> None:
    second = replace(EMAIL, caused=4.0, caused_error=3.5)  # 0.2 ± 0.175: four times the precision
    found, _ = factors(["email"], "cash", [EMAIL, second])
    assert found["email"].mean == pytest.approx((0.5 + 0.6 + 4 * 0.2) / 6)
    assert found["email"].spread == pytest.approx(0.35 / 6**0.5)
    assert found["email"].measured == pytest.approx((0.6 + 4 * 0.2) / 5)
    assert found["email"].measured_spread == pytest.approx(0.35 / 5**0.5)
    assert found["email"].words == "tested 2 times"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, 0.35),
        ({"age_days": 365.25}, (0.35**2 + 0.15**2) ** 0.5),
        ({"age_days": 4 * 365.25}, (0.35**2 + 0.3**2) ** 0.5),
        ({"spend_ratio": 2.0}, (0.35**2 + 0.25**2) ** 0.5),
        ({"spend_ratio": 0.25}, (0.35**2 + 0.5**2) ** 0.5),
    ],
)
def test_age_and_another_spend_widen_a_reading(change: dict[str, float], expected: float) -> None:
    assert spread_of(replace(EMAIL, **change)) == pytest.approx(expected)


def test_a_reading_speaks_for_its_own_channel_and_kind_only() -> None:
    found, refused = factors(["email"], "candidate", [EMAIL, replace(EMAIL, kind="candidate", channel="sms")])
    assert (found["email"].tested, refused) == (False, [])


def test_next_to_no_credit_is_a_refusal_and_the_prior_stays() -> None:
    found, refused = factors(["email"], "cash", [replace(EMAIL, credited=LEAST_CREDITED - 0.1)])
    assert (found["email"].tested, found["email"].spread) == (False, pytest.approx(PRIOR_SPREAD))
    assert [(one.about, one.have, one.need) for one in refused] == [("email", 4.9, 5.0)]


@pytest.mark.parametrize("change", [{"caused_error": 0.0}, {"age_days": -1.0}, {"spend_ratio": 0.0}])
def test_a_reading_that_cannot_be_is_an_error(change: dict[str, float]) -> None:
    with pytest.raises(EvidenceError, match="was not used"):
        factors(["email"], "cash", [replace(EMAIL, **change)])


def test_calibrated_money_and_roi_carry_the_experiments_own_range() -> None:
    found, _ = factors(["email", "event"], "cash", [EMAIL])
    email, event = calibrate({"event": 1000.0, "email": 2000.0}, {"email": 500.0, "event": 100.0}, found)
    assert (email.channel, email.value, email.roi) == ("email", pytest.approx(1100), pytest.approx(1.2))
    reach = 1.959964 * 2000 * 0.35  # the prior narrows nothing
    assert (email.lower, email.upper) == pytest.approx((1200 - reach, 1200 + reach))
    assert email.roi_lower == pytest.approx((email.lower - 500) / 500)
    assert (event.value, event.roi, event.factor.words) == (pytest.approx(500), pytest.approx(4), "not tested")
    assert (event.lower, event.upper, event.roi_lower, event.roi_upper) == (None, None, None, None)


def test_the_sampling_error_of_credit_widens_the_range_and_moves_nothing_else() -> None:
    """Variance of a product: 2000² × 0.35² + 300² × (0.6² + 0.35²)."""
    found, _ = factors(["email"], "cash", [EMAIL])
    (plain,) = calibrate({"email": 2000.0}, {}, found)
    (wider,) = calibrate({"email": 2000.0}, {}, found, credited_errors={"email": 300.0})
    spread = (2000**2 * 0.35**2 + 300**2 * (0.6**2 + 0.35**2)) ** 0.5
    assert wider.upper == pytest.approx(1200 + 1.959964 * spread)
    assert wider.value == plain.value
    assert plain.lower is not None
    assert wider.lower is not None
    assert wider.lower < plain.lower


def test_a_range_reaches_to_the_best_single_figure() -> None:
    """A sharp experiment far from the prior: the figure is drawn towards a half, and must not stand outside."""
    found, _ = factors(["event"], "cash", [replace(EMAIL, channel="event", caused=60.0, caused_error=4.0)])
    event = found["event"]
    assert event.measured == pytest.approx(3)
    assert event.interval() == (event.mean, pytest.approx(3 + 1.959964 * 0.2))
    assert event.mean < 3 - 1.959964 * 0.2


@pytest.mark.parametrize(
    ("bounds", "total_error", "expected"),
    [
        ((80.0, 120.0), 0.0, 40 / (2 * 1.959964)),
        ((80.0, 120.0), 0.1, (10**2 + (40 / (2 * 1.959964)) ** 2) ** 0.5),
        ((None, None), 0.0, 100 / 25**0.5),
    ],
)
def test_the_error_of_credit_is_that_of_its_share_and_of_the_total(
    bounds: tuple[float | None, float | None], total_error: float, expected: float
) -> None:
    row = AttributionRow(key="email", outcomes=25.0, value=100.0, share=0.1)
    row = replace(row, value_lower=bounds[0], value_upper=bounds[1])
    assert error_of_credit(row, total_error) == pytest.approx(expected)
    assert error_of_credit(replace(row, value=None), total_error) == 0


def test_what_to_test_next_is_spend_times_uncertainty() -> None:
    found, _ = factors(["email", "event", "web"], "cash", [EMAIL])
    order = next_tests({"email": 100.0, "event": 90.0, "web": 0.0}, found)
    assert [one.channel for one in order] == ["event", "email"]  # email has more spend, but was tested
    assert order[0].worth == pytest.approx(90 * 0.35)
