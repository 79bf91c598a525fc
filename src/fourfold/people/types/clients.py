"""Clients: how far we are with an organisation, and what it agreed to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from fourfold.base.errors import FourfoldError


class ClientStage(StrEnum):
    """How far we are with an organisation. A dormant one that gives a job again counts as a client again."""

    TARGET = "target"
    MET = "met"
    TERMS_SENT = "terms_sent"
    ACCEPTED = "accepted"
    FIRST_JOB = "first_job"
    REPEAT = "repeat"
    DORMANT = "dormant"


GUARDING_STAGES = (ClientStage.ACCEPTED, ClientStage.FIRST_JOB, ClientStage.REPEAT, ClientStage.DORMANT)
"""From here on the candidate side of an organisation's people is guarded."""

DORMANT_MONTHS = 24


class TermsState(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REPLACED = "replaced"


class FeeBasis(StrEnum):
    """What a fee is taken of: a permanent hire's first-year pay, a retained search, or a contractor's charge."""

    PERMANENT = "permanent"
    RETAINED = "retained"
    CONTRACT = "contract"


class JobLeadState(StrEnum):
    OPEN = "open"
    PURSUED = "pursued"
    DROPPED = "dropped"
    BECAME_JOB = "became_job"


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A value of a field the house added."""

    slug: str
    label: str
    text: str
    is_link: bool


@dataclass(frozen=True, slots=True)
class Band:
    """What is charged within a band of pay, both in minor units; ``to_minor`` None is open. A share in hundredths of a
    percent (2,500 is 25 %), or a sum. A contract's share is of the charge, a retained search's of first-year pay.
    """

    basis: FeeBasis
    from_minor: int
    to_minor: int | None
    percent_hundredths: int | None = None
    amount_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Rebate:
    """What share of the fee (hundredths of a percent) comes back if the person leaves within so many weeks."""

    within_weeks: int
    percent_hundredths: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsDraft:
    """A version of terms, before it is sent. Amounts are in minor units of ``currency``."""

    currency: str
    bands: tuple[Band, ...]
    rebates: tuple[Rebate, ...] = ()
    payment_days: int | None = None
    introduction_months: int | None = None
    guarantee_condition: str = ""
    off_limits: bool = False
    off_limits_months: int | None = None
    off_limits_clause: str = ""
    psl: str = ""
    exclusive: bool = False
    notes: str = ""
    brand: str = ""
    commercial_client: str = ""
    invoice_to: str = ""
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class TermsRow:
    """One version of a client's terms."""

    key: UUID
    organisation_key: UUID
    organisation: str
    version: int
    state: TermsState
    draft: TermsDraft
    document: UUID | None
    sent_at: datetime | None
    sent_to: str
    accepted_at: datetime | None
    accepted_by: str
    accepted_how: str
    made_by: str
    made_at: datetime


class TermsStanding(StrEnum):
    """How we stand with an organisation; nothing but accepted terms that have not ended is safe to work on."""

    NONE = "none"
    DRAFTED = "drafted"
    SENT = "sent"
    ACCEPTED = "accepted"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class JobLeadRow:
    """A vacancy heard of, not yet a job."""

    key: UUID
    organisation_key: UUID | None
    organisation: str
    title: str
    note: str
    url: str
    heard_from: str
    state: JobLeadState
    state_why: str
    owner: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJobLead:
    title: str
    organisation: UUID | None = None
    note: str = ""
    url: str = ""
    heard_from: UUID | None = None
    owner_key: UUID | None = None
    source: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Gain:
    """What a happily employed person would gain at a client, in their words, and what it can be proved with."""

    gain: str
    their_words: str = ""
    evidence: str = ""
    evidence_url: str = ""


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A client's value proposition, one version of it."""

    version: int
    in_short: str
    gains: tuple[Gain, ...]
    not_to_promise: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation as lists show one."""

    key: UUID
    name: str
    city: str
    industry: str
    stage: ClientStage | None
    is_client: bool
    own: bool
    owner: str
    people: int | None = None
    terms: TermsStanding = TermsStanding.NONE


@dataclass(frozen=True, slots=True)
class OrganisationList:
    """One page of organisations by name, with how many there are of each stage."""

    rows: tuple[OrganisationRow, ...]
    older: str | None
    count: int
    by_stage: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class StageRow:
    stage: ClientStage
    at: datetime
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """Everything an organisation's own page shows of it."""

    row: OrganisationRow
    website: str
    phone: str
    country: str
    about: str
    owner_key: UUID | None
    stages: tuple[StageRow, ...]
    terms: tuple[TermsRow, ...]
    leads: tuple[JobLeadRow, ...]
    value: ValueRow | None
    tags: tuple[str, ...]
    added_at: datetime
    hires_under: tuple[TermsRow, ...] = ()
    fields: tuple[FieldRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationChange:
    """What the form of an organisation says."""

    name: str
    city: str = ""
    country: str = ""
    industry: str = ""
    website: str = ""
    phone: str = ""
    about: str = ""
    owner_key: UUID | None = None
    own: bool = False
    tags: tuple[str, ...] = ()
    custom: tuple[tuple[str, str], ...] = ()


class ClientRefused(FourfoldError):
    """Something that can't be done with a client or its terms."""
