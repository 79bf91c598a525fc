"""What is put into this room, and what it hands out: frozen rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from fourfold.base.errors import FourfoldError
from fourfold.jobs.types.words import (
    Calibre,
    CloseReason,
    Ended,
    Engaged,
    Grade,
    HiringRole,
    JobKind,
    JobStatus,
    Need,
    Origin,
    PayPer,
    Stage,
    Workplace,
)


class JobRefused(FourfoldError):
    """Something that can't be done with a job."""


class ApplicationRefused(FourfoldError):
    """Something that can't be done with an application."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One requirement of a job: a must or a wish."""

    need: Need
    text: str


@dataclass(frozen=True, slots=True)
class Gained:
    """What a happily employed person would gain in a job, in their words or with what shows it."""

    gain: str
    their_words: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobChange:
    """What the form of a job says. Amounts are in minor units of ``currency``, shares in hundredths of a percent.

    ``organisation`` is None for a new client, whom the deed is told by name.
    """

    title: str
    organisation: UUID | None
    kind: JobKind
    engaged: Engaged = Engaged.CONTINGENT
    for_ourselves: bool = False
    agencies: int | None = None
    exclusive_until: date | None = None
    vms_reference: str = ""
    vms_fee_hundredths: int | None = None
    bars_contact: bool = False
    fee_hundredths: int | None = None
    fee_minor: int | None = None
    fee_exception: str = ""
    retained: tuple[tuple[str, int], ...] = ()
    openings: int = 1
    slots_booked: bool = False
    manager_met_on: date | None = None
    pay_is_real: bool | None = None
    currency: str = "GBP"
    pay_from_minor: int | None = None
    pay_to_minor: int | None = None
    pay_per: PayPer = PayPer.YEAR
    pay_shown: bool = True
    charge_minor: int | None = None
    benefits: str = ""
    calibre: Calibre = Calibre.UPPER_HALF
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    workplace: Workplace = Workplace.ON_SITE
    description: str = ""
    in_short: str = ""
    gains: tuple[Gained, ...] = ()
    not_to_promise: str = ""
    wanted: tuple[Wanted, ...] = ()
    start_wanted_on: date | None = None
    desk: str = ""
    office: str = ""
    brand: str = ""
    team: str = ""
    owner_key: UUID | None = None
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class JobCard:
    """A job as lists and boards show it. ``waiting`` counts people who are owed an answer."""

    key: UUID
    reference: str
    slug: str
    title: str
    organisation_key: UUID
    organisation: str
    kind: JobKind
    engaged: Engaged
    status: JobStatus
    grade: Grade
    desk: str
    city: str
    owner_key: UUID | None
    owner: str
    openings: int
    opened_at: datetime | None
    next_step: str
    published: bool
    people: int = 0
    submitted: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class StageStep:
    """A stage as the house calls it, in order."""

    slug: str
    name: str
    stage: Stage
    place: int = 0
    used: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NewApplication:
    """Somebody's progress on a job begins. ``step`` is a stage of the house, or the one that fits the origin."""

    job: UUID
    person_key: UUID
    origin: Origin
    step: str = ""
    channel: str = ""
    board: str = ""
    advert: UUID | None = None
    referred_by: UUID | None = None
    owner_key: UUID | None = None
    cv_file: UUID | None = None
    words: str = ""
    began_at: datetime | None = None
    source: str = ""
    source_ref: str = ""


@dataclass(frozen=True, slots=True)
class Began:
    """An application, and whether it is new: the same person on the same job is one."""

    key: UUID
    new: bool


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """One application as boards and lists show it."""

    key: UUID
    job_key: UUID
    job: str
    job_reference: str
    organisation_key: UUID
    organisation: str
    person_key: UUID
    person: str
    headline: str
    step: str
    stage: Stage
    stage_at: datetime
    origin: Origin
    board: str
    owner_key: UUID | None
    owner: str
    began_at: datetime
    owed_since: datetime | None
    ended: Ended | None
    ended_at: datetime | None
    next_interview: datetime | None = None
    submitted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One step in an application's history."""

    at: datetime
    step: str
    stage: Stage
    ended: Ended | None
    why: str
    by: str


@dataclass(frozen=True, slots=True)
class StatusRow:
    at: datetime
    status: JobStatus
    why: str
    by: str


@dataclass(frozen=True, slots=True)
class HiringRow:
    """Somebody who hires: a person of theirs, or a colleague."""

    key: int
    role: HiringRole
    name: str
    person_key: UUID | None
    user_key: UUID | None


@dataclass(frozen=True, slots=True)
class AdvertRow:
    """A posting: how many applied through it and were submitted; ``cost_each_minor`` is its cost per submission."""

    key: UUID
    board: str
    reference: str
    url: str
    posted_on: date
    expires_on: date | None
    taken_down_on: date | None
    slot: str
    cost_minor: int | None
    currency: str
    applicants: int
    submissions: int

    @property
    def cost_each_minor(self) -> int | None:
        return round(self.cost_minor / self.submissions) if self.cost_minor and self.submissions else None


@dataclass(frozen=True, slots=True)
class GradeReason:
    """One of the four reasons for a grade: what it is about, whether it is so, and what shows it."""

    code: str
    holds: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Graded:
    grade: Grade
    reasons: tuple[GradeReason, ...]


@dataclass(frozen=True, slots=True)
class JobPage:
    """Everything a job's own page shows of it."""

    card: JobCard
    change: JobChange
    lead_key: UUID | None
    graded: Graded
    statuses: tuple[StatusRow, ...]
    hiring: tuple[HiringRow, ...]
    adverts: tuple[AdvertRow, ...]
    by_step: tuple[tuple[StageStep, int], ...]
    ended: int
    waiting: int
    authority: str
    authority_at: datetime | None
    published_at: datetime | None
    apply_until: date | None
    close_reason: CloseReason | None
    ended_at: datetime | None
    terms_key: UUID | None
    added_by: str = ""
    added_at: datetime | None = None
    retained_due: tuple[tuple[str, int, date | None], ...] = field(default=())
