"""Who may read what was answered, and who says what is asked."""

from __future__ import annotations

from fourfold.accounts.types import Role, Viewer
from fourfold.base.errors import NotAllowed, NotFound
from fourfold.surveys.types import Point


def may_read(viewer: Viewer) -> bool:
    """Leaders and marketers read all of the house, recruiters their desks."""
    return viewer.has(Role.LEADER, Role.MARKETER, Role.RECRUITER)


def sees_the_house(viewer: Viewer) -> bool:
    return viewer.has(Role.LEADER, Role.MARKETER)


def require_reader(viewer: Viewer) -> None:
    """Raises NotFound for who only administrates, or has no role."""
    if not may_read(viewer):
        raise NotFound("This was not found.", "It is gone, or it is not open to you.", "Ask a leader.")


def get_point_for(viewer: Viewer, wanted: Point) -> Point:
    """What the viewer asks for, within what they may see: a recruiter gets a desk of theirs, the first unless named.

    Raises NotFound for another's desk, and for a recruiter without one.
    """
    require_reader(viewer)
    if sees_the_house(viewer):
        return wanted
    own = sorted(viewer.desks)
    desk = wanted.desk or (own[0] if own else "")
    if desk not in own or not desk:
        raise NotFound(
            "This was not found.", "Recruiters read what was said of their own desks.", "Ask a leader to look."
        )
    return Point(year=wanted.year, quarter=wanted.quarter, desk=desk, side=wanted.side, group=wanted.group)


def may_keep(viewer: Viewer) -> bool:
    return viewer.has(Role.LEADER, Role.MARKETER)


def require_keeper(viewer: Viewer) -> None:
    """Raises NotAllowed unless the viewer is a leader or a marketer."""
    if not may_keep(viewer):
        raise NotAllowed(
            "Nothing was changed.", "What is asked is for leaders and marketers to say.", "Ask one of them."
        )
