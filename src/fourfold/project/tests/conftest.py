from __future__ import annotations

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def own_umask() -> Iterator[None]:
    """Commands make what they write their own user's; the tests after them write as before."""
    before = os.umask(0o022)
    yield
    os.umask(before)
