"""Signing mailboxes in at Microsoft and Google: the house's registrations, and the tokens of each mailbox."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from fourfold.accounts import actions as accounts
from fourfold.base.actor import HOUSE, Actor
from fourfold.base.errors import NotFound
from fourfold.contact import models
from fourfold.contact.actions.mailboxes import pause_mailbox
from fourfold.contact.sealing import seal, unseal
from fourfold.contact.types import MailboxRefused
from fourfold.contact.types.mailboxes import SIGN_INS
from fourfold.contact.types.transport import OAuthProvider, OAuthTokens

RENEWING = timedelta(seconds=60)
"""How long one worker may take to get a fresh token before another may try."""
SIGNED_OUT = "Nobody is signed in: "
"""How the reason begins for which a mailbox pauses when only a person can sign it in again."""


@transaction.atomic
def keep_sign_in_app(
    *, provider: OAuthProvider, client_id: str, client_secret: str | None, tenant: str, by: Actor, at: datetime
) -> None:
    """Keep the house's registration with a provider. ``client_secret`` None leaves the one that is kept.

    Raises MailboxRefused where something is missing, or where a kept secret would go to another registration.
    """
    row = models.SignInApp.objects.filter(pk=provider).first()
    if not client_id or not (client_secret or row):
        raise MailboxRefused(
            "The registration was not kept.", "Its client id or its secret is missing.", "Copy both from its page."
        )
    if row and not client_secret and row.client_id != client_id:
        raise MailboxRefused(
            "The registration was not kept.",
            "The secret that is kept belongs to another client id.",
            "Give the new secret with the new client id.",
        )
    held = {"client_id": client_id, "tenant": tenant or "common", "changed_at": at}
    if client_secret:
        held["client_secret"] = seal(client_secret)
    models.SignInApp.objects.update_or_create(provider=provider, defaults=held)
    accounts.audit(by=by, deed="keep_sign_in_app", at=at, summary=provider.value)


@transaction.atomic
def keep_sign_in(*, mailbox: UUID, provider: OAuthProvider, tokens: OAuthTokens, by: Actor, at: datetime) -> None:
    """Keep what a person's sign-in gave. A mailbox that paused for want of it sends again. Raises NotFound."""
    row = models.Mailbox.objects.select_for_update().filter(pk=mailbox).first()
    if row is None or SIGN_INS.get(row.transport) is not provider:  # type: ignore[call-overload]
        raise NotFound("Nobody was signed in.", "There is no such mailbox.", "Go back to the list of mailboxes.")
    row.secret, row.access, row.access_until = seal(tokens.refresh), seal(tokens.access), tokens.expires_at
    row.renewing_until, row.trouble = None, ""
    if row.paused_why.startswith(SIGNED_OUT):
        row.paused_at, row.paused_why = None, ""
    row.save(update_fields=["secret", "access", "access_until", "renewing_until", "trouble", "paused_at", "paused_why"])
    accounts.audit(by=by, deed="keep_sign_in", at=at, subject=("mailbox", mailbox), summary=provider.value)


def begin_renewal(*, mailbox: UUID, at: datetime) -> bool:
    """Take it on to get a fresh token; False while another worker does. Ended by the two below, or by itself."""
    free = models.Mailbox.objects.filter(pk=mailbox).filter(Q(renewing_until=None) | Q(renewing_until__lte=at))
    return bool(free.update(renewing_until=at + RENEWING))


@transaction.atomic
def renewed(*, mailbox: UUID, used: str, tokens: OAuthTokens | None) -> None:
    """The renewal is over: with fresh tokens, the returned refresh token in place of the one that was ``used``.

    Where somebody signed in anew meanwhile, theirs stand. None: it gave nothing, and the next may try.
    """
    row = models.Mailbox.objects.select_for_update().filter(pk=mailbox).first()
    if row is None:
        return
    row.renewing_until = None
    if tokens is not None and unseal(row.secret) == used:
        row.secret, row.access, row.access_until = seal(tokens.refresh), seal(tokens.access), tokens.expires_at
    row.save(update_fields=["secret", "access", "access_until", "renewing_until"])


def forget_access(*, mailbox: UUID, used: str) -> None:
    """A server did not take this access token: the next use gets a fresh one."""
    with transaction.atomic():
        row = models.Mailbox.objects.select_for_update().filter(pk=mailbox).first()
        if row is not None and unseal(row.access) == used:
            row.access, row.access_until = "", None
            row.save(update_fields=["access", "access_until"])


@transaction.atomic
def sign_out(*, mailbox: UUID, used: str, words: str, at: datetime) -> None:
    """Only a person can sign this mailbox in again: nothing leaves until somebody does, and its page says so."""
    row = models.Mailbox.objects.select_for_update().filter(pk=mailbox).first()
    if row is None or unseal(row.secret) != used:  # somebody signed in meanwhile
        return
    row.secret, row.access, row.access_until, row.renewing_until = "", "", None, None
    row.save(update_fields=["secret", "access", "access_until", "renewing_until"])
    if row.paused_at is None:
        pause_mailbox(key=mailbox, why=f"{SIGNED_OUT}{words}", by=HOUSE, at=at)
