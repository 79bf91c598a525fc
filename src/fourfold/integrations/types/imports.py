"""What an import is, and its states."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from fourfold.base.errors import FourfoldError, NotFound
from fourfold.integrations.types.kinds import FileKind


class State(StrEnum):
    """Where an import stands. The worker moves it through those that end in -ing."""

    READING = "reading"  # the file's columns are being read
    MAPPING = "mapping"  # waits for a person to confirm the columns
    CHECKING = "checking"  # rows are read, checked and staged; nothing is in the ledger
    CHECKED = "checked"  # waits for a person to apply it
    APPLYING = "applying"
    MOVING = "moving"  # jobs and applications that waited move in
    APPLIED = "applied"
    TAKING_BACK = "taking_back"
    TAKEN_BACK = "taken_back"
    FAILED = "failed"

    @property
    def is_working(self) -> bool:
        return self in WORKING


WORKING = frozenset({State.READING, State.CHECKING, State.APPLYING, State.MOVING, State.TAKING_BACK})


class RowState(StrEnum):
    """What became of a row of a file."""

    READY = "ready"
    POSTED = "posted"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Settings:
    """How a file's texts are read: the zone of moments without one, the currency of money without one.

    ``house`` is the currency that reports are in, and the one that ``rates`` convert into: EUR → 0.86. ``dates`` is
    the order of days in numbers (dmy, mdy, or none: refused). ``ids`` are headers of further columns with ids of the
    person. ``channel`` is that of rows that name none. ``first_deals`` and ``add_unknown`` are of deals and calls.
    ``layout`` is how spend lies, or which table of another system the file is (types.records); ``added`` are headers of
    such a table that are kept in added fields, with the field's label.
    """

    zone: str = "Europe/London"
    currency: str = "GBP"
    country: str = "GB"
    source: str = "file"
    correct: bool = False
    house: str = "GBP"
    dates: str = ""
    sheet: str = ""
    layout: str = ""
    channel: str = ""
    rates: dict[str, str] = field(default_factory=dict)
    ids: tuple[str, ...] = ()
    first_deals: bool = True
    add_unknown: bool = False
    added: dict[str, str] = field(default_factory=dict)

    @classmethod
    def kept(cls, values: dict[str, Any]) -> Settings:
        """As they were kept in JSON."""
        return cls(**{**values, "ids": tuple(values.get("ids", ()))})


@dataclass(frozen=True, slots=True)
class Sample:
    """What was read of a file before its columns were confirmed. Rows count from 1; ``sheets`` are a workbook's."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    encoding: str
    delimiter: str
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    header_row: int = 1

    @classmethod
    def kept(cls, values: dict[str, Any]) -> Sample:
        """As it was kept in JSON."""
        texts = {"headers": tuple(values["headers"]), "sheets": tuple(values.get("sheets", ()))}
        return cls(**{**values, **texts, "rows": tuple(map(tuple, values["rows"]))})

    @property
    def is_workbook(self) -> bool:
        return self.encoding == "workbook"


@dataclass(frozen=True, slots=True)
class Saved:
    """How an earlier file was mapped and read; ``exact`` if it had the same headers."""

    mapping: dict[str, str]
    settings: Settings
    file_name: str
    at: datetime
    exact: bool


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One import as pages show it."""

    key: UUID
    kind: FileKind
    file_name: str
    state: State
    at: datetime
    by: str
    size: int
    rows_read: int
    rows_ready: int
    rows_posted: int
    rows_unchanged: int
    rows_rejected: int
    people_added: int
    mapping: dict[str, str]
    sample: Sample | None
    settings: Settings
    error: dict[str, str] | None
    batch: UUID | None
    warnings: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()
    remembered: str = ""

    @property
    def percent(self) -> int:
        """How far applying has come, in whole per cent."""
        all_rows = self.rows_ready + self.rows_posted + self.rows_unchanged
        return round(100 * (self.rows_posted + self.rows_unchanged) / all_rows) if all_rows else 0


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not imported: its number in the file (the header is row 1), why, and what it held."""

    row: int
    reason: str
    content: dict[str, Any] = field(default_factory=dict)


class FileRefused(FourfoldError):
    """A file that can't be read as what it was said to be."""


class ImportNotFound(NotFound):
    """Missing, or not yours."""


class WrongState(FourfoldError):
    """A step that does not fit where the import stands."""
