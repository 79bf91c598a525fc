"""Monday: what is counted, against which target, what may be lost, and who sees whose."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fourfold.accounts.types import Role, Viewer
from fourfold.base import clock
from fourfold.base.errors import NotAllowed, NotFound
from fourfold.jobs import actions as jobs
from fourfold.jobs import queries as jobs_queries
from fourfold.jobs.types import AtRisk
from fourfold.ledger import actions as ledger
from fourfold.ledger.types import Touch
from fourfold.reports import access, actions, models, queries
from fourfold.reports.pages import scope, week
from fourfold.reports.tests.pipeline import ENGINEERS, LAST_WEEK, MONDAY, NOW, Told, colleague, house, person
from fourfold.reports.types import BadQuestion, Measure, TargetRefused, WeekAsked

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Told:
    return house()


def asked(viewer: Viewer, **given: str) -> WeekAsked:
    return scope.week_from(viewer, {"week": "2026-03-18", **given}, NOW)


def counted(viewer: Viewer, **given: str) -> dict[str, int | None]:
    return {one.measure.value: one.n for one in queries.done(asked(viewer, **given))[0]}


def talked(who: Viewer, channel: str, action: str, *, days: int = 0, **more: Any) -> None:
    """A talk of last week, or ``days`` later."""
    at = LAST_WEEK + timedelta(days=days)
    fact = Touch(
        source="test", source_ref=str(uuid4()), occurred_at=at, person_key=person("Ida Voss"), channel=channel,
        action=action, actor=str(who.user_key), **more,
    )  # fmt: skip
    ledger.post(facts=[fact], batch=uuid4(), at=NOW)


def test_last_week_is_counted_from_work_done(told: Told) -> None:
    talked(told.tom, "phone", "call")
    talked(told.tom, "phone", "call", direction="in")
    talked(told.tom, "phone", "dialled")  # nobody answered
    talked(told.tom, "phone", "call", days=6)  # this week
    talked(told.tom, "in_person", "meet")
    talked(told.rhea, "phone", "call")
    nobody = dict.fromkeys(("calls", "meetings", "jobs", "cvs", "first_interviews", "offers", "placements"), 0)
    own = {**nobody, "calls": 2, "meetings": 1, "cvs": 2, "first_interviews": 1, "offers": 1}
    assert counted(told.tom) == own
    assert counted(told.rhea) == {**nobody, "calls": 1, "jobs": 1}
    assert counted(told.lena) == {**own, "calls": 3, "jobs": 1}
    assert counted(told.lena, who=str(told.tom.user_key)) == own
    assert counted(told.lena, desk=ENGINEERS) == {**own, "calls": None, "meetings": None}
    assert counted(told.tom, week="2026-03-09")["placements"] == 1  # the week before: 2 to 8 March
    [rows] = [queries.week_rows(told.tom, asked(told.tom), Measure.CALLS, cursor="")]
    assert (rows.count, len(rows.rows), rows.older) == (2, 2, "")
    cvs = queries.week_rows(told.lena, asked(told.lena), Measure.CVS, cursor="", size=1)
    assert (cvs.count, len(cvs.rows), cvs.older) == (2, 1, "1")


def test_the_week_holds_what_stands_and_what_may_be_lost(told: Told) -> None:
    found, _done, cash = queries.monday(told.tom, asked(told.tom), currency="GBP", at=NOW)
    assert week.heading(found) == "1 interview this week, 1 deal at risk"
    assert [(one.grade, one.count, [job.title for job in one.rows]) for one in found.jobs] == [
        ("C", 1, ["Platform engineer"])
    ]
    assert [(one.person, one.state.value) for one in found.interviews[1]] == [("Cy", "booked")]
    assert found.cvs == (0, ())  # an interview is a word, and so is an offer
    assert [one.person for one in found.offers[1]] == ["Bob"]
    assert (found.starts[0], found.finishers[0]) == (0, 0)
    [risk] = found.risks
    assert (risk.why, risk.person, risk.days, risk.application_key) == ("offer_old", "Bob", 9, told.bob)
    assert week.risk_words(risk) == "The offer has waited 9 days for an answer. Ring them today."
    assert (cash.month, cash.billed.text(), cash.target) == (date(2026, 3, 1), "£10,000", None)
    theirs, _done, _cash = queries.monday(told.rhea, asked(told.rhea), currency="GBP", at=NOW)
    assert week.heading(theirs) == "No interview this week, no deal at risk"


@pytest.mark.parametrize(
    ("why", "days", "more", "says"),
    [
        ("papers", 3, "References", "The start is in 3 days and papers are missing: References."),
        ("papers", 0, "DBS", "The start is today and papers are missing: DBS."),
        ("start_passed", 1, "", "The first day was 1 day ago, and nobody noted whether they started."),
        ("silent", 8, "never", "An A job, opened 8 days ago, and no word from the client since. Ring the manager."),
    ],
)
def test_each_risk_says_why(why: str, days: int, more: str, says: str) -> None:
    assert week.risk_words(AtRisk(why, uuid4(), "Engineer", "Harbour", "", None, days, more)) == says


def test_targets_hold_from_their_week_on_and_are_ones_own_or_a_leaders(told: Told) -> None:
    def aim(viewer: Viewer, who: Viewer, monday: date, **targets: int | None) -> None:
        given = {Measure(name): n for name, n in targets.items()}
        actions.set_weekly_targets(user_key=who.user_key, targets=given, from_week=monday, viewer=viewer, at=NOW)

    key = told.tom.user_key
    aim(told.tom, told.tom, date(2026, 2, 2), cvs=4, calls=30)
    aim(told.lena, told.tom, MONDAY, cvs=6, calls=None)
    assert queries.weekly_targets([key], week=date(2026, 3, 9)) == {(key, Measure.CVS): 4, (key, Measure.CALLS): 30}
    assert queries.weekly_targets([key], week=MONDAY) == {(key, Measure.CVS): 6}
    [sums, each] = queries.done(asked(told.lena))
    assert {one.measure: one.target for one in sums if one.target} == {Measure.CVS: 4, Measure.CALLS: 30}
    assert {one.name: one.done[3].target for one in each} == {"Tom Ridley": 4, "Rhea Sand": None}
    rows = models.WeeklyTarget.objects.count()
    for viewer, who in ((told.rhea, told.tom), (told.mark, told.mark)):
        with pytest.raises(NotFound):
            aim(viewer, who, MONDAY, cvs=1)
    with pytest.raises(TargetRefused, match="from a Monday on"):
        aim(told.tom, told.tom, MONDAY + timedelta(days=1), cvs=1)
    aim(told.tom, told.tom, MONDAY, cvs=6)  # as it was
    assert models.WeeklyTarget.objects.count() == rows == 4


def test_whose_week_is_whose() -> None:
    tom = replace(colleague(Role.RECRUITER, name="Tom Ridley"), desks=frozenset({ENGINEERS}))
    assert access.week_within(tom, desk=ENGINEERS, who=None).desks == (ENGINEERS,)
    assert access.week_within(tom, desk="", who=None).owner == tom.user_key
    assert access.week_within(colleague(Role.LEADER, name="Lena Hart"), desk="", who=None).is_house
    for desk, who in (("accountants", None), ("", uuid4())):
        with pytest.raises(NotFound):
            access.week_within(tom, desk=desk, who=who)
    for role in (Role.MARKETER, Role.ADMINISTRATOR):
        with pytest.raises(NotAllowed):
            access.week_within(colleague(role, name="Milo Park"), desk="", who=None)
    for given in ({"week": "soon"}, {"who": "tom"}, {"week": "1970-01-01"}):
        with pytest.raises(BadQuestion):
            asked(tom, **given)


def test_the_page_its_file_and_its_rows(told: Told, sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    jobs.change_job(key=told.tom_job, to=replace(jobs_change(told), title="=cmd()"), viewer=told.tom, at=NOW)
    browser = sign_in(told.lena)
    with CaptureQueriesContext(connection) as seen:
        page = browser.get(reverse("monday")).content.decode()
    assert len(seen) <= 90
    for words in ("1 interview this week, 1 deal at risk", "The offer has waited 9 days", "Tom Ridley", "Set yours"):
        assert words in page
    text = b"".join(browser.get(reverse("monday_csv")).streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {one["job"] for one in rows if one["section"] == "at risk"} == {"'=cmd()"}
    assert [one["number"] for one in rows if one["what"] == "CVs sent" and not one["note"]] == ["2"]
    cvs = browser.get(reverse("monday_rows", args=["cvs"])).content.decode()
    assert "Bob" in cvs
    assert "Cy" in cvs
    assert "Ann" not in cvs
    file = b"".join(browser.get(reverse("monday_rows_csv", args=["cvs"])).streaming_content).decode()
    assert len(file.splitlines()) == 3
    assert browser.get(reverse("monday_rows", args=["nothing"])).status_code == 404
    assert browser.get(reverse("monday_rows", args=["turn_up"])).status_code == 404
    paper = browser.get(reverse("monday_pdf"))
    assert (paper.status_code, paper["Content-Type"], paper.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert sign_in(told.mark).get(reverse("monday")).status_code == 403


def jobs_change(told: Told) -> Any:
    return jobs_queries.job(told.lena, told.tom_job, at=NOW).change


def test_targets_are_set_on_a_form(told: Told, sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    browser, address = sign_in(told.tom), reverse("weekly_targets", args=[told.tom.user_key])
    assert "What do you aim to do in a week?" in browser.get(address).content.decode()
    refused = browser.post(address, {"from_week": "2026-03-18", "cvs": "-1"})
    assert refused.status_code == 422
    assert browser.post(address, {"from_week": "2026-03-11", "cvs": "5"}).status_code == 302
    key: UUID = told.tom.user_key
    assert queries.weekly_targets([key], week=date(2026, 3, 9)) == {(key, Measure.CVS): 5}
    page = browser.get(reverse("monday")).content.decode()
    assert "2</a>" in page
    assert "of 5" in " ".join(page.split())
    assert sign_in(told.rhea).get(address).status_code == 404


def test_a_house_without_work_gets_its_first_step(sign_in: Any) -> None:
    page = sign_in(colleague(Role.RECRUITER, name="New Here")).get(reverse("monday")).content.decode()
    assert "Nothing to count yet" in page
    assert reverse("new_job") in page
