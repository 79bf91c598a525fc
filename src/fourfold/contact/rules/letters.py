"""From what somebody wrote to a letter with places for each person's values, and the lines every message ends with."""

from __future__ import annotations

import re
from collections.abc import Collection

from fourfold.contact.types import MessageClass, Slot, SlotKind, Text

PLACE = re.compile(r"\{\{\s*([a-z_][a-z0-9_]*)\s*\}\}")
FOLLOWED = re.compile(r"link_\d+")
"""A link of a template that is followed: signed for each person."""
SCORED = re.compile(r"score_(?:\d|10)_url")
"""A link that chooses a number from 0 to 10: signed for each person."""
VALUES = {
    "name": SlotKind.TEXT,
    "first_name": SlotKind.TEXT,
    "sender_name": SlotKind.TEXT,
    "why_url": SlotKind.URL,
    "stop_url": SlotKind.URL,
    "preferences_url": SlotKind.URL,
}
"""What a message may ask for, and what it is."""
LINKED = frozenset({MessageClass.MARKETING, MessageClass.ASKED_FOR})


def _kind(name: str, extra: Collection[str]) -> SlotKind | None:
    if FOLLOWED.fullmatch(name) or SCORED.fullmatch(name):
        return SlotKind.URL
    return VALUES.get(name) or (SlotKind.TEXT if name in extra else None)


def parts(text: str, extra: Collection[str] = ()) -> Text:
    """The text with its places: ``Hello {{ first_name }}`` is ("Hello ", Slot). Unknown names stay as written.

    ``extra`` are the names that this message fills in itself.
    """
    found: list[str | Slot] = []
    end = 0
    for match in PLACE.finditer(text):
        kind = _kind(match[1], extra)
        if kind is None:
            continue
        found += [text[end : match.start()], Slot(match[1], kind)]
        end = match.end()
    return tuple(one for one in (*found, text[end:]) if one)


def unknown_values(*texts: str, extra: Collection[str] = ()) -> tuple[str, ...]:
    """The names that a message asks for and nobody has, in order, each once."""
    names = [name for text in texts for name in PLACE.findall(text)]
    return tuple(dict.fromkeys(name for name in names if _kind(name, extra) is None))


def closing(message_class: MessageClass) -> str:
    """The last lines of a message in plain text: why it came, and how to stop it."""
    lines = ["Why am I hearing from you? {{ why_url }}"]
    if message_class in LINKED:
        lines += ["Stop these messages: {{ stop_url }}", "Choose what you hear from us: {{ preferences_url }}"]
    elif message_class is MessageClass.APPROACH:
        lines.append("Not interested, or not at all? {{ stop_url }}")
    return "\n-- \n" + "\n".join(lines) + "\n"


def with_closing(text: str, message_class: MessageClass) -> str:
    """The text with what of its last lines it doesn't have yet. Conversations are left as they are."""
    if message_class is MessageClass.CONVERSATION or "{{ why_url }}" in text:
        return text
    return text.rstrip() + "\n" + closing(message_class)


def with_short_closing(text: str, message_class: MessageClass) -> str:
    """As ``with_closing`` for a text message: one link, whose page says why it came and has every way to stop it."""
    if message_class is MessageClass.CONVERSATION or "{{ why_url }}" in text:
        return text
    return f"{text.rstrip()}\nWhy me, or stop: {{{{ why_url }}}}"
