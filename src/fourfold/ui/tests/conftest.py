"""The gallery's own small house, whatever settings the suite runs with: ui stands below all rooms that have tables."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client, override_settings

from fourfold.ui.tests import gallery_settings

TAKEN = (
    "ALLOWED_HOSTS",
    "CONTENT_SECURITY_POLICY",
    "COTTON_DIR",
    "COTTON_ISOLATE_BY_DEFAULT",
    "LANGUAGE_CODE",
    "MIDDLEWARE",
    "ROOT_URLCONF",
    "SESSION_ENGINE",
    "TEMPLATES",
    "TIME_ZONE",
)


@pytest.fixture(autouse=True, scope="module")
def gallery_house() -> Iterator[None]:
    taken = {name: getattr(gallery_settings, name) for name in TAKEN}
    storages = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(**taken, STORAGES=storages):
        yield


@pytest.fixture
def visitor() -> Client:
    return Client()
