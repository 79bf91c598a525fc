"""What mail servers and people said of one address: it does not exist, or whoever reads it complained."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.base.actor import Actor
from fourfold.people import models
from fourfold.people.actions.wishes import suppress
from fourfold.people.types import Identifier, Purpose, SuppressionKind


@transaction.atomic
def close_address(
    *, person_key: UUID, address: Identifier, kind: SuppressionKind, source: str, by: Actor, at: datetime
) -> None:
    """Nothing is written to this address any more: it bounced for good, or a complaint came from it.

    It is kept by its hash, so that it stands whoever has the address later. Twice is once.
    """
    suppress(rows=[(person_key, address, kind, Purpose.ALL, source, at)], by=by)
    if kind is SuppressionKind.BOUNCED:
        rows = models.PersonIdentifier.objects.filter(scheme=address.scheme, value=address.value, bouncing_at=None)
        rows.update(bouncing_at=at)
    accounts.audit(by=by, deed="close_address", at=at, subject=("person", person_key), summary=kind.value)
    accounts.tell_watchers(kind="person", keys=[person_key])
