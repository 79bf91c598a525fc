"""Erase who a key means."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.ledger import actions as ledger
from fourfold.people import access, models
from fourfold.people.types import (
    REGISTRY,
)


@transaction.atomic
def erase_person(*, person_key: UUID, viewer: Viewer, at: datetime) -> int:
    """Erase who a key means, in every room. The ledger's counts stay; nothing in them names anyone.

    Returns how many things were erased. Raises NotAllowed, PersonNotFound.
    """
    access.require_eraser(viewer)
    person = access.get_person_for(viewer, person_key)
    keys = [person.key, *models.Person.objects.filter(merged_into=person).values_list("key", flat=True)]
    erased = sum(step(person_keys=keys) for step in REGISTRY.erase_steps.values())
    erased += ledger.forget_references(person_keys=keys)
    models.Person.objects.filter(merged_into=person).delete()
    models.Person.objects.filter(pk=person.key).delete()
    accounts.audit(
        by=viewer.actor(), deed="erase_person", at=at, subject=("person", person_key), summary="at their request"
    )
    return erased + len(keys)
