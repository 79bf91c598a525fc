"""Filters and tags: what a reader sees."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import timezone

from fourfold.base.money import Money
from fourfold.ui.templatetags import ui

NOON = datetime(2025, 7, 14, 12, 0, tzinfo=UTC)


def shown(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_money_is_whole_pounds_unless_pence_are_asked_for():
    fee = Money(1_240_050, "GBP")
    assert shown("{{ fee|money }}", fee=fee) == "£12,400"
    assert shown("{{ fee|money:'pence' }}", fee=fee) == "£12,400.50"


@pytest.mark.parametrize(
    ("source", "value", "text"),
    [
        ("{{ v|number }}", 12400, "12,400"),
        ("{{ v|number:1 }}", -0.25, "−0.2"),
        ("{{ v|percent }}", 0.345, "34%"),
        ("{{ v|percent:1 }}", Decimal("-0.0512"), "−5.1%"),
        ("{{ v|signed }}", 12, "+12"),
        ("{{ v|signed }}", -3, "−3"),
        ("{{ v|signed }}", 0, "0"),
        ("{{ v|signed:1 }}", -0.04, "0.0"),
        ("{{ v|day }}", date(2025, 11, 3), "3 Nov 2025"),
        ("{{ v|day }}", None, "–"),
        ("{{ v|money }}", None, "–"),
        ("{{ v|number }}", None, "–"),
        ("{{ v|percent }}", None, "–"),
        ("{{ v|ago }}", None, "–"),
    ],
)
def test_values_read_as_a_british_reader_expects(source, value, text):
    assert shown(source, v=value) == text


def test_a_moment_is_read_in_the_readers_zone():
    with timezone.override("Europe/London"):
        assert shown("{{ v|moment }} {{ late|day }}", v=NOON, late=NOON.replace(hour=23, minute=30)) == (
            "14 Jul 2025, 13:00 15 Jul 2025"
        )


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=60), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=6, hours=23), "6 days ago"),
        (timedelta(days=7), "7 Jul 2025"),
        (timedelta(hours=-2), "in 2 hours"),
        (timedelta(days=-30), "13 Aug 2025"),
    ],
)
def test_relative_time_turns_into_a_date_after_a_week(before, text):
    html = ui.ago(NOON - before, NOON)
    assert f">{text}</time>" in html
    assert f'datetime="{(NOON - before).isoformat()}"' in html


@pytest.mark.parametrize(
    ("name", "text"),
    [("Ana Lucía Pérez", "AP"), ("Cher", "C"), ("Jean-Paul", "JP"), ("(unknown)", "?"), ("", "?"), (None, "?")],
)
def test_initials(name, text):
    assert ui.initials(name) == text


@pytest.mark.parametrize(
    ("change", "better", "verdict"),
    [("+3", "up", "good"), ("−3", "up", "bad"), ("-0.8", "down", "good"), ("+2", "down", "bad"), ("0", "up", "plain"),
     ("+0.0%", "up", "plain"), ("+8%", "neither", "plain")],
)  # fmt: skip
def test_a_change_is_judged_by_what_is_better(change, better, verdict):
    assert ui.verdict(ui.direction(change), better) == verdict


def test_an_icon_is_decoration_unless_it_has_a_label():
    assert shown("{% icon 'search' %}") == (
        '<svg class="ff-icon" aria-hidden="true"><use href="/static/ui/vendor/icons.svg#search"/></svg>'
    )
    assert 'role="img" aria-label="Private"' in shown("{% icon 'lock' label='Private' %}")


def test_an_icon_outside_the_sprite_is_refused_with_the_way_to_add_it():
    with pytest.raises(ValueError, match=r"fourfold/ui/icons\.py"):
        shown("{% icon 'unicorn' %}")
