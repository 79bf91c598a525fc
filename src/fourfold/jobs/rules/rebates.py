"""The guarantee: until when a fee may come back, and how somebody's stay is counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from fourfold.jobs.types.placing import STAYED, WHOLE

Scale = Sequence[tuple[int, int]]
"""Steps of (within weeks, hundredths of a percent of the fee that come back)."""


def guarantee_ends(scale: Scale, *, started: date | None) -> date | None:
    """The last day on which something of the fee would come back; None without a scale or a start."""
    if started is None or not scale:
        return None
    return started + timedelta(weeks=max(weeks for weeks, _ in scale))


def rebate(scale: Scale, *, fee_minor: int, started: date, left: date) -> int:
    """What comes back of a fee, in minor units, rounded half up. The last day of a step still counts to it."""
    days = (left - started).days
    for weeks, hundredths in sorted(scale):
        if days <= weeks * 7:
            return (fee_minor * hundredths + WHOLE // 2) // WHOLE
    return 0


def stayed(*, started: date, left: date | None, on: date) -> int:
    """The last of 90, 180 and 365 days that somebody has completed in their job; 0 before the first."""
    days = (min(left, on) if left else on) - started
    return max((mark for mark in STAYED if days >= timedelta(days=mark)), default=0)
