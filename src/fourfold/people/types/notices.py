"""The notice of GDPR Art. 14: who is owed one, what was declared, and in which batches the rest is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from fourfold.base.errors import FourfoldError
from fourfold.people.types.people import Origin


class DeclarationRefused(FourfoldError):
    """A declaration or a plan that can't be made as asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDeclaration:
    """What people of one source, added within these days (both included), were told: when, on which basis, with what
    evidence. ``told_on`` may be unknown; the words and the basis may not.
    """

    origin: Origin
    source: str
    from_day: date
    to_day: date
    told: str
    basis: str
    told_on: date | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class DeclarationRow:
    key: UUID
    origin: Origin
    source: str
    from_day: date
    to_day: date
    told: str
    told_on: date | None
    basis: str
    evidence: str
    people: int
    by: str
    at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """People of one source who are still owed the notice, and when the first and the last of them were added."""

    origin: Origin
    source: str
    owed: int
    overdue: int
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class BatchRow:
    key: int
    name: str
    due_on: date
    people: int
    told: int


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """Somebody to be told, and until when."""

    key: UUID
    name: str
    origin: Origin
    source: str
    due_at: datetime
    batch: str


@dataclass(frozen=True, slots=True)
class Notices:
    """Who must still be told: how many of them overdue or soon, by source, in batches, and the most pressing."""

    owed: int
    overdue: int
    soon: int
    unplanned: int
    told: int
    declared: int
    sources: tuple[SourceRow, ...]
    batches: tuple[BatchRow, ...]
    rows: tuple[NoticeRow, ...]


@dataclass(frozen=True, slots=True)
class KeptOut:
    """How many people were erased, and how many addresses are kept out or not written to. No names."""

    erased_people: int
    erased_addresses: int
    objected_addresses: int
    lifted: int
