"""Somebody's wishes in plain words: the panel on their page, and the page of all they said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.template.defaultfilters import date as day_words
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fourfold.accounts.types import Viewer
from fourfold.people import access, queries, rules
from fourfold.people.forms.wishes import CHANNEL_WORDS, PURPOSE_WORDS
from fourfold.people.types import (
    ConsentEvent,
    NoticeFacts,
    NoticeState,
    Purpose,
    Standing,
    SubscriptionRow,
    Wish,
    WishKind,
)

ASKED_WORDS = {
    WishKind.NOT_AT_WORK: gettext_lazy("Asked not to be reached at work"),
    WishKind.NO_CALLS: gettext_lazy("Asked not to be called"),
    WishKind.NOT_NOW: gettext_lazy("Said not now"),
}
CLEARED_WORDS = {
    WishKind.NOT_AT_WORK: gettext_lazy("May be reached at work again"),
    WishKind.NO_CALLS: gettext_lazy("May be called again"),
    WishKind.NOT_NOW: gettext_lazy("May be written to again"),
}
EVENT_WORDS = {
    ConsentEvent.CONSENTED: gettext_lazy("Agreed to %(what)s"),
    ConsentEvent.WITHDREW: gettext_lazy("Took back the consent to %(what)s"),
    ConsentEvent.SOFT_OPT_IN: gettext_lazy("Gave the address when dealing with us, and may be sent %(what)s"),
    ConsentEvent.OBJECTED: gettext_lazy("Objected to %(what)s"),
    ConsentEvent.LIFTED: gettext_lazy("Lifted the objection to %(what)s"),
    ConsentEvent.TOLD: gettext_lazy("Was told what we keep, why, and how to stop it"),
    ConsentEvent.ASSESSED: gettext_lazy("Our interest in %(what)s was weighed against theirs and written down"),
}
EVENT_ICONS = {
    ConsentEvent.CONSENTED: "circle-check",
    ConsentEvent.SOFT_OPT_IN: "circle-check",
    ConsentEvent.WITHDREW: "minus",
    ConsentEvent.OBJECTED: "hand-stop",
    ConsentEvent.LIFTED: "replace",
    ConsentEvent.TOLD: "mail",
    ConsentEvent.ASSESSED: "scale",
    ConsentEvent.ASKED: "clock",
}
EVENT_TONES = {ConsentEvent.OBJECTED: "danger", ConsentEvent.CONSENTED: "success", ConsentEvent.SOFT_OPT_IN: "success"}


def what(purpose: Purpose, channel: str = "") -> str:
    """The purpose and the way, in words: “news and events by e-mail”."""
    words = str(PURPOSE_WORDS[purpose])
    return f"{words} {CHANNEL_WORDS.get(channel, channel)}" if channel else words


def wish_words(wish: Wish) -> str:
    if wish.event is not ConsentEvent.ASKED:
        return str(EVENT_WORDS[wish.event]) % {"what": what(wish.purpose, wish.channel)}
    text = wish.wording.removeprefix(rules.NO_LONGER)
    kind, _colon, until = text.partition(":")
    if kind not in set(WishKind):
        return _("Said how they want to be reached")
    words = (CLEARED_WORDS if wish.wording.startswith(rules.NO_LONGER) else ASKED_WORDS)[WishKind(kind)]
    if not until:
        return str(words)
    return _("%(words)s, until %(day)s") % {"words": words, "day": day_words(date.fromisoformat(until), "j M Y")}


def subscription_entries(rows: Sequence[SubscriptionRow]) -> list[dict[str, Any]]:
    """What they asked to be sent, and how often."""
    return [
        {
            "text": _("Asked for %(topic)s, %(rhythm)s") % {"topic": one.topic, "rhythm": one.rhythm},
            "tone": "success",
            "icon": "rss",
            "more": _("since %(day)s") % {"day": day_words(one.since, "j M Y")},
        }
        for one in rows
    ]


def _objection_words(purpose: Purpose, channel: str) -> str:
    if purpose is not Purpose.ALL:
        return _("No %(what)s") % {"what": what(purpose, channel)}
    if channel:
        return _("Don't contact them %(way)s") % {"way": CHANNEL_WORDS.get(channel, channel)}
    return _("Don't contact them at all")


def standing_entries(standing: Standing) -> list[dict[str, Any]]:
    """What stands, the strictest first: words, tone, icon, and what ends it."""
    found: list[dict[str, Any]] = [
        {
            "text": _objection_words(purpose, channel),
            "tone": "danger",
            "icon": "hand-stop",
            "lift": {"purpose": purpose.value, "channel": channel},
        }
        for purpose, channel in sorted(standing.objected)
    ]
    if standing.paused_until:
        text = _("Not now: from %(day)s") % {"day": day_words(standing.paused_until, "j M Y")}
        found.append({"text": text, "tone": "warning", "icon": "clock", "clear": WishKind.NOT_NOW.value})
    if standing.not_at_work:
        text = _("Not at work")
        found.append({"text": text, "tone": "warning", "icon": "building", "clear": WishKind.NOT_AT_WORK.value})
    if standing.no_calls:
        found.append({"text": _("No calls"), "tone": "warning", "icon": "phone", "clear": WishKind.NO_CALLS.value})
    found += [
        {
            "text": _("Agreed to %(what)s") % {"what": what(one.purpose, one.channel)},
            "tone": "success",
            "icon": "circle-check",
            "more": _("since %(day)s") % {"day": day_words(one.at, "j M Y")},
        }
        for one in standing.consents
    ]
    return found


def notice_words(notice: NoticeFacts | None, at: datetime) -> dict[str, Any] | None:
    """Whether they were told where we have their data from, in a sentence."""
    if notice is None or notice.state is NoticeState.NOT_OWED:
        return None
    day = day_words(notice.due_at, "j M Y")
    if notice.state is NoticeState.TOLD:
        done = day_words(notice.done_at, "j M Y")
        return {"text": _("Told on %(day)s where we have their data from") % {"day": done}, "tone": "success"}
    if notice.state is NoticeState.DECLARED:
        return {"text": _("Declared at import: %(words)s") % {"words": notice.declared[:200]}, "tone": "quiet"}
    if notice.due_at < at:
        text = _("Should have been told by %(day)s where we have their data from") % {"day": day}
        return {"text": text, "tone": "danger", "owed": True}
    text = _("Must be told by %(day)s where we have their data from") % {"day": day}
    return {"text": text, "tone": "warning", "owed": True}


def wishes_values(viewer: Viewer, key: UUID, at: datetime) -> dict[str, Any]:
    page = queries.wishes_page(viewer, key, at=at)
    return {
        "key": page.key,
        "entries": standing_entries(page.standing) + subscription_entries(page.subscriptions),
        "notice": notice_words(page.notice, at),
        "rows": len(page.wishes),
        "guarded": page.guarded,
    }


def wishes_context(viewer: Viewer, key: UUID, at: datetime) -> dict[str, Any]:
    """The page of all somebody said. Raises PersonNotFound."""
    page = queries.wishes_page(viewer, key, at=at)
    return {
        "page": page,
        "entries": standing_entries(page.standing) + subscription_entries(page.subscriptions),
        "notice": notice_words(page.notice, at),
        "may_keep": access.may_keep(viewer),
        "rows": [
            {
                "title": wish_words(one),
                "at": one.at,
                "icon": EVENT_ICONS[one.event],
                "tone": EVENT_TONES.get(one.event, "quiet"),
                "by": one.by,
                "more": [text for text in (_more(one), one.evidence) if text],
            }
            for one in page.wishes
        ],
    }


def _more(one: Wish) -> str:
    parts = [one.source]
    if one.wording and one.event is not ConsentEvent.ASKED:
        parts.append(_("in the words of “%(version)s”") % {"version": one.wording})
    if one.brand:
        parts.append(_("to %(brand)s") % {"brand": one.brand})
    if one.expires_at:
        parts.append(_("until %(day)s") % {"day": day_words(one.expires_at, "j M Y")})
    return " · ".join(parts)
