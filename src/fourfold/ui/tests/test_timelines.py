"""Journeys on one time line: where dots, ends and months lie."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fourfold.ui.timelines import CLOSE, MOST_ROWS, PAD, ROW, Lane, Point, lanes

START = datetime(2026, 1, 10, tzinfo=UTC)


def lane(*days: float, end: float = 100) -> Lane:
    points = tuple(
        Point(at=START + timedelta(days=day), number=number, text="E-mail") for number, day in enumerate(days, start=1)
    )
    return Lane(label="Candidate", about="Ada", points=points, end=START + timedelta(days=end), end_text="submitted")


def drawn(*rows: Lane, finish: float = 100):
    at = START + timedelta(days=finish)
    return lanes(rows, finish=at, finish_text="£9,000", title="Journeys", desc="Both")


def test_the_first_touch_lies_left_and_the_outcome_right() -> None:
    plot = drawn(lane(0, 50, end=80))
    (shape,) = plot.lanes
    assert [one.x for one in shape.points] == [PAD, 50.0]
    assert (shape.x_end, plot.x_finish) == (PAD + 0.8 * (100 - 2 * PAD), 100 - PAD)
    assert {one.y for one in shape.points} == {ROW * 0.5 + 4}
    assert shape.height == ROW + 8


def test_dots_that_would_touch_go_a_row_down_and_never_lie_on_each_other() -> None:
    (shape,) = drawn(lane(0, 1, 2, 40, 41)).lanes
    assert [one.y for one in shape.points] == [ROW * (row + 0.5) + 4 for row in (0, 1, 2, 0, 1)]
    assert shape.height == 3 * ROW + 8
    for one in shape.points:
        assert not [o for o in shape.points if o is not one and o.y == one.y and abs(o.x - one.x) < CLOSE]


def test_a_crowd_stays_within_the_lane() -> None:
    (shape,) = drawn(lane(*[5] * 30)).lanes
    assert shape.height == MOST_ROWS * ROW + 8
    assert max(one.y for one in shape.points) < shape.height


def test_two_lanes_share_one_axis_and_an_empty_one_is_drawn() -> None:
    plot = drawn(lane(0), lane(end=60))
    assert plot.lanes[1].points == ()
    assert plot.lanes[1].height == ROW + 8
    assert plot.lanes[0].points[0].x == PAD


def test_months_are_marked_and_days_where_there_are_none() -> None:
    assert [tick.text for tick in drawn(lane(0)).ticks] == ["Feb 2026", "Mar 2026", "Apr 2026"]
    assert [tick.text for tick in drawn(lane(0, end=3), finish=3).ticks] == ["10 Jan", "13 Jan"]
    long = drawn(lane(0, end=900), finish=900)
    assert len(long.ticks) <= 8


def test_a_journey_of_one_moment_can_be_drawn() -> None:
    plot = drawn(lane(0, end=0), finish=0)
    assert plot.x_finish == 100 - PAD


def test_no_lane_is_no_time_line() -> None:
    with pytest.raises(ValueError, match="at least one lane"):
        drawn()
