"""What is looked at before a CV goes to a client, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from fourfold.base.errors import FourfoldError
from fourfold.jobs.types.words import Feedback, SubmissionState


class SubmissionRefused(FourfoldError):
    """A CV that can't go to this client."""


class Item(StrEnum):
    """What is looked at before a CV goes to a client."""

    AGREED = "agreed"
    NOT_EMPLOYER = "not_employer"
    ALLOWED = "allowed"
    NOT_INTRODUCED = "not_introduced"
    TERMS = "terms"


class Weight(StrEnum):
    GOOD = "good"
    WARNS = "warns"
    STOPS = "stops"


@dataclass(frozen=True, slots=True)
class Looked:
    """One thing that was looked at: how it stands, and what shows it."""

    item: Item
    weight: Weight
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionFacts:
    """All that the check list rests on, as plain values."""

    agreed_at: datetime | None = None
    agreed_how: str = ""
    is_employer: bool = False
    on_their_list: bool = False
    introduced_at: datetime | None = None
    introduced_by: str = ""
    terms: str = "none"


@dataclass(frozen=True, slots=True)
class Stripped:
    """A CV's text without ways to reach the person, and how many were taken out."""

    text: str
    taken_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SentProfile:
    """One version of a profile as a client was sent it; ``person`` is "" where it went without the name."""

    submission: SubmissionRow
    person: str
    brand: str
    headline: str
    text: str
    text_hash: str
    version: int


@dataclass(frozen=True, slots=True)
class SubmissionRow:
    """A CV that went to a client, and what they said."""

    key: UUID
    application_key: UUID | None
    job_key: UUID | None
    job: str
    person_key: UUID
    person: str
    organisation_key: UUID
    organisation: str
    contact_key: UUID
    contact: str
    state: SubmissionState
    profile_version: int | None
    anonymous: bool
    sent_at: datetime
    feedback_due_at: datetime | None
    feedback: Feedback | None
    feedback_words: str
    feedback_at: datetime | None
    chases: int
    by: str
    terms: str


@dataclass(frozen=True, slots=True)
class IntroductionRow:
    """Proof of an introduction: who, to whom, which version, when."""

    key: UUID
    organisation_key: UUID
    organisation: str
    contact: str
    job: str
    profile_version: int | None
    profile_hash: str
    terms: str
    how: str
    by: str
    introduced_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ResponseTime:
    """How fast a client answers CVs: the median of working days from sending to their word, over ``n`` CVs."""

    median_days: float | None
    n: int
    open: int
    late: int


@dataclass(frozen=True, slots=True)
class AnswerTextRow:
    """An answer as the house words it."""

    key: UUID
    slug: str
    version: int
    reason: str
    ended: str
    for_seen: bool
    subject: str
    text: str
    place: int
    used: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of answers that were asked for: on their way, and who could not be reached by mail."""

    sent: int
    not_reached: tuple[UUID, ...] = ()
