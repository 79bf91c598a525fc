from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "fourfold.accounts"
    label = "accounts"

    def ready(self) -> None:
        from fourfold.accounts import receivers

        receivers.connect()
