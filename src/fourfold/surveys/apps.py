from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SurveysConfig(AppConfig):
    name = "fourfold.surveys"
    label = "surveys"

    def ready(self) -> None:
        from fourfold.surveys import guards

        # SQLite drops triggers when a migration rebuilds a table, so they are put back after every migrate.
        post_migrate.connect(guards.TEXTS.after_migrate, dispatch_uid="fourfold.surveys.guards")
