"""Reads for records that come over from other systems, and go out again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q

from fourfold.accounts.types import Viewer
from fourfold.ledger.queries import among
from fourfold.people import models
from fourfold.people.types import Identifier, Lacking, Leaving, ListKind, Scheme, Sharing

LACKED = (
    "headline", "city", "country", "organisation_id", "available_from", "origin", "origin_detail", "owner_key",
)  # fmt: skip
PAGE = 500


def candidate_names_for(viewer: Viewer, keys: Collection[UUID]) -> dict[UUID, str]:
    """Names of those of these people whose candidate side the viewer may see; the others are left out."""
    rows = models.Person.objects.visible_to(viewer).candidate_side_visible_to(viewer).filter(pk__in=among(keys))
    return dict(rows.values_list("key", "name"))


def lacking(keys: Collection[UUID]) -> dict[UUID, Lacking]:
    """What each of these people's records has and lacks, so that what is filled in can be told afterwards."""
    if not keys:
        return {}
    rows = models.Person.objects.filter(pk__in=among(keys)).values_list("key", "name", *LACKED)
    return {
        key: Lacking(
            name, frozenset(column for column, value in zip(LACKED, values, strict=True) if value in {None, ""})
        )
        for key, name, *values in rows
    }


def one_identifier(keys: Collection[UUID]) -> dict[UUID, Identifier]:
    """An identifier of each of these people, an id where they have one; those without any are left out."""
    rows = models.PersonIdentifier.objects.filter(person_id__in=among(keys)).order_by("scheme")
    found = {
        key: Identifier(Scheme(scheme), value)
        for key, scheme, value in rows.values_list("person_id", "scheme", "value")
    }
    ids = rows.filter(scheme=Scheme.ID).values_list("person_id", "value")
    return found | {key: Identifier(Scheme.ID, value) for key, value in ids}


def leaving(viewer: Viewer) -> Iterator[Leaving]:
    """Everyone the viewer may see, by key, with what their record says: for an export of the house.

    The candidate side of those whose candidate side the viewer may not see is left out. Merged records come under
    their own key.
    """
    last: UUID | None = None
    while True:
        people = models.Person.objects.visible_to(viewer).select_related("organisation").order_by("key")
        page = list((people.filter(key__gt=last) if last else people)[:PAGE])
        if not page:
            return
        last = page[-1].key
        keys = [row.key for row in page]
        sides = models.Person.objects.filter(pk__in=among(keys)).candidate_side_visible_to(viewer)
        open_ = set(sides.values_list("key", flat=True))
        held: dict[UUID, list[tuple[Scheme, str]]] = {}
        identifiers = models.PersonIdentifier.objects.filter(person_id__in=among(keys)).order_by("-main", "pk")
        for key, scheme, value in identifiers.values_list("person_id", "scheme", "value"):
            held.setdefault(key, []).append((Scheme(scheme), value))
        skills = _named(models.PersonSkill, "skill__name", keys)
        tags = _named(models.PersonTag, "tag__name", keys)
        roles = _named(models.PersonInRole, "role", keys)
        for row in page:
            yield _leaving(row, row.key in open_, held, skills, tags, roles)


def _named(model: Any, column: str, keys: Collection[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    for key, name in model.objects.filter(person_id__in=among(keys)).order_by("pk").values_list("person_id", column):
        found.setdefault(key, []).append(name)
    return found


def _leaving(
    row: models.Person,
    open_: bool,
    held: dict[UUID, list[tuple[Scheme, str]]],
    skills: dict[UUID, list[str]],
    tags: dict[UUID, list[str]],
    roles: dict[UUID, list[str]],
) -> Leaving:
    return Leaving(
        key=row.key,
        name=row.name,
        headline=row.headline,
        city=row.city,
        country=row.country,
        organisation=row.organisation.name if row.organisation else "",
        organisation_key=row.organisation_id,
        roles=tuple(role for role in roles.get(row.key, ()) if open_ or role != "candidate"),
        identifiers=tuple(held.get(row.key, ())),
        skills=tuple(skills.get(row.key, ())) if open_ else (),
        tags=tuple(tags.get(row.key, ())),
        available_from=row.available_from if open_ else None,
        origin_detail=row.origin_detail,
        owner_key=row.owner_key,
        added_at=row.added_at,
        merged_into=row.merged_into_id,
        candidate_side=open_,
    )


def leaving_organisations() -> Iterator[dict[str, Any]]:
    """Every organisation with its columns, by key."""
    columns = (
        "key", "name", "city", "country", "website", "industry", "phone", "about", "stage", "owner_key", "is_client",
        "added_at",
    )  # fmt: skip
    last: UUID | None = None
    while True:
        rows = models.Organisation.objects.order_by("key")
        page = list((rows.filter(key__gt=last) if last else rows).values(*columns)[:PAGE])
        if not page:
            return
        last = page[-1]["key"]
        yield from page


def leaving_jobs(keys: Collection[UUID]) -> Iterator[dict[str, Any]]:
    """The working lives of these people."""
    columns = ("person_id", "organisation_name", "organisation_id", "organisation__name", "title", "started_on",
               "ended_on", "present", "about")  # fmt: skip
    rows = models.Employment.objects.filter(person_id__in=among(keys)).order_by("person_id", "pk")
    yield from rows.values(*columns)


def leaving_lists(viewer: Viewer) -> Iterator[tuple[str, UUID, list[UUID]]]:
    """The hot lists that the viewer may see, each with whose it is and who is on it."""
    shared = Q(sharing=Sharing.HOUSE) | Q(owner_key=viewer.user_key) | Q(sharing=Sharing.TEAM, team=viewer.team or "")
    for row in models.SavedList.objects.filter(shared, kind=ListKind.HOT).order_by("name", "key"):
        members = models.ListMember.objects.filter(saved_list=row).order_by("pk").values_list("person_id", flat=True)
        yield row.name, row.owner_key, list(members)
