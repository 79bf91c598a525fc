"""This room's part when two records become one, and when somebody is erased."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from fourfold.contact import models
from fourfold.contact.types import DeliveryState

WAITING = (DeliveryState.PENDING, DeliveryState.HELD)


@transaction.atomic
def join(*, person_key: UUID, into_key: UUID) -> int:
    """Of messages that wait for both records of one human, one is left. Returns how many were dropped.

    All else is read over all records of one human, so nothing else moves.
    """
    both = models.Delivery.objects.filter(person_key=into_key, message__isnull=False).values("message")
    waiting = models.Delivery.objects.filter(person_key=person_key, state__in=WAITING, message__in=both)
    return waiting.update(state=DeliveryState.SKIPPED, reason="merged", address="")


@transaction.atomic
def forget(*, keys: Collection[UUID]) -> int:
    """Erase addresses, words and mails of these keys of one person. Returns how many things.

    Deliveries and receipts stay as counts: they hold a key that means nobody any more, and hashes.
    """
    held = list(keys)
    rows = models.Delivery.objects.filter(person_key__in=held)
    rows.filter(state__in=WAITING).update(state=DeliveryState.SKIPPED, reason="erased")
    rows.update(address="", domain="", words="")
    mine = rows.values("message")
    others = models.Delivery.objects.exclude(person_key__in=held).filter(message__isnull=False).values("message")
    texts = models.Message.objects.filter(pk__in=mine).exclude(pk__in=others)
    count = rows.count() + texts.update(subject="", text="", html="", calendar="", matter="")
    mails, _ = models.InboundMail.objects.filter(person_key__in=held).delete()
    asks, _ = models.Ask.objects.filter(person_key__in=held).delete()
    exemptions, _ = models.Exemption.objects.filter(person_key__in=held).delete()
    return count + mails + asks + exemptions


@transaction.atomic
def blank_messages(*, deliveries: Collection[UUID]) -> int:
    """Blank the words of messages that told somebody else of a person who is erased. Returns how many."""
    rows = models.Delivery.objects.filter(pk__in=list(deliveries))
    rows.filter(state__in=WAITING).update(state=DeliveryState.SKIPPED, reason="erased")
    mine = rows.filter(message__isnull=False).values("message")
    return models.Message.objects.filter(pk__in=mine).update(subject="", text="", html="", calendar="", matter="")
