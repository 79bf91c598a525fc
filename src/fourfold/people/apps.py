from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PeopleConfig(AppConfig):
    name = "fourfold.people"
    label = "people"

    def ready(self) -> None:
        from fourfold.people import guards

        # SQLite drops triggers when a migration rebuilds a table, so they are put back after every migrate.
        post_migrate.connect(guards.CONSENTS.after_migrate, dispatch_uid="fourfold.people.guards")
