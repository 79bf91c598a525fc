"""Jobs, applications, submissions and placements that another system knew: what is told of each, and what came of it.

``source`` and ``source_ref`` are the system and the row's id there: the same row again is the same thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from fourfold.jobs.types.placing import AssignmentChange, SplitPart
from fourfold.jobs.types.words import (
    CloseReason,
    Ended,
    JobKind,
    JobStatus,
    PayPer,
    PlacementState,
    Stage,
    Workplace,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingJob:
    """A job of another system. ``said`` is its status there, kept in its history; ``reference`` is that system's."""

    source: str
    source_ref: str
    reference: str
    title: str
    organisation: UUID
    kind: JobKind
    status: JobStatus
    said: str
    opened_at: datetime
    ended_at: datetime | None = None
    close_reason: CloseReason | None = None
    lead: UUID | None = None
    openings: int = 1
    currency: str = "GBP"
    pay_from_minor: int | None = None
    pay_to_minor: int | None = None
    pay_per: PayPer = PayPer.YEAR
    charge_minor: int | None = None
    fee_hundredths: int | None = None
    city: str = ""
    postcode: str = ""
    country: str = ""
    workplace: Workplace = Workplace.ON_SITE
    description: str = ""
    benefits: str = ""
    start_wanted_on: date | None = None
    desk: str = ""
    owner_key: UUID | None = None
    hiring_manager: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingApplication:
    """Somebody's progress on a job there. ``stage_at`` is the last that was heard of it, ``said`` its status there."""

    source: str
    source_ref: str
    job: UUID
    person: UUID
    stage: Stage
    began_at: datetime
    stage_at: datetime
    said: str = ""
    ended: Ended | None = None
    owner_key: UUID | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingSubmission:
    """A CV that was sent there to one contact of a client; without a job it was sent on spec."""

    source: str
    source_ref: str
    person: UUID
    organisation: UUID
    contact: UUID
    sent_at: datetime
    job: UUID | None = None
    by: str = ""
    by_key: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingPlacement:
    """Somebody who was placed there. ``said`` is its status there; a split is whole or empty."""

    source: str
    source_ref: str
    job: UUID
    person: UUID
    state: PlacementState
    accepted_on: date
    said: str = ""
    start_on: date | None = None
    left_on: date | None = None
    left_why: str = ""
    pay_minor: int | None = None
    per: PayPer = PayPer.YEAR
    currency: str = "GBP"
    fee_minor: int | None = None
    fee_hundredths: int | None = None
    guarantee_ends_on: date | None = None
    owner_key: UUID | None = None
    assignment: AssignmentChange | None = None
    finished_on: date | None = None
    split: tuple[SplitPart, ...] = ()


@dataclass(frozen=True, slots=True)
class CameOver:
    """What a row became: a new thing, or one that was here."""

    key: UUID
    new: bool
