"""Tables that a house brings as a file, on plain values: what is wrong with one as a whole, and what with a row."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date

import pytest

from fourfold.jobs.rules import margins, read_pay_table, tables, text_of
from fourfold.jobs.types import JobRefused, PlacingRefused

DAY = date(2026, 4, 1)
HEAD = "title,kind,country,city,currency,per,lower_quartile,median,upper_quartile,n,as_of,source\n"
ROW = {
    "title": "Welder", "kind": "contract", "country": "gb", "city": "Leeds", "currency": "GBP", "per": "day",
    "lower": "200", "median": "220", "upper": "240", "n": "40", "as_of": "2026-01-31", "source": "Survey",
}  # fmt: skip


def row(**changes: str) -> str:
    return HEAD + ",".join({**ROW, **changes}.values()) + "\n"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"a" * (tables.LARGEST + 1), "larger than 5 MB"),
        (b"\xff\xfea", "no text in UTF-8"),
        (b"a\0b", "no text in UTF-8"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(JobRefused, match=why):
        text_of(data, refused=JobRefused)


def test_the_mark_that_spreadsheets_begin_with_is_no_part_of_a_column() -> None:
    rows, left = read_pay_table(text_of(b"\xef\xbb\xbf" + row().encode(), refused=JobRefused), today=DAY)
    assert ([(one.title, one.country, one.n) for one in rows], left) == ([("Welder", "GB", 40)], [])


@pytest.fixture(params=[131_072, 2_000_000], ids=["python's own limit", "a limit raised by others"])
def cell_limit(request: pytest.FixtureRequest) -> Iterator[None]:
    """The limit of a cell is one of the whole process."""
    before = csv.field_size_limit(request.param)
    yield
    csv.field_size_limit(before)


@pytest.mark.usefixtures("cell_limit")
def test_a_cell_that_never_ends_is_said_and_breaks_nothing() -> None:
    endless = '"' + "x" * 200_000
    with pytest.raises(JobRefused, match="has no end"):
        read_pay_table(HEAD + endless, today=DAY)
    with pytest.raises(PlacingRefused, match="has no end"):
        margins.read("placement,week_ending,margin\n" + endless, placements={}, today=DAY)
    with pytest.raises(JobRefused, match="has no end"):
        read_pay_table(endless, today=DAY)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"title": "x" * 121}, "title is longer than 120"),
        ({"city": "x" * 81}, "city is longer than 80"),
        ({"country": "Germany"}, "not two letters"),
        ({"n": "9" * 12}, "not a number of people"),
        ({"n": "some"}, "not a number of people"),
        ({"median": "9" * 20}, "larger than any fee"),
        ({"currency": "POUNDS"}, ""),
        ({"as_of": "2027-01-01"}, "still to come"),
    ],
)
def test_a_row_that_cannot_be_taken_is_kept_whole(changes: dict[str, str], why: str) -> None:
    rows, [left] = read_pay_table(row(**changes), today=DAY)
    assert rows == []
    assert why in left.why
    assert left.why
    assert left.cells == tuple({**ROW, **changes}.values())
