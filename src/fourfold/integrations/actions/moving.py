"""Moves records that waited into the rooms of jobs and clients: job leads, jobs, submissions, CVs sent, placements.

Some dozens a transaction, in the order in which they need each other. What can't move says why, and moves when what it
needs has come. Run by the worker, as a step of a crossing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from fourfold.accounts import queries as accounts
from fourfold.base.actor import Actor
from fourfold.base.ids import new_key
from fourfold.integrations import models, rules
from fourfold.integrations.rules import coming
from fourfold.integrations.rules.cells import Cells
from fourfold.integrations.types import ENTITIES, MOVING, FileKind, Settings, State
from fourfold.jobs import actions as jobs
from fourfold.jobs import queries as job_queries
from fourfold.jobs.types import CameOver
from fourfold.people import actions as people
from fourfold.people import queries as people_queries
from fourfold.people.types import Identifier, Scheme

PORTION, FEWER = 50, 20
"""Records a transaction: 80 to 120 ms on SQLite, so that colleagues' pages don't wait. Fewer of those that post facts
or write several rows each.
"""
LIGHT = frozenset(["bullhorn.JobSubmission", "bullhorn.Opportunity", "bullhorn.Lead"])


@dataclass
class _Run:
    """One run over everything that waits."""

    crossing: UUID
    by: Actor
    at: datetime
    colleagues: Mapping[str, str]
    desks: Mapping[str, str]
    things: dict[str, UUID] = field(default_factory=dict)
    """By their ids and external ids there, what job leads and jobs became."""
    readers: dict[UUID | None, Cells] = field(default_factory=dict)

    def learn(self, row: models.SourceRecord, key: UUID) -> None:
        """Remember what a record became under each of its ids."""
        head = f"{row.system}:{row.entity.lower()}"
        self.things[row.source_id] = key
        for column, middle in (("source_id", ""), ("external_id", ".external")):
            text = str((row.keys or {}).get(column, "")).strip()
            if text:
                self.things.setdefault(f"{head}{middle}:{text}", key)

    def reader(self, row: models.SourceRecord) -> Cells:
        """How the cells of the file that a record came with are read."""
        if row.imported_id not in self.readers:
            kept = Settings.kept(row.imported.settings) if row.imported else Settings(zone=accounts.house_zone())
            dates = kept.dates or coming.day_order_of(row.payload or {})
            settings = Settings.kept({**_plain(kept), "dates": dates})
            mapping = row.imported.mapping if row.imported else {}
            self.readers[row.imported_id] = Cells(
                FileKind.RECORDS, mapping, settings, self.at, colleagues=self.colleagues
            )
        return self.readers[row.imported_id]


def _plain(settings: Settings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in Settings.__dataclass_fields__}


def move_in(*, crossing: UUID, at: datetime) -> None:
    """Move in whatever waits and can, of this crossing and of earlier ones. Goes on where a killed run stopped."""
    found = models.Crossing.objects.get(pk=crossing)
    desks = {place.name.casefold(): place.slug for place in accounts.desks()}
    run = _Run(crossing, Actor(found.user_key, found.by), at, accounts.colleague_keys(), desks)
    for entity in ("Opportunity", "JobOrder"):
        rows = models.SourceRecord.objects.filter(system="bullhorn", entity=entity, became_key__isnull=False)
        for row in rows.only("system", "entity", "source_id", "keys", "became_key").iterator(chunk_size=2_000):
            if row.became_key:
                run.learn(row, row.became_key)
    total = waiting_rows().count()
    models.Crossing.objects.filter(pk=crossing).update(moving_done=0, moving_total=total)
    for layout in MOVING:
        last: UUID | None = None
        while (last := _move_some(run, layout, last)) is not None:
            pass


def waiting_rows() -> Any:
    """Records that wait for jobs and clients."""
    names = [ENTITIES[layout].name for layout in MOVING]
    return models.SourceRecord.objects.filter(staged=True, system="bullhorn", entity__in=names)


@transaction.atomic
def _move_some(run: _Run, layout: str, last: UUID | None) -> UUID | None:
    """The next records of a table. Returns the last of them, or None once there are no more."""
    done = models.Crossing.objects.select_for_update().get(pk=run.crossing)
    if done.state != State.MOVING:  # somebody takes it back
        return None
    rows = waiting_rows().filter(entity=ENTITIES[layout].name).select_related("imported").order_by("key")
    held = list((rows.filter(key__gt=last) if last else rows)[: PORTION if layout in LIGHT else FEWER])
    if not held:
        return None
    batch = _Portion(run, layout, held)
    _DEEDS[layout](batch)
    batch.write()
    done.moving_done = min(done.moving_done + len(held), done.moving_total)
    done.save(update_fields=["moving_done"])
    return held[-1].pk


class _Portion:
    """Some records of one table, with whom they name."""

    def __init__(self, run: _Run, layout: str, held: Sequence[models.SourceRecord]) -> None:
        self.run, self.layout, self.held = run, layout, held
        self.cells = {row.pk: coming.cells_of(layout, run.reader(row).mapping, row.payload or {}) for row in held}
        entity = ENTITIES[layout]
        self.named = {
            row.pk: {
                kind: rules.references_of(entity, self.cells[row.pk], kind)
                for kind in ("person", "contact", "lead", "organisation", "job", "opportunity")
            }
            for row in held
        }
        refs = {ref for kinds in self.named.values() for several in kinds.values() for ref in several}
        self.people = {
            one.value: key for one, key in people_queries.resolve({Identifier(Scheme.ID, ref) for ref in refs}).items()
        }
        self.organisations = {
            ref: key
            for (_, ref), key in people_queries.organisations_by_identifier({("id", ref) for ref in refs}).items()
        }
        self.changed: list[models.SourceRecord] = []

    def one(self, row: models.SourceRecord, kind: str) -> UUID | None:
        """Whom or what of a kind a record names, if it is here."""
        known: Mapping[str, UUID] = self.people
        if kind == "organisation":
            known = self.organisations
        elif kind in {"job", "opportunity"}:
            known = self.run.things
        return next((known[ref] for ref in self.named[row.pk][kind] if ref in known), None)

    def client(self, row: models.SourceRecord, contact: UUID | None) -> UUID | None:
        """The organisation that a record names, else where its contact works, if that is one."""
        named = self.one(row, "organisation")
        if named or contact is None:
            return named
        employers = people_queries.employers_of([contact])
        return next(iter(employers)) if len(employers) == 1 else None

    def look(self, row: models.SourceRecord) -> coming.Look:
        """What a record says, with those it names."""
        return coming.Look(
            reader=self.run.reader(row), cells=self.cells[row.pk], source=row.system,
            source_ref=coming.reference_of(row.system, row.source_id), added_at=row.added_at,
            colleagues=self.run.colleagues, desks=self.run.desks, currency=self.run.reader(row).settings.currency,
        )  # fmt: skip

    def wait(self, row: models.SourceRecord, why: str) -> None:
        row.why = why[:120]
        self.changed.append(row)

    def moved(self, row: models.SourceRecord, key: UUID, *, made: bool, **did: Any) -> None:
        """Keep what a record became. ``made``: it is its own, and goes when the record goes."""
        row.staged, row.why, row.became_key = False, "", key
        row.did = {
            **row.did,
            **({"made": True} if made else {}),
            **{name: value for name, value in did.items() if value},
        }
        self.changed.append(row)
        self.run.learn(row, key)

    def write(self) -> None:
        models.SourceRecord.objects.bulk_update(self.changed, ["staged", "why", "became_key", "did"])

    def bring(self, told: Sequence[tuple[models.SourceRecord, Any, str]], deed: Callable[..., list[CameOver]],
              name: str, **more: Any) -> None:  # fmt: skip
        """Have the told ones brought in, and keep what each became."""
        answers = deed(**{name: [one for _, one, _ in told]}, by=self.run.by, at=self.run.at, **more) if told else []
        for (row, _, unknown), came in zip(told, answers, strict=True):
            self.moved(row, came.key, made=came.new, unknown=unknown)

    @property
    def batch(self) -> UUID:
        """What facts are posted under: a batch of this portion's."""
        return new_key()


