"""Everything the house keeps about one person, of every room."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import ForeignKey, Model

from fourfold.accounts.types import Viewer
from fourfold.ledger import queries as ledger
from fourfold.people import access, models
from fourfold.people.queries.persons import person
from fourfold.people.types import REGISTRY, PersonPage

ABOUT_ANOTHER_TOO = (models.DuplicatePair,)
"""Rows that tell of a second person as much: they are no part of what the first may have."""
NAMED = {
    models.Organisation: "name",
    models.Skill: "name",
    models.Tag: "name",
    models.CustomField: "label",
    models.SavedList: "name",
    models.RetentionRule: "name",
    models.NoticeBatch: "name",
}
"""How rows that a person's rows point at are called in an export."""


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
            **_profile(page),
            "merged_records": [card.name for card in page.merged],
            "added_at": page.added_at.isoformat(),
            **own_rows(keys),
        },
        "ledger": {"references": list(ledger.references(keys))},
    }
    for room, step in sorted(REGISTRY.export_steps.items()):
        answer[room] = step(person_keys=keys)
    return answer


def _profile(page: PersonPage) -> dict[str, Any]:
    held = page.profile
    return {
        "identifiers": [
            {"scheme": one.scheme.value, "value": one.value, "use": one.use or ""} for one in held.addresses
        ],
        "country": page.country,
        "openness": page.card.openness or "",
        "not_before": page.not_before,
        "available_from": page.available_from,
        "notice_weeks": page.notice_weeks,
        "origin": page.origin or "",
        "origin_detail": page.origin_detail,
        "jobs": [
            {"organisation": one.organisation, "title": one.title, "from": one.started_on, "to": one.ended_on}
            for one in held.jobs
        ],
        "skills": list(held.skills),
        "tags": list(held.tags),
        "fields": {one.label: one.text for one in held.fields},
        "cv_not_to": [one.organisation for one in held.not_to],
    }


def own_rows(keys: Collection[UUID]) -> dict[str, list[dict[str, Any]]]:
    """The rows of every table of this room that are about these records, by table; empty tables are left out."""
    found: dict[str, list[dict[str, Any]]] = {"records": _rows(models.Person, "key", keys)}
    for model, column in tables_about_people():
        rows = _rows(model, column, keys)
        if rows:
            found.setdefault(str(model._meta.verbose_name_plural), []).extend(rows)
    held = models.Suppression.objects.filter(person_key__in=list(keys)).order_by("at", "pk")
    if held:
        found["suppressed addresses"] = [
            {"kind": row.kind, "purpose": row.purpose, "at": _plain(row.at), "lifted_at": _plain(row.lifted_at)}
            for row in held
        ]
    return found


def tables_about_people() -> list[tuple[type[Model], str]]:
    """Each table of this room that points at a person, and by which column."""
    return [
        (model, field.attname)
        for name in models.__all__
        if isinstance(model := getattr(models, name), type)
        and issubclass(model, Model)
        and model not in (models.Person, *ABOUT_ANOTHER_TOO)
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model is models.Person
    ]


def _rows(model: type[Model], column: str, keys: Collection[UUID]) -> list[dict[str, Any]]:
    names: dict[str, str] = {}
    for field in model._meta.concrete_fields:
        if isinstance(field, ForeignKey):
            label = NAMED.get(field.related_model)
            names[field.name] = f"{field.name}__{label}" if label else field.attname
        elif field.name != "id":
            names[field.name] = field.name
    manager = model._meta.default_manager
    assert manager is not None
    rows = manager.filter(**{f"{column}__in": list(keys)}).order_by("pk").values(*names.values())
    return [
        {name: _plain(row[path]) for name, path in names.items() if row[path] not in (None, "", [], {})} for row in rows
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    return str(value) if isinstance(value, UUID) else value
