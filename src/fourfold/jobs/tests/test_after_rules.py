"""After the offer, on plain values: fees, splits, rebates, papers, plans, weeks towards equal pay, files of margins."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourfold.jobs.rules import awr, checks, fees, margins, plans, rebates, splits
from fourfold.jobs.types import (
    Awr,
    CheckKindRow,
    CheckState,
    Fee,
    JobKind,
    MarginRow,
    Paper,
    PayPer,
    PlacingRefused,
    SplitPart,
    SplitRole,
)

DAY = date(2026, 3, 2)
ANA, BEN = UUID(int=1), UUID(int=2)
WEEK = timedelta(weeks=1)


@pytest.mark.parametrize(
    ("change", "minor", "hundredths"),
    [
        ({}, 1_000_000, 2_000),  # the bands
        ({"fee_hundredths": 1_550}, 775_000, 1_550),
        ({"retained": [300_000, 600_000], "fee_hundredths": 1_550}, 900_000, None),
        ({"fee_minor": 400_000, "retained": [1], "fee_hundredths": 1}, 400_000, None),  # the strongest
        ({"per": PayPer.DAY, "fee_hundredths": 1_550}, None, None),  # no first-year pay is guessed
        ({"pay_minor": None}, None, None),
        ({"from_bands": lambda pay: None}, None, None),
    ],
)
def test_the_fee_and_where_it_comes_from(change: dict[str, object], minor: int | None, hundredths: int | None) -> None:
    given_: dict[str, object] = {
        "pay_minor": 5_000_000, "per": PayPer.YEAR, "fee_minor": None, "fee_hundredths": None, "retained": [],
        "from_bands": lambda pay: pay // 5,
    }  # fmt: skip
    found = fees.fee(**{**given_, **change})  # type: ignore[arg-type]
    assert (found.minor, found.hundredths) == (minor, hundredths)
    assert bool(found.why) is (found != Fee(None, None, ""))


def test_a_week_of_margin_is_rounded_half_up() -> None:
    assert fees.week_margin(pay_minor=40_000, charge_minor=50_000, units_hundredths=450) == 45_000
    assert fees.week_margin(pay_minor=0, charge_minor=1, units_hundredths=50) == 1


@given(st.integers(-(10**10), 10**10), st.lists(st.integers(1, 500), min_size=1, max_size=6))
def test_parts_add_up_whatever_the_sum(amount: int, weights: list[int]) -> None:
    shares = [weight * 10_000 // sum(weights) for weight in weights]
    shares[0] += 10_000 - sum(shares)
    parts = splits.share_out(amount, shares)
    assert sum(parts) == amount
    assert all(abs(part - amount * share / 10_000) < 1 for part, share in zip(parts, shares, strict=True))


def test_a_split_is_all_of_it() -> None:
    def part(who: UUID, role: SplitRole, share: int) -> SplitPart:
        return SplitPart(who, role, share)

    fair = [part(ANA, SplitRole.FOUND, 3_334), part(BEN, SplitRole.FOUND, 3_333), part(ANA, SplitRole.TOOK_JOB, 3_333)]
    assert splits.checked(fair) == tuple(fair)
    for wrong in (
        fair[:2],
        [*fair, part(BEN, SplitRole.DELIVERED, 1)],
        [part(ANA, SplitRole.FOUND, 5_000), part(ANA, SplitRole.FOUND, 5_000)],
        [part(ANA, SplitRole.FOUND, 10_001), part(BEN, SplitRole.FOUND, -1)],
        [],
    ):
        with pytest.raises(PlacingRefused):
            splits.checked(wrong)
    first = splits.proposed([(SplitRole.WON_CLIENT, None), (SplitRole.TOOK_JOB, ANA), (SplitRole.FOUND, BEN),
                             (SplitRole.DELIVERED, BEN)])  # fmt: skip
    assert [one.percent_hundredths for one in first] == [3_334, 3_333, 3_333]
    assert splits.proposed([(SplitRole.FOUND, None)]) == ()


def test_a_rebate_holds_to_the_last_day_of_its_step() -> None:
    scale = [(8, 5_000), (4, 10_000)]

    def back(days: int) -> int:
        return rebates.rebate(scale, fee_minor=1_000_001, started=DAY, left=DAY + timedelta(days=days))

    assert [back(days) for days in (0, 28, 29, 56, 57)] == [1_000_001, 1_000_001, 500_001, 500_001, 0]
    assert rebates.guarantee_ends(scale, started=DAY) == DAY + timedelta(days=56)
    assert rebates.guarantee_ends(scale, started=None) is None
    assert rebates.guarantee_ends([], started=DAY) is None


def test_a_stay_is_reached_on_its_day() -> None:
    on = [DAY + timedelta(days=days) for days in (89, 90, 180, 364, 365, 900)]
    assert [rebates.stayed(started=DAY, left=None, on=day) for day in on] == [0, 90, 180, 180, 365, 365]
    assert rebates.stayed(started=DAY, left=on[1], on=on[-1]) == 90


def paper(state: CheckState, *, holds: bool = True) -> Paper:
    return Paper(CheckKindRow(uuid4(), JobKind.TEMPORARY, "DBS check", holds, expires=True), state)


def test_a_paper_on_its_last_day_still_counts() -> None:
    def state(expires: date | None, *, seen: bool = True, waived: bool = False) -> CheckState:
        return checks.state_of(seen=seen, waived=waived, expires_on=expires, on=DAY)

    assert state(DAY) is CheckState.SEEN
    assert state(DAY - timedelta(days=1)) is CheckState.EXPIRED
    assert state(None) is CheckState.SEEN
    assert state(None, seen=False) is CheckState.MISSING
    assert state(DAY - timedelta(days=1), waived=True) is CheckState.WAIVED
    days = (30, 31, 0, -1)
    ends = [DAY + timedelta(days=n) for n in days]
    assert [checks.is_expiring(state(end), end, on=DAY) for end in ends] == [True, False, True, False]


def test_open_papers_hold_a_temporary_start_and_warn_for_the_others() -> None:
    papers = [paper(CheckState.MISSING), paper(CheckState.EXPIRED), paper(CheckState.SEEN), paper(CheckState.WAIVED),
              paper(CheckState.MISSING, holds=False)]  # fmt: skip
    temporary = checks.standing(papers, kind=JobKind.TEMPORARY)
    assert (temporary.holding, temporary.warning) == (tuple(papers[:2]), (papers[4],))
    permanent = checks.standing(papers, kind=JobKind.PERMANENT)
    assert (permanent.holding, len(permanent.warning)) == ((), 3)


def test_a_plan_until_the_guarantee_ends() -> None:
    def plan(start: date | None, ends: date | None = None) -> dict[str, date]:
        return plans.plan(accepted_on=DAY, start_on=start, guarantee_ends_on=ends)

    start = DAY + 5 * WEEK
    assert plan(None) == {"counter-offer": DAY + timedelta(days=1), "resigned": DAY + timedelta(days=2)}
    assert plan(start, start + 8 * WEEK) == {
        **plan(None), "keep-warm-1": DAY + 2 * WEEK, "keep-warm-2": DAY + 4 * WEEK, "day-1": start,
        "week-1": start + WEEK, "month-1": start + timedelta(days=30), "guarantee": start + 6 * WEEK,
    }  # fmt: skip
    begun = plans.plan(accepted_on=DAY, start_on=start, guarantee_ends_on=None, started=True)
    assert set(begun) == {"day-1", "week-1", "month-1"}  # what was before has no use any more
    assert "keep-warm-1" not in plan(DAY + 2 * WEEK)  # the first day is a word of its own
    assert sum("keep-warm" in what for what in plan(DAY + 400 * WEEK)) == plans.MOST_CALLS
    assert {plans.step_of(what) for what in plan(start)} >= {plans.PlanStep.KEEP_WARM, plans.PlanStep.DAY_ONE}


def span(from_week: int, weeks: int) -> tuple[date, date]:
    first = DAY + from_week * WEEK
    return first, first + weeks * WEEK - timedelta(days=1)


@pytest.mark.parametrize(
    ("spans", "before", "on_week", "expected"),
    [
        ([span(0, 20)], 0, 5, Awr(6, DAY + 12 * WEEK, qualified=False)),
        ([span(0, 20)], 0, 12, Awr(13, DAY + 12 * WEEK, qualified=True)),
        ([span(0, 12)], 0, 30, Awr(12, None, qualified=False)),  # the work ended with the twelfth week
        ([span(0, 6), span(12, 8)], 0, 30, Awr(14, DAY + 18 * WEEK, qualified=True)),  # six weeks pause the count
        ([span(0, 6), span(13, 8)], 0, 30, Awr(8, None, qualified=False)),  # seven begin it again
        ([span(0, 6), span(13, 8)], 5, 30, Awr(8, None, qualified=False)),  # also what came before
        ([span(0, 4)], 10, 1, Awr(12, DAY + 2 * WEEK, qualified=False)),
        ([span(0, 4)], 12, 0, Awr(13, DAY, qualified=True)),
        ([span(0, 8), span(6, 8)], 0, 30, Awr(14, DAY + 12 * WEEK, qualified=True)),  # two at once count once
        ([(DAY, DAY)], 0, 9, Awr(1, None, qualified=False)),  # a week counts as soon as any of it is worked
        ([], 3, 9, Awr(3, None, qualified=False)),
    ],
)
def test_equal_pay_is_due_after_twelve_weeks(
    spans: list[tuple[date, date]], before: int, on_week: int, expected: Awr
) -> None:
    assert awr.standing(spans, on=DAY + on_week * WEEK, before=before) == expected


PLACED = uuid4()
KNOWN = {str(PLACED): (PLACED, "GBP", DAY, DAY + 10 * WEEK), "b-17": (PLACED, "GBP", DAY, DAY + 10 * WEEK)}


def test_a_file_of_margins_row_by_row() -> None:
    text = (
        "\ufeffPlacement,person,Week_Ending,units,margin\n"
        f'{PLACED},Jane,2026-03-08,37.5,"1,250.00"\n'
        f"{PLACED},Jane,2026-03-08,37.5,1250\n"
        "B-17,Jane,2026-03-15,,-80.50\n"
        f"{PLACED},Jane,,,\n"
        f"{uuid4()},Joe,2026-03-08,40,10\n"
        f"{PLACED},Jane,8 March,40,10\n"
        f"{PLACED},Jane,2026-03-22,40,=1+1\n"
        f"{PLACED},Jane,2026-03-22,200,10\n"
        f"{PLACED},Jane,2027-03-22,40,10\n"
        f"{PLACED},Jane,2026-02-22,40,10\n"
    )
    rows, rejected = margins.read(text, placements=KNOWN, today=date(2026, 4, 1))
    assert rows == [
        MarginRow(2, PLACED, date(2026, 3, 8), 3_750, 125_000, "GBP"),
        MarginRow(4, PLACED, date(2026, 3, 15), None, -8_050, "GBP"),
    ]
    assert [one.number for one in rejected] == [3, 6, 7, 8, 9, 10, 11]
    assert [one.why.split()[0] for one in rejected] == ["this", "no", "week_ending", "“=1+1”", "units", "the", "the"]
    assert all("Jane" not in cell for one in rejected for cell in one.cells)  # only our own columns are kept


@pytest.mark.parametrize("text", ["", "name,sum\nJane,10\n", "placement,week_ending,margin\n" + "x,y,z\n" * 20_001])
def test_what_is_no_file_of_margins_is_said(text: str) -> None:
    with pytest.raises(PlacingRefused):
        margins.read(text, placements=KNOWN, today=DAY)
