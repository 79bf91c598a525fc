"""Deeds on files of another system that come together: take in, recognise, confirm, check, apply, take back.

Each table of a crossing is an import; this moves them on in their order. The worker does the long steps.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings as house
from django.db import transaction
from django.db.models import Q

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.actor import Actor
from fourfold.base.errors import FourfoldError
from fourfold.base.ids import new_key
from fourfold.base.nudge import nudge
from fourfold.integrations import access, models, queries, reading, rules
from fourfold.integrations.actions.applying import apply_rows
from fourfold.integrations.actions.checking import check_rows
from fourfold.integrations.actions.files import as_last_time, copy_file
from fourfold.integrations.actions.moving import move_in, waiting_rows
from fourfold.integrations.actions.taking_out import take_out
from fourfold.integrations.types import (
    ENTITIES,
    ORDER,
    SYSTEM_NAMES,
    CrossingRow,
    Entity,
    FileKind,
    FileRefused,
    RowState,
    Sample,
    Settings,
    State,
    System,
    WrongState,
)
from fourfold.people import actions as people
from fourfold.people import queries as people_queries
from fourfold.people.types import FieldKind, NewField

TABLE_ENDINGS = {".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", ".parquet"}
SAMPLED_ROWS = 2000


def begin_crossing(*, files: Sequence[tuple[str, BinaryIO]], settings: Settings, by: Actor, at: datetime) -> UUID:
    """Keep the files that were handed in and have them recognised. Returns the crossing's key.

    Raises FileRefused for none, or for one that is larger than the house allows.
    """
    if not files:
        raise FileRefused("Nothing was taken in.", "No file was chosen.", "Choose the exported files, or one zip.")
    key = new_key()
    folder = Path(house.HOME) / "imports" / str(key)
    (folder / "in").mkdir(parents=True)
    names: dict[str, str] = {}
    try:
        for number, (name, content) in enumerate(files):
            target = folder / "in" / f"{number:05d}"
            copy_file(content, target)
            names[target.name] = Path(name.replace("\\", "/")).name[:200]
        (folder / "names.json").write_text(json.dumps({"settings": asdict(settings), "names": names}))
        with transaction.atomic():
            models.Crossing.objects.create(
                key=key, state=State.READING, path=str(folder.relative_to(house.HOME)), user_key=by.user_key,
                by=by.name[:80], at=at,
            )  # fmt: skip
            summary = f"{len(names)} files"
            accounts.audit(by=by, deed="begin_crossing", at=at, subject=("crossing", key), summary=summary)
            transaction.on_commit(partial(nudge, "crossing", str(key)))
    except BaseException:
        shutil.rmtree(folder)
        raise
    return key


def recognise_files(*, key: UUID) -> CrossingRow:
    """Unpack what was handed in, recognise each table, and make an import of it. Nothing of it is in the house yet."""
    found = access.get_crossing(key)
    if found.state != State.READING:
        return queries.worker_crossing(key)
    folder = folder_of(found)
    models.Import.objects.filter(crossing=found).delete()  # of a run that was killed
    try:
        tables, others, unknown = _tables_in(folder)
        samples = _samples(tables, unknown)
        entities = rules.recognise_tables({place: sample.headers for place, sample in samples.items()}, tables)
        hashes = {place: file_hash(path) for place, (_, path) in tables.items()}
        dropped = _without_sensitive(tables, samples, unknown)
    except FourfoldError as error:
        return _fail(found, error)
    known = {place: entity for place, entity in entities.items() if entity and place in samples}
    unknown += [
        [tables[place][0], "none of the tables we know has its columns."] for place in samples if place not in known
    ]
    unknown += [[name, "no index says whose it is."] for name, _ in others if not _has_index(known)][:50]
    if not known:
        why = "; ".join(f"{name}: {reason}" for name, reason in unknown[:5])
        return _fail(found, FileRefused("No file was recognised.", why, "Bring it in as a file of people instead."))
    base = Settings.kept(json.loads((folder / "names.json").read_text())["settings"])
    _keep_files(folder, others)
    with transaction.atomic():
        ordered = sorted(
            known, key=lambda place: (ORDER.index(known[place].target), known[place].name, tables[place][0])
        )
        for position, place in enumerate(ordered):
            one = _make_import(found, position, known[place], tables[place], samples[place], base)
            one.sha256, one.dropped = hashes[place], dropped.get(place, [])
            one.save(update_fields=["sha256", "dropped"])
        found.system = _main_system(known.values())
        found.unknown, found.state = unknown, State.MAPPING
        found.save(update_fields=["system", "unknown", "state"])
    for name in ("in", "out"):
        shutil.rmtree(folder / name, ignore_errors=True)
    return queries.worker_crossing(key)


Tables = dict[str, tuple[str, Path]]


def _tables_in(folder: Path) -> tuple[Tables, list[tuple[str, Path]], list[list[str]]]:
    """The tables that were handed in, by their place, the other files, and what can't be one with why."""
    names: dict[str, str] = json.loads((folder / "names.json").read_text())["names"]
    tables: Tables = {}
    others: list[tuple[str, Path]] = []
    unknown: list[list[str]] = []
    held: list[tuple[str, Path]] = []
    for number, name in names.items():
        path = folder / "in" / number
        held += reading.unpack(path, folder / "out" / number) if reading.is_zip(path) else [(name, path)]
    for name, path in held:
        ending = Path(name).suffix.lower()
        if ending in {".json", ".jsonl"}:
            try:
                parts = reading.greenhouse_tables(path, path.with_name(f"{path.name}.tables"))
                tables |= {f"{path}/{part}": (part, where) for part, where in parts}
            except FourfoldError as error:
                unknown.append([name, error.why])
        elif ending in TABLE_ENDINGS and not (ending == ".txt" and len(held) > 1):
            tables[str(path)] = (name, path)
        else:
            others.append((name, path))
    return tables, others, unknown


