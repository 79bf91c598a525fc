"""Writes the whole house into a zip: in the form of Bullhorn's Data Loader, and as plain tables."""

from __future__ import annotations

import csv
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings as house
from django.db import transaction
from django.db.models import Q

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import Viewer
from fourfold.base.cells import formula_safe
from fourfold.base.ids import new_key
from fourfold.base.nudge import nudge
from fourfold.integrations import access, models, rules
from fourfold.integrations.types import ExportState
from fourfold.jobs import queries as jobs
from fourfold.ledger.queries import among
from fourfold.people import queries as people
from fourfold.people.types import Leaving, Purpose
from fourfold.work import queries as work

KEPT_DAYS = 7
PORTION = 500
SIDES = ("person", "candidate")


@transaction.atomic
def begin_export(*, viewer: Viewer, at: datetime) -> UUID:
    """Have everything the viewer may see written into a zip. Returns the export's key. Raises NotAllowed."""
    access.require_exporter(viewer)
    key = new_key()
    models.Export.objects.create(
        key=key, state=ExportState.WRITING, user_key=viewer.user_key, by=viewer.name[:80], at=at
    )
    accounts.audit(by=viewer.actor(), deed="export_everything", at=at, subject=("export", key), summary="the house")
    transaction.on_commit(partial(nudge, "export", str(key)))
    return key


def note_download(*, key: UUID, viewer: Viewer, at: datetime) -> Path:
    """Where a ready export lies; that it left the house is written down. Raises NotFound, NotAllowed."""
    found = access.get_export_for(viewer, key)
    accounts.audit(by=viewer.actor(), deed="download_export", at=at, subject=("export", key), summary="the house")
    return path_of_export(found.pk)


def path_of_export(key: UUID) -> Path:
    return Path(house.HOME) / "exports" / f"{key}.zip"


def write_export(*, key: UUID, at: datetime) -> None:
    """Write an export that waits, and remove those older than a week. Runs again from the start where it was killed."""
    for old in models.Export.objects.filter(at__lt=at - timedelta(days=KEPT_DAYS)):
        path_of_export(old.pk).unlink(missing_ok=True)
        old.delete()
    found = models.Export.objects.filter(pk=key, state=ExportState.WRITING).first()
    if found is None:
        return
    viewer = accounts_queries.viewer_of(found.user_key)
    if viewer is None or not access.may_export(viewer):
        models.Export.objects.filter(pk=key).update(state=ExportState.FAILED)
        return
    folder = path_of_export(key).with_suffix(".parts")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        with ExitStack() as stack:
            out = _Out(viewer, folder, stack)
            out.organisations()
            out.people()
            out.lists()
            out.jobs()
            out.waiting()
            counts = out.counts
        path = path_of_export(key)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(folder.rglob("*.csv")):
                archive.write(part, part.relative_to(folder).as_posix())
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    models.Export.objects.filter(pk=key).update(
        state=ExportState.READY, ready_at=at, size=path.stat().st_size, counts=counts
    )


Came = Mapping[UUID, list[dict[str, str]]]
"""By person, the key cells of each record they came in."""


