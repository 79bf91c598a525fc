"""Put a simulated agency into an empty house, through the doors that everybody uses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import md5
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid5

import numpy as np
from django.conf import settings
from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import Engagement, NewUser, Role, TeamKind, Viewer
from fourfold.base.actor import COMMAND_LINE
from fourfold.base.clock import require_aware
from fourfold.base.errors import FourfoldError
from fourfold.evidence.world import Simulation, World, simulate
from fourfold.ledger import actions as ledger
from fourfold.ledger import queries as ledger_queries
from fourfold.people import actions as people
from fourfold.people import queries as people_queries
from fourfold.people.types import Identifier, NewOrganisation, NewPerson, PersonRole, Scheme
from fourfold.project.demo import facts, profiles
from fourfold.project.demo.cast import HOUSE, Cast, ColleagueCast, PersonCast, make_cast
from fourfold.project.demo.facts import Keys

PASSWORD = "fourfold-demo"  # noqa: S105 (told to whoever starts a demo house)
_SPACE = UUID("5f0c2e7e-6a55-5d1c-9b80-64656d6f0001")
_PEOPLE_AT_ONCE = 2_000
_FACTS_AT_ONCE = 4_000
_ZONES = {"Dublin": ("Europe/Dublin", "IE", "ie")}
_TEAMS = {"sales": ("Recruiting", TeamKind.SALES), "marketing": ("Marketing", TeamKind.MARKETING),
          "business": ("Leadership", TeamKind.BUSINESS), "hr": ("People", TeamKind.HR)}  # fmt: skip
_ITEM = TypeVar("_ITEM")


class DemoRefused(FourfoldError):
    """A demo is put into an empty house only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What was put into the house, and who can sign in to look at it (all with ``PASSWORD``)."""

    start: date
    end: date
    people: int
    organisations: int
    facts: int
    sign_ins: tuple[ColleagueCast, ...]


def period(at: datetime) -> tuple[date, date]:
    """Two years that end yesterday: the first day, and the day of ``at`` (not included), in UTC."""
    end = require_aware(at).date()
    leap = (end.month, end.day) == (2, 29)
    return end.replace(year=end.year - 2, day=28 if leap else end.day), end


def fill_house(
    *, world: World, seed: int, people_count: int, at: datetime, progress: Callable[[str], None] = lambda _: None
) -> Filled:
    """Fill an empty house with two years of history that end yesterday. ``progress`` hears each step.

    Everything goes through the rooms' actions, in transactions of some thousand rows. Stopped halfway, the next call
    with the same options goes on where it was (``unfinished`` tells). Raises DemoRefused; nothing is written.
    """
    options = {
        "seed": seed,
        "people": people_count,
        "world": md5(repr(world).encode(), usedforsecurity=False).hexdigest(),
    }
    begun = unfinished()
    if begun is None:
        require_empty()
        _marker().write_text(json.dumps(options | {"at": require_aware(at).isoformat()}), "utf-8")
    else:
        at = _begun_at(begun, options)
    start, end = period(at)
    progress(f"Simulating {people_count:,} people from {start} to {end - timedelta(days=1)} …")
    simulation = simulate(world, seed=seed, people=people_count, start=start, end=end)
    cast = make_cast(simulation, world)
    opened = datetime.combine(start, time(8), tzinfo=UTC)
    progress("Adding offices, desks and colleagues …")
    if not accounts_queries.has_users():
        _found_house(world, cast, opened)
    keys = _keys(simulation, world, cast)
    progress(f"Adding {len(cast.organisations):,} organisations and {len(cast.people):,} people …")
    _add_people(simulation, cast, keys, opened)
    everything = facts.all_facts(simulation, world, keys)
    progress(f"Posting {len(everything):,} facts …")
    batch = uuid5(_SPACE, f"{seed} {people_count} {start} {end}")
    for some in _chunks(everything, _FACTS_AT_ONCE):
        ledger.post(facts=some, batch=batch, at=at)
    _merge(simulation, cast, keys)
    _marker().unlink()
    shown = sorted((one for one in cast.colleagues if one.shown), key=lambda one: list(Role).index(one.role))
    return Filled(
        start=start,
        end=end,
        people=len(cast.people),
        organisations=len(cast.organisations),
        facts=len(everything),
        sign_ins=tuple(shown),
    )


def held() -> tuple[str, ...]:
    """What a house holds already, in words; empty for an empty house."""
    there = {
        "colleagues": accounts_queries.has_users(),
        "people": people_queries.count() > 0,
        "facts": not ledger_queries.is_empty(),
    }
    return tuple(word for word, found in there.items() if found)


def require_empty() -> None:
    """Raises DemoRefused where there is a user, a person or a fact."""
    if held():
        raise DemoRefused(
            "The demo was not added.",
            f"This house has {' and '.join(held())} already, and invented ones must never mix with real ones.",
            "Set FOURFOLD_HOME to an empty folder (and an empty database), then run the command again.",
        )


def unfinished() -> dict[str, Any] | None:
    """The options of a filling that was stopped halfway, or None."""
    if not _marker().exists():
        return None
    begun: dict[str, Any] = json.loads(_marker().read_text("utf-8"))
    return begun


def _marker() -> Path:
    return Path(settings.HOME) / "demo.unfinished"


def _begun_at(begun: dict[str, Any], options: dict[str, Any]) -> datetime:
    moment = datetime.fromisoformat(begun.pop("at"))
    if begun != options:
        raise DemoRefused(
            "The demo was not added.",
            f"A demo with seed {begun['seed']} and {begun['people']} people was stopped halfway in this house.",
            "Run the command again with the same options, or begin with an empty FOURFOLD_HOME.",
        )
    return moment


@transaction.atomic
def _found_house(world: World, cast: Cast, at: datetime) -> None:
    """Offices, brand, teams, desks and colleagues."""
    by = COMMAND_LINE
    for place in dict.fromkeys(desk.place for desk in world.desks):
        zone, country, law_pack = _ZONES.get(place, ("Europe/London", "GB", "uk"))
        accounts.add_office(
            name=place, zone=zone, currency=world.currency, country=country, law_pack=law_pack, by=by, at=at
        )
    accounts.add_brand(name=HOUSE, legal_name=f"{HOUSE} Ltd", by=by, at=at)
    for name, kind in _TEAMS.values():
        accounts.add_team(name=name, kind=kind, by=by, at=at)
    for d in world.desks:
        accounts.add_desk(discipline=d.discipline, place=d.place, engagement=Engagement(d.kind), by=by, at=at)
    slugs = _Slugs.read()
    accounts.add_users(users=[_user(one, world, slugs) for one in cast.colleagues], by=by, at=at)


@dataclass(frozen=True, slots=True)
class _Slugs:
    """The slugs of the house's places, by name."""

    offices: dict[str, str]
    teams: dict[str, str]
    desks: dict[str, str]
    brand: str

    @classmethod
    def read(cls) -> _Slugs:
        offices, teams, desks = (
            {row.name: row.slug for row in rows}
            for rows in (accounts_queries.offices(), accounts_queries.teams(), accounts_queries.desks())
        )
        return cls(offices, teams, desks, accounts_queries.brands()[0].slug)


