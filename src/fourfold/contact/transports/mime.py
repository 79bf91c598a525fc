"""A message built once and filled per person by joining bytes.

What a person's value can change is a few lines: the others are folded, quoted and encoded when the skeleton is built.
A value is escaped for the place it stands in and checked: it can't begin a header, a part or a tag.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from uuid import UUID

from fourfold.contact.transports.headers import (
    MESSAGE_ID,
    URL,
    address_header,
    envelope_address,
    plain_header,
    text_header,
)
from fourfold.contact.transports.quoted import lines, quoted
from fourfold.contact.types.transport import Addressed, CannotSend, Filled, Letter, Slot, SlotKind, Text

LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\s\x00-\x20\x7f\"'<>\\^`{|}]+")
SURROGATE = re.compile(r"[\ud800-\udfff]")
METHOD = re.compile(r"^METHOD:(REQUEST|CANCEL|PUBLISH)\r?$", re.MULTILINE)
UNTOUCHED = re.compile(r"[ !#-%(-;=?-~]*")  # nothing here needs escaping in HTML
PART = 'Content-Type: text/{}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n'


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that a person's values complete; its fixed pieces are quoted already."""

    pieces: Text
    markup: bool


def message_id(key: UUID, domain: str) -> str:
    """The Message-ID of a delivery, with its angle brackets. ``domain`` has come from ``envelope_address``."""
    return f"<{key}@{domain}>"


class Skeleton:
    """A letter made ready. Raises CannotSend, here and in ``fill``, for what can't be sent as it is."""

    def __init__(self, letter: Letter) -> None:
        sender = letter.sender
        address = envelope_address(sender.address)
        self._domain = address.rpartition("@")[2]
        self._first = address_header("From", "The sender's name", sender.name, address)
        if sender.reply_to:
            self._first += address_header("Reply-To", "The answer's address", "", envelope_address(sender.reply_to))
        rest = []
        if letter.feedback_id:
            rest.append(plain_header("Feedback-ID", letter.feedback_id))
        if letter.automatic:
            rest.append(b"Auto-Submitted: auto-generated\r\n")
        if letter.loop_mark:
            rest.append(plain_header("X-Loop", letter.loop_mark))
        self._subject = letter.subject
        self._fixed_subject = b"" if _slots(letter.subject) else self._subject_line({})
        text, markup = _compiled(letter.text, False), _compiled(letter.html, True)
        if letter.html or letter.calendar:
            border = "=_" + hashlib.sha256(repr((letter.text, letter.html)).encode()).hexdigest()[:32]
            rest.append(
                f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary="{border}"\r\n'.encode()
            )
            # A line of quoted-printable or base64 never holds "=_", so no value can imitate the border.
            body: tuple[str | _Line, ...] = (f"--{border}\r\n{PART.format('plain')}\r\n", *text)
            if letter.html:
                body += (f"\r\n--{border}\r\n{PART.format('html')}MIME-Version: 1.0\r\n\r\n", *markup)
            if letter.calendar:
                body += (f"\r\n--{border}\r\n{_invitation(letter.calendar)}",)
            body += (f"\r\n--{border}--\r\n",)
        else:
            rest.append(f"{PART.format('plain')}MIME-Version: 1.0\r\n".encode())
            body = text
        self._last = b"".join(rest)
        self._body = body
        fixed = [one for one in body if isinstance(one, str)]
        self._fixed_body = "".join(fixed).encode() if len(fixed) == len(body) else b""

    def fill(self, to: Addressed) -> Filled:
        """One person's message."""
        address = envelope_address(to.to_address)
        head = [
            self._first,
            address_header("To", "The person's name", to.to_name, address),
            self._fixed_subject or self._subject_line(to.values),
            b"Date: %s\r\nMessage-ID: <%s@%s>\r\n"
            % (_date(to.at.replace(microsecond=0)), str(to.key).encode(), self._domain.encode()),
        ]
        if to.answers:
            head += _thread(to.answers)
        if to.unsubscribe_url or to.unsubscribe_mail:
            head += _unsubscribe(to.unsubscribe_url, to.unsubscribe_mail)
        head.append(self._last)
        return Filled(b"".join(head), self._fixed_body or self._filled_body(to.values))

    def _subject_line(self, values: Mapping[str, str]) -> bytes:
        subject = "".join([_value(one, values) if isinstance(one, Slot) else one for one in self._subject])
        return text_header("Subject", "The subject", subject)

    def _filled_body(self, values: Mapping[str, str]) -> bytes:
        done: list[str] = []
        known: dict[tuple[str, SlotKind, bool], str] = {}
        for one in self._body:
            if isinstance(one, str):
                done.append(one)
            else:
                markup = one.markup
                line = []
                for piece in one.pieces:
                    if isinstance(piece, str):
                        line.append(piece)
                        continue
                    place = (piece.name, piece.kind, markup)
                    value = known.get(place)
                    if value is None:
                        value = known[place] = quoted(_placed(piece, values, markup))
                    line.append(value)
                done.append(lines("".join(line)))
        return "".join(done).encode("ascii")


