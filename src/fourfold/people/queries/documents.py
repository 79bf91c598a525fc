"""What search knows of people and organisations: their documents, made from people's tables, notes and files."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from fourfold.files import queries as files
from fourfold.ledger import queries as ledger
from fourfold.ledger.queries import among
from fourfold.people import models
from fourfold.people.models.persons import guarded
from fourfold.people.types import Openness, PersonRole, Scheme
from fourfold.search import queries as search
from fourfold.search.types import Document
from fourfold.work import queries as work


class PeopleDocuments:
    """A person's documents: the candidate's, with both sides; the open side's where not all may see the other."""

    kinds: tuple[str, ...] = ("person", "candidate")

    def keys_after(self, key: UUID | None, limit: int) -> Sequence[UUID]:
        rows = models.Person.objects.listed().order_by("key")
        return list((rows.filter(key__gt=key) if key else rows).values_list("key", flat=True)[:limit])

    def build(self, keys: Collection[UUID]) -> Mapping[UUID, Sequence[Document]]:
        asked = models.Person.objects.filter(pk__in=among(set(keys))).values_list("pk", "merged_into_id")
        roots = {into or key for key, into in asked}
        known = _Known(roots)
        return {person.key: known.documents(person) for person in known.people if person.merged_into_id is None}


class _Known:
    """Everything about some people, read in a few statements, merged records with those they joined."""

    def __init__(self, roots: Collection[UUID]) -> None:
        jobs = models.Employment.objects.select_related("organisation").order_by("-present", "-started_on", "pk")
        rows = models.Person.objects.filter(pk__in=among(roots)) | models.Person.objects.filter(
            merged_into_id__in=among(roots)
        )
        self.people = list(
            rows.select_related("organisation").prefetch_related(
                "identifiers", "roles", "let_in", "skills__skill", "tags__tag", Prefetch("employments", queryset=jobs)
            )
        )
        self.family: dict[UUID, list[models.Person]] = {}
        for one in self.people:
            self.family.setdefault(one.merged_into_id or one.key, []).append(one)
        keys = [one.key for one in self.people]
        self.notes = {kind: work.texts_about(kind, keys) for kind in ("person", "candidate")}
        self.files = {kind: files.texts_about(kind, keys) for kind in ("person", "candidate")}
        self.active = ledger.activity(list(roots))
        self.guarded = set(
            models.Person.objects.filter(pk__in=among(roots)).filter(guarded()).values_list("pk", flat=True)
        )
        self.towns = search.places_of({(one.city, one.country) for one in self.people if one.city})

    def documents(self, person: models.Person) -> list[Document]:
        family = sorted(self.family[person.key], key=lambda one: one.key != person.key)
        open_to: frozenset[UUID] | None = None
        if person.confidential:
            open_to = frozenset({row.user_key for row in person.let_in.all()} | _keys(person.owner_key))
        base = self._open_side(person, family, open_to)
        full = self._both_sides(person, family, base)
        if full is None:
            return [base]
        if person.key not in self.guarded:
            return [full]
        owners = {
            row.owner_key for one in family for row in one.roles.all()
            if row.role == PersonRole.CANDIDATE and row.owner_key
        }  # fmt: skip
        readers = frozenset(owners if open_to is None else owners & open_to)
        return [_with(base, fuller_for=readers), _with(full, readers=readers)]

    def _open_side(
        self, person: models.Person, family: Sequence[models.Person], readers: frozenset[UUID] | None
    ) -> Document:
        keys = [one.key for one in family]
        activity = self.active.get(person.key)
        town = self.towns.get((person.city, person.country))
        roles = {row.role for one in family for row in one.roles.all()}
        tags = {row.tag.name for one in family for row in one.tags.all()}
        employer = person.organisation.name if person.organisation else ""
        facets = [("role", role) for role in sorted(roles)] + [("tag", tag) for tag in sorted(tags)]
        facets += [("organisation", employer)] if employer else []
        facets += [("open", "yes")] if person.openness == Openness.OPEN else []
        names = [one.name for one in family if one.name != person.name]
        return Document(
            kind="person",
            key=person.key,
            name=person.name,
            sort_name=person.sort_name,
            titles=tuple(filter(None, [", ".join(filter(None, (person.headline, employer)))])),
            places=tuple(dict.fromkeys(one.city for one in family if one.city)),
            body=(
                *names, *sorted(_addresses(family)), *sorted(tags),
                *(text for key in keys for text in self.notes["person"].get(key, ())),
                *(text for key in keys for text in self.files["person"].get(key, ())),
            ),
            facets=tuple(facets),
            last_contact=activity.last_touch_at if activity else None,
            available_from=person.available_from,
            latitude=person.latitude if person.latitude is not None else town[0] if town else None,
            longitude=person.longitude if person.longitude is not None else town[1] if town else None,
            readers=readers,
        )  # fmt: skip

    def _both_sides(self, person: models.Person, family: Sequence[models.Person], base: Document) -> Document | None:
        """The open side and the candidate side together; None for somebody who has no candidate side."""
        keys = [one.key for one in family]
        skills = sorted({row.skill.name for one in family for row in one.skills.all()})
        jobs = [row for one in family for row in one.employments.all()]
        texts = [text for key in keys for text in self.notes["candidate"].get(key, ())]
        texts += [text for key in keys for text in self.files["candidate"].get(key, ())]
        is_candidate = any(row.role == PersonRole.CANDIDATE for one in family for row in one.roles.all())
        if not (skills or jobs or texts or is_candidate):
            return None
        titles = [", ".join(filter(None, (row.title, row.organisation_name))) for row in jobs]
        return _with(
            base,
            kind="candidate",
            titles=tuple(dict.fromkeys((*base.titles, *filter(None, titles)))),
            skills=tuple(skills),
            body=(*base.body, *(row.about for row in jobs if row.about), *texts),
        )


