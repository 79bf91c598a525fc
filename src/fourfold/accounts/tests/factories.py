"""A house with a named cast, for the tests of this room, of the rooms above and of the journeys.

Lena leads, Milo markets, Rhea recruits, Ada administers, Nico has no role. All have the same password.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from fourfold.accounts import actions, queries
from fourfold.accounts.types import Engagement, NewUser, Role, TeamKind, Viewer
from fourfold.base.actor import COMMAND_LINE

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PASSWORD = "correct-horse-battery"

LENA = NewUser(
    email="lena@northgate.example",
    name="Lena Marsh",
    roles=frozenset({Role.LEADER}),
    password=PASSWORD,
    team="business",
    office="leeds",
    job_title="Managing director",
)
MILO = NewUser(
    email="milo@northgate.example",
    name="Milo Brandt",
    roles=frozenset({Role.MARKETER}),
    password=PASSWORD,
    team="marketing",
    office="leeds",
    job_title="Marketing manager",
)
RHEA = NewUser(
    email="rhea@northgate.example",
    name="Rhea Okafor",
    roles=frozenset({Role.RECRUITER}),
    password=PASSWORD,
    team="sales",
    office="berlin",
    desks=("software-berlin-permanent",),
    job_title="Senior recruiter",
)
ADA = NewUser(
    email="ada@northgate.example",
    name="Ada Lindqvist",
    roles=frozenset({Role.ADMINISTRATOR}),
    password=PASSWORD,
    team="business",
    office="leeds",
    job_title="Operations",
)
NICO = NewUser(email="nico@northgate.example", name="Nico Vance", roles=frozenset(), password=PASSWORD)


@dataclass(frozen=True)
class Cast:
    lena: Viewer
    milo: Viewer
    rhea: Viewer
    ada: Viewer
    nico: Viewer

    def everyone(self) -> dict[str, Viewer]:
        return {"lena": self.lena, "milo": self.milo, "rhea": self.rhea, "ada": self.ada, "nico": self.nico}


def make_house() -> None:
    """Offices in Leeds and Berlin, one brand, three teams, one desk."""
    by, at = COMMAND_LINE, NOON
    actions.add_office(name="Leeds", zone="Europe/London", currency="GBP", country="GB", law_pack="uk", by=by, at=at)
    actions.add_office(name="Berlin", zone="Europe/Berlin", currency="EUR", country="DE", law_pack="eu", by=by, at=at)
    actions.add_brand(name="Northgate Talent", legal_name="Northgate Talent Ltd", by=by, at=at)
    for name, kind in (("Business", TeamKind.BUSINESS), ("Marketing", TeamKind.MARKETING), ("Sales", TeamKind.SALES)):
        actions.add_team(name=name, kind=kind, by=by, at=at)
    actions.add_desk(discipline="Software", place="Berlin", engagement=Engagement.PERMANENT, by=by, at=at)


def make_cast() -> Cast:
    """The house and its cast."""
    make_house()
    users = [LENA, MILO, RHEA, ADA, NICO]
    keys = actions.add_users(users=users, by=COMMAND_LINE, at=NOON)
    lena, milo, rhea, ada, nico = (viewer for viewer in map(queries.viewer_of, keys) if viewer)
    return Cast(lena=lena, milo=milo, rhea=rhea, ada=ada, nico=nico)
