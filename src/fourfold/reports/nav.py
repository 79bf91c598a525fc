from __future__ import annotations

from fourfold.accounts.types import Viewer
from fourfold.reports import access


def entries(viewer: Viewer) -> list[dict[str, str]]:
    return (
        [{"label": "4Cs", "url_name": "fourcs", "icon": "target-arrow", "key": "4"}] if access.may_read(viewer) else []
    )
