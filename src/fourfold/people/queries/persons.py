"""Reads of people: frozen rows, and sets of keys that combine."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from fourfold.accounts.types import Viewer
from fourfold.base.errors import NotFound
from fourfold.ledger import queries as ledger
from fourfold.people import access, models, rules
from fourfold.people.types import REGISTRY, Identifier, KeySet, PeopleList, PersonCard, PersonPage, PersonRole, Scheme

PAGE_SIZE = 50
COUNT_LIMIT = 10_000
ERASED = "erased person"


def resolve(identifiers: Collection[Identifier]) -> dict[Identifier, UUID]:
    """The person key each identifier belongs to; unknown ones are left out."""
    found: dict[Identifier, UUID] = {}
    values: dict[Scheme, list[str]] = {}
    for identifier in identifiers:
        values.setdefault(identifier.scheme, []).append(identifier.value)
    for scheme, texts in values.items():
        rows = models.PersonIdentifier.objects.filter(scheme=scheme, value__in=ledger.among(texts))
        found.update({Identifier(scheme, value): key for value, key in rows.values_list("value", "person_id")})
    return found


def recognise(text: str, *, source: str, country: str) -> Identifier | None:
    """The identifier that a file's person column holds, or None for an empty one; ids count within ``source``."""
    return rules.guess(text, source=source, country=country)


def recognise_as(scheme: Scheme, text: str, *, source: str, country: str) -> Identifier | None:
    """The identifier of a column whose scheme is known, or None where the text is none; ids count within ``source``."""
    return rules.normalise(scheme, f"{source}:{text.strip()}" if scheme is Scheme.ID else text, country=country)


def identifiers_of(keys: Collection[UUID]) -> tuple[Identifier, ...]:
    """All addresses and ids of these people."""
    rows = models.PersonIdentifier.objects.filter(person_id__in=list(keys)).order_by("scheme", "value")
    return tuple(Identifier(Scheme(row.scheme), row.value) for row in rows)


def organisations_by_name(names: Iterable[str]) -> dict[str, UUID]:
    """Keys of organisations by the names given; unknown ones are left out."""
    wanted = {rules.sort_name(name): name for name in names}
    rows = models.Organisation.objects.filter(sort_name__in=ledger.among(list(wanted))).values_list("sort_name", "key")
    return {wanted[sort]: key for sort, key in rows}


def organisations_by_identifier(identifiers: Collection[tuple[str, str]]) -> dict[tuple[str, str], UUID]:
    """Keys of organisations by (scheme, value); unknown ones are left out."""
    values: dict[str, list[str]] = {}
    for scheme, value in identifiers:
        values.setdefault(scheme, []).append(value)
    found: dict[tuple[str, str], UUID] = {}
    for scheme, texts in values.items():
        rows = models.OrganisationIdentifier.objects.filter(scheme=scheme, value__in=ledger.among(texts))
        found.update({(scheme, value): key for value, key in rows.values_list("value", "organisation_id")})
    return found


def names(keys: Collection[UUID]) -> dict[UUID, str]:
    """Names by key; an erased person's is “erased person”."""
    known: dict[UUID, str] = {}
    wanted = list(keys)
    for start in range(0, len(wanted), 500):
        known.update(models.Person.objects.filter(pk__in=wanted[start : start + 500]).values_list("key", "name"))
    return {key: known.get(key, ERASED) for key in wanted}


def organisation_names(keys: Collection[UUID]) -> dict[UUID, str]:
    rows = dict(models.Organisation.objects.filter(pk__in=list(keys)).values_list("key", "name"))
    return {key: rows.get(key, "unknown organisation") for key in keys}


def cards(keys: Sequence[UUID]) -> tuple[PersonCard, ...]:
    """People as lists show them, in the order of the keys; erased ones are left out."""
    rows = models.Person.objects.select_related("organisation").prefetch_related("roles").filter(pk__in=list(keys))
    found = {card.key: card for card in _cards(list(rows))}
    return tuple(found[key] for key in keys if key in found)


def _cards(people: list[models.Person]) -> list[PersonCard]:
    active = ledger.activity([person.key for person in people])
    return [
        PersonCard(
            key=person.key,
            name=person.name,
            headline=person.headline,
            city=person.city,
            organisation=person.organisation.name if person.organisation else "",
            roles=tuple(sorted(PersonRole(row.role) for row in person.roles.all())),
            last_touch_at=row.last_touch_at if (row := active.get(person.key)) else None,
            last_inbound_at=row.last_inbound_at if row else None,
            touches=row.touches if row else 0,
        )
        for person in people
    ]


