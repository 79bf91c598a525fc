"""Geometry of the house's charts: plain values in, frozen shapes for the templates out.

Positions are percentages of the drawing's width (and of its height where it has one), so that a chart fits a phone
and a wall without scaling its type. Everything goes into SVG attributes: a strict Content-Security-Policy forbids
inline style.
An estimate is never drawn as a bare bar: it is a dot with its interval, or the words “too small to tell”.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

PAD = 3.0  # percent kept free at either side of a plot, so that dots and whiskers are not cut
_NICE = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """One row of an interval plot: an estimate with its interval, or a refusal.

    ``value``, ``lower`` and ``upper`` share one unit. A row without ``value`` is a refusal; ``refusal`` says why.
    """

    label: str
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    n: str = ""
    href: str = ""
    tone: str = ""
    refusal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A mark on an axis: ``at`` percent, ``text`` as read."""

    at: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalShape:
    """One drawn row: ``x``, ``x1``, ``x2`` in percent; ``before``, ``after`` when the interval leaves the plot."""

    row: Interval
    text: str = ""
    range_text: str = ""
    x: float = 0.0
    x1: float = 0.0
    x2: float = 0.0
    before: bool = False
    after: bool = False

    @property
    def refused(self) -> bool:
        return self.row.value is None

    @property
    def width(self) -> float:
        return round(self.x2 - self.x1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalPlot:
    """Rows of estimates over one axis, with a reference line where “no effect” lies."""

    title: str
    desc: str
    rows: tuple[IntervalShape, ...]
    ticks: tuple[Tick, ...]
    reference: float | None
    reference_text: str
    value_label: str
    anything: bool


def interval_plot(
    rows: Sequence[Interval],
    *,
    title: str,
    desc: str,
    value_label: str,
    reference: float | None = 0.0,
    reference_text: str = "",
    read: Callable[[float], str] = lambda value: f"{value:,.1f}",
) -> IntervalPlot:
    """Lay out estimates and their intervals. ``read`` gives a value as people read it.

    One very wide interval must not squeeze all the others: an interval that goes on far beyond the others is cut and
    drawn with an arrow. Its numbers are always written in full.
    Raises ValueError when an estimate lies outside its interval.
    """
    drawn = [row for row in rows if row.value is not None]
    for row in drawn:
        if row.lower is None or row.upper is None or not row.lower <= _known(row.value) <= row.upper:
            raise ValueError(f"{row.label}: an estimate needs an interval around it")
    low, high = _span(drawn, reference)
    shapes = tuple(_interval_shape(row, low, high, read) for row in rows)
    return IntervalPlot(
        title=title,
        desc=desc,
        rows=shapes,
        ticks=_tick_marks(low, high, read),
        reference=None if reference is None or not drawn else _place(reference, low, high),
        reference_text=reference_text,
        value_label=value_label,
        anything=bool(drawn),
    )


def _interval_shape(row: Interval, low: float, high: float, read: Callable[[float], str]) -> IntervalShape:
    if row.value is None or row.lower is None or row.upper is None:
        return IntervalShape(row=row)
    return IntervalShape(
        row=row,
        text=read(row.value),
        range_text=f"{read(row.lower)} – {read(row.upper)}",
        x=_place(row.value, low, high),
        x1=_place(max(row.lower, low), low, high),
        x2=_place(min(row.upper, high), low, high),
        before=row.lower < low,
        after=row.upper > high,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparkline:
    """A small line without axes. ``points`` in a 100 × 100 box; the last point as ``x``, ``y`` percent."""

    title: str
    points: str
    area: str
    x: float
    y: float


def sparkline(values: Sequence[float], *, title: str) -> Sparkline | None:
    """A line through ``values`` in their order, from their own least to their own greatest; None for fewer than two."""
    if len(values) < 2:
        return None
    low, high = min(values), max(values)
    points = _polyline(values, len(values), low, high, pad=8.0)
    x, y = points[-1]
    text = " ".join(f"{a},{b}" for a, b in points)
    return Sparkline(title=title, points=text, area=f"{points[0][0]},100 {text} {x},100", x=x, y=y)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendRow:
    """One row of the table behind a trend: its label, this period's value and the last period's, as read."""

    label: str
    now: str
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A line of this period over the ghost of the last one, with a y axis that starts at zero when it can."""

    title: str
    desc: str
    line: str
    area: str
    ghost: str
    x: float
    y: float
    y_ticks: tuple[Tick, ...]
    x_ticks: tuple[Tick, ...]
    rows: tuple[TrendRow, ...]
    now_label: str
    before_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Values of one period in their order, and the period's name."""

    label: str
    values: Sequence[float]


def trend(
    labels: Sequence[str],
    now: Series,
    before: Series | None = None,
    *,
    title: str,
    desc: str,
    read: Callable[[float], str] = lambda value: f"{value:,.0f}",
) -> Trend:
    """Lay out ``now`` (may be shorter than ``labels``: the period is not over) and ``before`` over the same labels.

    Raises ValueError when there is nothing to draw, or more values than labels.
    """
    past: Sequence[float] = before.values if before else ()
    if not now.values or max(len(now.values), len(past)) > len(labels):
        raise ValueError("a trend needs at least one value, and a label for each")
    ticks = _ticks(min(0.0, *now.values, *past), max(0.0, *now.values, *past), about=3)
    low, high = ticks[0], ticks[-1]
    points = _polyline(now.values, len(labels), low, high)
    text = _joined(points)
    floor = _down(0.0, low, high)
    return Trend(
        title=title,
        desc=desc,
        line=text,
        area=f"{points[0][0]},{floor} {text} {points[-1][0]},{floor}",
        ghost=_joined(_polyline(past, len(labels), low, high)),
        x=points[-1][0],
        y=points[-1][1],
        y_ticks=tuple(Tick(at=_down(tick, low, high), text=read(tick)) for tick in ticks),
        x_ticks=_label_marks(labels),
        rows=tuple(
            TrendRow(label=label, now=_nth(now.values, i, read), before=_nth(past, i, read))
            for i, label in enumerate(labels)
        ),
        now_label=now.label,
        before_label=before.label if before else "",
    )


def _nth(values: Sequence[float], i: int, read: Callable[[float], str]) -> str:
    return read(values[i]) if i < len(values) else "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One part of a whole: ``value`` in any unit that adds up, ``text`` as read."""

    label: str
    value: float
    text: str
    tone: str
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareShape:
    """One drawn part: ``x`` and ``width`` in percent of the bar."""

    share: Share
    x: float
    width: float
    percent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareBar:
    """Parts of a whole in one bar. For realised amounts only: an estimate has an interval plot."""

    title: str
    desc: str
    parts: tuple[ShareShape, ...]


def share_bar(shares: Sequence[Share], *, title: str, desc: str) -> ShareBar:
    """Lay parts end to end. Raises ValueError for a negative part: it has no place in a whole."""
    if any(share.value < 0 for share in shares):
        raise ValueError("a share bar shows parts of a whole: none can be negative")
    total = math.fsum(share.value for share in shares)
    parts, x = [], 0.0
    for share in shares:
        width = 100 * share.value / total if total else 0.0
        parts.append(ShareShape(share=share, x=round(x, 2), width=round(width, 2), percent=f"{width:.0f}%"))
        x += width
    return ShareBar(title=title, desc=desc, parts=tuple(parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One value of a strip; ``main`` is drawn larger."""

    value: float
    text: str
    main: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Several answers to one question about ``label``."""

    label: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DotShape:
    dot: Dot
    x: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StripShape:
    """One drawn strip: its dots, the main one last so that it lies on top, and their span in percent."""

    label: str
    dots: tuple[DotShape, ...]
    x1: float
    x2: float
    text: str
    range_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Strips:
    """Strips over one axis that begins at zero."""

    title: str
    desc: str
    rows: tuple[StripShape, ...]
    ticks: tuple[Tick, ...]


def strips(
    rows: Sequence[Strip], *, title: str, desc: str, read: Callable[[float], str] = lambda value: f"{value:,.1f}"
) -> Strips:
    """Lay out strips of dots. Raises ValueError for a strip without dots."""
    if not all(row.dots for row in rows):
        raise ValueError("a strip needs at least one dot")
    values = [dot.value for row in rows for dot in row.dots]
    low, high = min(0.0, *values, 0.0), max(*values, 0.0) if values else 1.0
    high = high if high > low else low + 1.0
    return Strips(
        title=title,
        desc=desc,
        rows=tuple(_strip_shape(row, low, high, read) for row in rows),
        ticks=_tick_marks(low, high, read),
    )


def _strip_shape(row: Strip, low: float, high: float, read: Callable[[float], str]) -> StripShape:
    dots = sorted(row.dots, key=lambda dot: dot.main)
    values = [dot.value for dot in dots]
    main = next((dot.value for dot in dots if dot.main), median(values))
    return StripShape(
        label=row.label,
        dots=tuple(DotShape(dot=dot, x=_place(dot.value, low, high), text=read(dot.value)) for dot in dots),
        x1=_place(min(values), low, high),
        x2=_place(max(values), low, high),
        text=read(main),
        range_text=f"{read(min(values))} – {read(max(values))}",
    )


def _known(value: float | None) -> float:
    return math.nan if value is None else value


def _span(rows: Sequence[Interval], reference: float | None) -> tuple[float, float]:
    """The ends of the axis: all intervals, cut where one of them would squeeze the others."""
    centres = [_known(row.value) for row in rows] + ([] if reference is None else [reference])
    if not rows:
        return 0.0, 1.0
    first, last = min(centres), max(centres)
    below = [_known(row.value) - _known(row.lower) for row in rows]
    above = [_known(row.upper) - _known(row.value) for row in rows]
    low = max(min(first, *(_known(row.lower) for row in rows)), first - max(last - first, 3 * median(below)))
    high = min(max(last, *(_known(row.upper) for row in rows)), last + max(last - first, 3 * median(above)))
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _ticks(low: float, high: float, about: int = 4) -> list[float]:
    """Round numbers that enclose ``low`` to ``high``, about ``about`` steps."""
    if high <= low:
        high = low + 1.0
    raw = (high - low) / about
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(nice * size for nice in _NICE if nice * size >= raw * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(k * step, 10) for k in range(first, last + 1)]


def _tick_marks(low: float, high: float, read: Callable[[float], str]) -> tuple[Tick, ...]:
    """The round numbers that lie between the ends of the axis."""
    return tuple(
        Tick(at=_place(tick, low, high), text=read(tick)) for tick in _ticks(low, high, about=4) if low <= tick <= high
    )


def _label_marks(labels: Sequence[str], about: int = 6) -> tuple[Tick, ...]:
    """Some of the labels under an x axis: first and last always, the others evenly."""
    last = len(labels) - 1
    if last < 1:
        return tuple(Tick(at=50.0, text=label) for label in labels)
    step = max(1, math.ceil(last / (about - 1)))
    shown = [i for i in range(0, last + 1, step) if i == 0 or last - i >= step or i == last]
    if shown[-1] != last:
        shown.append(last)
    return tuple(
        Tick(
            at=round(100 * i / last, 2), text=labels[i], anchor="start" if i == 0 else "end" if i == last else "middle"
        )
        for i in shown
    )


def _place(value: float, low: float, high: float) -> float:
    """Percent from the left, inside the padding."""
    return round(PAD + (100 - 2 * PAD) * (value - low) / (high - low), 2)


def _down(value: float, low: float, high: float, pad: float = 0.0) -> float:
    """Percent from the top: SVG counts downwards. A flat line lies in the middle."""
    if high <= low:
        return 50.0
    return round(100 - pad - (100 - 2 * pad) * (value - low) / (high - low), 2)


def _polyline(
    values: Sequence[float], slots: int, low: float, high: float, *, pad: float = 0.0
) -> list[tuple[float, float]]:
    step = 100 / (slots - 1) if slots > 1 else 0.0
    return [(round(i * step, 2), _down(value, low, high, pad)) for i, value in enumerate(values)]


def _joined(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)
