from __future__ import annotations

from fourfold.accounts.types import Viewer


def entries(viewer: Viewer) -> list[dict[str, str]]:
    return [{"label": "Tasks", "url_name": "tasks", "icon": "checklist", "key": "k"}] if viewer.roles else []
