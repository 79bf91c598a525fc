"""What is known of people beside their names and addresses: written for new ones, filled in where others lack it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from fourfold.base.actor import Actor
from fourfold.ledger import actions as ledger
from fourfold.ledger.queries import among
from fourfold.people import models, queries, rules
from fourfold.people.actions.organisations import add_organisations
from fourfold.people.types import FieldKind, NewEmployment, NewOrganisation, NewPerson

LACKED = (
    "headline", "city", "country", "openness", "not_before", "available_from", "notice_weeks", "origin",
    "origin_detail", "owner_key",
)  # fmt: skip
LENGTHS = {"headline": 160, "city": 80, "country": 2, "origin_detail": 160}
Told = Sequence[tuple[NewPerson, UUID]]


def write(*, people: Told, added: Collection[UUID], by: Actor, at: datetime) -> set[UUID]:
    """Write what these people's records lack. ``added`` are those just inserted, whose own columns are filled already.

    Returns the keys of the others that learnt something. Within the caller's transaction.
    """
    learnt = _fill([(new, key) for new, key in people if key not in added])
    learnt |= _employ(people, added, by=by, at=at)
    learnt |= _say_skills(people, at)
    learnt |= _tag(people)
    learnt |= _fill_fields(people)
    _say_uses(people)
    rows = [(key, one, "", by.name, at) for new, key in people for one in new.do_not_send]
    ledger.append(models.DoNotSend, ("person_id", "organisation_id", "reason", "by", "at"), rows)
    return learnt


def _fill(people: Told) -> set[UUID]:
    """Columns of known people that are empty and now told."""
    wanted = {key: new for new, key in people if new.organisation or any(getattr(new, name) for name in LACKED)}
    changed = []
    for row in models.Person.objects.filter(pk__in=among(list(wanted))):
        new = wanted[row.pk]
        lacking = [name for name in LACKED if getattr(row, name) in {None, ""} and getattr(new, name)]
        for name in lacking:
            value = getattr(new, name)
            setattr(row, name, value[: LENGTHS[name]] if name in LENGTHS else value)
        if row.organisation_id is None and new.organisation:
            row.organisation_id = new.organisation
            lacking.append("organisation")
        changed += [row] if lacking else []
    models.Person.objects.bulk_update(changed, [*LACKED, "organisation"], batch_size=100)
    return {row.pk for row in changed}


def _employ(people: Told, added: Collection[UUID], *, by: Actor, at: datetime) -> set[UUID]:
    """Jobs that the records lack. Present employers become organisations, and the person's own where it has none."""
    told = [(one, key, new.source) for new, key in people for one in new.employments]
    if not told:
        return set()
    names = {one.organisation_name for one, _, _ in told if one.organisation_name and not one.organisation}
    known = queries.organisations_by_name(names)
    new_names = {one.organisation_name for one, _, _ in told if one.present and not one.organisation}
    missing = sorted(name for name in new_names if name and name not in known)
    made = add_organisations(organisations=[NewOrganisation(name=name) for name in missing], by=by, at=at)
    known |= dict(zip(missing, made, strict=True))
    held = _held_jobs([key for _, key, _ in told if key not in added])
    rows: list[tuple[object, ...]] = []
    learnt: set[UUID] = set()
    employers: dict[UUID, UUID] = {}
    for one, key, source in told:
        job = replace(one, organisation=one.organisation or known.get(one.organisation_name))
        if job.present and job.organisation:
            employers.setdefault(key, job.organisation)
        if _same(job) in held.setdefault(key, set()):
            continue
        held[key].add(_same(job))
        rows.append(
            (key, job.organisation, job.organisation_name[:120], job.title[:160], job.started_on, job.ended_on,
             job.present, job.about, source[:80])
        )  # fmt: skip
        learnt.add(key)
    columns = (
        "person_id", "organisation_id", "organisation_name", "title", "started_on", "ended_on", "present", "about",
        "source",
    )  # fmt: skip
    ledger.insert(models.Employment, columns, rows)
    _employers(employers)
    return learnt


def _same(job: NewEmployment) -> tuple[object, ...]:
    """What makes two mentions one job."""
    return (rules.plain(job.organisation_name), rules.plain(job.title), job.started_on)


