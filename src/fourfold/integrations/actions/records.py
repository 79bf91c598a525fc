"""Brings checked rows of another system in, some hundreds at once: organisations, people, jobs, lists, and what waits.

What is known already is filled in where it lacks something, never overwritten: the same rows again change nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings as house

from fourfold.base.actor import Actor
from fourfold.base.errors import FourfoldError
from fourfold.base.ids import new_key
from fourfold.files import actions as files
from fourfold.files.types import FilePurpose
from fourfold.integrations import models, reading, rules
from fourfold.integrations.actions.facts import WAS_ERASED, Checked, Rows, two_people
from fourfold.integrations.types import ENTITIES, SYSTEM_NAMES, Entity, Settings, Target
from fourfold.ledger import actions as ledger
from fourfold.ledger import queries as ledger_queries
from fourfold.people import actions as people
from fourfold.people import queries as people_queries
from fourfold.people.types import (
    AddressUse,
    ClientStage,
    ConsentEvent,
    Identifier,
    NewConsent,
    NewEmployment,
    NewHotList,
    NewOrganisation,
    NewPerson,
    Origin,
    PersonRole,
    Purpose,
    Scheme,
)
from fourfold.work import actions as work
from fourfold.work.types import NewNote

RECORD_COLUMNS = (
    "key", "system", "entity", "source_id", "person_key", "organisation_key", "staged", "keys", "payload", "refs",
    "did", "added_at", "at", "imported_id", "why",
)  # fmt: skip
CLIENT_STAGES = {ClientStage.ACCEPTED, ClientStage.FIRST_JOB, ClientStage.REPEAT, ClientStage.DORMANT}


@dataclass
class Batch:
    """Some rows of one table on their way in."""

    found: models.Import
    rows: Sequence[Checked]
    by: Actor
    at: datetime
    done: Rows = field(default_factory=Rows)

    def __post_init__(self) -> None:
        self.settings = Settings.kept(self.found.settings)
        self.entity: Entity = ENTITIES[self.settings.layout]
        self.records: list[tuple[Any, ...]] = []

    def note(
        self,
        parsed: Mapping[str, Any],
        *,
        person: UUID | None = None,
        organisation: UUID | None = None,
        did: Mapping[str, Any] | None = None,
    ) -> None:
        """Keep what the row became, under its id there."""
        staged = self.entity.target is Target.STAGED or self.entity.staged_too
        self.records.append((
            new_key(), self.entity.system.value, self.entity.name, parsed["ref"][:250], person, organisation, staged,
            parsed.get("keys", {}), parsed.get("payload") if staged else None,
            [*parsed.get("about", ()), *([parsed["organisation_refs"]] if parsed.get("organisation_refs") else [])],
            dict(did or {}), parsed.get("added"), self.at, self.found.pk, "",
        ))  # fmt: skip

    def write(self) -> set[str]:
        """Write the records that are not there yet. Returns the ids there of those that are new."""
        refs = {record[3] for record in self.records}
        rows = models.SourceRecord.objects.filter(system=self.entity.system.value, entity=self.entity.name)
        held = set(rows.filter(source_id__in=ledger_queries.among(refs)).values_list("source_id", flat=True))
        fresh = {record[3]: record for record in self.records if record[3] not in held}
        ledger.append(models.SourceRecord, RECORD_COLUMNS, list(fresh.values()))
        return set(fresh)


def bring_in(found: models.Import, rows: Sequence[Checked], *, by: Actor, at: datetime) -> Rows:
    """Bring these rows in. Those that can't be are in ``rejected`` with their reason."""
    batch = Batch(found, rows, by, at)
    _DEEDS[batch.entity.target](batch)
    return batch.done


def _organisations(batch: Batch) -> None:
    new = [
        NewOrganisation(
            name=one["name"], key=new_key(), city=one.get("city", ""), country=one.get("country", ""),
            website=one.get("website", ""), industry=one.get("industry", ""), phone=one.get("phone", ""),
            about=one.get("about", ""), stage=ClientStage(one["stage"]) if one.get("stage") else None,
            is_client=one.get("stage") in CLIENT_STAGES, owner_key=as_key(one.get("owner")),
            source=batch.entity.system.value, identifiers=tuple(("id", value) for value in one.get("own", ())),
        )
        for _, _, one in batch.rows
    ]  # fmt: skip
    keys = people.add_organisations(organisations=new, by=batch.by, at=batch.at)
    for row, one, key in zip(batch.rows, new, keys, strict=True):
        batch.note(row.parsed, organisation=key, did={"added": True} if key == one.key else {})
    fresh = batch.write()
    batch.done.changed = {row.pk for row in batch.rows if row.parsed["ref"] in fresh}


