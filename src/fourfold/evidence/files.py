"""Evidence for people without a database: touches, outcomes, spend and paths from CSV, TSV or Parquet files.

The columns are those of the ledger's snapshot (docs/evidence.md); headers are guessed (headers.py), cells read
strictly (parsing.py). In an outcomes file one outcome may stand on several rows, one a person: its value counts once.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from moneyed import CurrencyDoesNotExist, get_currency

from fourfold.evidence import parsing
from fourfold.evidence.facts import Tables, connect, registered
from fourfold.evidence.headers import check_renames, guess, require
from fourfold.evidence.parsing import as_text
from fourfold.evidence.paths import SEPARATOR, Codes, Ints, Paths, recoded, split_path
from fourfold.evidence.reading import coded_by
from fourfold.evidence.types import EvidenceError, FactKind, MethodSettings, OutcomeKind, Scarcity, Side

_UTC = pa.timestamp("us", tz="UTC")
_TOUCH_TEXT = (
    *("action", "direction", "actor", "asset", "campaign", "theme"),
    *("stream", "desk", "team", "organisation", "job"),
)
_OUTCOME_TEXT = ("basis", "engagement", "organisation", "desk", "team", "actor", "job", "placement")
_SPEND_TEXT = ("channel", "campaign", "theme", "stream", "desk", "team", "budget_line", "decided_by")
MINOR, MAJOR = "minor units", "as in the file"


@dataclass(frozen=True)
class FileTables:
    """Tables read from files. ``date_only``: a file has days, no times. ``columns``: which header was read as what."""

    tables: Tables
    date_only: bool
    value_unit: str
    columns: dict[str, dict[str, str]]


def read_table(path: Path) -> pa.Table:
    """A CSV, TSV or Parquet file. Text columns of CSV and TSV stay text. Row 1 is the header."""
    if not path.is_file():
        raise EvidenceError(f"{path} was not read.", "There is no such file.", "Check the path.")
    suffix = path.suffix.lower()
    try:
        if suffix in {".parquet", ".pq"}:
            return pq.read_table(path)
        with path.open(newline="", encoding="utf-8-sig") as file:
            first = file.readline()
        delimiter = "\t" if suffix in {".tsv", ".tab"} else max(",;\t", key=first.count)
        header = next(csv.reader([first], delimiter=delimiter), [])
        if not any(name.strip() for name in header):
            raise EvidenceError(
                f"{path} was not read.", "It is empty.", "Give a file whose first row names the columns."
            )
        return pacsv.read_csv(
            path,
            parse_options=pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False
            ),
        )
    except UnicodeDecodeError as error:
        raise EvidenceError(
            f"{path} was not read.", f"It is not UTF-8 text ({error.reason}).", "Save it as CSV UTF-8."
        ) from error
    except pa.ArrowInvalid as error:
        raise EvidenceError(
            f"{path} was not read.", f"{str(error).strip()}.", "Mend the file or save it anew."
        ) from error


class _File:
    """One file and which of its headers is which column."""

    def __init__(self, path: Path, kind: str, needed: Sequence[str], renames: Mapping[str, str] | None) -> None:
        self.where = path.name
        self.table = read_table(path)
        self.header: list[str] = self.table.column_names
        if kind == "paths":  # one file, so every renamed column stands in it
            check_renames(renames or {}, self.header)
        self.columns = guess(kind, self.header, renames)
        require(kind, self.columns, needed, self.table.column_names, self.where)

    def __contains__(self, column: str) -> bool:
        return column in self.columns

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __getitem__(self, column: str) -> pa.ChunkedArray:
        return self.table[self.columns[column]]

    def texts(self, names: Sequence[str]) -> dict[str, pa.ChunkedArray]:
        return {name: as_text(self[name]) for name in names if name in self}

    def moments(self, column: str) -> tuple[pa.Array, bool]:
        us, days = parsing.moments(self[column], self.where, column)
        return pa.array(us, _UTC), days


def read_files(
    touches: Path, outcomes: Path, spend: Path | None = None, *, renames: Mapping[str, str] | None = None
) -> FileTables:
    """Touches, outcomes and perhaps spend as tables for ``attribute``. Raises EvidenceError with file, row and cure."""
    touch_file = _File(touches, "touches", ("person_key", "occurred_at", "channel"), renames)
    touch, touch_days = _touches(touch_file)
    outcome_file = _File(outcomes, "outcomes", ("person_key", "occurred_at"), renames)
    outcome, party, outcome_days = _outcomes(outcome_file)
    unit = MINOR if "value_minor" in outcome_file else MAJOR
    arrow = {FactKind.TOUCH: touch, FactKind.OUTCOME: outcome, FactKind.PARTY: party}
    headers = touch_file.header + outcome_file.header
    columns = {"touches": touch_file.columns, "outcomes": outcome_file.columns}
    if spend is not None:
        spend_file = _File(spend, "spend", (), renames)
        arrow[FactKind.SPEND] = _spend(spend_file, unit, pc.unique(outcome["currency"].drop_null()).to_pylist())
        columns["spend"] = spend_file.columns
        headers += spend_file.header
    check_renames(renames or {}, headers)
    connection = connect()
    tables: Tables = {kind: registered(connection, kind.value, table) for kind, table in arrow.items()}
    return FileTables(tables, touch_days or outcome_days, unit, columns)


def _touches(file: _File) -> tuple[pa.Table, bool]:
    occurred_at, days = file.moments("occurred_at")
    rows = pa.array(np.arange(2, len(file) + 2))  # touches of one moment keep the file's order
    columns: dict[str, Any] = {
        "fact_id": parsing.required_text(file["fact_id"], file.where, "fact_id") if "fact_id" in file else rows,
        "person_key": parsing.required_text(file["person_key"], file.where, "person_key"),
        "occurred_at": occurred_at,
        "channel": as_text(file["channel"]),
        **file.texts(_TOUCH_TEXT),
    }
    if "machine" in file:
        columns["machine"] = parsing.flags(file["machine"], file.where, "machine")
    return pa.table(columns), days and len(file) > 0


def _sides(file: _File) -> pa.ChunkedArray:
    def read(text: str) -> str:
        try:
            return Side(text.lower()).value
        except ValueError:
            raise parsing.UnreadableError(
                "A side is candidate, client or colleague.", "Write one of these words."
            ) from None

    if "side" not in file:
        return pa.chunked_array([pa.array([Side.CANDIDATE.value] * len(file), pa.string())])
    values, codes = parsing.each(as_text(file["side"]), file.where, "side", read)
    return pa.chunked_array([pa.array(np.array([*values, Side.CANDIDATE.value], dtype=object)[codes], pa.string())])


def _outcomes(file: _File) -> tuple[pa.Table, pa.Table, bool]:
    """The outcomes, each once, and their parties."""
    occurred_at, days = file.moments("occurred_at")
    row_ids = pa.chunked_array([pa.array([f"row {row}" for row in range(2, len(file) + 2)], pa.string())])
    ids = parsing.required_text(file["outcome"], file.where, "outcome") if "outcome" in file else row_ids
    code = np.asarray(ids.combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False), dtype=np.int64)
    _, head = np.unique(code, return_index=True)
    values = _values_once(file, code, head)
    at = np.asarray(pc.cast(occurred_at, pa.int64()).to_numpy(zero_copy_only=False), dtype=np.int64)
    earliest = np.full(len(head), np.iinfo(np.int64).max)
    np.minimum.at(earliest, code, at)
    kinds = as_text(file["outcome_kind"]) if "outcome_kind" in file else None
    take = pa.array(head)
    empty = pa.nulls(len(head), pa.string())
    outcome = {
        "fact_id": ids.take(take),
        "outcome_kind": pa.array([OutcomeKind.CASH.value] * len(head), pa.string())
        if kinds is None
        else kinds.take(take),
        "occurred_at": pa.array(earliest, _UTC),
        "value_minor": pa.array(values, pa.float64(), from_pandas=True),
        "currency": _currencies(file).take(take) if "currency" in file else empty,
        **{name: text.take(take) for name, text in file.texts(_OUTCOME_TEXT).items()},
    }
    party: dict[str, Any] = {
        "outcome": ids,
        "person_key": parsing.required_text(file["person_key"], file.where, "person_key"),
        "side": _sides(file),
    }
    ends = _side_ends(file, party["side"])
    if ends is not None:
        party["ended_at"] = ends
    return pa.table(outcome), pa.table(party), days and len(file) > 0


def _values_once(file: _File, code: Ints, head: Ints) -> np.ndarray:
    """(outcomes,) the value of each, NaN where none of its rows has one. Two rows that differ are an error."""
    name = "value_minor" if "value_minor" in file else "value"
    found = np.full(len(head), np.nan)
    if name not in file:
        return found
    given = parsing.numbers(file[name], file.where, name, whole=name == "value_minor")
    rows = np.flatnonzero(~np.isnan(given))
    found[code[rows[::-1]]] = given[rows[::-1]]  # the first row's value stands
    differs = rows[given[rows] != found[code[rows]]]
    if len(differs):
        raise EvidenceError(
            f"{file.where}, row {differs[0] + 2}: the value {given[differs[0]]:g} was not read.",
            f"An earlier row of the same outcome says {found[code[differs[0]]]:g}, and an outcome's value counts once.",
            "Give the same value (or none) on every row of one outcome; several payments are several outcomes of one "
            "placement.",
        )
    return found


def _currencies(file: _File) -> pa.ChunkedArray:
    def read(text: str) -> str:
        if len(text) == 3 and text.isascii() and text.isalpha():
            return text.upper()
        raise parsing.UnreadableError("A currency is a code of ISO 4217.", "Write three letters, such as GBP or EUR.")

    values, codes = parsing.each(as_text(file["currency"]), file.where, "currency", read)
    return pa.chunked_array([pa.array(np.array([*values, None], dtype=object)[codes], pa.string())])


def _side_ends(file: _File, sides: pa.ChunkedArray) -> pa.Array | None:
    """Each row's end of its side where the file knows it: the job's opening, or the first submission."""
    ends = np.full(len(file), np.nan)
    side = np.array(sides.to_pylist(), dtype=object)
    for column, of in (("job_opened_at", Side.CLIENT.value), ("submitted_at", Side.CANDIDATE.value)):
        if column in file:
            at, _ = parsing.moments(file[column], file.where, column, required=False)
            ends = np.where(side == of, at, ends)
    if np.isnan(ends).all():
        return None
    return pa.array([None if np.isnan(end) else int(end) for end in ends], _UTC)


def _spend(file: _File, unit: str, currencies: list[str]) -> pa.Table:
    name = "amount_minor" if "amount_minor" in file else "amount"
    require("spend", file.columns, (name,), file.table.column_names, file.where)
    amount = np.nan_to_num(parsing.numbers(file[name], file.where, name, whole=name == "amount_minor"))
    currency = _currencies(file) if "currency" in file else None
    if (name == "amount_minor") != (unit == MINOR):
        known = currencies if currency is None else pc.unique(currency.drop_null()).to_pylist()
        amount = amount * _factor(known, to_minor=unit == MINOR, where=file.where)
    columns: dict[str, Any] = {"amount_minor": pa.array(amount), **file.texts(_SPEND_TEXT)}
    columns["currency"] = pa.nulls(len(file), pa.string()) if currency is None else currency
    first = parsing.days(file["from_date"], file.where, "from_date") if "from_date" in file else None
    if first is not None:
        columns["from_date"] = first
    if "to_date" in file:
        columns["to_date"] = parsing.days(file["to_date"], file.where, "to_date")
        wrong = pc.index(pc.less(columns["to_date"], columns.get("from_date", columns["to_date"])), True).as_py()
        if wrong >= 0:
            raise EvidenceError(
                f"{file.where}, row {wrong + 2}: the spend was not read.",
                "It ends before it begins.",
                "Put the earlier date into from_date.",
            )
    return pa.table(columns)


def _factor(currencies: list[str], *, to_minor: bool, where: str) -> float:
    """From whole units to minor ones, or back."""
    try:
        units = {int(get_currency(code=code).sub_unit) for code in currencies}
    except CurrencyDoesNotExist:
        units = set()
    if len(units) != 1:
        raise EvidenceError(
            f"{where} was not read.",
            "It gives whole units where the outcomes give minor units (or the other way round), and the currency that "
            "would tell how many make one is not known.",
            "Give a currency column, or one unit in both files: value and amount, or value_minor and amount_minor.",
        )
    factor = float(units.pop())
    return factor if to_minor else 1.0 / factor


def read_paths(path: Path, columns: Sequence[str] | None = None, settings: MethodSettings | None = None) -> Paths:
    """A file of aggregated paths. ``columns``: its headers for path, conversions, value, nulls, in this order."""
    names = ("path", "conversions", "value", "nulls")
    renames = None
    if columns:
        if len(columns) < 2 or len(columns) > len(names):
            raise EvidenceError(
                f"--columns {','.join(columns)} was not read.",
                f"It names {len(columns)} columns; two to four are needed.",
                "Name them in this order: path,conversions,value,nulls.",
            )
        renames = dict(zip(names, columns, strict=False))
    file = _File(path, "paths", ("path", "conversions"), renames)
    if renames:  # what was not named is not read
        file.columns = {name: header for name, header in file.columns.items() if name in renames}
    weights = {name: np.nan_to_num(parsing.numbers(file[name], file.where, name)) for name in names[1:] if name in file}
    for name in ("conversions", "nulls"):
        wrong = np.flatnonzero(weights.get(name, np.zeros(0)) < 0)
        if len(wrong):
            raise EvidenceError(
                f"{file.where}, row {wrong[0] + 2}: {name} is negative.", "It is a count.", "Give 0 or more."
            )
    names_of, steps, starts = _split_paths(file["path"], file.where)
    direct = (settings or MethodSettings()).direct
    is_direct = np.array([name.lower() in direct for name in names_of], dtype=np.bool_)
    return Paths(
        keys=names_of,
        steps=steps,
        starts=starts,
        outcomes=weights["conversions"],
        nulls=weights.get("nulls", np.zeros(len(file))),
        value=weights.get("value"),
        direct=is_direct[steps],
    )


def _split_paths(column: pa.ChunkedArray, where: str) -> tuple[tuple[str, ...], Codes, Ints]:
    """``email > phone`` on every row → the names, the code of each touch, and (rows + 1,) bounds.

    Only the few different names are trimmed and looked at; a chunk at a time, to keep what is made of them small.
    """
    texts = column if pa.types.is_string(column.type) else as_text(column)
    code: dict[str, int] = {}
    steps: list[Codes] = [np.zeros(0, dtype=np.uint8)]
    lengths: list[Ints] = [np.zeros(1, dtype=np.int64)]
    rows = 0
    for chunk in texts.chunks:
        lists = pc.split_pattern(chunk.fill_null(""), SEPARATOR)
        encoded = lists.flatten().dictionary_encode()
        names = pc.utf8_trim_whitespace(encoded.dictionary).to_pylist()
        table = np.array([code.setdefault(name, len(code)) if name else -1 for name in names], dtype=np.int64)
        found = recoded(table.astype(np.min_scalar_type(-len(code) - 1)), encoded.indices.to_numpy())
        length = pc.list_value_length(lists).to_numpy(zero_copy_only=False)
        if (table < 0).any():
            empty = np.flatnonzero(found < 0)
            owner = np.searchsorted(np.cumsum(length), empty, side="right")
            wrong = owner[length[owner] > 1]
            if len(wrong):
                _refuse_path(chunk[int(wrong[0])].as_py().strip(), where, rows + int(wrong[0]))
            found, length = np.delete(found, empty), length.copy()
            length[owner] = 0
        steps.append(found)
        lengths.append(length)
        rows += len(chunk)
    touches = coded_by(list(code), np.concatenate(steps))
    return touches.names, touches.codes, np.cumsum(np.concatenate(lengths))


def _refuse_path(text: str, where: str, row: int) -> NoReturn:
    try:
        split_path(text)
    except EvidenceError as error:
        raise EvidenceError(f"{where}, row {row + 2}: {error.what}", error.why, error.todo) from None
    raise AssertionError(text)


def read_scarcity(path: Path) -> tuple[Scarcity, ...]:
    """Unfilled positions and ready candidates by desk and quarter: columns ``desk, quarter, unfilled, ready``."""
    table = read_table(path)
    missing = {"desk", "quarter", "unfilled", "ready"} - set(table.column_names)
    if missing:
        raise EvidenceError(
            f"{path.name} was not read.",
            f"It has no column {', '.join(sorted(missing))}.",
            "Give the columns desk, quarter (2026Q3), unfilled and ready.",
        )
    counts = [parsing.numbers(table[name], path.name, name) for name in ("unfilled", "ready")]
    texts = [as_text(table[name]).to_pylist() for name in ("desk", "quarter")]
    return tuple(
        Scarcity(desk or "", quarter or "", float(unfilled), float(ready))
        for desk, quarter, unfilled, ready in zip(*texts, *counts, strict=True)
    )
