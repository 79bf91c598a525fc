"""Addresses and the shell's variables for the gallery on its own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import include, path

urlpatterns = [path("gallery/", include("fourfold.ui.urls"))]


def shell(request: HttpRequest) -> dict[str, Any]:
    """What the project's own context processor gives every page."""

    def entry(label: str, icon: str, key: str = "", *, active: bool = False, count: int = 0) -> dict[str, Any]:
        return {"label": label, "url": "/gallery/", "icon": icon, "active": active, "key": key, "count": count}

    return {
        "house_name": "Harbour & Lane Recruitment",
        "viewer": {"name": "Ana Ruiz", "roles": ["Leader"], "initials": "AR"},
        "home_url": "/gallery/",
        "search_url": "/gallery/",
        "account_url": "/gallery/",
        "sign_out_url": "/gallery/",
        "navigation": [
            {
                "label": "",
                "entries": [
                    entry("Today", "sun", "t", active=True, count=3),
                    entry("People", "users", "p"),
                    entry("Jobs", "briefcase", "j"),
                    entry("Outreach", "send", "o"),
                ],
            },
            {
                "label": "Marketing",
                "entries": [
                    entry("Campaigns", "speakerphone"),
                    entry("Social", "broadcast"),
                    entry("Studio", "palette"),
                    entry("Requests", "checklist"),
                ],
            },
            {
                "label": "What it brought",
                "entries": [
                    entry("4Cs", "chart-dots", "4"),
                    entry("Budget and seats", "wallet"),
                    entry("Growth", "school"),
                    entry("Settings", "settings"),
                ],
            },
        ],
    }
