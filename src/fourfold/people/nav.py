from __future__ import annotations

from fourfold.accounts.types import Viewer


def entries(viewer: Viewer) -> list[dict[str, str]]:
    return [{"label": "People", "url_name": "people", "icon": "users", "key": "p"}] if viewer.roles else []
