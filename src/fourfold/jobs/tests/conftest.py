from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_house(plain_house: Path) -> None:
    """Every test of this room has a home of its own."""
