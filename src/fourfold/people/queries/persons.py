"""Reads of people: frozen rows, and sets of keys that combine."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from fourfold.accounts.types import Role, Viewer
from fourfold.ledger import queries as ledger
from fourfold.ledger.types import ActivityRow
from fourfold.people import access, models, rules
from fourfold.people.queries.profile import profile
from fourfold.people.types import (
    CANDIDATE_SIDE,
    Identifier,
    KeySet,
    NotToRow,
    Openness,
    Origin,
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


def headlines(viewer: Viewer, keys: Collection[UUID], *, candidates: bool = False) -> dict[UUID, tuple[str, str]]:
    """Name and headline of those of these whose record is open to the viewer. One statement.

    ``candidates``: they stand where they tell that these people move or may move.
    """
    rows = models.Person.objects.visible_to(viewer).filter(pk__in=ledger.among(list(keys)))
    rows = rows.candidate_side_visible_to(viewer) if candidates else rows
    return {key: (name, headline) for key, name, headline in rows.values_list("key", "name", "headline")}


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


def organisations_named(text: str) -> list[UUID]:
    """Keys of organisations whose name holds these words; 200 at the most."""
    rows = models.Organisation.objects.all()
    for word in rules.plain(text).split():
        rows = rows.filter(sort_name__contains=word)
    return list(rows.order_by("sort_name").values_list("key", flat=True)[:200])


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
        card_of(
            person,
            roles=tuple(one for one in roles.get(person.key, []) if person.key in seen or one not in CANDIDATE_SIDE),
            activity=active.get(person.key),
            sees=person.key in seen,
        )
        for person in people
    ]


def card_of(
    person: models.Person, *, roles: Sequence[PersonRole], activity: ActivityRow | None, sees: bool
) -> PersonCard:
    """A card; what tells of the candidate side is left out where the viewer does not see it."""
    return PersonCard(
        key=person.key,
        name=person.name,
        headline=person.headline,
        city=person.city,
        organisation=person.organisation.name if person.organisation else "",
        roles=tuple(sorted(roles)),
        last_touch_at=activity.last_touch_at if activity and sees else None,
        last_inbound_at=activity.last_inbound_at if activity and sees else None,
        touches=(activity.touches if activity else 0) if sees else None,
        openness=Openness(person.openness) if person.openness and sees else None,
        owner_key=person.owner_key,
        confidential=person.confidential,
    )


def _seen_as_candidates(viewer: Viewer, keys: Collection[UUID]) -> set[UUID]:
    """Which of these people's candidate sides the viewer may see."""
    if viewer.has(Role.LEADER) or not keys:
        return set(keys)
    rows = models.Person.objects.filter(pk__in=ledger.among(list(keys))).candidate_side_visible_to(viewer)
    return set(rows.values_list("key", flat=True))


def open_candidates(viewer: Viewer, of: str) -> Exists:
    """A condition for rows of another room that name a person in column ``of``: their candidate side is open here."""
    seen = models.Person.objects.visible_to(viewer).candidate_side_visible_to(viewer)
    return Exists(seen.filter(pk=OuterRef(of)))


def holders(rows: Any) -> Any:
    """Keys of the people whom these rows belong to, merged records under the one that stays. Unevaluated."""
    return rows.values(holder=Coalesce("person__merged_into_id", "person_id"))


def key_set(keys: Any) -> KeySet:
    """A set of person keys that combines with others, from an unevaluated query of keys of another room."""
    return Q(key__in=keys)


def family(key: UUID) -> list[UUID]:
    """The keys that are this one person: the record that stays, and those merged into it."""
    return [key, *models.Person.objects.filter(merged_into_id=key).values_list("key", flat=True)]


def employers_of(keys: Collection[UUID]) -> set[UUID]:
    """Organisations that these records of one person work for now."""
    jobs = models.Employment.objects.filter(person_id__in=list(keys), present=True, organisation__isnull=False)
    own = models.Person.objects.filter(pk__in=list(keys), organisation__isnull=False)
    return {*jobs.values_list("organisation_id", flat=True), *own.values_list("organisation_id", flat=True)}


def may_send_cv_to(*, person_key: UUID, organisation: UUID) -> bool:
    """Whether a CV of this person may go to an organisation at all: not the own employer, not on the list."""
    keys = family(person_key)
    kept = models.DoNotSend.objects.filter(person_id__in=keys, organisation_id=organisation)
    jobs = models.Employment.objects.filter(person_id__in=keys, organisation_id=organisation, present=True)
    own = models.Person.objects.filter(pk__in=keys, organisation_id=organisation)
    return not (kept.exists() or jobs.exists() or own.exists())


def person(viewer: Viewer, key: UUID) -> PersonPage:
    """A person's own page. Five statements at the most. Raises PersonNotFound."""
    found, merged, sees = access.get_family_for(viewer, key)
    keys = [found.key, *(one.key for one in merged)]
    held = profile(keys, candidate_side=sees, lists=access.lists_of(viewer))
    roles = tuple(one.role for one in held.roles if one.ended_on is None)
    active = ledger.activity([found.key]).get(found.key) if sees else None
    employer = [NotToRow(None, found.organisation.name, found.organisation.key, "")] if found.organisation else []
    known = {one.organisation_key for one in held.not_to}
    return PersonPage(
        card=card_of(found, roles=roles, activity=active, sees=sees),
        merged=tuple(card_of(one, roles=(), activity=None, sees=sees) for one in merged),
        organisation_key=found.organisation.key if found.organisation else None,
        added_at=found.added_at,
        sees_candidate_side=sees,
        profile=replace(
            held, not_to=(*(one for one in employer if sees and one.organisation_key not in known), *held.not_to)
        ),
        country=found.country,
        not_before=found.not_before if sees else None,
        available_from=found.available_from if sees else None,
        notice_weeks=found.notice_weeks if sees else None,
        origin=Origin(found.origin) if found.origin and sees else None,
        origin_detail=found.origin_detail if sees else "",
    )


def sees_candidate_side(viewer: Viewer, key: UUID) -> bool:
    """Whether the viewer may know what this person looks for; ``key`` of a record that stays."""
    return access.sees_candidate_side(viewer, key)


def count() -> int:
    """How many people there are, merged records left out."""
    return models.Person.objects.listed().count()
