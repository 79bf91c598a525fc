"""What reports adds to other rooms' pages, and its part in merges, exports and filters (project/wiring.py)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse

from fourfold.accounts.types import Role, Viewer
from fourfold.ledger import queries as ledger
from fourfold.ledger.types import Kind
from fourfold.people import queries as people
from fourfold.people.types import KeySet, PanelContent, Predicate, TodayEntry
from fourfold.reports import actions, queries

WARM_DAYS = 7


def brought_panel(person_key: UUID, viewer: Viewer, at: datetime) -> PanelContent | None:
    """On a person's page: the outcomes they were party to, and how many touches came before."""
    rows = ledger.timeline(person_key, size=200).rows
    outcomes = [row for row in rows if row.kind is Kind.OUTCOME]
    if not outcomes:
        return None
    touches = sum(row.kind is Kind.TOUCH and not row.machine for row in rows)
    return PanelContent("What it brought", "reports/panel_brought.html", {"outcomes": outcomes, "touches": touches})


def warm_people(viewer: Viewer, at: datetime) -> Sequence[TodayEntry]:
    """On Today: people who gave a signal of their own lately, by time of the last signal, never by a score."""
    if not viewer.has(Role.RECRUITER, Role.MARKETER, Role.LEADER):
        return ()
    rows = ledger.latest_inbound(since=at - timedelta(days=WARM_DAYS), limit=8)
    cards = {card.key: card for card in people.cards([row.person_key for row in rows])}
    return [
        TodayEntry(
            title=cards[row.person_key].name,
            why=" · ".join(
                part for part in (cards[row.person_key].headline, cards[row.person_key].organisation) if part
            ),
            action_label="Open the record",
            url=reverse("person", args=[row.person_key]),
            icon="bolt",
            at=row.last_inbound_at,
            group="warm",
        )
        for row in rows
        if row.person_key in cards
    ]


def merge_step(*, person_key: UUID, into_key: UUID, undo: bool) -> None:
    """Answers rest on people; after a merge they are worked out anew (the ledger itself has a new fact then)."""
    outcomes = [row.fact_id for row in ledger.timeline(person_key, size=200).rows if row.kind is Kind.OUTCOME]
    actions.forget(outcomes=outcomes)


def export_step(*, person_keys: Collection[UUID]) -> Mapping[str, Any]:
    """The person's facts in the ledger, in words."""
    return {"timeline": queries.credits_of_people(person_keys)}


def _gave_a_signal(*, at: datetime) -> KeySet:
    return people.key_set(ledger.signalled_since(at - timedelta(days=30)))


PREDICATES = [Predicate("signal_30_days", "gave a signal in the last 30 days", _gave_a_signal)]
