"""Keys of things, and keyed hashes of what must not be readable in the ledger."""

from __future__ import annotations

import hmac
from uuid import UUID, uuid4, uuid5

FACTS = UUID("7d1f0b3a-4c52-5e0b-9a57-6f6f75726664")
"""Name space of fact ids: ``uuid5(FACTS, source + newline + keyed hash of source_ref + revision)``."""


def new_key() -> UUID:
    """A new random key for a person, an organisation, a batch …"""
    return uuid4()


def keyed_hash(key: bytes, text: str) -> str:
    """HMAC-SHA-256 of ``text``, 32 hexadecimal digits. Without ``key`` it can't be guessed back."""
    return hmac.digest(key, text.encode(), "sha256").hex()[:32]


def fact_id(source: str, ref_hash: str, revision: int = 0) -> UUID:
    """The id of a fact: the same source, reference and revision always give the same id."""
    return uuid5(FACTS, f"{source}\n{ref_hash}\n{revision}")
