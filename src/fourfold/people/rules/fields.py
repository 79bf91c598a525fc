"""What an added field can hold, and how a text becomes its value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from urllib.parse import urlsplit

from fourfold.people.rules.persons import plain
from fourfold.people.types import FieldKind, FieldValue

_YES = frozenset({"yes", "y", "true", "1", "ja", "oui", "si", "sí"})
_NO = frozenset({"no", "n", "false", "0", "nein", "non"})


def field_value(kind: FieldKind, text: str, options: Sequence[str] = ()) -> FieldValue | None:
    """The value of a text in a field of this kind, or None where the field can't hold it.

    Numbers take a point or grouped thousands (``12,400.5``), dates ISO 8601 (``2026-11-22``), links http or https.
    """
    value = text.strip()
    if not value:
        return None
    if kind is FieldKind.NUMBER:
        return _number(value)
    if kind is FieldKind.DATE:
        return _day(value)
    if kind is FieldKind.YES_NO:
        known = "yes" if value.lower() in _YES else "no" if value.lower() in _NO else ""
        return FieldValue(text=known) if known else None
    if kind is FieldKind.CHOICE:
        chosen = next((option for option in options if option.casefold() == value.casefold()), "")
        return FieldValue(text=chosen) if chosen else None
    if kind is FieldKind.LINK and not _is_link(value):
        return None
    return FieldValue(text=value[:2000])


def field_slug(label: str) -> str:
    """How filters and files name an added field: “Day rate (GBP)” → ``day-rate-gbp``."""
    return re.sub(r"[^a-z0-9]+", "-", plain(label)).strip("-")[:60] or "field"


def _number(value: str) -> FieldValue | None:
    bare = value.replace(",", "") if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", value) else value
    return FieldValue(text=value, number=float(bare)) if re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,10})?", bare) else None


def _day(value: str) -> FieldValue | None:
    try:
        return FieldValue(text=value[:10], day=date.fromisoformat(value[:10]))
    except ValueError:
        return None


def _is_link(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:  # brackets that hold no address
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
