"""Who may change how a brand looks."""

from __future__ import annotations

from fourfold.accounts.types import Role, Viewer
from fourfold.base.errors import NotAllowed, NotFound


def may_keep_kits(viewer: Viewer) -> bool:
    return viewer.has(Role.LEADER, Role.MARKETER, Role.ADMINISTRATOR)


def require_kit_keeper(viewer: Viewer) -> None:
    """Raises NotAllowed unless the viewer is a leader, a marketer or an administrator."""
    if not may_keep_kits(viewer):
        raise NotAllowed("The kit was not changed.", "Brands are kept by marketers and leaders.", "Ask one of them.")


def may_see_mails(viewer: Viewer) -> bool:
    """Whoever writes to people; those who only administrate don't."""
    return viewer.has(Role.RECRUITER, Role.LEADER, Role.MARKETER)


def require_mail_reader(viewer: Viewer) -> None:
    """Raises NotFound for who doesn't write to people."""
    if not may_see_mails(viewer):
        raise NotFound("This was not found.", "It is gone, or it is not open to you.", "Ask a marketer.")


def may_keep_mails(viewer: Viewer) -> bool:
    return viewer.has(Role.LEADER, Role.MARKETER)


def require_mail_keeper(viewer: Viewer) -> None:
    """Raises NotAllowed unless the viewer is a leader or a marketer."""
    if not may_keep_mails(viewer):
        raise NotAllowed(
            "The template was not kept.", "Templates are kept by marketers and leaders.", "Ask one of them."
        )


def require_role(viewer: Viewer) -> None:
    """Raises NotFound for someone without a role."""
    if not viewer.roles:
        raise NotFound("This was not found.", "It is gone, or it is not open to you.", "Ask for a role first.")
