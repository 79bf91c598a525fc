"""Pure decisions of the public pages: signed links, days, and what may be asked how often."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from fourfold.careers.types import FormTooFast, Link, LinkExpired, LinkKind, LinkRefused
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


# The form of an application


MOST_APPLYING = {"apply": (20, 300), "upload": (20, 300), "pick": (60, 60)}
"""What strangers may do in an hour: from one network address, and for one job. An office shares one address."""
FASTEST = timedelta(seconds=4)
LONGEST_OPEN = timedelta(days=2)


def form_mark(about: UUID, *, keys: Sequence[bytes], at: datetime) -> str:
    """What a form carries so that its answer shows when it was fetched, and for which job."""
    moment = int(at.timestamp()).to_bytes(5, "big")
    seal = hmac.digest(keys[0], b"fourfold form\n" + about.bytes + moment, "sha256")[:SEAL]
    return urlsafe_b64encode(moment + seal).decode().rstrip("=")


def check_form(mark: str, about: UUID, *, keys: Sequence[bytes], at: datetime) -> None:
    """Raises FormTooFast for a form that nobody fetched, that came back too fast, or that is days old."""
    try:
        raw = urlsafe_b64decode(mark + "=" * (-len(mark) % 4)) if mark.isascii() and len(mark) < 64 else b""
    except ValueError:
        raw = b""
    moment, seal = raw[:5], raw[5:]
    good = any(
        hmac.compare_digest(hmac.digest(key, b"fourfold form\n" + about.bytes + moment, "sha256")[:SEAL], seal)
        for key in keys
    )
    age = at - datetime.fromtimestamp(int.from_bytes(moment, "big"), UTC) if good else timedelta(0)
    if not good or age > LONGEST_OPEN:
        raise FormTooFast("Not sent yet.", "This page had been open for very long.", "Press the button once more.")
    if age < FASTEST:
        raise FormTooFast(
            "Not sent yet.", "That was faster than anybody reads: machines fill in forms so.", "Press the button again."
        )


def upload_mark(key: UUID, about: UUID, *, keys: Sequence[bytes]) -> str:
    """A file that waits for a form to be right, as the form carries it: nobody can name another's."""
    seal = hmac.digest(keys[0], b"fourfold upload\n" + about.bytes + key.bytes, "sha256")[:SEAL]
    return urlsafe_b64encode(key.bytes + seal).decode().rstrip("=")


def upload_of(mark: str, about: UUID, *, keys: Sequence[bytes]) -> UUID | None:
    """The file that a form carries, None for a mark that isn't ours."""
    try:
        raw = urlsafe_b64decode(mark + "=" * (-len(mark) % 4)) if mark.isascii() and len(mark) < 64 else b""
    except ValueError:
        return None
    key, seal = raw[:16], raw[16:]
    good = len(key) == 16 and any(
        hmac.compare_digest(hmac.digest(one, b"fourfold upload\n" + about.bytes + key, "sha256")[:SEAL], seal)
        for one in keys
    )
    return UUID(bytes=key) if good else None


def invite_of(link: Link) -> UUID:
    """Which invitation to pick a time a link is. Raises LinkRefused."""
    try:
        return UUID(hex=link.text)
    except ValueError:
        raise LinkRefused("This link doesn't open anything.", "It names no times.", "Copy it whole.") from None
