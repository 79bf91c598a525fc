"""How it was: scores with their ranges, words without names, and the same in a file."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import Engagement, NewUser, Role, Viewer
from fourfold.base.actor import COMMAND_LINE
from fourfold.reports.pages import nps
from fourfold.surveys.types import GroupRow, Point, Results, VerbatimPage, Withheld

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 3, 12, tzinfo=UTC)
_numbers = count(1)
MANY = (1, 0, 0, 1, 0, 0, 0, 4, 4, 6, 6)


def colleague(*roles: Role, **values: Any) -> Viewer:
    new = NewUser(email=f"n{next(_numbers)}@northgate.example", name="Lena Marsh", roles=frozenset(roles), **values)
    viewer = accounts_queries.viewer_of(accounts.add_users(users=[new], by=COMMAND_LINE, at=AT)[0])
    assert viewer
    return viewer


def answered() -> Results:
    def of(group: str, counts: tuple[int, ...] | None, withheld: Withheld | None = None) -> GroupRow:
        return GroupRow(Point(side="candidate", group=group), 40, counts, withheld)

    return Results(
        wanted=Point(), fewest=5, cut=date(2026, 6, 1), sides=(of("", MANY),),
        rows=(
            of("offer.accepted", MANY), of("stay.left", None, Withheld(2, 5)),
            of("offer.rejected", None, Withheld(9, 5)),
        ),
        periods=("2026Q1", "2026"), desks=("=cmd",), any_asked=True,
    )  # fmt: skip


def test_each_group_has_its_score_range_and_n_or_says_why_not() -> None:
    held = nps.context(colleague(Role.LEADER), answered(), VerbatimPage(()), Point())
    assert held["heading"] == "Would they recommend us? Candidates +45"
    [card] = held["cards"]
    total, offer, left, beside = card["lines"]
    assert (offer["n"], offer["score"], offer["range"]) == (22, "+45", "+13 – +68")
    assert (offer["happy"], offer["between"], offer["unhappy"]) == (12, 8, 2)
    assert total["label"] == "All candidates"
    assert left["refusal"] == "2 answers of the 5 it takes"
    assert beside["refusal"] == "Not shown: beside it a smaller group would give itself away."
    assert [row.refused for row in card["plot"].rows] == [False, False, True, True]


def test_the_file_holds_what_the_page_shows_and_no_formula() -> None:
    found = answered()
    text = io.StringIO()
    csv.writer(text).writerows(nps.csv_rows(found))
    rows = list(csv.DictReader(io.StringIO(text.getvalue())))
    assert [(one["outcome"], one["answers"], one["score"]) for one in rows] == [
        ("all", "22", "45.5"), ("accepted", "22", "45.5"), ("left", "", ""), ("rejected", "", ""),
    ]  # fmt: skip
    assert "Tango" in rows[0]["method"]
    desk = [one[4] for one in nps.csv_rows(Results(**{**_parts(found), "wanted": Point(desk="=cmd")}))][1]
    assert desk == "'=cmd"


def _parts(found: Results) -> dict[str, Any]:
    return {name: getattr(found, name) for name in Results.__slots__}


def test_a_house_that_asked_nobody_gets_its_first_step(sign_in: Any) -> None:
    page = sign_in(colleague(Role.LEADER)).get("/4cs/nps/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "Nobody was asked yet how it was" in text
    assert "/surveys/" in text
    assert "How it was" in text


@pytest.mark.parametrize("asked", ["?period=2026Q5", "?period=x", "?group=offer.filled"])
def test_what_cant_be_asked_is_refused(sign_in: Any, asked: str) -> None:
    assert sign_in(colleague(Role.LEADER)).get(f"/4cs/nps/{asked}").status_code in (400, 404, 422)


def test_who_may_not_read_sees_neither_page_nor_tab(sign_in: Any) -> None:
    desk = accounts.add_desk(discipline="Data", place="Leeds", engagement=Engagement.PERMANENT, by=COMMAND_LINE, at=AT)
    for viewer in (colleague(Role.ADMINISTRATOR), colleague(Role.RECRUITER)):
        browser = sign_in(viewer)
        assert browser.get("/4cs/nps/").status_code == 404
        assert browser.get("/4cs/nps/rows.csv").status_code == 404
        assert "/4cs/nps/" not in browser.get("/4cs/accuracy/").content.decode()
    browser = sign_in(colleague(Role.RECRUITER, desks=(desk,)))
    page = browser.get("/4cs/nps/")
    assert page.status_code == 200
    assert "All desks" not in page.content.decode()
    assert browser.get("/4cs/nps/?desk=other").status_code == 404
    assert "/4cs/nps/" in browser.get("/4cs/accuracy/").content.decode()
    assert browser.get("/4cs/nps/rows.csv").status_code == 200
