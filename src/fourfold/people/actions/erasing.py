"""Erase who a key means."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.actor import Actor
from fourfold.ledger import actions as ledger
from fourfold.people import access, models, queries
from fourfold.people.actions.wishes import suppress
from fourfold.people.types import REGISTRY, Ground, Purpose, SuppressionKind


@transaction.atomic
def erase_person(
    *, person_key: UUID, viewer: Viewer, at: datetime, ground: Ground = Ground.REQUEST, may_return: bool = False
) -> int:
    """Erase who a key means, in every room. The ledger's counts stay; nothing in them names anyone.

    A tombstone stays for each key, and the keyed hash of each address, so that no import brings them back; with
    ``may_return``, because they wish it so, no hash is added. What they objected to stays suppressed either way.
    Returns how many things were erased. Raises NotAllowed, PersonNotFound.
    """
    access.require_eraser(viewer)
    person = access.get_person_for(viewer, person_key)
    keys = [person.key, *models.Person.objects.filter(merged_into=person).values_list("key", flat=True)]
    by = viewer.actor()
    if not may_return:
        _keep_out(keys, by=by, at=at)
    models.Tombstone.objects.bulk_create(
        [
            models.Tombstone(
                person_key=key,
                into_key=None if key == person.key else person.key,
                at=at,
                by=by.name[:80],
                ground=ground,
            )
            for key in keys
        ]
    )
    erased = sum(step(person_keys=keys) for step in REGISTRY.erase_steps.values())
    erased += ledger.forget_references(person_keys=keys)
    models.Person.objects.filter(merged_into=person).delete()
    models.Person.objects.filter(pk=person.key).delete()
    accounts.audit(by=by, deed="erase_person", at=at, subject=("person", person_key), summary=GROUND_WORDS[ground])
    return erased + len(keys)


GROUND_WORDS = {
    Ground.REQUEST: "at their request",
    Ground.RETENTION: "their time was up",
    Ground.TAKEN_OUT: "taken out",
}


def _keep_out(keys: Collection[UUID], *, by: Actor, at: datetime) -> None:
    """Suppress every address and id of these records, for everything."""
    held = queries.identifiers_by_person(keys)
    suppress(
        rows=[
            (key, one, SuppressionKind.ERASED, Purpose.ALL, "erasure", at)
            for key, several in held.items()
            for one in several
        ],
        by=by,
    )
