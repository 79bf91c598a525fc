from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StudioConfig(AppConfig):
    name = "fourfold.studio"
    label = "studio"

    def ready(self) -> None:
        from fourfold.studio import guards

        # SQLite drops triggers when a migration rebuilds a table, so they are put back after every migrate.
        post_migrate.connect(guards.VERSIONS.after_migrate, dispatch_uid="fourfold.studio.guards")
