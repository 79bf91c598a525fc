from __future__ import annotations

from django.utils.translation import gettext as _

from fourfold.accounts import rules
from fourfold.accounts.types import Viewer


def entries(viewer: Viewer) -> list[dict[str, str]]:
    """What stands in the navigation for this viewer's roles."""
    found: list[dict[str, str]] = []
    if rules.may_manage_accounts(viewer.roles):
        found += [
            {"label": _("Colleagues"), "url_name": "colleagues", "icon": "users-group", "key": "c"},
            {"label": _("House"), "url_name": "house", "icon": "building", "key": "h"},
        ]
    if rules.may_read_audit(viewer.roles):
        found.append({"label": _("Audit"), "url_name": "audit", "icon": "history", "key": "a"})
    return found
