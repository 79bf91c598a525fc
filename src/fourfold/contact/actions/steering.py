"""Steering what is on its way: pause, resume, stop a message; say what became of an unclear delivery."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.base.actor import Actor
from fourfold.base.errors import NotFound
from fourfold.base.nudge import nudge
from fourfold.contact import models
from fourfold.contact.actions.claiming import close_messages
from fourfold.contact.actions.touches import post_touches
from fourfold.contact.types import DeliveryState, MessageState


def _message(key: UUID, *states: MessageState) -> models.Message:
    found = models.Message.objects.filter(pk=key, state__in=states).first()
    if found is None:
        raise NotFound("Nothing was changed.", "The message is not in that state any more.", "Reload the page.")
    return found


@transaction.atomic
def pause_message(*, key: UUID, why: str, by: Actor, at: datetime) -> None:
    """Nothing more of it leaves until it is resumed. Raises NotFound."""
    row = _message(key, MessageState.SENDING)
    row.state, row.paused_why = MessageState.PAUSED, why[:250]
    row.save(update_fields=["state", "paused_why"])
    accounts.audit(by=by, deed="pause_message", at=at, subject=("message", key), summary=why)


@transaction.atomic
def resume_message(*, key: UUID, by: Actor, at: datetime) -> None:
    """It goes on where it was. Raises NotFound."""
    row = _message(key, MessageState.PAUSED)
    row.state, row.paused_why = MessageState.SENDING, ""
    row.save(update_fields=["state", "paused_why"])
    accounts.audit(by=by, deed="resume_message", at=at, subject=("message", key))
    transaction.on_commit(partial(nudge, "mail", str(row.mailbox_id)))


@transaction.atomic
def stop_message(*, key: UUID, by: Actor, at: datetime) -> int:
    """Whoever has not got it will not. Returns how many. Raises NotFound."""
    row = _message(key, MessageState.SENDING, MessageState.PAUSED)
    waiting = row.deliveries.filter(state__in=(DeliveryState.PENDING, DeliveryState.HELD))
    stopped = waiting.update(state=DeliveryState.SKIPPED, reason="stopped", address="")
    row.state = MessageState.STOPPED
    row.save(update_fields=["state"])
    accounts.audit(by=by, deed="stop_message", at=at, subject=("message", key), summary=f"{stopped}")
    return stopped


@transaction.atomic
def resolve_delivery(*, key: UUID, arrived: bool, words: str, by: Actor, at: datetime) -> None:
    """Say what became of a delivery of which nobody knew: it arrived, or it did not and is sent once more.

    A machine never does the second. Raises NotFound.
    """
    row = models.Delivery.objects.filter(pk=key, state=DeliveryState.AMBIGUOUS).select_related("message").first()
    if row is None:
        raise NotFound("Nothing was changed.", "This delivery is not unclear any more.", "Reload the page.")
    row.words = words[:250] or row.words
    if arrived:
        row.state, row.sent_at, row.address, row.reason = DeliveryState.SENT, row.handing_at or at, "", ""
    else:
        row.state, row.not_before, row.handing_at, row.claimed_by = DeliveryState.PENDING, at, None, ""
        assert row.message_id is not None
        models.Message.objects.filter(pk=row.message_id, state=MessageState.DONE).update(state=MessageState.SENDING)
    row.save()
    if arrived:
        post_touches([row], at=at)
    else:
        transaction.on_commit(partial(nudge, "mail", str(row.mailbox_id)))
    if row.message_id:
        close_messages({row.message_id})
    accounts.audit(
        by=by, deed="resolve_delivery", at=at, subject=("delivery", key), summary="arrived" if arrived else "sent again"
    )
