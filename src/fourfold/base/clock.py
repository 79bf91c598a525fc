"""Time: aware, UTC, and passed as an argument. Only the outermost layer asks what time it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This moment, aware, in UTC. Called by views, commands and tasks; never by rules or actions."""
    return datetime.now(UTC)


def require_aware(moment: datetime, name: str = "at") -> datetime:
    """Return ``moment`` in UTC. Raises ValueError if it has no time zone."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError(f"{name} needs a time zone: {moment!r}")
    return moment.astimezone(UTC)


def day_start(day: date, zone: str = "UTC") -> datetime:
    """The first moment of ``day`` on the wall clock of ``zone``, in UTC."""
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC)
