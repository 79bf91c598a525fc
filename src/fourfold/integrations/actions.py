"""Deeds on files: take in, confirm the columns, check, apply, take back, put back.

The long ones (read, check, apply, take back) are run by the worker in a process of its own and go on where they
stopped: the rows say how far they are. Nothing is in the ledger before it is applied.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.conf import settings as house
from django.db import transaction
from django.db.models import F

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.actor import Actor
from fourfold.base.errors import FourfoldError
from fourfold.base.ids import keyed_hash, new_key
from fourfold.base.nudge import nudge
from fourfold.integrations import access, models, queries, reading, rules
from fourfold.integrations.types import FileKind, FileRefused, ImportRow, RowState, Settings, State, WrongState
from fourfold.ledger import actions as ledger
from fourfold.ledger.types import Fact, Outcome, Party, Spend, Touch
from fourfold.people import actions as people
from fourfold.people import queries as people_queries
from fourfold.people.types import Identifier, NewOrganisation

STAGE_ROWS = 1000
APPLY_ROWS = 400
"""Rows a transaction: short ones, so that colleagues' pages don't wait (about 100 ms)."""


def take_in(*, kind: FileKind, name: str, content: BinaryIO, settings: Settings, by: Actor, at: datetime) -> UUID:
    """Keep an uploaded file and have its columns read. Returns the import's key.

    Raises FileRefused for a file that is larger than the house allows.
    """
    key = new_key()
    folder = Path(house.HOME) / "imports" / str(key)
    folder.mkdir(parents=True)
    path = folder / f"file{Path(name).suffix.lower()[:10]}"
    try:
        size, sha256 = _copy(content, path)
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


def _copy(content: BinaryIO, path: Path) -> tuple[int, str]:
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
    """Read a file's header and first rows, and guess its columns. A file that can't be read fails in words."""
    with _alone_with(key) as found:
        if found.state != State.READING:
            return queries.import_row(found)
        try:
            sample = reading.sample(_path(found))
        except FourfoldError as error:
            return _fail(found, error)
        found.sample = asdict(sample)
        found.mapping = rules.guess_mapping(FileKind(found.kind), sample.headers)
        found.state = State.MAPPING
        found.save(update_fields=["sample", "mapping", "state"])
        return queries.import_row(found)


def _path(found: models.Import) -> Path:
    return Path(house.HOME) / found.path


@contextmanager
def _alone_with(key: UUID) -> Iterator[models.Import]:
    """The import as it is once no other process works on it: the command line and the worker may both be at it."""
    path = _path(access.get_import(key)).parent / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield access.get_import(key)


def _fail(found: models.Import, error: FourfoldError) -> ImportRow:
    found.state, found.error = State.FAILED, error.as_dict()
    found.save(update_fields=["state", "error"])
    return queries.worker_import(found.pk)


@transaction.atomic
def confirm_columns(
    *, key: UUID, mapping: Mapping[str, str], settings: Settings, viewer: Viewer | None, by: Actor, at: datetime
) -> None:
    """Say which header is which column, and have every row read and checked. Nothing goes into the ledger yet.

    ``viewer`` is None on the command line. Raises WrongState, and FileRefused where a required column has no header.
    """
    found = _own(viewer, key)
    if found.state not in {State.MAPPING, State.CHECKED, State.FAILED} or not found.sample:
        raise _wrong(found, "Its columns can be set until it is applied.")
    chosen = {column: header for column, header in mapping.items() if header}
    missing = rules.missing_columns(FileKind(found.kind), chosen)
    if missing:
        raise FileRefused(
            "The rows were not checked.",
            f"No column was chosen for {', '.join(missing)}.",
            f"Choose one for each; the file has {', '.join(found.sample['headers'][:20])}.",
        )
    models.ImportRow.objects.filter(imported=found).delete()
    found.mapping, found.settings, found.error = chosen, asdict(settings), None
    found.rows_read, found.warnings, found.state = 0, [], State.CHECKING
    found.save()
    accounts.audit(by=by, deed="confirm_columns", at=at, subject=("import", key), summary=found.file_name)
    transaction.on_commit(partial(nudge, "import", str(key)))


def _own(viewer: Viewer | None, key: UUID) -> models.Import:
    """The import, locked, for a viewer who may change it; without one for the command line."""
    if viewer:
        access.get_import_for(viewer, key)
        access.require_importer(viewer)
    return models.Import.objects.select_for_update().get(pk=access.get_import(key).pk)


def _wrong(found: models.Import, why: str) -> WrongState:
    return WrongState(
        "Nothing was changed.", f"{found.file_name} is {found.state.replace('_', ' ')}. {why}", "Reload the page."
    )


def check_rows(*, key: UUID, at: datetime) -> ImportRow:
    """Read every row of a file and stage it, or keep it with the reason why it can't be imported."""
    with _alone_with(key) as found:
        return _check(found, at) if found.state == State.CHECKING else queries.import_row(found)


