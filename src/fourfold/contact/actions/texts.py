"""What becomes of text messages after they left: numbers that don't exist, people who answered STOP."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from fourfold.base.actor import HOUSE
from fourfold.base.clock import require_aware
from fourfold.contact import models
from fourfold.contact.actions.steering import resolve_delivery
from fourfold.contact.actions.stops import SOURCE, object_to_texts
from fourfold.contact.types import DeliveryState, Refusal
from fourfold.contact.types.transport import SmsEvent, SmsState
from fourfold.people import actions as people
from fourfold.people import queries as people_queries
from fourfold.people.types import Scheme, SuppressionKind

NO_SUCH_NUMBER = frozenset({"21211", "30005"})
"""Twilio's codes for numbers that nobody has. Others that take no text messages may still be rung."""


@transaction.atomic
def take_text_news(*, mailbox: UUID, event: SmsEvent, at: datetime) -> bool:
    """Keep news that Twilio proved to have told, once however often they come; returns whether they were new.

    Any news prove that the message left. Failed for want of such a number closes it; who answered STOP objected to
    text messages; all else is shown beside the message.
    """
    require_aware(at)
    row = _delivery(mailbox, event.reference)
    raw = {"code": event.code} if event.code else {}
    held = {"kind": f"text_{event.state}", "delivery_key": row.key if row else None, "at": at, "raw": raw}
    _, made = models.MailEvent.objects.get_or_create(source=SOURCE, event_id=event.event_id, defaults=held)
    if not made or row is None:
        return made
    if row.state == DeliveryState.AMBIGUOUS:
        resolve_delivery(key=row.key, arrived=True, words=f"Twilio tells of it: {event.state}", by=HOUSE, at=at)
    if event.state is SmsState.FAILED:
        _failed(row, event, at)
    return True


def _delivery(mailbox: UUID, reference: str) -> models.Delivery | None:
    try:
        key = UUID(reference)
    except ValueError:
        return None
    return models.Delivery.objects.filter(pk=key, mailbox=mailbox).first()


def _failed(row: models.Delivery, event: SmsEvent, at: datetime) -> None:
    words = f"Twilio could not deliver it (code {event.code or 'unknown'})"
    models.Delivery.objects.filter(pk=row.pk).update(reason="bounced", words=words)
    if event.about is Refusal.OBJECTED:
        object_to_texts(delivery=row, source_ref=event.event_id, at=at)
    elif event.code in NO_SUCH_NUMBER:
        family = people_queries.family_of(row.person_key)
        held = people_queries.identifiers_by_person(family)
        for one in (one for several in held.values() for one in several if one.scheme is Scheme.PHONE):
            if people_queries.address_hash(one) == row.address_hash:
                people.close_address(
                    person_key=family[0], address=one, kind=SuppressionKind.BOUNCED,
                    source=f"{SOURCE} {event.event_id[:16]}", by=HOUSE, at=at,
                )  # fmt: skip
