"""People, colleagues and facts for the tests of this room."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import NewUser, Role, Viewer
from fourfold.base.actor import COMMAND_LINE
from fourfold.ledger import actions as ledger
from fourfold.ledger.types import Fact, Outcome, Party, Posted, Touch
from fourfold.people import actions
from fourfold.people.types import Identifier, NewPerson, Scheme

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
_numbers = count(1)


def colleague(*roles: Role, name: str = "Lena Marsh") -> Viewer:
    """Somebody who can sign in, with these roles or none."""
    email = f"{name.split(maxsplit=1)[0].lower()}{next(_numbers)}@northgate.example"
    new = NewUser(email=email, name=name, roles=frozenset(roles), password=None)
    viewer = accounts_queries.viewer_of(accounts.add_users(users=[new], by=COMMAND_LINE, at=NOON)[0])
    assert viewer is not None
    return viewer


def leader() -> Viewer:
    return colleague(Role.LEADER)


def email(text: str) -> Identifier:
    return Identifier(Scheme.EMAIL, text)


def person(name: str, *addresses: str, **values: Any) -> UUID:
    """Add a person with these e-mail addresses; returns the key."""
    new = NewPerson(name=name, identifiers=tuple(email(one) for one in addresses), **values)
    return actions.add_people(people=[new], by=COMMAND_LINE, at=NOON)[0]


def touch(who: UUID, **changes: Any) -> Touch:
    values = {"source": "test", "source_ref": f"t{next(_numbers)}", "occurred_at": NOON, "channel": "email"}
    return Touch(**{**values, "person_key": who, **changes})


def outcome(**changes: Any) -> Outcome:
    values: dict[str, Any] = {"source": "test", "source_ref": f"o{next(_numbers)}", "occurred_at": NOON}
    money = {"outcome_kind": "cash", "basis": "accepted", "value_minor": 1_200_000, "currency": "GBP"}
    return Outcome(**{**values, **money, **changes})


def party(of: Outcome, who: UUID, side: str = "candidate") -> Party:
    ref = f"p{next(_numbers)}"
    key = ledger.first_fact_id(of.source, of.source_ref)
    return Party(source="test", source_ref=ref, occurred_at=of.occurred_at, outcome=key, person_key=who, side=side)


def post(*facts: Fact) -> Posted:
    return ledger.post(facts=facts, batch=uuid4(), at=NOON + timedelta(days=1))
