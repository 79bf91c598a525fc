"""Records that look like one human: what the matcher reads, what it finds, what the queue shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fourfold.people.types.people import PersonRole


@dataclass(frozen=True, slots=True)
class MatchRow:
    """What of a record is compared with others. ``changed``: since the last look."""

    key: UUID
    given: str
    family: str
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    city: str
    organisation: str
    headline: str
    changed: bool


@dataclass(frozen=True, slots=True)
class FoundPair:
    """Two records that look like one human: how likely, on which level each column agrees, and of what."""

    one: UUID
    other: UUID
    probability: float
    reasons: tuple[tuple[str, int], ...]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class MatchRunRow:
    """One look for records of one human. ``weights`` are what it learnt, as JSON can hold it."""

    key: UUID
    asked_at: datetime
    asked_by: str
    whole: bool
    started_at: datetime | None
    finished_at: datetime | None
    upto: datetime | None
    people: int
    compared: int
    suggested: int
    weights: dict[str, object]
    failed: str


@dataclass(frozen=True, slots=True)
class PairSide:
    """One of the two records, as the queue shows it."""

    key: UUID
    name: str
    headline: str
    city: str
    organisation: str
    roles: tuple[PersonRole, ...]
    addresses: tuple[str, ...]
    added_at: datetime
    touches: int
    last_touch_at: datetime | None
    objected: bool


@dataclass(frozen=True, slots=True)
class PairPage:
    """The pair to decide on now, and how many wait (counted up to 1,000)."""

    key: int
    left: PairSide
    right: PairSide
    reasons: tuple[tuple[str, int], ...]
    probability: float
    found_at: datetime
    next_key: int | None
