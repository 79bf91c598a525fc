"""What is counted of jobs and of everybody's progress: which rows, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from fourfold.base.clock import day_start
from fourfold.jobs.types.rows import JobCard
from fourfold.jobs.types.words import Grade, Origin, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """Whose work is counted: of these desks, of this colleague, or (both given) of either; neither is the whole house.

    ``engagement``: permanent, retained or contract (temporary work with it); "" for all.
    """

    desks: tuple[str, ...] = ()
    owner: UUID | None = None
    engagement: str = ""

    @property
    def is_house(self) -> bool:
        return not self.desks and self.owner is None


@dataclass(frozen=True, slots=True)
class Days:
    """The days ``since`` to ``until``, the latter left out, on the wall clock of ``zone``."""

    since: date
    until: date
    zone: str

    @property
    def start(self) -> datetime:
        return day_start(self.since, self.zone)

    @property
    def end(self) -> datetime:
        return day_start(self.until, self.zone)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows there are, and of how many it holds."""

    n: int
    good: int


@dataclass(frozen=True, slots=True)
class CountedRow:
    """A row behind a count: when, about whom and which job, and whether it holds. None where it has no such thing."""

    on: date | datetime
    good: bool
    job_key: UUID | None
    job: str
    organisation: str
    person_key: UUID | None
    person: str
    application_key: UUID | None
    who: str


@dataclass(frozen=True, slots=True)
class CountedPage:
    """A page of the rows behind a count; ``hidden`` are not open to the viewer, ``older`` is where the next begins."""

    rows: tuple[CountedRow, ...]
    count: int
    good: int
    hidden: int
    older: int | None


@dataclass(frozen=True, slots=True)
class Cohort:
    """Those who were submitted in one month, and how far they came. ``open``: still on their way."""

    month: date
    submitted: int
    interviewed: int
    offered: int
    placed: int
    started: int
    open: int


@dataclass(frozen=True, slots=True)
class StageDays:
    """How many applications spent, or have spent so far, this many whole days in a stage."""

    stage: Stage
    days: int
    n: int


@dataclass(frozen=True, slots=True)
class Source:
    """How many placements began in one way. ``board`` names the job board where there was one."""

    origin: Origin | None
    board: str
    n: int


@dataclass(frozen=True, slots=True)
class Silent:
    """A client that owes words on CVs: how many are late, since when the oldest waits."""

    organisation_key: UUID
    organisation: str
    late: int
    since: datetime


@dataclass(frozen=True, slots=True)
class StageHistory:
    """Of those who came to a stage on one job: how many were placed within each of the horizons asked for."""

    job_key: UUID
    stage: Stage
    reached: int
    placed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OpenStage:
    """Open applications at one stage of one job. ``fee_minor`` is what the job says of its fee, None where nothing."""

    job_key: UUID
    stage: Stage
    n: int
    fee_minor: int | None


@dataclass(frozen=True, slots=True)
class Running:
    """Assignments with the same first and last day: what a week of them brings, at the rates that hold."""

    starts_on: date
    ends_on: date
    week_minor: int
    n: int


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What a forecast rests on, in one currency. ``retained`` are parts of searches not yet due: (how many, sum).

    ``stale`` applications have been in their stage longer than the longest horizon: the past says nothing of them.
    """

    currency: str
    history: tuple[StageHistory, ...]
    open: tuple[OpenStage, ...]
    typical_fee_minor: int | None
    running: tuple[Running, ...]
    past_weeks: tuple[tuple[int, int], ...]
    retained: tuple[int, int]
    left_out: int
    stale: int = 0


@dataclass(frozen=True, slots=True)
class GradedJobs:
    """Live jobs of one grade: how many, and the first of them."""

    grade: Grade
    count: int
    rows: tuple[JobCard, ...]


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A deal that may be lost: what it is about, and what rules.risks needs to say why."""

    why: str
    job_key: UUID
    job: str
    organisation: str
    person: str
    application_key: UUID | None
    days: int
    more: str = ""