def people(
    viewer: Viewer,
    *,
    text: str = "",
    role: str = "",
    predicate: str = "",
    at: datetime,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> PeopleList:
    """A page of people by last name. ``text`` is part of a name or a whole address; ``predicate`` a registered name.

    Raises NotFound for a broken cursor, an unknown role or predicate.
    """
    rows = models.Person.objects.visible_to(viewer).listed()
    if text.strip():
        rows = rows.filter(_matches(text))
    if role:
        rows = rows.filter(roles__role=_role(role))
    if predicate:
        rows = rows.filter(_keys(predicate, at))
    counted = len(rows.order_by()[: COUNT_LIMIT + 1].values_list("pk"))
    if cursor:
        name, key = _read_cursor(cursor)
        rows = rows.filter(Q(sort_name__gt=name) | Q(sort_name=name, key__gt=key))
    found = list(rows.select_related("organisation").prefetch_related("roles").order_by("sort_name", "key")[: size + 1])
    older = _cursor(found[size - 1]) if len(found) > size else None
    return PeopleList(tuple(_cards(found[:size])), older, min(counted, COUNT_LIMIT), counted <= COUNT_LIMIT)


def _matches(text: str) -> Q:
    """People whose name has all these words, or one of whose addresses this is."""
    wanted = rules.sort_name(text).split()
    words = Q() if wanted else Q(pk__in=[])
    for word in wanted:
        words &= Q(sort_name__contains=word)
    for scheme in (Scheme.EMAIL, Scheme.PHONE, Scheme.PROFILE):
        identifier = rules.normalise(scheme, text)
        if identifier:
            words |= Q(
                key__in=models.PersonIdentifier.objects.filter(scheme=scheme, value=identifier.value).values(
                    "person_id"
                )
            )
    return words


def _role(text: str) -> PersonRole:
    try:
        return PersonRole(text)
    except ValueError:
        raise NotFound(
            "The list was not filtered.", f"There is no role “{text}”.", "Choose one of those shown."
        ) from None


def _keys(predicate: str, at: datetime) -> Any:
    if predicate not in REGISTRY.predicates:
        raise NotFound(
            "The list was not filtered.", f"There is no condition “{predicate}”.", "Choose one of those shown."
        )
    return REGISTRY.predicates[predicate].keys(at=at)


def key_set(keys: Any) -> KeySet:
    """A set of person keys that combines with others, from an unevaluated query of keys of another room."""
    return Q(key__in=keys)


def _cursor(person: models.Person) -> str:
    return base64.urlsafe_b64encode(json.dumps([person.sort_name, person.key.hex]).encode()).decode().rstrip("=")


def _read_cursor(text: str) -> tuple[str, UUID]:
    try:
        name, key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return str(name).replace("\0", ""), UUID(str(key))
    except (ValueError, TypeError):
        raise NotFound(
            "This page was not found.", "Its address was cut or changed.", "Go back to the first page."
        ) from None


def person(viewer: Viewer, key: UUID) -> PersonPage:
    """A person's own page. Raises PersonNotFound."""
    found = access.get_person_for(viewer, key)
    merged = list(
        models.Person.objects.select_related("organisation").prefetch_related("roles").filter(merged_into=found)
    )
    keys = [found.key, *(one.key for one in merged)]
    held = models.PersonIdentifier.objects.filter(person_id__in=keys).order_by("scheme", "value")
    return PersonPage(
        card=_cards([found])[0],
        identifiers=tuple(Identifier(Scheme(row.scheme), row.value) for row in held),
        merged=tuple(_cards(merged)),
        organisation_key=found.organisation.key if found.organisation else None,
        added_at=found.added_at,
    )


def count() -> int:
    """How many people there are, merged records left out."""
    return models.Person.objects.listed().count()


def export(viewer: Viewer, key: UUID) -> dict[str, Any]:
    """Everything the house keeps about a person, room by room, as JSON can hold it. Raises PersonNotFound."""
    page = person(viewer, key)
    keys = [page.card.key, *(card.key for card in page.merged)]
    answer: dict[str, Any] = {
        "people": {
            "key": str(page.card.key),
            "name": page.card.name,
            "headline": page.card.headline,
            "city": page.card.city,
            "organisation": page.card.organisation,
            "roles": list(page.card.roles),
            "identifiers": [{"scheme": one.scheme.value, "value": one.value} for one in page.identifiers],
            "merged_records": [card.name for card in page.merged],
            "added_at": page.added_at.isoformat(),
        },
        "ledger": {"references": list(ledger.references(keys))},
    }
    for room, step in sorted(REGISTRY.export_steps.items()):
        answer[room] = step(person_keys=keys)
    return answer
