from __future__ import annotations

from fourfold.accounts.types import Viewer
from fourfold.surveys import access


def settings_entries(viewer: Viewer) -> list[dict[str, str]]:
    """What a viewer reaches among the settings."""
    return (
        [{"label": "Surveys", "url_name": "surveys", "icon": "message", "key": "v"}] if access.may_keep(viewer) else []
    )
