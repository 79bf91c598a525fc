"""Goals of the demo house: a little above the period before, and owned by one of each."""

from __future__ import annotations

from datetime import date

import pytest

from fourfold.accounts.types import Role
from fourfold.project.demo import goals
from fourfold.reports import queries
from fourfold.reports.tests.factories import NOW, at, cash, colleague, counted, post
from fourfold.reports.types import Period

pytestmark = pytest.mark.django_db


def test_goals_follow_what_was_there_before() -> None:
    post(*(counted("candidate", at(5, 1 + n)) for n in range(20)), cash("A", 400_000, at(5, 1)))
    leader, recruiter, marketer = (colleague(role) for role in (Role.LEADER, Role.RECRUITER, Role.MARKETER))
    emails = {Role.LEADER: leader.email, Role.RECRUITER: recruiter.email, Role.MARKETER: marketer.email}
    assert goals.one_of_each(emails) == (leader, recruiter, marketer)
    today = date(2026, 8, 1)
    assert goals.set_goals(leader=leader, recruiter=recruiter, marketer=marketer, today=today, at=NOW) == 4
    found = {(row.figure, row.period): (row.value, row.target) for row in queries.goals(zone="Europe/London")}
    third, second = Period(date(2026, 7, 1), date(2026, 10, 1)), Period(date(2026, 4, 1), date(2026, 7, 1))
    assert found == {
        ("cash", Period(date(2026, 1, 1), date(2027, 1, 1))): (40_000_000, 5_000_000),
        ("candidates", third): (0, 25),
        ("clients", third): (0, 1),
        ("clients", second): (0, 1),
    }


def test_without_one_of_each_there_are_no_goals() -> None:
    assert goals.one_of_each({Role.LEADER: colleague(Role.LEADER).email}) is None


def test_the_recruiter_aims_at_numbers_for_a_week() -> None:
    recruiter = colleague(Role.RECRUITER)
    goals.aim_for_weeks(recruiter=recruiter, today=date(2026, 8, 1), at=NOW)
    key = recruiter.user_key
    assert queries.weekly_targets([key], week=date(2026, 7, 27)) == {(key, one): n for one, n in goals.WEEKLY.items()}
    assert queries.weekly_targets([key], week=date(2026, 4, 20)) == {}