def _user(one: ColleagueCast, world: World, slugs: _Slugs) -> NewUser:
    return NewUser(
        email=one.email,
        name=one.name,
        roles=frozenset({one.role}),
        password=PASSWORD if one.shown else None,
        team=slugs.teams[_TEAMS[one.team][0]],
        office=slugs.offices[one.place],
        desks=(slugs.desks[world.desks[one.desk].name],) if one.desk is not None else (),
        job_title=one.job_title,
    )


def _keys(simulation: Simulation, world: World, cast: Cast) -> Keys:
    """What everything is called in this house, read from it."""
    slugs = _Slugs.read()
    colleagues = tuple(str(_viewer(one).user_key) for one in cast.colleagues)
    roles = [one.role for one in cast.colleagues]
    return Keys(
        people=tuple(_key(simulation, "person", i) for i in range(len(cast.people))),
        organisations=tuple(_key(simulation, "organisation", i) for i in range(len(cast.organisations))),
        colleagues=colleagues,
        deciders={
            "marketing": colleagues[roles.index(Role.MARKETER)],
            "leaders": colleagues[roles.index(Role.LEADER)],
        },
        desks=tuple(slugs.desks[desk.name] for desk in world.desks),
        desk_offices=tuple(slugs.offices[desk.place] for desk in world.desks),
        teams={"recruiting": slugs.teams["Recruiting"], "marketing": slugs.teams["Marketing"]},
        brand=slugs.brand,
    )


