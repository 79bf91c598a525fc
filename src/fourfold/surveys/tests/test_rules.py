"""When somebody is asked, with which words, and that nobody can be told from another."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourfold.surveys import rules
from fourfold.surveys.types import (
    AnswerRefused,
    Band,
    InvitationRefused,
    Invited,
    Moment,
    MomentRule,
    Outcome,
    Point,
    Side,
    TextRefused,
)

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)  # a Tuesday


@pytest.mark.parametrize(
    ("ended", "days", "now", "expected"),
    [
        (NOON, 2, NOON, datetime(2026, 3, 5, 10, tzinfo=UTC)),
        (NOON, 4, NOON, datetime(2026, 3, 9, 10, tzinfo=UTC)),  # Saturday becomes Monday
        (NOON, 0, NOON, datetime(2026, 3, 4, 10, tzinfo=UTC)),  # ten has gone by
        (NOON, 2, NOON + timedelta(days=3), datetime(2026, 3, 9, 10, tzinfo=UTC)),  # told late, on a Friday noon
        (NOON + timedelta(days=24), 2, NOON, datetime(2026, 3, 30, 9, tzinfo=UTC)),  # ten on the wall in summer time
    ],
)
def test_mails_leave_days_later_at_ten_on_a_working_day(
    ended: datetime, days: int, now: datetime, expected: datetime
) -> None:
    assert rules.send_at(ended, days, zone="Europe/London", now=now) == expected


def test_each_moment_is_of_one_side_and_has_its_outcomes_and_words() -> None:
    assert {one for one in Moment if rules.side_of(one) is Side.CLIENT} == {Moment.JOB, Moment.AFTER_START}
    assert (
        set(rules.OUTCOMES) == set(rules.SHIPPED) == {one.moment for one in rules.DEFAULT_RULES.moments} == set(Moment)
    )
    assert {outcome for of in rules.OUTCOMES.values() for outcome in of} == set(Outcome)
    for wording in rules.SHIPPED.values():
        rules.check_wording(wording)
    rules.check_rules(rules.DEFAULT_RULES)


@pytest.mark.parametrize(
    "change", [{"outcome": Outcome.FILLED}, {"about": " "}, {"about": "x" * 121}, {"about_kind": ""}]
)
def test_what_cant_have_happened_is_refused(change: dict[str, object]) -> None:
    usual = Invited(
        person_key=uuid4(), moment=Moment.OFFER, outcome=Outcome.WITHDREW, about="Analyst at Kite", about_kind="job",
        about_key=uuid4(), ended_at=NOON,
    )  # fmt: skip
    rules.check_invited(usual)
    with pytest.raises(InvitationRefused):
        rules.check_invited(replace(usual, **change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"question": ""},
        {"subject": "two\nlines"},
        {"intro": "Dear {{ name }}"},
        {"intro": "{% if about %}so{% endif %}"},
        {"intro": "half a {{ place"},
        {"question": "How was {{ about }}?"},
        {"follow_up": "x" * 201},
    ],
)
def test_a_text_asks_for_nothing_that_nobody_has(change: dict[str, str]) -> None:
    usual = rules.SHIPPED[Moment.JOB]
    rules.check_wording(replace(usual, intro="{{ first_name }}, how was {{ about }} <for> you & yours?"))
    with pytest.raises(TextRefused):
        rules.check_wording(replace(usual, **change))


def test_markup_of_a_text_is_words_in_the_mail_and_every_number_has_its_link() -> None:
    wording = replace(rules.SHIPPED[Moment.JOB], intro="<script>x</script> {{ about }}", question="1 < 2?")
    draft = rules.mail_draft(wording)
    assert "<script>" not in draft.body
    assert "&lt;script&gt;x" in draft.body
    assert [f"{{{{ score_{n}_url }}}}" in draft.body for n in range(11)] == [True] * 11
    assert draft.extra == ("about",)
    assert rules.mail_draft(replace(wording, intro="no place")).extra == ()


def test_numbers_of_the_house_keep_to_their_bounds() -> None:
    usual = rules.DEFAULT_RULES
    off = replace(usual, moments=(*usual.moments[:-1], MomentRule(usual.moments[-1].moment, False, 61)))
    for wrong in (replace(usual, fewest=4), replace(usual, rest_days=0), replace(usual, moments=()), off):
        with pytest.raises(TextRefused):
            rules.check_rules(wrong)


def test_numbers_are_0_to_10_and_mean_what_everybody_means_by_them() -> None:
    assert Counter(rules.band_of(score) for score in range(11)) == {Band.UNHAPPY: 7, Band.BETWEEN: 2, Band.HAPPY: 2}
    assert [rules.band_of(score) for score in (6, 7, 8, 9)] == [Band.UNHAPPY, Band.BETWEEN, Band.BETWEEN, Band.HAPPY]
    for score, words in ((-1, ""), (11, ""), (3, "x" * 4_001)):
        with pytest.raises(AnswerRefused):
            rules.check_answer(score, words)


def test_a_task_holds_the_words_as_far_as_they_fit() -> None:
    assert (
        rules.task_title(3, " late\nreply ") == "Answer them: 3 of 10 in a survey, and we may write back. “late reply”"
    )
    long = rules.task_title(0, "never again " * 40)
    assert len(long) <= 160
    assert long.endswith("…”")


@pytest.mark.parametrize(
    ("today", "cut"),
    [(date(2026, 6, 20), date(2026, 6, 1)), (date(2026, 6, 7), date(2026, 5, 1)), (date(2026, 6, 8), date(2026, 6, 1))],
)
def test_months_count_once_nothing_in_them_can_change(today: date, cut: date) -> None:
    assert rules.cut_of(today) == cut


# ------------------------------------------------------------------------------------------ nobody is told


def cell(desk: str = "data", outcome: Outcome = Outcome.REJECTED, quarter: int = 1) -> Point:
    month = date(2026, 3 * quarter, 1)
    return rules.point_of(month=month, desk=desk, moment=Moment.SUBMISSION, outcome=outcome)


def test_a_small_group_is_withheld_and_so_is_what_it_could_be_worked_out_from() -> None:
    a, b, c = cell("a"), cell("b"), cell("c")
    hidden = rules.withheld({a: 20, b: 9, c: 3}, 5)
    assert c in hidden
    assert b in hidden, "all less a less b would be c"
    assert a not in hidden
    assert Point() not in hidden
    assert rules.withheld({a: 20, b: 9, c: 5}, 5) == frozenset()


def test_of_two_the_larger_goes_with_the_smaller() -> None:
    hidden = rules.withheld({cell("a"): 20, cell("b"): 2}, 5)
    assert {cell("a"), cell("b"), Point(desk="a"), Point(desk="b")} <= hidden
    assert Point() not in hidden


def test_a_number_hidden_along_one_division_is_not_shown_along_another() -> None:
    cells = {cell("a", quarter=1): 8, cell("a", quarter=2): 8, cell("b", quarter=1): 8, cell("b", quarter=2): 2}
    hidden = rules.withheld(cells, 5)
    assert {cell("b", quarter=2), cell("b", quarter=1), cell("a", quarter=2)} <= hidden
    assert cell("a", quarter=1) in hidden, "quarter 1 less b would be known from desk a otherwise"


SMALL = st.dictionaries(
    st.sampled_from(
        [
            cell(desk, outcome, quarter)
            for desk, outcome, quarter in product("abc", rules.OUTCOMES[Moment.SUBMISSION], (1, 2))
        ]
    ),
    st.integers(1, 12),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(SMALL, st.integers(5, 8))
def test_no_shown_total_gives_a_small_group_away(cells: dict[Point, int], fewest: int) -> None:
    n, hidden = rules.counted(cells), rules.withheld(cells, fewest)
    assert all(n[point] >= fewest for point in n if point not in hidden)
    for parent, parts in rules.reading._divisions(n):
        unseen = [part for part in parts if part in hidden]
        if parent in hidden:
            assert unseen, f"{parent} is the sum of what is shown"
        elif unseen:
            assert len(unseen) > 1, f"{unseen} is what is left of {parent}"
            assert sum(n[part] for part in unseen) >= fewest


@settings(max_examples=40, deadline=None)
@given(SMALL)
def test_words_are_told_apart_by_no_more_than_a_group_that_is_shown(cells: dict[Point, int]) -> None:
    hidden = rules.withheld(cells, 5)
    for one in cells:
        point = rules.finest_open(one, hidden)
        assert point is None or (point not in hidden and rules.is_within(one, point))
