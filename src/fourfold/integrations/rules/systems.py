"""Which system and table a file is from: known by its headers, and by its name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

from fourfold.integrations.rules.names import plain_name
from fourfold.integrations.types import ENTITIES, Entity, System

SENSITIVE = re.compile(
    r"ssn|social_?security.*|taxid|tax_?id.*|national_?insurance.*|ni_?number|passport.*|ethnicity|race|racial.*|gender"
    r"|sex|disab.*|veteran.*|dateofbirth|date_of_birth|dob|birth_?day|birthdate|birth_date|age|marital_?status|religio.*"
    r"|sexual_?orientation|orientation|nationality|pregnan.*|health.*|medical.*|criminal.*|convict.*|politic.*|union"
    r"|union_?member.*|spouse|children|bank.*|iban|sort_?code|account_?number|federal(?!_?id).*|.*filing_?status|.*exemptions"
    r"|.*witholding.*|.*withholding.*|tax_?state|local_?tax_?code|customencrypted.*|i9.*|datei9.*|.*_demographic.*|eeoc.*"
)
"""Columns that are dropped: special categories (GDPR Art. 9), and what a recruiter has no need of."""
_CUSTOM = re.compile(
    r"(correlated_?)?custom_?(text|text_?block|date|float|int|object|field|bill_?rate|pay_?rate)_?\d*s?"
)
_NAME_MATCH, _SIGN_MATCH, _SAME_SYSTEM = 6.0, 10.0, 4.0


def is_sensitive(header: str) -> bool:
    """Whether a column is dropped whatever was chosen."""
    return SENSITIVE.fullmatch(plain_name(header)) is not None


def is_custom(header: str) -> bool:
    """Whether a column is one that the house had added there."""
    return _CUSTOM.fullmatch(plain_name(header)) is not None


def table_header_row(rows: Sequence[Sequence[str]]) -> int:
    """Which of a file's first rows names its columns, from 0: the one with most names we know."""
    scores = [sum(plain_name(cell) in _known_names() for cell in row) for row in rows]
    best = max(scores, default=0)
    return scores.index(best) if best >= 2 else 0


@lru_cache(maxsize=1)
def _known_names() -> frozenset[str]:
    columns = [column for entity in ENTITIES.values() for column in entity.columns]
    return frozenset(alias for column in columns for alias in (column.name, *column.aliases))


def recognise_table(file_name: str, headers: Sequence[str], prefer: Collection[System] = ()) -> Entity | None:
    """The table that a file is, or None. ``prefer`` are systems that the files beside it are from."""
    scores = [(_score(entity, file_name, headers, prefer), entity) for entity in ENTITIES.values()]
    best = max((score for score, _ in scores), default=0.0)
    return next(entity for score, entity in scores if score == best) if best > 0 else None


def recognise_tables(
    headers: Mapping[str, Sequence[str]], files: Mapping[str, tuple[str, object]]
) -> dict[str, Entity | None]:
    """By place, the table: those that could be of two systems are of the one that most others are.

    ``files`` has the name of the file at each place.
    """
    first = {place: recognise_table(files[place][0], held) for place, held in headers.items()}
    systems = Counter(entity.system for entity in first.values() if entity)
    most = [system for system, _ in systems.most_common(1)]
    return {place: recognise_table(files[place][0], held, most) for place, held in headers.items()}


def _score(entity: Entity, file_name: str, headers: Sequence[str], prefer: Collection[System]) -> float:
    names = {plain_name(header) for header in headers}
    signed = max((len(sign) for sign in entity.signs if sign <= names), default=0)
    called = _called(entity, file_name)
    known = sum(any(alias in names for alias in (column.name, *column.aliases)) for column in entity.columns)
    if entity.system is System.CVS:
        fits = called and known >= 2 and names & {"file", "filename", "file_name", "cv", "resume", "cv_file", "path"}
        return _SIGN_MATCH + known if fits else 0.0
    if not signed and not (called and known >= 3):
        return 0.0
    score = (_SIGN_MATCH + signed if signed else 0.0) + (_NAME_MATCH + called if called else 0.0)
    return score + known / 100 + (_SAME_SYSTEM if entity.system in prefer else 0.0)


def _called(entity: Entity, file_name: str) -> float:
    """How much of a file's name is the table's: the longest of its names that the file's begins with."""
    stem = plain_name(file_name.rsplit("/", 1)[-1].rsplit(".", 1)[0]).replace("_", "")
    found = [len(name) for name in entity.file_names if stem.startswith(name.replace("_", ""))]
    found += [len(name) - 1 for name in entity.file_names if stem.endswith(name.replace("_", ""))]
    return max(found, default=0) / 10


def dropped_columns(headers: Iterable[str]) -> list[str]:
    """The sensitive ones, as the file calls them."""
    return [header for header in headers if is_sensitive(header)]


def custom_columns(headers: Sequence[str], rows: Sequence[Sequence[str]], mapped: Collection[str]) -> list[str]:
    """Columns the house had added there, with something in the first rows: each may become an added field."""
    return [
        header
        for place, header in enumerate(headers)
        if is_custom(header)
        and header not in mapped
        and not is_sensitive(header)
        and any(place < len(row) and row[place].strip() for row in rows)
    ]
