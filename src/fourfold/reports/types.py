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
from fourfold.ledger.types import OutcomeRow

COMPUTE_VERSION = "1"
CODE_VERSION = f"{__version__}/{COMPUTE_VERSION}"
"""Answers of another version are worked out anew: what they hold may be laid out otherwise."""


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
    """What the 4Cs page asks of the ledger."""

    period: Period
    before: Period
    basis: str = "accepted"
    by: str = "channel"
    method: str = "shapley"
    lookback_days: int = 180
    zone: str = "Europe/London"
    currency: str = "GBP"

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
    """A computed result: ``values`` as reports.compute lays them out, as of ledger ``cut``."""

    question: Question
    values: dict[str, Any]
    cut: int
    computed_at: datetime
    seconds: float
    is_current: bool
    key: int


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


class BadPeriod(FourfoldError):
    """Dates that make no period."""


class NoDefinition(NotFound):
    """A figure we don't show."""
