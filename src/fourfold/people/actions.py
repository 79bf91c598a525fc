"""Deeds on people: add, merge, un-merge, erase."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.actor import Actor
from fourfold.base.errors import NotFound
from fourfold.base.ids import new_key
from fourfold.ledger import actions as ledger
from fourfold.ledger import queries as ledger_queries
from fourfold.ledger.types import Identity
from fourfold.people import access, models, queries, rules
from fourfold.people.types import (
    REGISTRY,
    Found,
    FoundPeople,
    Identifier,
    MergeRefused,
    NewOrganisation,
    NewPerson,
    PersonRole,
)

PERSON_COLUMNS = ("key", "name", "sort_name", "headline", "city", "country", "organisation_id", "added_at")


@transaction.atomic
def add_people(*, people: Sequence[NewPerson], by: Actor, at: datetime) -> list[UUID]:
    """Add people, in order; one that an identifier shows to be known is not added again: its key is returned.

    One audit entry for the whole call. Some thousands a call at most.
    """
    known = queries.resolve({one for new in people for one in new.identifiers})
    rows, held, roles, keys = [], [], [], []
    for new in people:
        key = next((known[one] for one in new.identifiers if one in known), None)
        if key is None:
            key = new.key or new_key()
            rows.append(_row(new, key, at))
            roles += [models.PersonInRole(person_id=key, role=role) for role in new.roles]
        for one in new.identifiers:
            if one not in known:
                known[one] = key
                held.append(models.PersonIdentifier(person_id=key, scheme=one.scheme, value=one.value))
        keys.append(key)
    models.Person.objects.bulk_create(rows)
    models.PersonIdentifier.objects.bulk_create(held)
    models.PersonInRole.objects.bulk_create(roles)
    if rows:
        accounts.audit(by=by, deed="add_people", at=at, summary=f"{len(rows)} people")
    return keys


def _row(new: NewPerson, key: UUID, at: datetime) -> models.Person:
    return models.Person(
        key=key,
        name=new.name[:120],
        sort_name=rules.sort_name(new.name),
        headline=new.headline[:160],
        city=new.city[:80],
        country=new.country,
        organisation_id=new.organisation,
        added_at=at,
    )


def _columns_of(new: NewPerson, key: UUID, at: datetime) -> tuple[Any, ...]:
    name = (new.name or rules.name_from(new.identifiers[0]))[:120]
    sort = rules.sort_name(name)
    return (key, name, sort, new.headline[:160], new.city[:80], new.country, new.organisation, at)


@transaction.atomic
def add_organisations(*, organisations: Sequence[NewOrganisation], by: Actor, at: datetime) -> list[UUID]:
    """Add organisations, in order; one whose name is known is not added again: its key is returned.

    A known one that is now said to be a client becomes one.
    """
    known = {
        rules.sort_name(name): key for name, key in queries.organisations_by_name(o.name for o in organisations).items()
    }
    rows, keys = [], []
    for new in organisations:
        sort = rules.sort_name(new.name)
        if sort not in known:
            known[sort] = new.key or new_key()
            rows.append(
                models.Organisation(
                    key=known[sort],
                    name=new.name[:120],
                    sort_name=sort,
                    city=new.city,
                    is_client=new.is_client,
                    added_at=at,
                )
            )
        keys.append(known[sort])
    models.Organisation.objects.bulk_create(rows)
    clients = [key for key, new in zip(keys, organisations, strict=True) if new.is_client]
    models.Organisation.objects.filter(pk__in=clients, is_client=False).update(is_client=True)
    if rows:
        accounts.audit(by=by, deed="add_organisations", at=at, summary=f"{len(rows)} organisations")
    return keys


def find_or_add(
    *, identifiers: Sequence[Identifier], names: Mapping[Identifier, str], by: Actor, at: datetime
) -> Found:
    """The key of each identifier, people added for those unknown. ``names`` are used for those who are new."""
    unique = list(dict.fromkeys(identifiers))
    known = queries.resolve(unique)
    new = [one for one in unique if one not in known]
    rows = [NewPerson(name=names.get(one) or rules.name_from(one), identifiers=(one,)) for one in new]
    added = add_people(people=rows, by=by, at=at) if rows else []
    return Found({**known, **dict(zip(new, added, strict=True))}, len(added))


@transaction.atomic
def find_or_add_people(*, people: Sequence[NewPerson], by: Actor, at: datetime) -> FoundPeople:
    """Each person by any of their identifiers, in order: known ones get those they lacked, others are added.

    Whoever's identifiers lead to two different people is left alone, and so are both. Roles are added to known people
    too; names and the rest are of new ones only. Some thousands a call at most.
    """
    known = queries.resolve({one for new in people for one in new.identifiers})
    ends = ledger_queries.canonical_keys(set(known.values()))
    added: list[tuple[NewPerson, UUID]] = []
    held: list[tuple[UUID, str, str]] = []
    roles: dict[tuple[UUID, PersonRole], None] = {}
    keys: list[UUID | None] = []
    conflicts: dict[int, tuple[UUID, UUID]] = {}
    changed: set[int] = set()
    for index, new in enumerate(people):
        hits = list(dict.fromkeys(known[one] for one in new.identifiers if one in known))
        other = next((key for key in hits[1:] if ends.get(key, key) != ends.get(hits[0], hits[0])), None)
        if other is not None or not new.identifiers:
            conflicts |= {index: (hits[0], other)} if other else {}
            keys.append(None)
            continue
        key = hits[0] if hits else new.key or new_key()
        if not hits:
            added.append((new, key))
            changed.add(index)
        for one in new.identifiers:
            if one not in known:
                known[one] = key
                held.append((key, one.scheme.value, one.value))
                changed.add(index)
        roles.update({(key, role): None for role in new.roles})
        keys.append(key)
    _write_people(added, held, roles, by=by, at=at)
    return FoundPeople(tuple(keys), len(added), conflicts, frozenset(changed))


def _write_people(
    added: Sequence[tuple[NewPerson, UUID]],
    held: Sequence[tuple[UUID, str, str]],
    roles: Collection[tuple[UUID, PersonRole]],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Write people who are new, addresses that known ones lacked, and roles; a role that is there stays."""
    ledger.insert(models.Person, PERSON_COLUMNS, [_columns_of(new, key, at) for new, key in added])
    ledger.insert(models.PersonIdentifier, ("person_id", "scheme", "value"), held)
    ledger.append(models.PersonInRole, ("person_id", "role"), [(key, role.value) for key, role in roles])
    if added:
        accounts.audit(by=by, deed="add_people", at=at, summary=f"{len(added)} people")