def _check(found: models.Import, at: datetime) -> ImportRow:
    models.ImportRow.objects.filter(imported=found).delete()  # of a run that was killed
    models.Import.objects.filter(pk=found.pk).update(rows_read=0)
    reader = rules.Reader(FileKind(found.kind), found.mapping, Settings(**found.settings), at)
    staged: list[models.ImportRow] = []
    number = 0
    try:
        for number, row, cells in reading.rows(_path(found)):
            staged.append(_stage(found, reader, number, row, cells))
            if len(staged) == STAGE_ROWS:
                _write_staged(found, staged)
                staged = []
    except FourfoldError as error:
        _write_staged(found, staged)
        return _fail(found, error)
    _write_staged(found, staged)
    found.refresh_from_db()
    found.warnings, found.state = rules.warnings_of(reader), State.CHECKED
    if number == 0:
        return _fail(
            found, FileRefused("There was nothing to check.", "The file has a header and no rows.", "Choose another.")
        )
    found.save(update_fields=["warnings", "state"])
    return queries.import_row(found)


def _stage(
    found: models.Import, reader: rules.Reader, number: int, row: dict[str, str] | None, cells: Sequence[str]
) -> models.ImportRow:
    if row is None:
        header = found.sample["headers"] if found.sample else []
        why = f"it has {len(cells)} cells where the header has {len(header)}."
        content = {"cells": " | ".join(cells)[:2000].replace("\0", "�")}
        return models.ImportRow(imported=found, row=number, state=RowState.REJECTED, content=content, reason=why)
    try:
        parsed = reader.read(number, row)
    except rules.BadRowError as error:
        reason = str(error).replace("\0", "�")[:300]
        content = {name: cell.replace("\0", "�") for name, cell in row.items()}
        return models.ImportRow(imported=found, row=number, state=RowState.REJECTED, content=content, reason=reason)
    return models.ImportRow(imported=found, row=number, state=RowState.READY, content={}, parsed=parsed)


@transaction.atomic
def _write_staged(found: models.Import, staged: list[models.ImportRow]) -> None:
    models.ImportRow.objects.bulk_create(staged)
    models.Import.objects.filter(pk=found.pk).update(rows_read=F("rows_read") + len(staged))


@transaction.atomic
def apply(*, key: UUID, viewer: Viewer | None, by: Actor, at: datetime) -> None:
    """Have the checked rows posted to the ledger, under a batch of their own that can be taken back.

    Raises WrongState unless the rows were checked.
    """
    found = _own(viewer, key)
    if found.state != State.CHECKED:
        raise _wrong(found, "Only checked rows can be applied.")
    found.batch, found.state, found.applied_at = new_key(), State.APPLYING, at
    found.rows_posted = found.rows_unchanged = found.people_added = 0
    found.save()
    accounts.audit(by=by, deed="apply_import", at=at, subject=("import", key), summary=found.file_name)
    transaction.on_commit(partial(nudge, "import", str(key)))


def apply_rows(*, key: UUID, at: datetime) -> ImportRow:
    """Post the staged rows, some hundreds a transaction; goes on where a killed run stopped."""
    with _alone_with(key) as found:
        if found.state != State.APPLYING:
            return queries.import_row(found)
        while _apply_some(key, at):
            pass
        # Unless somebody took it back meanwhile: then that is what the worker does next.
        models.Import.objects.filter(pk=key, state=State.APPLYING).update(state=State.APPLIED)
    nudge("reports", "all")
    return queries.worker_import(key)


@transaction.atomic
def _apply_some(key: UUID, at: datetime) -> bool:
    """Post the next rows, in one transaction. Returns whether there were any."""
    found = models.Import.objects.select_for_update().get(pk=key)
    rows = list(models.ImportRow.objects.filter(imported=found, state=RowState.READY).order_by("row")[:APPLY_ROWS])
    if not rows or found.state != State.APPLYING or found.batch is None:
        return False
    settings = Settings(**found.settings)
    by = Actor(found.user_key, found.by)
    facts, added = _facts(FileKind(found.kind), rows, settings, by, at)
    changed, fresh = _post(facts, found.batch, at, correct=settings.correct)
    rejected = [row for row in rows if row.pk in changed]
    for row in rejected:
        row.state, row.reason = RowState.REJECTED, changed[row.pk]
        row.content = rules.as_cells(found.mapping, row.parsed or {})
    models.ImportRow.objects.bulk_update(rejected, ["state", "reason", "content"])
    done = [row.pk for row in rows if row.pk not in changed]
    models.ImportRow.objects.filter(pk__in=done).delete()
    models.Import.objects.filter(pk=key).update(
        rows_posted=F("rows_posted") + len(fresh - changed.keys()),
        rows_unchanged=F("rows_unchanged") + len(set(done) - fresh),
        people_added=F("people_added") + added,
    )
    return True


