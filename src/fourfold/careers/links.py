"""The addresses of the public pages, signed with the house's own keys."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from fourfold.careers import rules
from fourfold.careers.types import Link, LinkKind
from fourfold.contact.types import MessageClass
from fourfold.people.types import Purpose

PAGES = {
    LinkKind.WHY: "why",
    LinkKind.STOP: "stop",
    LinkKind.PREFERENCES: "preferences",
    LinkKind.HOUR: "your_data",
    LinkKind.CLICK: "click",
    LinkKind.OPEN: "opened",
    LinkKind.SCORE: "survey",
    LinkKind.SLOT: "slots",
}


def read(token: str, *, kind: LinkKind, at: datetime) -> Link:
    """What a link says. Raises LinkRefused, LinkExpired."""
    return rules.read(token, kind=kind, keys=settings.LINK_KEYS, at=at)


@cache
def _around(page: str) -> tuple[str, str]:
    """A page's address before and after its token: looked up once, for thousands of links."""
    before, _, after = reverse(page, args=["TOKEN"]).partition("TOKEN")
    return before, after


def path(link: Link) -> str:
    """The page that a link opens, without the house's address."""
    before, after = _around(PAGES[link.kind])
    return f"{before}{rules.sign(link, keys=settings.LINK_KEYS)}{after}"


AT_HOME = "http://localhost:8000"
"""Where a house without a public address is found, by those who sit at its machine."""


def _url(link: Link, base: str = AT_HOME) -> str:
    return (settings.PUBLIC_URL or base) + path(link)


def hour_url(*, person_key: UUID, base: str, at: datetime) -> str:
    """Somebody's own data, for one hour from ``at``; ``base`` is where they are, for a house without an address."""
    return _url(Link(kind=LinkKind.HOUR, person_key=person_key, until=at + rules.HOUR), base)


class SignedLinks:
    """Fills ``contact.types.links.PublicLinks``; what each method gives stands there."""

    def why_url(
        self, *, person_key: UUID, message_class: MessageClass, purpose: Purpose, delivery: UUID | None = None
    ) -> str:
        return _url(
            Link(
                kind=LinkKind.WHY,
                person_key=person_key,
                message_class=message_class,
                purpose=purpose,
                delivery=delivery,
            )
        )

    def stop_url(self, *, person_key: UUID, purpose: Purpose, topic: str = "", delivery: UUID | None = None) -> str:
        return _url(
            Link(kind=LinkKind.STOP, person_key=person_key, purpose=purpose, text=topic[:60], delivery=delivery)
        )

    def preferences_url(self, *, person_key: UUID) -> str:
        return _url(Link(kind=LinkKind.PREFERENCES, person_key=person_key))

    def click_url(self, *, person_key: UUID, target: str, delivery: UUID | None = None) -> str:
        return _url(Link(kind=LinkKind.CLICK, person_key=person_key, text=target, delivery=delivery))

    def score_url(self, *, person_key: UUID, score: int, delivery: UUID) -> str:
        return _url(Link(kind=LinkKind.SCORE, person_key=person_key, text=str(score), delivery=delivery))

    def slot_url(self, *, person_key: UUID, invite: UUID) -> str:
        return _url(Link(kind=LinkKind.SLOT, person_key=person_key, text=invite.hex))

    def open_url(self, *, person_key: UUID, delivery: UUID | None = None) -> str:
        if not settings.TRACK_OPENS:
            return ""
        return _url(Link(kind=LinkKind.OPEN, person_key=person_key, delivery=delivery))
