"""What a person's record holds beside the name, as their page shows it; and how it is changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from fourfold.base.errors import FourfoldError
from fourfold.people.types.clients import FieldRow
from fourfold.people.types.people import AddressUse, Identifier, Openness, Origin, PersonCard, PersonRole, Scheme


@dataclass(frozen=True, slots=True)
class AddressRow:
    """An address or id of a person. ``key`` is the row's, for deeds on it."""

    key: int
    scheme: Scheme
    value: str
    use: AddressUse | None
    main: bool
    verified_on: date | None
    bouncing_since: date | None


@dataclass(frozen=True, slots=True)
class RoleRow:
    """What a person is to the house, since when, and who owns this side of them."""

    role: PersonRole
    owner_key: UUID | None
    since: date | None
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job of a working life, newest first."""

    key: int
    organisation: str
    organisation_key: UUID | None
    title: str
    started_on: date | None
    ended_on: date | None
    present: bool


@dataclass(frozen=True, slots=True)
class NotToRow:
    """An organisation that a CV must not go to. ``key`` is None for the own employer, who always is one."""

    key: int | None
    organisation: str
    organisation_key: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What the records of one person hold, as far as the viewer may see."""

    addresses: tuple[AddressRow, ...] = ()
    roles: tuple[RoleRow, ...] = ()
    jobs: tuple[JobRow, ...] = ()
    skills: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    fields: tuple[FieldRow, ...] = ()
    not_to: tuple[NotToRow, ...] = ()
    let_in: tuple[UUID, ...] = ()
    lists: tuple[tuple[UUID, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything a person's own page shows of the person."""

    card: PersonCard
    merged: tuple[PersonCard, ...]
    organisation_key: UUID | None
    added_at: datetime
    sees_candidate_side: bool
    profile: Profile
    country: str = ""
    not_before: date | None = None
    available_from: date | None = None
    notice_weeks: int | None = None
    origin: Origin | None = None
    origin_detail: str = ""

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        """The addresses as others look for them."""
        return tuple(Identifier(one.scheme, one.value) for one in self.profile.addresses)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChange:
    """What the form of a person's record says. Candidate-side values are left alone where that side is hidden."""

    name: str
    headline: str = ""
    city: str = ""
    country: str = ""
    organisation: str = ""
    owner_key: UUID | None = None
    tags: tuple[str, ...] = ()
    openness: Openness | None = None
    not_before: date | None = None
    available_from: date | None = None
    notice_weeks: int | None = None
    skills: tuple[str, ...] = ()
    origin: Origin | None = None
    origin_detail: str = ""
    custom: tuple[tuple[str, str], ...] = field(default=())


class ChangeRefused(FourfoldError):
    """A change of a record that can't be made."""


class AddressTaken(FourfoldError):
    """An address that another record already has: the two are perhaps one human."""
