"""Strict reading of columns: dates, money and whole numbers, with the row number in the error."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, NoReturn

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fourfold.evidence.paths import Floats, Ints
from fourfold.evidence.types import EvidenceError

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?( ?(Z|[+-]\d{2}:?\d{2}))?)?")
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?([eE][+-]?\d{1,2})?")
DAY_US = 86_400_000_000
_YES = frozenset({"1", "true", "yes", "y", "t"})
_NO = frozenset({"0", "false", "no", "n", "f", ""})


class UnreadableError(ValueError):
    """One cell that was not read; ``why`` and ``todo`` are whole sentences."""

    def __init__(self, why: str, todo: str) -> None:
        super().__init__(why)
        self.why = why
        self.todo = todo


def _refuse(column: pa.ChunkedArray, text: str, where: str, name: str, cell: UnreadableError) -> NoReturn:
    row = pc.index(column, pa.scalar(text, column.type)).as_py() + 2
    raise EvidenceError(f"{where}, row {row}: {name} “{str(text).strip()}” was not read.", cell.why, cell.todo)


def each(column: pa.ChunkedArray, where: str, name: str, read: Callable[[str], Any]) -> tuple[list[Any], Ints]:
    """Read every different text once, without blanks around it → values, and which each row has (−1: empty)."""
    encoded = column.combine_chunks().dictionary_encode()
    texts = as_text(pa.chunked_array([encoded.dictionary])).to_pylist()
    values: list[Any] = []
    place: list[int] = []
    for written, text in zip(encoded.dictionary.to_pylist(), texts, strict=True):
        place.append(-1 if text is None else len(values))
        try:
            values += [] if text is None else [read(text)]
        except UnreadableError as cell:
            _refuse(column, written, where, name, cell)
    codes = np.asarray(encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False))
    return values, np.array([*place, -1], dtype=np.int64)[codes]


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column as text: surrounding blanks gone, empty cells null."""
    if pa.types.is_fixed_size_binary(column.type) or pa.types.is_binary(column.type):
        return pa.chunked_array([pa.array([None if v is None else v.hex() for v in column.to_pylist()], pa.string())])
    text = pc.utf8_trim_whitespace(pc.cast(column, pa.string()))
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def _moment(text: str) -> int:
    todo = "Write dates like 2026-03-31 and moments like 2026-03-31 14:05 or 2026-03-31T14:05:00Z."
    if not _MOMENT.fullmatch(text):
        raise UnreadableError("It is not a date as ISO 8601 writes it: year, month, day.", todo)
    try:
        moment = datetime.fromisoformat(text.replace(" Z", "Z"))
    except ValueError:
        raise UnreadableError("There is no such day or time.", todo) from None
    since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def moments(column: pa.ChunkedArray, where: str, name: str, *, required: bool = True) -> tuple[Floats | Ints, bool]:
    """(n,) microseconds since 1970 UTC (NaN where empty and not ``required``), and whether all are whole days.

    Text without a time zone is UTC.
    """
    if pa.types.is_date(column.type) or pa.types.is_timestamp(column.type):
        us = pc.cast(pc.cast(column, pa.timestamp("us"), safe=False), pa.int64())
        empty = np.asarray(us.is_null().to_numpy(), dtype=np.bool_)
        numbers = np.asarray(us.fill_null(0).to_numpy(), dtype=np.int64)
    else:
        values, codes = each(as_text(column), where, name, _moment)
        empty = codes < 0
        numbers = np.array([*values, 0], dtype=np.int64)[codes]
    if required and empty.any():
        raise _empty(where, name, empty)
    whole_days = bool((numbers % DAY_US == 0).all())
    return (numbers, whole_days) if required else (np.where(empty, np.nan, numbers), whole_days)


def _empty(where: str, name: str, empty: np.ndarray) -> EvidenceError:
    row = int(np.flatnonzero(empty)[0]) + 2
    return EvidenceError(f"{where}, row {row}: {name} is empty.", "Every row needs one.", "Fill it in or drop the row.")


def days(column: pa.ChunkedArray, where: str, name: str) -> pa.Array:
    """(n,) dates; null where empty. A month (2026-03) is not a day."""
    us, _ = moments(column, where, name, required=False)
    values = [None if np.isnan(u) else datetime.fromtimestamp(u / 1e6, tz=UTC).date() for u in us]
    return pa.array(values, pa.date32())


def _number(text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise UnreadableError(
            "An amount is digits, with a point before the minor units and commas between thousands.",
            "Write it like 12400.50 or 12,400.50, with the currency in a column of its own.",
        )
    return float(text.replace(",", ""))


def _whole(text: str) -> float:
    number = _number(text)
    if number != int(number):
        raise UnreadableError(
            "Minor units (pence, cents) are whole numbers.",
            "Give whole minor units, or name the column value (amount) and write pounds or euros.",
        )
    return number


def numbers(column: pa.ChunkedArray, where: str, name: str, *, whole: bool = False) -> Floats:
    """(n,) numbers, NaN where empty. ``whole``: only whole numbers."""
    if pa.types.is_floating(column.type) or pa.types.is_integer(column.type) or pa.types.is_decimal(column.type):
        found = pc.cast(column, pa.float64(), safe=False).to_numpy(zero_copy_only=False).astype(np.float64)
        if whole and (found[~np.isnan(found)] % 1 != 0).any():
            row = int(np.flatnonzero(~np.isnan(found) & (found % 1 != 0))[0])
            try:
                _whole(repr(float(found[row])))
            except UnreadableError as cell:
                raise EvidenceError(f"{where}, row {row + 2}: {name} was not read.", cell.why, cell.todo) from None
        return found
    texts = column if pa.types.is_string(column.type) else as_text(column)
    values, codes = each(texts, where, name, _whole if whole else _number)
    return np.array([*values, np.nan], dtype=np.float64)[codes]


def flags(column: pa.ChunkedArray, where: str, name: str) -> pa.Array:
    """(n,) yes or no; empty is no."""
    if pa.types.is_boolean(column.type):
        return column.fill_null(False).combine_chunks()

    def read(text: str) -> bool:
        if text.lower() in _YES | _NO:
            return text.lower() in _YES
        raise UnreadableError("It is neither yes nor no.", "Write true or false.")

    values, codes = each(as_text(column), where, name, read)
    return pa.array(np.array([*values, False], dtype=np.bool_)[codes])


def required_text(column: pa.ChunkedArray, where: str, name: str) -> pa.ChunkedArray:
    """The column as text, without empty cells."""
    text = as_text(column)
    if text.null_count:
        raise _empty(where, name, np.asarray(text.is_null().to_numpy(), dtype=np.bool_))
    return text


def a_day(text: str, option: str) -> date:
    """A date given on the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise EvidenceError(
            f"{option} “{text}” was not read.", "It is not a date.", "Write it like 2026-03-31."
        ) from None