def _post(
    facts: Sequence[tuple[Fact, int]], batch: UUID, at: datetime, *, correct: bool
) -> tuple[dict[int, str], set[int]]:
    """Post facts of rows. Returns the rows that are rejected with their reasons, and those that brought anything new.

    Whom an outcome concerns is posted after the outcome: where that has changed, the row changes nothing at all.
    """
    changed: dict[int, str] = {}
    fresh: set[int] = set()
    for of_outcomes in (False, True):
        part = [one for one in facts if isinstance(one[0], Party) is of_outcomes and one[1] not in changed]
        if not part:
            continue
        posted = ledger.post(facts=[fact for fact, _ in part], batch=batch, at=at, correct=correct)
        changed |= {part[one.index][1]: one.reason for one in posted.changed}
        fresh |= {part[index][1] for index in posted.written}
    return changed, fresh


def _facts(
    kind: FileKind, rows: Sequence[models.ImportRow], settings: Settings, by: Actor, at: datetime
) -> tuple[list[tuple[Fact, int]], int]:
    """The facts of these rows, each with the row it came from, and how many people were new."""
    parsed = [(row.pk, row.parsed or {}) for row in rows]
    who: dict[str, Identifier] = {}
    names: dict[Identifier, str] = {}
    for _, values in parsed:
        text = values.get("person")
        if text and text not in who:
            guessed = people_queries.recognise(text, source=settings.source, country=settings.country)
            if guessed:
                who[text] = guessed
        if text in who and values.get("name"):
            names.setdefault(who[text], values["name"])
    found = people.find_or_add(identifiers=list(who.values()), names=names, by=by, at=at)
    organisations = _organisations({v["organisation"] for _, v in parsed if v.get("organisation")}, by, at)
    facts: list[tuple[Fact, int]] = []
    for pk, values in parsed:
        person = found.keys.get(who[values["person"]]) if values.get("person") in who else None
        organisation = organisations.get(values.get("organisation", ""))
        facts += [(fact, pk) for fact in _facts_of(kind, values, person, organisation, settings)]
    return facts, found.added


def _organisations(names: Iterable[str], by: Actor, at: datetime) -> dict[str, UUID]:
    wanted = sorted(names)
    new = [NewOrganisation(name=name) for name in wanted]
    return dict(zip(wanted, people.add_organisations(organisations=new, by=by, at=at), strict=True))


def _facts_of(
    kind: FileKind,
    values: Mapping[str, Any],
    person: UUID | None,
    organisation: UUID | None,
    settings: Settings,
) -> list[Fact]:
    source = settings.source
    texts = {name: value for name, value in values.items() if name not in _NOT_COLUMNS}
    if kind is FileKind.SPEND:
        first, last = date.fromisoformat(values["from_date"]), date.fromisoformat(values["to_date"])
        occurred = datetime(first.year, first.month, first.day, tzinfo=UTC)
        ref = f"spend:{values['ref']}"
        days = {"from_date": first, "to_date": last}
        return [Spend(source=source, source_ref=ref, occurred_at=occurred, **{**texts, **days})]
    occurred = datetime.fromisoformat(values["occurred_at"])
    if kind is FileKind.TOUCHES:
        assert person is not None
        ref = f"touch:{values['ref']}"
        return [
            Touch(
                source=source,
                source_ref=ref,
                occurred_at=occurred,
                person_key=person,
                organisation=organisation,
                **texts,
            )
        ]
    ref = f"outcome:{values['ref']}"
    side = texts.pop("side")
    outcome = Outcome(source=source, source_ref=ref, occurred_at=occurred, organisation=organisation, **texts)
    if person is None:
        return [outcome]
    outcome_id = ledger.first_fact_id(source, ref)
    party_ref = f"party:{values['ref']}:{side}:{values['person']}"[:250]
    party = Party(
        source=source, source_ref=party_ref, occurred_at=occurred, outcome=outcome_id, person_key=person, side=side
    )
    return [outcome, party]


_NOT_COLUMNS = {"ref", "person", "name", "occurred_at", "organisation"}


