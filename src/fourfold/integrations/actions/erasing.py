"""Takes erased people out of what imports keep: rows that wait, and the files themselves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from uuid import UUID

from django.conf import settings as house
from django.db import transaction

from fourfold.base.ids import keyed_hash
from fourfold.base.nudge import nudge
from fourfold.integrations import access, models, queries, reading
from fourfold.integrations.actions.files import alone_with, path_of, read_columns
from fourfold.integrations.types import FileKind, FileRefused, Sample
from fourfold.people.types import Identifier

WITHOUT_PEOPLE = [kind for kind in FileKind if kind.is_money_out]


@transaction.atomic
def forget_person(*, identifiers: Collection[Identifier]) -> int:
    """Erase the rows kept of a person that were not imported, and have the kept files rid of theirs by the worker.

    Returns how many rows went at once. The worker learns keyed hashes of the addresses only.
    """
    wanted = set(identifiers)
    held = [row["pk"] for row in queries.held_about(wanted)]
    erased, _ = models.ImportRow.objects.filter(pk__in=held).delete()
    hashes = sorted(_hash(one) for one in wanted)
    for found in models.Import.objects.select_for_update().exclude(kind__in=WITHOUT_PEOPLE) if hashes else []:
        if found.sample:
            keep = [row for row in found.sample["rows"] if not wanted & _addresses(found, row)]
            found.sample = {**found.sample, "rows": keep}
        found.forget = sorted({*(found.forget or []), *hashes})
        found.save(update_fields=["sample", "forget"])
        transaction.on_commit(partial(nudge, "import", str(found.pk)))
    return erased


def drop_exports() -> None:
    """Remove exports of the whole house: they hold whoever is being erased."""
    rows = models.Export.objects.all()
    for key in rows.values_list("key", flat=True):
        transaction.on_commit(partial((Path(house.HOME) / "exports" / f"{key}.zip").unlink, missing_ok=True))
    rows.delete()


@transaction.atomic
def forget_records(*, person_keys: Collection[UUID], words: Collection[str]) -> int:
    """Erase what came over about one person: their own records, and those about them.

    A record that others share (a job with its contacts, a client's opportunity) stays without the cells that hold one
    of the ``words``: their name and addresses. Returns how many records went or were blanked.
    """
    keys = list(person_keys)
    links = models.SourcePerson.objects.filter(person_key__in=keys)
    about = list(models.SourceRecord.objects.filter(pk__in=links.values("record_id")))
    links.delete()
    shared = {row.pk for row in about if row.organisation_key or row.people.exists()}
    told = [word.casefold() for word in words if len(word) > 2]
    for row in about:
        if row.pk in shared:
            held = row.payload or {}
            row.payload = {name: text for name, text in held.items() if not any(one in text.casefold() for one in told)}
            row.save(update_fields=["payload"])
    gone = models.SourceRecord.objects.filter(pk__in=[row.pk for row in about if row.pk not in shared])
    own = models.SourceRecord.objects.filter(person_key__in=keys)
    count = own.count() + len(about)
    gone.delete()
    own.delete()
    drop_exports()
    return count


def keep_nothing_of(*, found: models.Import, rows: Mapping[int, Collection[Identifier]]) -> None:
    """Blank the rejected rows of people who had been erased, and have the worker take them out of the kept file."""
    if not rows:
        return
    models.ImportRow.objects.filter(pk__in=list(rows)).update(content={}, parsed=None)
    hashes = {_hash(one) for several in rows.values() for one in several}
    found.forget = sorted({*(found.forget or []), *hashes})
    found.save(update_fields=["forget"])
    transaction.on_commit(partial(nudge, "import", str(found.pk)))


def _addresses(found: models.Import, cells: Sequence[str]) -> set[Identifier]:
    headers = found.sample["headers"] if found.sample else []
    by_header = dict(zip(headers, cells, strict=False))
    return queries.addresses_in(found, by_header | {f"cell {n}": text for n, text in enumerate(cells)})


def _hash(identifier: Identifier) -> str:
    return keyed_hash(house.LEDGER_KEY, f"{identifier.scheme}\n{identifier.value}")


def forget_in_file(key: UUID) -> None:
    """Take the rows of erased people out of an import's kept file. One that can't be read is removed.

    A workbook from which a row goes is kept as CSV from then on, of the sheet that was chosen.
    """
    if not access.get_import(key).forget:
        return
    read_columns(key=key)  # without its header the persons can't be told
    with alone_with(key) as found:
        wanted: set[str] = set(found.forget or [])

        def keep(cells: Sequence[str]) -> bool:
            return wanted.isdisjoint(map(_hash, _addresses(found, cells)))

        sample = Sample.kept(found.sample) if found.sample else None
        try:
            if not sample:
                raise FileRefused("The file was not read.", "Its header is not known.", "Remove it.")
            if reading.rewrite(path_of(found), keep, sample):
                sample = _as_it_is_now(found, sample)
        except FileRefused:
            path_of(found).unlink(missing_ok=True)
        with transaction.atomic():
            row = models.Import.objects.select_for_update().get(pk=key)
            row.forget = sorted(set(row.forget or []) - wanted) or None
            if row.sample and sample:
                rows = tuple(tuple(cells) for cells in row.sample["rows"] if keep(cells))
                row.sample = asdict(replace(sample, rows=rows))
            row.save(update_fields=["forget", "sample"])


def _as_it_is_now(found: models.Import, sample: Sample) -> Sample:
    """Where the header of a rewritten file stands, and what it is written as."""
    form = reading.form_of(path_of(found))
    if sample.is_workbook and form == "text":
        sample = replace(sample, encoding="utf-8-sig", delimiter=",")
    return replace(sample, sheet="", sheets=(), header_row=1)
