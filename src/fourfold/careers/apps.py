from __future__ import annotations

from django.apps import AppConfig


class CareersConfig(AppConfig):
    name = "fourfold.careers"
    label = "careers"
