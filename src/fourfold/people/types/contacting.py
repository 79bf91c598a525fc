"""What the gate of the contact policy asks about people: plain values, many people in one call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from fourfold.people.types.people import AddressUse, Identifier, Origin, PersonRole
from fourfold.people.types.privacy import NoticeState, Standing, SuppressionKind


@dataclass(frozen=True, slots=True)
class AddressFacts:
    """One address of somebody: its keyed hash, whose it is, and what stands against it."""

    identifier: Identifier
    value_hash: str
    use: AddressUse | None
    main: bool
    bouncing: bool
    against: frozenset[SuppressionKind]


@dataclass(frozen=True, slots=True)
class EmployerFacts:
    """A present employer, and what our terms with it say. ``off_limits`` is the clause, ``until`` its last day.

    ``accepted_on``: since when terms stand, None where none do.
    """

    key: UUID
    name: str
    own: bool
    accepted_on: date | None = None
    off_limits: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """What people know of one human, over all records that are one with theirs: ``key`` is the one that stays.

    ``erased``: the key means nobody any more, or an address is that of somebody who was erased.
    """

    key: UUID
    family: tuple[UUID, ...]
    name: str
    erased: bool
    roles: frozenset[PersonRole]
    origin: Origin | None
    origin_detail: str
    added_at: datetime | None
    country: str
    place: tuple[float, float] | None
    addresses: tuple[AddressFacts, ...]
    employers: tuple[EmployerFacts, ...]
    standing: Standing | None
    assessed: bool
    notice: NoticeState | None
    notice_due_at: datetime | None
    subscriptions: frozenset[str]
    owner_key: UUID | None = None
