"""Mailboxes and signing keys, as those who use them need them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from fourfold.contact import models
from fourfold.contact.sealing import unseal
from fourfold.contact.types import DeliveryState, DkimKey, KeyKind, MailboxAccount, MessageState, Transport

WAITING = (DeliveryState.PENDING, DeliveryState.HELD)


def mailbox_account(key: UUID) -> MailboxAccount | None:
    """One mailbox with its secret unsealed: for the sender and the reader, never for a page."""
    row = models.Mailbox.objects.filter(pk=key).first()
    if row is None:
        return None
    return MailboxAccount(
        key=row.key,
        transport=Transport(row.transport),
        from_name=row.from_name,
        from_address=row.from_address,
        host=row.host,
        port=row.port,
        security=row.security,
        username=row.username,
        secret=unseal(row.secret),
        imap_host=row.imap_host,
        imap_port=row.imap_port,
        imap_security=row.imap_security,
        sent_folder=row.sent_folder,
        connections=row.connections,
        paused=row.paused_at is not None,
        owner_key=row.owner_key,
    )


def mailboxes_with_work(*, at: datetime) -> tuple[UUID, ...]:
    """Mailboxes through which something may leave now, or in which a worker left something behind."""
    waiting = models.Delivery.objects.filter(
        Q(
            state__in=(DeliveryState.PENDING, DeliveryState.HELD),
            not_before__lte=at,
            message__state=MessageState.SENDING,
        )
        | Q(state=DeliveryState.CLAIMED, lease_until__lt=at)
    )
    rows = models.Mailbox.objects.filter(pk__in=waiting.values("mailbox"), paused_at=None)
    return tuple(rows.order_by("name").values_list("key", flat=True))


def signing_keys(domain: str) -> tuple[DkimKey, ...]:
    """The keys that sign mail of a domain: Ed25519 first, so that the one every receiver knows stands on top."""
    rows = models.DomainKey.objects.filter(domain=domain, active=True).order_by("-algorithm", "selector")
    return tuple(
        DkimKey(
            kind=KeyKind(row.algorithm), domain=row.domain, selector=row.selector, private=unseal(row.private),
            public=row.public,
        )
        for row in rows
    )  # fmt: skip
