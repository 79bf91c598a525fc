"""Reads of what came together from another system, and of what waits for a room: frozen rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count

from fourfold.accounts.types import Viewer
from fourfold.integrations import access, models, rules
from fourfold.integrations.queries.imports import row_of
from fourfold.integrations.types import (
    ENTITIES,
    MOVING,
    WORKING,
    CrossingRow,
    ExportRow,
    ExportState,
    ImportRow,
    MovedTable,
    StagedCount,
    StagedRow,
    State,
    System,
    Table,
    Unknown,
)
from fourfold.people import queries as people

SHOWN_CELLS = 8


def crossings(viewer: Viewer, *, size: int = 20) -> tuple[CrossingRow, ...]:
    """The viewer's crossings, the latest first."""
    return _rows(list(models.Crossing.objects.visible_to(viewer)[:size]))


def crossings_waiting(viewer: Viewer) -> tuple[CrossingRow, ...]:
    """Crossings whose next step is the viewer's."""
    states = [State.MAPPING, State.CHECKED, State.FAILED]
    found = models.Crossing.objects.visible_to(viewer).filter(state__in=states, user_key=viewer.user_key)
    return _rows(list(found[:5]))


def crossing(viewer: Viewer, key: UUID) -> CrossingRow:
    """One crossing with its tables. Raises CrossingNotFound."""
    return _counted(access.get_crossing_for(viewer, key))


def worker_crossing(key: UUID) -> CrossingRow:
    """As ``crossing``, for the worker and the command line."""
    return _counted(access.get_crossing(key))


def crossing_of(key: UUID) -> UUID | None:
    """The crossing that an import is a table of."""
    return access.get_import(key).crossing_id


def crossing_of_file(sha256: str) -> UUID | None:
    """The latest applied crossing that has a table with these bytes."""
    found = models.Import.objects.filter(sha256=sha256, crossing__state=State.APPLIED).order_by("-at").first()
    return found.crossing_id if found else None


def _counted(found: models.Crossing) -> CrossingRow:
    """A crossing with the counts of its staged rows: three statements, however many tables it has."""
    counts: dict[UUID, dict[str, int]] = {}
    rows = models.ImportRow.objects.filter(imported__crossing=found).values_list("imported", "state")
    for key, state, n in rows.annotate(n=Count("pk")).order_by():
        counts.setdefault(key, {})[state] = n
    return _row(found, models.Import.objects.filter(crossing=found).order_by("position"), counts)


def _rows(found: Sequence[models.Crossing]) -> tuple[CrossingRow, ...]:
    """Crossings with their tables, without counts of staged rows: two statements."""
    tables: dict[UUID, list[models.Import]] = {}
    for one in models.Import.objects.filter(crossing__in=found).order_by("position"):
        if one.crossing_id:
            tables.setdefault(one.crossing_id, []).append(one)
    return tuple(_row(one, tables.get(one.pk, ()), {}) for one in found)


def _row(found: models.Crossing, tables: Iterable[models.Import], counts: Mapping[UUID, dict[str, int]]) -> CrossingRow:
    return CrossingRow(
        key=found.key,
        system=System(found.system) if found.system else None,
        state=State(found.state),
        at=found.at,
        by=found.by,
        tables=tuple(_table(row_of(one, counts.get(one.pk, {})), one) for one in tables),
        unknown=tuple(Unknown(name, why) for name, why in found.unknown),
        error=found.error,
        kept=found.kept,
        moving_done=found.moving_done,
        moving_total=found.moving_total,
    )


def _table(one: ImportRow, found: models.Import) -> Table:
    headers, rows = (one.sample.headers, one.sample.rows) if one.sample else ((), ())
    used = {*one.mapping.values(), *one.settings.added}
    custom = tuple(rules.custom_columns(headers, rows, used))
    filled = {header for place, header in enumerate(headers) if any(row[place : place + 1] != ("",) for row in rows)}
    left_out = tuple(header for header in headers if header not in {*used, *custom} and header in filled)
    return Table(one, ENTITIES[one.settings.layout], tuple(found.dropped), left_out, custom, dict(found.counts))


def unfinished_crossings() -> tuple[UUID, ...]:
    """Crossings that the worker should be at, for its sweep."""
    return tuple(models.Crossing.objects.filter(state__in=WORKING).values_list("key", flat=True))


def staged_counts() -> tuple[StagedCount, ...]:
    """How many records wait for a room, by what they are."""
    rows = models.SourceRecord.objects.filter(staged=True).values_list("system", "entity").annotate(n=Count("pk"))
    found = [StagedCount(System(system), ENTITIES[f"{system}.{entity}"], n) for system, entity, n in rows.order_by()]
    return tuple(sorted(found, key=lambda one: (-one.count, one.entity.layout)))


