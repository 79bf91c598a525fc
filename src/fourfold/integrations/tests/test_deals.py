"""Deal sheets: what a row says, who shares it, which weeks of contract work count, and what a first deal says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import NewUser, Role
from fourfold.base.actor import COMMAND_LINE
from fourfold.integrations import actions, queries, rules
from fourfold.integrations.rules import BadRowError, Reader
from fourfold.integrations.rules.deals import consultants, split
from fourfold.integrations.tests.factories import NOON, applied, cash, checked, colleague, signs, taken_back
from fourfold.integrations.tests.workbooks import deal, deals
from fourfold.integrations.types import COLUMNS, FileKind, ImportRow, Settings, State
from fourfold.ledger import queries as ledger
from fourfold.ledger.types import Kind
from fourfold.people import queries as people
from fourfold.people.types import Identifier, Scheme

GOOD = {
    "email": "jane@example.com",
    "name": "Jane Doe",
    "fee": "12000",
    "placed_at": "2026-02-10",
    "organisation": "Acme",
}


def read(**cells: str) -> dict[str, Any]:
    """One row of a deal sheet under our own column names."""
    names = [column.name for column in COLUMNS[FileKind.DEALS]]
    settings = Settings()
    reader = Reader(
        FileKind.DEALS, dict(zip(names, names, strict=True)), settings, NOON, recognise=queries.recogniser(settings),
        colleagues={"anna lee": "key-of-anna", "anna@northgate.example": "key-of-anna"},
    )  # fmt: skip
    return reader.read(2, {**GOOD, **cells})


# What a row says


def test_a_permanent_deal() -> None:
    found = read(reference="D-1", consultant_1="Anna Lee", desk="tech", job="Engineer", source="Indeed UK")
    assert found == {
        "ref": "D-1", "person": "jane@example.com", "ids": [["email", "jane@example.com"]], "name": "Jane Doe",
        "organisation": "Acme", "engagement": "permanent", "fee_minor": 1_200_000, "currency": "GBP",
        "day": "2026-02-10", "shares": [["key-of-anna", 1_200_000]], "desk": "tech", "job": "Engineer",
        "source": {"channel": "job_board", "asset": None, "occurred_at": "2026-02-10T00:00:00+00:00"},
    }  # fmt: skip
    (row,) = rules.cash_rows(found, "Europe/London")
    assert (row.part, row.occurred_at.isoformat(), row.value_minor) == ("fee:1", "2026-02-10T23:59:59+00:00", 1_200_000)


@pytest.mark.parametrize(
    ("cells", "day"),
    [({"placed_at": "2026-02-10", "start_date": "2026-02-20"}, "2026-02-10"),
     ({"placed_at": "", "start_date": "2026-02-20"}, "2026-02-20"),
     ({"placed_at": "10 Feb 2026"}, "2026-02-10")],
)  # fmt: skip
def test_the_day_of_a_deal_is_when_it_was_accepted_else_its_start(cells: dict[str, str], day: str) -> None:
    assert read(**cells)["day"] == day


@pytest.mark.parametrize(
    ("start", "end", "weeks"),
    [
        ("2026-02-09", "", ["2026-02-09", "2026-02-16", "2026-02-23", "2026-03-02"]),  # the import is on 2 March
        ("2026-02-10", "", ["2026-02-10", "2026-02-17", "2026-02-24"]),
        ("2026-02-09", "2026-02-15", ["2026-02-09"]),
        ("2026-02-09", "2026-02-16", ["2026-02-09", "2026-02-16"]),
        ("2026-02-09", "2027-02-09", ["2026-02-09", "2026-02-16", "2026-02-23", "2026-03-02"]),
        ("2026-03-02", "", ["2026-03-02"]),
        ("2026-04-01", "", []),  # accepted, not begun
    ],
)
def test_a_contract_is_a_row_for_each_week_that_has_begun(start: str, end: str, weeks: list[str]) -> None:
    found = read(fee="", margin="350", start_date=start, end_date=end)
    assert found["engagement"] == "contract"
    assert [row.part for row in rules.cash_rows(found, "Europe/London")] == [f"week:{week}:1" for week in weeks]


BAD: list[tuple[dict[str, str], str]] = [
    ({"fee": ""}, "fee and margin are both empty"),
    ({"fee": "-1"}, "fee is below zero"),
    ({"fee": "", "margin": "-1", "start_date": "2026-01-05"}, "margin is below zero"),
    ({"margin": "350"}, "it has a fee and a weekly margin"),
    ({"engagement": "contract"}, "margin is empty: contract work needs"),
    ({"engagement": "Perm", "fee": "", "margin": "350"}, "fee is empty: a permanent deal needs its fee."),
    ({"engagement": "gig"}, "engagement “gig” is none of permanent, contract, retained."),
    ({"fee": "", "margin": "350"}, "start_date is empty: contract work needs its first day."),
    ({"fee": "", "margin": "350", "start_date": "2026-02-02", "end_date": "2026-02-01"}, "is before start_date"),
    ({"placed_at": "2026-03-03"}, "is in the future"),
    ({"placed_at": "", "start_date": "2026-04-01"}, "placed_at is empty and start_date 2026-04-01 is in the future"),
    ({"placed_at": ""}, "placed_at and start_date are both empty"),
    ({"placed_at": "03/04/2026"}, "Say whether its day or its month comes first."),
    ({"email": ""}, "nothing says who the candidate is"),
    ({"email": "jane"}, "email “jane” is not an e-mail address."),
    ({"phone": "12"}, "phone “12” is not a phone number."),
    ({"fee": "#REF!"}, "fee holds #REF!: the spreadsheet could not work it out."),
    ({"fee": "€100"}, "has the sign €, but its currency is GBP."),
    ({"consultant_1": "A", "split_1": "60", "consultant_2": "B", "split_2": "30"}, "add up to 90 %, not 100 %."),
    ({"consultant_1": "A", "consultant_2": "B", "split_2": "30"}, "split_1 is empty: 2 consultants need a share each."),
    ({"consultant_1": "A", "split_1": "most"}, "split_1 “most” is not a share in per cent."),
    ({"consultant_1": "A", "split_1": "-5"}, "split_1 “-5” is not a share in per cent."),
    ({"consultant_1": "A", "split_2": "40"}, "split_2 has a share, but consultant_2 is empty."),
    ({"consultant_1": "Anna Lee 60 / Ben Ode"}, "names 2 consultants; Ben Ode has no share."),
    ({"consultant_1": "Anna Lee 60 / Ben Ode 60"}, "its splits add up to 120 %, not 100 %."),
]


@pytest.mark.parametrize(("cells", "why"), BAD, ids=lambda value: str(value)[:60])
def test_a_deal_that_cannot_be_says_why(cells: dict[str, str], why: str) -> None:
    with pytest.raises(BadRowError) as caught:
        read(**cells)
    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("cells", "shares"),
    [
        ({}, []),
        ({"consultant_1": "Anna Lee"}, [("Anna Lee", 100)]),
        ({"consultant_1": "Anna Lee", "split_1": "100%"}, [("Anna Lee", 100)]),
        ({"consultant_1": "Anna Lee", "split_1": "1"}, [("Anna Lee", 100)]),  # 100 % of a spreadsheet
        ({"consultant_1": "A", "split_1": "0.6", "consultant_2": "B", "split_2": "0.4"}, [("A", 60), ("B", 40)]),
        ({"consultant_1": "A", "split_1": "60 %", "consultant_2": "B", "split_2": "40"}, [("A", 60), ("B", 40)]),
        ({"consultant_1": "Anna Lee 60 / Ben Ode 40"}, [("Anna Lee", 60), ("Ben Ode", 40)]),
        ({"consultant_1": "Anna Lee (60%), Ben Ode (40%)"}, [("Anna Lee", 60), ("Ben Ode", 40)]),
        ({"consultant_1": "Anna Lee 50% and Ben Ode 50%"}, [("Anna Lee", 50), ("Ben Ode", 50)]),
        ({"consultant_1": "Jean-Luc O'Neil: 12.5 & Ben Ode - 87.5"}, [("Jean-Luc O'Neil", 12.5), ("Ben Ode", 87.5)]),
        ({"consultant_1": "A 33.33/B 33.33/C 33.34"}, [("A", 33.33), ("B", 33.33), ("C", 33.34)]),
    ],
)  # fmt: skip
def test_consultants_and_their_shares(cells: dict[str, str], shares: list[tuple[str, float]]) -> None:
    assert [(name, float(share)) for name, share in consultants(cells)] == shares


@given(st.integers(0, 10**9), st.lists(st.integers(1, 99), min_size=1, max_size=4))
def test_the_parts_add_up_to_the_fee_to_the_penny(fee: int, weights: list[int]) -> None:
    total = sum(weights)
    shares = [Decimal(weight) * 100 / total for weight in weights]
    parts = split(fee, shares)
    assert sum(parts) == fee
    assert all(abs(part - fee * weight / total) <= len(weights) for part, weight in zip(parts, weights, strict=True))


def test_the_last_penny_goes_to_the_last() -> None:
    found = read(fee="100.01", consultant_1="Anna Lee 50 / Ben Ode 50")
    assert found["shares"] == [["key-of-anna", 5000], ["Ben Ode", 5001]]


DAY = datetime(2026, 2, 10, tzinfo=UTC)
YEARS = timedelta(days=365)


@pytest.mark.parametrize(
    ("jobs", "cash", "first"),
    [
        ([], [], True),
        ([DAY], [], False),
        ([DAY - YEARS], [], False),
        ([DAY + YEARS], [], False),
        ([DAY - 3 * YEARS], [], True),
        ([DAY - 3 * YEARS], [DAY - YEARS], False),
        ([], [DAY - YEARS], False),
        ([], [DAY - 3 * YEARS], True),
        ([], [DAY + YEARS], True),
    ],
)
def test_an_organisation_is_new_or_was_dormant_for_24_months(
    jobs: list[datetime], cash: list[datetime], first: bool
) -> None:
    assert rules.is_first_job(DAY, jobs, cash) is first


# From file to ledger


def who(address: str) -> Any:
    identifier = Identifier(Scheme.EMAIL, address)
    return people.resolve([identifier])[identifier]


def brought(found: ImportRow) -> tuple[int, int, int]:
    return (found.rows_posted, found.rows_unchanged, found.rows_rejected)


SHEET = (
    deal(contact="Carl Ode", contact_email="carl@acme.example", who="Milo Brandt", split=0.6, who2="Ben Ode",
         split2=0.4, source="LinkedIn"),
    deal(ref="D-2", email="john@example.com", candidate="John Roe", type="Contract", fee=None, margin=350.5,
         start="2026-02-09", end="2026-06-30"),
    deal(ref="D-3", client="Beta PLC", fee=8000, placed="2025-06-01"),
)  # fmt: skip


@pytest.mark.django_db
def test_a_deal_sheet_from_workbook_to_ledger_and_back() -> None:
    milo = accounts.add_users(
        users=[NewUser(email="milo@northgate.example", name="Milo Brandt", roles=frozenset(), password=None)],
        by=COMMAND_LINE, at=NOON,
    )[0]  # fmt: skip
    found = checked(deals(*SHEET), FileKind.DEALS)
    assert found.sample is not None
    assert (found.sample.sheet, found.sample.header_row, found.rows_ready) == ("Deals", 3, 3)
    assert found.summary == ("3 deals", "£20,000 of fees", "£1,402 of margin", "7 rows of cash")
    assert found.warnings == (
        "Nobody of the house has these names, which are kept as written: Ben Ode (1).",
        "2 rows name a person of whom no touch before that day is known, so no channel can be credited with it.",
    )
    assert ledger.is_empty()
    done = applied(deals(*SHEET), FileKind.DEALS)
    assert brought(done) == (3, 0, 0)
    assert done.people_added == 3
    milo_key = str(milo)
    assert cash() == [
        ("2025-06-01", 800_000, milo_key, "D-3"),
        ("2026-02-09", 35_050, milo_key, "D-2"),
        ("2026-02-10", 720_000, milo_key, "D-1"),
        ("2026-02-10", 480_000, "Ben Ode", "D-1"),
        ("2026-02-16", 35_050, milo_key, "D-2"),
        ("2026-02-23", 35_050, milo_key, "D-2"),
        ("2026-03-02", 35_050, milo_key, "D-2"),
    ]
    # Jane was submitted with her first deal by date, which is the sheet's last; two clients gave a job.
    assert signs() == [
        ("candidate", "2025-06-01"), ("candidate", "2026-02-10"), ("client", "2025-06-01"), ("client", "2026-02-10"),
    ]  # fmt: skip
    jane = who("jane@example.com")
    touches = [row for row in ledger.timeline(jane).rows if row.kind is Kind.TOUCH]
    assert [(row.channel, row.action, row.direction) for row in touches] == [("linkedin", "source_named", "in")]
    assert people.cards(colleague(Role.LEADER), [jane, who("carl@acme.example")])[0].roles == ("candidate",)
    assert people.cards(colleague(Role.LEADER), [who("carl@acme.example")])[0].roles == ("client_contact",)
    assert people.cards(colleague(Role.LEADER), [who("carl@acme.example")])[0].organisation == "Acme Ltd"
    assert taken_back(done.key).state is State.TAKEN_BACK
    assert ledger.counts() == {}


@pytest.mark.django_db
def test_the_same_sheet_again_changes_nothing() -> None:
    applied(deals(*SHEET), FileKind.DEALS)
    before = (ledger.counts(), cash(), signs())
    assert brought(applied(deals(*SHEET), FileKind.DEALS)) == (0, 3, 0)
    assert brought(applied(deals(*reversed(SHEET)), FileKind.DEALS)) == (0, 3, 0)
    assert (ledger.counts(), cash(), signs()) == before


@pytest.mark.django_db
def test_next_months_sheet_adds_the_new_weeks_and_nothing_else() -> None:
    applied(deals(*SHEET), FileKind.DEALS)
    before = cash()
    later = NOON + timedelta(days=14)
    extended = deal(ref="D-2", email="john@example.com", candidate="John Roe", type="Contract", fee=None, margin=350.5,
                    start="2026-02-09", end="2026-12-31")  # fmt: skip
    key = checked(deals(SHEET[0], extended, SHEET[2]), FileKind.DEALS).key
    actions.confirm_columns(
        key=key, mapping=queries.worker_import(key).mapping, settings=Settings(), viewer=None, by=COMMAND_LINE, at=later
    )
    actions.check_rows(key=key, at=later)
    actions.apply(key=key, viewer=None, by=COMMAND_LINE, at=later)
    assert brought(actions.apply_rows(key=key, at=later)) == (1, 2, 0)
    fresh = [row for row in cash() if row not in before]
    assert [row[0] for row in fresh] == ["2026-03-09", "2026-03-16"]
    assert len(cash()) == len(before) + 2


@pytest.mark.django_db
def test_a_deal_that_has_changed_is_left_whole_unless_it_is_to_be_replaced() -> None:
    applied(deals(deal(who="Milo Brandt 100")), FileKind.DEALS)
    shared = deals(deal(who="Milo Brandt 60 / Ben Ode 40"))
    left = applied(shared, FileKind.DEALS)
    assert brought(left) == (0, 0, 1)
    assert cash() == [("2026-02-10", 1_200_000, "Milo Brandt", "D-1")]
    replaced = applied(shared, FileKind.DEALS, correct=True)
    assert brought(replaced) == (1, 0, 0)
    assert sorted(row[1:3] for row in cash()) == [(480_000, "Ben Ode"), (720_000, "Milo Brandt")]
    assert taken_back(replaced.key).state is State.TAKEN_BACK
    assert cash() == [("2026-02-10", 1_200_000, "Milo Brandt", "D-1")]


@pytest.mark.django_db
def test_deals_without_a_reference_are_known_by_what_does_not_change() -> None:
    first = deal(ref=None, type="Contract", fee=None, margin=300, start="2026-02-09", end="2026-02-20", placed=None)
    longer = deal(ref=None, type="Contract", fee=None, margin=300, start="2026-02-09", end="2026-05-20", placed=None)
    assert brought(applied(deals(first), FileKind.DEALS)) == (1, 0, 0)
    assert brought(applied(deals(longer), FileKind.DEALS)) == (1, 0, 0)
    assert [row[0] for row in cash()] == ["2026-02-09", "2026-02-16", "2026-02-23", "2026-03-02"]
    assert len({row[3] for row in cash()}) == 1


@pytest.mark.django_db
def test_what_a_first_deal_says_can_be_left_out() -> None:
    applied(deals(*SHEET), FileKind.DEALS, first_deals=False)
    assert signs() == []


@pytest.mark.django_db
def test_who_is_known_to_be_submitted_is_not_submitted_again() -> None:
    known = (
        "id,date,kind,email,organisation\nC1,2024-01-01,candidate,jane@example.com,\nC2,2025-12-01,client,,Acme Ltd\n"
    )
    applied(known, FileKind.OUTCOMES)
    applied(deals(deal()), FileKind.DEALS)
    assert signs() == [("candidate", "2024-01-01"), ("client", "2025-12-01")]


@pytest.mark.django_db
def test_a_dormant_client_that_comes_back_is_one_again() -> None:
    applied(deals(deal(placed="2022-02-10"), deal(ref="D-2", placed="2023-02-10")), FileKind.DEALS)
    applied(deals(deal(ref="D-3", placed="2026-02-10")), FileKind.DEALS)
    assert [one for one in signs() if one[0] == "client"] == [("client", "2022-02-10"), ("client", "2026-02-10")]


@pytest.mark.django_db
def test_one_id_twice_in_a_sheet_is_rejected() -> None:
    found = checked(deals(deal(), deal(), deal(fee=1)), FileKind.DEALS)
    assert (found.rows_ready, found.rows_rejected) == (1, 2)
    reasons = (
        [row.reason for row in queries.rejected_table(found.key)] if False else list(queries.rejected_table(found.key))
    )
    assert [row[1] for row in reasons[1:]] == [
        "it has the same id as row 4, “D-1”, and says the same.",
        "it has the same id as row 4, “D-1”, but says something else.",
    ]
