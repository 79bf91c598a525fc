"""Terms on plain values: fees, rebates, how they are written and read, and what stage work shows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourfold.people import rules
from fourfold.people.types import (
    Band,
    ClientRefused,
    ClientStage,
    FeeBasis,
    Rebate,
    TermsDraft,
    TermsRow,
    TermsStanding,
    TermsState,
)

PERMANENT, CONTRACT = FeeBasis.PERMANENT, FeeBasis.CONTRACT
TEXT = "up to 40,000: 20%\n40000 to 80000: 22.5%\nabove 80000: fixed"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def read(text: str, currency: str = "GBP") -> tuple[Band, ...]:
    return rules.read_bands(text, basis=PERMANENT, currency=currency)


def test_bands_are_read_as_people_write_them() -> None:
    assert read("above 80000: 30%\nup to 40,000: 20%\n\n40000 – 80000: 22.5 %") == (
        Band(PERMANENT, 0, 4_000_000, 2_000),
        Band(PERMANENT, 4_000_000, 8_000_000, 2_250),
        Band(PERMANENT, 8_000_000, None, 3_000),
    )
    assert read("fixed: 5000.50") == (Band(PERMANENT, 0, None, None, 500_050),)
    assert read("any: 25%", "JPY") == (Band(PERMANENT, 0, None, 2_500),)
    assert read("") == ()


@pytest.mark.parametrize(
    "text", ["20%", "up to x: 20%", "up to 40000:", "up to 40000: 20% or so", "40000 to 30000: 20%", "any: 101%",
             "up to 40000: 20%\n30000 to 50000: 25%", "any: 20%\nabove 10: 25%"],
)  # fmt: skip
def test_what_is_no_band_is_said(text: str) -> None:
    with pytest.raises(ClientRefused):
        read(text)


amounts = st.integers(1, 10**9)


@given(st.lists(amounts, min_size=1, max_size=4, unique=True), st.lists(st.integers(0, 10_000), min_size=5, max_size=5))
def test_a_band_in_words_is_read_back_as_it_was(cuts: list[int], shares: list[int]) -> None:
    edges = [0, *sorted(cuts)]
    bands = tuple(
        Band(PERMANENT, low, high, share) for low, high, share in zip(edges, [*edges[1:], None], shares, strict=False)
    )
    assert read("\n".join(rules.band_words(band, "GBP") for band in bands)) == bands


BANDS = (Band(PERMANENT, 0, 4_000_000, 2_000), Band(PERMANENT, 4_000_000, None, 2_500), Band(CONTRACT, 0, None, 1_800))


@pytest.mark.parametrize(
    ("basis", "pay", "fee"),
    [
        (PERMANENT, 3_999_999, 800_000),
        (PERMANENT, 4_000_000, 1_000_000),
        (CONTRACT, 100, 18),
        (FeeBasis.RETAINED, 1, None),
        (PERMANENT, 0, 0),
    ],
)
def test_the_fee_of_a_pay(basis: FeeBasis, pay: int, fee: int | None) -> None:
    assert rules.fee_minor(BANDS, basis=basis, pay_minor=pay) == fee


def test_a_fixed_fee_is_fixed() -> None:
    assert rules.fee_minor([Band(PERMANENT, 0, None, None, 7)], basis=PERMANENT, pay_minor=10**9) == 7


STEPS = (Rebate(4, 10_000), Rebate(8, 5_000))


@pytest.mark.parametrize(("days", "back"), [(0, 1_001), (28, 1_001), (29, 501), (56, 501), (57, 0)])
def test_a_rebate_counts_the_last_day_of_its_week(days: int, back: int) -> None:
    started = date(2026, 1, 5)
    assert rules.rebate_minor(STEPS, fee=1_001, started=started, left=started + timedelta(days=days)) == back


def test_rebates_are_read_and_never_grow() -> None:
    assert rules.read_rebates("8 weeks: 50%\nwithin 4 weeks: 100%") == STEPS
    assert rules.read_rebates("\n".join(map(rules.rebate_words, STEPS))) == STEPS
    for text in ("4 weeks", "four weeks: 50%", "4 weeks: 50%\n8 weeks: 100%", "4 weeks: 50%\n4 weeks: 25%"):
        with pytest.raises(ClientRefused):
            rules.read_rebates(text)


def row(state: TermsState, ends_on: date | None = None) -> TermsRow:
    draft = TermsDraft(currency="GBP", bands=BANDS, ends_on=ends_on)
    return TermsRow(uuid4(), uuid4(), "", 1, state, draft, None, None, "", None, "", "", "", NOON)


@pytest.mark.parametrize(
    ("rows", "stands"),
    [
        ([], TermsStanding.NONE),
        ([row(TermsState.DRAFT)], TermsStanding.DRAFTED),
        ([row(TermsState.SENT), row(TermsState.DRAFT)], TermsStanding.SENT),
        ([row(TermsState.ACCEPTED), row(TermsState.SENT)], TermsStanding.ACCEPTED),
        ([row(TermsState.ACCEPTED, NOON.date())], TermsStanding.ACCEPTED),
        ([row(TermsState.ACCEPTED, NOON.date() - timedelta(days=1)), row(TermsState.DRAFT)], TermsStanding.ENDED),
        ([row(TermsState.DECLINED), row(TermsState.REPLACED)], TermsStanding.NONE),
    ],
)
def test_where_we_stand(rows: list[TermsRow], stands: TermsStanding) -> None:
    assert rules.terms_standing(rows, on=NOON.date()) is stands


def ago(*months: float) -> list[datetime]:
    return [NOON - timedelta(days=n * 30.44) for n in months]


@pytest.mark.parametrize(
    ("stage", "is_client", "deals", "to"),
    [
        (None, False, [], None),
        (None, True, [], ClientStage.FIRST_JOB),
        (ClientStage.MET, False, [], ClientStage.MET),
        (ClientStage.MET, True, ago(1), ClientStage.FIRST_JOB),
        (None, True, ago(1, 5), ClientStage.REPEAT),
        (ClientStage.REPEAT, True, ago(1), ClientStage.REPEAT),
        (ClientStage.REPEAT, True, ago(25, 30), ClientStage.DORMANT),
        (ClientStage.REPEAT, True, ago(24, 30), ClientStage.REPEAT),
        (ClientStage.DORMANT, True, ago(1, 30), ClientStage.REPEAT),
        (ClientStage.DORMANT, True, ago(1), ClientStage.FIRST_JOB),
    ],
)
def test_the_stage_that_work_shows(
    stage: ClientStage | None, is_client: bool, deals: list[datetime], to: ClientStage | None
) -> None:
    assert rules.settled_stage(stage, is_client=is_client, deals=deals, at=NOON, months=24) == to
