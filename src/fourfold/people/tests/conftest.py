from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def own_house(plain_house: Path) -> None:
    """Every test of this room has a home of its own."""


@pytest.fixture
def registry() -> Iterator[Any]:
    """The registry of higher rooms, which a test may add to; afterwards it is as before."""
    from fourfold.people.types import REGISTRY

    before = {name: part.copy() for name, part in vars(REGISTRY).items()}
    yield REGISTRY
    for name, part in before.items():
        setattr(REGISTRY, name, part)
