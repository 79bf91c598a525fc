from __future__ import annotations

from fourfold.accounts.types import Viewer


def entries(viewer: Viewer) -> list[dict[str, str]]:
    return [{"label": "Imports", "url_name": "imports", "icon": "file-import", "key": "i"}] if viewer.roles else []
