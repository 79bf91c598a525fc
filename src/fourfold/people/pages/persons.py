"""What people's pages show: rows, words and the parts of other rooms, put together for templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.money import Money
from fourfold.ledger import queries as ledger
from fourfold.ledger.types import Channel, Direction, Kind, OutcomeKind, TimelineRow
from fourfold.people import access, queries
from fourfold.people.pages.profile import address_words, role_rows
from fourfold.people.queries.words import OPENNESS_WORDS, ORIGIN_WORDS, ROLE_WORDS
from fourfold.people.types import REGISTRY, Description, PersonRole

CHANNEL_ICONS = {
    Channel.EMAIL: "mail",
    Channel.PHONE: "phone",
    Channel.SMS: "message",
    Channel.LINKEDIN: "brand-linkedin",
    Channel.SOCIAL: "share",
    Channel.EVENT: "calendar-event",
    Channel.JOB_BOARD: "clipboard-list",
    Channel.REFERRAL: "users",
    Channel.WEB: "world",
    Channel.IN_PERSON: "building",
}
CHANNEL_WORDS = {
    Channel.EMAIL: gettext_lazy("E-mail"),
    Channel.PHONE: gettext_lazy("Phone"),
    Channel.SMS: gettext_lazy("SMS"),
    Channel.LINKEDIN: gettext_lazy("LinkedIn"),
    Channel.SOCIAL: gettext_lazy("Social"),
    Channel.EVENT: gettext_lazy("Event"),
    Channel.JOB_BOARD: gettext_lazy("Job board"),
    Channel.REFERRAL: gettext_lazy("Referral"),
    Channel.WEB: gettext_lazy("Web"),
    Channel.IN_PERSON: gettext_lazy("In person"),
    Channel.OTHER: gettext_lazy("Other"),
}
OUTCOME_TONES = {
    OutcomeKind.CANDIDATE: "candidates",
    OutcomeKind.CLIENT: "clients",
    OutcomeKind.COLLEAGUE: "colleagues",
}
ROLE_TONES = {
    PersonRole.CANDIDATE: "candidates",
    PersonRole.CLIENT_CONTACT: "clients",
    PersonRole.COLLEAGUE: "colleagues",
    PersonRole.REFERRER: "accent",
}
OUTCOME_WORDS = {
    OutcomeKind.CANDIDATE: gettext_lazy("First submitted to a client"),
    OutcomeKind.CLIENT: gettext_lazy("Gave us their first job"),
    OutcomeKind.COLLEAGUE: gettext_lazy("Started with us"),
    OutcomeKind.CASH: gettext_lazy("Brought net fee income"),
}


def role_badges(roles: tuple[PersonRole, ...]) -> list[dict[str, str]]:
    return [{"words": str(ROLE_WORDS[role]), "tone": ROLE_TONES[role]} for role in roles]


def person_context(viewer: Viewer, key: UUID, at: datetime, cursor: str | None) -> dict[str, Any]:
    """A person's page. Raises PersonNotFound, NotFound for a broken cursor."""
    page = queries.person(viewer, key)
    card = page.card
    found = ledger.timeline(
        card.key, cursor=cursor, size=30, client_side_only=not page.sees_candidate_side,
        family=[card.key, *(one.key for one in page.merged)],
    )  # fmt: skip
    owners = {str(one) for one in (card.owner_key, *(role.owner_key for role in page.profile.roles)) if one}
    labels = accounts.labels(owners | {text for row in found.rows for text in (row.actor, row.desk) if text})
    return {
        "page": page,
        "badges": role_badges(card.roles),
        "rows": tell(found.rows, labels),
        "older": found.older,
        "panels": range(len(REGISTRY.panels)),
        "addresses": address_words(page),
        "roles": role_rows(page, labels),
        "openness": OPENNESS_WORDS[card.openness] if card.openness else "",
        "origin": ORIGIN_WORDS[page.origin] if page.origin else "",
        "owner": labels.get(str(card.owner_key), "") if card.owner_key else "",
        "lists": page.profile.lists,
        "may_erase": access.may_erase(viewer),
    }


def tell(rows: Sequence[TimelineRow], labels: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """Rows of a timeline in words; colleagues and desks by name (``labels``, where the caller has them)."""
    names = accounts.labels({text for row in rows for text in (row.actor, row.desk)}) if labels is None else labels
    found = [describe(rows) for describe in REGISTRY.describers]
    return [
        told(
            replace(row, actor=names.get(row.actor or ""), desk=names.get(row.desk or "")),
            [words[row.fact_id] for words in found if row.fact_id in words],
        )
        for row in rows
    ]


def told(row: TimelineRow, described: Sequence[Description] = ()) -> dict[str, Any]:
    """One row of the timeline in words, with its icon and colour."""
    if row.kind is Kind.OUTCOME:
        kind = OutcomeKind(row.title)
        money = Money(row.value_minor, row.currency) if row.value_minor is not None and row.currency else None
        return {
            "title": str(OUTCOME_WORDS[kind]),
            "tone": OUTCOME_TONES.get(kind, "cash"),
            "icon": "trophy",
            "at": row.occurred_at,
            "by": row.actor or "",
            "more": [text for text in (money.text() if money else "", row.engagement, row.desk) if text],
            "described": described,
        }
    channel = Channel(row.channel or "other")
    action = (row.action or "touch").replace("_", " ")
    ours = row.direction == Direction.OUT
    words = _("%(channel)s from us: %(action)s") if ours else _("%(channel)s from them: %(action)s")
    return {
        "title": words % {"channel": CHANNEL_WORDS[channel], "action": action},
        "tone": "quiet" if ours else "accent",
        "icon": CHANNEL_ICONS.get(channel, "point"),
        "at": row.occurred_at,
        "by": row.actor or "",
        "more": [
            text for text in (row.campaign, row.asset, _("a machine, not a person") if row.machine else "") if text
        ],
        "described": described,
    }