def _samples(tables: Tables, unknown: list[list[str]]) -> dict[str, Sample]:
    found = {}
    for place, (name, path) in tables.items():
        try:
            found[place] = reading.sample(path, find=rules.table_header_row)
        except FourfoldError as error:
            unknown.append([name, error.why])
    return found


def _without_sensitive(tables: Tables, samples: dict[str, Sample], unknown: list[list[str]]) -> dict[str, list[str]]:
    """Take the sensitive columns out of the files themselves; one that can't be read is left out.

    Returns the columns by place.
    """
    dropped: dict[str, list[str]] = {}
    for place, sample in list(samples.items()):
        columns = rules.dropped_columns(sample.headers)
        if not columns:
            continue
        name, path = tables[place]
        clean = path.with_name(f"{path.name}.clean.csv")
        try:
            reading.leave_out(path, clean, columns, sample)
            samples[place] = reading.sample(clean, find=rules.table_header_row)
        except FourfoldError as error:
            unknown.append([name, error.why])
            del samples[place]
            continue
        tables[place] = (name, clean)
        dropped[place] = columns
    return dropped


def _keep_files(folder: Path, others: Sequence[tuple[str, Path]]) -> None:
    """Keep the files that are no tables until they are brought in."""
    (folder / "files").mkdir(exist_ok=True)
    kept = []
    for number, (name, path) in enumerate(others):
        target = folder / "files" / f"{number:05d}"
        if not target.exists():
            target.hardlink_to(path)
        kept.append([name, str(target)])
    (folder / "files.json").write_text(json.dumps(kept))


def _has_index(known: Mapping[str, Entity]) -> bool:
    return any(entity.system is System.CVS for entity in known.values())


def _main_system(entities: object) -> str:
    held = [entity.system.value for entity in entities]  # type: ignore[attr-defined]
    return max(sorted(set(held)), key=held.count)


def _make_import(
    crossing: models.Crossing, position: int, entity: Entity, table: tuple[str, Path], sample: Sample, base: Settings
) -> models.Import:
    name, path = table
    key = new_key()
    ending = path.suffix if path.suffix == ".csv" else Path(name).suffix.lower()[:10]
    target = Path(house.HOME) / "imports" / str(key) / f"file{ending}"
    target.parent.mkdir(parents=True)
    target.hardlink_to(path)  # a run that is killed here finds what was handed in once more
    settings = replace(base, source=entity.system.value, layout=entity.layout)
    guessed = rules.guess_mapping(FileKind.RECORDS, sample.headers, entity.layout)
    mapping, settings, words = as_last_time(FileKind.RECORDS, sample, guessed, settings)
    order, rows = _look_through(target, sample, mapping)
    settings = replace(settings, source=entity.system.value, dates=settings.dates or order)
    return models.Import.objects.create(
        key=key, kind=FileKind.RECORDS, file_name=Path(name).name[:200], path=str(target.relative_to(house.HOME)),
        sha256="", size=target.stat().st_size, state=State.MAPPING, settings=asdict(settings),
        mapping=mapping, sample=asdict(sample), remembered=words, user_key=crossing.user_key, by=crossing.by,
        at=crossing.at, crossing=crossing, position=position, counts={"rows": rows},
    )  # fmt: skip


