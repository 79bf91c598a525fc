"""Who plays in the demo house: names, titles, cities and addresses that fit together. Pure; the seed decides."""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import dataclass, replace
from itertools import count

from fourfold.accounts.types import Role
from fourfold.evidence.world import Simulation, World
from fourfold.project.demo import names, trades

HOUSE = "Fourfold & Partners"
HOUSE_DOMAIN = "fourfold.example"
_PRIVATE_DOMAINS = ("mail.example", "post.example", "inbox.example", "letters.example")
_LINES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCast:
    """A person as the house knows one. ``phone`` is E.164 or empty; ``email`` ends in .example."""

    name: str
    headline: str
    city: str
    country: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationCast:
    name: str
    city: str
    domain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColleagueCast:
    """A colleague. ``desk`` is the desk's number or None; ``shown`` marks the sign-ins that are told on start."""

    name: str
    email: str
    job_title: str
    role: Role
    team: str
    place: str
    desk: int | None = None
    shown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Everybody, in the order of the simulation's indices; colleagues first those who act in it."""

    people: tuple[PersonCast, ...]
    organisations: tuple[OrganisationCast, ...]
    colleagues: tuple[ColleagueCast, ...]


def make_cast(simulation: Simulation, world: World) -> Cast:
    """Give everybody in a simulation a name and what goes with it. The same simulation gives the same cast."""
    draw = random.Random(f"cast {simulation.seed}")  # noqa: S311 (names, not secrets)
    taken = _Taken()
    colleagues = _colleagues(simulation, world, draw, taken)
    organisations = tuple(_organisation(world, desk, draw, taken) for desk in simulation.organisations.desk.tolist())
    known: list[PersonCast] = []
    for index in range(len(simulation.persons.side)):
        original = int(simulation.persons.same_as[index])
        if original >= 0:
            known.append(_again(known[original], draw, taken))
        else:
            known.append(_person(simulation, world, index, organisations, draw, taken))
    return Cast(people=tuple(known), organisations=organisations, colleagues=colleagues)


class _Taken:
    """What has been given away: names, addresses and numbers are each given once."""

    def __init__(self) -> None:
        self.words: set[str] = set()
        self.lines: dict[str, count[int]] = {}

    def once(self, word: str) -> bool:
        new = word.lower() not in self.words
        self.words.add(word.lower())
        return new

    def address(self, local: str, domain: str) -> str:
        tries = (f"{local}{number or ''}@{domain}" for number in (0, *range(2, 10_000)))
        return next(address for address in tries if self.once(address))

    def line(self, start: str) -> str:
        number = next(self.lines.setdefault(start, count()))
        return f"{start}{number:0{13 - len(start)}d}" if number < _LINES else ""


def _weighted(draw: random.Random, weights: dict[str, int]) -> str:
    return draw.choices(list(weights), list(weights.values()))[0]


def _name(draw: random.Random, place: str, taken: _Taken) -> str:
    """A new name; where all luck fails after twenty draws, one with a second first name."""
    name = ""
    for _ in range(20):
        origin = names.ORIGINS[_weighted(draw, names.mixture(place))]
        first, last = draw.choice(origin.first), draw.choice(origin.last)
        name = f"{first} {last}"
        if first != last and name not in names.FAMOUS and taken.once(name):
            return name
    first, last = name.split(" ", 1)
    middle = (f"{first} {letter}. {last}" for letter in "ABCDEFGHJKLMNPRSTW")
    return next((one for one in middle if taken.once(one)), name)


