"""This room's part when two records become one, and when somebody is erased."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from fourfold.surveys import models
from fourfold.surveys.types import State


@transaction.atomic
def join(*, person_key: UUID, into_key: UUID) -> int:
    """Of invitations that wait for both records of one human, the first is left. Returns how many were dropped.

    All else is read over all records of one human, so nothing else moves.
    """
    both = models.Invitation.objects.filter(person_key__in=(person_key, into_key), state=State.WAITING)
    later = list(both.order_by("send_at", "key").values_list("key", flat=True))[1:]
    return models.Invitation.objects.filter(pk__in=later).update(state=State.DROPPED, reason="merged")


@transaction.atomic
def forget(*, keys: Collection[UUID]) -> int:
    """Erase whose invitations these were, what they were about, and words that aren't counted yet.

    The number of an answer stays, as a count of nobody. Returns how many things.
    """
    rows = models.Invitation.objects.filter(person_key__in=list(keys))
    held = list(rows.values_list("key", flat=True))
    models.Answer.objects.filter(pk__in=held).update(verbatim="", task_key=None, may_answer=False)
    rows.filter(state=State.WAITING).update(state=State.DROPPED, reason="erased")
    return models.Invitation.objects.filter(pk__in=held).update(
        person_key=None, about="", about_kind="", about_key=None, owner_key=None
    )
