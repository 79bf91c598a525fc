"""Takes out again what one table of another system brought in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from fourfold.base.actor import Actor
from fourfold.files import actions as files
from fourfold.files import queries as files_queries
from fourfold.integrations import models
from fourfold.integrations.actions.files import alone_with
from fourfold.integrations.types import ENTITIES, Settings, State, Target
from fourfold.jobs import actions as jobs
from fourfold.jobs import queries as job_queries
from fourfold.people import actions as people
from fourfold.people.types import Filled, Identifier, Scheme
from fourfold.work import actions as work
from fourfold.work import queries as work_queries

PORTION = 200
SIDES = ("person", "candidate")
OWN_NOTES = ("comments", "about")
"""Columns of a person's own row that become notes."""


def take_out(*, key: UUID, at: datetime) -> None:
    """Take out what a table brought in, some hundreds of records a transaction; goes on where a killed run stopped.

    People it added go, unless somebody has worked with them since: those stay, and their records with them. What it
    filled in elsewhere is emptied as far as it still says the same. Wishes stay.
    """
    with alone_with(key) as found:
        if found.state != State.TAKING_BACK:
            return
        last: UUID | None = None
        while (last := _take_out_some(found, last, at)) is not None:
            pass
        models.Import.objects.filter(pk=key, state=State.TAKING_BACK).update(state=State.TAKEN_BACK)


@transaction.atomic
def _take_out_some(found: models.Import, last: UUID | None, at: datetime) -> UUID | None:
    """The next records. Returns the last of them, or None once there are no more."""
    rows = models.SourceRecord.objects.filter(imported=found).order_by("key")
    held = list((rows.filter(key__gt=last) if last else rows)[:PORTION])
    if not held:
        return None
    by = Actor(found.user_key, found.by)
    target = ENTITIES[Settings.kept(found.settings).layout].target
    added = {row.pk for row in held if row.did.get("added")}
    stay: set[UUID] = set()
    if target is Target.STAGED or ENTITIES[Settings.kept(found.settings).layout].staged_too:
        stay |= _take_out_moved(held, by, at)
    if target in {Target.PEOPLE, Target.CVS}:
        keys = {row.person_key for row in held if row.pk in added and row.person_key}
        used = work_queries.worked_on(SIDES, keys, source=held[0].system)
        if target is Target.PEOPLE:
            used |= {key for side in SIDES for key in files_queries.texts_about(side, keys)}
        used |= job_queries.people_on_jobs(keys)
        gone = people.remove_people(keys=keys - used, by=by, at=at)
        work.forget(kinds=SIDES, keys=gone)
        files.forget(kinds=SIDES, keys=gone)
        stay |= {row.pk for row in held if row.pk in added and row.person_key not in gone}
    if target is Target.ORGANISATIONS:
        keys = {row.organisation_key for row in held if row.pk in added and row.organisation_key}
        keys -= job_queries.organisations_with_jobs(keys)
        gone = people.remove_organisations(keys=keys, by=by, at=at)
        stay = {row.pk for row in held if row.pk in added and row.organisation_key not in gone}
    if target in {Target.NOTES, Target.PEOPLE, Target.CVS}:
        work.take_back_notes(source=held[0].system, refs=_note_refs(held), by=by, at=at)
    if target is Target.LISTS:
        people.remove_hot_lists(keys=[UUID(row.did["list"]) for row in held if row.did.get("list")], by=by, at=at)
    filled: dict[UUID, Filled] = {}
    for row in held:
        if row.person_key:
            filled[row.person_key] = _filled(row, filled.get(row.person_key, Filled()))
    people.empty_again(filled={key: one for key, one in filled.items() if one != Filled()}, by=by, at=at)
    models.SourceRecord.objects.filter(pk__in=[row.pk for row in held if row.pk not in stay]).delete()
    return held[-1].pk


def _take_out_moved(held: Sequence[models.SourceRecord], by: Actor, at: datetime) -> set[UUID]:
    """Take out what records that waited became, but for what somebody has worked with since. Returns the records of
    those that stay.
    """
    made = {row.became_key: row.pk for row in held if row.became_key and row.did.get("made")}
    if not made:
        return set()
    name = held[0].entity
    deed = _TAKE_OUT.get(name)
    gone = deed(keys=made.keys(), by=by, at=at) if deed else set()
    return {pk for key, pk in made.items() if key not in gone}


_TAKE_OUT: Mapping[str, Callable[..., set[UUID]]] = {
    "Lead": people.remove_job_leads, "Opportunity": people.remove_job_leads, "JobOrder": jobs.take_out_jobs,
    "JobSubmission": jobs.take_out_applications, "Sendout": jobs.take_out_submissions,
    "Placement": jobs.take_out_placements,
}  # fmt: skip


def _note_refs(held: Sequence[models.SourceRecord]) -> list[str]:
    """The references under which the notes of these records were added."""
    parts = [(row.source_id, part) for row in held for part in (*OWN_NOTES, *map(str, range(row.did.get("notes", 0))))]
    return [f"{source_id}:{part}"[-120:] for source_id, part in parts]


def _filled(row: models.SourceRecord, before: Filled) -> Filled:
    """What a record filled in of its person, beside what other records did."""
    did = row.did
    ids = tuple(Identifier(Scheme(scheme), value) for scheme, value in did.get("ids", ()))
    return Filled(
        columns={**before.columns, **did.get("columns", {})},
        identifiers=(*before.identifiers, *ids),
        jobs=(*before.jobs, *((tuple(did["job"]),) if "job" in did else ())),
    )
