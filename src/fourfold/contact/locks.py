"""One lock for each person whom something may be sent to: whoever holds it counts, decides and claims alone."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from fourfold.contact import models
from fourfold.ledger.queries import among


def hold(person_keys: Collection[UUID]) -> None:
    """Lock these people's contact rows, in key order, until the transaction ends.

    On SQLite a transaction that writes is alone anyway; the rows are made for the other database's sake.
    """
    wanted = sorted(set(person_keys))
    rows = [models.ContactRow(person_key=key) for key in wanted]
    models.ContactRow.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    held = models.ContactRow.objects.filter(person_key__in=among(wanted)).order_by("person_key")
    list(held.select_for_update().values_list("person_key", flat=True))
