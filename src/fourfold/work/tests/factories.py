"""Colleagues, things, notes and tasks for the tests of this room.

Lena leads, Milo markets, Rhea recruits (in Berlin), Ada administers, Nico has no role.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import NewUser, Role, TeamKind, Viewer
from fourfold.base.actor import COMMAND_LINE
from fourfold.work import actions
from fourfold.work.types import NewTask

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
TODAY = date(2026, 3, 2)
THING = UUID("11111111-1111-4111-8111-111111111111")
OLD = UUID("22222222-2222-4222-8222-222222222222")
CLOSED = UUID("33333333-3333-4333-8333-333333333333")


@dataclass(frozen=True)
class Cast:
    lena: Viewer
    milo: Viewer
    rhea: Viewer
    ada: Viewer
    nico: Viewer


def make_cast() -> Cast:
    """A house with two offices and its people."""
    by = COMMAND_LINE
    for name, zone in (("Leeds", "Europe/London"), ("Berlin", "Europe/Berlin")):
        accounts.add_office(name=name, zone=zone, currency="GBP", country="GB", law_pack="uk", by=by, at=NOON)
    accounts.add_team(name="Sales", kind=TeamKind.SALES, by=by, at=NOON)
    told = (
        ("Lena Marsh", {Role.LEADER}), ("Milo Brandt", {Role.MARKETER}), ("Rhea Okafor", {Role.RECRUITER}),
        ("Ada Lindqvist", {Role.ADMINISTRATOR}), ("Nico Vance", set()),
    )  # fmt: skip
    users = [
        NewUser(
            email=f"{name.split()[0].lower()}@northgate.example",
            name=name,
            roles=frozenset(roles),
            team="sales",
            office="berlin" if name.startswith("Rhea") else "leeds",
        )
        for name, roles in told
    ]
    keys = accounts.add_users(users=users, by=by, at=NOON)
    return Cast(*(viewer for key in keys if (viewer := accounts_queries.viewer_of(key))))


def note(viewer: Viewer, text: str = "Rang, no answer", key: UUID = THING, at: datetime = NOON) -> UUID:
    return actions.write_note(about=("thing", key), text=text, viewer=viewer, at=at)


def task(viewer: Viewer, owner: Viewer | None = None, **values: Any) -> UUID:
    new = NewTask(**{"title": "Ring back", "owner_key": (owner or viewer).user_key, **values})
    return actions.give_task(task=new, viewer=viewer, at=NOON)