@dataclass
class _Out:
    """The tables of one export, each a file that is open until the end."""

    viewer: Viewer
    folder: Path
    stack: ExitStack
    counts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.owners: dict[UUID, str] = {}
        self.employers: dict[UUID, str] = {}
        self.tables: dict[str, tuple[Any, Sequence[str]]] = {}

    def write(self, table: str, headers: Sequence[str], cells: Mapping[str, str]) -> None:
        """One row of a table; the first opens its file."""
        if table not in self.tables:
            path = self.folder / f"{table}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            lines = csv.writer(self.stack.enter_context(path.open("w", encoding="utf-8", newline="")))
            lines.writerow(headers)
            self.tables[table] = (lines, headers)
            self.counts[table] = 0
        lines, named = self.tables[table]
        lines.writerow(rules.in_order(named, cells))
        self.counts[table] += 1

    def owner(self, key: UUID | None) -> str:
        if key and key not in self.owners:
            self.owners[key] = accounts_queries.names([key]).get(key, "")
        return self.owners[key] if key else ""

    def organisations(self) -> None:
        for rows in _portions(people.leaving_organisations()):
            held = _records(models.SourceRecord.objects.filter(
                organisation_key__in=among([row["key"] for row in rows]), entity="ClientCorporation", staged=False
            ), "organisation_key")  # fmt: skip
            for row in rows:
                owner = self.owner(row["owner_key"])
                for keys in held.get(row["key"]) or [{}]:
                    cells = rules.organisation_cells(row, keys, own=str(row["key"]), owner=owner)
                    self.employers.setdefault(row["key"], cells.get("externalID") or cells.get("id", ""))
                    self.write("bullhorn/ClientCorporation", rules.ORGANISATION_HEADERS, cells)
                plain = {name: formula_safe("" if value is None else str(value)) for name, value in row.items()}
                self.write("plain/organisations", list(row), {**plain, "owner_key": owner})

    def people(self) -> None:
        for rows in _portions(people.leaving(self.viewer)):
            keys = [row.key for row in rows]
            held = models.SourceRecord.objects.filter(
                person_key__in=among(keys), system="bullhorn", entity__in=list(rules.PERSON_HEADERS)
            )
            came = {entity: _records(held.filter(entity=entity), "person_key") for entity in rules.PERSON_HEADERS}
            refusing = self._wishes(rows)
            own: dict[UUID, dict[str, str]] = {}
            for row in rows:
                own[row.key] = self._person(row, came, refuses=row.key in refusing)
                self.write("plain/people", rules.PEOPLE_HEADERS, dict(
                    zip(rules.PEOPLE_HEADERS, rules.plain_person(row, self.owner(row.owner_key)), strict=True)
                ))  # fmt: skip
            self._jobs([row.key for row in rows if row.candidate_side], own)
            self._notes(rows, own)

    def _person(self, row: Leaving, came: Mapping[str, Came], *, refuses: bool) -> dict[str, str]:
        """Write a person into the tables they came in, or the one of their role. Returns their ids, by table."""
        tables = [(entity, keys) for entity, held in came.items() for keys in held.get(row.key, ())]
        if not row.candidate_side:
            tables = [one for one in tables if one[0] != "Candidate"]
        contact = "client_contact" in row.roles or not row.candidate_side
        tables = tables or [("ClientContact" if contact else "Candidate", {})]
        ids: dict[str, str] = {}
        employer = self.employers.get(row.organisation_key, "") if row.organisation_key else ""
        for entity, keys in tables:
            cells = rules.person_cells(
                entity, row, keys, own=str(row.key), employer=employer, owner=self.owner(row.owner_key), refuses=refuses
            )
            ids.setdefault(entity, (cells.get("customText1" if entity == "Lead" else "externalID") or "").strip())
            self.write(f"bullhorn/{entity}", rules.PERSON_HEADERS[entity], cells)
        return ids

    def _wishes(self, rows: Sequence[Leaving]) -> set[UUID]:
        """Write what people wish; returns those who want no mailings."""
        headers = ("person", "event", "purpose", "channel", "at", "source", "evidence")
        refusing: dict[UUID, bool] = {}
        for wish in reversed(people.wishes_of([row.key for row in rows])):
            texts = (
                wish.event.value,
                wish.purpose.value,
                wish.channel,
                wish.at.isoformat(),
                wish.source,
                wish.evidence,
            )
            cells = dict(zip(headers, (str(wish.person_key), *map(formula_safe, texts)), strict=True))
            self.write("plain/wishes", headers, cells)
            if wish.purpose in {Purpose.MARKETING, Purpose.ALL} and wish.event.value in {"objected", "lifted"}:
                refusing[wish.person_key] = wish.event.value == "objected"
        return {key for key, no in refusing.items() if no}

    def _jobs(self, keys: Sequence[UUID], own: Mapping[UUID, Mapping[str, str]]) -> None:
        for job in people.leaving_jobs(keys):
            name = job["organisation_name"] or job["organisation__name"] or ""
            whose = own[job["person_id"]].get("Candidate", str(job["person_id"]))
            cells = {
                "candidate.externalID": rules.key_safe(whose), "companyName": formula_safe(name),
                "clientCorporation.externalID": self.employers.get(job["organisation_id"], ""),
                "title": formula_safe(job["title"]), "startDate": rules.us_day(job["started_on"]),
                "endDate": rules.us_day(job["ended_on"]), "isLastJob": "TRUE" if job["present"] else "FALSE",
                "comments": formula_safe(job["about"]),
            }  # fmt: skip
            self.write("bullhorn/CandidateWorkHistory", rules.JOB_HEADERS, cells)

    def _notes(self, rows: Sequence[Leaving], own: Mapping[UUID, Mapping[str, str]]) -> None:
        """Notes of both sides where the viewer may see both."""
        sides = {row.key: row.candidate_side for row in rows}
        headers = ("person", "side", "at", "author", "text", "source")
        for note in work.notes_about(SIDES, list(sides)):
            key, side = note["subject_key"], note["subject_kind"]
            if side == "candidate" and not sides[key]:
                continue
            ids = own[key]
            cells = {
                "externalID": rules.key_safe(note["source_ref"]), "comments": formula_safe(note["text"]),
                "commentingPerson.name": formula_safe(note["author_name"]), "dateAdded": rules.us_day(note["at"]),
                "candidates.externalID": rules.key_safe(ids.get("Candidate", "")),
                "clientContacts.externalID": rules.key_safe("" if "Candidate" in ids else ids.get("ClientContact", "")),
            }  # fmt: skip
            self.write("bullhorn/Note", rules.NOTE_HEADERS, cells)
            texts = map(formula_safe, (note["author_name"], note["text"], note["source"]))
            plain = (str(key), side, note["at"].isoformat(), *texts)
            self.write("plain/notes", headers, dict(zip(headers, plain, strict=True)))

    def lists(self) -> None:
        """Hot lists, with those on them whom the viewer may see."""
        for name, owner, members in people.leaving_lists(self.viewer):
            seen = set(people.candidate_names_for(self.viewer, members))
            held = models.SourceRecord.objects.filter(person_key__in=among(seen), system="bullhorn", entity="Candidate")
            came = _records(held, "person_key")
            ids = {key: found[0].get("external_id", "").strip() for key, found in came.items()}
            cells = {
                "name": formula_safe(name), "owner.name": formula_safe(self.owner(owner)), "isPrivate": "FALSE",
                "candidates.externalID": ";".join(ids.get(key) or str(key) for key in members if key in seen),
            }  # fmt: skip
            self.write("bullhorn/Tearsheet", rules.LIST_HEADERS, cells)

    def jobs(self) -> None:
        """Jobs, people's progress on them, CVs that were sent and placements, as they stand here."""
        tables = {
            "jobs": jobs.leaving_jobs, "applications": jobs.leaving_applications,
            "submissions": jobs.leaving_submissions, "placements": jobs.leaving_placements,
        }  # fmt: skip
        for name, rows in tables.items():
            for row in rows(self.viewer):
                held = {**row, "owner_key": self.owner(row["owner_key"])} if "owner_key" in row else row
                cells = {column: rules.plain_cell(value) for column, value in held.items()}
                self.write(f"plain/{name}", list(cells), cells)

    def waiting(self) -> None:
        """What waited for a room, table by table, as it came: but what names somebody the viewer may not see."""
        held = models.SourceRecord.objects.filter(Q(staged=True) | Q(became_key__isnull=False))
        for system, entity in held.values_list("system", "entity").distinct().order_by("system", "entity"):
            rows = held.filter(system=system, entity=entity)
            if entity in rules.PERSON_HEADERS:
                continue
            headers: dict[str, None] = {}
            for payload in rows.values_list("payload", flat=True).iterator(chunk_size=PORTION):
                headers |= dict.fromkeys(payload or {})
            for part in _portions(rows.order_by("key").iterator(chunk_size=PORTION)):
                hidden = self._hidden(part)
                for row in part:
                    if row.pk not in hidden:
                        cells = rules.staged_cells(row.payload or {})
                        self.write(f"{row.system}/{row.entity}", list(headers), cells)

    def _hidden(self, rows: Sequence[models.SourceRecord]) -> set[UUID]:
        links = list(models.SourcePerson.objects.filter(record__in=rows).values_list("record_id", "person_key"))
        seen = set(people.candidate_names_for(self.viewer, {key for _, key in links}))
        return {record for record, key in links if key not in seen}


def _records(found: Any, column: str) -> dict[UUID, list[dict[str, str]]]:
    """The key cells of records by whom they became, in the order in which they came."""
    held: dict[UUID, list[dict[str, str]]] = {}
    for key, keys in found.order_by("at", "source_id").values_list(column, "keys"):
        held.setdefault(key, []).append(keys)
    return held


def _portions(rows: Iterable[Any]) -> Iterator[list[Any]]:
    held: list[Any] = []
    for row in rows:
        held.append(row)
        if len(held) == PORTION:
            yield held
            held = []
    if held:
        yield held
