"""What was answered: in groups that are large enough, from a table that knows nobody."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncMonth

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.surveys import access, models, rules
from fourfold.surveys.queries.asking import counted_until, house_rules
from fourfold.surveys.types import (
    SCORES,
    GroupRow,
    Moment,
    Outcome,
    Point,
    Results,
    Side,
    State,
    Verbatim,
    VerbatimPage,
    Withheld,
)

PAGE = 20
Scores = Mapping[Point, Sequence[int]]


def results(viewer: Viewer, wanted: Point, *, at: datetime) -> Results:
    """What was answered in a period, of all the house or one desk, by moment and outcome. Raises NotFound.

    A group that is too small, or would give a smaller one away, is withheld with how many answers it has.
    """
    wanted = access.get_point_for(viewer, Point(year=wanted.year, quarter=wanted.quarter, desk=wanted.desk))
    fewest = house_rules().fewest
    scores = _scores()
    cells = {cell: sum(counts) for cell, counts in scores.items()}
    hidden = rules.withheld(cells, fewest)
    totals = _totals(scores, wanted)
    asked = _asked(at)
    own = None if access.sees_the_house(viewer) else viewer.desks
    seen = [cell for cell in (*cells, *asked) if own is None or cell.desk in own]

    def row(point: Point) -> GroupRow:
        counts, n = totals.get(point), asked_of[point]
        if counts is None or not sum(counts):
            return GroupRow(point, n, None, Withheld(0, fewest))
        if point in hidden:
            return GroupRow(point, n, None, Withheld(sum(counts), fewest))
        return GroupRow(point, n, tuple(counts))

    asked_of = rules.counted(asked)
    narrowed = {"year": wanted.year, "quarter": wanted.quarter, "desk": wanted.desk}
    sides = [Point(side=side, **narrowed) for side in Side]
    groups = [
        Point(side=rules.side_of(moment), group=rules.group_of(moment, outcome), **narrowed)
        for moment in Moment
        for outcome in rules.OUTCOMES[moment]
    ]
    there = {*totals, *asked_of}
    return Results(
        wanted=wanted,
        fewest=fewest,
        cut=counted_until(at).astimezone(ZoneInfo(accounts.house_zone())).date(),
        sides=tuple(row(point) for point in sides if point in there),
        rows=tuple(row(point) for point in groups if point in there),
        periods=tuple(sorted({one for cell in seen for one in (cell.year, cell.quarter)}, reverse=True)),
        desks=tuple(sorted({cell.desk for cell in seen})),
        any_asked=bool(seen),
    )


def _scores() -> dict[Point, list[int]]:
    """How often each number was given, by cell."""
    found: dict[Point, list[int]] = defaultdict(lambda: [0 for _ in SCORES])
    rows = models.CountedAnswer.objects.order_by().values_list("month", "desk", "moment", "outcome", "score")
    for month, desk, moment, outcome, score, n in rows.annotate(n=Count("key")):
        found[_cell(month, desk, moment, outcome)][score] += n
    return dict(found)


def _cell(month: date, desk: str, moment: str, outcome: str) -> Point:
    return rules.point_of(month=month, desk=desk, moment=Moment(moment), outcome=Outcome(outcome))


def _totals(scores: Scores, within: Point) -> dict[Point, list[int]]:
    """How often each number was given in a period at a desk, or all: by side, and by moment and outcome."""
    found: dict[Point, list[int]] = {}
    for cell, counts in scores.items():
        if not rules.is_within(cell, within):
            continue
        for group in ("", cell.group):
            point = Point(within.year, within.quarter, within.desk, cell.side, group)
            held = found.setdefault(point, [0 for _ in SCORES])
            for score, n in enumerate(counts):
                held[score] += n
    return found


def _asked(at: datetime) -> Counter[Point]:
    """How many were asked, by cell, within the months that count."""
    rows = models.Invitation.objects.filter(state=State.ASKED, asked_at__lt=counted_until(at)).order_by()
    monthly = rows.annotate(month=TruncMonth("asked_at", tzinfo=ZoneInfo(accounts.house_zone())))
    found: Counter[Point] = Counter()
    for month, desk, moment, outcome, n in monthly.values_list("month", "desk", "moment", "outcome").annotate(
        n=Count("key")
    ):
        found[_cell(month.date(), desk, moment, outcome)] += n
    return found


def verbatims(viewer: Viewer, wanted: Point, *, before: str = "", size: int = PAGE) -> VerbatimPage:
    """What people wrote, in no order of time, a page at a time; ``before`` is a page's ``older``. Raises NotFound.

    What is said of each is the same wherever it stands; a narrower page leaves out what would say more.
    """
    wanted = access.get_point_for(viewer, wanted)
    rows = models.CountedAnswer.objects.exclude(verbatim="").order_by("key")
    columns = ("key", "month", "desk", "moment", "outcome")
    if before:
        rows = rows.filter(key__gt=_as_key(before))
    cells = {cell: sum(counts) for cell, counts in _scores().items()}
    hidden = rules.withheld(cells, house_rules().fewest)
    shown: list[tuple[UUID, Point]] = []
    for key, month, desk, moment, outcome in rows.values_list(*columns).iterator(chunk_size=500):
        point = rules.finest_open(_cell(month, desk, moment, outcome), hidden)
        if point is not None and rules.is_within(point, wanted):
            shown.append((key, point))
            if len(shown) > size:
                break
    page = dict(shown[:size])
    held = models.CountedAnswer.objects.filter(key__in=list(page)).order_by("key")
    found = tuple(Verbatim(row.verbatim, rules.band_of(row.score), Side(row.side), page[row.key]) for row in held)
    return VerbatimPage(found, str(shown[size - 1][0]) if len(shown) > size else "")


def _as_key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
