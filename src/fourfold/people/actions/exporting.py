"""Who took what is kept about whom out of the house."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.people import access


@transaction.atomic
def note_export(*, person_key: UUID, form: str, viewer: Viewer, at: datetime) -> None:
    """Keep who exported everything about a person, and as what. Raises PersonNotFound."""
    person = access.get_candidate_for(viewer, person_key)
    accounts.audit(by=viewer.actor(), deed="export_person", at=at, subject=("person", person.key), summary=f"as {form}")