@transaction.atomic
def merge_people(*, person_key: UUID, into_key: UUID, viewer: Viewer, at: datetime) -> None:
    """Make two records one human: ``into_key`` stays. Facts keep their keys; reads join them. Can be undone.

    Raises MergeRefused for a record and itself, PersonNotFound.
    """
    person = access.get_person_for(viewer, person_key)
    into = access.get_person_for(viewer, into_key)
    if person.key == into.key:
        raise MergeRefused("Nothing was merged.", "The two are one record already.", "Choose another record.")
    for step in REGISTRY.merge_steps.values():
        step(person_key=person.key, into_key=into.key, undo=False)
    batch = new_key()
    fact = Identity(
        source="fourfold", source_ref=f"merge:{batch}", occurred_at=at, person_key=person.key, into_key=into.key
    )
    posted = ledger.post(facts=[fact], batch=batch, at=at)
    models.Person.objects.filter(pk=person.key).update(merged_into=into, merge_fact=posted.fact_ids[0])
    _follow_merges(into=person.key)
    accounts.audit(
        by=viewer.actor(), deed="merge_people", at=at, subject=("person", into.key), summary=f"with {person.key}"
    )


def _follow_merges(*, into: UUID) -> None:
    """Records merged into one that was itself merged, or un-merged, follow the ledger's canonical map."""
    held = list(models.Person.objects.filter(merged_into_id=into).values_list("key", flat=True))
    for key, end in ledger_queries.canonical_keys(held).items():
        if end != into:
            models.Person.objects.filter(pk=key).update(merged_into_id=end)


@transaction.atomic
def unmerge_person(*, person_key: UUID, viewer: Viewer, at: datetime) -> None:
    """Undo a merge: the record stands by itself again, with the facts posted under its key. Raises NotFound."""
    person = models.Person.objects.visible_to(viewer).filter(pk=person_key).exclude(merged_into=None).first()
    if person is None or person.merged_into_id is None or person.merge_fact is None:
        raise NotFound("Nothing was undone.", "This record is not merged with another.", "Reload the page.")
    for step in REGISTRY.merge_steps.values():
        step(person_key=person.key, into_key=person.merged_into_id, undo=True)
    ledger.void_fact(fact=person.merge_fact, batch=new_key(), at=at)
    into = person.merged_into_id
    models.Person.objects.filter(pk=person.key).update(merged_into=None, merge_fact=None)
    _follow_merges(into=into)
    accounts.audit(
        by=viewer.actor(), deed="unmerge_person", at=at, subject=("person", into), summary=f"from {person.key}"
    )


@transaction.atomic
def erase_person(*, person_key: UUID, viewer: Viewer, at: datetime) -> int:
    """Erase who a key means, in every room. The ledger's counts stay; nothing in them names anyone.

    Returns how many things were erased. Raises NotAllowed, PersonNotFound.
    """
    access.require_eraser(viewer)
    person = access.get_person_for(viewer, person_key)
    keys = [person.key, *models.Person.objects.filter(merged_into=person).values_list("key", flat=True)]
    erased = sum(step(person_keys=keys) for step in REGISTRY.erase_steps.values())
    erased += ledger.forget_references(person_keys=keys)
    models.Person.objects.filter(merged_into=person).delete()
    models.Person.objects.filter(pk=person.key).delete()
    accounts.audit(
        by=viewer.actor(), deed="erase_person", at=at, subject=("person", person_key), summary="at their request"
    )
    return erased + len(keys)
