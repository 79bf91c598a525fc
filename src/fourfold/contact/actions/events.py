"""What links and providers report, kept once for each event, and what follows from it.

The raw event is kept as it came; whether a machine made it stands beside it. Only what people did becomes news of
theirs: a click is a touch in the ledger, marked where a machine made it; an opening never is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.base.actor import HOUSE, Actor
from fourfold.base.clock import require_aware
from fourfold.base.errors import NotFound
from fourfold.base.ids import new_key
from fourfold.contact import models, rules
from fourfold.contact.actions.bounced import Report, note_bounce, note_complaint, proved_left
from fourfold.contact.actions.claiming import intent_of
from fourfold.contact.actions.touches import LEDGER_CHANNELS
from fourfold.contact.queries.cases import OURS
from fourfold.contact.rules import machines
from fourfold.contact.sealing import seal
from fourfold.contact.types import Channel, DeliveryState, MessageClass, Refusal
from fourfold.contact.types.events import LinkAct, LinkEvent, Seen
from fourfold.contact.types.inbound import BouncedRecipient, BounceKind
from fourfold.contact.types.transport import EventKind, ProviderEvent
from fourfold.ledger import actions as ledger
from fourfold.ledger.types import Channel as LedgerChannel
from fourfold.ledger.types import Direction, Touch
from fourfold.people import actions as people
from fourfold.people import queries as people_queries
from fourfold.people.types import ConsentEvent, Identifier, NewConsent, Purpose, Scheme, SuppressionKind

LINK = "link"
"""The source of events that our own links reported."""
URL, WORDS = 1000, 500
FITS = timedelta(days=14)
"""How long after it left a message is what a notice without its key speaks of."""
OPENED_OR_CLICKED = (EventKind.OPENED, EventKind.CLICKED)
LEFT = frozenset(
    {EventKind.DELIVERED, EventKind.BOUNCED, EventKind.COMPLAINED, EventKind.OPENED, EventKind.CLICKED}
    | {EventKind.UNSUBSCRIBED}
)
"""News that only a message brings that has left."""
BOUNCES = {
    Refusal.POLICY: BounceKind.POLICY, Refusal.SENDER: BounceKind.POLICY, Refusal.CONTENT: BounceKind.CONTENT,
}  # fmt: skip
T = TypeVar("T", LinkEvent, ProviderEvent)


@dataclass(frozen=True, slots=True)
class _About:
    """What an event is about: its delivery where one is known, and who it was to."""

    delivery: models.Delivery | None
    person_key: UUID | None


def take_link_events(*, events: Sequence[LinkEvent], at: datetime) -> int:
    """Keep requests for our links, each once however often it is given, with a touch for each click.

    Some hundreds a call: it is one transaction. Returns how many were new.
    """
    require_aware(at)
    with transaction.atomic():
        fresh = _new(LINK, events)
        if not fresh:
            return 0
        rows = _deliveries([one.delivery for one in fresh if one.delivery])
        abouts = [_About(rows.get(one.delivery) if one.delivery else None, one.person_key) for one in fresh]
        raws = [{"method": one.method, "user_agent": one.user_agent} for one in fresh]
        kept = [_row(LINK, one, one.act, raw, one.at) for one, raw in zip(fresh, raws, strict=True)]
        _keep(kept, abouts, at=at)
        for row in rows.values():
            _arrived(row, "somebody, or something, followed its link", at)
        return len(kept)


def take_provider_events(*, mailbox: UUID, events: Sequence[ProviderEvent], at: datetime) -> int:
    """Keep what a provider proved to have told, each event once, and do what follows. Returns how many were new.

    Bounces and complaints do the same as those that come by mail; an objection told to the provider is one told to us;
    any news of a delivery that was unclear says that it left.
    """
    require_aware(at)
    with transaction.atomic():
        fresh = [one for source in {one.provider for one in events} for one in _new(source, _of(events, source))]
        rows = _deliveries([one.delivery for one in fresh if one.delivery])
        found = [(one, _about(one, rows, mailbox, at)) for one in fresh]
        plain = [(one, about) for one, about in found if not _reported(one, about, at)]
        kept = [_row(one.provider, one, one.kind, _raw(one), min(one.at or at, at)) for one, _ in plain]
        for row, (_, about) in zip(kept, plain, strict=True):
            row.delivery_key = about.delivery.key if about.delivery is not None else row.delivery_key
        told = {id(row): one.machine for row, (one, _) in zip(kept, plain, strict=True)}
        _keep(kept, [about for _, about in plain], told, at=at)
        for one, about in plain:
            _follow(one, about, at)
        return len(fresh)


@transaction.atomic
def keep_notice_secret(*, mailbox: UUID, secret: str, by: Actor, at: datetime) -> None:
    """Set what proves a provider's notices about a mailbox; "" refuses them all. Raises NotFound."""
    if not models.Mailbox.objects.filter(pk=mailbox).update(notice_secret=seal(secret)):
        raise NotFound("Nothing was changed.", "There is no such mailbox.", "Go back to the list of mailboxes.")
    accounts.audit(by=by, deed="keep_notice_secret", at=at, subject=("mailbox", mailbox))


