"""The gates of what people own: which people, candidate sides and organisations a viewer may see (accounts.types)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.urls import reverse

from fourfold.accounts.types import Subject, Viewer
from fourfold.ledger.queries import among
from fourfold.people import models


def person_subjects(viewer: Viewer, keys: Collection[UUID]) -> dict[UUID, Subject]:
    """People the viewer may see, by the keys asked for; merged records lead to the one that stays."""
    return _subjects("person", models.Person.objects.visible_to(viewer), keys)


def candidate_subjects(viewer: Viewer, keys: Collection[UUID]) -> dict[UUID, Subject]:
    """People whose candidate side the viewer may see."""
    rows = models.Person.objects.visible_to(viewer).candidate_side_visible_to(viewer)
    return _subjects("candidate", rows, keys)


def _subjects(kind: str, rows: models.PersonQuerySet, keys: Collection[UUID]) -> dict[UUID, Subject]:
    asked = models.Person.objects.filter(pk__in=among(list(keys))).values_list("key", "merged_into_id")
    ends = {key: into or key for key, into in asked}
    if not ends:
        return {}
    seen = dict(rows.filter(pk__in=among(list(set(ends.values())))).values_list("key", "name"))
    families = {end: [end] for end in seen}
    held = models.Person.objects.filter(merged_into_id__in=among(list(seen))) if seen else []
    for one in held:
        if one.merged_into_id:
            families[one.merged_into_id].append(one.key)
    found = {
        end: Subject(kind, end, name, reverse("person", args=[end]), tuple(families[end])) for end, name in seen.items()
    }
    return {key: found[end] for key, end in ends.items() if end in found}


def organisation_subjects(viewer: Viewer, keys: Collection[UUID]) -> dict[UUID, Subject]:
    """Organisations, open to every colleague with a role."""
    rows: Iterable[tuple[UUID, str]] = (
        models.Organisation.objects.filter(pk__in=among(list(keys))).values_list("key", "name") if viewer.roles else ()
    )
    return {key: Subject("organisation", key, name, reverse("organisation", args=[key]), (key,)) for key, name in rows}