def organisations_of(rows: Iterable[Checked], batch: Batch) -> dict[int, UUID]:
    """The organisation that each row names, by its id there, else by its name; names that are new are added."""
    held = [(row.pk, row.parsed) for row in rows]
    refs = {("id", ref) for _, one in held for ref in one.get("organisation_refs", ())}
    known = people_queries.organisations_by_identifier(refs) if refs else {}
    found = {
        pk: key
        for pk, one in held
        if (key := next((known["id", ref] for ref in one.get("organisation_refs", ()) if ("id", ref) in known), None))
    }
    names = {one["organisation"] for pk, one in held if pk not in found and one.get("organisation")}
    keys = people_queries.organisations_by_name(names)
    missing = sorted(name for name in names if name not in keys)
    if missing:
        new = [NewOrganisation(name=name, source=batch.entity.system.value) for name in missing]
        keys |= zip(missing, people.add_organisations(organisations=new, by=batch.by, at=batch.at), strict=True)
    return found | {pk: keys[one["organisation"]] for pk, one in held if pk not in found and one.get("organisation")}


def _people(batch: Batch) -> None:
    decided = _decide(batch)
    rows = [row for row in batch.rows if row.pk in decided]
    organisations = organisations_of(rows, batch)
    new = [_new_person(batch, row.parsed, decided[row.pk], organisations.get(row.pk)) for row in rows]
    before = people_queries.lacking({one.person for one in decided.values() if one.person})
    found = people.find_or_add_people(people=new, by=batch.by, at=batch.at)
    batch.done.added = found.added
    for index, (one, other) in found.conflicts.items():
        batch.done.rejected[rows[index].pk] = two_people(one, other)
    for index in found.erased:
        batch.done.rejected[rows[index].pk] = WAS_ERASED
        batch.done.erased[rows[index].pk] = new[index].identifiers
    keys: dict[int, UUID] = {}
    for row, person, key in zip(rows, new, found.keys, strict=True):
        if key is None:
            continue
        keys[row.pk] = key
        whose = decided[row.pk]
        added = key == person.key and whose.person is None
        did = {"added": True} if added else _filled(person, whose.fresh, before.get(key))
        batch.note(row.parsed, person=key, did=did)
    fresh = batch.write()
    _object(batch, rows, keys)
    _own_notes(batch, rows, keys)
    batch.done.changed = {rows[index].pk for index in found.changed}
    batch.done.changed |= {row.pk for row in rows if row.parsed["ref"] in fresh and row.pk in keys}


def _object(batch: Batch, rows: Sequence[Checked], keys: Mapping[int, UUID]) -> None:
    """Carry over what people don't wish. The same row again adds nothing, and nothing in a file lifts a “no”."""
    system = SYSTEM_NAMES[batch.entity.system]
    entries = [
        NewConsent(
            person_key=keys[row.pk], event=ConsentEvent.OBJECTED, purpose=Purpose(purpose), channel=channel,
            at=batch.at, source=batch.entity.system.value, source_ref=f"{row.parsed['ref']}:{column}"[-120:],
            evidence=f"{system}, {batch.found.file_name}, row {row.row}: "
            f"{batch.found.mapping.get(column, column)}",
        )
        for row in rows
        if row.pk in keys
        for purpose, channel, column in row.parsed.get("wishes", ())
    ]  # fmt: skip
    if entries:
        people.record_consents(entries=entries, by=batch.by, at=batch.at)


@dataclass(frozen=True, slots=True)
class Decided:
    """Whom a row is, which key is theirs if they are new, and which of their addresses nobody had."""

    person: UUID | None
    key: UUID
    kept: tuple[Identifier, ...]
    fresh: tuple[Identifier, ...]


