"""An experiment's file, read and compared in a process of its own."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from fourfold.base.errors import FourfoldError
from fourfold.evidence import experiment_files
from fourfold.evidence.experiment_files import Design
from fourfold.evidence.types import EvidenceError
from fourfold.reports import actions
from fourfold.reports.types import ExperimentDesign, ReadOutColumn, ReadOutState

log = logging.getLogger("fourfold.reports")

KEPT = "columns.parquet"
FAULT = {
    "what": "This experiment could not be read out.",
    "why": "There is a fault in Fourfold; the worker’s messages hold it.",
    "todo": "Report it, and try again after an update.",
}


def go_on(*, key: Any, home: Path) -> None:
    """Do what a read-out's state asks for. What can't be done is kept with it in words."""
    found = actions.working_read_out(key=key)
    if found is None:
        return
    state, path, design = found
    try:
        if state is ReadOutState.READING:
            _read(key, home / path)
        elif design is not None:
            _compare(key, home / path, design)
    except (FourfoldError, EvidenceError) as error:
        actions.fail_read_out(key=key, error=error.as_dict())
    except Exception:
        log.exception("The experiment %s could not be read out.", key)
        actions.fail_read_out(key=key, error=FAULT)


def _read(key: Any, path: Path) -> None:
    """Keep the columns that name nobody, and nothing else of the file."""
    try:
        columns, table = experiment_files.profile(path)
        pq.write_table(table, path.with_name(KEPT))
    finally:
        path.unlink(missing_ok=True)
    found = tuple(ReadOutColumn(name=one.name, kind=one.kind, values=one.values) for one in columns)
    actions.offer_columns(key=key, columns=found, kept=KEPT)


def _compare(key: Any, path: Path, design: ExperimentDesign) -> None:
    result = experiment_files.run(
        path,
        Design(
            arm=design.arm,
            control=design.control,
            rates=design.rates,
            means=design.means,
            compare_all=design.compare_all,
            shares=dict(design.shares) or None,
        ),
    )
    actions.save_read_out(key=key, values=result.as_dict())
