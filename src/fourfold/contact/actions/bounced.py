"""What servers report of mail that left: addresses that end, senders that must pause, complaints of readers.

Whoever reports it, a mail in a mailbox or a provider's notice, each report is told to the same deeds, once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from fourfold.base.actor import HOUSE
from fourfold.contact import models, queries
from fourfold.contact.actions.mailboxes import pause_mailbox
from fourfold.contact.actions.matching import delivery_of, identifier_of
from fourfold.contact.actions.steering import resolve_delivery
from fourfold.contact.models.sending import COUNTED
from fourfold.contact.types import Channel, DeliveryState
from fourfold.contact.types.inbound import BouncedRecipient, BounceKind, ReadMail
from fourfold.people import actions as people
from fourfold.people import queries as people_queries
from fourfold.people.types import Identifier, Scheme, SuppressionKind

LOOKED_BACK = timedelta(days=10)  # servers give a mail up after five days; some tell late
MONTH = timedelta(days=30)
WARNED, PAUSED, LEAST_COMPLAINTS = 0.001, 0.003, 2
"""Complaints as shares of what a mailbox sent in 30 days. Source: the sender rules of Google and Yahoo, 2024."""
COMPLAINT = "complaint"
KINDS = {
    BounceKind.HARD: "hard_bounce",
    BounceKind.SOFT: "soft_bounce",
    BounceKind.POLICY: "policy",
    BounceKind.CONTENT: "content",
    BounceKind.DELAYED: "delayed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Who told it, under which id, and when: the same source and id are one report however often they come."""

    source: str
    event_id: str
    at: datetime


def find_delivery(*, read: ReadMail, address: str, at: datetime) -> models.Delivery | None:
    """The delivery that a report is about: by its Message-ID, else the last one to that address in ten days."""
    found = delivery_of(read.about)
    if found is not None:
        return found
    identifier = identifier_of(address)
    if identifier is None:
        return None
    rows = models.Delivery.objects.filter(
        address_hash=people_queries.address_hash(identifier), channel=Channel.EMAIL, state__in=COUNTED
    )
    return rows.filter(at__gte=at - LOOKED_BACK * 3, at__lte=at).select_related("message").order_by("-at").first()


@transaction.atomic
def note_bounce(*, delivery: models.Delivery, bounced: BouncedRecipient, report: Report, at: datetime) -> str:
    """What a server said of one delivery; returns a code of what was done, "" for a report that was known.

    It left, so an unclear delivery is unclear no more. No such mailbox closes the address; what the sender may not,
    or this message may not, pauses the mailbox and never the address; the rest is counted.
    """
    if not _first_told(report, KINDS[bounced.kind], delivery.key, bounced.diagnostic):
        return ""
    if bounced.kind is BounceKind.DELAYED:
        return "delayed"
    proved_left(delivery=delivery, words=bounced.diagnostic or "a bounce came back", at=at)
    if bounced.kind is BounceKind.HARD:
        closed = close(delivery=delivery, kind=SuppressionKind.BOUNCED, report=report, at=at)
        models.Delivery.objects.filter(pk=delivery.pk).update(reason="bounced", words=bounced.diagnostic[:250])
        return "closed" if closed else "bounced"
    if bounced.kind in (BounceKind.POLICY, BounceKind.CONTENT) and delivery.mailbox_id:
        said = f"A server refused our mail: {without_addresses(bounced.diagnostic) or bounced.status or 'no words'}"
        pause_mailbox(key=delivery.mailbox_id, why=said[:250], by=HOUSE, at=at)
        return "paused"
    return "soft"


@transaction.atomic
def note_complaint(*, delivery: models.Delivery, report: Report, at: datetime) -> str:
    """A reader called a mail of ours spam: that address is never written to again; too many pause the mailbox."""
    if not _first_told(report, COMPLAINT, delivery.key, ""):
        return ""
    proved_left(delivery=delivery, words="a complaint came back", at=at)
    close(delivery=delivery, kind=SuppressionKind.COMPLAINED, report=report, at=at)
    if delivery.mailbox_id:
        _guard(delivery.mailbox_id, at)
    return "complained"


