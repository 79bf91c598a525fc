"""The door of reports: questions, answers, and the words beside each number. No Django."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from fourfold import __version__
from fourfold.base.errors import FourfoldError, NotFound
from fourfold.evidence.types import Method
from fourfold.ledger.types import OutcomeRow

COMPUTE_VERSION = "2"
CODE_VERSION = f"{__version__}/{COMPUTE_VERSION}"
"""Answers of another version are worked out anew: what they hold may be laid out otherwise."""


COUNTED = ("candidate", "client", "colleague")
"""Three of the 4Cs are counted; cash is summed."""


class Topic(StrEnum):
    """What is asked: the scoreboard; spend and return by one method; or the credit of every method side by side."""

    FOURCS = "fourcs"
    ROI = "roi"
    COMPARE = "compare"


class Place(StrEnum):
    """By what a report can be narrowed."""

    DESK = "desk"
    TEAM = "team"
    OFFICE = "office"


class Preset(StrEnum):
    """Periods that people ask for by name."""

    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    THIS_QUARTER = "this_quarter"
    LAST_QUARTER = "last_quarter"
    THIS_YEAR = "this_year"
    LAST_YEAR = "last_year"
    LAST_12_MONTHS = "last_12_months"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Period:
    """The days ``start`` to ``end``, the end left out, on the house's wall clock."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise BadPeriod(
                "The report was not made.",
                f"It ends on {self.end - timedelta(days=1):%-d %B %Y}, before it begins on {self.start:%-d %B %Y}.",
                "Choose a last day that is not before the first.",
            )

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def words(self) -> str:
        if self.start.year == self.last_day.year:
            return f"{self.start:%-d %b} – {self.last_day:%-d %b %Y}"
        return f"{self.start:%-d %b %Y} – {self.last_day:%-d %b %Y}"


@dataclass(frozen=True, slots=True)
class Question:
    """What a page asks of the ledger. ``desk``, ``team`` and ``office`` are slugs; empty means all of the house."""

    period: Period
    before: Period
    basis: str = "accepted"
    by: str = "channel"
    method: str = "shapley"
    lookback_days: int = 180
    zone: str = "Europe/London"
    currency: str = "GBP"
    topic: str = Topic.FOURCS
    desk: str = ""
    team: str = ""
    office: str = ""

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """The desk, team and office the question is narrowed to, as (column, slug)."""
        found = (("office", self.office), ("desk", self.desk), ("team", self.team))
        return tuple((column, slug) for column, slug in found if slug)

    @property
    def opens(self) -> bool:
        """Whether each figure of the answer can be opened to the journeys behind it."""
        return self.topic != Topic.COMPARE and Method(self.method).is_per_journey

    def as_dict(self) -> dict[str, Any]:
        return json.loads(json.dumps(asdict(self), default=str))

    @property
    def key(self) -> str:
        """The same question always has the same key, 32 hexadecimal digits."""
        return hashlib.sha256(json.dumps(self.as_dict(), sort_keys=True).encode()).hexdigest()[:32]

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Question:
        periods = {
            name: Period(date.fromisoformat(values[name]["start"]), date.fromisoformat(values[name]["end"]))
            for name in ("period", "before")
        }
        return cls(**{**values, **periods})


@dataclass(frozen=True, slots=True)
class Answer:
    """A computed result: ``values`` as reports.compute lays them out, as of ledger ``cut``.

    ``error`` says why a newer one could not be worked out.
    """

    question: Question
    values: dict[str, Any]
    cut: int
    computed_at: datetime
    seconds: float
    is_current: bool
    key: int
    error: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """No answer yet: it is being worked out since ``since``, or failed for ``error``."""

    question: Question
    since: datetime
    error: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """What a number means: one sentence, its formula, its clock and its basis."""

    key: str
    name: str
    sentence: str
    formula: str
    basis: str
    clock: str
    caveat: str = ""
    rows: str = ""


@dataclass(frozen=True, slots=True)
class JourneyRow:
    """One outcome's credit on one side, for one key, and the touches it rests on: (fact id, moment, channel)."""

    outcome: UUID
    side: str
    key: str
    outcomes: float
    value_minor: float
    occurred_at: datetime
    ended_at: datetime
    touches: tuple[tuple[UUID, datetime, str], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class CreditPage:
    """A page of the outcomes a key is credited with, and their sums over all pages."""

    rows: tuple[JourneyRow, ...]
    outcomes: dict[UUID, OutcomeRow]
    count: int
    value_minor: float
    credited: float
    next_after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGoal:
    """A number that recruiting and marketing want to reach together, with one owner of each.

    ``figure``: candidates, clients, colleagues, cash or cash of one engagement. ``target``: a count, or minor units of
    ``currency``. ``desk``, ``team``, ``office``: slugs; all empty is the whole house.
    """

    figure: str
    period: Period
    target: int
    currency: str
    recruiter: UUID
    marketer: UUID
    desk: str = ""
    team: str = ""
    office: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalChange:
    """What a goal's target was set to, when, by whom."""

    target: int
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalRow:
    """A goal beside its measured number: ``value`` counts or sums what the ledger has within the goal's days now."""

    key: UUID
    figure: str
    period: Period
    target: int
    currency: str
    recruiter: UUID
    marketer: UUID
    desk: str
    team: str
    office: str
    note: str
    value: int
    history: tuple[GoalChange, ...] = ()

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        found = (("office", self.office), ("desk", self.desk), ("team", self.team))
        return tuple((column, slug) for column, slug in found if slug)


class ReadOutState(StrEnum):
    """Where an experiment's file stands. The worker moves it through those that end in -ing, choosing excepted."""

    READING = "reading"
    CHOOSING = "choosing"  # waits for a person to say what is compared
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"

    @property
    def is_working(self) -> bool:
        return self in {ReadOutState.READING, ReadOutState.WORKING}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOutColumn:
    """What a column of the file could be: arm, rate or amount; ``values`` with their numbers of rows where few."""

    name: str
    kind: str
    values: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentDesign:
    """What is compared: ``shares`` are those that were drawn, by arm; none means evenly."""

    arm: str
    control: str
    rates: tuple[str, ...] = ()
    means: tuple[str, ...] = ()
    compare_all: bool = False
    shares: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOut:
    """An experiment from a file: what could be compared, what is, and what it showed."""

    key: UUID
    title: str
    file_name: str
    state: ReadOutState
    columns: tuple[ReadOutColumn, ...]
    design: ExperimentDesign | None
    values: dict[str, Any] | None
    error: dict[str, str] | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizing:
    """How large an experiment must be: ``base`` rate, relative ``lift``, ``share`` held out, ``power``, all of one."""

    base: float
    lift: float
    share: float
    power: float
    have: int | None = None


class FileRefused(FourfoldError):
    """A file that can't be read as an experiment."""


class WrongState(FourfoldError):
    """A step that doesn't fit where a read-out stands."""


class BadQuestion(FourfoldError):
    """A dimension, method, basis or place that there is not."""


class GoalRefused(FourfoldError):
    """A goal that can't be kept as it was given."""


class BadPeriod(FourfoldError):
    """Dates that make no period."""


class NoDefinition(NotFound):
    """A figure we don't show."""
