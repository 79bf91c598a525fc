"""The door of integrations: what an import is, its states, and what a file must hold."""

from __future__ import annotations

from fourfold.integrations.types.columns import COLUMNS, CONSULTANTS, ID_COLUMNS, WIDE_COLUMNS, columns_of
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

__all__ = [
    "COLUMNS",
    "CONSULTANTS",
    "ID_COLUMNS",
    "WIDE_COLUMNS",
    "WORKING",
    "Column",
    "FileKind",
    "FileRefused",
    "ImportNotFound",
    "ImportRow",
    "Layout",
    "Rejected",
    "RowState",
    "Sample",
    "Saved",
    "Settings",
    "State",
    "WrongState",
    "columns_of",
]
