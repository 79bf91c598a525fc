"""What this room adds to others' deeds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from fourfold.surveys import actions, queries


def merge_step(*, person_key: UUID, into_key: UUID, undo: bool) -> None:
    """Of invitations that wait for both, one is left; what was dropped stays dropped when it is undone."""
    if not undo:
        actions.join(person_key=person_key, into_key=into_key)


def erase_step(*, person_keys: Collection[UUID]) -> int:
    """Whose invitations they were, and words that aren't counted yet."""
    return actions.forget(keys=person_keys)


def export_step(*, person_keys: Collection[UUID]) -> Mapping[str, Any]:
    """What they were asked, never what they answered: others than they read exports."""
    return queries.held_about(person_keys)
