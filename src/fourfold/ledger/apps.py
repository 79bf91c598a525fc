from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    name = "fourfold.ledger"
    label = "ledger"

    def ready(self) -> None:
        from fourfold.ledger import guards

        # SQLite drops triggers when a migration rebuilds a table, so they are put back after every migrate.
        post_migrate.connect(guards.after_migrate, dispatch_uid="fourfold.ledger.guards")
