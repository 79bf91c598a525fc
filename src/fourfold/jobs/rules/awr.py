"""Weeks towards equal pay under the Agency Workers Regulations 2010 (regulations 5 to 8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from fourfold.jobs.types.placing import Awr

QUALIFYING_WEEKS = 12
PAUSE = timedelta(weeks=6)
WEEK = timedelta(weeks=1)


def standing(spans: Sequence[tuple[date, date]], *, on: date, before: int = 0) -> Awr:
    """How many weeks count on a day, and from which day equal treatment is due.

    ``spans`` are the first and last days of assignments in the same role with the same hirer, ``before`` the weeks
    somebody brings from another agency there. A week is seven days from the first day, and counts as soon as any of it
    is worked; a break of up to six weeks pauses the count, a longer one begins it again.

    Longer pauses for illness, leave or a workplace's closing are not known here: who knows of one enters the weeks
    before. Equal treatment is due from the first day after twelve weeks.
    """
    weeks: list[date] = []
    carried, last = before, None
    for first, end in sorted(spans):
        if last is not None and first - last - timedelta(days=1) > PAUSE:
            weeks, carried = [], 0
        day = max(first, weeks[-1] + WEEK) if weeks else first
        while day <= end:
            weeks.append(day)
            day += WEEK
        last = max(last, end) if last else end
    missing = QUALIFYING_WEEKS - carried
    if missing <= 0:
        due: date | None = weeks[0] if weeks else None
    else:
        due = weeks[missing - 1] + WEEK if len(weeks) >= missing else None
        if due is not None and last is not None and due > last:
            due = None  # the work ends with the twelfth week
    count = carried + sum(1 for day in weeks if day <= on)
    return Awr(count, due, due is not None and due <= on)
