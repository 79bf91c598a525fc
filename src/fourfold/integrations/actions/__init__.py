"""Deeds on files: take in, confirm the columns, check, apply, take back, put back.

The long ones (read, check, apply, take back) are run by the worker in a process of its own and go on where they
stopped: the rows say how far they are. Nothing is in the ledger before it is applied.
"""

from __future__ import annotations

from fourfold.integrations.actions.applying import apply, apply_rows, go_on, put_back, take_back, void_rows
from fourfold.integrations.actions.checking import check_rows
from fourfold.integrations.actions.crossings import (
    apply_crossing,
    begin_crossing,
    check_crossing,
    go_on_crossing,
    move_waiting,
    set_table,
    take_back_crossing,
)
from fourfold.integrations.actions.erasing import forget_person, forget_records
from fourfold.integrations.actions.files import confirm_columns, read_again, read_columns, take_in
from fourfold.integrations.actions.leaving import begin_export, note_download, write_export

__all__ = [
    "apply",
    "apply_crossing",
    "apply_rows",
    "begin_crossing",
    "begin_export",
    "check_crossing",
    "check_rows",
    "confirm_columns",
    "forget_person",
    "forget_records",
    "go_on",
    "go_on_crossing",
    "move_waiting",
    "note_download",
    "put_back",
    "read_again",
    "read_columns",
    "set_table",
    "take_back",
    "take_back_crossing",
    "take_in",
    "void_rows",
    "write_export",
]
