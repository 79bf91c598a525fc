"""Who people are: rows, what to add, and the words of the records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from fourfold.base.errors import FourfoldError, NotFound
from fourfold.people.types.clients import ClientStage


class PersonRole(StrEnum):
    """What a person is to the house; one human can be several of these."""

    CANDIDATE = "candidate"
    CLIENT_CONTACT = "client_contact"
    COLLEAGUE = "colleague"
    REFERRER = "referrer"


CANDIDATE_SIDE = frozenset({PersonRole.CANDIDATE})
"""Roles that tell what a person looks for."""


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
class NewEmployment:
    """One job in a working life. A present one's employer becomes an organisation; a past one's is linked if known."""

    organisation_name: str = ""
    organisation: UUID | None = None
    title: str = ""
    started_on: date | None = None
    ended_on: date | None = None
    present: bool = False
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """A person to add, and what is known of them. ``key`` is given where the caller needs the same key each time.

    ``custom`` has texts by the slug of an added field, ``uses`` whether an address is personal or work,
    ``added_at`` when another system knew them first, ``source`` where the details below came from.
    """

    name: str
    identifiers: tuple[Identifier, ...] = ()
    roles: tuple[PersonRole, ...] = ()
    headline: str = ""
    city: str = ""
    country: str = ""
    organisation: UUID | None = None
    key: UUID | None = None
    employments: tuple[NewEmployment, ...] = ()
    skills: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    custom: Mapping[str, str] = field(default_factory=dict)
    uses: Mapping[Identifier, AddressUse] = field(default_factory=dict)
    openness: Openness | None = None
    not_before: date | None = None
    available_from: date | None = None
    notice_weeks: int | None = None
    origin: Origin | None = None
    origin_detail: str = ""
    owner_key: UUID | None = None
    confidential: bool = False
    do_not_send: tuple[UUID, ...] = ()
    source: str = ""
    added_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrganisation:
    """An organisation to add. ``identifiers`` are (scheme, value): ``domain`` or ``id`` (``bullhorn:4711``)."""

    name: str
    city: str = ""
    is_client: bool = False
    key: UUID | None = None
    country: str = ""
    website: str = ""
    industry: str = ""
    phone: str = ""
    about: str = ""
    stage: ClientStage | None = None
    owner_key: UUID | None = None
    own: bool = False
    source: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person as lists show one. What tells of a hidden candidate side is None."""

    key: UUID
    name: str
    headline: str
    city: str
    organisation: str
    roles: tuple[PersonRole, ...]
    last_touch_at: datetime | None = None
    last_inbound_at: datetime | None = None
    touches: int | None = 0
    openness: Openness | None = None
    owner_key: UUID | None = None
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class PartyName:
    """Whom an outcome concerns, as the viewer may know it; ``key`` only where their record is open to the viewer."""

    name: str
    key: UUID | None


class ListOrder(StrEnum):
    """By what a list of people is sorted. Each is a fact one can name, never a score."""

    NAME = "name"
    ADDED = "added"
    CONTACTED = "contacted"
    SIGNAL = "signal"


@dataclass(frozen=True, slots=True)
class PeopleList:
    """One page of people and how many there are, counted up to 10,000; ``order`` is the one it is in."""

    rows: tuple[PersonCard, ...]
    older: str | None
    count: int
    counted_all: bool
    order: ListOrder = ListOrder.NAME


@dataclass(frozen=True, slots=True)
class Found:
    """People by identifier, and how many of them were added just now."""

    keys: Mapping[Identifier, UUID]
    added: int


@dataclass(frozen=True, slots=True)
class FoundPeople:
    """One key for each person looked for, in order (None: their addresses lead to two people, or they were erased).

    ``conflicts`` has those two by position, ``changed`` the positions of people who were added or got an address,
    ``erased`` those of people who were erased before and are not added again.
    """

    keys: tuple[UUID | None, ...]
    added: int
    conflicts: Mapping[int, tuple[UUID, UUID]]
    changed: frozenset[int]
    erased: frozenset[int] = frozenset()


class PersonNotFound(NotFound):
    """Missing, erased, or not yours: from outside the same."""


class ErasedBefore(FourfoldError):
    """Somebody who was erased is not added again by itself."""


class MergeRefused(FourfoldError):
    """Two records that can't be made one."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a record that is known lacks, by column."""

    name: str
    columns: frozenset[str]


@dataclass(frozen=True, slots=True)
class Leaving:
    """One person on the way out of the house, with what the viewer may see of the record."""

    key: UUID
    name: str
    headline: str
    city: str
    country: str
    organisation: str
    organisation_key: UUID | None
    roles: tuple[str, ...]
    identifiers: tuple[tuple[Scheme, str], ...]
    skills: tuple[str, ...]
    tags: tuple[str, ...]
    available_from: date | None
    origin_detail: str
    owner_key: UUID | None
    added_at: datetime
    merged_into: UUID | None
    candidate_side: bool


@dataclass(frozen=True, slots=True)
class Filled:
    """What an import filled in on a record that was there before: columns, addresses and jobs."""

    columns: Mapping[str, str] = field(default_factory=dict)
    identifiers: tuple[Identifier, ...] = ()
    jobs: tuple[tuple[str, str, str], ...] = ()
    """(employer, title, first day or "")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHotList:
    """A hot list to fill: its name, whose it is, and who is on it."""

    name: str
    owner_key: UUID
    members: tuple[UUID, ...]
