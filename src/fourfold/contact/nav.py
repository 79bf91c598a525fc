from __future__ import annotations

from fourfold.accounts.types import Viewer
from fourfold.contact import access


def entries(viewer: Viewer) -> list[dict[str, str]]:
    """What a viewer reaches from the navigation."""
    if not access.may_write(viewer):
        return []
    return [{"label": "Outreach", "url_name": "messages", "icon": "mail", "key": "o"}]


def settings_entries(viewer: Viewer) -> list[dict[str, str]]:
    """The same among the settings."""
    found = [{"label": "Contact policy", "url_name": "contact_policy", "icon": "scale", "key": "y"}]
    if access.may_keep_mailboxes(viewer):
        found.append({"label": "Mailboxes", "url_name": "mailboxes", "icon": "mail", "key": "m"})
    return found if viewer.roles else []
