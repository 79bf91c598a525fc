"""Add organisations, or find those that are known."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.base.actor import Actor
from fourfold.base.ids import new_key
from fourfold.ledger import actions as ledger
from fourfold.ledger.queries import among
from fourfold.people import models, queries, rules
from fourfold.people.types import NewOrganisation

COLUMNS = (
    "key", "name", "sort_name", "city", "country", "is_client", "own", "stage", "owner_key", "website", "industry",
    "phone", "about", "source", "added_at",
)  # fmt: skip
LACKED = ("city", "country", "website", "industry", "phone", "about", "stage", "owner_key")
"""What a known organisation learns where it has nothing yet."""


@transaction.atomic
def add_organisations(*, organisations: Sequence[NewOrganisation], by: Actor, at: datetime) -> list[UUID]:
    """Add organisations, in order; one whose id or name is known is not added again: its key is returned.

    A known one that is now said to be a client becomes one, and learns what it lacks; nothing is overwritten.
    """
    by_id = queries.organisations_by_identifier({one for new in organisations for one in new.identifiers})
    names = queries.organisations_by_name(new.name for new in organisations)
    by_name = {rules.sort_name(name): key for name, key in names.items()}
    rows: list[tuple[NewOrganisation, UUID]] = []
    told: dict[UUID, NewOrganisation] = {}
    keys = []
    for new in organisations:
        sort = rules.sort_name(new.name)
        key = next((by_id[one] for one in new.identifiers if one in by_id), None) or by_name.get(sort)
        if key is None:
            key = new.key or new_key()
            rows.append((new, key))
        else:
            told.setdefault(key, new)
        by_name.setdefault(sort, key)
        by_id.update({one: key for one in new.identifiers if one not in by_id})
        keys.append(key)
    ledger.insert(models.Organisation, COLUMNS, [_columns_of(new, key, at) for new, key in rows])
    _learn(told)
    _identify(by_id)
    clients = [key for key, new in zip(keys, organisations, strict=True) if new.is_client]
    models.Organisation.objects.filter(pk__in=clients, is_client=False).update(is_client=True)
    accounts.tell_watchers(kind="organisation", keys=set(keys))
    tell_of_people_at(set(clients))
    if rows:
        accounts.audit(by=by, deed="add_organisations", at=at, summary=f"{len(rows)} organisations")
    return keys


def tell_of_people_at(organisations: Collection[UUID]) -> None:
    """Say that something about those who work there changed with it: its name, or that it became a client."""
    if organisations:
        there = among(set(organisations))
        people = set(models.Person.objects.filter(organisation_id__in=there).values_list("pk", flat=True))
        jobs = models.Employment.objects.filter(organisation_id__in=there, present=True)
        accounts.tell_watchers(kind="person", keys=people | set(jobs.values_list("person_id", flat=True)))


def _columns_of(new: NewOrganisation, key: UUID, at: datetime) -> tuple[object, ...]:
    return (
        key, new.name[:120], rules.sort_name(new.name), new.city[:80], new.country[:2], new.is_client, new.own,
        new.stage.value if new.stage else "", new.owner_key, new.website[:250], new.industry[:80], new.phone[:32],
        new.about, new.source[:80], at,
    )  # fmt: skip


def _learn(told: Mapping[UUID, NewOrganisation]) -> None:
    """Fill what known organisations lack."""
    wanted = {key: new for key, new in told.items() if any(getattr(new, name) for name in LACKED)}
    changed = []
    for row in models.Organisation.objects.filter(pk__in=list(wanted)):
        lacking = [name for name in LACKED if not getattr(row, name) and getattr(wanted[row.pk], name)]
        for name in lacking:
            setattr(row, name, getattr(wanted[row.pk], name))
        changed += [row] if lacking else []
    models.Organisation.objects.bulk_update(changed, LACKED, batch_size=200)


def _identify(ids: Mapping[tuple[str, str], UUID]) -> None:
    rows: Collection[tuple[UUID, str, str]] = [(key, scheme, value[:250]) for (scheme, value), key in ids.items()]
    ledger.append(models.OrganisationIdentifier, ("organisation_id", "scheme", "value"), list(rows))
