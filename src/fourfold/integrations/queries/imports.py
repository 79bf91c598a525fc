"""Reads of imports: frozen rows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from fourfold.accounts.types import Viewer
from fourfold.base.cells import formula_safe
from fourfold.integrations import access, models, rules
from fourfold.integrations.types import (
    ENTITIES,
    WORKING,
    FileKind,
    ImportRow,
    Rejected,
    RowState,
    Sample,
    Saved,
    Settings,
    State,
)
from fourfold.people import queries as people
from fourfold.people.types import Identifier, Scheme

_MAY_BE_ADDRESS = re.compile(r"@|//|linkedin\.com/|^\s*\+?[\d ()./-]{9,20}\s*$")


def imports(viewer: Viewer, *, before: datetime | None = None, size: int = 30) -> tuple[ImportRow, ...]:
    """The viewer's imports, the latest first."""
    found = models.Import.objects.visible_to(viewer).filter(crossing=None)
    found = found.filter(at__lt=before) if before else found
    return tuple(row_of(one, {}) for one in found[:size])


def one_import(viewer: Viewer, key: UUID) -> ImportRow:
    """One import with the counts of its rows. Raises ImportNotFound."""
    return import_row(access.get_import_for(viewer, key))


def worker_import(key: UUID) -> ImportRow:
    """As ``one_import``, for the worker and the command line."""
    return import_row(access.get_import(key))


def import_row(found: models.Import) -> ImportRow:
    counted = models.ImportRow.objects.filter(imported=found).values_list("state").annotate(n=Count("pk"))
    return row_of(found, dict(counted.order_by("state")))


def row_of(found: models.Import, counts: dict[str, int]) -> ImportRow:
    """An import with these counts of its staged rows, by state."""
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
        sample=Sample.kept(sample) if sample else None,
        settings=Settings.kept(found.settings),
        error=found.error,
        batch=found.batch,
        warnings=tuple(found.warnings),
        summary=tuple(found.summary),
        remembered=found.remembered,
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
    found = models.Import.objects.visible_to(viewer).filter(state__in=states, user_key=viewer.user_key, crossing=None)
    return tuple(row_of(one, {}) for one in found[:10])


def unfinished() -> tuple[tuple[UUID, State], ...]:
    """Imports that the worker should be at, for its sweep. Tables of a crossing are moved on by it."""
    found = models.Import.objects.filter(Q(state__in=WORKING, crossing=None) | Q(forget__isnull=False))
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
        if wanted & (_parsed_addresses(row) | addresses_in(imports_by_key[row.imported_id], _cells(row)))
    ]


def _parsed_addresses(row: models.ImportRow) -> set[Identifier]:
    """The addresses that were recognised when a row was checked."""
    parsed = row.parsed or {}
    pairs = [*parsed.get("ids", ()), *(parsed.get("contact") or {}).get("ids", ())]
    named = (ref for several in parsed.get("about", ()) if isinstance(several, list) for ref in several)
    return {Identifier(Scheme(scheme), value) for scheme, value in pairs} | {
        Identifier(Scheme.ID, ref) for ref in named
    }


def _cells(row: models.ImportRow) -> dict[str, str]:
    if set(row.content) == {"cells"}:  # its number of cells was not the header's
        return {str(place): text for place, text in enumerate(str(row.content["cells"]).split(" | "))}
    return {name: str(value) for name, value in {**(row.parsed or {}), **row.content}.items()}


def addresses_in(found: models.Import, cells: Mapping[str, str]) -> set[Identifier]:
    """The addresses that a row of a file holds, by header; ids only in its columns of persons."""
    settings = Settings.kept(found.settings)
    ask = recogniser(settings)
    columns = {header: name for name, header in found.mapping.items()}
    held: set[Identifier | None] = set()
    if settings.layout in ENTITIES:
        held |= {Identifier(Scheme.ID, one) for one in rules.ids_named(settings.layout, found.mapping, cells)}
    for header, text in cells.items():
        name = columns.get(header, "")
        if name in _SCHEMES and not (name == "person_id" and settings.layout in ENTITIES):
            held.add(ask(text, _SCHEMES[name], settings.source))
        if header in settings.ids:
            held.add(ask(text, Scheme.ID, rules.id_source(header, settings.source)))
        if header == "person" or name == "person_key" or _MAY_BE_ADDRESS.search(text):
            held.add(ask(text, None, settings.source))
    return {one for one in held if one}


_SCHEMES = {
    "email": Scheme.EMAIL, "email_2": Scheme.EMAIL, "email_3": Scheme.EMAIL, "contact_email": Scheme.EMAIL,
    "phone": Scheme.PHONE, "phone_2": Scheme.PHONE, "phone_3": Scheme.PHONE, "mobile": Scheme.PHONE,
    "work_phone": Scheme.PHONE, "home_phone": Scheme.PHONE, "contact_phone": Scheme.PHONE,
    "from": Scheme.PHONE, "to": Scheme.PHONE, "profile_url": Scheme.PROFILE, "person_id": Scheme.ID,
}  # fmt: skip


def recogniser(settings: Settings) -> rules.Recognise:
    """How the addresses of a file with these settings are recognised. One that comes again is not worked out again.

    The ``source`` of a phone number may be its country, where a row says it.
    """

    @lru_cache(maxsize=20_000)
    def ask(text: str, scheme: Scheme | None, source: str) -> Identifier | None:
        if not text.strip():
            return None
        if scheme is Scheme.PHONE and len(source) == 2:
            return people.recognise_as(scheme, text, source=source, country=source)
        if scheme is None:
            return people.recognise(text, source=source, country=settings.country)
        return people.recognise_as(scheme, text, source=source, country=settings.country)

    return ask


def saved_mapping(kind: FileKind, headers: Collection[str]) -> Saved | None:
    """How a file of this kind with these headers was mapped last time, or the one that shares most of them.

    At least half of the columns that were mapped then must be there.
    """
    rows = models.SavedMapping.objects.filter(kind=kind).order_by("-at")
    exact = rows.filter(headers_hash=headers_hash(headers)).first()
    if exact:
        return Saved(exact.mapping, Settings.kept(exact.settings), exact.file_name, exact.at, True)
    best, most = None, 0
    for row in rows[:100]:
        shared = len(set(row.mapping.values()) & set(headers))
        if shared > most and shared * 2 >= len(row.mapping):
            best, most = row, shared
    return Saved(best.mapping, Settings.kept(best.settings), best.file_name, best.at, False) if best else None


def headers_hash(headers: Collection[str]) -> str:
    """The same for the same names, in whatever order and case."""
    names = sorted({rules.plain_name(name) for name in headers})
    return hashlib.sha256("\n".join(names).encode()).hexdigest()
