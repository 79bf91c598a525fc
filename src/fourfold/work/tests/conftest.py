from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from fourfold.accounts.types import SUBJECT_WATCHERS, SUBJECTS, Role, Subject, Viewer


@pytest.fixture(autouse=True)
def own_house(plain_house: Path) -> None:
    """Every test of this room has a home of its own."""


@pytest.fixture
def cast(db: None) -> Any:
    from fourfold.work.tests.factories import make_cast

    return make_cast()


@pytest.fixture(autouse=True)
def things() -> Iterator[None]:
    """Things that notes may be about: one that everybody with a role sees, one that leaders see."""
    from fourfold.work.tests.factories import CLOSED, OLD, THING

    def gate(viewer: Viewer, keys: Collection[UUID]) -> Mapping[UUID, Subject]:
        seen = {THING: THING, OLD: THING} if viewer.roles else {}
        seen |= {CLOSED: CLOSED} if viewer.has(Role.LEADER) else {}
        return {
            key: Subject(
                "thing", seen[key], f"Thing {str(seen[key])[0]}", "/people/", (THING, OLD) if seen[key] == THING else ()
            )
            for key in keys
            if key in seen
        }

    before = dict(SUBJECTS)
    SUBJECTS["thing"] = gate
    yield
    SUBJECTS.clear()
    SUBJECTS.update(before)


@pytest.fixture
def told() -> Iterator[list[tuple[str, set[UUID]]]]:
    """What watchers of subjects were told."""
    heard: list[tuple[str, set[UUID]]] = []
    before = SUBJECT_WATCHERS[:]
    SUBJECT_WATCHERS[:] = [lambda *, kind, keys: heard.append((kind, set(keys)))]
    yield heard
    SUBJECT_WATCHERS[:] = before
