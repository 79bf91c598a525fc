"""Add people and organisations, or find those that are known."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.base.actor import Actor
from fourfold.base.ids import new_key
from fourfold.ledger import actions as ledger
from fourfold.ledger import queries as ledger_queries
from fourfold.people import models, queries, rules
from fourfold.people.actions import details, notices
from fourfold.people.types import (
    ErasedBefore,
    Found,
    FoundPeople,
    Identifier,
    NewPerson,
    PersonRole,
)

PERSON_COLUMNS = (
    "key", "name", "sort_name", "headline", "city", "country", "organisation_id", "added_at", "openness", "not_before",
    "available_from", "notice_weeks", "origin", "origin_detail", "owner_key", "confidential",
)  # fmt: skip


@transaction.atomic
def add_people(*, people: Sequence[NewPerson], by: Actor, at: datetime) -> list[UUID]:
    """Add people, in order; one that an identifier shows to be known is not added again: its key is returned.

    One audit entry for the whole call. Some thousands a call at most.
    Raises ErasedBefore, and adds nobody, where an address was somebody's who was erased.
    """
    known = queries.resolve({one for new in people for one in new.identifiers})
    _refuse_erased({one for new in people for one in new.identifiers} - set(known))
    added: list[tuple[NewPerson, UUID]] = []
    held: list[tuple[UUID, str, str]] = []
    keys = []
    for new in people:
        key = next((known[one] for one in new.identifiers if one in known), None)
        if key is None:
            key = new.key or new_key()
            added.append((new, key))
        for one in new.identifiers:
            if one not in known:
                known[one] = key
                held.append((key, one.scheme.value, one.value))
        keys.append(key)
    roles = {(key, role): new for new, key in added for role in new.roles}
    _write_people(added, held, roles, by=by, at=at)
    details.write(people=added, added={key for _, key in added}, by=by, at=at)
    accounts.tell_watchers(kind="person", keys={*(key for _, key in added), *(key for key, _, _ in held)})
    return keys


def _refuse_erased(identifiers: Collection[Identifier]) -> None:
    if queries.erased(identifiers):
        raise ErasedBefore(
            "Nobody was added.",
            "Somebody with this address asked to be erased, or their time was up, so the house keeps it out.",
            "If they came back themselves, a leader lifts it with the reason, under Privacy, Kept out.",
        )


def _columns_of(new: NewPerson, key: UUID, at: datetime) -> tuple[Any, ...]:
    name = (new.name or rules.name_from(new.identifiers[0]))[:120]
    return (
        key, name, rules.sort_name(name), new.headline[:160], new.city[:80], new.country, new.organisation,
        new.added_at or at, new.openness.value if new.openness else "", new.not_before, new.available_from,
        new.notice_weeks, new.origin.value if new.origin else "", new.origin_detail[:160], new.owner_key,
        new.confidential,
    )  # fmt: skip


def find_or_add(
    *, identifiers: Sequence[Identifier], names: Mapping[Identifier, str], by: Actor, at: datetime
) -> Found:
    """The key of each identifier, people added for those unknown. ``names`` are used for those who are new.

    Addresses of people who were erased have no key.
    """
    unique = list(dict.fromkeys(identifiers))
    known = queries.resolve(unique)
    new = [one for one in unique if one not in known]
    kept_out = queries.erased(new)
    new = [one for one in new if one not in kept_out]
    rows = [NewPerson(name=names.get(one) or rules.name_from(one), identifiers=(one,)) for one in new]
    added = add_people(people=rows, by=by, at=at) if rows else []
    return Found({**known, **dict(zip(new, added, strict=True))}, len(added))


@transaction.atomic
def find_or_add_people(*, people: Sequence[NewPerson], by: Actor, at: datetime) -> FoundPeople:
    """Each person by any of their identifiers, in order: known ones get those they lacked, others are added.

    Whoever's identifiers lead to two different people is left alone, and so are both. Whoever was erased is not added
    again, and no known person gets an address of somebody erased. Known people get the roles and
    details they lack; nothing that is there is overwritten. Some thousands a call at most.
    """
    given = {one for new in people for one in new.identifiers}
    known = queries.resolve(given)
    kept_out = queries.erased(given - set(known))
    erased: set[int] = set()
    ends = ledger_queries.canonical_keys(set(known.values()))
    added: list[tuple[NewPerson, UUID]] = []
    held: list[tuple[UUID, str, str]] = []
    roles: dict[tuple[UUID, PersonRole], NewPerson] = {}
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
        if not hits and not kept_out.isdisjoint(new.identifiers):
            erased.add(index)
            keys.append(None)
            continue
        key = hits[0] if hits else new.key or new_key()
        if not hits:
            added.append((new, key))
            changed.add(index)
        for one in new.identifiers:
            if one not in known and one not in kept_out:
                known[one] = key
                held.append((key, one.scheme.value, one.value))
                changed.add(index)
        for role in new.roles:
            roles.setdefault((key, role), new)
        keys.append(key)
    _write_people(added, held, roles, by=by, at=at)
    told = [(new, key) for new, key in zip(people, keys, strict=True) if key]
    learnt = details.write(people=told, added={key for _, key in added}, by=by, at=at)
    changed |= {index for index, key in enumerate(keys) if key in learnt}
    accounts.tell_watchers(kind="person", keys={told_of for index in changed if (told_of := keys[index])})
    return FoundPeople(tuple(keys), len(added), conflicts, frozenset(changed), frozenset(erased))


def _write_people(
    added: Sequence[tuple[NewPerson, UUID]],
    held: Sequence[tuple[UUID, str, str]],
    roles: Mapping[tuple[UUID, PersonRole], NewPerson],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Write people who are new, addresses that known ones lacked, and roles; a role that is there stays."""
    ledger.insert(models.Person, PERSON_COLUMNS, [_columns_of(new, key, at) for new, key in added])
    ledger.insert(models.PersonIdentifier, ("person_id", "scheme", "value"), held)
    notices.owe(added=[(key, new.origin, new.added_at or at) for new, key in added])
    rows = [(key, role.value, new.owner_key, new.added_at or at) for (key, role), new in roles.items()]
    ledger.append(models.PersonInRole, ("person_id", "role", "owner_key", "since"), rows)
    if added:
        accounts.audit(by=by, deed="add_people", at=at, summary=f"{len(added)} people")