@transaction.atomic
def take_back(*, key: UUID, viewer: Viewer | None, by: Actor, at: datetime) -> None:
    """Have everything an import posted taken out of the numbers again. People it added stay.

    Raises WrongState unless it was applied.
    """
    found = _own(viewer, key)
    if found.state not in {State.APPLIED, State.APPLYING}:
        raise _wrong(found, "Only an applied import can be taken back.")
    found.state, found.taken_back_at = State.TAKING_BACK, at
    found.save(update_fields=["state", "taken_back_at"])
    accounts.audit(by=by, deed="take_back_import", at=at, subject=("import", key), summary=found.file_name)
    transaction.on_commit(partial(nudge, "import", str(key)))


def void_rows(*, key: UUID, at: datetime) -> ImportRow:
    """Take the import's batch back in the ledger."""
    with _alone_with(key) as found:
        if found.state != State.TAKING_BACK or found.batch is None:
            return queries.import_row(found)
        ledger.void_batch_if_held(batch=found.batch, at=at)
        found.state = State.TAKEN_BACK
        found.save(update_fields=["state"])
    nudge("reports", "all")
    return queries.import_row(found)


@transaction.atomic
def put_back(*, key: UUID, viewer: Viewer, by: Actor, at: datetime) -> None:
    """Have a file that was taken back read and checked again, with the columns it had. Raises WrongState."""
    found = _own(viewer, key)
    if found.state != State.TAKEN_BACK:
        raise _wrong(found, "Only an import that was taken back can be put back.")
    found.state, found.batch, found.rows_read = State.CHECKING, None, 0
    found.rows_posted = found.rows_unchanged = 0
    found.save()
    accounts.audit(by=by, deed="put_back_import", at=at, subject=("import", key), summary=found.file_name)
    transaction.on_commit(partial(nudge, "import", str(key)))


def go_on(*, key: UUID, at: datetime) -> ImportRow:
    """Do whatever the import's state asks of the worker, once."""
    steps = {
        State.READING: lambda: read_columns(key=key),
        State.CHECKING: lambda: check_rows(key=key, at=at),
        State.APPLYING: lambda: apply_rows(key=key, at=at),
        State.TAKING_BACK: lambda: void_rows(key=key, at=at),
    }
    _forget_in_file(key)
    found = queries.worker_import(key)
    return steps[found.state]() if found.state in steps else found


@transaction.atomic
def forget_person(*, identifiers: Collection[Identifier]) -> int:
    """Erase the rows kept of a person that were not imported, and have the kept files rid of theirs by the worker.

    Returns how many rows went at once. The worker learns keyed hashes of the addresses only.
    """
    wanted = set(identifiers)
    held = [row["pk"] for row in queries.held_about(wanted)]
    erased, _ = models.ImportRow.objects.filter(pk__in=held).delete()
    hashes = sorted(_hash(one) for one in wanted)
    for found in models.Import.objects.select_for_update().exclude(kind=FileKind.SPEND) if hashes else []:
        if found.sample:
            keep = [row for row in found.sample["rows"] if not wanted & _addresses(found, row)]
            found.sample = {**found.sample, "rows": keep}
        found.forget = sorted({*(found.forget or []), *hashes})
        found.save(update_fields=["sample", "forget"])
        transaction.on_commit(partial(nudge, "import", str(found.pk)))
    return erased


def _addresses(found: models.Import, cells: Sequence[str]) -> set[Identifier]:
    headers = found.sample["headers"] if found.sample else []
    return queries.addresses_in(found, dict(zip(headers, cells, strict=False)))


def _hash(identifier: Identifier) -> str:
    return keyed_hash(house.LEDGER_KEY, f"{identifier.scheme}\n{identifier.value}")


def _forget_in_file(key: UUID) -> None:
    """Take the rows of erased people out of an import's kept file. One that can't be read is removed."""
    if not access.get_import(key).forget:
        return
    read_columns(key=key)  # without its header the persons can't be told
    with _alone_with(key) as found:
        wanted: set[str] = set(found.forget or [])

        def keep(cells: Sequence[str]) -> bool:
            return wanted.isdisjoint(map(_hash, _addresses(found, cells)))

        try:
            if not found.sample:
                raise FileRefused("The file was not read.", "Its header is not known.", "Remove it.")
            reading.rewrite(_path(found), keep)
        except FileRefused:
            _path(found).unlink(missing_ok=True)
        with transaction.atomic():
            row = models.Import.objects.select_for_update().get(pk=key)
            row.forget = sorted(set(row.forget or []) - wanted) or None
            if row.sample:
                row.sample = {**row.sample, "rows": [cells for cells in row.sample["rows"] if keep(cells)]}
            row.save(update_fields=["forget", "sample"])
