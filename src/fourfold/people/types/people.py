"""Who people are: rows, what to add, and the words of the records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from fourfold.base.errors import FourfoldError


class PersonRole(StrEnum):
    """What a person is to the house; one human can be several of these."""

    CANDIDATE = "candidate"
    CLIENT_CONTACT = "client_contact"
    COLLEAGUE = "colleague"
    REFERRER = "referrer"


class Scheme(StrEnum):
    """How a person is known elsewhere. ``ID`` values carry their source in front: ``crm:4711``."""

    EMAIL = "email"
    PHONE = "phone"
    PROFILE = "profile"
    ID = "id"


class AddressUse(StrEnum):
    """Whether an address is the person's own, or their employer's."""

    PERSONAL = "personal"
    WORK = "work"


class Openness(StrEnum):
    """Whether a candidate wants to hear of jobs; ``NOT_NOW`` keeps a date."""

    OPEN = "open"
    NOT_NOW = "not_now"
    HAPPY = "happy"


class Origin(StrEnum):
    """How the person's record came to be. All but ``THEMSELVES`` are sourced: the notice of Art. 14 is owed."""

    THEMSELVES = "themselves"
    REFERRED = "referred"
    SOURCED = "sourced"
    IMPORTED = "imported"
    CLIENT = "client"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A normalised address or id by which a person is recognised (people.rules.normalise makes them)."""

    scheme: Scheme
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """A person to add. ``key`` is given where the caller needs the same key each time (the demo house)."""

    name: str
    identifiers: tuple[Identifier, ...] = ()
    roles: tuple[PersonRole, ...] = ()
    headline: str = ""
    city: str = ""
    country: str = ""
    organisation: UUID | None = None
    key: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrganisation:
    name: str
    city: str = ""
    is_client: bool = False
    key: UUID | None = None


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person as lists show one."""

    key: UUID
    name: str
    headline: str
    city: str
    organisation: str
    roles: tuple[PersonRole, ...]
    last_touch_at: datetime | None = None
    last_inbound_at: datetime | None = None
    touches: int = 0


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything a person's own page shows of the person."""

    card: PersonCard
    identifiers: tuple[Identifier, ...]
    merged: tuple[PersonCard, ...]
    organisation_key: UUID | None
    added_at: datetime


@dataclass(frozen=True, slots=True)
class PeopleList:
    """One keyset page of people and how many there are, counted up to 10,000."""

    rows: tuple[PersonCard, ...]
    older: str | None
    count: int
    counted_all: bool


@dataclass(frozen=True, slots=True)
class Found:
    """People by identifier, and how many of them were added just now."""

    keys: Mapping[Identifier, UUID]
    added: int


@dataclass(frozen=True, slots=True)
class FoundPeople:
    """One key for each person looked for, in order (None: their addresses lead to two different people).

    ``conflicts`` has those two by position, ``changed`` the positions of people who were added or got an address.
    """

    keys: tuple[UUID | None, ...]
    added: int
    conflicts: Mapping[int, tuple[UUID, UUID]]
    changed: frozenset[int]


class PersonNotFound(FourfoldError):
    """Missing, erased, or not yours: from outside the same."""


class MergeRefused(FourfoldError):
    """Two records that can't be made one."""