def _look_through(path: Path, sample: Sample, mapping: Mapping[str, str]) -> tuple[str, int]:
    """How the file writes days in numbers, told by its first rows, else as Bullhorn's loader does; and its rows."""
    columns = [mapping[name] for name in ("added_at", "available_from", "started_on", "ended_on") if name in mapping]
    texts: list[str] = []
    count = 0
    try:
        for _, row, _ in reading.rows(path, sample):
            count += 1
            if count <= SAMPLED_ROWS:
                texts += [row[column] for column in columns if row and row.get(column)]
    except FileRefused:
        pass  # where it is damaged is told when its rows are checked
    loader = any(header.endswith(".externalID") or header == "externalID" for header in sample.headers)
    return rules.day_order(texts) or ("mdy" if loader else "dmy" if texts else ""), count


def folder_of(found: models.Crossing) -> Path:
    return Path(house.HOME) / found.path


def file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fail(found: models.Crossing, error: FourfoldError) -> CrossingRow:
    found.state, found.error = State.FAILED, error.as_dict()
    found.save(update_fields=["state", "error"])
    shutil.rmtree(folder_of(found), ignore_errors=True)
    return queries.worker_crossing(found.pk)


def own_crossing(viewer: Viewer | None, key: UUID) -> models.Crossing:
    """The crossing, locked, for a viewer who may change it; without one for the command line."""
    if viewer:
        access.get_crossing_for(viewer, key)
        access.require_importer(viewer)
    return models.Crossing.objects.select_for_update().get(pk=access.get_crossing(key).pk)


def _wrong(found: models.Crossing, why: str) -> WrongState:
    return WrongState(
        "Nothing was changed.", f"These files are {found.state.replace('_', ' ')}. {why}", "Reload the page."
    )


def _tables_of(found: models.Crossing) -> list[models.Import]:
    return list(models.Import.objects.filter(crossing=found).order_by("position"))


@transaction.atomic
def set_table(
    *,
    key: UUID,
    mapping: Mapping[str, str],
    settings: Settings,
    added: Sequence[str] = (),
    viewer: Viewer,
    at: datetime,
) -> UUID:
    """Say which column of one table is which, and which of the house's own columns become added fields.

    Returns its crossing, to be checked anew. Raises WrongState; NotAllowed for fields that the viewer may not add.
    """
    table = access.get_import(key)
    found = own_crossing(viewer, table.crossing_id) if table.crossing_id else None
    if found is None or found.state not in {State.MAPPING, State.CHECKED}:
        raise WrongState("Nothing was changed.", "Its columns can be set until it is applied.", "Reload the page.")
    headers = Sample.kept(table.sample or {}).headers
    chosen = {name: header for name, header in mapping.items() if header and not rules.is_sensitive(header)}
    wanted = [header for header in added if header in headers and rules.is_custom(header)]
    settings = replace(settings, added=_fields_for(ENTITIES[settings.layout], wanted, viewer=viewer, at=at))
    table.mapping, table.settings, table.state = chosen, asdict(settings), State.MAPPING
    table.save(update_fields=["mapping", "settings", "state"])
    found.state = State.MAPPING
    found.save(update_fields=["state"])
    models.SavedMapping.objects.update_or_create(
        kind=FileKind.RECORDS,
        headers_hash=queries.headers_hash(headers),
        defaults={
            "headers": list(headers), "mapping": chosen, "settings": asdict(settings), "file_name": table.file_name,
            "at": at,
        },
    )  # fmt: skip
    accounts.audit(by=viewer.actor(), deed="confirm_columns", at=at, subject=("import", key), summary=table.file_name)
    return found.pk


def _fields_for(entity: Entity, headers: Sequence[str], *, viewer: Viewer, at: datetime) -> dict[str, str]:
    """By header, the slug of the added field that keeps it; those that are not there yet are added."""
    side = "candidate" if entity.role == "candidate" else "person"
    known = {row.label: row.slug for row in people_queries.custom_fields()}
    found = {}
    for header in headers:
        label = f"{SYSTEM_NAMES[entity.system]} {header}"[:60]
        field = NewField(label=label, kind=FieldKind.TEXT, side=side)
        found[header] = known.get(label) or people.add_field(field=field, viewer=viewer, at=at)
    return found


@transaction.atomic
def check_crossing(*, key: UUID, viewer: Viewer | None, by: Actor, at: datetime) -> None:
    """Have every row of every table checked. Nothing goes in yet. Raises WrongState."""
    found = own_crossing(viewer, key)
    if found.state not in {State.MAPPING, State.CHECKED}:
        raise _wrong(found, "They can be checked once they are recognised and until they are applied.")
    models.ImportRow.objects.filter(imported__crossing=found).delete()
    models.Import.objects.filter(crossing=found).update(
        state=State.CHECKING, rows_read=0, rows_posted=0, rows_unchanged=0, people_added=0, error=None
    )
    found.state = State.CHECKING
    found.save(update_fields=["state"])
    accounts.audit(by=by, deed="check_crossing", at=at, subject=("crossing", key), summary=found.system)
    transaction.on_commit(partial(nudge, "crossing", str(key)))


