"""An experiment from a file: one row a person, a column that names the arm, columns of outcomes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from fourfold.evidence import parsing
from fourfold.evidence.experiments import Design, analyse
from fourfold.evidence.files import read_table
from fourfold.evidence.paths import Floats
from fourfold.evidence.types import EvidenceError, ExperimentResult

__all__ = ["Design", "run"]


def run(path: Path, design: Design) -> ExperimentResult:
    """Read ``path`` (CSV, TSV or Parquet) and analyse it. Raises EvidenceError with row and column."""
    table = read_table(path)
    metrics = (*design.rates, *design.means)
    for name in (design.arm, *metrics):
        if name not in table.column_names:
            raise EvidenceError(
                f"{path.name} has no column “{name}”.",
                f"Its columns are {', '.join(table.column_names)}.",
                "Name one of these, spelt the same.",
            )
    twice = sorted({name for name in metrics if metrics.count(name) > 1})
    if twice:
        raise EvidenceError(
            "Nothing was compared.", f"The column {twice[0]} is named twice.", "Name it once, as --rate or --mean."
        )
    arms = parsing.required_text(table[design.arm], path.name, design.arm).to_pylist()
    columns = {name: _values(table[name], path.name, name, is_rate=name in design.rates) for name in metrics}
    return analyse(arms, columns, design)


def _values(column: pa.ChunkedArray, where: str, name: str, *, is_rate: bool) -> Floats:
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    values = parsing.numbers(column, where, name)
    empty = np.flatnonzero(np.isnan(values))
    if len(empty):
        raise EvidenceError(
            f"{where}, row {empty[0] + 2}: {name} is empty.",
            "Everyone who was drawn counts, also those who did nothing.",
            "Write 0 where nothing happened.",
        )
    odd = np.flatnonzero((values != 0) & (values != 1))
    if is_rate and len(odd):
        raise EvidenceError(
            f"{where}, row {odd[0] + 2}: {name} is {values[odd[0]]:g}.",
            "A rate counts people, so each row is 0 or 1.",
            f"Write 0 or 1, or analyse the amount with --mean {name}.",
        )
    return values
