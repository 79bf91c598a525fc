"""Which header is which column, and what a row says: strictly, with the reason in words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourfold.integrations import rules
from fourfold.integrations.rules import BadRowError, Reader
from fourfold.integrations.types import COLUMNS, FileKind, Settings
from fourfold.ledger.types import Channel

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
GOOD: dict[FileKind, dict[str, str]] = {
    FileKind.TOUCHES: {"person_key": "jane@example.com", "occurred_at": "2026-02-01", "channel": "email"},
    FileKind.OUTCOMES: {
        "outcome": "P1", "occurred_at": "2026-02-01", "outcome_kind": "cash", "value": "100",
        "person_key": "j@x.example",
    },
    FileKind.SPEND: {"from_date": "2026-02-01", "channel": "email", "amount": "100"},
}  # fmt: skip


def reader(kind: FileKind, **given: Any) -> Reader:
    names = [column.name for column in COLUMNS[kind]]
    return Reader(kind, dict(zip(names, names, strict=True)), Settings(**given), NOON)


def read(kind: FileKind, **cells: str) -> dict[str, Any]:
    return reader(kind).read(2, {**GOOD[kind], **cells})


def test_a_touch() -> None:
    found = read(
        FileKind.TOUCHES, name=" Jane Doe ", direction="IN", action="click", campaign="Spring", machine="yes",
        organisation="Acme", asset="guide.pdf", fact_id="T1", occurred_at="2026-02-01T09:30", desk="",
    )  # fmt: skip
    assert found == {
        "person": "jane@example.com",
        "name": "Jane Doe",
        "organisation": "Acme",
        "occurred_at": "2026-02-01T09:30:00+00:00",
        "channel": "email",
        "direction": "in",
        "action": "click",
        "campaign": "Spring",
        "asset": "guide.pdf",
        "machine": True,
        "ref": "T1",
    }


def test_an_outcome() -> None:
    assert read(FileKind.OUTCOMES, engagement="Perm", currency="eur", value="1,234.50", placement="X") == {
        "person": "j@x.example",
        "side": "candidate",
        "occurred_at": "2026-02-01T23:59:59+00:00",
        "outcome_kind": "cash",
        "basis": "accepted",
        "value_minor": 123_450,
        "currency": "EUR",
        "engagement": "permanent",
        "placement": "X",
        "ref": "P1",
    }


def test_an_outcome_without_money_has_no_basis_and_no_currency() -> None:
    found = read(FileKind.OUTCOMES, outcome_kind="Client", value="", basis="paid", person_key="")
    assert found == {
        "side": "client", "occurred_at": "2026-02-01T23:59:59+00:00", "outcome_kind": "client", "ref": "P1",
    }  # fmt: skip


def test_an_outcome_without_a_kind_is_cash() -> None:
    assert read(FileKind.OUTCOMES, outcome_kind="")["outcome_kind"] == "cash"


def test_spend() -> None:
    assert read(FileKind.SPEND, to_date="2026-02-10", amount_minor="99", decided_by="Milo", fact_id="I1") == {
        "from_date": "2026-02-01",
        "to_date": "2026-02-10",
        "channel": "email",
        "amount_minor": 99,
        "currency": "GBP",
        "decided_by": "Milo",
        "ref": "I1",
    }


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-02-01", "2026-02-01T00:00:00+00:00"),
        ("2025-07-01", "2025-06-30T23:00:00+00:00"),  # the house's wall clock, in summer
        ("2025-07-01 14:05", "2025-07-01T13:05:00+00:00"),
        ("2025-07-01T14:05:09.5", "2025-07-01T13:05:09.500000+00:00"),
        ("2025-07-01T14:05Z", "2025-07-01T14:05:00+00:00"),
        ("2025-07-01 14:05 Z", "2025-07-01T14:05:00+00:00"),
        ("2025-07-01 14:05 +02:00", "2025-07-01T12:05:00+00:00"),
        ("2025-07-01T14:05-0500", "2025-07-01T19:05:00+00:00"),
        ("2026-03-03T11:59", "2026-03-03T11:59:00+00:00"),  # a day ahead at the most: clocks differ
        ("1990-01-01", "1990-01-01T00:00:00+00:00"),
    ],
)
def test_moments(text: str, moment: str) -> None:
    assert read(FileKind.TOUCHES, occurred_at=text)["occurred_at"] == moment


def test_moments_without_a_zone_are_in_the_files_zone() -> None:
    found = reader(FileKind.TOUCHES, zone="Asia/Tokyo").read(2, GOOD[FileKind.TOUCHES])
    assert found["occurred_at"] == "2026-01-31T15:00:00+00:00"


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2026-02", "", ("2026-02-01", "2026-02-28")),
        ("2024-02", "", ("2024-02-01", "2024-02-29")),
        ("2026-02-10", "", ("2026-02-10", "2026-02-28")),
        ("2026-01", "2026-03", ("2026-01-01", "2026-03-31")),
        ("2026-01-15", "2026-01-15", ("2026-01-15", "2026-01-15")),
        ("2026-01-15T10:00", "2026-12-31", ("2026-01-15", "2026-12-31")),
    ],
)
def test_days_of_spend(first: str, last: str, days: tuple[str, str]) -> None:
    found = read(FileKind.SPEND, from_date=first, to_date=last)
    assert (found["from_date"], found["to_date"]) == days


BAD = [
    # dates
    (FileKind.TOUCHES, {"occurred_at": ""}, "occurred_at is empty."),
    (FileKind.TOUCHES, {"occurred_at": "01/02/2026"}, "“01/02/2026” is not a date like 2026-03-31"),
    (FileKind.TOUCHES, {"occurred_at": "2026-02-30"}, "“2026-02-30” is no day of the calendar."),
    (FileKind.TOUCHES, {"occurred_at": "2026-02-01T25:00"}, "is no day of the calendar."),
    (FileKind.TOUCHES, {"occurred_at": "46054"}, "“46054” is not a date"),
    (FileKind.TOUCHES, {"occurred_at": "yesterday"}, "“yesterday” is not a date"),
    (FileKind.TOUCHES, {"occurred_at": "2026-02"}, "“2026-02” is not a date"),
    (FileKind.TOUCHES, {"occurred_at": "2026-03-04"}, "“2026-03-04” is in the future."),
    (FileKind.TOUCHES, {"occurred_at": "1989-12-31"}, "“1989-12-31” is before 1990."),
    (FileKind.OUTCOMES, {"occurred_at": "2062-02-01"}, "“2062-02-01” is in the future."),
    (FileKind.SPEND, {"from_date": "2026-13"}, "is not a day like 2026-03-31 or a month like 2026-03."),
    (FileKind.SPEND, {"from_date": "2026"}, "“2026” is not a day"),
    (FileKind.SPEND, {"from_date": "2026-02-02", "to_date": "2026-02-01"}, "to_date “2026-02-01” is before from_date"),
    (FileKind.SPEND, {"from_date": "2026-02", "to_date": "2026-01"}, "to_date “2026-01” is before from_date “2026-02"),
    (FileKind.SPEND, {"to_date": "soon"}, "to_date “soon” is not a day"),
    (FileKind.SPEND, {"from_date": "0026-02-01"}, "from_date “0026-02-01” is not a day"),
    # money
    (FileKind.SPEND, {"amount": ""}, "amount is empty: spend needs an amount."),
    (FileKind.SPEND, {"amount": "$100"}, "amount “$100” has the sign $, but its currency is GBP."),
    (FileKind.SPEND, {"amount": "100 GBP"}, "“100 GBP” was not read as an amount."),
    (FileKind.SPEND, {"amount": "1 000"}, "“1 000” was not read as an amount."),
    (FileKind.SPEND, {"amount": "1.000,50"}, "“1.000,50” was not read as an amount."),
    (FileKind.SPEND, {"amount": "12,34"}, "“12,34” was not read as an amount."),
    (FileKind.SPEND, {"amount": "(100)"}, "“(100)” was not read as an amount."),
    (FileKind.SPEND, {"amount": "1e3"}, "“1e3” was not read as an amount."),
    (FileKind.SPEND, {"amount": "=1+1"}, "“=1+1” was not read as an amount."),
    (FileKind.SPEND, {"amount": "nan"}, "“nan” was not read as an amount."),
    (FileKind.SPEND, {"amount": "1.005"}, "GBP has 2 digits after the point."),
    (FileKind.SPEND, {"amount": "1.5", "currency": "JPY"}, "JPY has 0 digits after the point."),
    (FileKind.SPEND, {"amount": "9" * 16}, "It is larger than any fee."),
    (FileKind.SPEND, {"amount": "9" * 40}, "was not read as an amount."),
    (FileKind.SPEND, {"amount_minor": "1.5"}, "amount_minor “1.5” is not a whole number."),
    (FileKind.SPEND, {"amount_minor": "1" * 16}, "is not a whole number."),
    (FileKind.SPEND, {"currency": "POUND"}, "“POUND” was not read as a currency."),
    (FileKind.OUTCOMES, {"value": ""}, "value is empty: cash needs an amount."),
    (FileKind.OUTCOMES, {"value": "€5"}, "value “€5” has the sign €, but its currency is GBP."),
    # words
    (FileKind.TOUCHES, {"person_key": " "}, "person_key is empty."),
    (FileKind.TOUCHES, {"channel": ""}, "channel is empty."),
    (FileKind.TOUCHES, {"direction": "both"}, "direction “both” is neither in nor out."),
    (FileKind.TOUCHES, {"machine": "maybe"}, "machine “maybe” is neither yes nor no."),
    (FileKind.OUTCOMES, {"outcome": ""}, "outcome is empty."),
    (FileKind.OUTCOMES, {"outcome_kind": "placement"}, "“placement” is none of candidate, client, colleague, cash."),
    (FileKind.OUTCOMES, {"side": "house"}, "side “house” is none of"),
    (FileKind.OUTCOMES, {"basis": "hoped"}, "basis “hoped” is none of accepted, invoiced, paid."),
    (FileKind.OUTCOMES, {"engagement": "casual"}, "engagement “casual” is none of permanent, contract, retained."),
    # too long, and what no database holds
    (FileKind.TOUCHES, {"person_key": "x" * 201}, "person_key has 201 characters; at most 200 are kept."),
    (FileKind.TOUCHES, {"name": "x" * 121}, "name has 121 characters; at most 120 are kept."),
    (FileKind.TOUCHES, {"organisation": "x" * 121}, "organisation has 121 characters"),
    (FileKind.TOUCHES, {"action": "x" * 41}, "action has 41 characters; at most 40 are kept."),
    (FileKind.TOUCHES, {"campaign": "x" * 121}, "campaign has 121 characters; at most 120 are kept."),
    (FileKind.TOUCHES, {"team": "x" * 81}, "team has 81 characters; at most 80 are kept."),
    (FileKind.TOUCHES, {"fact_id": "x" * 201}, "its id is longer than 200 characters."),
    (FileKind.OUTCOMES, {"person_key": "x" * 201}, "person_key has 201 characters"),
    (FileKind.SPEND, {"stream": "x" * 21}, "stream has 21 characters; at most 20 are kept."),
    (FileKind.TOUCHES, {"person_key": "jane\0@example.com"}, "person_key holds a NUL character."),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "cells", "why"), BAD, ids=lambda value: str(value)[:40])
def test_a_bad_row_says_why(kind: FileKind, cells: dict[str, str], why: str) -> None:
    with pytest.raises(BadRowError) as caught:
        read(kind, **cells)
    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("text", "minor"),
    [("-12.50", -1250), ("+1", 100), ("1,234,567.8", 123_456_780), (" 0 ", 0), ("12400.0", 1_240_000)],
)
def test_amounts(text: str, minor: int) -> None:
    assert read(FileKind.OUTCOMES, value=text)["value_minor"] == minor  # rebates are negative
    assert read(FileKind.SPEND, amount=text)["amount_minor"] == minor


def test_minor_units_win_over_major_ones() -> None:
    assert read(FileKind.SPEND, amount="£5", amount_minor="-7")["amount_minor"] == -7


@pytest.mark.parametrize(
    ("text", "kind"),
    [("Perm", "permanent"), ("Full-time", "permanent"), ("CONTRACTOR", "contract"), ("Temp", "contract"),
     ("Executive search", "retained"), ("", None)],
)  # fmt: skip
def test_engagements(text: str, kind: str | None) -> None:
    assert read(FileKind.OUTCOMES, engagement=text).get("engagement") == kind


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("E-Mail", "email"), ("Newsletter", "email"), ("Call", "phone"), ("WhatsApp", "sms"), ("InMail", "linkedin"),
        ("LinkedIn Ads", "linkedin"), ("Facebook", "social"), ("Career fair", "event"), ("Job Board", "job_board"),
        ("Indeed", "job_board"), ("Refer-a-friend", "referral"), ("Google Ads", "web"), ("Face to face", "in_person"),
        ("job_board", "job_board"),
    ],
)  # fmt: skip
def test_channels_by_the_names_people_use(text: str, channel: str) -> None:
    found = read(FileKind.TOUCHES, channel=text)
    assert (found["channel"], found.get("asset")) == (channel, None)


def test_no_name_stands_for_two_channels() -> None:
    names = [name for texts in rules.CHANNEL_NAMES.values() for name in texts.split()]
    assert len(names) == len(set(names) - {channel.value for channel in Channel})


def test_an_unknown_channel_is_kept_as_other_with_its_name() -> None:
    touches = reader(FileKind.TOUCHES)
    for number, asset in ((2, ""), (3, "poster.pdf"), (4, "")):
        found = touches.read(number, {**GOOD[FileKind.TOUCHES], "channel": "Bus shelter", "asset": asset})
        assert found["channel"] == "other"
        assert found["asset"] == (asset or "Bus shelter")
    assert rules.warnings_of(touches) == [
        "Channels we don't know are kept as “other”, with their name: Bus shelter (3)."
    ]
    spend = read(FileKind.SPEND, channel="Bus shelter")
    assert (spend["channel"], spend["budget_line"]) == ("other", "Bus shelter")
    assert read(FileKind.SPEND, channel="Bus shelter", budget_line="Posters")["budget_line"] == "Posters"


def test_foreign_money_is_told() -> None:
    spend = reader(FileKind.SPEND)
    for number, currency in enumerate(("EUR", "EUR", "GBP", "USD"), start=2):
        spend.read(number, {**GOOD[FileKind.SPEND], "currency": currency, "fact_id": str(number)})
    (warning,) = rules.warnings_of(spend)
    assert warning.startswith("Not in GBP: EUR (2 rows), USD (1 rows).")
    assert rules.warnings_of(reader(FileKind.SPEND)) == []


def test_the_same_row_twice_is_two_and_has_the_same_references_next_time() -> None:
    first, second = reader(FileKind.TOUCHES), reader(FileKind.TOUCHES)
    refs = [first.read(number, GOOD[FileKind.TOUCHES])["ref"] for number in (2, 3)]
    other = first.read(4, {**GOOD[FileKind.TOUCHES], "channel": "sms"})["ref"]
    assert len({*refs, other}) == 3
    assert second.read(2, {**GOOD[FileKind.TOUCHES], "channel": "sms"})["ref"] == other  # order is no matter
    assert [second.read(number, GOOD[FileKind.TOUCHES])["ref"] for number in (3, 4)] == refs


def test_one_id_with_two_contents_is_a_fault_of_the_file() -> None:
    touches = reader(FileKind.TOUCHES)
    row = {**GOOD[FileKind.TOUCHES], "fact_id": "T1"}
    assert touches.read(2, row)["ref"] == touches.read(3, row)["ref"] == "T1"
    with pytest.raises(BadRowError, match="it has the same id as row 2, “T1”, but says something else"):
        touches.read(4, {**row, "channel": "sms"})
    assert touches.read(5, row)["ref"] == "T1"


def test_an_outcome_may_concern_several_people_and_stands_once() -> None:
    outcomes = reader(FileKind.OUTCOMES)
    row = GOOD[FileKind.OUTCOMES]
    both = [
        outcomes.read(2, row),
        outcomes.read(3, {**row, "person_key": "c@x.example", "side": "client", "name": "C"}),
    ]
    assert [one["ref"] for one in both] == ["P1", "P1"]
    for change in ({"value": "101"}, {"organisation": "Acme"}, {"occurred_at": "2026-02-02"}):
        with pytest.raises(BadRowError, match="the same id as row 2"):
            outcomes.read(4, {**row, **change})


def test_a_checked_row_can_be_written_back_under_its_headers() -> None:
    mapping = {"outcome": "Ref", "person_key": "Email", "value": "Fee", "currency": "Ccy", "occurred_at": "On"}
    outcomes = Reader(FileKind.OUTCOMES, mapping, Settings(), NOON)
    row = {"Ref": "P1", "Email": "j@x.example", "Fee": "1,234.50", "Ccy": "GBP", "On": "2026-02-01"}
    cells = rules.as_cells(mapping, outcomes.read(2, row))
    assert cells == {**row, "Fee": "1234.50", "On": "2026-02-01T23:59:59+00:00"}
    again = Reader(FileKind.OUTCOMES, mapping, Settings(), NOON).read(2, cells)
    assert again == outcomes.read(3, row)


# Headers


@pytest.mark.parametrize(
    ("kind", "header", "found"),
    [
        (
            FileKind.TOUCHES,  # an export of activities
            "Record ID,Activity date,Activity type,Email,First Name,Last Name,Campaign,Direction",
            {"occurred_at": "Activity date", "channel": "Activity type", "person_key": "Email",
             "campaign": "Campaign", "direction": "Direction"},
        ),
        (
            FileKind.TOUCHES,
            "person_id,timestamp,utm_medium,utm_campaign",
            {"person_key": "person_id", "occurred_at": "timestamp", "channel": "utm_medium",
             "campaign": "utm_campaign"},
        ),
        (
            FileKind.OUTCOMES,  # an export of placements
            "Placement ID,Candidate ID,Client Corporation,Start Date,Employment Type,Placement Fee,Currency,Consultant",
            {"outcome": "Placement ID", "person_key": "Candidate ID", "organisation": "Client Corporation",
             "occurred_at": "Start Date", "engagement": "Employment Type", "value": "Placement Fee",
             "currency": "Currency", "actor": "Consultant"},
        ),
        (
            FileKind.OUTCOMES,  # an export of deals
            "Deal ID,Deal Name,Close Date,Amount,Associated Company,Associated Contact,Deal owner",
            {"outcome": "Deal ID", "occurred_at": "Close Date", "value": "Amount",
             "organisation": "Associated Company", "person_key": "Associated Contact", "actor": "Deal owner"},
        ),
        (
            FileKind.SPEND,  # an accountant's list of invoices
            "Invoice No,Invoice Date,Supplier,Category,Net,VAT,Gross,Approved by",
            {"fact_id": "Invoice No", "from_date": "Invoice Date", "budget_line": "Supplier", "channel": "Category",
             "amount": "Net", "decided_by": "Approved by"},
        ),
        (FileKind.SPEND, "Period;Channel;Spend".replace(";", ","),
         {"from_date": "Period", "channel": "Channel", "amount": "Spend"}),
    ],
)  # fmt: skip
def test_headers_of_real_files_are_guessed(kind: FileKind, header: str, found: dict[str, str]) -> None:
    assert rules.guess_mapping(kind, header.split(",")) == found
    assert rules.missing_columns(kind, found) == []


@pytest.mark.parametrize("kind", list(COLUMNS))
def test_our_own_column_names_are_guessed_all(kind: FileKind) -> None:
    names = [column.name for column in COLUMNS[kind]]
    assert rules.guess_mapping(kind, names) == {name: name for name in names}


HEADERS = ["id", "date", "email", "value", "amount", "type", "channel", "ref", "period", "name", "candidate", "cost"]


@pytest.mark.parametrize("kind", list(COLUMNS))
@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(HEADERS), unique=True))
def test_no_header_serves_two_columns(kind: FileKind, header: list[str]) -> None:
    found = rules.guess_mapping(kind, header)
    assert len(set(found.values())) == len(found)
    assert set(found.values()) <= set(header)


def test_what_is_missing_is_named() -> None:
    assert rules.missing_columns(FileKind.TOUCHES, {}) == ["person_key", "occurred_at", "channel"]
    assert rules.missing_columns(FileKind.OUTCOMES, {"outcome": "x"}) == ["occurred_at"]
    assert rules.missing_columns(FileKind.SPEND, {"from_date": "x", "channel": "y"}) == ["amount"]
    assert rules.missing_columns(FileKind.SPEND, {"from_date": "x", "channel": "y", "amount_minor": "z"}) == []


def test_a_touch_of_the_same_day_comes_before_an_outcome_of_that_day() -> None:
    """Also in summer, when a British day begins at 23:00 UTC of the day before."""
    at = datetime(2026, 9, 1, tzinfo=UTC)
    moments = []
    for kind, row in (
        (FileKind.TOUCHES, {"person_key": "a@b.example", "occurred_at": "2026-07-01", "channel": "phone"}),
        (FileKind.OUTCOMES, {"outcome": "P", "occurred_at": "2026-07-01", "outcome_kind": "candidate"}),
    ):
        reader = rules.Reader(kind, {name: name for name in row}, Settings(zone="Europe/London"), at)
        moments.append(reader.read(2, row)["occurred_at"])
    assert moments == ["2026-06-30T23:00:00+00:00", "2026-07-01T22:59:59+00:00"]
