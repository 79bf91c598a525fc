"""Pure decisions: grades, the pay check, stages, who is owed an answer, what stands before a submission."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from fourfold.jobs import rules
from fourfold.jobs.types import (
    Calibre,
    Ended,
    Item,
    Market,
    MarketRefused,
    Origin,
    PayVerdict,
    Stage,
    SubmissionFacts,
    Weight,
)

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)  # a Tuesday
MARKET = Market(50_000_00, 60_000_00, 72_000_00, n=12, source="here")


@pytest.mark.parametrize(
    ("terms", "slots", "pay", "met", "grade"),
    [
        (True, True, True, date(2026, 1, 2), "A"),
        (True, True, None, date(2026, 1, 2), "B"),
        (False, True, False, date(2026, 1, 2), "B"),
        (True, False, None, None, "C"),
        (False, False, None, None, "C"),
    ],
)
def test_a_grade_counts_four_reasons(terms: bool, slots: bool, pay: bool | None, met: date | None, grade: str) -> None:
    found = rules.grade(terms_accepted=terms, slots_booked=slots, pay_is_real=pay, manager_met_on=met)
    assert found.grade == grade
    assert [one.holds for one in found.reasons] == [terms, slots, pay is True, met is not None]


@pytest.mark.parametrize(
    ("calibre", "offered", "verdict", "of_median"),
    [
        (Calibre.TOP_QUARTER, 56_400_00, PayVerdict.LOW, 0.94),
        (Calibre.TOP_QUARTER, 69_840_00, PayVerdict.FITS, 1.16),  # 3 % below the upper quartile still fits
        (Calibre.TOP_QUARTER, 69_839_00, PayVerdict.LOW, 1.16),
        (Calibre.TOP_TENTH, 72_000_00, PayVerdict.FITS, 1.2),
        (Calibre.UPPER_HALF, 56_400_00, PayVerdict.LOW, 0.94),
        (Calibre.ANY, 56_400_00, PayVerdict.ABOVE, 0.94),
    ],
)
def test_pay_is_compared_with_what_such_people_are_paid(
    calibre: Calibre, offered: int, verdict: PayVerdict, of_median: float
) -> None:
    found = rules.check_pay(calibre, offered_minor=offered, market=MARKET)
    assert (found.verdict, found.of_median) == (verdict, of_median)


def test_fewer_than_five_figures_say_nothing() -> None:
    assert rules.market_from([1, 2, 3, 4], cell="here") == MarketRefused(have=4, need=5, cell="here")
    assert rules.market_from([10, 20, 30, 40, 50], cell="here") == Market(20, 30, 40, n=5, source="here")


@pytest.mark.parametrize(
    ("stage", "origin", "since"),
    [
        (Stage.SOURCED, Origin.SOURCED, None),
        (Stage.APPROACHED, Origin.APPROACHED, None),
        (Stage.SOURCED, Origin.REFERRED, "began"),
        (Stage.INTERESTED, Origin.SOURCED, "now"),
        (Stage.APPLIED, Origin.BOARD, "began"),
        (Stage.SUBMITTED, Origin.APPLIED, "now"),
        (Stage.INTERVIEW, Origin.APPLIED, None),
        (Stage.OFFER, Origin.APPLIED, None),
        (Stage.STARTED, Origin.APPLIED, None),
    ],
)
def test_who_waits_for_a_word_of_ours(stage: Stage, origin: Origin, since: str | None) -> None:
    began = NOON - timedelta(days=3)
    wanted = {None: None, "now": NOON, "began": began}[since]
    assert rules.owed_from(stage, origin, began_at=began, at=NOON) == wanted


@pytest.mark.parametrize(
    ("ended", "stage", "origin", "owed"),
    [
        (Ended.NOT_SUBMITTED, Stage.APPLIED, Origin.APPLIED, True),
        (Ended.NOT_SUBMITTED, Stage.SOURCED, Origin.SOURCED, False),
        (Ended.CLIENT_SAID_NO, Stage.INTERVIEW, Origin.SOURCED, True),
        (Ended.JOB_CLOSED, Stage.INTERESTED, Origin.APPROACHED, True),
        (Ended.WITHDREW, Stage.INTERVIEW, Origin.APPLIED, False),
        (Ended.DECLINED_OFFER, Stage.OFFER, Origin.APPLIED, False),
    ],
)
def test_whoever_ended_it_themselves_waits_for_nothing(ended: Ended, stage: Stage, origin: Origin, owed: bool) -> None:
    found = rules.owed_when_ended(ended, stage=stage, origin=origin, owed_since=None, at=NOON)
    assert found == (NOON if owed else None)


def test_stages_that_leave_a_proof_are_reached_by_their_deed_only() -> None:
    assert rules.by_deed(Stage.APPLIED, Stage.SUBMITTED)
    assert not rules.by_deed(Stage.OFFER, Stage.SUBMITTED)  # back is always possible
    assert not rules.by_deed(Stage.SUBMITTED, Stage.INTERVIEW)


def test_an_application_begins_in_the_first_stage_that_is_used() -> None:
    steps = [replace(one, used=one.slug not in {"sourced", "applied"}) for one in rules.STARTING]
    assert rules.first_step(steps, Origin.SOURCED).slug == "approached"
    assert rules.first_step(steps, Origin.BOARD).slug == "submitted"
    assert rules.first_step(rules.STARTING, Origin.BOARD).slug == "applied"


@pytest.mark.parametrize(
    ("facts", "weights", "may"),
    [
        (SubmissionFacts(), "stops good good good warns", False),
        (SubmissionFacts(agreed_at=NOON, agreed_how="phone", terms="accepted"), "good good good good good", True),
        (SubmissionFacts(agreed_at=NOON, is_employer=True), "good stops good good warns", False),
        (SubmissionFacts(agreed_at=NOON, on_their_list=True), "good good stops good warns", False),
        (SubmissionFacts(agreed_at=NOON, introduced_at=NOON, terms="sent"), "good good good warns warns", True),
    ],
)
def test_what_stands_before_a_submission(facts: SubmissionFacts, weights: str, may: bool) -> None:
    looked = rules.check_list(facts)
    assert [one.item for one in looked] == list(Item)
    assert " ".join(one.weight for one in looked) == weights
    assert rules.may_submit(looked) is may
    assert Weight.STOPS not in [one.weight for one in looked] or not may


CV = """Jane O'Moor
12 Harbour Street, Leeds
jane.omoor+work@mail.example | +44 7700 900123 | linkedin.com/in/janeomoor
LS1 4DY
Phone:

Engineer at Harbour (2016-2019), team of 12
2019 - 2025 Lead, £78,000
Jane built www.harbour.example from 1000000 lines
"""


def test_a_cv_loses_the_ways_to_reach_somebody_and_keeps_the_rest() -> None:
    found = rules.strip_contacts(CV, name="Jane O'Moor", anonymous=False)
    assert found.text == (
        "Jane O'Moor\n\nEngineer at Harbour (2016-2019), team of 12\n2019 - 2025 Lead, £78,000\n"
        "Jane built  from 1000000 lines"
    )
    assert found.taken_out == 6
    anonymous = rules.strip_contacts(CV, name="Jane O'Moor", anonymous=True)
    assert "jane" not in anonymous.text.lower()
    assert "moor" not in anonymous.text.lower()
    assert "team of 12" in anonymous.text


def test_working_days_leave_weekends_out() -> None:
    friday = datetime(2026, 3, 6, 9, tzinfo=UTC)
    assert rules.working_days_after(friday, 2) == datetime(2026, 3, 10, 9, tzinfo=UTC)
    assert rules.working_days_before(datetime(2026, 3, 10, 9, tzinfo=UTC), 2) == friday
    assert rules.working_days_after(friday, 0) == friday


def test_an_address_says_what_the_job_is() -> None:
    assert rules.slug_for("Señor C++ / C# Engineer!", "Köln", "J00007") == "senor-c-c-engineer-koln-j00007"
    assert rules.slug_for("…", "", "J1") == "j1"
    assert rules.plain_title("  Head of  C# & R&D ") == "head of c# r d"