# ------------------------------------------------------------------------------------------ keeping


def _new(source: str, events: Sequence[T]) -> list[T]:
    """Those that nobody gave before, each once."""
    by_id = {one.event_id: one for one in reversed(events)}
    known = models.MailEvent.objects.filter(source=source, event_id__in=list(by_id))
    seen = set(known.values_list("event_id", flat=True))
    return [one for key, one in reversed(by_id.items()) if key not in seen]


def _deliveries(keys: Collection[UUID]) -> dict[UUID, models.Delivery]:
    return models.Delivery.objects.select_related("message").in_bulk(list(set(keys)))


def _row(
    source: str, event: LinkEvent | ProviderEvent, kind: str, raw: dict[str, Any], at: datetime
) -> models.MailEvent:
    return models.MailEvent(
        source=source, event_id=event.event_id, kind=kind, delivery_key=event.delivery, url=event.url[:URL], at=at,
        raw=raw,
    )  # fmt: skip


def _raw(event: ProviderEvent) -> dict[str, Any]:
    """What the provider said, without the address it spoke of."""
    words = event.words.replace(event.recipient, "…") if event.recipient else event.words
    held = {"status": event.status, "about": event.about.value, "user_agent": event.user_agent, "words": words[:WORDS]}
    found: dict[str, Any] = {name: value for name, value in held.items() if value}
    return found | ({"hard": event.hard} if event.hard is not None else {})


def _keep(
    rows: Sequence[models.MailEvent],
    abouts: Sequence[_About],
    told: Mapping[int, bool | None] | None = None,
    *,
    at: datetime,
) -> None:
    """Judge and write these, judge anew those of the same messages that came just before, and post the clicks."""
    if not rows:
        return
    clicks = [row for row in rows if row.kind == LinkAct.CLICKED]
    earlier = _earlier(clicks)
    others: dict[UUID, list[tuple[datetime, str]]] = defaultdict(list)
    for row in (*earlier, *clicks):
        if row.delivery_key and not _told_twice(row):
            others[row.delivery_key].append((row.at, row.url))
    left = _left([one.delivery for one in abouts if one.delivery is not None])
    for row in rows:
        if row.kind in OPENED_OR_CLICKED:
            row.machine, row.why = _judged(row, others, left, (told or {}).get(id(row)))
    models.MailEvent.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    changed = _rejudged(earlier, others)
    by_key = {one.delivery.key: one for one in abouts if one.delivery is not None}
    about_of = {id(row): about for row, about in zip(rows, abouts, strict=True)}
    posted = [(row, about_of[id(row)]) for row in clicks]
    posted += [(row, by_key[row.delivery_key]) for row in changed if row.delivery_key in by_key]
    _post(posted, at=at)


