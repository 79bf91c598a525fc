"""The words of documents, in each database's own index: FTS5 on SQLite, tsvector on PostgreSQL. No other knows.

Both get the words that ``rules.tokens`` makes, so both give the same answers. On PostgreSQL a word stands twice where
it is in a named field: by itself, and behind a mark of the field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from fourfold.search.types import AnyOf, Field, Leaf, Query

MARKS = {Field.NAME: "~n~", Field.TITLE: "~t~", Field.SKILL: "~s~", Field.PLACE: "~p~"}
FACET = "~f~"
GAP = 5
"""Places between two fields, so that words in a row never reach from one into the next."""
LAST_PLACE = 16_383
_TEXT = " ".join(field.value for field in Field)
_COLUMNS = "d.id, d.kind, d.sort_name, d.last_contact, d.available_from, d.latitude, d.longitude"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one document by field, and its facets as words."""

    document: int
    fields: Mapping[Field, Sequence[str]]
    facets: Sequence[str]


def put(words: Iterable[Words]) -> None:
    """Add the words of new documents."""
    rows = list(words)
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(
                "INSERT INTO search_words (rowid, name, title, skill, place, body, facet) "
                "VALUES (%s, %s, %s, %s, %s, %s, %s)",
                [
                    (row.document, *(" ".join(row.fields.get(field, ())) for field in Field), " ".join(row.facets))
                    for row in rows
                ],
            )
        else:
            cursor.executemany(
                "INSERT INTO search_words (document_id, vector) VALUES (%s, %s::tsvector)",
                [(row.document, _vector(row)) for row in rows],
            )


def take(documents: Iterable[int]) -> None:
    """Take the words of documents away."""
    column = "rowid" if connection.vendor == "sqlite" else "document_id"
    with connection.cursor() as cursor:
        cursor.executemany(
            f"DELETE FROM search_words WHERE {column} = %s",  # noqa: S608 (one of two words above)
            [(one,) for one in documents],
        )


def _vector(row: Words) -> str:
    places: dict[str, list[int]] = {}
    at = 0
    for field in Field:
        for word in row.fields.get(field, ()):
            at = min(at + 1, LAST_PLACE)
            places.setdefault(word, []).append(at)
            if field in MARKS:
                places.setdefault(MARKS[field] + word, []).append(at)
        at = min(at + GAP, LAST_PLACE)
    for word in row.facets:
        places.setdefault(FACET + word, []).append(LAST_PLACE)
    return " ".join(f"'{word}':{','.join(map(str, dict.fromkeys(spots[:250])))}" for word, spots in places.items())


def expression(query: Query | None, facets: Sequence[str]) -> str:
    """The search as this database's index reads it. Tokens hold letters and digits only: nothing needs escaping."""
    lite = connection.vendor == "sqlite"
    both = " AND " if lite else " & "
    parts = [_fts5(query) if lite else _tsquery(query)] if query else []
    parts += [f'{{facet}} : "{word}"' if lite else f"'{FACET}{word}'" for word in facets]
    return both.join(f"({part})" for part in parts)


def _fts5(query: Query) -> str:
    if isinstance(query, Leaf):
        columns = query.field.value if query.field else _TEXT
        return f'{{{columns}}} : "{" ".join(query.tokens)}"' + (" *" if query.prefix else "")
    if isinstance(query, AnyOf):
        return " OR ".join(f"({_fts5(part)})" for part in query.parts)
    wanted = " AND ".join(f"({_fts5(part)})" for part in query.parts)
    return " NOT ".join([f"({wanted})", *(f"({_fts5(part)})" for part in query.without)]) if query.without else wanted


def _tsquery(query: Query) -> str:
    if isinstance(query, Leaf):
        mark = MARKS[query.field] if query.field else ""
        words = [f"'{mark}{token}'" for token in query.tokens]
        words[-1] += ":*" if query.prefix else ""
        return " <-> ".join(words)
    if isinstance(query, AnyOf):
        return " | ".join(f"({_tsquery(part)})" for part in query.parts)
    parts = [f"({_tsquery(part)})" for part in query.parts] + [f"!({_tsquery(part)})" for part in query.without]
    return " & ".join(parts)


def matching(asked: str, *, user_key: UUID, leads: bool, limit: int) -> list[tuple[Any, ...]]:
    """Documents that match and that the viewer may find, in no order, at most so many: id, kind, sort values."""
    lite = connection.vendor == "sqlite"
    key = user_key.hex if lite else user_key
    reader = "EXISTS (SELECT 1 FROM search_documentreader r WHERE r.document_id = d.id AND r.user_key = %s AND {})"
    mine = f"(NOT d.restricted OR {reader.format('NOT r.instead')})"
    not_fuller = f"(NOT d.shadowed OR NOT {reader.format('r.instead')})"
    seen, values = ("NOT d.shadowed", []) if leads else (f"{mine} AND {not_fuller}", [key, key])
    source = "search_words w {} search_indexeddocument d".format("CROSS JOIN" if lite else ",")
    match = "w.rowid = d.id AND search_words MATCH %s" if lite else "w.document_id = d.id AND w.vector @@ %s::tsquery"
    statement = f"SELECT {_COLUMNS} FROM {source} WHERE {match} AND {seen} LIMIT %s"  # noqa: S608 (all of it above)
    with connection.cursor() as cursor:
        cursor.execute(statement, [asked, *values, limit])
        return list(cursor.fetchall())


def documents_of(asked: str, *, limit: int) -> set[int]:
    """The ids of documents that match, whoever may find them, so many at the most."""
    lite = connection.vendor == "sqlite"
    statement = (
        "SELECT rowid FROM search_words WHERE search_words MATCH %s LIMIT %s"
        if lite
        else "SELECT document_id FROM search_words WHERE vector @@ %s::tsquery LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [asked, limit])
        return {row[0] for row in cursor.fetchall()}
