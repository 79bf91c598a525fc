"""Deeds on a file before its rows are checked: take it in, read its columns, confirm them."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings as house
from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.actor import Actor
from fourfold.base.errors import FourfoldError
from fourfold.base.ids import new_key
from fourfold.base.nudge import nudge
from fourfold.integrations import access, models, queries, reading, rules
from fourfold.integrations.types import (
    FileKind,
    FileRefused,
    ImportRow,
    Layout,
    Sample,
    Settings,
    State,
    WrongState,
    columns_of,
)

KEPT_SETTINGS = ("zone", "currency", "source", "dates", "channel", "first_deals", "add_unknown", "added")
"""Settings that the next file with the same headers begins with; a sheet and extra ids only where it has them."""


def take_in(*, kind: FileKind, name: str, content: BinaryIO, settings: Settings, by: Actor, at: datetime) -> UUID:
    """Keep an uploaded file and have its columns read. Returns the import's key.

    Raises FileRefused for a file that is larger than the house allows.
    """
    key = new_key()
    folder = Path(house.HOME) / "imports" / str(key)
    folder.mkdir(parents=True)
    path = folder / f"file{Path(name).suffix.lower()[:10]}"
    try:
        size, sha256 = copy_file(content, path)
        with transaction.atomic():
            models.Import.objects.create(
                key=key,
                kind=kind,
                file_name=Path(name).name[:200],
                path=str(path.relative_to(house.HOME)),
                sha256=sha256,
                size=size,
                state=State.READING,
                settings=asdict(settings),
                user_key=by.user_key,
                by=by.name[:80],
                at=at,
            )
            summary = f"{kind}: {Path(name).name}"
            accounts.audit(by=by, deed="take_in_file", at=at, subject=("import", key), summary=summary)
            transaction.on_commit(partial(nudge, "import", str(key)))
    except BaseException:
        shutil.rmtree(folder)
        raise
    return key


def copy_file(content: BinaryIO, path: Path) -> tuple[int, str]:
    """Write an upload to its place: its size and SHA-256. Raises FileRefused for one larger than the house allows."""
    limit, size, digest = house.UPLOAD_MEGABYTES * 1024 * 1024, 0, hashlib.sha256()
    with path.open("wb") as file:
        while block := content.read(1024 * 1024):
            size += len(block)
            if size > limit:
                raise FileRefused(
                    "The file was not taken in.",
                    f"It is larger than {house.UPLOAD_MEGABYTES} MB.",
                    "Split it, or set FOURFOLD_UPLOAD_MEGABYTES higher.",
                )
            digest.update(block)
            file.write(block)
    return size, digest.hexdigest()


def read_columns(*, key: UUID) -> ImportRow:
    """Read a file's header and first rows, and guess its columns. A file that can't be read fails in words.

    Columns that a file with such headers had before are mapped, and its texts read, as they were then.
    """
    with alone_with(key) as found:
        if found.state != State.READING:
            return queries.import_row(found)
        try:
            sample = _best_sheet(found)
        except FourfoldError as error:
            return fail(found, error)
        kind, settings = FileKind(found.kind), Settings.kept(found.settings)
        if kind is FileKind.SPEND and not settings.layout:
            is_list = not rules.missing_columns(kind, rules.guess_mapping(kind, sample.headers))
            settings = replace(settings, layout=rules.layout_of(sample, is_list).value)
        guessed = rules.guess_mapping(kind, sample.headers, settings.layout)
        mapping, settings, words = as_last_time(kind, sample, guessed, settings)
        if kind is FileKind.ADVERTS and not mapping.get("channel") and not settings.channel:
            settings = replace(settings, channel=rules.advert_channel(found.file_name, *sample.headers))
        found.sample, found.mapping, found.settings = asdict(sample), mapping, asdict(settings)
        found.remembered, found.error, found.state = words, None, State.MAPPING
        found.save(update_fields=["sample", "mapping", "settings", "remembered", "error", "state"])
        return queries.import_row(found)


def _best_sheet(found: models.Import) -> Sample:
    """The sheet that was chosen, else the one whose header fits the kind best. Raises FileRefused."""
    path, kind = path_of(found), FileKind(found.kind)
    wanted = found.settings.get("sheet", "")
    find = partial(rules.header_row, kind)
    names = reading.sheets(path)
    if wanted or len(names) < 2:
        return reading.sample(path, sheet=wanted if wanted in names else "", find=find)
    best, most, refused = None, -1, None
    for name in names[:30]:
        try:
            sample = reading.sample(path, sheet=name, find=find)
        except FileRefused as error:
            refused = refused or error
            continue
        score = rules.fit(kind, sample.headers)
        if score > most:
            best, most = sample, score
    if best is None:
        raise refused or FileRefused("The file was not read.", "Its sheets are empty.", "Choose another.")
    return best


def as_last_time(
    kind: FileKind, sample: Sample, guessed: dict[str, str], settings: Settings
) -> tuple[dict[str, str], Settings, str]:
    """The columns and settings of an earlier file as far as they fit, and words that say so."""
    saved = queries.saved_mapping(kind, sample.headers)
    if saved is None or saved.settings.layout != settings.layout:
        return guessed, settings, ""
    known = {} if saved.exact else guessed  # a column that was left out of such a file on purpose stays out
    mapping = rules.remembered(saved.mapping, known, sample.headers, columns_of(kind, settings.layout))
    if not saved.exact:
        shared = len(set(saved.mapping.values()) & set(sample.headers))
        words = f"{shared} of its columns are mapped as those of {saved.file_name} ({saved.at:%d %b %Y}) were."
        return mapping, settings, words[:250]
    values = {name: getattr(saved.settings, name) for name in KEPT_SETTINGS}
    ids = tuple(header for header in saved.settings.ids if header in sample.headers)
    words = f"Mapped and read as {saved.file_name} was on {saved.at:%d %b %Y}: it had the same headers."
    return mapping, replace(settings, **values, ids=ids), words[:250]


def path_of(found: models.Import) -> Path:
    return Path(house.HOME) / found.path


@contextmanager
def alone_with(key: UUID) -> Iterator[models.Import]:
    """The import as it is once no other process works on it: the command line and the worker may both be at it."""
    path = path_of(access.get_import(key)).parent / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield access.get_import(key)


def fail(found: models.Import, error: FourfoldError) -> ImportRow:
    found.state, found.error = State.FAILED, error.as_dict()
    found.save(update_fields=["state", "error"])
    return queries.worker_import(found.pk)


@transaction.atomic
def read_again(*, key: UUID, sheet: str, layout: str, viewer: Viewer | None, by: Actor, at: datetime) -> None:
    """Have another sheet of a workbook read, or a file of spend as a list or a table.

    Raises WrongState once it is applied, FileRefused for a sheet that the file lacks.
    """
    found = own(viewer, key)
    if found.state not in {State.MAPPING, State.CHECKED, State.FAILED} or not found.sample:
        raise wrong(found, "Its sheet can be chosen until it is applied.")
    names = Sample.kept(found.sample).sheets
    if sheet and sheet not in names:
        raise FileRefused(
            "No sheet was chosen.", f"The file has no sheet “{sheet}”.", f"It has {', '.join(names) or 'none'}."
        )
    chosen = Layout(layout).value if layout in list(Layout) else ""
    models.ImportRow.objects.filter(imported=found).delete()
    found.settings = {**found.settings, "sheet": sheet, "layout": chosen}
    found.state, found.error, found.warnings, found.summary, found.rows_read = State.READING, None, [], [], 0
    found.save()
    accounts.audit(by=by, deed="read_file_again", at=at, subject=("import", key), summary=found.file_name)
    transaction.on_commit(partial(nudge, "import", str(key)))


@transaction.atomic
def confirm_columns(
    *, key: UUID, mapping: Mapping[str, str], settings: Settings, viewer: Viewer | None, by: Actor, at: datetime
) -> None:
    """Say which header is which column, and have every row read and checked. Nothing goes into the ledger yet.

    The mapping is remembered for the next file with these headers. ``viewer`` is None on the command line.
    Raises WrongState, and FileRefused where a required column has no header.
    """
    found = own(viewer, key)
    if found.state not in {State.MAPPING, State.CHECKED, State.FAILED} or not found.sample:
        raise wrong(found, "Its columns can be set until it is applied.")
    kind, headers = FileKind(found.kind), Sample.kept(found.sample).headers
    chosen = {column: header for column, header in mapping.items() if header}
    missing = rules.missing_columns(kind, chosen, settings)
    if missing:
        raise FileRefused(
            "The rows were not checked.",
            f"No column was chosen for {', '.join(missing)}.",
            f"Choose one for each; the file has {', '.join(headers[:20])}.",
        )
    models.ImportRow.objects.filter(imported=found).delete()
    found.mapping, found.settings, found.error = chosen, asdict(settings), None
    found.rows_read, found.warnings, found.summary, found.state = 0, [], [], State.CHECKING
    found.save()
    models.SavedMapping.objects.update_or_create(
        kind=kind,
        headers_hash=queries.headers_hash(headers),
        defaults={
            "headers": list(headers), "mapping": chosen, "settings": asdict(settings), "file_name": found.file_name,
            "at": at,
        },
    )  # fmt: skip
    accounts.audit(by=by, deed="confirm_columns", at=at, subject=("import", key), summary=found.file_name)
    transaction.on_commit(partial(nudge, "import", str(key)))


def own(viewer: Viewer | None, key: UUID) -> models.Import:
    """The import, locked, for a viewer who may change it; without one for the command line."""
    if viewer:
        access.get_import_for(viewer, key)
        access.require_importer(viewer)
    return models.Import.objects.select_for_update().get(pk=access.get_import(key).pk)


def wrong(found: models.Import, why: str) -> WrongState:
    return WrongState(
        "Nothing was changed.", f"{found.file_name} is {found.state.replace('_', ' ')}. {why}", "Reload the page."
    )
