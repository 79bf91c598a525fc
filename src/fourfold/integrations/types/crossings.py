"""What came together from another system: a crossing and its tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from fourfold.base.errors import NotFound
from fourfold.integrations.types.imports import ImportRow, State
from fourfold.integrations.types.records import Entity, System


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a crossing: its import, what it is, and what its check found."""

    one: ImportRow
    entity: Entity
    dropped: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    custom: tuple[str, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MovedTable:
    """What became of one table's records that waited: how many moved in, how many wait, and why.

    ``unknown`` are statuses that have no place of their own here, with how many records had each.
    """

    entity: Entity
    moved: int
    waiting: int
    reasons: tuple[tuple[str, int], ...] = ()
    unknown: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """A file that was left out, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class CrossingRow:
    """Files of another system that go in together."""

    key: UUID
    system: System | None
    state: State
    at: datetime
    by: str
    tables: tuple[Table, ...]
    unknown: tuple[Unknown, ...]
    error: dict[str, str] | None
    kept: int = 0
    moving_done: int = 0
    moving_total: int = 0

    @property
    def rows_left(self) -> int:
        return sum(table.one.rows_ready for table in self.tables)

    @property
    def rows_done(self) -> int:
        return sum(table.one.rows_posted + table.one.rows_unchanged for table in self.tables)

    @property
    def rows_rejected(self) -> int:
        return sum(table.one.rows_rejected for table in self.tables)


@dataclass(frozen=True, slots=True)
class StagedCount:
    """How many records of a kind wait."""

    system: System
    entity: Entity
    count: int


@dataclass(frozen=True, slots=True)
class StagedRow:
    """A record that waits, as its page shows it."""

    key: UUID
    source_id: str
    cells: tuple[tuple[str, str], ...]
    people: tuple[tuple[UUID, str], ...]
    organisation: tuple[UUID, str] | None
    why: str = ""


class ExportState(StrEnum):
    """Where an export stands. A ready one goes after some days."""

    WRITING = "writing"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One export as its page shows it."""

    key: UUID
    state: ExportState
    at: datetime
    by: str
    size: int
    counts: dict[str, int]


class CrossingNotFound(NotFound):
    """Missing, or not yours."""
