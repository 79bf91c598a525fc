"""How long records are kept without a two-way touch: the house's rules, and the queue that people decide on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fourfold.base.errors import FourfoldError
from fourfold.people.types.people import Origin, PersonRole


class RetentionRefused(FourfoldError):
    """A rule or a decision that can't stand as given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRetentionRule:
    """After how many months without a two-way touch whose records are reviewed, and why. No role or origin: all."""

    name: str
    months: int
    role: PersonRole | None = None
    origin: Origin | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class RetentionRuleRow:
    key: int
    name: str
    months: int
    role: PersonRole | None
    origin: Origin | None
    why: str
    active: bool
    waiting: int


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """Somebody whose time is up: since when there was no two-way touch, and by which rule."""

    key: int
    person_key: UUID
    name: str
    headline: str
    since: datetime
    rule: str
    objected: bool


@dataclass(frozen=True, slots=True)
class Reviews:
    """The queue: how many wait (counted up to 10,000), the longest without a touch first."""

    count: int
    rows: tuple[ReviewRow, ...]
    rules: tuple[RetentionRuleRow, ...]
