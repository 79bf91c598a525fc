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
    factors,
    next_tests,
    spread_of,
)
from fourfold.evidence.types import EvidenceError

EMAIL = Reading(channel="email", kind="cash", caused=12.0, caused_error=7.0, credited=20.0)


def test_one_experiment_as_reckoned_by_hand() -> None:
    """Reading 12 / 20 = 0.6 ± 7 / 20 = 0.35, prior 0.5 ± 0.35: equal weights, so 0.55 ± 0.35 / √2."""
    found, refused = factors(["email", "event"], "cash", [EMAIL])
    assert refused == []
    assert (found["email"].mean, found["email"].spread) == pytest.approx((0.55, 0.35 / 2**0.5))
    assert found["email"].words == "tested once"
    assert (found["event"].mean, found["event"].spread) == (PRIOR_MEAN, pytest.approx(PRIOR_SPREAD))
    assert found["event"].words == "not tested"


def test_two_experiments_weigh_by_their_precision() -> None:
    second = replace(EMAIL, caused=4.0, caused_error=3.5)  # 0.2 ± 0.175: four times the precision
    found, _ = factors(["email"], "cash", [EMAIL, second])
    assert found["email"].mean == pytest.approx((0.5 + 0.6 + 4 * 0.2) / 6)
    assert found["email"].spread == pytest.approx(0.35 / 6**0.5)
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


def test_calibrated_money_and_roi_carry_the_factors_interval() -> None:
    found, _ = factors(["email", "event"], "cash", [EMAIL])
    email, event = calibrate({"event": 1000.0, "email": 2000.0}, {"email": 500.0}, found)
    assert (email.channel, email.value, email.roi) == ("email", pytest.approx(1100), pytest.approx(1.2))
    reach = 1.959964 * 2000 * 0.35 / 2**0.5
    assert (email.lower, email.upper) == pytest.approx((1100 - reach, 1100 + reach))
    assert email.roi_lower == pytest.approx((email.lower - 500) / 500)
    assert (event.value, event.roi, event.factor.words) == (pytest.approx(500), None, "not tested")
    assert event.lower < 0 < event.upper


def test_what_to_test_next_is_spend_times_uncertainty() -> None:
    found, _ = factors(["email", "event", "web"], "cash", [EMAIL])
    order = next_tests({"email": 100.0, "event": 90.0, "web": 0.0}, found)
    assert [one.channel for one in order] == ["event", "email"]  # email has more spend, but was tested
    assert order[0].worth == pytest.approx(90 * 0.35)
