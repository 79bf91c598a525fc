"""Many rows in one statement, in and out: quick ways that the rooms with large tables share."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models.expressions import RawSQL

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows, in order. Mappings and lists become JSON. Raises IntegrityError for one that exists.

    Several times faster than ``bulk_create``, which builds a statement per 22 facts on SQLite: there rows go through
    one prepared statement, and on PostgreSQL as one parameter. ``columns`` are names in the database; those without a
    default there must all be given.
    """
    _insert(model, columns, rows, "")


def append(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """The same, but a row whose key or unique columns exist is passed over."""
    _insert(model, columns, rows, "ON CONFLICT DO NOTHING")


def put(model: type[models.Model], key: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """The same, but a row whose ``key`` exists takes on the other columns. ``columns`` has the key among them."""
    quote = connection.ops.quote_name
    changed = ", ".join(f"{quote(name)} = excluded.{quote(name)}" for name in columns if name != key)
    _insert(model, columns, rows, f"ON CONFLICT ({quote(key)}) DO UPDATE SET {changed}")


def change(model: type[models.Model], key: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Set these columns of the rows named by ``key``, which is the first of ``columns``. Unknown keys are passed over.

    Some thirty times faster than ``bulk_update``, which builds a CASE for each row and column.
    """
    if not rows:
        return
    quote, on_sqlite = connection.ops.quote_name, connection.vendor == "sqlite"
    table = quote(model._meta.db_table)
    values = [_converted(column, on_sqlite) for column in zip(*rows, strict=True)]
    names = [quote(name) for name in columns if name != key]
    with connection.cursor() as cursor:
        if on_sqlite:
            marks = ", ".join(f"{name} = %s" for name in names)
            statement = f"UPDATE {table} SET {marks} WHERE {quote(key)} = %s"  # noqa: S608
            cursor.executemany(statement, list(zip(*values[1:], values[0], strict=True)))
            return
        objects = _encode([dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)])
        marks = ", ".join(f"{name} = given.{name}" for name in names)
        given = f"json_populate_recordset(NULL::{table}, %s) given"
        cursor.execute(
            f"UPDATE {table} held SET {marks} FROM {given} WHERE held.{quote(key)} = given.{quote(key)}",  # noqa: S608
            [objects],
        )


def _insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]], deed: str) -> None:
    """Insert column by column what the rows say; a column that is null in all of them is not sent."""
    on_sqlite = connection.vendor == "sqlite"
    held = zip(columns, zip(*rows, strict=True), strict=False)  # without rows there are no columns
    filled = {name: _converted(values, on_sqlite) for name, values in held if any(v is not None for v in values)}
    if not filled:
        return
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(map(connection.ops.quote_name, filled))
    with connection.cursor() as cursor:
        if on_sqlite:
            marks = ", ".join(["%s"] * len(filled))
            statement = f"INSERT INTO {table} ({names}) VALUES ({marks}) {deed}"  # noqa: S608
            cursor.executemany(statement, list(zip(*filled.values(), strict=True)))
            return
        objects = _encode([dict(zip(filled, row, strict=True)) for row in zip(*filled.values(), strict=True)])
        given = f"SELECT {names} FROM json_populate_recordset(NULL::{table}, %s)"  # noqa: S608
        cursor.execute(f"INSERT INTO {table} ({names}) {given} {deed}", [objects])


def _converted(values: Sequence[Any], on_sqlite: bool) -> Sequence[Any]:
    """A column's values as Django itself stores them on SQLite, or as JSON has them for PostgreSQL."""
    kinds = set(map(type, values)) & {UUID, datetime, date, dict, list}
    if not kinds:
        return values
    convert = _sqlite_value if on_sqlite else _json_value
    return [convert(value) for value in values]


def _sqlite_value(value: Any) -> Any:
    """Keys as hexadecimal digits, moments as naive UTC text, days as text."""
    kind = type(value)
    if kind is UUID:
        return value.hex
    if kind is datetime:
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
    if kind is date:
        return value.isoformat()
    if kind is dict or kind is list:
        return _encode(value)
    return value


def _json_value(value: Any) -> Any:
    kind = type(value)
    if kind is UUID:
        return str(value)
    if kind is datetime or kind is date:
        return value.isoformat()
    return value


def among(values: Collection[UUID] | Collection[str]) -> Any:
    """The right side of ``column__in``, for any number of keys or texts: one parameter, and nothing done for each."""
    if not values:
        return []
    is_keys = isinstance(next(iter(values)), UUID)
    if connection.vendor == "sqlite":
        texts = [value.hex for value in values] if is_keys else list(values)  # type: ignore[union-attr]
        return RawSQL("SELECT value FROM json_each(%s)", [_encode(texts)])
    wanted = "value::uuid" if is_keys else "value"
    return RawSQL(f"SELECT {wanted} FROM json_array_elements_text(%s)", [_encode(list(map(str, values)))])  # noqa: S608, S611