def _earlier(clicks: Sequence[models.MailEvent]) -> list[models.MailEvent]:
    """Clicks on the same messages that were kept before and are near enough to be of the same run."""
    keys = {row.delivery_key for row in clicks if row.delivery_key}
    if not keys:
        return []
    first, last = min(row.at for row in clicks), max(row.at for row in clicks)
    near = models.MailEvent.objects.filter(delivery_key__in=list(keys), kind=LinkAct.CLICKED)
    return list(near.filter(at__gte=first - machines.WINDOW, at__lte=last + machines.WINDOW))


def _left(rows: Sequence[models.Delivery]) -> dict[UUID, datetime]:
    """From when each message could have been read: when it was handed over, or when the provider delivered it."""
    found = {row.key: moment for row in rows if (moment := row.handing_at or row.sent_at) is not None}
    told = models.MailEvent.objects.filter(delivery_key__in=list(found), kind=EventKind.DELIVERED)
    for key, moment in told.values_list("delivery_key", "at"):
        if key is not None and moment > found[key]:
            found[key] = moment
    return found


def _judged(
    row: models.MailEvent,
    others: Mapping[UUID, Sequence[tuple[datetime, str]]],
    left: Mapping[UUID, datetime],
    told: bool | None = None,
) -> tuple[bool, str]:
    key = row.delivery_key
    found = machines.verdict(
        Seen(
            at=row.at,
            method=row.raw.get("method", "GET"),
            user_agent=row.raw.get("user_agent", ""),
            left_at=left.get(key) if key else None,
            others=tuple(others.get(key, ())) if key else (),
            told=told,
            opened=row.kind == LinkAct.OPENED,
        )
    )
    return found.machine, found.why[:120]


def _rejudged(
    earlier: Sequence[models.MailEvent], others: Mapping[UUID, Sequence[tuple[datetime, str]]]
) -> list[models.MailEvent]:
    """Of clicks taken for a person's, those that turn out to be part of a run."""
    changed = []
    for row in earlier:
        if not row.machine and row.delivery_key and (why := machines.burst(row.at, others[row.delivery_key])):
            row.machine, row.why = True, why[:120]
            changed.append(row)
    models.MailEvent.objects.bulk_update(changed, ["machine", "why"], batch_size=500)
    return changed


def _post(clicks: Sequence[tuple[models.MailEvent, _About]], *, at: datetime) -> None:
    """A touch for each click of somebody we know."""
    ours = [(row, about) for row, about in clicks if about.person_key and not _told_twice(row)]
    if not ours:
        return
    facts = people_queries.contact_facts({about.person_key for _, about in ours if about.person_key}, at=at)
    known = [(row, about, facts[about.person_key]) for row, about in ours if about.person_key]
    touches = [_touch(row, person.key, about.delivery) for row, about, person in known if not person.erased]
    ledger.post(facts=touches, batch=new_key(), at=at, correct=True)


def _told_twice(row: models.MailEvent) -> bool:
    """Whether a provider tells of a click that only led to our own redirect, which tells of it too."""
    return row.source != LINK and urlsplit(row.url).path.startswith("/go/")


def _touch(row: models.MailEvent, person_key: UUID, delivery: models.Delivery | None) -> Touch:
    message = delivery.message if delivery is not None and delivery.message_id else None
    known = LEDGER_CHANNELS.get(Channel(delivery.channel)) if delivery is not None else LedgerChannel.WEB
    return Touch(
        source=OURS,
        source_ref=f"click:{row.source}:{row.event_id}",
        occurred_at=row.at,
        person_key=person_key,
        channel=known or LedgerChannel.OTHER,
        action="click",
        direction=Direction.IN,
        campaign=(message.campaign or None) if message else None,
        job=(message.job or None) if message else None,
        machine=row.machine,
    )


# ------------------------------------------------------------------------------------------ what follows


def _of(events: Sequence[ProviderEvent], source: str) -> list[ProviderEvent]:
    return [one for one in events if one.provider == source]


