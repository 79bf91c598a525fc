"""A small ledger whose numbers were worked out by hand, for the tests of this room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.urls import reverse

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import NewUser, Role, Viewer
from fourfold.base.actor import COMMAND_LINE
from fourfold.ledger import actions as ledger
from fourfold.ledger import snapshot
from fourfold.ledger.types import Fact, Identity, Outcome, Party, Spend, Touch
from fourfold.people import actions as people
from fourfold.people.types import NewPerson
from fourfold.reports import compute, rules
from fourfold.reports.types import Period, Question

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)
SECOND_QUARTER = Period(date(2026, 4, 1), date(2026, 7, 1))
QUARTER = {"from_date": "2026-04-01", "to_date": "2026-06-30"}
_numbers = count(1)


def colleague(*roles: Role, name: str = "Lena Marsh") -> Viewer:
    """Somebody who can sign in, with these roles or none."""
    new = NewUser(email=f"user{next(_numbers)}@northgate.example", name=name, roles=frozenset(roles), password=None)
    viewer = accounts_queries.viewer_of(accounts.add_users(users=[new], by=COMMAND_LINE, at=NOW)[0])
    assert viewer is not None
    return viewer


def leader() -> Viewer:
    return colleague(Role.LEADER)


def person(name: str) -> UUID:
    return people.add_people(people=[NewPerson(name=name)], by=COMMAND_LINE, at=NOW)[0]


def at(month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def head(when: datetime) -> dict[str, Any]:
    return {"source": "test", "source_ref": f"r{next(_numbers)}", "occurred_at": when}


def touch(who: UUID, channel: str, when: datetime, **more: Any) -> Touch:
    return Touch(**head(when), person_key=who, channel=channel, **more)


def cash(placement: str | None, pounds: int, when: datetime, **more: Any) -> Outcome:
    money = {"basis": "accepted", "value_minor": pounds * 100, "currency": "GBP", "engagement": "permanent"}
    return Outcome(**head(when), outcome_kind="cash", placement=placement, **{**money, **more})


def counted(kind: str, when: datetime) -> Outcome:
    return Outcome(**head(when), outcome_kind=kind)


def party(of: Outcome, who: UUID, side: str) -> Party:
    outcome = ledger.first_fact_id(of.source, of.source_ref)
    return Party(**head(of.occurred_at), outcome=outcome, person_key=who, side=side)


def spend(channel: str, pounds: int, first: date, last: date, **more: Any) -> Spend:
    days = {"from_date": first, "to_date": last, "amount_minor": pounds * 100, "currency": "GBP"}
    return Spend(**head(datetime(first.year, first.month, first.day, tzinfo=UTC)), channel=channel, **{**days, **more})


def post(*facts: Fact) -> UUID:
    """Post facts; returns their batch."""
    batch = uuid4()
    ledger.post(facts=facts, batch=batch, at=NOW)
    return batch


@dataclass(frozen=True)
class Told:
    """The hand-made ledger: who is who, and the first row of each placement."""

    cara: UUID
    carl: UUID
    dan: UUID
    dora: UUID
    permanent: UUID
    contract: UUID


def hand_made() -> Told:
    """Two placements of the second quarter of 2026 with both their sides, and much that must not count.

    Permanent: £12,000 less £2,000 rebate. Cara had e-mail twice and a job board (the latter under a second record of
    hers), Carl e-mail. Contract: three weeks of £1,000, £1,000, £500 in the quarter and one of £700 after it. Dan had a
    job board, Dora nothing.
    """
    cara, twin, carl, dan, dora, eve = map(person, ("Cara", "Cara again", "Carl", "Dan", "Dora", "Eve"))
    fee, rebate = cash("A", 12_000, at(5, 10)), cash("A", -2_000, at(6, 20))
    weeks = [
        cash("B", pounds, when, engagement="contract")
        for pounds, when in ((1000, at(6, 1)), (1000, at(6, 8)), (500, at(6, 15)), (700, at(7, 6)))
    ]
    other_money, earlier = cash("E", 9_000, at(5, 20), currency="EUR"), cash(None, 5_000, at(2, 10))
    post(fee, rebate, *weeks, other_money, earlier, cash("A", 12_000, at(5, 30), basis="invoiced"))
    post(
        party(fee, cara, "candidate"), party(fee, carl, "client"),
        *(party(week, dan, "candidate") for week in weeks), *(party(week, dora, "client") for week in weeks),
        party(other_money, eve, "candidate"), party(earlier, eve, "candidate"),
        Identity(**head(at(5, 1)), person_key=twin, into_key=cara),
    )  # fmt: skip
    post(
        touch(cara, "email", at(4, 1)), touch(twin, "job_board", at(4, 5), direction="in"),
        touch(cara, "email", at(4, 20)), touch(carl, "email", at(3, 1)), touch(dan, "job_board", at(5, 25)),
        touch(cara, "web", at(5, 2), machine=True),  # no human
        touch(carl, "event", datetime(2025, 11, 1, tzinfo=UTC)),  # longer ago than 180 days
        touch(dora, "phone", at(6, 2)),  # after the first row
        touch(eve, "email", at(5, 19)),  # of the placement in euros
    )  # fmt: skip
    post(
        spend("email", 600, date(2026, 4, 1), date(2026, 4, 30)),
        spend("job_board", 300, date(2026, 3, 17), date(2026, 4, 15)),  # 15 of its 30 days in each quarter
        spend("job_board", 999, date(2026, 5, 1), date(2026, 5, 31), currency="EUR"),
        spend("event", 50, date(2026, 7, 1), date(2026, 7, 31)),
    )
    post(
        counted("candidate", at(4, 10)), counted("candidate", at(6, 30, 22, 59)), counted("candidate", at(2, 3)),
        counted("candidate", at(3, 31, 23, 30)),  # 1 April in London
        counted("candidate", at(6, 30, 23, 30)),  # 1 July in London
        counted("client", at(5, 5)), counted("colleague", at(1, 5)),
    )  # fmt: skip
    ledger.void_batch(
        batch=post(cash("V", 50_000, at(5, 6)), counted("client", at(5, 6)), touch(cara, "sms", at(5, 5))), at=NOW
    )
    permanent, contract = (ledger.first_fact_id(one.source, one.source_ref) for one in (fee, weeks[0]))
    return Told(cara, carl, dan, dora, permanent, contract)


def question(period: Period = SECOND_QUARTER, **more: Any) -> Question:
    return Question(period=period, before=rules.compared_with(period), **more)


def computed(asked: Question, folder: Path) -> dict[str, Any]:
    """What is worked out from a snapshot of the ledger as it is now."""
    return compute.fourcs(asked, compute.live_tables(folder, snapshot.seal(folder)))


def address(name: str, *arguments: object, **asked: str) -> str:
    """A page of reports about the second quarter."""
    return f"{reverse(name, args=arguments)}?{urlencode({**QUARTER, **asked})}"