def _decide(batch: Batch) -> dict[int, Decided]:
    """Whom each row is, the earlier rows of the batch included; those whose addresses are two people's are rejected."""
    ids = {row.pk: identifiers(row.parsed) for row in batch.rows}
    known = people_queries.resolve({one for several in ids.values() for one in several})
    names = {key: one.name for key, one in people_queries.lacking(set(known.values())).items()}
    ends = ledger_queries.canonical_keys(set(known.values()))
    common = common_numbers(batch.found, ids.values())
    numbers = {one for several in ids.values() for one in several if one.scheme is Scheme.PHONE and one not in known}
    gone = people_queries.erased(numbers)  # of the other addresses people itself sees to it
    found: dict[int, Decided] = {}
    for row in batch.rows:
        name = row.parsed.get("name", "")
        ids[row.pk] = without_numbers_of_erased(ids[row.pk], gone)
        whose = rules.whose(ids[row.pk], name, known, names, end_of=lambda key: ends.get(key, key), common=common)
        if whose.others:
            batch.done.rejected[row.pk] = two_people(*whose.others)
            continue
        key = whose.person or new_key()
        fresh = tuple(one for one in whose.kept if one not in known)
        known.update(dict.fromkeys(fresh, key))
        names.setdefault(key, name)
        found[row.pk] = Decided(whose.person, key, whose.kept, fresh)
    return found


def without_numbers_of_erased(ids: Sequence[Identifier], gone: Collection[Identifier]) -> tuple[Identifier, ...]:
    """A number that an erased person had may be a whole office's: it is left out, and tells nothing of who this is."""
    return tuple(one for one in ids if one.scheme is not Scheme.PHONE or one not in gone)


def common_numbers(found: models.Import, ids: Iterable[Sequence[Identifier]]) -> set[str]:
    """Phone numbers that several rows of these files have: switchboards, by which nobody is recognised."""
    numbers = {one.value for several in ids for one in several if one.scheme is Scheme.PHONE}
    path = met_path(found)
    if not numbers or not path.exists():
        return set()
    met = reading.Met(path)
    counts = met.counts(f"phone:{number}" for number in numbers)
    met.close()
    return {text.removeprefix("phone:") for text, count in counts.items() if count > 1}


def met_path(found: models.Import) -> Path:
    """Where what was met in the files of a crossing is kept, or in a file alone."""
    return Path(house.HOME) / "imports" / str(found.crossing_id or found.pk) / "met.sqlite3"


def identifiers(parsed: Mapping[str, Any]) -> tuple[Identifier, ...]:
    return tuple(Identifier(Scheme(scheme), value[:250]) for scheme, value in parsed.get("ids", ()))


def _new_person(batch: Batch, one: Mapping[str, Any], decided: Decided, organisation: UUID | None) -> NewPerson:
    entity, system = batch.entity, SYSTEM_NAMES[batch.entity.system]
    uses = one.get("uses", {})
    source = one.get("source")
    slugs = batch.settings.added
    return NewPerson(
        name=one.get("name", ""),
        identifiers=decided.kept,
        roles=(PersonRole(entity.role),) if entity.role else (),
        headline=one.get("headline", ""),
        city=one.get("city", ""),
        country=one.get("country", ""),
        organisation=organisation,
        key=decided.key,
        skills=tuple(one.get("skills", ())),
        tags=tuple(one.get("tags", ())),
        custom={slugs[header]: text for header, text in one.get("custom", {}).items() if header in slugs},
        uses={ident: AddressUse(uses[ident.value]) for ident in decided.kept if ident.value in uses},
        available_from=date.fromisoformat(one["available"]) if one.get("available") else None,
        origin=Origin.IMPORTED,
        origin_detail=f"{system} · {source}" if source else system,
        owner_key=as_key(one.get("owner")),
        source=entity.system.value,
        added_at=datetime.fromisoformat(one["added"]) if one.get("added") else None,
    )


def _filled(new: NewPerson, fresh: Sequence[Identifier], before: Any) -> dict[str, Any]:
    """What a record that was there before learns: its empty columns that are now told, and addresses."""
    told = {
        "headline": new.headline, "city": new.city, "country": new.country, "organisation_id": new.organisation,
        "available_from": new.available_from, "origin": new.origin.value if new.origin else "",
        "origin_detail": new.origin_detail, "owner_key": new.owner_key,
    }  # fmt: skip
    columns = {name: str(value) for name, value in told.items() if value and before and name in before.columns}
    ids = [[one.scheme.value, one.value] for one in fresh]
    return {name: held for name, held in (("columns", columns), ("ids", ids)) if held}


def as_key(text: str | None) -> UUID | None:
    """A colleague's key, or None where the text is a name that nobody of the house has."""
    try:
        return UUID(text) if text and len(text) == 36 else None
    except ValueError:
        return None


def people_named(rows: Iterable[Checked]) -> dict[str, UUID]:
    """By their ids there, the people whom these rows are about."""
    refs = {ref for row in rows for several in row.parsed.get("about", ()) for ref in several}
    known = people_queries.resolve({Identifier(Scheme.ID, ref) for ref in refs})
    return {one.value: key for one, key in known.items()}