def _invitation(calendar: str) -> str:
    """An invitation as the last of the alternatives: the one that a program which knows calendars shows (RFC 6047)."""
    method = METHOD.search(calendar)
    if method is None:
        raise CannotSend(
            "This message was not made.",
            "Its invitation doesn't say whether it asks, changes or cancels.",
            "Make the invitation anew from the interview's page.",
        )
    head = f'Content-Type: text/calendar; charset="utf-8"; method={method[1]}\r\n'
    content = base64.encodebytes(calendar.encode()).decode().replace("\n", "\r\n")
    return f"{head}Content-Transfer-Encoding: base64\r\n\r\n{content}"


def _slots(text: Text) -> list[Slot]:
    return [one for one in text if isinstance(one, Slot)]


def _compiled(text: Text, markup: bool) -> tuple[str | _Line, ...]:
    """A text as finished lines, each run of them one piece, and lines that wait for values."""
    rows: list[list[str | Slot]] = [[]]
    for piece in text:
        if isinstance(piece, Slot):
            rows[-1].append(piece)
            continue
        first, *others = piece.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        rows[-1].append(first)
        rows += [[one] for one in others]
    if rows[-1] == [""] and len(rows) > 1:
        rows.pop()
    done: list[str | _Line] = []
    for row in rows:
        pieces = tuple(_quoted_piece(one) for one in row)
        if _slots(pieces):
            done.append(_Line(pieces, markup))
        elif done and isinstance(done[-1], str):
            done[-1] += lines("".join(map(str, pieces)) or "")
        else:
            done.append(lines("".join(map(str, pieces))))
    return tuple(done)


def _quoted_piece(piece: str | Slot) -> str | Slot:
    return piece if isinstance(piece, Slot) else quoted(_whole(piece, "The text"))


def _value(slot: Slot, values: Mapping[str, str]) -> str:
    try:
        return values[slot.name]
    except KeyError:
        raise CannotSend(
            "This message was not made.",
            f"It has a place for “{slot.name}”, and nothing was given for it.",
            "Fill it in for this person, or take it out of the text.",
        ) from None


def _placed(slot: Slot, values: Mapping[str, str], markup: bool) -> str:
    """A slot's value, checked and escaped for a text or for HTML."""
    value = _whole(_value(slot, values), f"“{slot.name}”")
    if slot.kind is SlotKind.URL and not LINK.fullmatch(value):
        raise CannotSend(
            "This message was not made.",
            f"“{slot.name}” should be a web address and isn't one that is safe to link to.",
            "Use an address that begins with https://.",
        )
    if not markup or slot.kind is SlotKind.READY or UNTOUCHED.fullmatch(value):
        return value
    return html.escape(value)


def _whole(value: str, what: str) -> str:
    if "\0" in value or (not value.isascii() and SURROGATE.search(value)):
        raise CannotSend(
            "This message was not made.",
            f"{what} holds a character that no message may hold.",
            "Type it again; it may have been damaged by an import.",
        )
    return value


@lru_cache(maxsize=64)
def _date(at: datetime) -> bytes:
    return format_datetime(at.astimezone(UTC)).encode()


def _thread(answers: Sequence[str]) -> list[bytes]:
    """In-Reply-To and References. A Message-ID that isn't one is left out: it came from outside."""
    known = [f"<{one}>" for one in answers if MESSAGE_ID.fullmatch(one)][-20:]
    if not known:
        return []
    folded = "\r\n ".join(known)
    return [f"In-Reply-To: {known[-1]}\r\nReferences: {folded}\r\n".encode()]


def _unsubscribe(url: str, address: str) -> list[bytes]:
    """List-Unsubscribe and, for one click, List-Unsubscribe-Post (RFC 2369, RFC 8058)."""
    ways = [url] if url else []
    if url and not URL.fullmatch(url):
        raise CannotSend(
            "This message was not made.",
            "The address of its one-click unsubscribe isn't a web address.",
            "Set the address under which people reach this house's public pages.",
        )
    if address:
        ways.append(f"mailto:{envelope_address(address)}?subject=unsubscribe")
    made = [plain_header("List-Unsubscribe", ", ".join(f"<{way}>" for way in ways))]
    return [*made, b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"] if url else made
