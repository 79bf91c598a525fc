from __future__ import annotations

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "fourfold.project"
    label = "project"

    def ready(self) -> None:
        from fourfold.project import wiring

        wiring.wire()
