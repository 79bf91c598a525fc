from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Design tokens, components and base templates; no tables."""

    name = "fourfold.ui"
    label = "ui"