def plain(text: str) -> str:
    """Lower case, without accents and apostrophes, words joined by points: for addresses."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", ".", ascii_only).strip(".")


def title_of(discipline: str, kind: str, level: float, draw: random.Random) -> str:
    """A title of the rung on which somebody of this level of pay stands."""
    ladder = trades.trade(discipline).ladder(kind)
    return draw.choice(next(rung.titles for rung in ladder if level < rung.below))


def _person(
    simulation: Simulation,
    world: World,
    index: int,
    organisations: tuple[OrganisationCast, ...],
    draw: random.Random,
    taken: _Taken,
) -> PersonCast:
    persons = simulation.persons
    desk = world.desks[int(persons.desk[index])]
    side = simulation.words.sides[int(persons.side[index])]
    town = draw.choices(trades.towns(desk.place), [town.weight for town in trades.towns(desk.place)])[0]
    name = _name(draw, desk.place, taken)
    if side == "client":
        house = organisations[int(persons.organisation[index])]
        return PersonCast(
            name=name,
            headline=draw.choice(trades.trade(desk.discipline).managers),
            city=house.city,
            country="IE" if house.city in _IRISH else "GB",
            email=taken.address(plain(name), house.domain),
            phone=taken.line(trades.LANDLINES[house.city]) if house.city in trades.LANDLINES else "",
        )
    if side == "colleague":
        headline = draw.choice(trades.PROSPECT_TITLES)
    else:
        headline = title_of(desk.discipline, desk.kind, float(persons.level[index]), draw)
    return PersonCast(
        name=name,
        headline=headline,
        city=town.name,
        country=town.country,
        email=taken.address(plain(name), draw.choice(_PRIVATE_DOMAINS)),
        phone=taken.line(trades.MOBILES) if town.country == "GB" and draw.random() < 0.25 else "",
    )


_IRISH = {town.name for towns in trades.TOWNS.values() for town in towns if town.country == "IE"}


def _again(person: PersonCast, draw: random.Random, taken: _Taken) -> PersonCast:
    """The same human as an older record has them: the first name cut short, another address."""
    first, last = person.name.split(" ", 1)
    return PersonCast(
        name=f"{first[0]}. {last}",
        headline=person.headline,
        city=person.city,
        country=person.country,
        email=taken.address(plain(f"{first[0]} {last}"), draw.choice(_PRIVATE_DOMAINS)),
        phone="",
    )


def _organisation(world: World, desk_number: int, draw: random.Random, taken: _Taken) -> OrganisationCast:
    desk = world.desks[desk_number]
    towns = trades.towns(desk.place)
    city = draw.choices(towns, [town.weight for town in towns])[0].name
    suffixes = trades.trade(desk.discipline).suffixes
    for attempt in count():
        stem = draw.choice(trades.STEMS) + draw.choice(trades.ENDINGS)
        if taken.once(stem) or attempt > 200:
            name = f"{stem} {draw.choice(suffixes)}"
            if attempt <= 200 or taken.once(name):
                return OrganisationCast(name=name, city=city, domain=f"{plain(name).replace('.', '-')}.example")
    raise AssertionError("count() doesn't end")


# Those who are told on start, and the colleagues who don't act in the simulation.
_SHOWN = {
    Role.LEADER: ("Lena Hart", "Managing director"),
    Role.MARKETER: ("Maya Osei", "Head of marketing"),
    Role.RECRUITER: ("Tom Ridley", "Principal consultant"),
    Role.ADMINISTRATOR: ("Priya Nair", "Systems and data manager"),
}
_CONSULTANTS = ("Principal consultant", "Senior consultant", "Consultant", "Associate consultant")
_MARKETERS = ("Head of marketing", "Content and social lead", "Campaign manager", "Events and brand executive")
_OTHERS = (
    (Role.LEADER, "Founder and chair", "business"),
    (Role.LEADER, "Sales director", "sales"),
    (Role.LEADER, "Operations director", "business"),
    (Role.LEADER, "Finance director", "business"),
    (Role.LEADER, "People director", "hr"),
    (Role.RECRUITER, "Resourcer", "sales"),
    (Role.RECRUITER, "Resourcer", "sales"),
    (Role.RECRUITER, "Resourcer", "sales"),
    (Role.RECRUITER, "Contractor care manager", "sales"),
    (Role.RECRUITER, "Talent partner for our own hires", "hr"),
)


def _colleagues(simulation: Simulation, world: World, draw: random.Random, taken: _Taken) -> tuple[ColleagueCast, ...]:
    home = world.desks[0].place
    found = []
    for name, _ in _SHOWN.values():
        taken.once(name)
    marketers = 0
    for number, desk in enumerate(simulation.colleagues.desk.tolist()):
        place = home if desk < 0 else world.desks[desk].place
        if desk < 0:
            title = _MARKETERS[min(marketers, len(_MARKETERS) - 1)]
            role, team, shown = Role.MARKETER, "marketing", marketers == 0
            marketers += 1
        else:
            before = simulation.colleagues.desk.tolist().index(desk)
            title = _CONSULTANTS[min(number - before, len(_CONSULTANTS) - 1)]
            role, team, shown = Role.RECRUITER, "sales", number == 0
        one = _colleague(_SHOWN[role][0] if shown else _name(draw, place, taken), title, role, team, place, taken)
        found.append(replace(one, desk=desk if desk >= 0 else None, shown=shown))
    for role in (Role.LEADER, Role.ADMINISTRATOR):
        name, title = _SHOWN[role]
        found.append(replace(_colleague(name, title, role, "business", home, taken), shown=True))
    for role, title, team in _OTHERS:
        found.append(_colleague(_name(draw, home, taken), title, role, team, home, taken))
    return tuple(found)


def _colleague(name: str, title: str, role: Role, team: str, place: str, taken: _Taken) -> ColleagueCast:
    email = taken.address(plain(name), HOUSE_DOMAIN)
    return ColleagueCast(name=name, email=email, job_title=title, role=role, team=team, place=place)
