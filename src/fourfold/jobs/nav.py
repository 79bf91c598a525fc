from __future__ import annotations

from fourfold.accounts.types import Viewer


def entries(viewer: Viewer) -> list[dict[str, str]]:
    """What a viewer reaches from the navigation."""
    return [{"label": "Jobs", "url_name": "jobs", "icon": "briefcase", "key": "j"}] if viewer.roles else []
