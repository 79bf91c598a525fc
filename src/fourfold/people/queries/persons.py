"""Reads of people: frozen rows, and sets of keys that combine."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Coalesce

from fourfold.accounts.types import Role, Viewer
from fourfold.ledger import queries as ledger
from fourfold.people import access, models, rules
from fourfold.people.types import (
    CANDIDATE_SIDE,
    REGISTRY,
    AddressUse,
    Identifier,
    KeySet,
    Openness,
    PartyName,
    PersonCard,
    PersonPage,
    PersonRole,
    Scheme,
)

ERASED = "erased person"
CONFIDENTIAL = "someone confidential"


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


def names(keys: Collection[UUID], *, viewer: Viewer | None = None, candidates: bool = False) -> dict[UUID, str]:
    """Names by key; an erased person's is “erased person”, one the viewer may not see is “someone confidential”.

    ``candidates``: the names stand where they tell that these people moved or may move. Without a viewer the words
    are kept or sent, so that they hold only what every colleague may see.
    """
    rows = models.Person.objects.filter(pk__in=ledger.among(list(keys)))
    known = dict(rows.values_list("key", "name"))
    if viewer is None:
        seen = rows.open_to_all()
    else:
        seen = rows.visible_to(viewer)
        seen = seen.candidate_side_visible_to(viewer) if candidates else seen
    open_keys = set(seen.values_list("key", flat=True)) if known else set()
    return {key: (known[key] if key in open_keys else CONFIDENTIAL) if key in known else ERASED for key in keys}


def party_names(viewer: Viewer, parties: Collection[tuple[str, UUID]]) -> dict[tuple[str, UUID], PartyName]:
    """Those party to outcomes by (side, key): who was a candidate is not for every eye, nor is the way to them."""
    of = {
        is_client: names(
            {key for side, key in parties if (side == "client") is is_client}, viewer=viewer, candidates=not is_client
        )
        for is_client in (True, False)
    }
    found = {(side, key): of[side == "client"][key] for side, key in parties}
    return {one: PartyName(name, one[1] if name not in {ERASED, CONFIDENTIAL} else None) for one, name in found.items()}


def organisation_names(keys: Collection[UUID]) -> dict[UUID, str]:
    rows = dict(models.Organisation.objects.filter(pk__in=list(keys)).values_list("key", "name"))
    return {key: rows.get(key, "unknown organisation") for key in keys}


def cards(viewer: Viewer, keys: Sequence[UUID], *, candidates: bool = False) -> tuple[PersonCard, ...]:
    """People as lists show them, in the order of the keys; those who are erased or not open to the viewer are left out.

    ``candidates``: the list tells that these people move or may move, so guarded ones are left out too.
    """
    rows = models.Person.objects.visible_to(viewer).filter(pk__in=ledger.among(list(keys)))
    rows = rows.candidate_side_visible_to(viewer) if candidates else rows
    found = {card.key: card for card in cards_of(viewer, list(rows.select_related("organisation")))}
    return tuple(found[key] for key in keys if key in found)


def cards_of(viewer: Viewer, people: list[models.Person]) -> list[PersonCard]:
    """Cards of people the viewer may see; what tells of the candidate side is left out where that is hidden."""
    keys = [person.key for person in people]
    active = ledger.activity(keys)
    seen = _seen_as_candidates(viewer, keys)
    roles: dict[UUID, list[PersonRole]] = {}
    held = models.PersonInRole.objects.filter(person_id__in=ledger.among(keys), ended_at=None)
    for key, role in held.values_list("person_id", "role"):
        roles.setdefault(key, []).append(PersonRole(role))
    return [
        PersonCard(
            key=person.key,
            name=person.name,
            headline=person.headline,
            city=person.city,
            organisation=person.organisation.name if person.organisation else "",
            roles=tuple(sorted(one for one in roles.get(person.key, []) if is_open or one not in CANDIDATE_SIDE)),
            last_touch_at=row.last_touch_at if (row := active.get(person.key)) and is_open else None,
            last_inbound_at=row.last_inbound_at if row and is_open else None,
            touches=row.touches if row and is_open else (None if row else 0),
            openness=Openness(person.openness) if person.openness and is_open else None,
            owner_key=person.owner_key,
            confidential=person.confidential,
        )
        for person in people
        for is_open in [person.key in seen]
    ]


def _seen_as_candidates(viewer: Viewer, keys: Collection[UUID]) -> set[UUID]:
    """Which of these people's candidate sides the viewer may see."""
    if viewer.has(Role.LEADER) or not keys:
        return set(keys)
    rows = models.Person.objects.filter(pk__in=ledger.among(list(keys))).candidate_side_visible_to(viewer)
    return set(rows.values_list("key", flat=True))


def holders(rows: Any) -> Any:
    """Keys of the people whom these rows belong to, merged records under the one that stays. Unevaluated."""
    return rows.values(holder=Coalesce("person__merged_into_id", "person_id"))


def key_set(keys: Any) -> KeySet:
    """A set of person keys that combines with others, from an unevaluated query of keys of another room."""
    return Q(key__in=keys)


def person(viewer: Viewer, key: UUID) -> PersonPage:
    """A person's own page. Raises PersonNotFound."""
    found = access.get_person_for(viewer, key)
    merged = list(models.Person.objects.select_related("organisation").filter(merged_into=found))
    keys = [found.key, *(one.key for one in merged)]
    sees = access.sees_candidate_side(viewer, found.key)
    held = models.PersonIdentifier.objects.filter(person_id__in=keys).order_by("scheme", "value")
    held = held if sees else held.exclude(use=AddressUse.PERSONAL)
    cards = cards_of(viewer, [found, *merged])
    return PersonPage(
        card=cards[0],
        identifiers=tuple(Identifier(Scheme(row.scheme), row.value) for row in held),
        merged=tuple(cards[1:]),
        organisation_key=found.organisation.key if found.organisation else None,
        added_at=found.added_at,
        sees_candidate_side=sees,
    )


def sees_candidate_side(viewer: Viewer, key: UUID) -> bool:
    """Whether the viewer may know what this person looks for; ``key`` of a record that stays."""
    return access.sees_candidate_side(viewer, key)


def count() -> int:
    """How many people there are, merged records left out."""
    return models.Person.objects.listed().count()


def export(viewer: Viewer, key: UUID) -> dict[str, Any]:
    """Everything the house keeps about a person, room by room, as JSON can hold it.

    Both sides are in it, so it takes someone who may see both. Raises PersonNotFound.
    """
    access.get_candidate_for(viewer, key)
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
