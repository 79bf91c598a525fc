"""An experiment from a file: one row a person, a column that names the arm, columns of outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fourfold.evidence import parsing
from fourfold.evidence.experiments import Design, analyse
from fourfold.evidence.files import read_table
from fourfold.evidence.paths import Floats
from fourfold.evidence.types import EvidenceError, ExperimentResult

__all__ = ["Design", "FileColumn", "profile", "run"]


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


MOST_ARMS = 12
"""A column of more different texts than this names no arms."""


@dataclass(frozen=True, slots=True)
class FileColumn:
    """What a column of an experiment's file could be: the ``arm``, a ``rate`` (0 or 1) or an ``amount``.

    ``values``: the different values of a column that may name arms, with how many rows each has.
    """

    name: str
    kind: str
    values: tuple[tuple[str, int], ...] = ()


def profile(path: Path) -> tuple[tuple[FileColumn, ...], pa.Table]:
    """The columns that an experiment can use, and a table of these alone.

    Columns that tell people apart (other texts, numbers that are all different) are left out: a read-out needs to know
    nobody. Raises EvidenceError for a file that can't be read or has no two columns that fit.
    """
    table = read_table(path)
    found = [column for name in table.column_names if (column := _column(name, table[name]))]
    arms = [column for column in found if column.values]
    if not arms or len(found) < 2:
        raise EvidenceError(
            f"{path.name} was not read as an experiment.",
            f"It needs a column that names the arm (2 to {MOST_ARMS} different values) and one of outcomes; its "
            f"columns are {', '.join(table.column_names[:20])}.",
            "Give one row a person who was drawn, also for those who did nothing.",
        )
    return tuple(found), table.select([column.name for column in found])


def _column(name: str, values: pa.ChunkedArray) -> FileColumn | None:
    if pa.types.is_boolean(values.type):
        values = values.cast(pa.int8())
    texts = pc.utf8_trim_whitespace(values.cast(pa.string()).fill_null(""))
    counted = pc.value_counts(texts)
    different = sorted((str(row["values"]), int(row["counts"])) for row in counted.to_pylist()[: MOST_ARMS + 1])
    few = 2 <= len(different) <= min(MOST_ARMS, len(texts) - 1)
    arms = tuple(different) if few and all(text for text, _ in different) else ()
    try:
        numbers = pc.cast(texts, pa.float64())
    except pa.ArrowInvalid:
        return FileColumn(name, "arm", arms) if arms else None
    if pc.all(pc.is_in(numbers, pa.array([0.0, 1.0]))).as_py():
        return FileColumn(name, "rate", arms)
    whole = pc.all(pc.equal(numbers, pc.floor(numbers))).as_py()
    if whole and len(counted) == len(texts):
        return None  # a number of each row's own: it tells people apart
    return FileColumn(name, "amount", arms)
