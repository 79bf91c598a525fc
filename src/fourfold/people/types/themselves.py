"""What people see of their own record and do to it themselves, through a link that was sent to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from fourfold.people.types.people import Origin
from fourfold.people.types.privacy import NoticeFacts, Purpose, Standing, SubscriptionRow


@dataclass(frozen=True, slots=True)
class Proof:
    """By what somebody is known to have said something themselves: where they said it, and what proves it."""

    source: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRecord:
    """What the house holds of one human, as they themselves may see it: all of it, whoever they work for.

    ``key`` is of the record that stays, ``family`` has it and those merged into it.
    """

    key: UUID
    family: tuple[UUID, ...]
    name: str
    city: str
    organisation: str
    owner_key: UUID | None
    origin: Origin | None
    origin_detail: str
    added_at: datetime
    standing: Standing
    notice: NoticeFacts | None
    best_time: str = ""
    language: str = ""
    subscriptions: tuple[SubscriptionRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWishes:
    """Everything the form of the preference centre says. What it doesn't offer stays as it is.

    ``wanted`` and ``unwanted`` are purposes, ``ways`` and ``closed`` channels that may and may not be used;
    ``rhythms`` has the rhythm of each subscription by topic, "" to end it.
    """

    wanted: frozenset[Purpose]
    unwanted: frozenset[Purpose]
    ways: frozenset[str]
    closed: frozenset[str]
    calls: bool
    not_at_work: bool
    best_time: str = ""
    language: str = ""
    paused_until: date | None = None
    rhythms: Mapping[str, str] = field(default_factory=dict)


class OwnChange(StrEnum):
    """What changed when somebody saved their wishes; the value beside it names the purpose, channel, topic or day."""

    STOPPED = "stopped"
    ALLOWED = "allowed"
    CLOSED = "closed"
    OPENED = "opened"
    NO_CALLS = "no_calls"
    CALLS = "calls"
    NOT_AT_WORK = "not_at_work"
    AT_WORK = "at_work"
    PAUSED = "paused"
    UNPAUSED = "unpaused"
    RHYTHM = "rhythm"
    ENDED = "ended"
    BEST_TIME = "best_time"
    LANGUAGE = "language"


Changes = tuple[tuple[OwnChange, str], ...]