def _leads(portion: _Portion) -> None:
    told = []
    for row in portion.held:
        about = row.person_key or portion.one(row, "contact") or portion.one(row, "lead")
        organisation = portion.client(row, about)
        made = coming.job_lead(portion.look(row), heard_from=about, organisation=organisation, layout=portion.layout)
        if isinstance(made, str):
            portion.wait(row, made)
            continue
        told.append((row, *made))
    keys = people.bring_job_leads(
        leads=[(new, state) for _, new, state, _ in told], by=portion.run.by, at=portion.run.at
    )
    for (row, _, _, unknown), key in zip(told, keys, strict=True):
        portion.moved(row, key, made=True, unknown=unknown)


def _jobs(portion: _Portion) -> None:
    told = []
    for row in portion.held:
        manager = portion.one(row, "contact")
        organisation = portion.client(row, manager)
        if organisation is None:
            portion.wait(row, coming.NO_CLIENT)
            continue
        made = coming.job(
            portion.look(row), organisation=organisation, manager=manager,
            lead=portion.one(row, "opportunity"),
        )  # fmt: skip
        if isinstance(made, str):
            portion.wait(row, made)
        else:
            told.append((row, *made))
    portion.bring(told, jobs.bring_jobs, "jobs", batch=portion.batch)


def _submissions(portion: _Portion) -> None:
    told = []
    for row, person, job in _on_jobs(portion):
        made = coming.application(portion.look(row), job=job, person=person)
        if isinstance(made, str):
            portion.wait(row, made)
        else:
            told.append((row, *made))
    portion.bring(told, jobs.bring_applications, "applications")


