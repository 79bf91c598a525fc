"""The pipeline's health: cohorts, shares, what is unhealthy, and who sees whose."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fourfold.accounts.types import Role, Viewer
from fourfold.base import clock
from fourfold.base.errors import NotAllowed, NotFound
from fourfold.base.money import Money
from fourfold.evidence.types import Estimate, Refusal
from fourfold.jobs.types import OpenStage, Pipeline, Running, Silent, Stage, StageHistory, Tally
from fourfold.reports import access, queries, rules
from fourfold.reports.pages import health as pages
from fourfold.reports.pages import scope
from fourfold.reports.queries import pipeline as worked
from fourfold.reports.rules import health
from fourfold.reports.tests.pipeline import ACCOUNTANTS, ENGINEERS, NOW, colleague, house
from fourfold.reports.types import BadQuestion, Coverage, Finding, Health, StageTime

TODAY = NOW.date()
HALF = Estimate(0.8, 0.7, 0.9, 60, "test")
NONE = Refusal("Too few to say.", 3, 5)


def of(viewer: Viewer, **given: str) -> Health:
    asked = scope.pipeline_from(viewer, given, NOW)
    return queries.health(asked, currency="GBP", at=NOW, today=TODAY)


# Rules


@pytest.mark.parametrize(
    ("now", "before", "says"),
    [
        (Tally(10, 6), HALF, True),
        (Tally(10, 7), HALF, False),  # its low end still counts as usual
        (Tally(4, 0), HALF, False),
        (Tally(10, 0), NONE, False),
    ],
)
def test_a_share_fell_where_it_lies_below_its_own_range(now: Tally, before: Any, says: bool) -> None:
    found = health.fell_below("turn_up", now, before)
    assert (found is not None) is says
    if found:
        assert pages.finding_line(found)["what"] == "Turn-up fell to 60% (10 rows). Its own time before: 70% to 90%."


def test_a_client_owes_words_from_three_cvs_on() -> None:
    clients = [Silent(uuid4(), name, n, NOW) for name, n in (("Harbour", 3), ("Quay", 2))]
    [found] = health.piles_up(clients)
    assert pages.finding_line(found)["what"] == "Harbour owes words on 3 CVs, the oldest sent on 18 Mar."


@pytest.mark.parametrize(("open_middle", "n", "says"), [(20.0, 5, True), (19.0, 5, False), (20.0, 4, False)])
def test_a_stage_is_slow_at_twice_its_own_middle(open_middle: float, n: int, says: bool) -> None:
    usual = Estimate(10, 8, 12, 30, "test")
    one = StageTime(Stage.SUBMITTED, usual, NONE, n, open_middle, (0, 0, n, 0))
    assert bool(health.slow_stages([one])) is says
    assert health.slow_stages([replace(one, middle=NONE)]) == []


def test_what_is_unhealthy_leads_to_its_rows() -> None:
    slow = Finding("slow_stage", {"stage": Stage.SUBMITTED, "now": 20.0, "usual": 10.0, "n": 5})
    waiting = Finding("unanswered", {"waiting": 3, "n": 20})
    fell = health.fell_below("turn_up", Tally(10, 6), HALF)
    assert fell is not None
    assert [pages.finding_line(one)["href"] for one in (slow, waiting, fell)] == [
        "/jobs/applications/?stage=submitted", "/jobs/applications/?waiting=yes", "/4cs/pipeline/turn_up/",
    ]  # fmt: skip


def test_people_wait_from_one_in_ten_on() -> None:
    assert health.unanswered(Tally(10, 9)) is None
    assert health.unanswered(Tally(4, 0)) is None
    assert health.unanswered(Tally(20, 17)) == Finding("unanswered", {"waiting": 3, "n": 20})


def test_coverage_is_thin_where_even_its_upper_end_is() -> None:
    money = Money(1_000, "GBP")
    thin = Coverage(Estimate(0.4, 0.1, 0.99, 30, "test"), money, money, money, money)
    assert health.too_thin(thin) is not None
    assert health.too_thin(replace(thin, answer=Estimate(0.4, 0.1, 1.0, 30, "test"))) is None
    assert health.too_thin(replace(thin, answer=NONE)) is None


def test_small_sums() -> None:
    assert health.middle([(3, 2), (1, 1), (9, 1)]) == 3
    assert health.middle([]) is None
    assert health.classes([(7, 1), (8, 2), (14, 1), (30, 4), (31, 8)]) == (1, 3, 4, 8)
    assert health.weeks_between(date(2026, 3, 16), date(2026, 3, 29)) == 2
    assert health.weeks_between(date(2026, 3, 16), date(2026, 3, 1)) == 0
    order = [one.rule for one in health.worst_first([Finding("thin"), None, Finding("fell"), Finding("unanswered")])]
    assert order == ["unanswered", "fell", "thin"]


def test_every_number_of_the_pages_has_a_definition() -> None:
    for name in (*worked.STEPS, *worked.FIGURES, "filled", "time_to_fill", "coverage", "forecast", "source"):
        assert rules.definition(name).formula


# Cash ahead


def pipeline(**more: Any) -> Pipeline:
    """Thirty past jobs with four submitted each; on every third one was placed within eight weeks."""
    history = tuple(StageHistory(uuid4(), Stage.SUBMITTED, 4, (0, int(n % 3 == 0), int(n % 3 == 0))) for n in range(30))
    still = (OpenStage(uuid4(), Stage.SUBMITTED, 6, 1_500_000), OpenStage(uuid4(), Stage.SUBMITTED, 6, None))
    usual: dict[str, Any] = {
        "currency": "GBP", "history": history, "open": still, "typical_fee_minor": 900_000, "running": (),
        "past_weeks": (), "retained": (0, 0), "left_out": 0,
    }  # fmt: skip
    return Pipeline(**{**usual, **more})


def test_open_work_is_worth_its_fee_times_the_part_that_was_placed() -> None:
    found = worked.permanent_ahead(pipeline(), 1)
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(6 * (1_500_000 + 900_000) * 10 / 120)
    assert found.lower <= found.value <= found.upper
    assert isinstance(worked.permanent_ahead(pipeline(), 0), Refusal)  # nobody was placed within four weeks
    assert isinstance(worked.permanent_ahead(pipeline(typical_fee_minor=None), 1), Refusal)


def test_a_contract_brings_its_weeks_until_its_end() -> None:
    running = (
        Running(date(2026, 1, 5), date(2026, 3, 31), 10_000, 1),  # two weeks from the 18th
        Running(date(2026, 3, 25), date(2026, 12, 31), 7_000, 1),  # begins in a week
    )
    agreed = worked.contract_agreed(pipeline(running=running), weeks=4, today=TODAY)
    assert agreed == 2 * 10_000 + 3 * 7_000


# The page


@pytest.mark.django_db
def test_the_pipeline_is_counted_from_what_happened() -> None:
    told = house()
    found = of(told.lena)
    assert [(one.month, one.submitted, one.interviewed, one.offered, one.placed, one.started, one.open)
            for one in found.cohorts] == [
        (date(2026, 1, 1), 1, 1, 1, 1, 1, 0), (date(2026, 3, 1), 2, 2, 1, 0, 0, 2),
    ]  # fmt: skip
    tallies = {one.key: one.tally for one in (*found.steps, *found.figures) if one.tally}
    assert tallies["interviewed"] == Tally(3, 3)
    assert tallies["offered"] == Tally(3, 2)
    assert tallies["placed"] == Tally(2, 1)
    assert tallies["started"] == tallies["on_time"] == tallies["offers_accepted"] == Tally(1, 1)
    assert tallies["turn_up"] == Tally(3, 2)
    assert tallies["closure"] == tallies["stayed_90"] == tallies["filled"] == Tally(0, 0)
    assert [(one[0].origin, one[0].n) for one in found.sources] == [("sourced", 1)]
    assert found.coverage.billed == Money(1_000_000, "GBP")
    assert [one.weeks for one in found.ahead] == [4, 8, 12, 4, 8, 12]
    assert found.findings == ()
    for narrowed, n in (({"desk": ENGINEERS}, 3), ({"desk": ACCOUNTANTS}, 0), ({"engagement": "contract"}, 0)):
        assert sum(one.submitted for one in of(told.lena, **narrowed).cohorts) == n
    assert sum(one.submitted for one in of(told.tom).cohorts) == 3
    assert of(told.rhea).cohorts == ()
    assert [(one.stage, one.open) for one in of(told.rhea).stages] == [(Stage.APPLIED, 1)]
    page = queries.pipeline_rows(told.lena, scope.pipeline_from(told.lena, {}, NOW), "turn_up", on=TODAY, cursor="")
    assert (page.count, page.good, [row.person for row in page.rows]) == (3, 2, ["Cy", "Bob", "Ann"])
    for figure, cursor in (("nothing", ""), ("turn_up", "x"), ("coverage", "")):
        with pytest.raises(NotFound):
            queries.pipeline_rows(told.lena, scope.pipeline_from(told.lena, {}, NOW), figure, on=TODAY, cursor=cursor)


@pytest.mark.django_db
def test_the_page_its_file_and_its_rows(sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    told = house()
    browser = sign_in(told.mark)  # marketers work on the same pipeline
    with CaptureQueriesContext(connection) as seen:
        page = browser.get(reverse("pipeline")).content.decode()
    assert len(seen) <= 60
    for words in (
        "Nothing in the pipeline stands out as unhealthy",
        "Submitted → interviewed",
        "Jan 2026",
        "too small",
    ):
        assert words in page
    text = b"".join(browser.get(reverse("pipeline_csv")).streaming_content).decode()
    rows = {(one["number"], one["of"]): one for one in csv.DictReader(io.StringIO(text))}
    assert rows["figure", "turn_up"]["n"] == "3"
    assert rows["figure", "turn_up"]["refused"] == "Too few to say."
    assert rows["cohort, started", "2026-01"]["value"] == "1"
    shown = browser.get(reverse("pipeline_rows", args=["turn_up"])).content.decode()
    assert "2 of 3 · Turn-up" in shown
    assert "did not come" in shown
    file = b"".join(browser.get(reverse("pipeline_rows_csv", args=["turn_up"])).streaming_content).decode()
    assert [line.split(",")[1] for line in file.splitlines()] == ["who", "Cy", "Bob", "Ann"]
    assert browser.get(reverse("pipeline_rows", args=["cash"])).status_code == 404
    assert browser.get(reverse("pipeline"), {"months": "7"}).status_code == 422


@pytest.mark.django_db
def test_whose_pipeline_is_whose(sign_in: Any) -> None:
    tom = replace(colleague(Role.RECRUITER, name="Tom Ridley"), desks=frozenset({ENGINEERS}))
    own = access.pipeline_within(tom, desk="", engagement="")
    assert (own.desks, own.owner) == ((ENGINEERS,), tom.user_key)
    assert access.pipeline_within(tom, desk=ENGINEERS, engagement="contract").owner is None
    assert access.pipeline_within(colleague(Role.MARKETER, name="Milo"), desk="", engagement="").is_house
    with pytest.raises(NotFound):
        access.pipeline_within(tom, desk=ACCOUNTANTS, engagement="")
    with pytest.raises(NotAllowed):
        access.pipeline_within(colleague(Role.ADMINISTRATOR, name="Priya"), desk="", engagement="")
    with pytest.raises(BadQuestion):
        scope.pipeline_from(tom, {"engagement": "gig"}, NOW)
    page = sign_in(colleague(Role.RECRUITER, name="New Here")).get(reverse("pipeline")).content.decode()
    assert "Nothing in the pipeline in these months" in page
