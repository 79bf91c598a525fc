"""What reports adds to other rooms' pages, and its part in merges, exports and filters (project/wiring.py)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from fourfold.accounts.types import Role, Viewer
from fourfold.ledger import queries as ledger
from fourfold.ledger.types import Kind, TimelineRow
from fourfold.people import queries as people
from fourfold.people.types import KeySet, PanelContent, Predicate, TodayEntry, TodayGroup
from fourfold.reports import actions, queries

WARM_DAYS = 7
SHOWN = 8


def brought_panel(person_key: UUID, viewer: Viewer, at: datetime) -> PanelContent | None:
    """On a person's page: the outcomes they were party to, and how many touches came before."""
    sees = people.sees_candidate_side(viewer, person_key)
    rows = ledger.timeline(person_key, size=200, client_side_only=not sees).rows
    outcomes = [row for row in rows if row.kind is Kind.OUTCOME]
    if not outcomes:
        return None
    touches = sum(row.kind is Kind.TOUCH and not row.machine for row in rows)
    return PanelContent("What it brought", "reports/panel_brought.html", {"outcomes": outcomes, "touches": touches})


def warm_people(viewer: Viewer, at: datetime) -> TodayGroup | None:
    """On Today: people who gave a signal of their own lately, by time of the last signal, never by a score."""
    if not viewer.has(Role.RECRUITER, Role.MARKETER, Role.LEADER):
        return None
    since = at - timedelta(days=WARM_DAYS)
    rows = ledger.latest_signals(since=since, limit=SHOWN)
    cards = {card.key: card for card in people.cards(viewer, [row.person_key for row in rows], candidates=True)}
    entries = [
        TodayEntry(
            title=cards[row.person_key].name,
            why=" · ".join(
                part
                for part in (signal(row), cards[row.person_key].headline, cards[row.person_key].organisation)
                if part
            ),
            action_label=_("Open the record"),
            url=reverse("person", args=[row.person_key]),
            icon="arrow-right",
            at=row.occurred_at,
        )
        for row in rows
        if row.person_key in cards
    ]
    if not entries:
        return None
    count = ledger.count_signalled_since(since)
    heading = (
        _("1 person gave a signal this week")
        if count == 1
        else _("%(n)s people gave a signal this week") % {"n": count}
    )
    about = _("By the time of their last signal, never by a score")
    return TodayGroup(
        heading, about, count, entries, f"{reverse('people')}?that=signal_7_days" if count > SHOWN else ""
    )


def signal(row: TimelineRow) -> str:
    """What the person did, in words: “click by email (Spring salary guide)”."""
    action = (row.action or "touch").replace("_", " ")
    words = _("%(action)s, %(channel)s") % {"action": action, "channel": (row.channel or "other").replace("_", " ")}
    return f"{words[:1].upper()}{words[1:]}" + (f" ({row.campaign})" if row.campaign else "")


def merge_step(*, person_key: UUID, into_key: UUID, undo: bool) -> None:
    """Answers rest on people; after a merge they are worked out anew (the ledger itself has a new fact then)."""
    outcomes = [row.fact_id for row in ledger.timeline(person_key, size=200).rows if row.kind is Kind.OUTCOME]
    actions.forget(outcomes=outcomes)


def export_step(*, person_keys: Collection[UUID]) -> Mapping[str, Any]:
    """The person's facts in the ledger, in words."""
    return {"timeline": queries.credits_of_people(person_keys)}


def _signalled(days: int) -> Predicate:
    def keys(*, at: datetime) -> KeySet:
        return people.key_set(ledger.signalled_since(at - timedelta(days=days)))

    return Predicate(f"signal_{days}_days", _("gave a signal in the last %(days)s days") % {"days": days}, keys)


PREDICATES = [_signalled(WARM_DAYS), _signalled(30)]
