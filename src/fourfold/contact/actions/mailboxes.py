"""Mailboxes and signing keys of the house: kept, paused, resumed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.base.actor import Actor
from fourfold.base.errors import NotFound
from fourfold.contact import models
from fourfold.contact.sealing import seal
from fourfold.contact.transports import dkim
from fourfold.contact.types import DnsRecord, KeyKind, MailboxRefused, Transport


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxSettings:
    """How one mailbox sends and is read. ``secret`` is the password or token; None leaves the one that is kept.

    Units: ``per_minute`` and ``per_domain_minute`` messages a minute, all receivers and one domain of receivers.
    """

    name: str
    transport: Transport
    from_name: str
    from_address: str
    host: str = ""
    port: int | None = None
    security: str = "starttls"
    username: str = ""
    secret: str | None = None
    imap_host: str = ""
    imap_port: int | None = None
    imap_security: str = "tls"
    sent_folder: str = ""
    per_minute: int = 60
    per_domain_minute: int = 20
    connections: int = 1
    brand: str = ""
    owner_key: UUID | None = None


@transaction.atomic
def put_mailbox(*, settings: MailboxSettings, key: UUID | None = None, by: Actor, at: datetime) -> UUID:
    """Keep a mailbox, or change one; returns its key. Raises MailboxRefused, NotFound."""
    _check(settings, key)
    held = {name: getattr(settings, name) for name in MailboxSettings.__dataclass_fields__ if name != "secret"}
    if settings.secret is not None:
        held["secret"] = seal(settings.secret)
    if key is None:
        row = models.Mailbox.objects.create(**held, made_at=at)
    else:
        row = _mailbox(key)
        _put(row, held)
    accounts.audit(by=by, deed="put_mailbox", at=at, subject=("mailbox", row.key), summary=settings.name)
    return row.key


def _put(row: models.Mailbox, held: dict[str, Any]) -> None:
    for name, value in held.items():
        setattr(row, name, value)
    row.save(update_fields=list(held))


def _mailbox(key: UUID) -> models.Mailbox:
    found = models.Mailbox.objects.filter(pk=key).first()
    if found is None:
        raise NotFound("Nothing was changed.", "There is no such mailbox.", "Go back to the list of mailboxes.")
    return found


def _check(settings: MailboxSettings, key: UUID | None) -> None:
    what = "The mailbox was not kept."
    for label, value in (("name", settings.name), ("sender's name", settings.from_name), ("host", settings.host)):
        if any(mark in value for mark in "\r\n\0"):
            raise MailboxRefused(what, f"The {label} holds a line break.", "Write it on one line.")
    same = models.Mailbox.objects.filter(name=settings.name)
    if (same.exclude(pk=key) if key else same).exists():
        raise MailboxRefused(what, f"There is a mailbox named {settings.name}.", "Give it another name.")
    if settings.transport is Transport.SMTP and not settings.host:
        raise MailboxRefused(what, "It has no mail server.", "Give the host, such as smtp.example.com.")
    if settings.per_minute < 1 or settings.per_domain_minute < 1:
        raise MailboxRefused(what, "Its limit lets nothing out.", "Give at least 1 a minute, or pause the mailbox.")


@transaction.atomic
def pause_mailbox(*, key: UUID, why: str, by: Actor, at: datetime) -> None:
    """Nothing leaves through it until it is resumed; what is on its way arrives. Raises NotFound."""
    _put(_mailbox(key), {"paused_at": at, "paused_why": why[:250]})
    accounts.audit(by=by, deed="pause_mailbox", at=at, subject=("mailbox", key), summary=why)


def note_unreachable(*, mailbox: UUID, words: str, at: datetime) -> None:
    """The mail server can't be reached or doesn't let us in: said on the mailbox's page; it is tried again."""
    models.Mailbox.objects.filter(pk=mailbox).update(checked_at=at, trouble=words[:500])


@transaction.atomic
def resume_mailbox(*, key: UUID, by: Actor, at: datetime) -> None:
    """It sends again. Raises NotFound."""
    _put(_mailbox(key), {"paused_at": None, "paused_why": ""})
    accounts.audit(by=by, deed="resume_mailbox", at=at, subject=("mailbox", key))


@transaction.atomic
def make_domain_key(*, domain: str, selector: str, kind: KeyKind, by: Actor, at: datetime) -> DnsRecord:
    """Make a key that signs mail of a domain, and the record to publish. Raises MailboxRefused for a selector used."""
    if models.DomainKey.objects.filter(domain=domain, selector=selector).exists():
        raise MailboxRefused("No key was made.", f"{selector} is used for {domain}.", "Choose another selector.")
    made = dkim.new_key(kind, domain=domain, selector=selector)
    record = dkim.record(made)
    models.DomainKey.objects.create(
        domain=domain,
        selector=selector,
        algorithm=kind.value,
        private=seal(made.private),
        public=made.public,
        made_at=at,
    )
    accounts.audit(by=by, deed="make_domain_key", at=at, summary=f"{selector}._domainkey.{domain}")
    return record


@transaction.atomic
def retire_domain_key(*, domain: str, selector: str, by: Actor, at: datetime) -> None:
    """It signs no more. Its record may be taken down a week later. Raises NotFound."""
    if not models.DomainKey.objects.filter(domain=domain, selector=selector, active=True).update(active=False):
        raise NotFound("Nothing was changed.", "There is no such key in use.", "Reload the page.")
    accounts.audit(by=by, deed="retire_domain_key", at=at, summary=f"{selector}._domainkey.{domain}")
