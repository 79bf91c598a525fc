from __future__ import annotations

from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "fourfold.work"
    label = "work"
