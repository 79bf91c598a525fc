from __future__ import annotations

from fourfold.accounts.types import Role, Viewer


def entries(viewer: Viewer) -> list[dict[str, str]]:
    """What a viewer reaches from the navigation."""
    return [{"label": "Jobs", "url_name": "jobs", "icon": "briefcase", "key": "j"}] if viewer.roles else []


def settings_entries(viewer: Viewer) -> list[dict[str, str]]:
    """The same among the settings."""
    if not viewer.has(Role.LEADER, Role.ADMINISTRATOR):
        return []
    return [
        {"label": "Stages", "url_name": "job_stages", "icon": "list-check"},
        {"label": "Papers before a start", "url_name": "check_kinds", "icon": "id-badge-2"},
        {"label": "Answers", "url_name": "answer_texts", "icon": "message"},
        {"label": "Pay tables", "url_name": "pay_tables", "icon": "coin"},
    ]
