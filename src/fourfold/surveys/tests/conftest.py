from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def own_house(plain_house: Any) -> None:
    """A home of the test's own."""
