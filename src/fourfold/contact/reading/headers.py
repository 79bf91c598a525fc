"""Header fields of mail that strangers wrote: decoded, freed of control characters, bounded, never an error."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from fourfold.contact.types.inbound import Party

LONGEST_FIELD = 20_000
MOST_ADDRESSES = 200
MOST_IDS = 100
EARLIEST, LATEST = 1990, 2100  # a Date outside these years says nothing

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+")
_ID = re.compile(r"<([^<>\s]{1,500})>")
_BARE_ID = re.compile(r"[^<>\s,;\"']{1,300}@[^<>\s,;\"']{1,200}")
_ADDRESS = re.compile(r"[^\s<>\"'(),:;@\[\]]{1,128}@[^\s<>\"'(),:;@\[\]]{1,253}")


def decoded(data: bytes, charset: str | None) -> str:
    """The text of these bytes. An unknown or wrong charset is guessed: UTF-8, else Windows-1252, never an error."""
    for name in (charset or "utf-8", "utf-8"):
        try:
            return data.decode(name)
        except (LookupError, UnicodeError, ValueError):
            continue
    return data.decode("cp1252", "replace")


def clean(value: str) -> str:
    """One line without control characters, null bytes or marks that turn the direction of reading."""
    return " ".join(_CONTROL.sub(" ", value).split())


def raw_fields(message: Message, name: str) -> list[str]:
    """All values of a field as text, bounded in length. Bytes outside ASCII are read as UTF-8, else Windows-1252."""
    found = []
    for value in message.get_all(name, []):
        text = str(value)[:LONGEST_FIELD]
        if any("\udc80" <= one <= "\udcff" for one in text):
            text = decoded(text.encode("utf-8", "surrogateescape"), None)
        found.append(text)
    return found


def field(message: Message, name: str) -> str:
    """The first value of a field, decoded (RFC 2047) and cleaned; "" if there is none."""
    values = raw_fields(message, name)
    return clean(words(values[0])) if values else ""


def words(value: str) -> str:
    """A field's value with its encoded words decoded; what can't be decoded stays as it stands."""
    if "=?" not in value:
        return value
    try:
        parts = decode_header(value)
    except (MessageError, ValueError, LookupError, ArithmeticError):
        return value
    return "".join(
        decoded(part, None if charset in (None, "unknown-8bit") else charset) if isinstance(part, bytes) else part
        for part, charset in parts
    )


def message_ids(message: Message, name: str) -> tuple[str, ...]:
    """The message ids of a field without brackets, each once, in their order."""
    value = " ".join(raw_fields(message, name))
    found = _ID.findall(value) or _BARE_ID.findall(value)
    ids = dict.fromkeys(clean(one) for one in found)
    return tuple(ids)[:MOST_IDS]


def parties(message: Message, name: str) -> tuple[Party, ...]:
    """The addresses of a field in lower-case domain form; a field that no parser takes gives what looks like one."""
    values = [" ".join(value.split()) for value in raw_fields(message, name)]
    try:
        pairs = getaddresses(values)
    except (ValueError, IndexError, TypeError, AttributeError, RecursionError):
        pairs = []
    found = [Party(_address(address), clean(words(given))) for given, address in pairs if _ADDRESS.fullmatch(address)]
    if not found:
        found = [Party(_address(one)) for one in _ADDRESS.findall(" ".join(values))]
    return tuple(found[:MOST_ADDRESSES])


def _address(value: str) -> str:
    local, _, domain = clean(value).rpartition("@")
    return f"{local}@{domain.lower()}"


def addresses_in(text: str) -> list[str]:
    """What looks like an e-mail address in a text, each once, in its order."""
    return list(dict.fromkeys(_address(one.strip(".")) for one in _ADDRESS.findall(text)))


def sent_at(message: Message) -> datetime | None:
    """The Date field in UTC; None where it is missing, unreadable or outside the years that mail was sent in."""
    for value in raw_fields(message, "Date")[:1]:
        try:
            moment = parsedate_to_datetime(clean(value))
            moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
            return None
        return moment if EARLIEST <= moment.year <= LATEST else None
    return None
