"""Add fields without code, and retire them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.people import access, models, rules
from fourfold.people.types import ChangeRefused, NewField

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
