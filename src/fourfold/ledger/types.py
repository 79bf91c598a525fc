"""The ledger's door: the six kinds of fact and what posting them answers. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from fourfold.base.errors import FourfoldError
from fourfold.evidence.types import Basis, OutcomeKind, Side
from fourfold.evidence.types import FactKind as Kind

__all__ = ["Basis", "Kind", "OutcomeKind", "Side"]  # the words of facts; evidence owns them, this door hands them on


class Channel(StrEnum):
    """Where a touch happened. A channel that is none of these is ``other`` and keeps its name in ``asset``."""

    EMAIL = "email"
    PHONE = "phone"
    SMS = "sms"
    LINKEDIN = "linkedin"
    SOCIAL = "social"
    EVENT = "event"
    JOB_BOARD = "job_board"
    REFERRAL = "referral"
    WEB = "web"
    IN_PERSON = "in_person"
    OTHER = "other"


class Direction(StrEnum):
    OUT = "out"  # from the house
    IN = "in"  # from the person


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What every fact says. ``occurred_at`` is aware; ``source_ref`` is unique within ``source``.

    ``source_ref`` is kept as a keyed hash; its raw text stands in a table of its own that can be erased.
    """

    kind: ClassVar[Kind]

    source: str
    source_ref: str
    occurred_at: datetime
    office: str | None = None
    brand: str | None = None

    def __post_init__(self) -> None:
        if self.occurred_at.tzinfo is None:
            raise ValueError(f"occurred_at needs a time zone: {self.occurred_at!r}")
        if not self.source or not self.source_ref:
            raise ValueError("a fact needs a source and a source_ref")

    def content(self) -> dict[str, Any]:
        """The columns that make this fact what it is: all but its source and reference."""
        return {name: getattr(self, name) for name in _CONTENT[self.kind]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch(Fact):
    """One interaction between the house and a person. ``machine`` marks scanners and other robots."""

    kind: ClassVar[Kind] = Kind.TOUCH

    person_key: UUID
    channel: str
    action: str = "touch"
    direction: str = Direction.OUT
    organisation: UUID | None = None
    team: str | None = None
    actor: str | None = None
    campaign: str | None = None
    theme: str | None = None
    stream: str | None = None
    desk: str | None = None
    job: str | None = None
    asset: str | None = None
    machine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Fact):
    """One of the 4Cs. ``value_minor`` (minor units of ``currency``) stands here once, whoever it concerns.

    ``placement`` groups the cash rows of one placement: it counts once, its value is their sum.
    """

    kind: ClassVar[Kind] = Kind.OUTCOME

    outcome_kind: str
    basis: str | None = None
    value_minor: int | None = None
    currency: str | None = None
    engagement: str | None = None
    organisation: UUID | None = None
    desk: str | None = None
    team: str | None = None
    actor: str | None = None
    job: str | None = None
    placement: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party(Fact):
    """Whom an outcome concerns, and on which side. ``outcome`` is the outcome's fact id."""

    kind: ClassVar[Kind] = Kind.PARTY

    outcome: UUID
    person_key: UUID
    side: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend(Fact):
    """Money (or costed time) that went out, for the days ``from_date`` to ``to_date``, both included."""

    kind: ClassVar[Kind] = Kind.SPEND

    from_date: date
    to_date: date
    channel: str
    amount_minor: int
    currency: str
    campaign: str | None = None
    theme: str | None = None
    stream: str | None = None
    desk: str | None = None
    team: str | None = None
    budget_line: str | None = None
    decided_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation(Fact):
    """The draw of an experiment: which arm ``unit`` (a person, an organisation or a job) fell into."""

    kind: ClassVar[Kind] = Kind.ALLOCATION

    person_key: UUID
    unit: str
    experiment: str
    arm: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity(Fact):
    """``person_key`` is the same human as ``into_key``, which stays. Its void is the un-merge."""

    kind: ClassVar[Kind] = Kind.IDENTITY

    person_key: UUID
    into_key: UUID


_CONTENT: dict[Kind, tuple[str, ...]] = {
    fact_type.kind: tuple(f.name for f in fields(fact_type) if f.name not in {"source", "source_ref"})
    for fact_type in Fact.__subclasses__()
}


@dataclass(frozen=True, slots=True)
class Changed:
    """A fact that was not posted: the same reference stands in the ledger with other content."""

    index: int
    source_ref: str
    reason: str = "changed since it was imported; import with --correct to replace it"


@dataclass(frozen=True, slots=True)
class Posted:
    """What one posting did. ``fact_ids`` has one id per given fact, in the order given (None: rejected);
    ``written`` the positions of those that were not there before.
    """

    new: int = 0
    unchanged: int = 0
    corrected: int = 0
    changed: tuple[Changed, ...] = ()
    fact_ids: tuple[UUID | None, ...] = ()
    written: tuple[int, ...] = ()


class FactRefused(FourfoldError):
    """A fact that the ledger can't hold."""


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One row of a person's timeline: a touch, or an outcome the person was party to. Newest first."""

    fact_id: UUID
    kind: Kind
    person_key: UUID
    occurred_at: datetime
    title: str
    channel: str | None
    action: str | None
    direction: str | None
    actor: str | None
    campaign: str | None
    desk: str | None
    side: str | None
    value_minor: int | None
    currency: str | None
    machine: bool
    source: str
    batch: UUID
    asset: str | None = None
    engagement: str | None = None


@dataclass(frozen=True, slots=True)
class TalkRow:
    """One word between the house and a person, from whichever source, as the gate of the contact policy counts it."""

    occurred_at: datetime
    channel: str
    direction: str
    action: str
    actor: str | None
    campaign: str | None
    source: str


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One outcome and whom it concerns: ``parties`` are (side, person key)."""

    fact_id: UUID
    occurred_at: datetime
    kind: str
    basis: str | None
    value_minor: int | None
    currency: str | None
    engagement: str | None
    desk: str | None
    actor: str | None
    placement: str | None
    organisation: UUID | None
    parties: tuple[tuple[str, UUID], ...]
    source: str
    batch: UUID


@dataclass(frozen=True, slots=True)
class SpendRow:
    """Money that went out for the days ``from_date`` to ``to_date``, both included; minor units."""

    fact_id: UUID
    from_date: date
    to_date: date
    channel: str
    campaign: str | None
    desk: str | None
    amount_minor: int
    currency: str
    decided_by: str | None
    source: str
    batch: UUID


@dataclass(frozen=True, slots=True)
class SpendStanding:
    """Spend as an import compares it: all that it says, and the keyed hash of the reference it is known by."""

    source: str
    ref_hash: str
    from_date: date
    to_date: date
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """One keyset page. ``older`` and ``newer`` are cursors for the neighbouring pages, or None."""

    rows: tuple[Any, ...]
    older: str | None = None
    newer: str | None = None


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """What the ledger keeps per person so that lists and audiences need not count touches."""

    person_key: UUID
    touches: int = 0
    last_touch_at: datetime | None = None
    last_contacted_at: datetime | None = None
    last_inbound_at: datetime | None = None
    clicks_at: tuple[datetime, ...] = field(default=())