def moved_tables(key: UUID) -> tuple[MovedTable, ...]:
    """What became of the jobs and applications that a crossing brought: how many moved in, and why others wait."""
    names = [ENTITIES[layout].name for layout in MOVING]
    rows = models.SourceRecord.objects.filter(imported__crossing=key, system="bullhorn", entity__in=names).order_by()
    counts: dict[str, list[tuple[bool, str, int]]] = {}
    for name, staged, why, n in rows.values_list("entity", "staged", "why").annotate(n=Count("pk")):
        counts.setdefault(name, []).append((staged, why, n))
    unknown: dict[str, list[tuple[str, int]]] = {}
    told = rows.filter(did__has_key="unknown").values_list("entity", "did__unknown").annotate(n=Count("pk"))
    for name, status, n in told:
        unknown.setdefault(name, []).append((str(status), n))
    return tuple(
        MovedTable(
            ENTITIES[layout],
            moved=sum(n for staged, _, n in counts[name] if not staged),
            waiting=sum(n for staged, _, n in counts[name] if staged),
            reasons=tuple(
                sorted(((why, n) for staged, why, n in counts[name] if staged and why), key=lambda one: -one[1])
            ),
            unknown=tuple(sorted(unknown.get(name, ()), key=lambda one: (-one[1], one[0]))),
        )
        for layout, name in ((layout, ENTITIES[layout].name) for layout in MOVING)
        if name in counts
    )


def waiting_to_move() -> int:
    """How many records of every crossing wait for jobs and clients."""
    names = [ENTITIES[layout].name for layout in MOVING]
    return models.SourceRecord.objects.filter(staged=True, system="bullhorn", entity__in=names).count()


def staged_rows(viewer: Viewer, layout: str, *, after: UUID | None = None, size: int = 50) -> tuple[StagedRow, ...]:
    """A page of records of one kind that wait. Names of people show to those who may see them."""
    system, _, entity = layout.partition(".")
    found = models.SourceRecord.objects.filter(staged=True, system=system, entity=entity).order_by("key")
    rows = list((found.filter(key__gt=after) if after else found)[:size])
    links = models.SourcePerson.objects.filter(record__in=rows).values_list("record_id", "person_key")
    about: dict[UUID, list[UUID]] = {}
    for record, person in links:
        about.setdefault(record, []).append(person)
    names = people.candidate_names_for(viewer, {key for keys in about.values() for key in keys})
    hidden = {record for record, keys in about.items() if any(key not in names for key in keys)}
    organisations = people.organisation_names({row.organisation_key for row in rows if row.organisation_key})
    return tuple(
        StagedRow(
            key=row.key,
            source_id=row.source_id,
            cells=() if row.key in hidden else _cells(row),
            people=tuple((key, names[key]) for key in about.get(row.key, ()) if key in names),
            organisation=(
                (row.organisation_key, organisations[row.organisation_key]) if row.organisation_key else None
            ),
            why=row.why,
        )
        for row in rows
    )


def _cells(row: models.SourceRecord) -> tuple[tuple[str, str], ...]:
    """The cells that say most: no ids, no columns of the house's own, the shorter ones."""
    held = [
        (header, text)
        for header, text in ((header, text.strip()) for header, text in (row.payload or {}).items())
        if not rules.is_custom(header) and "external" not in header.lower() and 1 < len(text) < 80
    ]
    first = [one for one in held if one[0].lower() in {"title", "status", "subject", "dateadded", "source", "salary"}]
    return tuple(dict([*first, *held]).items())[:SHOWN_CELLS]


def exports(viewer: Viewer) -> tuple[ExportRow, ...]:
    """The viewer's exports of the house, the latest first."""
    rows = models.Export.objects.filter(user_key=viewer.user_key)[:10]
    return tuple(ExportRow(row.key, ExportState(row.state), row.at, row.by, row.size, dict(row.counts)) for row in rows)


def unfinished_exports() -> tuple[UUID, ...]:
    """Exports that the worker should be at, for its sweep."""
    return tuple(models.Export.objects.filter(state=ExportState.WRITING).values_list("key", flat=True))


def records_about(keys: Collection[UUID]) -> list[dict[str, Any]]:
    """What these keys of one person came from, and what waits about them, as JSON can hold it: for exports."""
    own = models.SourceRecord.objects.filter(person_key__in=list(keys))
    about = models.SourceRecord.objects.filter(people__person_key__in=list(keys)).distinct()
    return [
        {
            "system": row.system, "table": row.entity, "id": row.source_id, "keys": row.keys,
            **({"cells": row.payload} if row.payload else {}),
        }
        for row in [*own.order_by("source_id"), *about.order_by("source_id")]
    ]  # fmt: skip
