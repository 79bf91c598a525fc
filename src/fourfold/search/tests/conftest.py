from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def own_house(plain_house: Path) -> None:
    """Every test of this room has a home of its own."""


@pytest.fixture
def cast(db: None) -> Any:
    from fourfold.search.tests.factories import make_cast

    return make_cast()


@pytest.fixture
def shelf() -> Iterator[Any]:
    """Things of a kind of their own, made into documents by the test."""
    from fourfold.accounts.types import SUBJECTS
    from fourfold.search.tests.factories import Shelf
    from fourfold.search.types import DOCUMENTS

    before, gates = dict(DOCUMENTS), dict(SUBJECTS)
    made = Shelf()
    DOCUMENTS.clear()
    DOCUMENTS.update({"book": made, "diary": made})
    SUBJECTS.update({"book": made.gate("book"), "diary": made.gate("diary")})
    yield made
    for now, then in ((DOCUMENTS, before), (SUBJECTS, gates)):
        now.clear()
        now.update(then)
