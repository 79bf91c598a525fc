"""What this room adds to others' pages and deeds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from fourfold.contact import actions, queries


def merge_step(*, person_key: UUID, into_key: UUID, undo: bool) -> None:
    """Of messages that wait for both, one is left; what was dropped stays dropped when it is undone."""
    if not undo:
        actions.join(person_key=person_key, into_key=into_key)


def erase_step(*, person_keys: Collection[UUID]) -> int:
    """Addresses, words and mails."""
    return actions.forget(keys=person_keys)


def export_step(*, person_keys: Collection[UUID]) -> Mapping[str, Any]:
    """What was sent, decided and received."""
    return queries.held_about(person_keys)
