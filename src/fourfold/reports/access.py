"""Who may read reports: every colleague with a role (the house is open by default)."""

from __future__ import annotations

from fourfold.accounts.types import Viewer
from fourfold.base.errors import NotAllowed


def may_read(viewer: Viewer) -> bool:
    return bool(viewer.roles)


def require_reader(viewer: Viewer) -> None:
    """Raises NotAllowed for a viewer without any role."""
    if not may_read(viewer):
        raise NotAllowed(
            "This is not open to you.", "You have no role in this house yet.", "Ask an administrator to give you one."
        )
