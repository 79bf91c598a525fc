"""What this room adds to others' pages and deeds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fourfold.accounts.types import Viewer
from fourfold.contact import actions, pages, queries
from fourfold.people.types import PanelContent, TodayEntry, TodayGroup


def merge_step(*, person_key: UUID, into_key: UUID, undo: bool) -> None:
    """Of messages that wait for both, one is left; what was dropped stays dropped when it is undone."""
    if not undo:
        actions.join(person_key=person_key, into_key=into_key)


def erase_step(*, person_keys: Collection[UUID]) -> int:
    """Addresses, words and mails."""
    return actions.forget(keys=person_keys)


def export_step(*, person_keys: Collection[UUID]) -> Mapping[str, Any]:
    """What was sent, decided and received."""
    return queries.held_about(person_keys)


def contact_panel(person_key: UUID, viewer: Viewer, at: datetime) -> PanelContent | None:
    """On a person's page: may I write or ring, and what went out lately."""
    return PanelContent(_("May I contact them?"), "contact/panel.html", pages.panel_values(viewer, person_key, at))


def asks_waiting(viewer: Viewer, at: datetime) -> TodayGroup | None:
    """On Today: colleagues who ask whether they may write to people the viewer speaks with."""
    rows = queries.asks_to(viewer, at=at)
    if not rows:
        return None
    entries = [
        TodayEntry(
            title=row.person,
            why=_("%(who)s asks whether they may write") % {"who": row.asked_by},
            action_label=_("Answer"),
            url=reverse("contact_asks"),
            icon="message",
            at=row.at,
        )
        for row in rows[:8]
    ]
    heading = ngettext("%(n)s colleague asks you", "%(n)s questions of colleagues", len(rows)) % {"n": len(rows)}
    about = _("Without an answer, each becomes a yes")
    return TodayGroup(heading, about, len(rows), entries, reverse("contact_asks"))


def mails_waiting(viewer: Viewer, at: datetime) -> TodayGroup | None:
    """On Today: answers that need the viewer, the gravest first."""
    count, rows = queries.waiting(viewer, limit=8)
    if not count:
        return None
    entries = []
    for row in rows:
        said, _tone = pages.badge(row)
        entries.append(
            TodayEntry(
                title=row.person or row.address or _("Nobody we know"),
                why=f"{said} · {row.words[:100] or row.subject}",
                action_label=_("Look"),
                url=reverse("inbox_mail", args=[row.key]),
                icon="mail",
                at=row.at,
            )
        )
    heading = ngettext("%(n)s mail needs you", "%(n)s mails need you", count) % {"n": count}
    return TodayGroup(heading, _("Answers that somebody should look at"), count, entries, reverse("inbox"))


def mails_from_elsewhere(viewer: Viewer, at: datetime) -> TodayGroup | None:
    """On Today, for their sender only: mails sent from elsewhere that would not have left here."""
    rows = queries.sent_elsewhere(viewer, at=at, blocked=True)
    if not rows:
        return None
    entries = []
    for row in rows[:8]:
        line = pages.elsewhere_line(row)
        entries.append(
            TodayEntry(
                title=row.person,
                why=" · ".join(one for one in (line["verdict"], line["rule"], row.subject) if one),
                action_label=_("Why"),
                url=reverse("receipt", args=[row.receipt]),
                icon="scale",
                at=row.at,
            )
        )
    about = _("Each counts; here it would have been held or refused")
    more = reverse("inbox") + "?show=elsewhere"
    return TodayGroup(_("Mail you sent from elsewhere"), about, len(rows), entries, more)
