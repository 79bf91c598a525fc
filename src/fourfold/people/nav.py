from __future__ import annotations

from fourfold.accounts.types import Viewer


def entries(viewer: Viewer) -> list[dict[str, str]]:
    if not viewer.roles:
        return []
    return [
        {"label": "People", "url_name": "people", "icon": "users", "key": "p"},
        {"label": "Clients", "url_name": "organisations", "icon": "building-community", "key": "o"},
        {"label": "Privacy", "url_name": "notices", "icon": "shield-check", "key": "v"},
    ]
