"""Facts for tests: each with a reference of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from fourfold.ledger import actions
from fourfold.ledger.types import Fact, Identity, Outcome, Party, Posted, Spend, Touch

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
_numbers = count(1)


def ref() -> str:
    return f"row-{next(_numbers)}"


def touch(person: UUID, **changes: Any) -> Touch:
    values: dict[str, Any] = {"source": "test", "source_ref": ref(), "occurred_at": NOON, "channel": "email"}
    return Touch(**{**values, "person_key": person, **changes})


def outcome(**changes: Any) -> Outcome:
    values: dict[str, Any] = {"source": "test", "source_ref": ref(), "occurred_at": NOON, "outcome_kind": "cash"}
    money = {"basis": "accepted", "value_minor": 1_200_000, "currency": "GBP"}
    return Outcome(**{**values, **money, **changes})


def party(outcome_id: UUID, person: UUID, **changes: Any) -> Party:
    values: dict[str, Any] = {"source": "test", "source_ref": ref(), "occurred_at": NOON, "side": "candidate"}
    return Party(**{**values, "outcome": outcome_id, "person_key": person, **changes})


def spend(**changes: Any) -> Spend:
    values: dict[str, Any] = {"source": "test", "source_ref": ref(), "occurred_at": NOON, "channel": "job_board"}
    days = {"from_date": date(2026, 3, 1), "to_date": date(2026, 3, 31), "amount_minor": 50_000, "currency": "GBP"}
    return Spend(**{**values, **days, **changes})


def identity(person: UUID, into: UUID, **changes: Any) -> Identity:
    values: dict[str, Any] = {"source": "test", "source_ref": ref(), "occurred_at": NOON}
    return Identity(**{**values, "person_key": person, "into_key": into, **changes})


def post(*facts: Fact, batch: UUID | None = None, correct: bool = False) -> Posted:
    return actions.post(facts=facts, batch=batch or uuid4(), at=NOON + timedelta(days=400), correct=correct)
