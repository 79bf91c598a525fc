"""Things, notes and tasks for the tests of this room."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from fourfold.accounts.types import Viewer
from fourfold.work import actions
from fourfold.work.types import NewTask

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
TODAY = date(2026, 3, 2)
THING = UUID("11111111-1111-4111-8111-111111111111")
OLD = UUID("22222222-2222-4222-8222-222222222222")
CLOSED = UUID("33333333-3333-4333-8333-333333333333")


def note(viewer: Viewer, text: str = "Rang, no answer", key: UUID = THING, at: datetime = NOON) -> UUID:
    return actions.write_note(about=("thing", key), text=text, viewer=viewer, at=at)


def task(viewer: Viewer, owner: Viewer | None = None, **values: Any) -> UUID:
    new = NewTask(**{"title": "Ring back", "owner_key": (owner or viewer).user_key, **values})
    return actions.give_task(task=new, viewer=viewer, at=NOON)
