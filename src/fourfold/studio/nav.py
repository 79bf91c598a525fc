from __future__ import annotations

from fourfold.accounts.types import Viewer
from fourfold.studio import access


def entries(viewer: Viewer) -> list[dict[str, str]]:
    if not access.may_keep_kits(viewer):
        return []
    return [{"label": "Brands", "url_name": "brand_kits", "icon": "palette", "key": "b"}]
