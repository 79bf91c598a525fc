"""Quiet hours on a person's wall clock, and the next moment that is not quiet."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fourfold.contact.types import Policy

SATURDAY = 5
LONGEST = 400  # days looked ahead; a house that is quiet all day for longer has no next moment


def is_quiet(at: datetime, *, zone: str, sender_zone: str, holidays: Collection[date], policy: Policy) -> bool:
    """Whether it is quiet where the person is. Unknown zone: only the sender's own middle of the day is not.

    Units: wall clock of ``zone``; the quiet hours' start is included, their end excluded.
    """
    local = at.astimezone(ZoneInfo(zone or sender_zone))
    if _quiet_day(local.date(), holidays, policy):
        return True
    start, end = open_hours(policy, known=bool(zone))
    return not start <= local.hour < end


def open_hours(policy: Policy, *, known: bool) -> tuple[int, int]:
    """From which hour, until before which hour, a person may be written to."""
    return (policy.quiet_to, policy.quiet_from) if known else (policy.unknown_from, policy.unknown_to)


def _quiet_day(day: date, holidays: Collection[date], policy: Policy) -> bool:
    return (policy.quiet_weekends and day.weekday() >= SATURDAY) or (policy.quiet_holidays and day in holidays)


def next_open(
    at: datetime, *, zone: str, sender_zone: str, holidays: Collection[date], policy: Policy
) -> datetime | None:
    """The first moment from ``at`` on that is not quiet, in UTC's own zone of ``at``; None if there is none."""
    if not is_quiet(at, zone=zone, sender_zone=sender_zone, holidays=holidays, policy=policy):
        return at
    place = ZoneInfo(zone or sender_zone)
    start, end = open_hours(policy, known=bool(zone))
    if start >= end:
        return None
    day = at.astimezone(place).date()
    for _ in range(LONGEST):
        opens = datetime.combine(day, time(start), place).astimezone(at.tzinfo)
        if opens >= at and not is_quiet(opens, zone=zone, sender_zone=sender_zone, holidays=holidays, policy=policy):
            return opens
        day += timedelta(days=1)
    return None
