"""Add fields without code, and retire them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.people import access, models, rules
from fourfold.people.types import ChangeRefused, FieldKind, NewField

MOST = 100


@transaction.atomic
def add_field(*, field: NewField, viewer: Viewer, at: datetime) -> str:
    """Add a field; returns its slug. Raises NotAllowed, ChangeRefused (its name is taken, or there are too many)."""
    access.require_field_keeper(viewer)
    slug = rules.field_slug(field.label)
    if models.CustomField.objects.filter(slug=slug).exists():
        raise ChangeRefused(
            "The field was not added.", "There is one of this name already.", "Use that one, or choose another name."
        )
    if models.CustomField.objects.filter(retired_at=None).count() >= MOST:
        raise ChangeRefused("The field was not added.", f"{MOST} are the most.", "Retire one that nobody uses.")
    last = models.CustomField.objects.aggregate(last=Max("position"))["last"] or 0
    models.CustomField.objects.create(
        slug=slug, label=field.label.strip()[:60], kind=field.kind, side=field.side, options=list(field.options),
        help_text=field.help_text[:160], position=last + 1,
    )  # fmt: skip
    accounts.audit(by=viewer.actor(), deed="add_field", at=at, subject=("field", slug), summary=field.label)
    return slug


@transaction.atomic
def retire_field(*, slug: str, retired: bool, viewer: Viewer, at: datetime) -> None:
    """Take a field out of forms and filters, or bring it back. Its values stay. Raises NotAllowed."""
    access.require_field_keeper(viewer)
    models.CustomField.objects.filter(slug=slug).update(retired_at=at if retired else None)
    accounts.audit(by=viewer.actor(), deed="retire_field", at=at, subject=("field", slug), summary=str(retired))


@dataclass(frozen=True, slots=True)
class CustomValues:
    """The values one person's records or one organisation hold, and whose a new one will be."""

    held: Any
    person: models.Person | None = None
    organisation: models.Organisation | None = None


def replace_fields(
    values: CustomValues, custom: Iterable[tuple[str, str]], *, hidden: Collection[str] = frozenset()
) -> None:
    """Values of added fields become those of a form, (slug, text); an empty text removes one.

    Fields of a ``hidden`` side are left as they are. Within the caller's transaction. Raises ChangeRefused.
    """
    fields = {row.slug: row for row in models.CustomField.objects.filter(retired_at=None)} if custom else {}
    for slug, text in custom:
        field = fields.get(slug)
        if field is None or field.side in hidden:
            continue
        rows = values.held.filter(field=field)
        if not text.strip():
            rows.delete()
            continue
        value = rules.field_value(FieldKind(field.kind), text, field.options)
        if value is None:
            raise ChangeRefused(
                "Nothing was changed.", f"“{field.label}” can't hold “{text[:40]}”.", "Correct it, or leave it empty."
            )
        rows.delete()
        models.CustomValue.objects.create(
            field=field, person=values.person, organisation=values.organisation, text=value.text, number=value.number,
            day=value.day,
        )  # fmt: skip