def _with(one: Document, **changes: Any) -> Document:
    values = {name: getattr(one, name) for name in Document.__dataclass_fields__}
    return Document(**{**values, **changes})


def _keys(*keys: UUID | None) -> set[UUID]:
    return {key for key in keys if key}


def _addresses(family: Sequence[models.Person]) -> set[str]:
    """Addresses and numbers as people look for them: also the digits of a number without its country."""
    found = set()
    for one in family:
        for row in one.identifiers.all():
            if row.scheme != Scheme.ID:
                found.add(row.value)
            if row.scheme == Scheme.PHONE:
                found.add(f"0{row.value[3:]}")
    return found


class OrganisationDocuments:
    """What is known of organisations; open to everybody."""

    kinds: tuple[str, ...] = ("organisation",)

    def keys_after(self, key: UUID | None, limit: int) -> Sequence[UUID]:
        rows = models.Organisation.objects.order_by("key")
        return list((rows.filter(key__gt=key) if key else rows).values_list("key", flat=True)[:limit])

    def build(self, keys: Collection[UUID]) -> Mapping[UUID, Sequence[Document]]:
        rows = list(
            models.Organisation.objects.filter(pk__in=among(set(keys))).prefetch_related("tags__tag", "identifiers")
        )
        found = [row.key for row in rows]
        notes, kept = work.texts_about("organisation", found), files.texts_about("organisation", found)
        towns = search.places_of({(row.city, row.country) for row in rows if row.city})
        return {row.key: [_organisation(row, notes, kept, towns)] for row in rows}


def _organisation(
    row: models.Organisation,
    notes: Mapping[UUID, Sequence[str]],
    kept: Mapping[UUID, Sequence[str]],
    towns: Mapping[tuple[str, str], tuple[float, float]],
) -> Document:
    tags = sorted(one.tag.name for one in row.tags.all())
    town = towns.get((row.city, row.country))
    return Document(
        kind="organisation",
        key=row.key,
        name=row.name,
        sort_name=row.sort_name,
        titles=tuple(filter(None, (row.industry,))),
        places=tuple(filter(None, (row.city,))),
        body=(
            *filter(None, (row.website, row.phone, row.about)), *tags,
            *(one.value for one in row.identifiers.all() if one.scheme != "id"),
            *notes.get(row.key, ()), *kept.get(row.key, ()),
        ),
        facets=(("organisation", row.name), *(("tag", tag) for tag in tags)),
        latitude=town[0] if town else None,
        longitude=town[1] if town else None,
    )  # fmt: skip