def about(parsed: Mapping[str, Any], known: Mapping[str, UUID]) -> list[UUID]:
    """The people a row is about, each once."""
    found = (next((known[ref] for ref in several if ref in known), None) for several in parsed.get("about", ()))
    return list(dict.fromkeys(key for key in found if key))


def nobody_named(parsed: Mapping[str, Any]) -> str:
    """Why a row is rejected that is about nobody we know."""
    refs = ", ".join(several[0].split(":", 1)[1] for several in parsed.get("about", ())[:3])
    return f"it is about {refs}, who is neither in these files nor known here."


def _work_history(batch: Batch) -> None:
    known = people_named(batch.rows)
    organisations = _known_organisations(batch)
    told: list[tuple[Checked, UUID, NewEmployment]] = []
    for row in batch.rows:
        person = next(iter(about(row.parsed, known)), None)
        if person is None:
            batch.done.rejected[row.pk] = nobody_named(row.parsed)
            continue
        one = row.parsed
        job = NewEmployment(
            organisation_name=one.get("organisation", ""), organisation=organisations.get(row.pk),
            title=one.get("headline", ""), started_on=_day(one.get("started")), ended_on=_day(one.get("ended")),
            present=bool(one.get("present")), about=one.get("text", ""),
        )  # fmt: skip
        told.append((row, person, job))
    ids = _an_id_of({person for _, person, _ in told})
    source = batch.entity.system.value
    new = [NewPerson(name="", identifiers=(ids[person],), employments=(job,), source=source) for _, person, job in told]
    found = people.find_or_add_people(people=new, by=batch.by, at=batch.at)
    for index, (row, person, job) in enumerate(told):
        did = [job.organisation_name, job.title, job.started_on.isoformat() if job.started_on else ""]
        batch.note(row.parsed, person=person, did={"job": did} if index in found.changed else {})
    fresh = batch.write()
    batch.done.changed = {row.pk for row, _, _ in told if row.parsed["ref"] in fresh}


def _known_organisations(batch: Batch) -> dict[int, UUID]:
    """Employers by their ids there; those by name only are left to the record of the job."""
    refs = {("id", ref) for row in batch.rows for ref in row.parsed.get("organisation_refs", ())}
    known = people_queries.organisations_by_identifier(refs) if refs else {}
    return {
        row.pk: known["id", ref]
        for row in batch.rows
        for ref in row.parsed.get("organisation_refs", ())
        if ("id", ref) in known
    }


def _an_id_of(keys: Collection[UUID]) -> dict[UUID, Identifier]:
    """One identifier of each of these people, by which a deed finds them again."""
    return people_queries.one_identifier(keys)


def _lists(batch: Batch) -> None:
    known = people_named(batch.rows)
    wanted: list[tuple[Checked, NewHotList]] = []
    for row in batch.rows:
        owner = as_key(row.parsed.get("owner")) or batch.by.user_key or batch.found.user_key
        if owner is None:
            batch.done.rejected[row.pk] = "nobody of the house owns it: name a colleague, or bring it in signed in."
            continue
        wanted.append(
            (row, NewHotList(name=row.parsed["name"], owner_key=owner, members=tuple(about(row.parsed, known))))
        )
    filled = people.fill_hot_lists(lists=[one for _, one in wanted], by=batch.by, at=batch.at)
    for (row, _), (key, count, made) in zip(wanted, filled, strict=True):
        batch.note(row.parsed, did={"list": str(key)} if made else {})
        batch.done.changed |= {row.pk} if count or made else set()
    fresh = batch.write()
    batch.done.changed |= {row.pk for row, _ in wanted if row.parsed["ref"] in fresh}


def _staged(batch: Batch) -> None:
    organisations = _known_organisations(batch)
    for row in batch.rows:
        batch.note(row.parsed, organisation=organisations.get(row.pk), did={"added": True})
    fresh = batch.write()
    known = people_named(batch.rows)
    keys = {record[3]: record[0] for record in batch.records if record[3] in fresh}
    links = [
        (keys[row.parsed["ref"][:250]], person)
        for row in batch.rows
        if row.parsed["ref"][:250] in keys
        for person in about(row.parsed, known)
    ]
    ledger.append(models.SourcePerson, ("record_id", "person_key"), links)
    batch.done.changed = {row.pk for row in batch.rows if row.parsed["ref"][:250] in fresh}


