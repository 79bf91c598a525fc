from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class JobsConfig(AppConfig):
    name = "fourfold.jobs"
    label = "jobs"

    def ready(self) -> None:
        from fourfold.jobs import guards

        # SQLite drops triggers when a migration rebuilds a table, so they are put back after every migrate.
        for one in guards.ALL:
            post_migrate.connect(one.after_migrate, dispatch_uid=f"fourfold.jobs.{one.table}")