def _on_jobs(portion: _Portion) -> Iterable[tuple[models.SourceRecord, UUID, UUID]]:
    """Records whose candidate and job are here; the others wait."""
    for row in portion.held:
        person, job = portion.one(row, "person"), portion.one(row, "job")
        if person is None:
            portion.wait(row, coming.NO_CANDIDATE)
        elif job is None:
            portion.wait(row, coming.NO_JOB)
        else:
            yield row, person, job


def _sendouts(portion: _Portion) -> None:
    told = []
    for row in portion.held:
        named = bool(portion.named[row.pk]["job"])
        person, contact, job = (portion.one(row, kind) for kind in ("person", "contact", "job"))
        client = portion.client(row, contact)
        missing = next(
            (why for held, why in ((person, coming.NO_CANDIDATE), (contact, coming.NO_CONTACT),
                                   (job or not named, coming.NO_JOB), (client, coming.NO_CLIENT)) if not held),
            "",
        )  # fmt: skip
        if missing or person is None or contact is None or client is None:
            portion.wait(row, missing)
            continue
        made = coming.submission(portion.look(row), job=job, person=person, contact=contact, organisation=client)
        if isinstance(made, str):
            portion.wait(row, made)
        else:
            told.append((row, made, ""))
    portion.bring(told, jobs.bring_submissions, "submissions", batch=portion.batch)


def _placements(portion: _Portion) -> None:
    told = []
    held = list(_on_jobs(portion))
    kinds = job_queries.kinds_of({job for _, _, job in held})
    for row, person, job in held:
        made = coming.placement(portion.look(row), job=job, person=person, kind=kinds[job], today=portion.run.at.date())
        if isinstance(made, str):
            portion.wait(row, made)
        else:
            told.append((row, *made))
    portion.bring(told, jobs.bring_placements, "placements")


_DEEDS: Mapping[str, Callable[[_Portion], None]] = {
    "bullhorn.Opportunity": _leads, "bullhorn.Lead": _leads, "bullhorn.JobOrder": _jobs,
    "bullhorn.JobSubmission": _submissions, "bullhorn.Sendout": _sendouts, "bullhorn.Placement": _placements,
}  # fmt: skip