def _address(event: ProviderEvent) -> Identifier:
    return Identifier(Scheme.EMAIL, event.recipient.strip().lower())


def _about(event: ProviderEvent, rows: Mapping[UUID, models.Delivery], mailbox: UUID, at: datetime) -> _About:
    """The delivery that a notice names, or the last one to that address through this mailbox; and who it was to."""
    row = rows.get(event.delivery) if event.delivery else None
    identifier = _address(event)
    if row is None and event.delivery is None and event.recipient:
        until = event.at or at
        sent = models.Delivery.objects.filter(
            mailbox=mailbox, address_hash=people_queries.address_hash(identifier), at__gte=until - FITS,
            handing_at__lte=until,
        )  # fmt: skip
        row = sent.select_related("message").order_by("-handing_at").first()
    if row is not None:
        return _About(row, row.person_key)
    found = people_queries.resolve([identifier]) if event.recipient else {}
    return _About(None, found.get(identifier))


def _arrived(row: models.Delivery, words: str, at: datetime) -> None:
    """A delivery of which nobody knew has left after all."""
    if proved_left(delivery=row, words=words, at=at):
        row.state = DeliveryState.SENT


def _reported(event: ProviderEvent, about: _About, at: datetime) -> bool:
    """Tell a bounce or a complaint to the deeds that mail tells it to, which keep the event. False for all else.

    One about an address that the message was never sent to is somebody else's: it is only kept.
    """
    row = about.delivery
    if row is None or event.kind not in (EventKind.BOUNCED, EventKind.COMPLAINED):
        return False
    if event.recipient and row.address_hash != people_queries.address_hash(_address(event)):
        return False
    report = Report(source=event.provider, event_id=event.event_id, at=min(event.at or at, at))
    if event.kind is EventKind.COMPLAINED:
        note_complaint(delivery=row, report=report, at=at)
        return True
    kind = BounceKind.HARD if event.hard else BOUNCES.get(event.about, BounceKind.SOFT)
    words = _raw(event).get("words", "")
    bounced = BouncedRecipient(address=event.recipient, kind=kind, status=event.status, diagnostic=words)
    note_bounce(delivery=row, bounced=bounced, report=report, at=at)
    return True


def _follow(event: ProviderEvent, about: _About, at: datetime) -> None:
    """What follows from all other news, and from those about a message that we don't know any more."""
    if about.delivery is not None and event.kind in LEFT:
        _arrived(about.delivery, f"{event.provider.title()} tells of it: {event.kind}", at)
    if about.person_key is None:
        return
    if event.kind is EventKind.UNSUBSCRIBED:
        _object(event, about, about.person_key, at)
    closing = event.kind is EventKind.COMPLAINED or (event.kind is EventKind.BOUNCED and event.hard)
    if closing and about.delivery is None:
        kind = SuppressionKind.COMPLAINED if event.kind is EventKind.COMPLAINED else SuppressionKind.BOUNCED
        source = f"{event.provider} {event.event_id[:16]}"
        people.close_address(
            person_key=about.person_key, address=_address(event), kind=kind, source=source, by=HOUSE, at=at
        )


def _object(event: ProviderEvent, about: _About, person_key: UUID, at: datetime) -> None:
    """They told the provider to stop: an objection to what the message was for, or to everything."""
    row, purpose = about.delivery, Purpose.ALL
    if row is not None and row.message_id and row.message_class:
        purpose = rules.purpose_of(MessageClass(row.message_class), intent_of(row))
    entry = NewConsent(
        person_key=person_key,
        event=ConsentEvent.OBJECTED,
        purpose=purpose,
        at=min(event.at or at, at),
        source=event.provider,
        source_ref=event.event_id,
        evidence=f"unsubscribed at {event.provider.title()}" + (f"; delivery {row.key}" if row else ""),
    )
    people.record_consents(entries=[entry], by=HOUSE, at=at)
