"""Geometry of journeys on one time line: lanes of numbered touches, where each lane ended, and what came of them.

As in ``charts``: plain values in, positions in percent out, everything into SVG attributes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fourfold.ui.charts import PAD, Tick

ROW = 26
"""Pixels of one row of dots within a lane."""
CLOSE = 3.4
"""Percent of the width within which two dots would touch: the later one goes a row down."""
MOST_ROWS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One touch: when, its number in the list below, and what it was."""

    at: datetime
    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """The touches of one side in their order, and the moment its journey ended."""

    label: str
    about: str
    points: tuple[Point, ...]
    end: datetime
    end_text: str
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointShape:
    point: Point
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneShape:
    """One drawn lane: ``height`` in pixels, ``x_end`` in percent, ``rail`` the y of its line."""

    lane: Lane
    points: tuple[PointShape, ...]
    height: int
    rail: float
    x_end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lanes:
    title: str
    desc: str
    lanes: tuple[LaneShape, ...]
    ticks: tuple[Tick, ...]
    x_finish: float
    finish_text: str


def lanes(rows: Sequence[Lane], *, finish: datetime, finish_text: str, title: str, desc: str) -> Lanes:
    """Lay lanes over one axis of time, from the earliest touch to ``finish``. Moments are aware.

    Dots that would lie on each other go down a row, in the order of time. Raises ValueError without any lane.
    """
    if not rows:
        raise ValueError("a time line needs at least one lane")
    moments = [point.at for row in rows for point in row.points] + [row.end for row in rows] + [finish]
    low, high = min(moments), max(moments)
    if high - low < timedelta(days=1):
        low = high - timedelta(days=1)
    return Lanes(
        title=title,
        desc=desc,
        lanes=tuple(_lane_shape(row, low, high) for row in rows),
        ticks=_months(low, high),
        x_finish=_across(finish, low, high),
        finish_text=finish_text,
    )


def _lane_shape(row: Lane, low: datetime, high: datetime) -> LaneShape:
    last_in_row: list[float] = []
    placed: list[tuple[Point, float, int]] = []
    for point in row.points:
        x = _across(point.at, low, high)
        level = next((n for n, last in enumerate(last_in_row) if x - last >= CLOSE), len(last_in_row))
        if level == len(last_in_row) and level < MOST_ROWS:
            last_in_row.append(x)
        level = min(level, MOST_ROWS - 1)
        last_in_row[level] = x
        placed.append((point, x, level))
    rows = max(len(last_in_row), 1)
    return LaneShape(
        lane=row,
        points=tuple(PointShape(point=point, x=x, y=ROW * (level + 0.5) + 4) for point, x, level in placed),
        height=rows * ROW + 8,
        rail=ROW * 0.5 + 4,
        x_end=_across(row.end, low, high),
    )


def _across(at: datetime, low: datetime, high: datetime) -> float:
    """Percent from the left, inside the padding."""
    return round(PAD + (100 - 2 * PAD) * ((at - low) / (high - low)), 2)


def _months(low: datetime, high: datetime) -> tuple[Tick, ...]:
    """The firsts of months between the ends, at most eight; days where no month begins between them."""
    firsts = []
    at = low.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while at <= high:
        if at >= low:
            firsts.append(at)
        at = (at + timedelta(days=32)).replace(day=1)
    if len(firsts) < 2:
        return tuple(Tick(at=_across(day, low, high), text=f"{day:%-d %b}") for day in (low, high))
    step = -(-len(firsts) // 8)
    return tuple(Tick(at=_across(day, low, high), text=f"{day:%b %Y}") for day in firsts[::step])
