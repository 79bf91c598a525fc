"""How applicants get in: what a public page shows and takes, and what a job board's mail says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from fourfold.base.errors import FourfoldError
from fourfold.jobs.types.rows import Gained
from fourfold.jobs.types.words import IntakeState, JobKind, Origin, PayPer, Workplace


class IntakeRefused(FourfoldError):
    """A mail, a rule or an application that can't be taken as given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicJob:
    """A published job as everybody may see it. Pay is None where it isn't shown, ``client`` "" where it isn't named.

    ``open`` is False once it is closed, no longer published, or past its last day: then it takes no applications.
    """

    key: UUID
    reference: str
    slug: str
    title: str
    kind: JobKind
    client: str
    for_ourselves: bool
    city: str
    region: str
    postcode: str
    country: str
    workplace: Workplace
    in_short: str
    description: str
    gains: tuple[Gained, ...]
    musts: tuple[str, ...]
    wishes: tuple[str, ...]
    currency: str
    pay_from_minor: int | None
    pay_to_minor: int | None
    pay_per: PayPer
    benefits: str
    published_at: datetime | None
    apply_until: date | None
    start_wanted_on: date | None
    open: bool


@dataclass(frozen=True, slots=True)
class PublicJobs:
    """One page of published jobs, the newest first."""

    rows: tuple[PublicJob, ...]
    older: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """Whether a job is on the public pages and until when; ``authority`` is on whose word, "" without any."""

    published_at: datetime | None
    apply_until: date | None
    client_named: bool
    authority: str
    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Somebody who applies, as they or a board say. ``cv`` is a file's name and bytes, ``upload`` one that waits here.

    ``keep_wording`` is the version of the text under which they want to be told of other jobs, "" if they don't;
    ``notice`` the version of what they were told. ``proof`` says where and when, for the consent ledger.
    """

    name: str
    email: str = ""
    phone: str = ""
    words: str = ""
    cv: tuple[str, bytes] | None = None
    upload: tuple[str, UUID] | None = None
    origin: Origin = Origin.APPLIED
    channel: str = "web"
    board: str = ""
    advert: UUID | None = None
    keep_wording: str = ""
    notice: str = ""
    proof: str = ""
    began_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailText:
    """A mail as rules read it. ``sender`` and ``sender_name`` are of From; ``fields`` its header fields by name."""

    sender: str
    sender_name: str = ""
    subject: str = ""
    text: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRead:
    """What a board's mail says of an applicant; "" where it doesn't."""

    board: str
    name: str = ""
    email: str = ""
    phone: str = ""
    reference: str = ""
    title: str = ""
    words: str = ""
    answers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LearntRule:
    """Where the values stand in the mails of a sender's domain: by value, the label before it or the line above it.

    ``domain`` is a whole address where the domain is a provider's of free mail.

    A place is ("label", "Candidate"), ("below", "Applicant details") or ("sender", "").
    """

    board: str
    domain: str
    places: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardMailRow:
    """A mail from a job board, and what became of it. ``person`` and keys are left out where not open to the viewer."""

    key: UUID
    board: str
    state: IntakeState
    subject: str
    from_address: str
    why: str
    arrived_at: datetime
    read: BoardRead
    has_cv: bool
    person: str = ""
    application_key: UUID | None = None
    job: str = ""
    settled_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardMailPage:
    """One mail with its words, line by line, and what a first look takes each value to be."""

    row: BoardMailRow
    text: str
    lines: tuple[str, ...]
    guess: Mapping[str, int]
    sender_name: str = ""


@dataclass(frozen=True, slots=True)
class BoardMailList:
    rows: tuple[BoardMailRow, ...]
    older: str | None
    waiting: int
