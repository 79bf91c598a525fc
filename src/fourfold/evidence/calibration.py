"""From credit to cause: what a channel is credited with, corrected by the house's own holdout experiments.

Per channel and kind of outcome: caused = factor × credited + error, on the linear scale. Before any experiment the
factor is Normal(0.5, 0.35): credit is bookkeeping, so on average about half of it was caused, and nobody knows. An
experiment on the channel gives one reading of the factor, caused / credited, both on its treated arm, over the same
outcome and horizon; prior and readings are weighed by their precision (the conjugate normal). A reading is widened with
its age and with how much spend has changed since. No reading speaks for another kind of outcome.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import hypot, log2
from typing import Any

from scipy import stats

from fourfold.evidence.types import AttributionRow, EvidenceError, Refusal

PRIOR_MEAN, PRIOR_SPREAD = 0.5, 0.35
"""Of the factor's best single figure. Too narrow to bound anything: see above."""
DRIFT_PER_YEAR = 0.15
"""Standard deviation that a reading gains in a year: the square root of the years times this."""
SPEND_MISMATCH = 0.25
"""Standard deviation that a reading gains where spend has doubled or halved since; in proportion to the doublings."""
LEAST_CREDITED = 5.0
"""Outcomes credited on the treated arm below which an experiment gives no reading."""
DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one experiment says of one channel.

    ``caused``: outcomes that the treated arm had because of it (treated less control, at the treated arm's size), with
    its standard error. ``credited``: outcomes that the method credits the channel with on the same arm, to the same
    horizon. ``age_days``: since the experiment's middle. ``spend_ratio``: the channel's spend a day now / then.
    """

    channel: str
    kind: str
    caused: float
    caused_error: float
    credited: float
    age_days: float = 0.0
    spend_ratio: float = 1.0


@dataclass(frozen=True, slots=True)
class Factor:
    """How much of a channel's credit was caused: mean and standard deviation, the prior included.

    ``measured`` and ``measured_spread``: the same by the experiments alone, None where there is none.
    """

    channel: str
    kind: str
    mean: float
    spread: float
    readings: int
    measured: float | None = None
    measured_spread: float | None = None

    @property
    def tested(self) -> bool:
        return self.readings > 0

    @property
    def words(self) -> str:
        if not self.tested:
            return "not tested"
        return "tested once" if self.readings == 1 else f"tested {self.readings} times"

    def interval(
        self, credited: float = 1.0, credited_error: float = 0.0, level: float = 0.95
    ) -> tuple[float, float] | None:
        """Of ``credited`` × the factor, by the experiments alone, widened to hold its best single figure.

        None for a channel that was never tested. The variance is that of a product of two independent numbers.
        """
        if self.measured is None or self.measured_spread is None:
            return None
        spread = hypot(credited * self.measured_spread, credited_error * hypot(self.measured, self.measured_spread))
        reach = float(stats.norm.ppf(0.5 + level / 2)) * spread
        middle, best = credited * self.measured, credited * self.mean
        return min(middle - reach, best), max(middle + reach, best)


@dataclass(frozen=True, slots=True)
class Calibrated:
    """One channel's credit times its factor, with its range (None: not tested). Money in the unit of ``credited``."""

    channel: str
    credited: float
    factor: Factor
    value: float
    lower: float | None
    upper: float | None
    spend: float | None
    roi: float | None
    roi_lower: float | None
    roi_upper: float | None

    def as_dict(self) -> dict[str, Any]:
        return {
            "channel": self.channel,
            "credited": self.credited,
            "factor": self.factor.mean,
            "factor_spread": self.factor.spread,
            "tested": self.factor.words,
            "value": self.value,
            "lower": self.lower,
            "upper": self.upper,
            "spend": self.spend,
            "roi": self.roi,
            "roi_lower": self.roi_lower,
            "roi_upper": self.roi_upper,
        }


@dataclass(frozen=True, slots=True)
class NextTest:
    """A channel worth an experiment: ``worth`` = spend × the factor's standard deviation."""

    channel: str
    spend: float
    spread: float
    worth: float


def spread_of(reading: Reading) -> float:
    """Standard deviation of a reading's factor: the experiment's own error, its age and the change of spend."""
    own = reading.caused_error / reading.credited
    aged = DRIFT_PER_YEAR * (reading.age_days / DAYS_A_YEAR) ** 0.5
    return hypot(own, aged, SPEND_MISMATCH * log2(reading.spend_ratio))


def factors(channels: Iterable[str], kind: str, readings: Sequence[Reading]) -> tuple[dict[str, Factor], list[Refusal]]:
    """The factor of every channel for outcomes of ``kind``, and the readings that said nothing.

    Raises EvidenceError for a reading that can't be: an error that is not positive, an age below 0, no spend.
    """
    found: dict[str, Factor] = {}
    refused: list[Refusal] = []
    for channel in channels:
        precision, weighted, count = PRIOR_SPREAD**-2, PRIOR_MEAN * PRIOR_SPREAD**-2, 0
        for reading in readings:
            if reading.channel != channel or reading.kind != kind:
                continue
            _check(reading)
            if reading.credited < LEAST_CREDITED:
                reason = (
                    f"The experiment on {channel} gives no factor: next to nothing was credited on its treated arm."
                )
                refused.append(Refusal(reason, round(reading.credited, 1), LEAST_CREDITED, channel))
                continue
            weight = spread_of(reading) ** -2
            precision += weight
            weighted += weight * reading.caused / reading.credited
            count += 1
        found[channel] = Factor(
            channel, kind, weighted / precision, precision**-0.5, count, *_alone(precision, weighted, count)
        )
    return found, refused


def _alone(precision: float, weighted: float, count: int) -> tuple[float, float] | tuple[None, None]:
    """Mean and standard deviation of the readings without the prior."""
    if not count:
        return None, None
    own = precision - PRIOR_SPREAD**-2
    return (weighted - PRIOR_MEAN * PRIOR_SPREAD**-2) / own, own**-0.5


def _check(reading: Reading) -> None:
    for name, value, least in (
        ("caused_error", reading.caused_error, 0.0),
        ("spend_ratio", reading.spend_ratio, 0.0),
        ("age_days", reading.age_days, -1e-9),
    ):
        if not value > least:
            raise EvidenceError(
                f"The reading of {reading.channel} was not used: {name} is {value:g}.",
                "An experiment has an error above 0, an age of 0 days or more, and spend on both sides.",
                "Correct it, or leave this experiment out.",
            )


def calibrate(
    credited: Mapping[str, float],
    spend: Mapping[str, float],
    by_channel: Mapping[str, Factor],
    *,
    credited_errors: Mapping[str, float] | None = None,
    level: float = 0.95,
) -> list[Calibrated]:
    """Credit × factor for every channel, with ROI = (value - spend) / spend where money was spent; most value first.

    ``credited_errors``: standard error of each credit, in its unit, where the range is to be of what the channel
    causes in such periods (``error_of_credit``); without it, of what this period's credit stands for.
    """
    rows = []
    for channel, amount in credited.items():
        factor = by_channel[channel]
        lower, upper = factor.interval(amount, (credited_errors or {}).get(channel, 0.0), level) or (None, None)
        value, cost = amount * factor.mean, spend.get(channel)
        roi = [None if not cost or each is None else (each - cost) / cost for each in (value, lower, upper)]
        rows.append(Calibrated(channel, amount, factor, value, lower, upper, cost, *roi))
    return sorted(rows, key=lambda row: (-row.value, row.channel))


def error_of_credit(row: AttributionRow, total_error: float, level: float = 0.95) -> float:
    """Standard error of a row's money: that of its share, and that of the total (``total_error``, relative to it).

    Without an interval of the share, the row's outcomes count as Poisson.
    """
    if row.value is None:
        return 0.0
    if row.value_lower is None or row.value_upper is None:
        return row.value * hypot(max(row.outcomes, 1.0) ** -0.5, total_error)
    share_error = (row.value_upper - row.value_lower) / (2 * float(stats.norm.ppf(0.5 + level / 2)))
    return hypot(share_error, row.value * total_error)


def next_tests(spend: Mapping[str, float], by_channel: Mapping[str, Factor]) -> list[NextTest]:
    """Channels by what an experiment on them is worth: spend × uncertainty, most first; none without spend."""
    found = [
        NextTest(channel, cost, by_channel[channel].spread, cost * by_channel[channel].spread)
        for channel, cost in spend.items()
        if cost > 0 and channel in by_channel
    ]
    return sorted(found, key=lambda one: (-one.worth, one.channel))
