"""Mailboxes and signing keys, as those who use them need them, and as their pages show them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.errors import NotFound
from fourfold.contact import access, models
from fourfold.contact.queries.asking import mailbox_rows
from fourfold.contact.sealing import unseal
from fourfold.contact.types import DeliveryState, DkimKey, DnsRecord, KeyKind, MailboxAccount, MessageState, Transport
from fourfold.contact.types.mailboxes import (
    SIGN_INS,
    MailboxPage,
    SignInAppRow,
    TrialKind,
    TrialRow,
    TrialToRun,
)
from fourfold.contact.types.transport import Check, CheckState, OAuthApp, OAuthProvider

WAITING = (DeliveryState.PENDING, DeliveryState.HELD)


def mailbox_account(key: UUID) -> MailboxAccount | None:
    """One mailbox with its secrets unsealed: for the sender and the reader, never for a page."""
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
        access=unseal(row.access),
        access_until=row.access_until,
        domain=row.domain,
        stream=row.stream,
        api_url=row.api_url,
        number=row.number,
    )


def house_mailbox(brand: str = "") -> UUID | None:
    """The mailbox through which the house itself writes for a brand, its own first; None where it has none.

    One that is paused stands behind one that isn't: what waits in it leaves once it is resumed.
    """
    rows = models.Mailbox.objects.filter(owner_key=None).exclude(transport=Transport.TWILIO)
    held = [row for row in rows.order_by("name") if row.brand in ("", brand)]
    held.sort(key=lambda row: (row.paused_at is not None, row.brand != brand))
    return held[0].key if held else None


def message_of(delivery: UUID) -> UUID | None:
    """The message that a delivery is one of, None for a touch by hand or one that is unknown."""
    return models.Delivery.objects.filter(pk=delivery).values_list("message", flat=True).first()


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


def delivery_states(keys: Collection[UUID]) -> dict[UUID, tuple[DeliveryState, datetime | None]]:
    """Where deliveries are, and when they left: for rooms that wait for a message to have gone."""
    rows = models.Delivery.objects.filter(pk__in=list(keys)).values_list("key", "state", "sent_at")
    return {key: (DeliveryState(state), sent_at) for key, state, sent_at in rows}


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


def sign_in_app(provider: OAuthProvider, *, redirect_url: str = "") -> OAuthApp | None:
    """The house's registration with its secret unsealed; None where there is none. Never for a page."""
    row = models.SignInApp.objects.filter(pk=provider).first()
    if row is None:
        return None
    return OAuthApp(
        provider=provider, client_id=row.client_id, client_secret=unseal(row.client_secret), redirect_url=redirect_url,
        tenant=row.tenant,
    )  # fmt: skip


def sign_in_apps() -> dict[OAuthProvider, SignInAppRow]:
    """The house's registrations, as their page shows them."""
    found = [
        SignInAppRow(OAuthProvider(row.provider), row.client_id, row.tenant)
        for row in models.SignInApp.objects.defer("client_secret")
    ]
    return {one.provider: one for one in found}


def text_account(mailbox: UUID) -> MailboxAccount | None:
    """The mailbox that text messages leave through, None for any other."""
    found = mailbox_account(mailbox)
    return found if found is not None and found.transport is Transport.TWILIO else None


def may_text(viewer: Viewer) -> bool:
    """Whether there is a number that the viewer may send text messages from. One statement."""
    mine = Q(owner_key=None) | Q(owner_key=viewer.user_key)
    return models.Mailbox.objects.filter(mine, transport=Transport.TWILIO).exists()


SHOWN = (
    "name", "from_name", "from_address", "host", "port", "security", "username", "imap_host", "imap_port",
    "imap_security", "sent_folder", "per_minute", "per_domain_minute", "domain", "stream", "api_url", "number",
    "transport", "owner_key", "connections", "brand",
)  # fmt: skip


def mailbox_values(key: UUID, viewer: Viewer) -> dict[str, Any]:
    """A mailbox as its form shows it: without its secrets, with whether there are any. Raises NotFound."""
    row = _mailbox(key)
    kept = {"has_secret": bool(row.secret), "has_notice_secret": bool(row.notice_secret)}
    return {name: getattr(row, name) for name in SHOWN} | kept | {"mine": row.owner_key == viewer.user_key}


def mailbox_page(key: UUID, viewer: Viewer, *, at: datetime) -> MailboxPage:
    """One mailbox for whoever keeps mailboxes. Raises NotFound, NotAllowed."""
    access.require_mailbox_keeper(viewer)
    held = _mailbox(key)
    [row] = mailbox_rows([held], viewer, at=at)
    trials = {
        kind: models.Trial.objects.filter(mailbox=held, kind=kind).order_by("-asked_at").first() for kind in TrialKind
    }
    keys = {one.asked_by for one in trials.values() if one} | ({held.owner_key} if held.owner_key else set())
    names = accounts.names(keys) if keys else {}
    return MailboxPage(
        row=row,
        owner=names.get(held.owner_key, "") if held.owner_key else "",
        signed_in=Transport(held.transport) in SIGN_INS and bool(held.secret),
        has_secret=bool(held.secret),
        has_notice_secret=bool(held.notice_secret),
        checks=tuple(_check(one) for one in held.preflight),
        check=_trial(trials[TrialKind.CHECK], names),
        message=_trial(trials[TrialKind.MESSAGE], names),
    )


def trials_to_run(mailbox: UUID) -> tuple[TrialToRun, ...]:
    """What waits to be tried on a mailbox, the first asked first. No address: whoever asked works here no more."""
    rows = models.Trial.objects.filter(mailbox=mailbox, begun_at=None).order_by("asked_at", "key")
    found = [(row, accounts.viewer_of(row.asked_by)) for row in rows]
    return tuple(
        TrialToRun(
            row.key, row.mailbox_id, TrialKind(row.kind), row.asked_by, viewer.name if viewer else "",
            viewer.email if viewer else "",
        )
        for row, viewer in found
    )  # fmt: skip


def mailboxes_to_try() -> tuple[UUID, ...]:
    """Mailboxes on which something waits to be tried."""
    return tuple(models.Trial.objects.filter(begun_at=None).values_list("mailbox", flat=True).distinct())


def _mailbox(key: UUID) -> models.Mailbox:
    row = models.Mailbox.objects.filter(pk=key).first()
    if row is None:
        raise NotFound("This mailbox was not found.", "It is gone.", "Go back to the mailboxes.")
    return row


def _trial(row: models.Trial | None, names: dict[UUID, str]) -> TrialRow | None:
    if row is None:
        return None
    who = names.get(row.asked_by, "")
    return TrialRow(TrialKind(row.kind), who, row.asked_at, row.begun_at, row.done_at, row.good, row.words)


def _check(held: dict[str, Any]) -> Check:
    publish = held.get("publish")
    record = DnsRecord(publish["name"], publish["kind"], publish["text"]) if publish else None
    return Check(held["about"], CheckState(held["state"]), held["finding"], held["advice"], record)