def _first_told(report: Report, kind: str, delivery: UUID, words: str) -> bool:
    _, made = models.MailEvent.objects.get_or_create(
        source=report.source[:20],
        event_id=report.event_id[:120],
        defaults={"kind": kind, "delivery_key": delivery, "why": without_addresses(words)[:120], "at": report.at},
    )
    return made


def without_addresses(words: str) -> str:
    """A server's words without the addresses in them: what is kept of them outlives an erasure."""
    return re.sub(r"[^\s<>]+@[^\s<>]+", "…", words)


def proved_left(*, delivery: models.Delivery, words: str, at: datetime) -> bool:
    """Something shows that a delivery of which nobody knew has left. Returns whether it was unclear."""
    if delivery.state != DeliveryState.AMBIGUOUS:
        return False
    resolve_delivery(key=delivery.key, arrived=True, words=words[:250], by=HOUSE, at=at)
    return True


def close(*, delivery: models.Delivery, kind: SuppressionKind, report: Report, at: datetime) -> bool:
    """Close the address that a delivery went to, known by its hash. Returns whether its person still has it."""
    family = people_queries.family_of(delivery.person_key)
    held = people_queries.identifiers_by_person(family)
    addresses: list[Identifier] = [one for several in held.values() for one in several if one.scheme is Scheme.EMAIL]
    sent_to = [one for one in addresses if people_queries.address_hash(one) == delivery.address_hash]
    for one in sent_to:
        source = f"{report.source} {report.event_id}"
        people.close_address(person_key=family[0], address=one, kind=kind, source=source, by=HOUSE, at=at)
    return bool(sent_to)


def _guard(mailbox: UUID, at: datetime) -> None:
    """Warn, or pause the mailbox, by the share of complaints among what it sent in 30 days."""
    sent = models.Delivery.objects.filter(mailbox=mailbox, sent_at__gt=at - MONTH, sent_at__lte=at)
    events = models.MailEvent.objects.filter(kind=COMPLAINT, at__gt=at - MONTH, at__lte=at)
    mine = models.Delivery.objects.filter(mailbox=mailbox).values("key")
    complaints = events.filter(delivery_key__in=mine).values("delivery_key").distinct().count()
    share = complaints / max(1, sent.count())
    words = f"{complaints} of {sent.count():,} mails of 30 days were called spam by their readers ({share:.1%})."
    if share >= PAUSED and complaints >= LEAST_COMPLAINTS:
        pause_mailbox(key=mailbox, why=f"{words} Look at whom you write to before you resume.", by=HOUSE, at=at)
    if share >= WARNED:
        models.Mailbox.objects.filter(pk=mailbox).update(trouble=words)


def note_reports(*, read: ReadMail, mailbox: UUID, at: datetime, told_at: datetime, message_id: str) -> Noted:
    """All that one bounce or complaint report says, each recipient once."""
    did: list[str] = []
    people_found: list[UUID] = []
    bounces = read.bounced or ()
    recipients = [one.address for one in bounces]
    if read.complaint is not None:
        recipients = list(read.complaint.recipients) or [""]
    first: models.Delivery | None = None
    for place, address in enumerate(recipients):
        delivery = find_delivery(read=read, address=address, at=told_at)
        if delivery is None:
            did.append("unknown")
            continue
        first = first or delivery
        people_found += queries.canonical([delivery.person_key])
        report = Report(source="inbox", event_id=f"{message_id[:100]}:{place}", at=told_at)
        if read.complaint is not None:
            code = note_complaint(delivery=delivery, report=report, at=at) if read.complaint.is_complaint else "said"
        else:
            code = note_bounce(delivery=delivery, bounced=bounces[place], report=report, at=at)
        did.append(code or "known")
    return Noted(tuple(dict.fromkeys(did)), first, people_found[0] if people_found else None)


@dataclass(frozen=True, slots=True)
class Noted:
    """What was done because of a report, and the first delivery and person it is about."""

    did: tuple[str, ...]
    delivery: models.Delivery | None
    person: UUID | None