def _held_jobs(keys: Collection[UUID]) -> dict[UUID, set[tuple[object, ...]]]:
    held: dict[UUID, set[tuple[object, ...]]] = {}
    rows = models.Employment.objects.filter(person_id__in=among(set(keys)))
    for key, name, title, start in rows.values_list("person_id", "organisation_name", "title", "started_on"):
        held.setdefault(key, set()).add((rules.plain(name), rules.plain(title), start))
    return held


def _employers(employers: Mapping[UUID, UUID]) -> None:
    """The organisation of people who have none yet is their present employer."""
    rows = list(models.Person.objects.filter(pk__in=among(list(employers)), organisation=None))
    for row in rows:
        row.organisation_id = employers[row.pk]
    models.Person.objects.bulk_update(rows, ["organisation"], batch_size=400)


def _say_skills(people: Told, at: datetime) -> set[UUID]:
    told = {
        (key, rules.plain(name)): (name, new.source)
        for new, key in people
        for name in reversed(new.skills)
        if name.strip()
    }
    skills = _named(models.Skill, {plain: name for (_, plain), (name, _) in told.items()}, 120)
    held = _pairs(models.PersonSkill, "skill_id", {key for key, _ in told})
    rows = {
        (key, skills[plain]): (key, skills[plain], source[:80], at)
        for (key, plain), (_, source) in told.items()
        if (key, skills[plain]) not in held
    }
    ledger.append(models.PersonSkill, ("person_id", "skill_id", "source", "at"), list(rows.values()))
    models.Skill.objects.filter(pk__in={skill for _, skill in rows}, used=False).update(used=True)
    return {key for key, _ in rows}


def _tag(people: Told) -> set[UUID]:
    told = {(key, rules.plain(name)): name for new, key in people for name in new.tags if name.strip()}
    tags = _named(models.Tag, {plain: name for (_, plain), name in told.items()}, 60)
    held = _pairs(models.PersonTag, "tag_id", {key for key, _ in told})
    rows = {(key, tags[plain]) for key, plain in told} - held
    ledger.append(models.PersonTag, ("person_id", "tag_id"), sorted(rows))
    return {key for key, _ in rows}


def _named(model: type[models.Skill] | type[models.Tag], names: Mapping[str, str], size: int) -> dict[str, int]:
    """Ids of the named rows by the plain name given; those that are new are added."""
    if not names:
        return {}
    ledger.append(model, ("name", "sort_name"), [(name.strip()[:size], plain[:size]) for plain, name in names.items()])
    wanted = {plain[:size] for plain in names}
    found = dict(model.objects.filter(sort_name__in=among(wanted)).values_list("sort_name", "pk"))
    return {plain: found[plain[:size]] for plain in names}


def _pairs(model: Any, column: str, keys: Collection[UUID]) -> set[tuple[UUID, int]]:
    rows = model.objects.filter(person_id__in=among(keys)) if keys else model.objects.none()
    return set(rows.values_list("person_id", column))


def _fill_fields(people: Told) -> set[UUID]:
    """Values of added fields that are empty so far. A text its field can't hold is left out: importers check before."""
    told = [(key, slug, text) for new, key in people for slug, text in new.custom.items() if text.strip()]
    if not told:
        return set()
    slugs = {slug for _, slug, _ in told}
    fields = {row.slug: row for row in models.CustomField.objects.filter(slug__in=slugs, retired_at=None)}
    held = _pairs(models.CustomValue, "field_id", {key for key, _, _ in told})
    rows = {}
    for key, slug, text in told:
        row = fields.get(slug)
        value = rules.field_value(FieldKind(row.kind), text, row.options) if row else None
        if row and value and (key, row.pk) not in held:
            rows[key, row.pk] = (row.pk, key, value.text, value.number, value.day)
    ledger.append(models.CustomValue, ("field_id", "person_id", "text", "number", "day"), list(rows.values()))
    return {key for key, _ in rows}


def _say_uses(people: Told) -> None:
    for use, values in _by_use(people).items():
        for scheme, texts in values.items():
            rows = models.PersonIdentifier.objects.filter(scheme=scheme, value__in=among(texts), use="")
            rows.update(use=use)


def _by_use(people: Told) -> dict[str, dict[str, set[str]]]:
    found: dict[str, dict[str, set[str]]] = {}
    for new, _ in people:
        for one, use in new.uses.items():
            found.setdefault(use.value, {}).setdefault(one.scheme.value, set()).add(one.value)
    return found
