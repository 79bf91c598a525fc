"""The week and the pipeline's health: what is asked, and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from fourfold.base.errors import FourfoldError
from fourfold.base.money import Money
from fourfold.evidence.types import Estimate, Refusal
from fourfold.jobs.types import Cohort, CountedRow, Days, Silent, Source, Stage, Tally, Within
from fourfold.ledger.types import TimelineRow


class Measure(StrEnum):
    """Work of a week that is counted against a target."""

    CALLS = "calls"
    MEETINGS = "meetings"
    JOBS = "jobs"
    CVS = "cvs"
    FIRST_INTERVIEWS = "first_interviews"
    OFFERS = "offers"
    PLACEMENTS = "placements"


TALKS = {Measure.CALLS: "phone", Measure.MEETINGS: "in_person"}
"""Measures that are talks: the channel of the ledger's touches. A desk has none: people talk, desks don't."""
HORIZONS = (4, 8, 12)
"""Weeks ahead that cash is forecast for."""


class TargetRefused(FourfoldError):
    """A weekly target that can't be kept."""


@dataclass(frozen=True, slots=True)
class WeekAsked:
    """A week, the one before it, and whose."""

    days: Days
    before: Days
    desk: str
    who: UUID | None
    within: Within


@dataclass(frozen=True, slots=True)
class Done:
    """How much of one measure was done in a week, against the target. None: not kept for a desk; no target set."""

    measure: Measure
    n: int | None
    target: int | None


@dataclass(frozen=True, slots=True)
class DoneBy:
    """What one colleague did in a week."""

    user_key: UUID
    name: str
    done: tuple[Done, ...]


@dataclass(frozen=True, slots=True)
class Cash:
    """What was billed in a month, the target, and what the next four weeks are expected to bring."""

    month: date
    billed: Money
    target: Money | None
    forecast: Estimate | Refusal


@dataclass(frozen=True, slots=True)
class PipelineAsked:
    """Some days, whose pipeline, and one engagement or all."""

    days: Days
    months: int
    desk: str
    engagement: str
    within: Within


@dataclass(frozen=True, slots=True)
class RowsPage:
    """A page of the rows behind a number. ``count`` and ``good`` are of all rows, None where they are not counted."""

    rows: tuple[CountedRow | TimelineRow, ...]
    count: int | None
    good: int | None
    hidden: int
    older: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the pipeline with what it rests on."""

    key: str
    answer: Estimate | Refusal
    tally: Tally | None = None


@dataclass(frozen=True, slots=True)
class StageTime:
    """How long a stage takes, and how long those who are in it now have been there: (up to days, how many)."""

    stage: Stage
    middle: Estimate | Refusal
    most: Estimate | Refusal
    open: int
    open_middle: float | None
    ages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ahead:
    """Cash expected within so many weeks. ``agreed`` is what is agreed already, where that is known exactly."""

    engagement: str
    weeks: int
    answer: Estimate | Refusal
    currency: str
    agreed: Money | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Open value weighted by our own conversion, against what is still missing to the quarter's targets."""

    answer: Estimate | Refusal
    weighted: Money | None
    target: Money
    billed: Money
    missing: Money


@dataclass(frozen=True, slots=True)
class Finding:
    """Something unhealthy, by the name of its rule; ``values`` are what its sentence is made of."""

    rule: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Health:
    """The pipeline of some days, as it stood at a moment."""

    at: datetime
    steps: tuple[Figure, ...]
    figures: tuple[Figure, ...]
    cohorts: tuple[Cohort, ...]
    stages: tuple[StageTime, ...]
    sources: tuple[tuple[Source, Estimate | Refusal], ...]
    ahead: tuple[Ahead, ...]
    retained: tuple[int, Money]
    left_out: int
    stale: int
    coverage: Coverage
    silent: tuple[Silent, ...]
    findings: tuple[Finding, ...]
