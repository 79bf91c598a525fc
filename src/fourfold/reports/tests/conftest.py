from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client


@pytest.fixture(autouse=True)
def own_house(plain_house: Path, nudges: list[tuple[str, str]]) -> None:
    """Every test of this room has a home of its own and a worker that is not woken."""


@pytest.fixture
def client(committed_db: None) -> Client:
    """Lena's browser. Commits are real: the snapshot reads the database by a connection of its own."""
    from django.contrib.auth import get_user_model

    from fourfold.reports.tests.factories import leader

    viewer, browser = leader(), Client()
    user = get_user_model()._default_manager.get(pk=viewer.user_key)
    browser.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return browser
