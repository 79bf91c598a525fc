"""Colleagues, and a shelf of things to find."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import NewUser, Role, Subject, Viewer
from fourfold.base.actor import COMMAND_LINE
from fourfold.search import actions
from fourfold.search.types import Document

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Cast:
    lena: Viewer
    rhea: Viewer
    milo: Viewer
    nico: Viewer


def make_cast() -> Cast:
    """Lena leads, Rhea recruits, Milo markets, Nico has no role."""
    told = (("Lena", {Role.LEADER}), ("Rhea", {Role.RECRUITER}), ("Milo", {Role.MARKETER}), ("Nico", set()))
    users = [NewUser(email=f"{n.lower()}@northgate.example", name=f"{n} Marsh", roles=frozenset(r)) for n, r in told]
    keys = accounts.add_users(users=users, by=COMMAND_LINE, at=NOON)
    return Cast(*(viewer for key in keys if (viewer := accounts_queries.viewer_of(key))))


class Shelf:
    """Books that everybody sees, and diaries that their readers and leaders do: documents made by hand."""

    kinds: tuple[str, ...] = ("book", "diary")

    def __init__(self) -> None:
        self.held: dict[UUID, list[Document]] = {}

    def put(self, name: str, *, kind: str = "book", key: UUID | None = None, **values: Any) -> UUID:
        key = key or uuid4()
        one = Document(kind=kind, key=key, name=name, sort_name=" ".join(reversed(name.lower().split())), **values)
        self.held.setdefault(key, []).append(one)
        actions.mark_stale(kind=kind, keys=[key])
        return key

    def build(self, keys: Collection[UUID]) -> Mapping[UUID, Sequence[Document]]:
        return {key: self.held[key] for key in keys if key in self.held}

    def keys_after(self, key: UUID | None, limit: int) -> Sequence[UUID]:
        return sorted(one for one in self.held if key is None or one > key)[:limit]

    def gate(self, kind: str) -> Any:
        def seen(viewer: Viewer, keys: Collection[UUID]) -> Mapping[UUID, Subject]:
            found = {}
            for key in keys:
                for one in self.held.get(key, ()):
                    allowed = one.readers is None or viewer.has(Role.LEADER) or viewer.user_key in one.readers
                    if one.kind == kind and viewer.roles and allowed:
                        found[key] = Subject(kind, key, one.name, f"/books/{key}/")
            return found

        return seen
