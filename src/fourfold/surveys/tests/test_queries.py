"""Reading: who may, in which groups, and that nothing is said of anybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Engagement, Role, Viewer
from fourfold.base.actor import COMMAND_LINE
from fourfold.base.errors import NotFound
from fourfold.surveys import actions, models, queries
from fourfold.surveys.tests import factories as make
from fourfold.surveys.tests.factories import NOON, READ
from fourfold.surveys.types import Band, GroupRow, Moment, Outcome, Point, Results, Withheld

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 1)


def desk(place: str) -> str:
    given = {"discipline": "Data", "place": place, "engagement": Engagement.PERMANENT}
    return accounts.add_desk(**given, by=COMMAND_LINE, at=NOON)  # type: ignore[arg-type]


def recruiter(*desks: str) -> Viewer:
    return make.colleague(Role.RECRUITER, desks=desks)


def rows(found: Results) -> dict[str, GroupRow]:
    return {row.point.group or row.point.side: row for row in (*found.sides, *found.rows)}


def test_groups_stand_apart_by_moment_and_outcome_and_in_all_by_side() -> None:
    make.counted(3, 3, 8, 9, 10)
    make.counted(9, 9, 9, 9, 2, 7, moment=Moment.OFFER, outcome=Outcome.ACCEPTED)
    make.counted(10, 10, 10, 0, 0, moment=Moment.JOB, outcome=Outcome.FILLED)
    found = rows(queries.results(make.leader(), Point(), at=READ))
    assert list(found) == ["candidate", "client", "application.rejected", "offer.accepted", "job.filled"]
    assert found["application.rejected"].counts == (0, 0, 0, 2, 0, 0, 0, 0, 1, 1, 1)
    assert found["candidate"].counts == (0, 0, 1, 2, 0, 0, 0, 1, 1, 5, 1)
    assert found["client"].counts == found["job.filled"].counts == (2, *([0] * 9), 3)


def test_a_small_group_says_how_many_it_has_and_needs_and_what_would_give_it_away_says_nothing() -> None:
    lena = make.leader()
    make.counted(*[8] * 9)
    make.counted(*[1] * 7, moment=Moment.SUBMISSION)
    make.counted(*[10] * 4, moment=Moment.OFFER)
    found = rows(queries.results(lena, Point(), at=READ))
    assert found["offer.rejected"].withheld == Withheld(4, 5)
    assert found["submission.rejected"].counts is None, "all less the others would be the four"
    assert found["submission.rejected"].withheld == Withheld(7, 5)
    assert found["application.rejected"].counts is not None
    assert found["candidate"].counts is not None
    to = replace(queries.house_rules(), fewest=10)
    actions.keep_rules(to=to, viewer=lena, at=NOON)
    assert [one.counts for one in rows(queries.results(lena, Point(), at=READ)).values()][1:] == [None] * 3


def test_no_filter_isolates_what_another_leaves_out() -> None:
    lena, a, b = make.leader(), desk("Leeds"), desk("York")
    make.counted(*[8] * 20, desk=a)
    make.counted(*[2] * 3, desk=b)
    assert rows(queries.results(lena, Point(), at=READ))["candidate"].counts is not None
    for only in (Point(desk=a), Point(desk=b), Point(year="2026", desk=a), Point("2026", "2026Q1", a)):
        assert {row.counts for row in rows(queries.results(lena, only, at=READ)).values()} == {None}, only


def test_answers_of_running_months_are_not_read() -> None:
    lena = make.leader()
    for name in ("Ann", "Bea", "Cem", "Dan", "Eve"):
        make.answered(make.person(f"{name} Moor"), 9, "Fine.")
    found = queries.results(lena, Point(), at=NOON + timedelta(days=20))
    assert (found.any_shown, found.rows, found.cut) == (False, (), date(2026, 3, 1))
    assert queries.verbatims(lena, Point()).rows == ()
    actions.count_answers(at=READ)
    found = queries.results(lena, Point(), at=READ)
    assert (rows(found)["application.rejected"].asked, found.cut) == (5, date(2026, 6, 1))
    assert rows(found)["application.rejected"].counts == (*([0] * 9), 5, 0)
    assert len(queries.verbatims(lena, Point()).rows) == 5


def test_recruiters_read_their_own_desks_and_administrators_nothing() -> None:
    leeds, york = desk("Leeds"), desk("York")
    make.counted(*[9] * 6, desk=leeds, words="Ours")
    make.counted(*[1] * 6, desk=york, words="Theirs")
    ana, none = recruiter(leeds), recruiter()
    found = queries.results(ana, Point(), at=READ)
    assert (found.wanted.desk, found.desks) == (leeds, (leeds,))
    assert rows(found)["candidate"].counts == (*([0] * 9), 6, 0)
    assert {one.text for one in queries.verbatims(ana, Point()).rows} == {"Ours"}
    maya = make.colleague(Role.MARKETER)
    assert queries.results(maya, Point(), at=READ).desks == (leeds, york)
    assert {one.text for one in queries.verbatims(maya, Point()).rows} == {"Ours", "Theirs"}
    for viewer, wanted in ((ana, Point(desk=york)), (none, Point()), (make.colleague(Role.ADMINISTRATOR), Point())):
        with pytest.raises(NotFound):
            queries.results(viewer, wanted, at=READ)
        with pytest.raises(NotFound):
            queries.verbatims(viewer, wanted)


def test_words_say_only_what_a_shown_group_has_in_common_on_every_page() -> None:
    lena, leeds, york = make.leader(), desk("Leeds"), desk("York")
    make.counted(*[9] * 8, desk=leeds)
    make.counted(3, desk=leeds, month=MAY, words="The only one of May")
    make.counted(*[9] * 8, desk=york)
    make.counted(*[8] * 6, desk=york, month=MAY)
    everywhere = queries.verbatims(lena, Point()).rows
    [one] = everywhere
    told = (one.text, one.band, one.point.desk, one.point.quarter)
    assert told == ("The only one of May", Band.UNHAPPY, leeds, "")
    assert queries.verbatims(lena, Point(desk=leeds)).rows == everywhere
    for narrower in (Point("2026", "2026Q2"), Point("2026", "2026Q2", leeds), Point(desk=york)):
        assert queries.verbatims(lena, narrower).rows == ()


def test_words_come_a_page_at_a_time_each_once() -> None:
    lena = make.leader()
    make.counted(*[9] * 47, words="Fine.")
    pages, before = [], ""
    while True:
        page = queries.verbatims(lena, Point(), before=before)
        pages.append(len(page.rows))
        before = page.older
        if not before:
            break
    assert pages == [20, 20, 7]
    assert queries.verbatims(lena, Point(), before="nonsense").rows


def test_reading_takes_the_same_statements_however_many_answered() -> None:
    lena = make.leader()
    make.counted(*[9] * 30, words="Fine.")
    with CaptureQueriesContext(connection) as few:
        queries.results(lena, Point(), at=READ)
        queries.verbatims(lena, Point())
    make.counted(*[9] * 300, words="Fine.", desk="other")
    with CaptureQueriesContext(connection) as many:
        queries.results(lena, Point(), at=READ)
        queries.verbatims(lena, Point())
    assert len(many) == len(few) <= 16
    assert models.CountedAnswer.objects.count() == 330
