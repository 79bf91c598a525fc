"""Mailboxes and signing keys of the house: kept, paused, resumed."""

from __future__ import annotations

import re
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
from fourfold.contact.types.mailboxes import SERVERS


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxSettings:
    """How one mailbox sends and is read. ``secret`` is the password or token; None leaves the one that is kept.

    ``notice_secret`` is what proves a provider's notices, None as above, "" for none. ``username`` is Twilio's account
    and ``number`` whom its messages are from; ``domain`` is Mailgun's, ``stream`` Postmark's; ``api_url`` a provider's
    region. Units: ``per_minute`` and ``per_domain_minute`` messages a minute, to all receivers and to one domain.
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
    notice_secret: str | None = None
    domain: str = ""
    stream: str = ""
    api_url: str = ""
    number: str = ""
    imap_host: str = ""
    imap_port: int | None = None
    imap_security: str = "tls"
    sent_folder: str = ""
    per_minute: int = 60
    per_domain_minute: int = 20
    connections: int = 1
    brand: str = ""
    owner_key: UUID | None = None


SECRETS = ("secret", "notice_secret")
PLACE = ("transport", "host", "security", "username", "imap_host", "imap_security", "api_url")
"""Where a secret is sent, and how: whoever changes one of these must know it."""
NEEDED = {
    Transport.SMTP: ("host",),
    Transport.SES: ("host", "username"),
    Transport.MAILGUN: ("domain",),
    Transport.TWILIO: ("username", "number"),
}
WHAT = {
    "host": ("It has no mail server.", "Give the host, such as smtp.example.com."),
    "username": ("Its user name, or the account it belongs to, is missing.", "Copy it from the provider's console."),
    "domain": ("It has no sending domain.", "Give the domain that you set up at the provider."),
    "number": ("It has no number or name to send from.", "Give one that belongs to your account."),
}
OF_WAY = "Sending: "
OWN_MACHINE = re.compile(r"http://(127\.0\.0\.1|localhost)(:\d+)?")


@transaction.atomic
def put_mailbox(*, settings: MailboxSettings, key: UUID | None = None, by: Actor, at: datetime) -> UUID:
    """Keep a mailbox, or change one; returns its key. Raises MailboxRefused, NotFound."""
    _check(settings, key)
    held = {name: getattr(settings, name) for name in MailboxSettings.__dataclass_fields__ if name not in SECRETS}
    for name in SECRETS:
        given = getattr(settings, name)
        if given is not None:
            held[name] = seal(given)
    if key is None:
        row = models.Mailbox.objects.create(**held, made_at=at)
    else:
        row = _mailbox(key)
        _check_place(row, settings)
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
    for name in NEEDED.get(settings.transport, ()):
        if not getattr(settings, name):
            raise MailboxRefused(what, *WHAT[name])
    if settings.transport is not Transport.TWILIO and not settings.from_address:
        raise MailboxRefused(what, "It has no sender's address.", "Give the address that its mail is from.")
    if settings.api_url and not settings.api_url.startswith("https://") and not OWN_MACHINE.match(settings.api_url):
        raise MailboxRefused(what, "The provider's address isn't protected.", "Give one that begins https://.")
    if settings.per_minute < 1 or settings.per_domain_minute < 1:
        raise MailboxRefused(what, "Its limit lets nothing out.", "Give at least 1 a minute, or pause the mailbox.")


def _check_place(row: models.Mailbox, settings: MailboxSettings) -> None:
    """A kept secret is never sent anywhere but where it was given for. A sign-in's tokens may go to its own service."""
    moved = [name for name in PLACE if getattr(row, name) != getattr(settings, name)]
    at_home = SERVERS.get(settings.transport) == (settings.host, settings.imap_host)
    if at_home and row.transport == settings.transport and "none" not in (settings.security, settings.imap_security):
        return
    if row.secret and moved and not settings.secret:
        raise MailboxRefused(
            "The mailbox was not changed.",
            "Its password or key was given for another server or account, and would be sent to the new one.",
            "Type the password or key again with this change.",
        )


@transaction.atomic
def pause_mailbox(*, key: UUID, why: str, by: Actor, at: datetime) -> None:
    """Nothing leaves through it until it is resumed; what is on its way arrives. Raises NotFound."""
    _put(_mailbox(key), {"paused_at": at, "paused_why": why[:250]})
    accounts.audit(by=by, deed="pause_mailbox", at=at, subject=("mailbox", key), summary=why)


def note_unreachable(*, mailbox: UUID, words: str, at: datetime) -> None:
    """The mail server can't be reached or doesn't let us in: said on the mailbox's page; it is tried again."""
    models.Mailbox.objects.filter(pk=mailbox).update(checked_at=at, trouble=f"{OF_WAY}{words}"[:500])


def note_reached(*, mailbox: UUID) -> None:
    """It lets us in again; trouble of another kind stays."""
    models.Mailbox.objects.filter(pk=mailbox, trouble__startswith=OF_WAY).update(trouble="")


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
