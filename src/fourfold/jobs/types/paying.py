"""What pay is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PayVerdict(StrEnum):
    LOW = "low"
    FITS = "fits"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Market:
    """What is paid for this work, in minor units: lower quartile, median, upper quartile; from ``n`` cases."""

    quarter_minor: int
    median_minor: int
    top_quarter_minor: int
    n: int | None
    source: str


@dataclass(frozen=True, slots=True)
class MarketRefused:
    """Too little is known of what is paid: how many cases there are, how many it takes."""

    have: int
    need: int
    cell: str


@dataclass(frozen=True, slots=True)
class PayCheck:
    """Pay offered beside what the people asked for are paid; ``of_median`` is offered ÷ median."""

    verdict: PayVerdict
    offered_minor: int
    needed_minor: int
    of_median: float
    market: Market
