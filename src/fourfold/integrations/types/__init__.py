"""The door of integrations: what an import is, its states, and what a file must hold."""

from __future__ import annotations

from fourfold.integrations.types.columns import COLUMNS, CONSULTANTS, ID_COLUMNS, WIDE_COLUMNS, columns_of
from fourfold.integrations.types.crossings import (
    CrossingNotFound,
    CrossingRow,
    ExportRow,
    ExportState,
    MovedTable,
    StagedCount,
    StagedRow,
    Table,
    Unknown,
)
from fourfold.integrations.types.imports import (
    WORKING,
    FileRefused,
    ImportNotFound,
    ImportRow,
    Rejected,
    RowState,
    Sample,
    Saved,
    Settings,
    State,
    WrongState,
)
from fourfold.integrations.types.kinds import Column, FileKind, Layout
from fourfold.integrations.types.records import ENTITIES, MOVING, ORDER, SYSTEM_NAMES, Entity, System, Target

__all__ = [
    "COLUMNS",
    "CONSULTANTS",
    "ENTITIES",
    "ID_COLUMNS",
    "MOVING",
    "ORDER",
    "SYSTEM_NAMES",
    "WIDE_COLUMNS",
    "WORKING",
    "Column",
    "CrossingNotFound",
    "CrossingRow",
    "Entity",
    "ExportRow",
    "ExportState",
    "FileKind",
    "FileRefused",
    "ImportNotFound",
    "ImportRow",
    "Layout",
    "MovedTable",
    "Rejected",
    "RowState",
    "Sample",
    "Saved",
    "Settings",
    "StagedCount",
    "StagedRow",
    "State",
    "System",
    "Table",
    "Target",
    "Unknown",
    "WrongState",
    "columns_of",
]
