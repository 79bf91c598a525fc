from __future__ import annotations

from fourfold.accounts.types import Viewer
from fourfold.studio import access


def entries(viewer: Viewer) -> list[dict[str, str]]:
    found = []
    if access.may_see_mails(viewer):
        found.append({"label": "Mail templates", "url_name": "mails", "icon": "template", "key": "l"})
    if access.may_keep_kits(viewer):
        found.append({"label": "Brands", "url_name": "brand_kits", "icon": "palette", "key": "b"})
    return found
