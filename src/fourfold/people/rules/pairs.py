"""How a record is laid out for the matcher."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from fourfold.people.types import MatchRow

TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof", "sir", "herr", "frau", "mme"})


def names_of(sort_name: str) -> tuple[str, str]:
    """Given and family name of a name as it sorts (last word first); one word is a family name."""
    words = [word.strip(".,") for word in sort_name.split()]
    family, given = (words[0] if words else ""), [word for word in words[1:] if word not in TITLES]
    return (given[0] if given else ""), family


def fingerprint(one: MatchRow, other: MatchRow) -> str:
    """Of all that was compared: it changes when one of the two records does."""
    parts: Sequence[object] = [
        (row.key, row.given, row.family, row.emails, row.phones, row.city, row.organisation, row.headline)
        for row in sorted((one, other), key=lambda row: row.key)
    ]
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()
