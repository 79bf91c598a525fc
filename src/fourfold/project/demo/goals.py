"""Goals of the demo house: set by its leader, owned by a recruiter and a marketer, a little above the period before."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from math import ceil

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Role, Viewer
from fourfold.base.clock import day_start
from fourfold.ledger import queries as ledger
from fourfold.reports import actions, rules
from fourfold.reports.types import Measure, NewGoal, Period

GROWTH = 1.12


def set_goals(*, leader: Viewer, recruiter: Viewer, marketer: Viewer, today: date, at: datetime) -> int:
    """The year's cash, the running quarter's candidates and clients, and last quarter's clients. Returns how many."""
    quarter = Period(
        rules.shift_months(today, -((today.month - 1) % 3)), rules.shift_months(today, 3 - ((today.month - 1) % 3))
    )
    year = Period(date(today.year, 1, 1), date(today.year + 1, 1, 1))
    wanted = [("cash", year, 50_000_00), ("candidates", quarter, 5), ("clients", quarter, 1)]
    wanted.append(("clients", rules.compared_with(quarter), 1))
    for figure, period, step in wanted:
        new = NewGoal(
            figure=figure,
            period=period,
            target=_target(figure, rules.compared_with(period), step),
            currency=accounts.house_currency(),
            recruiter=recruiter.user_key,
            marketer=marketer.user_key,
        )
        actions.set_goal(new=new, viewer=leader, at=at)
    return len(wanted)


WEEKLY = {Measure.CALLS: 10, Measure.MEETINGS: 3, Measure.JOBS: 1, Measure.CVS: 4, Measure.FIRST_INTERVIEWS: 2}
"""What the recruiter of the demo house aims to do in a week."""


def aim_for_weeks(*, recruiter: Viewer, today: date, at: datetime) -> None:
    """The recruiter's weekly targets, from a quarter ago."""
    monday = rules.monday_of(today - timedelta(weeks=13))
    actions.set_weekly_targets(
        user_key=recruiter.user_key, targets=dict(WEEKLY), from_week=monday, viewer=recruiter, at=at
    )


def _target(figure: str, before: Period, step: int) -> int:
    """The period before and an eighth more, in whole steps."""
    zone, currency = accounts.house_clock_and_currency()
    start, end = day_start(before.start, zone), day_start(before.end, zone)
    kind = rules.KIND_OF[figure]
    only = {"basis": "accepted", "currency": currency} if kind == "cash" else None
    count, total = ledger.outcome_totals(kind=kind, start=start, end=end, only=only)
    return max(ceil((total if kind == "cash" else count) * GROWTH / step), 1) * step


def one_of_each(emails: dict[Role, str]) -> tuple[Viewer, Viewer, Viewer] | None:
    """The leader, the recruiter and the marketer who can sign in, or None where one of them is missing."""
    leader, recruiter, marketer = (
        accounts.viewer_by_email(emails.get(role, "")) for role in (Role.LEADER, Role.RECRUITER, Role.MARKETER)
    )
    return (leader, recruiter, marketer) if leader and recruiter and marketer else None
