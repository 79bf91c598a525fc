"""Journeys, sides, money and ROI on a tiny house whose answers can be told by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from fourfold.evidence.attribution import attribute, attribute_many
from fourfold.evidence.drill import journey_credits
from fourfold.evidence.facts import live
from fourfold.evidence.tests.house import House, key
from fourfold.evidence.types import (
    NONE,
    NOT_NAMED,
    AttributionResult,
    By,
    EvidenceError,
    FactKind,
    IntervalSettings,
    Method,
    MethodSettings,
    Question,
    Scarcity,
    Side,
)

PLAIN = Question(method=Method.LAST, intervals=IntervalSettings(replicates=0))


def ask(house: House, **changes: Any) -> AttributionResult:
    return attribute(live(house.tables()), replace(PLAIN, **changes))


def credit(house: House, **changes: Any) -> dict[str, float]:
    return {row.key: row.outcomes for row in ask(house, **changes).rows if row.outcomes}


def one_sided(*touches: tuple[str, str], when: str = "2026-06-30T12:00") -> House:
    house = House()
    for moment, channel in touches:
        house.touch("ana", moment, channel)
    house.party(house.outcome("o", when, 1000), "ana", "candidate")
    return house


def test_each_half_is_attributed_over_its_own_journey() -> None:
    house = House()
    house.touch("ana", "2026-05-01", "email")
    house.touch("cleo", "2026-05-02", "event")
    house.placement("p", "2026-06-01", 10_001, "ana", "cleo")
    result = ask(house)
    assert {row.key: (row.outcomes, row.value) for row in result.rows} == {
        "email": (0.5, 5000.5),
        "event": (0.5, 5000.5),
    }
    assert result.n == 1
    assert result.options["sides"] == {"candidate": 0.5, "client": 0.5}
    assert result.options["currency"] == "GBP"


def test_a_side_without_touches_goes_to_none_never_to_the_other() -> None:
    house = House()
    house.touch("ana", "2026-05-01", "email")
    house.placement("p", "2026-06-01", 100, "ana", "cleo")
    house.placement("q", "2026-06-01", 100, "ana2", None)  # no client known at all
    assert credit(house) == {NONE: 1.5, "email": 0.5}


@pytest.mark.parametrize(
    "method", [m for m in Method if m.is_per_journey] + [Method.MARKOV, Method.SHAPLEY_RATE], ids=str
)
def test_every_method_shares_out_exactly_what_there_is(method: Method) -> None:
    house = House()
    for person, channel, day in (("ana", "email", 3), ("ana", "phone", 9), ("cleo", "event", 5), ("dan", "web", 7)):
        house.touch(person, f"2026-05-{day:02d}", channel)
    house.touch("eve", "2026-05-20", "phone")  # no outcome
    house.placement("p", "2026-06-01", 300, "ana", "cleo")
    house.placement("q", "2026-06-02", 500, "dan", "fay")
    result = ask(house, method=method)
    assert sum(row.outcomes for row in result.rows) == pytest.approx(2)
    assert sum(row.value for row in result.rows) == pytest.approx(800)
    assert result.row(NONE).outcomes == pytest.approx(0.5)  # fay was never touched
    assert result.options["by"] == "channel"


def test_the_look_back_includes_its_old_end_and_excludes_the_outcome_itself() -> None:
    end = "2026-06-30T12:00"
    assert credit(one_sided(("2026-01-01T12:00", "email"), when=end)) == {"email": 1}  # 180 days to the second
    assert credit(one_sided(("2026-01-01T11:59:59", "email"), when=end)) == {NONE: 1}
    assert credit(one_sided(("2026-06-30T12:00", "email"), when=end)) == {NONE: 1}
    assert credit(one_sided(("2026-06-30T11:59:59", "email"), when=end)) == {"email": 1}
    assert credit(one_sided(("2026-06-20T12:00", "email"), when=end), lookback_days=9) == {NONE: 1}


def test_in_date_only_data_a_touch_of_the_same_day_counts_as_before() -> None:
    house = one_sided(("2026-06-30", "email"), when="2026-06-30")
    assert credit(house) == {NONE: 1}
    assert credit(house, date_only=True) == {"email": 1}
    old = one_sided(("2026-01-01", "email"), when="2026-06-30")
    assert credit(old, date_only=True) == {"email": 1}
    assert credit(old, date_only=True, lookback_days=179) == {NONE: 1}


def test_the_client_side_ends_when_the_job_opened_the_candidate_side_at_first_submission() -> None:
    house = House()
    house.touch("cleo", "2026-03-01", "event")
    house.touch("cleo", "2026-03-10", "phone", action="job_opened", job="J1")
    house.touch("cleo", "2026-03-20", "email")  # after the job was given
    house.touch("ana", "2026-03-15", "linkedin")
    house.touch("ana", "2026-03-25", "phone", action="submitted", job="J1")
    house.touch("ana", "2026-04-01", "web")  # after the submission
    house.placement("p", "2026-05-01", 100, "ana", "cleo", job="J1")
    assert credit(house) == {"event": 0.5, "linkedin": 0.5}


def test_a_candidate_outcome_of_the_job_is_the_first_submission() -> None:
    house = House()
    house.touch("ana", "2026-03-15", "linkedin")
    house.touch("ana", "2026-04-01", "web")
    house.party(house.outcome("s", "2026-03-25", outcome_kind="candidate", job="J1"), "ana", "candidate")
    house.party(house.outcome("p", "2026-05-01", 100, job="J1"), "ana", "candidate")
    assert credit(house, kind="cash") == {"linkedin": 1}
    assert credit(house, kind="candidate") == {"linkedin": 1}


def test_touches_before_an_earlier_outcome_belong_to_that_one() -> None:
    house = House()
    house.touch("ana", "2026-02-01", "email")
    house.touch("ana", "2026-03-01", "phone")
    for ref, when in (("first", "2026-02-15"), ("second", "2026-03-15")):
        house.party(house.outcome(ref, when), "ana", "candidate")
    assert credit(house, method=Method.LINEAR) == {"email": 1, "phone": 1}
    assert credit(house, method=Method.LINEAR, shared=True) == {"email": 1.5, "phone": 0.5}
    # The earlier outcome bounds the later journey also where it lies outside the period.
    assert credit(house, method=Method.LINEAR, start=date(2026, 3, 1)) == {"phone": 1}


def test_an_earlier_outcome_of_another_kind_bounds_nothing() -> None:
    house = one_sided(("2026-06-01", "email"))
    house.party(house.outcome("s", "2026-06-10", outcome_kind="candidate"), "ana", "candidate")
    assert credit(house) == {"email": 2}


def test_machines_are_left_out() -> None:
    house = one_sided(("2026-06-01", "email"))
    house.touch("ana", "2026-06-02", "web", machine=True)
    assert credit(house) == {"email": 1}


def test_ties_are_ordered_by_fact_id() -> None:
    house = one_sided(("2026-06-01", "email"), ("2026-06-01", "phone"))
    by_id = sorted((row["fact_id"], row["channel"]) for row in house.rows["touch"])
    assert credit(house) == {by_id[-1][1]: 1}
    assert credit(house, method=Method.FIRST) == {by_id[0][1]: 1}


def test_a_placement_counts_once_and_is_worth_the_sum_of_its_rows() -> None:
    house = House()
    house.touch("ana", "2026-05-01", "email")
    house.touch("ana", "2026-06-15", "phone")
    for ref, when, value in (("w1", "2026-06-01", 400), ("w2", "2026-07-01", 400), ("rebate", "2026-08-01", -300)):
        house.party(house.outcome(ref, when, value, placement="P"), "ana", "candidate")
    result = ask(house, start=date(2026, 6, 1), end=date(2026, 7, 1))
    assert [(row.key, row.outcomes, row.value) for row in result.rows] == [("email", 1, 500)]
    assert result.n == 1
    assert ask(house, start=date(2026, 7, 1)).n == 0  # its first row decides the period


def test_the_period_includes_its_first_moment_and_excludes_its_last() -> None:
    house = one_sided(("2026-06-01", "email"), when="2026-06-30T00:00")
    assert ask(house, start=date(2026, 6, 30), end=date(2026, 7, 1)).n == 1
    assert ask(house, start=date(2026, 6, 1), end=date(2026, 6, 30)).n == 0
    berlin = ZoneInfo("Europe/Berlin")
    assert ask(house, start=datetime(2026, 6, 30, 2, 0, tzinfo=berlin)).n == 1
    assert ask(house, start=datetime(2026, 6, 30, 2, 1, tzinfo=berlin)).n == 0
    with pytest.raises(ValueError, match="time zone"):
        ask(house, start=datetime(2026, 6, 30))  # noqa: DTZ001


def test_touches_of_a_merged_person_count_for_the_one_who_stays() -> None:
    house = one_sided(("2026-06-01", "email"))
    house.touch("anna", "2026-06-20", "event")
    assert credit(house) == {"email": 1}
    house.post(FactKind.IDENTITY, "m", "2026-07-01", person_key="anna", into_key="ana")
    assert credit(house) == {"event": 1}


def test_credit_by_another_dimension_and_touches_that_lack_it() -> None:
    house = House()
    house.touch("ana", "2026-05-01", campaign="spring")
    house.touch("ana", "2026-05-02")
    house.party(house.outcome("o", "2026-06-01", 10), "ana", "candidate")
    assert credit(house, by=By.CAMPAIGN, method=Method.LINEAR) == {"spring": 0.5, NOT_NAMED: 0.5}


def test_last_non_direct_passes_over_untagged_web_visits() -> None:
    house = one_sided(("2026-06-01", "email"), ("2026-06-02", "web"))
    assert credit(house, method=Method.LAST_NON_DIRECT) == {"email": 1}
    house.touch("ana", "2026-06-03", "web", campaign="spring")  # a tagged visit is not direct
    assert credit(house, method=Method.LAST_NON_DIRECT) == {"web": 1}


def test_scarcity_weighs_the_sides() -> None:
    house = House()
    house.touch("ana", "2026-05-01", "email")
    house.touch("cleo", "2026-05-02", "event")
    house.placement("p", "2026-06-30T23:00", 100, "ana", "cleo", desk="York")
    scarce = (Scarcity("York", "2026Q2", unfilled=30, ready=10), Scarcity("York", "2026Q3", unfilled=0, ready=10))
    assert credit(house, scarcity=scarce) == {"email": 0.75, "event": 0.25}


def test_one_side_alone_carries_the_whole_outcome() -> None:
    house = House()
    house.touch("ana", "2026-05-01", "email")
    house.touch("cleo", "2026-05-02", "event")
    house.placement("p", "2026-06-01", 100, "ana", "cleo")
    assert credit(house, side=Side.CLIENT) == {"event": 1}


def test_outcomes_of_one_c_have_one_side() -> None:
    house = House()
    house.touch("ana", "2026-05-01", "email")
    house.touch("cleo", "2026-05-02", "event")
    house.touch("col", "2026-05-02", "referral")
    for kind, person in (("candidate", "ana"), ("client", "cleo"), ("colleague", "col")):
        house.party(house.outcome(kind, "2026-06-01", outcome_kind=kind), person, kind)
    for kind, channel in (("candidate", "email"), ("client", "event"), ("colleague", "referral")):
        assert credit(house, kind=kind) == {channel: 1}
        assert ask(house, kind=kind).rows[0].value is None
    assert credit(house) == {"email": 1, "event": 1, "referral": 1}


def test_who_did_not_convert_counts_for_the_chain_and_only_on_their_side() -> None:
    house = House()
    house.touch("ana", "2026-05-01", "email")
    house.touch("cleo", "2026-05-02", "event", organisation="acme")
    house.placement("p", "2026-06-01", 100, "ana", "cleo")
    for person in ("dan", "dora", "don"):
        house.touch(person, "2026-05-10", "email")
    house.touch("emil", "2026-05-10", "event", organisation="acme")
    house.touch("old", "2025-05-10", "email")  # outside the look-back before the period's end
    house.touch("late", "2026-07-10", "email")
    details = ask(house, method=Method.MARKOV, end=date(2026, 7, 1)).details
    assert details["candidate"]["base_rate"] == pytest.approx(1 / 4)
    assert details["client"]["base_rate"] == pytest.approx(1 / 2)


def spending_house() -> House:
    house = one_sided(("2026-06-01", "email"))
    house.spend(date(2026, 6, 1), date(2026, 6, 30), "email", 400)
    house.spend(date(2026, 6, 16), date(2026, 7, 15), "event", 300)
    return house


def test_roi_is_credited_less_spend_over_spend() -> None:
    result = ask(spending_house(), start=date(2026, 6, 1), end=date(2026, 7, 1))
    email, event = result.row("email"), result.row("event")
    assert (email.spend, email.value, email.roi, email.cost_per_outcome) == (400, 1000, 1.5, 400)
    assert (event.spend, event.value, event.roi) == (150, 0, -1)  # half its days lie in the period
    assert event.cost_per_outcome is None


def test_roi_by_a_dimension_that_spend_lacks_is_refused() -> None:
    house = spending_house()
    result = ask(house, by=By.ACTOR)
    assert [refusal.about for refusal in result.refusals] == ["roi"]
    assert "spend has no actor" in result.refusals[0].reason
    assert all(row.spend is None and row.roi is None for row in result.rows)
    assert sum(row.outcomes for row in result.rows) == 1


def test_two_currencies_are_never_added() -> None:
    house = spending_house()
    house.party(house.outcome("euro", "2026-06-30", 5000, currency="EUR"), "ben", "candidate")
    result = ask(house)
    assert {refusal.about for refusal in result.refusals} == {"value"}
    assert all(row.value is None and row.roi is None for row in result.rows)
    assert sum(row.outcomes for row in result.rows) == 2
    pounds = ask(house, currency="GBP")
    assert pounds.n == 1
    assert pounds.row("email").roi == 1.5


def test_spend_in_another_currency_gives_no_roi() -> None:
    house = one_sided(("2026-06-01", "email"))
    house.spend(date(2026, 6, 1), date(2026, 6, 30), "email", 400, currency="EUR")
    result = ask(house)
    assert [refusal.about for refusal in result.refusals] == ["roi"]
    assert result.row("email").value == 1000
    assert result.row("email").spend is None


def test_bases_are_never_mixed() -> None:
    house = House()
    for basis in ("accepted", "paid"):
        house.party(house.outcome(basis, "2026-06-01", 1000, basis=basis, placement="P"), "ana", "candidate")
    assert [refusal.about for refusal in ask(house).refusals] == ["value"]
    assert ask(house, basis="paid").rows[0].value == 1000


def test_rebates_that_outweigh_the_fees_leave_no_shares() -> None:
    house = one_sided(("2026-06-01", "email"))
    house.party(house.outcome("credit note", "2026-06-30", -1500), "ana", "candidate")
    result = ask(house)
    assert sum(row.value for row in result.rows) == -500
    assert all(row.share is None for row in result.rows)
    assert [refusal.about for refusal in result.refusals] == ["share"]


def test_no_outcomes_is_an_answer() -> None:
    house = House()
    house.touch("ana", "2026-05-01", "email")
    for method in Method:
        result = ask(house, method=method, intervals=IntervalSettings(replicates=50))
        assert result.n == 0
        assert sum(row.outcomes for row in result.rows) == 0


def test_intervals_need_enough_independent_outcomes() -> None:
    house = House()
    for number in range(60):
        house.touch(f"ana{number}", "2026-05-01", ("email", "phone")[number % 2])
        house.touch(f"cleo{number}", "2026-05-01", "email" if number % 3 else "event")
        own = {"organisation": f"org{number}"}
        house.placement(f"p{number}", "2026-06-01", 1000, f"ana{number}", f"cleo{number}", **own)
    settings = IntervalSettings(replicates=300)
    result = ask(house, intervals=settings)
    email = result.row("email")
    assert email.lower < email.share < email.upper
    assert email.value_lower == pytest.approx(email.lower * 60_000)
    again = ask(house, intervals=settings)
    assert again == result  # seeded
    few = House()
    few.rows = house.rows
    for row in few.rows["outcome"]:
        row["organisation"] = key("one client of many placements")
    result = ask(few, intervals=settings)
    assert all(row.lower is None for row in result.rows)
    assert {refusal.about for refusal in result.refusals} >= {"email", "phone"}


@pytest.mark.parametrize(("method", "bounded"), [(Method.MARKOV, True), (Method.SHAPLEY_RATE, False)], ids=str)
def test_a_method_whose_coverage_is_not_proven_gives_no_range_and_says_so(method: Method, bounded: bool) -> None:
    house = House()
    for number in range(400):
        channels = (("email", "phone", "event")[number % 3], ("web", "phone")[number % 2])
        for day, channel in enumerate(channels, 1):
            house.touch(f"ana{number}", f"2026-05-0{day}", channel)
        if number % 2:
            own = {"organisation": f"org{number}"}
            house.placement(f"p{number}", "2026-06-01", 1000, f"ana{number}", None, **own)
    with_range, without = (ask(house, method=method, intervals=IntervalSettings(replicates=n)) for n in (60, 0))
    assert any(row.lower is not None for row in with_range.rows) is bounded
    assert ([refusal.about for refusal in with_range.refusals] == ["interval"]) is not bounded
    assert [(row.key, row.value) for row in with_range.rows] == [(row.key, row.value) for row in without.rows]
    if not bounded:
        assert "not proven" in with_range.refusals[0].reason


def test_every_credit_opens_to_its_journey() -> None:
    house = House()
    first = house.touch("ana", "2026-05-01", "email")
    second = house.touch("ana", "2026-05-03", "phone")
    third = house.touch("ana", "2026-05-04", "email")
    placement = house.placement("p", "2026-06-01", 1000, "ana", "cleo")
    question = replace(PLAIN, method=Method.SHAPLEY)
    rows = journey_credits(live(house.tables()), question)
    candidate, client = sorted(rows, key=lambda row: row.side)
    assert (candidate.outcome, candidate.side, candidate.outcomes, candidate.value_minor) == (
        placement,
        "candidate",
        0.5,
        500,
    )
    assert candidate.credits == pytest.approx({"email": 0.5, "phone": 0.5})
    assert [touch.fact_id for touch in candidate.touches] == [first, second, third]
    assert [touch.credit for touch in candidate.touches] == pytest.approx([0.25, 0.5, 0.25])
    assert candidate.touches[0].occurred_at == datetime(2026, 5, 1, tzinfo=UTC)
    assert candidate.ended_at == candidate.occurred_at == datetime(2026, 6, 1, tzinfo=UTC)
    assert (client.credits, client.touches) == ({NONE: 1.0}, ())
    totals = attribute(live(house.tables()), question)
    for row in totals.rows:
        assert row.outcomes == pytest.approx(sum(j.outcomes * j.credits.get(row.key, 0) for j in rows))
    assert [row.side for row in journey_credits(live(house.tables()), question, credited_to="phone")] == ["candidate"]


def test_a_model_of_all_journeys_opens_to_none() -> None:
    house = one_sided(("2026-06-01", "email"))
    with pytest.raises(EvidenceError, match="all journeys together"):
        journey_credits(live(house.tables()), replace(PLAIN, method=Method.MARKOV))


def test_time_decay_measures_from_the_side_end() -> None:
    house = one_sided(("2026-06-16T12:00", "email"), ("2026-06-23T12:00", "phone"), when="2026-06-30T12:00")
    settings = MethodSettings(half_life_days=7)
    assert credit(house, method=Method.TIME_DECAY, settings=settings) == pytest.approx({"email": 1 / 3, "phone": 2 / 3})


def mixed_house() -> House:
    """Placements of two sides, candidates, clients, spend, merges, people without an outcome: a bit of everything."""
    house = spending_house()
    for number in range(40):
        ana, cleo = f"ana{number}", f"cleo{number % 25}"
        house.touch(ana, f"2026-04-{number % 28 + 1:02d}", ("email", "phone", "web")[number % 3], campaign="spring")
        house.touch(ana, f"2026-05-{number % 28 + 1:02d}", ("phone", "event")[number % 2], actor=f"a{number % 4}")
        house.touch(cleo, f"2026-05-{number % 20 + 1:02d}", ("event", "email")[number % 2], organisation=cleo)
        house.touch(f"nobody{number}", "2026-05-05", ("email", "event", "web")[number % 3])
        house.placement(f"p{number}", "2026-06-10", 1000 + number, ana, cleo, job=f"J{number}", organisation=cleo)
        house.party(house.outcome(f"c{number}", "2026-05-20", outcome_kind="candidate"), ana, "candidate")
        if number % 5 == 0:
            house.touch(cleo, "2026-05-15", "phone", action="job_opened", job=f"J{number}")
            house.touch(ana, "2026-05-29", "phone", action="submitted", job=f"J{number}")
    house.post(FactKind.IDENTITY, "m", "2026-07-01", person_key="ana1", into_key="ana2")
    return house


def test_many_questions_at_once_are_answered_as_one_by_one() -> None:
    tables = live(mixed_house().tables())
    asked = IntervalSettings(replicates=50)
    period = {"start": date(2026, 5, 1), "end": date(2026, 7, 1)}
    questions = [
        *(Question(method=method, intervals=asked) for method in Method),
        *(Question(by=by, kind="cash", intervals=asked, **period) for by in (By.CAMPAIGN, By.ACTOR)),
        *(Question(kind=kind, intervals=asked) for kind in ("candidate", "client", "cash")),
        Question(side=Side.CLIENT, shared=True, lookback_days=30, intervals=asked),
        Question(method=Method.MARKOV, settings=MethodSettings(order=2), intervals=asked, date_only=True),
    ]
    together = attribute_many(tables, questions)
    assert len(together) == len(questions)
    for question, answer in zip(questions, together, strict=True):
        assert answer == attribute(tables, question)
        assert answer.method == question.method
    assert attribute_many(tables, []) == []