def _viewer(one: ColleagueCast) -> Viewer:
    found = accounts_queries.viewer_by_email(one.email)
    if found is None:
        raise LookupError(f"{one.email} was added and is not there")
    return found


def _key(simulation: Simulation, thing: str, index: int) -> UUID:
    return uuid5(_SPACE, f"{simulation.seed}/{thing}/{index}")


def _add_people(simulation: Simulation, cast: Cast, keys: Keys, at: datetime) -> None:
    """Organisations at once, people month by month as the house came to know of them."""
    gave_job = simulation.organisations.is_client.tolist()
    organisations = [
        NewOrganisation(name=one.name, city=one.city, is_client=gave_job[i], key=keys.organisations[i])
        for i, one in enumerate(cast.organisations)
    ]
    people.add_organisations(organisations=organisations, by=COMMAND_LINE, at=at)
    recruiters = list(accounts_queries.names_in_role(Role.RECRUITER))
    clients = [keys.organisations[i] for i, gave in enumerate(gave_job) if gave]
    today = simulation.end - timedelta(days=1)
    joined = set(simulation.parties.person[simulation.parties.side == 2].tolist())
    months = simulation.persons.since.astype("datetime64[M]").astype(int)
    for month in sorted(set(months.tolist())):
        there = np.flatnonzero(months == month).tolist()
        rows = [
            profiles.with_details(
                _new_person(simulation, keys, i, cast.people[i], joined=i in joined), i, seed=simulation.seed,
                today=today, colleagues=recruiters, clients=clients,
            )
            for i in there
        ]  # fmt: skip
        known = max(at, *facts.moments(simulation.persons.since[there[:1]]))
        for some in _chunks(rows, _PEOPLE_AT_ONCE):
            people.add_people(people=some, by=COMMAND_LINE, at=known)


def _new_person(simulation: Simulation, keys: Keys, index: int, one: PersonCast, *, joined: bool) -> NewPerson:
    organisation = int(simulation.persons.organisation[index])
    at_client = organisation >= 0
    role = PersonRole.CLIENT_CONTACT if at_client else PersonRole.COLLEAGUE if joined else PersonRole.CANDIDATE
    phone = (Identifier(Scheme.PHONE, one.phone),) if one.phone else ()
    return NewPerson(
        name=one.name,
        identifiers=(Identifier(Scheme.EMAIL, one.email), *phone),
        roles=(role,),
        headline=one.headline,
        city=one.city,
        country=one.country,
        organisation=keys.organisations[organisation] if at_client else None,
        key=keys.people[index],
    )


def _merge(simulation: Simulation, cast: Cast, keys: Keys) -> None:
    """A marketer finds the people who are on record twice."""
    viewer = _viewer(next(one for one in cast.colleagues if one.role is Role.MARKETER))
    merged = simulation.identities
    done = ledger_queries.canonical_keys(keys.people[person] for person in merged.person.tolist())
    rows = zip(merged.person.tolist(), merged.into.tolist(), facts.moments(merged.at), strict=True)
    for person, into, at in rows:
        if done.get(keys.people[person], keys.people[person]) == keys.people[person]:
            people.merge_people(person_key=keys.people[person], into_key=keys.people[into], viewer=viewer, at=at)


def _chunks(items: Sequence[_ITEM], size: int) -> Iterator[Sequence[_ITEM]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
