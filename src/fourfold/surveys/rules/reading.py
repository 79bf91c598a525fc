"""Which groups of answers may be shown, so that nobody can be told from another, not by taking groups from each other.

Answers stand in cells of quarter, desk, moment and outcome. A page shows sums of them (*points*): of a year, a desk, a
side, of all. A point is withheld when it holds fewer answers than the house shows, and further ones until no sum shown
elsewhere gives one away: wherever a point is shown and some of the parts that make it up are not, at least two are not,
and together they hold enough.

Source: complementary suppression of tables, as statistical offices do it (Willenborg and de Waal 2001, chapter 4). It
guards sums along each division; it is no proof against everything that could be worked out from all tables together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import product

from fourfold.surveys.rules.asking import CHANGE_FOR, side_of
from fourfold.surveys.types import Moment, Outcome, Point

Counts = Mapping[Point, int]
DIVISIONS = ("year", "quarter", "desk", "side", "group")


def cut_of(today: date) -> date:
    """The first day whose answers don't count yet: the start of the month that held today, a week ago.

    Answers can be changed for a week, and one more answer a day would be that day's; so whole months count, once
    nothing in them can change.
    """
    return (today - CHANGE_FOR).replace(day=1)


def quarter_of(day: date) -> str:
    return f"{day.year}Q{(day.month + 2) // 3}"


def group_of(moment: Moment, outcome: Outcome) -> str:
    return f"{moment}.{outcome}"


def point_of(*, month: date, desk: str, moment: Moment, outcome: Outcome) -> Point:
    """The cell of an answer: the finest point there is. An answer without a desk has one of its own, “–”."""
    return Point(
        year=str(month.year),
        quarter=quarter_of(month),
        desk=desk or "–",
        side=side_of(moment),
        group=group_of(moment, outcome),
    )


def _levels(cell: Point) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The cell's own values and those above, along each division: time, desk, group."""
    when = (("", ""), (cell.year, ""), (cell.year, cell.quarter))
    return when, ("", cell.desk), (("", ""), (cell.side, ""), (cell.side, cell.group))


def ancestors(cell: Point) -> tuple[Point, ...]:
    """Every point that holds the cell, itself included."""
    return tuple(
        Point(year=year, quarter=quarter, desk=desk, side=side, group=group)
        for (year, quarter), desk, (side, group) in product(*_levels(cell))
    )


def is_within(cell: Point, point: Point) -> bool:
    """Whether a cell, or a narrower point, is part of a point."""
    return all(not getattr(point, name) or getattr(point, name) == getattr(cell, name) for name in DIVISIONS)


def counted(cells: Counts) -> Counter[Point]:
    """The answers of every point, from those of the cells."""
    found: Counter[Point] = Counter()
    for cell, n in cells.items():
        if n:
            for point in ancestors(cell):
                found[point] += n
    return found


def _parents(point: Point) -> list[Point]:
    """The points one step above, one along each division in which there is a step."""
    found = []
    if point.quarter:
        found.append(Point(point.year, "", point.desk, point.side, point.group))
    elif point.year:
        found.append(Point("", "", point.desk, point.side, point.group))
    if point.desk:
        found.append(Point(point.year, point.quarter, "", point.side, point.group))
    if point.group:
        found.append(Point(point.year, point.quarter, point.desk, point.side, ""))
    elif point.side:
        found.append(Point(point.year, point.quarter, point.desk, "", ""))
    return found


def _divisions(points: Iterable[Point]) -> list[tuple[Point, list[Point]]]:
    """Each point with the parts it is the sum of, once for each division."""
    parts: dict[tuple[Point, str], list[Point]] = {}
    for point in points:
        for parent in _parents(point):
            along = next(name for name in DIVISIONS if getattr(parent, name) != getattr(point, name))
            parts.setdefault((parent, along), []).append(point)
    return [(parent, sorted(found)) for (parent, _along), found in sorted(parts.items())]


def withheld(cells: Counts, fewest: int) -> frozenset[Point]:
    """The points that are not shown. The same answers always give the same points."""
    n = counted(cells)
    hidden = {point for point, held in n.items() if held < fewest}
    divisions = _divisions(n)
    changed = True
    while changed:
        changed = False
        for parent, parts in divisions:
            more = _one_more(parent, parts, hidden, n, fewest)
            if more is not None:
                hidden.add(more)
                changed = True
    return frozenset(hidden)


def _one_more(parent: Point, parts: list[Point], hidden: set[Point], n: Counts, fewest: int) -> Point | None:
    """The next point to withhold so that neither the parent nor a part can be worked out from the others."""
    unseen = [part for part in parts if part in hidden]
    if parent in hidden:
        return None if unseen else _smallest(parts, n)
    if not unseen or (len(unseen) > 1 and sum(n[part] for part in unseen) >= fewest):
        return None
    shown = [part for part in parts if part not in hidden]
    return _smallest(shown, n) if shown else parent


def _smallest(parts: list[Point], n: Counts) -> Point:
    return min(parts, key=lambda part: (n[part], part))


def coarsest_first(cell: Point) -> tuple[Point, ...]:
    """What may be said of one answer, the least first: its side, then its group, desk, year and quarter."""
    side, group = Point(side=cell.side), Point(side=cell.side, group=cell.group)
    desk = Point(desk=cell.desk, side=cell.side, group=cell.group)
    year = Point(year=cell.year, desk=cell.desk, side=cell.side, group=cell.group)
    return side, group, desk, year, cell


def finest_open(cell: Point, hidden: frozenset[Point]) -> Point | None:
    """The most that is said of one answer wherever it stands, so that two pages don't say more than one; or nothing.

    Whoever are said to be of a point and of no finer one are those of its withheld parts: enough, by ``withheld``.
    """
    found = None
    for point in coarsest_first(cell):
        if point in hidden:
            break
        found = point
    return found
