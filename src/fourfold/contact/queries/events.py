"""What came back on messages: events as they were reported, each with whether a machine made it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count

from fourfold.contact import models
from fourfold.contact.sealing import unseal
from fourfold.contact.types import Transport
from fourfold.contact.types.events import EventRow, LinkAct, Response
from fourfold.contact.types.transport import EventKind, ProviderName

BOUNCED = (EventKind.BOUNCED, "hard_bounce")
COMPLAINED = (EventKind.COMPLAINED, "complaint")
"""Told by a provider about somebody we don't know, and by whichever way about a delivery."""


def provider_and_secret(mailbox: UUID) -> tuple[ProviderName, str] | None:
    """Whose notices a mailbox takes, and what proves them; None where it takes none. Never for a page."""
    row = models.Mailbox.objects.filter(pk=mailbox).exclude(notice_secret="").first()
    if row is None or Transport(row.transport) not in PROVIDERS:
        return None
    return PROVIDERS[Transport(row.transport)], unseal(row.notice_secret)


PROVIDERS = {Transport(one.value): one for one in ProviderName}


def events_of(deliveries: Collection[UUID]) -> dict[UUID, tuple[EventRow, ...]]:
    """What was reported of each of these deliveries, newest first. Whether they may be seen was asked before."""
    found: dict[UUID, list[EventRow]] = {}
    for row in models.MailEvent.objects.filter(delivery_key__in=list(deliveries)).order_by("-at", "-pk"):
        assert row.delivery_key is not None
        one = EventRow(row.kind, row.at, row.source, row.url, row.machine, row.why)
        found.setdefault(row.delivery_key, []).append(one)
    return {key: tuple(rows) for key, rows in found.items()}


def response_to(message: UUID) -> Response:
    """What came back on one message: people who clicked, never robots; opens are no measure and aren't counted."""
    events = models.MailEvent.objects.filter(
        delivery_key__in=models.Delivery.objects.filter(message=message).values("key")
    )
    clicks = events.filter(kind=LinkAct.CLICKED)

    def deliveries(*kinds: str) -> int:
        return events.filter(kind__in=kinds).values("delivery_key").distinct().count()

    return Response(
        clicked=clicks.filter(machine=False).values("delivery_key").distinct().count(),
        bounced=deliveries(*BOUNCED),
        complained=deliveries(*COMPLAINED),
        unsubscribed=deliveries(EventKind.UNSUBSCRIBED),
        machine_clicks=clicks.filter(machine=True).count(),
    )


def links_followed(message: UUID) -> tuple[tuple[str, int], ...]:
    """The addresses that people followed from a message, with how many of them, the most first; never robots."""
    mine = models.Delivery.objects.filter(message=message).values("key")
    rows = models.MailEvent.objects.filter(delivery_key__in=mine, kind=LinkAct.CLICKED, machine=False)
    counted = rows.values("url").annotate(people=Count("delivery_key", distinct=True)).order_by("-people", "url")
    return tuple(counted.values_list("url", "people"))
