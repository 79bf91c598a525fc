from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ContactConfig(AppConfig):
    name = "fourfold.contact"
    label = "contact"

    def ready(self) -> None:
        from fourfold.contact import guards

        # SQLite drops triggers when a migration rebuilds a table, so they are put back after every migrate.
        post_migrate.connect(guards.RECEIPTS.after_migrate, dispatch_uid="fourfold.contact.guards")
