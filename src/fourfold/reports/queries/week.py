"""A week in numbers: what was done against the targets, what was billed, what is expected."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Role, Viewer
from fourfold.base.money import Money
from fourfold.jobs import queries as jobs
from fourfold.jobs.queries import Week
from fourfold.jobs.types import CashBasis, Days, Within
from fourfold.ledger import queries as ledger
from fourfold.reports import models, rules
from fourfold.reports.queries.counted import PAGE, paged
from fourfold.reports.queries.pipeline import permanent_ahead
from fourfold.reports.types import HORIZONS, TALKS, Cash, Done, DoneBy, Measure, RowsPage, WeekAsked

Counts = dict[Measure, dict[UUID | None, int] | None]


def weekly_targets(user_keys: Collection[UUID], *, week: date) -> dict[tuple[UUID, Measure], int]:
    """The targets that hold in a week, by colleague and measure. One statement."""
    rows = models.WeeklyTarget.objects.filter(user_key__in=list(user_keys), from_week__lte=week)
    found = {
        (row.user_key, Measure(row.measure)): row.target
        for row in rows.order_by("from_week")
        if row.measure in set(Measure)
    }
    return {key: target for key, target in found.items() if target}


def counts(within: Within, days: Days) -> Counts:
    """What was done in these days, by measure and colleague; None for talks of a desk. Seven statements."""
    found: Counts = {}
    for measure in Measure:
        channel = TALKS.get(measure)
        if channel is None:
            found[measure] = jobs.done_by(measure, within, days)
        elif within.desks:
            found[measure] = None
        else:
            actor = str(within.owner) if within.owner else None
            talks = ledger.talks_by_actor(channel, start=days.start, end=days.end, actor=actor)
            found[measure] = {_as_key(who): n for who, n in talks.items()}
    return found


def _as_key(text: str) -> UUID | None:
    """A colleague's key; None for the word of another system."""
    try:
        return UUID(text)
    except ValueError:
        return None


def done(asked: WeekAsked) -> tuple[tuple[Done, ...], tuple[DoneBy, ...]]:
    """What was done in the week before: the sums against the targets, and for the whole house each colleague.

    The house's target of a measure is the sum of its colleagues'.
    """
    counted = counts(asked.within, asked.before)
    if asked.who is not None:
        people: dict[UUID, str] = {asked.who: accounts.names({asked.who}).get(asked.who, "")}
    elif asked.desk:
        people = {}
    else:
        active = accounts.active_names()
        busy = {key for by_user in counted.values() if by_user for key in by_user if key in active}
        recruiters = accounts.names_in_role(Role.RECRUITER)
        people = {key: name for key, name in active.items() if key in busy or key in recruiters}
    aimed = weekly_targets(people, week=asked.before.since)
    sums = tuple(
        Done(
            measure,
            None if by_user is None else sum(by_user.values()),
            sum(n for (_, of), n in aimed.items() if of is measure) or None,
        )
        for measure, by_user in counted.items()
    )
    each = tuple(
        DoneBy(key, name, tuple(_of(key, measure, by_user, aimed) for measure, by_user in counted.items()))
        for key, name in people.items()
    )
    return sums, each


def _of(
    key: UUID, measure: Measure, by_user: dict[UUID | None, int] | None, aimed: dict[tuple[UUID, Measure], int]
) -> Done:
    return Done(measure, (by_user or {}).get(key, 0), aimed.get((key, measure)))


def billed(viewer: Viewer, asked: WeekAsked, *, currency: str) -> tuple[date, Money, Money | None]:
    """The month of a week: its first day, what was billed in it, and the target.

    A colleague's is their part by the splits; a desk's and the house's is the cash of their jobs. A desk has no target.
    """
    month = asked.days.since.replace(day=1)
    after = rules.shift_months(month, 1)
    if asked.who is not None:
        basis, last = CashBasis.ACCEPTED, after - timedelta(days=1)
        found = jobs.billings(viewer, asked.who, basis=basis, from_day=month, to_day=last)
        own = next((one for one in found.sums if one.currency == currency), Money(0, currency))
        return month, own, found.target
    total = jobs.billed(asked.within, since=month, until=after, currency=currency)
    target = jobs.targets(None, since=month, until=after, currency=currency) if asked.within.is_house else None
    return month, total, target if target and target.minor else None


def monday(
    viewer: Viewer, asked: WeekAsked, *, currency: str, at: datetime
) -> tuple[Week, tuple[tuple[Done, ...], tuple[DoneBy, ...]], Cash]:
    """The week as it stands: lists and risks, what was done in the week before, and cash. Some seventy statements."""
    today = at.astimezone(ZoneInfo(asked.days.zone)).date()
    found = jobs.week(viewer, asked.within, asked.days, at=at, today=today)
    month, total, target = billed(viewer, asked, currency=currency)
    value = jobs.pipeline_value(asked.within, currency=currency, horizons=HORIZONS, at=at, today=today)
    return found, done(asked), Cash(month, total, target, permanent_ahead(value, 0))


def week_rows(viewer: Viewer, asked: WeekAsked, measure: Measure, *, cursor: str, size: int = PAGE) -> RowsPage:
    """The rows behind one measure of the week before, the latest first. Raises NotFound for a cursor that is none."""
    days, channel = asked.before, TALKS.get(measure)
    if channel is None:
        return paged(viewer, measure, asked.within, days, on=days.until, cursor=cursor, size=size)
    if asked.within.desks:
        return RowsPage((), None, None, 0, "")
    actor = str(asked.who) if asked.who else None
    page = ledger.talk_rows(channel, start=days.start, end=days.end, actor=actor, cursor=cursor or None, size=size)
    total = sum(ledger.talks_by_actor(channel, start=days.start, end=days.end, actor=actor).values())
    return RowsPage(page.rows, total, None, 0, page.older or "")
