"""Periods, what they are compared with, questions and definitions."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourfold.base.errors import NotFound
from fourfold.reports import rules
from fourfold.reports.types import BadPeriod, NoDefinition, Period, Preset, Question


def period(first: str, end: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("preset", "today", "first", "end"),
    [
        (Preset.THIS_MONTH, "2026-03-01", "2026-03-01", "2026-03-02"),
        (Preset.THIS_MONTH, "2026-03-31", "2026-03-01", "2026-04-01"),
        (Preset.LAST_MONTH, "2026-01-15", "2025-12-01", "2026-01-01"),
        (Preset.LAST_MONTH, "2024-03-31", "2024-02-01", "2024-03-01"),
        (Preset.THIS_QUARTER, "2026-01-01", "2026-01-01", "2026-01-02"),
        (Preset.THIS_QUARTER, "2026-06-30", "2026-04-01", "2026-07-01"),
        (Preset.LAST_QUARTER, "2026-02-28", "2025-10-01", "2026-01-01"),
        (Preset.LAST_QUARTER, "2026-04-01", "2026-01-01", "2026-04-01"),
        (Preset.LAST_QUARTER, "2026-12-31", "2026-07-01", "2026-10-01"),
        (Preset.THIS_YEAR, "2024-02-29", "2024-01-01", "2024-03-01"),
        (Preset.THIS_YEAR, "2026-12-31", "2026-01-01", "2027-01-01"),
        (Preset.LAST_YEAR, "2026-01-01", "2025-01-01", "2026-01-01"),
        (Preset.LAST_12_MONTHS, "2026-03-31", "2025-03-01", "2026-03-01"),
        (Preset.LAST_12_MONTHS, "2024-02-29", "2023-02-01", "2024-02-01"),
    ],
)
def test_presets(preset: Preset, today: str, first: str, end: str) -> None:
    assert rules.period_of(preset, date.fromisoformat(today)) == period(first, end)


@given(st.dates(date(1990, 1, 1), date(2150, 12, 31)))
def test_presets_hold_on_every_day(today: date) -> None:
    for preset in rules.PRESET_WORDS:
        found = rules.period_of(preset, today)
        assert found.start.day == 1
        assert found.end <= today + timedelta(days=1)
        before = rules.compared_with(found)
        assert before.end == found.start
        assert before.start < before.end


@pytest.mark.parametrize(
    ("first", "end", "before", "before_end"),
    [
        ("2026-03-01", "2026-04-01", "2026-02-01", "2026-03-01"),  # 31 days against 28: whole months
        ("2024-03-01", "2024-04-01", "2024-02-01", "2024-03-01"),
        ("2026-01-01", "2026-04-01", "2025-10-01", "2026-01-01"),
        ("2026-01-01", "2027-01-01", "2025-01-01", "2026-01-01"),
        ("2026-03-01", "2026-03-11", "2026-02-19", "2026-03-01"),  # ten days against ten
        ("2026-03-10", "2026-03-11", "2026-03-09", "2026-03-10"),
        ("2026-03-15", "2026-04-01", "2026-02-26", "2026-03-15"),
        ("2024-02-29", "2024-03-01", "2024-02-28", "2024-02-29"),
    ],
)
def test_what_a_period_is_compared_with(first: str, end: str, before: str, before_end: str) -> None:
    assert rules.compared_with(period(first, end)) == period(before, before_end)


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("2026-01-01", "2026-01-01", ("2026-01-01", "2026-01-02")),
        ("2024-02-29", "2024-02-29", ("2024-02-29", "2024-03-01")),
        ("2016-01-01", "2025-12-31", ("2016-01-01", "2026-01-01")),
        ("2199-12-31", "2199-12-31", ("2199-12-31", "2200-01-01")),
    ],
)
def test_own_periods_hold_both_days(first: str, last: str, found: tuple[str, str]) -> None:
    made = rules.own_period(first, last)
    assert made == period(*found)
    assert made.last_day == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        ("2026-02-30", "2026-03-01", "are not two dates"),
        ("", "2026-03-01", "are not two dates"),
        ("2026-03-01", "", "are not two dates"),
        ("1/2/2026", "2/2/2026", "are not two dates"),
        ("2026-03-02", "2026-03-01", "It ends on 1 March 2026, before it begins on 2 March 2026."),
        ("2010-01-01", "2026-01-01", "The period is longer than ten years."),
        ("0001-01-01", "0001-02-01", "The period reaches beyond the years 1970 to 2199."),
        ("9999-12-31", "9999-12-31", "The period reaches beyond the years 1970 to 2199."),
        ("1969-12-31", "1970-01-01", "The period reaches beyond the years 1970 to 2199."),
        ("9999-12-31", "0001-01-01", "The period reaches beyond the years 1970 to 2199."),
    ],
)
def test_a_period_that_is_none_is_refused_in_words(first: str, last: str, why: str) -> None:
    with pytest.raises(BadPeriod) as caught:
        rules.own_period(first, last)
    assert why in caught.value.why


def test_a_period_in_words() -> None:
    assert period("2026-01-01", "2026-04-01").words == "1 Jan – 31 Mar 2026"
    assert period("2025-12-31", "2026-01-02").words == "31 Dec 2025 – 1 Jan 2026"


QUESTION = Question(period=period("2026-04-01", "2026-07-01"), before=period("2026-01-01", "2026-04-01"))


def test_a_question_comes_back_from_json_as_it_was() -> None:
    for one in (QUESTION, replace(QUESTION, basis="paid", lookback_days=90, zone="Europe/Berlin", currency="EUR")):
        again = Question.from_dict(json.loads(json.dumps(one.as_dict())))
        assert again == one
        assert again.key == one.key


def test_the_key_of_a_question_is_the_same_tomorrow_and_another_for_another() -> None:
    assert QUESTION.key == "05a3cd809bc60e268feb77006b4797fd"
    others = [
        replace(QUESTION, **change)
        for change in (
            {"period": QUESTION.before}, {"before": QUESTION.period}, {"basis": "paid"}, {"by": "campaign"},
            {"method": "linear"}, {"lookback_days": 181}, {"zone": "UTC"}, {"currency": "EUR"},
            {"topic": "roi"}, {"desk": "it"}, {"team": "it"}, {"office": "it"},
        )
    ]  # fmt: skip
    assert len({QUESTION.key, *(one.key for one in others)}) == 13


def test_every_definition_says_what_it_is() -> None:
    for name, one in rules.DEFINITIONS.items():
        assert rules.definition(name) is one
        assert one.key == name
        assert all((one.name, one.sentence, one.formula, one.basis, one.clock, one.rows))


def test_a_figure_that_no_page_shows_is_not_found() -> None:
    with pytest.raises(NoDefinition) as caught:
        rules.definition("vibes")
    assert isinstance(caught.value, NotFound)
