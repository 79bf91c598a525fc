from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

# This file is read before the settings are: what needs tables is imported where it is used.
if TYPE_CHECKING:
    from fourfold.accounts.tests.factories import Cast
    from fourfold.accounts.types import Viewer


@pytest.fixture(autouse=True)
def plain_house(settings: Any, house: Path) -> Path:
    """A home of the test's own, static files without a manifest, mail that is kept in memory."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # made to be quick, unlike ours
    settings.STATIC_ROOT = house / "static"
    settings.STATIC_ROOT.mkdir()
    return house


@pytest.fixture
def cast(db: None) -> Cast:
    """The house and its people, and no count of wrong tries."""
    from django.core.cache import cache

    from fourfold.accounts.tests.factories import make_cast

    cache.clear()
    return make_cast()


@pytest.fixture
def visitor(db: None) -> Client:
    """Somebody who is not signed in."""
    return Client()


@pytest.fixture
def signed_in(db: None) -> Callable[[Viewer], Client]:
    """A browser in which this colleague is signed in."""
    from fourfold.accounts.models import User

    def sign_in(viewer: Viewer) -> Client:
        client = Client()
        client.force_login(User.objects.get(pk=viewer.user_key), "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