@transaction.atomic
def apply_crossing(*, key: UUID, viewer: Viewer | None, by: Actor, at: datetime) -> None:
    """Have the checked rows brought in, table by table. Raises WrongState unless they were checked."""
    found = own_crossing(viewer, key)
    if found.state != State.CHECKED:
        raise _wrong(found, "Only checked rows can be applied.")
    for table in _tables_of(found):
        if table.state == State.CHECKED:
            table.batch, table.state, table.applied_at = new_key(), State.APPLYING, at
            table.save(update_fields=["batch", "state", "applied_at"])
    found.state, found.applied_at = State.APPLYING, at
    found.save(update_fields=["state", "applied_at"])
    accounts.audit(by=by, deed="apply_crossing", at=at, subject=("crossing", key), summary=found.system)
    transaction.on_commit(partial(nudge, "crossing", str(key)))


@transaction.atomic
def move_waiting(*, key: UUID, viewer: Viewer | None, by: Actor, at: datetime) -> None:
    """Have the jobs and applications that wait moved in, those of earlier files too. Raises WrongState unless the files
    were applied and something waits.
    """
    found = own_crossing(viewer, key)
    if found.state != State.APPLIED:
        raise _wrong(found, "What waits moves in once they are applied.")
    if not waiting_rows().exists():
        raise WrongState("Nothing was changed.", "No jobs or applications wait.", "Reload the page.")
    found.state, found.moving_done, found.moving_total = State.MOVING, 0, 0
    found.save(update_fields=["state", "moving_done", "moving_total"])
    accounts.audit(by=by, deed="move_waiting", at=at, subject=("crossing", key), summary=found.system)
    transaction.on_commit(partial(nudge, "crossing", str(key)))


@transaction.atomic
def take_back_crossing(*, key: UUID, viewer: Viewer | None, by: Actor, at: datetime) -> None:
    """Have what the files brought in taken out again. Raises WrongState unless it was applied.

    Wishes stay: a “no” that came with the files is not taken back with them.
    """
    found = own_crossing(viewer, key)
    if found.state not in {State.APPLIED, State.APPLYING, State.MOVING}:
        raise _wrong(found, "Only what was applied can be taken back.")
    models.Import.objects.filter(crossing=found, state__in=[State.APPLIED, State.APPLYING]).update(
        state=State.TAKING_BACK, taken_back_at=at
    )
    found.state, found.taken_back_at = State.TAKING_BACK, at
    found.save(update_fields=["state", "taken_back_at"])
    accounts.audit(by=by, deed="take_back_crossing", at=at, subject=("crossing", key), summary=found.system)
    transaction.on_commit(partial(nudge, "crossing", str(key)))


def go_on_crossing(*, key: UUID, at: datetime) -> CrossingRow:
    """Do whatever the crossing's state asks of the worker, once."""
    found = access.get_crossing(key)
    if found.state == State.READING:
        return recognise_files(key=key)
    if found.state == State.CHECKING:
        for table in _tables_of(found):
            check_rows(key=table.pk, at=at)
        _end(found, State.CHECKING, State.CHECKED)
    elif found.state == State.APPLYING:
        for table in _tables_of(found):
            apply_rows(key=table.pk, at=at)
        shutil.rmtree(folder_of(found), ignore_errors=True)
        _end(found, State.APPLYING, State.MOVING)
    if models.Crossing.objects.filter(pk=key, state=State.MOVING).exists():
        move_in(crossing=key, at=at)
        _end(found, State.MOVING, State.APPLIED)
        nudge("reports", "all")
    if found.state == State.TAKING_BACK:
        for table in reversed(_tables_of(found)):
            take_out(key=table.pk, at=at)
        ours = Q(did__added=True) | Q(did__made=True)
        kept = models.SourceRecord.objects.filter(ours, imported__crossing=found).count()
        models.Crossing.objects.filter(pk=key).update(kept=kept)
        models.ImportRow.objects.filter(imported__crossing=found, state=RowState.READY).delete()
        _end(found, State.TAKING_BACK, State.TAKEN_BACK)
    return queries.worker_crossing(key)


def _end(found: models.Crossing, state: State, after: State) -> None:
    models.Crossing.objects.filter(pk=found.pk, state=state).update(state=after)
