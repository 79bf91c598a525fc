"""Geometry: what is drawn where, and what is refused."""

from __future__ import annotations

import pytest

from fourfold.ui.charts import (
    PAD,
    Dot,
    Interval,
    Series,
    Share,
    Strip,
    interval_plot,
    share_bar,
    sparkline,
    strips,
    trend,
)

WORDS = {"title": "t", "desc": "d"}


def plot(*rows: Interval, reference: float | None = 0.0):
    return interval_plot(rows, value_label="ROI", reference=reference, **WORDS)


def test_an_estimate_lies_in_its_whisker_and_the_reference_in_the_plot():
    drawn = plot(Interval(label="Email", value=2.0, lower=1.0, upper=4.0))
    row = drawn.rows[0]
    assert (drawn.reference, row.x1, row.x, row.x2) == (3.0, 26.5, 50.0, 97.0)
    assert (row.text, row.range_text, row.width) == ("2.0", "1.0 – 4.0", 70.5)
    assert not row.before
    assert not row.after


def test_the_same_value_lies_at_the_same_place_in_every_row():
    drawn = plot(
        Interval(label="a", value=2.0, lower=1.0, upper=4.0), Interval(label="b", value=1.0, lower=-2.0, upper=2.0)
    )
    assert drawn.rows[0].x == drawn.rows[1].x2
    assert drawn.rows[0].x1 == drawn.rows[1].x


def test_one_endless_interval_does_not_squeeze_the_others_and_says_so():
    drawn = plot(
        Interval(label="a", value=2.0, lower=1.0, upper=3.0),
        Interval(label="b", value=1.0, lower=0.0, upper=2.0),
        Interval(label="c", value=1.5, lower=-400.0, upper=900.0),
    )
    narrow, wide = drawn.rows[0], drawn.rows[2]
    assert wide.before
    assert wide.after
    assert wide.range_text == "-400.0 – 900.0"
    assert (wide.x1, wide.x2) == (3.0, 97.0)
    assert narrow.width > 15


def test_a_single_wide_interval_is_drawn_whole():
    row = plot(Interval(label="a", value=0.1, lower=-3.0, upper=3.2)).rows[0]
    assert (row.before, row.after) == (False, False)


def test_ticks_are_round_and_inside():
    drawn = plot(Interval(label="a", value=6.1, lower=-0.7, upper=12.4))
    assert [tick.text for tick in drawn.ticks] == ["0.0", "5.0", "10.0"]
    assert all(3.0 <= tick.at <= 97.0 for tick in drawn.ticks)


def test_a_refusal_has_no_place():
    drawn = plot(Interval(label="Podcast", refusal="2 placements; it takes 5"))
    assert drawn.rows[0].refused
    assert drawn.rows[0].text == ""
    assert drawn.reference is None
    assert not drawn.anything


@pytest.mark.parametrize(
    "row",
    [
        Interval(label="bare", value=2.0),
        Interval(label="half", value=2.0, lower=1.0),
        Interval(label="outside", value=5.0, lower=1.0, upper=4.0),
    ],
)
def test_an_estimate_without_an_interval_around_it_is_refused(row):
    with pytest.raises(ValueError, match="needs an interval"):
        plot(row)


def test_equal_ends_do_not_divide_by_zero():
    row = plot(Interval(label="a", value=0.0, lower=0.0, upper=0.0)).rows[0]
    assert row.x == 50.0


def test_a_sparkline_runs_from_left_to_right_and_greatest_on_top():
    line = sparkline([1, 3, 2], title="t")
    assert line is not None
    assert line.points == "0.0,92.0 50.0,8.0 100.0,50.0"
    assert (line.x, line.y) == (100.0, 50.0)
    assert line.area == "0.0,100 0.0,92.0 50.0,8.0 100.0,50.0 100.0,100"


def test_a_flat_sparkline_lies_in_the_middle_and_one_value_is_no_line():
    flat = sparkline([4, 4], title="t")
    assert flat is not None
    assert flat.points == "0.0,50.0 100.0,50.0"
    assert sparkline([4], title="t") is None


def test_a_trend_starts_at_zero_and_an_unfinished_period_ends_early():
    now, before = Series(label="2025", values=[10, 20]), Series(label="2024", values=[5, 10, 15])
    line = trend(["Q1", "Q2", "Q3"], now, before, **WORDS)
    assert (line.now_label, line.before_label) == ("2025", "2024")
    assert line.line == "0.0,50.0 50.0,0.0"
    assert line.ghost == "0.0,75.0 50.0,50.0 100.0,25.0"
    assert line.area == "0.0,100.0 0.0,50.0 50.0,0.0 50.0,100.0"
    assert (line.x, line.y) == (50.0, 0.0)
    assert [(row.label, row.now, row.before) for row in line.rows] == [
        ("Q1", "10", "5"),
        ("Q2", "20", "10"),
        ("Q3", "–", "15"),
    ]


def test_negative_months_keep_zero_on_the_axis():
    line = trend(["a", "b"], Series(label="now", values=[-5, 5]), **WORDS)
    assert [tick.text for tick in line.y_ticks] == ["-5", "0", "5"]
    assert line.area.endswith("100.0,50.0")


def test_labels_thin_out_but_first_and_last_stay():
    labels = [f"w{i}" for i in range(53)]
    shown = [tick.text for tick in trend(labels, Series(label="now", values=[1]), **WORDS).x_ticks]
    assert (shown[0], shown[-1]) == ("w0", "w52")
    assert len(shown) <= 6


def test_more_values_than_labels_are_refused():
    with pytest.raises(ValueError, match="a label for each"):
        trend(["a"], Series(label="now", values=[1, 2]), **WORDS)


def test_shares_lie_end_to_end_and_fill_the_bar():
    bar = share_bar(
        [Share(label="a", value=1, text="1", tone="cash"), Share(label="b", value=3, text="3", tone="clients")], **WORDS
    )
    assert [(part.x, part.width, part.percent) for part in bar.parts] == [(0.0, 25.0, "25%"), (25.0, 75.0, "75%")]


def test_a_whole_of_nothing_is_empty_and_a_negative_part_refused():
    assert [part.width for part in share_bar([Share(label="a", value=0, text="0", tone="cash")], **WORDS).parts] == [
        0.0
    ]
    with pytest.raises(ValueError, match="negative"):
        share_bar([Share(label="a", value=-1, text="-1", tone="cash")], **WORDS)


def test_strips_lie_on_one_axis_from_zero_with_the_main_dot_on_top() -> None:
    plot = strips(
        [
            Strip(label="E-mail", dots=(Dot(value=0.4, text="House", main=True), Dot(value=0.2, text="Last"))),
            Strip(label="Web", dots=(Dot(value=0.1, text="Last"),)),
        ],
        title="Shares",
        desc="By method",
        read=lambda value: f"{value:.0%}",
    )
    mail, web = plot.rows
    assert [(one.dot.text, one.text) for one in mail.dots] == [("Last", "20%"), ("House", "40%")]
    assert (mail.text, mail.range_text) == ("40%", "20% – 40%")
    assert (mail.x1, mail.x2) == (50.0, 100 - PAD)
    assert (web.text, web.x1) == ("10%", web.x2)
    assert plot.ticks[0].text == "0%"


def test_a_strip_needs_a_dot() -> None:
    with pytest.raises(ValueError, match="at least one dot"):
        strips([Strip(label="E-mail", dots=())], title="", desc="")