def _notes(batch: Batch) -> None:
    """Notes about each person whom they name: on the candidate side where they name them as one."""
    known = people_named(batch.rows)
    notes: list[NewNote] = []
    for row in batch.rows:
        whom = about_on_sides(row.parsed, known)
        if not whom:
            batch.done.rejected[row.pk] = nobody_named(row.parsed)
            continue
        notes += [
            NewNote(
                subject_kind=side, subject_key=key, text=row.parsed["text"], at=_moment(row.parsed, batch.at),
                author_name=row.parsed.get("author") or SYSTEM_NAMES[batch.entity.system],
                author_key=as_key(row.parsed.get("author_key")), source=batch.entity.system.value,
                source_ref=f"{row.parsed['ref']}:{number}"[-120:],
            )
            for number, (key, side) in enumerate(whom.items())
        ]  # fmt: skip
        batch.note(row.parsed, person=next(iter(whom)), did={"notes": len(whom)})
    work.add_notes(notes=notes, by=batch.by, at=batch.at)
    fresh = batch.write()
    batch.done.changed = {row.pk for row in batch.rows if row.parsed["ref"][:250] in fresh}


def about_on_sides(parsed: Mapping[str, Any], known: Mapping[str, UUID]) -> dict[UUID, str]:
    """The people a row is about, and which side of each."""
    found: dict[UUID, str] = {}
    for several in parsed.get("about", ()):
        ref = next((one for one in several if one in known), None)
        if ref:
            side = "candidate" if ref.split(":")[1].startswith("candidate") else "person"
            found[known[ref]] = "candidate" if "candidate" in {side, found.get(known[ref])} else side
    return found


def _own_notes(batch: Batch, rows: Sequence[Checked], keys: Mapping[int, UUID]) -> None:
    """What a person's own row says of them in free words becomes notes."""
    side = "candidate" if batch.entity.role == "candidate" else "person"
    notes = [
        NewNote(
            subject_kind=side, subject_key=keys[row.pk], text=text, at=_moment(row.parsed, batch.at),
            author_name=SYSTEM_NAMES[batch.entity.system], source=batch.entity.system.value,
            source_ref=f"{row.parsed['ref']}:{column}"[-120:],
        )
        for row in rows
        if row.pk in keys
        for column, text in row.parsed.get("notes", ())
    ]  # fmt: skip
    if notes:
        work.add_notes(notes=notes, by=batch.by, at=batch.at)


def _moment(parsed: Mapping[str, Any], at: datetime) -> datetime:
    return datetime.fromisoformat(parsed["added"]) if parsed.get("added") else at


def _cvs(batch: Batch) -> None:
    """People of an index, each with their file."""
    _people(batch)
    held = files_of(batch.found)
    keys = {record[3]: record[4] for record in batch.records}
    for row in batch.rows:
        key = keys.get(row.parsed["ref"][:250])
        path = file_named(held, row.parsed["file"])
        if not key or not path:
            continue
        name = row.parsed["file"].replace("\\", "/").rsplit("/", 1)[-1]
        try:
            files.store_file(
                subject=("candidate", key), name=name, data=path.read_bytes(), purpose=FilePurpose.CV, by=batch.by,
                at=batch.at,
            )  # fmt: skip
        except FourfoldError as refused:
            batch.done.rejected[row.pk] = f"the person came over, their file did not: {refused.why}"


def files_of(found: models.Import) -> dict[str, Path]:
    """The files that were handed in beside an index, by their names in small letters, with and without folders."""
    listed = Path(house.HOME) / "imports" / str(found.crossing_id) / "files.json"
    rows = json.loads(listed.read_text()) if listed.exists() else []
    alone = {name.casefold().rsplit("/", 1)[-1]: Path(path) for name, path in reversed(rows)}
    return alone | {name.casefold(): Path(path) for name, path in rows}


def file_named(held: Mapping[str, Path], name: str) -> Path | None:
    """The file of this name, with its folders or without; never one that was not handed in."""
    wanted = name.replace("\\", "/").strip().casefold()
    return held.get(wanted) or held.get(wanted.rsplit("/", 1)[-1])


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


_DEEDS = {
    Target.ORGANISATIONS: _organisations, Target.PEOPLE: _people, Target.WORK_HISTORY: _work_history,
    Target.NOTES: _notes, Target.LISTS: _lists, Target.STAGED: _staged, Target.CVS: _cvs,
}  # fmt: skip
