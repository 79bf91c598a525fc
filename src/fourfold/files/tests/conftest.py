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
    from fourfold.files.tests.factories import make_cast

    return make_cast()


@pytest.fixture(autouse=True)
def things() -> Iterator[None]:
    """One person, whose candidate side leaders see, and one merged into them."""
    from fourfold.files.tests.factories import OLD, THING

    def gate(kind: str, *roles: Role) -> Any:
        def seen(viewer: Viewer, keys: Collection[UUID]) -> Mapping[UUID, Subject]:
            allowed = viewer.has(*roles) if roles else bool(viewer.roles)
            subject = Subject(kind, THING, "Jane Doe", "/people/", (THING, OLD))
            return {key: subject for key in keys if allowed and key in {THING, OLD}}

        return seen

    before = dict(SUBJECTS)
    SUBJECTS.update({"person": gate("person"), "candidate": gate("candidate", Role.LEADER, Role.RECRUITER)})
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
