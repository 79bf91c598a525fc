"""Pure decisions of the public pages: signed links, days, and what may be asked how often."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from fourfold.careers.types import Link, LinkExpired, LinkKind, LinkRefused
from fourfold.contact.types import MessageClass
from fourfold.people.types import Purpose

VERSION = 1
HOUR = timedelta(hours=1)
SEAL = 16
"""Bytes of the signature that a link carries: 128 bits of HMAC-SHA-256."""
LONGEST_TARGET = 1500
LONGEST_TOKEN = 2400

# The numbers stand in links that were sent: none is ever given to another word.
KINDS = {
    LinkKind.WHY: 1,
    LinkKind.STOP: 2,
    LinkKind.PREFERENCES: 3,
    LinkKind.HOUR: 4,
    LinkKind.CLICK: 5,
    LinkKind.OPEN: 6,
    LinkKind.SCORE: 7,
    LinkKind.SLOT: 8,
}
CLASSES = {
    MessageClass.MARKETING: 1,
    MessageClass.ASKED_FOR: 2,
    MessageClass.APPROACH: 3,
    MessageClass.WORKING: 4,
    MessageClass.CONVERSATION: 5,
    MessageClass.SERVICE: 6,
    MessageClass.LEGAL: 7,
}
PURPOSES = {
    Purpose.MARKETING: 1,
    Purpose.APPROACH: 2,
    Purpose.JOB_ALERTS: 3,
    Purpose.WORKING: 4,
    Purpose.SURVEY: 5,
    Purpose.ALL: 6,
}

KIND_OF = {number: kind for kind, number in KINDS.items()}
CLASS_OF = {number: one for one, number in CLASSES.items()}
PURPOSE_OF = {number: purpose for purpose, number in PURPOSES.items()}


def sign(link: Link, *, keys: Sequence[bytes]) -> str:
    """The link as URL-safe text, signed with the first key.

    Form: version, kind, class, purpose and whether a delivery follows, a byte each; person key; delivery key; five
    bytes of seconds for a link that expires; text; signature. 70 letters for a why-link with its delivery.

    Raises ValueError for a click's target that is no http address, for an hour link without an end, or for one of
    another kind with an end.
    """
    if link.kind is LinkKind.CLICK and not is_web_address(link.text):
        raise ValueError(f"no address to lead to: {link.text!r}")
    if (link.kind is LinkKind.HOUR) is not (link.until is not None):
        raise ValueError("an hour link needs an end, no other may have one")
    body = _pack(link)
    return urlsafe_b64encode(body + _seal(keys[0], body)).decode().rstrip("=")


def _pack(link: Link) -> bytes:
    head = bytes(
        (
            VERSION << 4 | KINDS[link.kind],
            CLASSES[link.message_class] if link.message_class else 0,
            (PURPOSES[link.purpose] if link.purpose else 0) << 1 | bool(link.delivery),
        )
    )
    end = int(link.until.timestamp()).to_bytes(5, "big") if link.until else b""
    return head + link.person_key.bytes + (link.delivery.bytes if link.delivery else b"") + end + link.text.encode()


def _seal(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, b"fourfold link\n" + body, "sha256")[:SEAL]


def read(token: str, *, kind: LinkKind, keys: Sequence[bytes], at: datetime) -> Link:
    """What a link of this kind says. Every key is tried, so that links signed before a change of keys still open.

    Raises LinkRefused for one that is cut, changed or of another kind; LinkExpired for one whose hour has passed.
    """
    body = _unsealed(token, keys)
    link = _unpacked(body) if body else None
    if link is None or link.kind is not kind:
        raise LinkRefused(
            "This link doesn't open anything.",
            "It was cut or changed on its way, perhaps by a line break in a mail.",
            "Copy the whole link from the message, or answer the message itself.",
        )
    if link.until is not None and at >= link.until:
        raise LinkExpired(
            "This link has run out.",
            "It works for one hour, so that nobody who finds the mail later can read your data.",
            "Ask for a fresh one on the page it came from; it takes a minute.",
        )
    return link


def _unsealed(token: str, keys: Sequence[bytes]) -> bytes | None:
    """The body of a token whose signature is right. Only the one spelling that ``sign`` gives is accepted."""
    if len(token) > LONGEST_TOKEN or not token.isascii():
        return None
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    if urlsafe_b64encode(raw).decode().rstrip("=") != token or len(raw) < 3 + 16 + SEAL:
        return None
    body, seal = raw[:-SEAL], raw[-SEAL:]
    fits = [hmac.compare_digest(_seal(key, body), seal) for key in keys]
    return body if any(fits) else None


def _unpacked(body: bytes) -> Link | None:
    version, number = divmod(body[0], 16)
    kind = KIND_OF.get(number)
    if version != VERSION or kind is None:
        return None
    has_delivery, rest = body[2] & 1, body[19:]
    delivery = UUID(bytes=rest[:16]) if has_delivery else None
    rest = rest[16:] if has_delivery else rest
    until = None
    if kind is LinkKind.HOUR:
        until, rest = datetime.fromtimestamp(int.from_bytes(rest[:5], "big"), UTC), rest[5:]
    return Link(
        kind=kind,
        person_key=UUID(bytes=body[3:19]),
        delivery=delivery,
        message_class=CLASS_OF.get(body[1]),
        purpose=PURPOSE_OF.get(body[2] >> 1),
        until=until,
        text=rest.decode(),
    )


def is_web_address(text: str) -> bool:
    """Whether a click may lead there: a whole http or https address without blanks or control characters."""
    if not text.isprintable() or " " in text or len(text) > LONGEST_TARGET:
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and "\\" not in text
    except ValueError:
        return False


def in_months(day: date, months: int) -> date:
    """The same day so many months later, or the month's last."""
    year, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError(day)


def stop_purpose(link: Link) -> Purpose:
    """What a stop link ends where it names no subscription: its purpose, or everything."""
    return link.purpose or Purpose.ALL


# How often within an hour: (by one link's person, by one network address).
MOST_AN_HOUR: dict[str, tuple[int, int]] = {
    "letter": (3, 20),
    "change": (60, 300),
    "take out": (12, 60),
    "survey": (30, 300),
}
"""An objection and a one-click stop are never counted: nobody is kept from saying no."""
