from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

if TYPE_CHECKING:  # this file is read before the settings are
    from fourfold.accounts.types import Viewer


@pytest.fixture(autouse=True)
def plain_house(settings: Any, house: Path) -> Path:
    """A home of the test's own, and static files without a manifest."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.STATIC_ROOT = house / "static"
    settings.STATIC_ROOT.mkdir()
    return house


@pytest.fixture(autouse=True)
def nudges() -> Iterator[list[tuple[str, str]]]:
    """What the worker was nudged to do: (job, key)."""
    from fourfold.base import nudge

    sent: list[tuple[str, str]] = []
    before = nudge._senders[:]
    nudge.wire(lambda job, key: sent.append((job, key)))
    yield sent
    nudge._senders[:] = before


@pytest.fixture
def sign_in(db: None) -> Callable[[Viewer], Client]:
    """A browser in which this colleague is signed in."""
    from django.contrib.auth import get_user_model

    def signed_in(viewer: Viewer) -> Client:
        client = Client()
        user = get_user_model()._default_manager.get(pk=viewer.user_key)
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in
