"""What the channels cost, by month and, where the house knows it, by desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from fourfold.evidence.world.course import Course
from fourfold.evidence.world.draws import Ints
from fourfold.evidence.world.parameters import CHANNELS, World

_DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """One line of spend: ``desk`` is -1 where the house doesn't know it. Both days are included."""

    first: date
    last: date
    channel: int
    desk: int
    amount_minor: int


def bills(world: World, course: Course, off: frozenset[str] = frozenset()) -> list[Bill]:
    """The lines of the whole period, by month, channel and desk. A channel that is off costs nothing."""
    found = []
    weights = np.array([desk.recruiters for desk in world.desks], dtype=np.float64)
    weights /= weights.sum()
    counts = _touches_by_month(course, len(world.desks))
    for first, last in months(course.calendar.start, course.calendar.end):
        part = ((last - first).days + 1) / _DAYS_A_MONTH
        month = counts.get((first.year, first.month), np.zeros((len(CHANNELS), len(world.desks)), dtype=np.int64))
        for number, name in enumerate(CHANNELS):
            channel = world.channels[name]
            if name in off:
                continue
            fixed = channel.monthly_cost * course.scale * part * world.seasons.spend[first.month - 1]
            by_desk = fixed * weights + channel.cost_per_touch * month[number]
            lines = enumerate(by_desk) if channel.spend_by_desk else [(-1, by_desk.sum())]
            for desk, amount in lines:
                minor = round(float(amount) * 100)
                if minor:
                    found.append(Bill(first=first, last=last, channel=number, desk=desk, amount_minor=minor))
    return found


def spend_of_channels(world: World, course: Course, off: frozenset[str] = frozenset()) -> list[int]:
    """Minor units spent on each channel over the whole period."""
    total = [0] * len(CHANNELS)
    for bill in bills(world, course, off):
        total[bill.channel] += bill.amount_minor
    return total


def months(start: date, end: date) -> list[tuple[date, date]]:
    """Calendar months from ``start`` to the day before ``end``, cut at both; first and last day included."""
    found = []
    first = start
    while first < end:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        found.append((first, min(following, end) - timedelta(days=1)))
        first = following
    return found


def _touches_by_month(course: Course, desks: int) -> dict[tuple[int, int], Ints]:
    """Touches by (channel, desk) of each (year, month); a week belongs to the month of its middle."""
    counts: dict[tuple[int, int], Ints] = {}
    order = np.argsort(course.week, kind="stable")
    weeks = course.week[order]
    code = course.channel[order] * desks + course.population.desk[course.person[order]]
    edges = np.searchsorted(weeks, np.arange(course.calendar.weeks + 1))
    for week in range(course.calendar.week_of(course.calendar.start), course.calendar.weeks):
        middle = course.calendar.monday + timedelta(days=7 * week + 3)
        found = np.bincount(code[edges[week] : edges[week + 1]], minlength=len(CHANNELS) * desks)
        key = (middle.year, middle.month)
        counts[key] = counts.get(key, np.zeros((len(CHANNELS), desks), dtype=np.int64)) + found.reshape(-1, desks)
    return counts
