"""Reads of imports: frozen rows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from fourfold.accounts.types import Viewer
from fourfold.base.cells import formula_safe
from fourfold.integrations import access, models
from fourfold.integrations.types import WORKING, FileKind, ImportRow, Rejected, RowState, Sample, Settings, State
from fourfold.people import queries as people
from fourfold.people.types import Identifier

_MAY_BE_ADDRESS = re.compile(r"@|//|linkedin\.com/|^\s*\+?[\d ()./-]{9,20}\s*$")


def imports(viewer: Viewer, *, before: datetime | None = None, size: int = 30) -> tuple[ImportRow, ...]:
    """The viewer's imports, the latest first."""
    found = models.Import.objects.visible_to(viewer)
    found = found.filter(at__lt=before) if before else found
    return tuple(_row(one, {}) for one in found[:size])


def one_import(viewer: Viewer, key: UUID) -> ImportRow:
    """One import with the counts of its rows. Raises ImportNotFound."""
    return import_row(access.get_import_for(viewer, key))


def worker_import(key: UUID) -> ImportRow:
    """As ``one_import``, for the worker and the command line."""
    return import_row(access.get_import(key))


def import_row(found: models.Import) -> ImportRow:
    counted = models.ImportRow.objects.filter(imported=found).values_list("state").annotate(n=Count("pk"))
    return _row(found, dict(counted.order_by("state")))


def _row(found: models.Import, counts: dict[str, int]) -> ImportRow:
    sample = found.sample
    return ImportRow(
        key=found.key,
        kind=FileKind(found.kind),
        file_name=found.file_name,
        state=State(found.state),
        at=found.at,
        by=found.by,
        size=found.size,
        rows_read=found.rows_read,
        rows_ready=counts.get(RowState.READY, 0),
        rows_posted=found.rows_posted,
        rows_unchanged=found.rows_unchanged,
        rows_rejected=counts.get(RowState.REJECTED, 0),
        people_added=found.people_added,
        mapping=dict(found.mapping),
        sample=Sample(
            tuple(sample["headers"]), tuple(map(tuple, sample["rows"])), sample["encoding"], sample["delimiter"]
        )
        if sample
        else None,
        settings=Settings(**found.settings),
        error=found.error,
        batch=found.batch,
        warnings=tuple(found.warnings),
    )


def rejected(viewer: Viewer, key: UUID, *, after: int = 0, size: int = 50) -> tuple[Rejected, ...]:
    """Rejected rows in the order of the file, after row ``after``. Raises ImportNotFound."""
    return tuple(_rejected(access.get_import_for(viewer, key), after)[:size])


def rejected_table(key: UUID) -> Iterator[list[str]]:
    """A header and every rejected row with its reason, streamed, in cells that a spreadsheet can't run."""
    found = access.get_import(key)
    headers = list(found.sample["headers"]) if found.sample else []
    yield ["row", "reason", *map(formula_safe, headers)]
    for row in _rejected(found, 0):
        fits = set(row.content) & set(headers)
        cells = [row.content.get(header, "") for header in headers] if fits else list(row.content.values())
        yield [str(row.row), row.reason, *(formula_safe(str(cell)) for cell in cells)]


def _rejected(found: models.Import, after: int) -> Any:
    rows = models.ImportRow.objects.filter(imported=found, state=RowState.REJECTED, row__gt=after).order_by("row")
    return _Sliced(rows)


class _Sliced:
    """Rejected rows, read when iterated or sliced."""

    def __init__(self, rows: Any) -> None:
        self.rows = rows

    def __getitem__(self, part: slice) -> list[Rejected]:
        return [Rejected(row.row, row.reason, row.content) for row in self.rows[part]]

    def __iter__(self) -> Iterator[Rejected]:
        for row in self.rows.iterator(chunk_size=1000):
            yield Rejected(row.row, row.reason, row.content)


def waiting_for_a_person(viewer: Viewer) -> tuple[ImportRow, ...]:
    """Imports whose next step is the viewer's: columns to confirm, rows to apply, a failure to look at."""
    states = [State.MAPPING, State.CHECKED, State.FAILED]
    found = models.Import.objects.visible_to(viewer).filter(state__in=states, user_key=viewer.user_key)
    return tuple(_row(one, {}) for one in found[:10])


def unfinished() -> tuple[tuple[UUID, State], ...]:
    """Imports that the worker should be at, for its sweep."""
    found = models.Import.objects.filter(Q(state__in=WORKING) | Q(forget__isnull=False))
    return tuple((key, State(state)) for key, state in found.values_list("key", "state"))


def same_file(kind: FileKind, sha256: str) -> UUID | None:
    """The latest applied import of a file with the same bytes that posted anything."""
    found = models.Import.objects.filter(kind=kind, sha256=sha256, state=State.APPLIED, rows_posted__gt=0)
    row = found.order_by("-at").first()
    return row.key if row else None


def batch_names(batches: Collection[UUID]) -> dict[UUID, tuple[UUID, str]]:
    """By batch, the import it came with: (key, file name)."""
    rows = models.Import.objects.filter(batch__in=list(batches)).values_list("batch", "key", "file_name")
    return {batch: (key, name) for batch, key, name in rows if batch}


def held_about(identifiers: Collection[Identifier]) -> list[dict[str, Any]]:
    """Rows kept in imports that hold one of these addresses, for exports and erasures."""
    wanted = set(identifiers)
    imports_by_key = {found.pk: found for found in models.Import.objects.all()} if wanted else {}
    rows = models.ImportRow.objects.filter(imported__in=imports_by_key).iterator(chunk_size=2000)
    return [
        {"row": row.row, "content": row.content or row.parsed, "pk": row.pk}
        for row in rows
        if wanted & addresses_in(imports_by_key[row.imported_id], _cells(row))
    ]


def _cells(row: models.ImportRow) -> dict[str, str]:
    if set(row.content) == {"cells"}:  # its number of cells was not the header's
        return {str(place): text for place, text in enumerate(str(row.content["cells"]).split(" | "))}
    return {name: str(value) for name, value in {**(row.parsed or {}), **row.content}.items()}


def addresses_in(found: models.Import, cells: Mapping[str, str]) -> set[Identifier]:
    """The addresses that a row of a file holds, by header; ids only in its column of persons."""
    settings = Settings(**found.settings)
    persons = {"person", found.mapping.get("person_key")}
    texts = [text for header, text in cells.items() if header in persons or _MAY_BE_ADDRESS.search(text)]
    guessed = [people.recognise(text, source=settings.source, country=settings.country) for text in texts]
    return {one for one in guessed if one}
