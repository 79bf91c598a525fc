"""What cells about jobs and placements are taken for, whatever stands in them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from fourfold.integrations.rules import vacancies as read
from fourfold.integrations.rules.cells import Cells
from fourfold.integrations.types import FileKind, Settings
from fourfold.jobs.types import CloseReason, Ended, JobKind, JobStatus, PayPer, PlacementState, SplitRole, Stage
from fourfold.people.types import JobLeadState

TODAY = date(2026, 3, 2)
READER = Cells(FileKind.RECORDS, {}, Settings(dates="mdy"), datetime(2026, 3, 2, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("status", "is_open", "closed", "found", "known"),
    [
        ("Accepting Candidates", "TRUE", True, JobStatus.OPEN, True),  # the flag weighs more than an old day
        ("Accepting Candidates", "FALSE", False, JobStatus.CLOSED, True),
        ("Filled", "FALSE", True, JobStatus.FILLED, True),
        ("Hold", "1", False, JobStatus.ON_HOLD, True),
        ("Our own state", "", False, JobStatus.OPEN, False),
        ("Our own state", "", True, JobStatus.CLOSED, False),
        ("", "0", False, JobStatus.CLOSED, True),
    ],
)
def test_where_a_job_is(status: str, is_open: str, closed: bool, found: JobStatus, known: bool) -> None:
    assert read.job_status(status, is_open=is_open, closed=closed) == read.Read(found, known)


@pytest.mark.parametrize(
    ("status", "stage", "ended", "known"),
    [
        ("Client Submission", Stage.SUBMITTED, None, True),
        ("INTERVIEW SCHEDULED", Stage.INTERVIEW, None, True),
        ("Client Rejected", Stage.SUBMITTED, Ended.CLIENT_SAID_NO, True),
        ("Offer Rejected", Stage.OFFER, Ended.DECLINED_OFFER, True),
        ("Candidate Withdrew", Stage.APPLIED, Ended.WITHDREW, True),
        ("Placed", Stage.PLACED, None, True),
        ("Zzz", Stage.SOURCED, None, False),
        ("", Stage.SOURCED, None, True),
    ],
)
def test_how_far_somebody_is(status: str, stage: Stage, ended: Ended | None, known: bool) -> None:
    assert read.progress(status, came_themselves=False) == read.Read((stage, ended), known)
    if stage is Stage.SOURCED:
        assert read.progress(status, came_themselves=True).value == (Stage.APPLIED, None)


def test_amounts_and_shares() -> None:
    texts = ["70000", "£70,000.00", " 70 000 ", "", "0", "-5", "lots", "NaN", "1e400"]
    assert [read.minor(text, "GBP") for text in texts] == [7_000_000] * 3 + [None] * 6
    assert [read.share_hundredths(text) for text in ("20", "20%", "0.2", "17.5", "100", "0", "x")] == [
        2_000, 2_000, 2_000, 1_750, None, None, None,
    ]  # fmt: skip
    assert read.pay_range({"pay_from": "60000", "pay_to": "50000"}, JobKind.PERMANENT, "GBP") == (5_000_000, 6_000_000)
    assert read.pay_range({"salary": "60000"}, JobKind.PERMANENT, "GBP") == (6_000_000, 6_000_000)
    assert read.fee({"fee": "20"}, pay_minor=5_000_000, currency="GBP") == (1_000_000, 2_000)
    assert read.fee({"fee": "20", "flat_fee": "8000"}, pay_minor=5_000_000, currency="GBP") == (800_000, None)
    assert (read.per("Per Day", JobKind.CONTRACT), read.per("Per Hour", JobKind.PERMANENT)) == (PayPer.DAY, PayPer.YEAR)
    assert read.close_reason("Lost to Competitor") is CloseReason.FILLED_ELSEWHERE
    assert read.lead_state("Qualified", is_open="FALSE").value is JobLeadState.DROPPED


@pytest.mark.parametrize(
    ("cells", "kind", "state", "left"),
    [
        ({"started_on": "1/5/2026", "status": "Approved"}, JobKind.PERMANENT, PlacementState.STARTED, None),
        ({"started_on": "4/5/2026", "status": "Approved"}, JobKind.PERMANENT, PlacementState.ACCEPTED, None),
        ({"started_on": "1/5/2024", "status": "Completed"}, JobKind.PERMANENT, PlacementState.STARTED, None),
        ({"started_on": "1/5/2024", "ended_on": "6/1/2024", "status": "Terminated"}, JobKind.PERMANENT,
         PlacementState.LEFT, date(2024, 6, 1)),
        ({"started_on": "1/5/2024", "ended_on": "6/1/2024"}, JobKind.CONTRACT, PlacementState.LEFT, date(2024, 6, 1)),
        ({"started_on": "1/5/2024", "ended_on": "6/1/2023"}, JobKind.CONTRACT, PlacementState.STARTED, None),
        ({"started_on": "4/5/2026", "status": "Fell Through"}, JobKind.CONTRACT, PlacementState.FELL_THROUGH,
         date(2026, 4, 5)),
    ],
)  # fmt: skip
def test_the_course_of_a_placement(
    cells: dict[str, str], kind: JobKind, state: PlacementState, left: date | None
) -> None:
    found = read.placing(READER, cells, kind, today=TODAY)
    assert found is not None
    assert (found.state, found.left_on, found.known) == (state, left, True)


def test_a_placement_without_a_day_is_none_and_an_assignment_needs_days_and_rates() -> None:
    assert read.placing(READER, {"started_on": "13/32/2026"}, JobKind.PERMANENT, today=TODAY) is None
    start = date(2026, 1, 5)
    rates = {"pay_rate": "400", "charge_rate": "520", "pay_unit": "Per Day"}
    found = read.assignment(READER, {**rates, "weeks": "10", "paid_how": "Umbrella"}, JobKind.CONTRACT, "GBP", start)
    assert found is not None
    assert (found.ends_on, found.units_a_week_hundredths, found.paid_via.value) == (date(2026, 3, 16), 500, "umbrella")
    for lacks in (rates, {**rates, "weeks": "10", "charge_rate": "300"}, {"weeks": "10"}):
        assert read.assignment(READER, lacks, JobKind.CONTRACT, "GBP", start) is None


def test_a_split_is_whole_and_among_colleagues_or_nothing() -> None:
    lena, tom = uuid4(), uuid4()
    known = {"lena hart": str(lena), "tom ash": str(tom)}
    found = read.split("Lena Hart (Sales): 60%; Tom Ash 40%", known)
    assert [(one.user_key, one.role, one.percent_hundredths) for one in found] == [
        (lena, SplitRole.WON_CLIENT, 6_000), (tom, SplitRole.DELIVERED, 4_000),
    ]  # fmt: skip
    for text in ("Lena Hart 60%; Tom Ash 30%", "Lena Hart 60%; Ida Moe 40%", "60/40", ""):
        assert read.split(text, known) == ()
