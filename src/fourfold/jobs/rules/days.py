"""Working days, as clocks of answers and of feedback count them."""

from __future__ import annotations

from datetime import datetime, timedelta


def working_days_after(moment: datetime, days: int) -> datetime:
    """The same time of day ``days`` working days later (Monday to Friday; public holidays are not taken out)."""
    return _walk(moment, days, 1)


def working_days_before(moment: datetime, days: int) -> datetime:
    """The same time of day ``days`` working days earlier."""
    return _walk(moment, days, -1)


def _walk(moment: datetime, days: int, way: int) -> datetime:
    while days > 0:
        moment += timedelta(days=way)
        days -= moment.weekday() < 5
    return moment
