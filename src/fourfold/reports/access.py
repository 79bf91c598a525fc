"""Who may read reports: every colleague with a role (the house is open by default). Leaders set goals.

The week is for who works jobs: a leader sees everybody's, a recruiter their own and their desks'. The pipeline is for
marketers, too: numbers of the whole house, no colleague's own.
"""

from __future__ import annotations

from uuid import UUID

from fourfold.accounts.types import Role, Viewer
from fourfold.base.errors import NotAllowed, NotFound
from fourfold.jobs.types import Within
from fourfold.reports import models


def may_read(viewer: Viewer) -> bool:
    return bool(viewer.roles)


def require_reader(viewer: Viewer) -> None:
    """Raises NotAllowed for a viewer without any role."""
    if not may_read(viewer):
        raise NotAllowed(
            "This is not open to you.", "You have no role in this house yet.", "Ask an administrator to give you one."
        )


def may_read_answers(viewer: Viewer) -> bool:
    """Whether the viewer may read what people answered: leaders and marketers, recruiters of their desks."""
    return viewer.has(Role.LEADER, Role.MARKETER) or (viewer.has(Role.RECRUITER) and bool(viewer.desks))


def may_set_goals(viewer: Viewer) -> bool:
    return viewer.has(Role.LEADER)


def require_goal_setter(viewer: Viewer) -> None:
    """Raises NotAllowed unless the viewer is a leader."""
    if not may_set_goals(viewer):
        raise NotAllowed(
            "Goals are not yours to set.", "Leaders set them, with the two who will own them.", "Talk to a leader."
        )


def get_goal(key: UUID) -> models.Goal:
    """A goal, dropped or not. Raises NotFound."""
    found = models.Goal.objects.prefetch_related("targets").filter(pk=key).first()
    if found is None:
        raise NotFound("This goal was not found.", "The address is wrong.", "Go back to the goals.")
    return found


def may_read_out(viewer: Viewer) -> bool:
    return viewer.has(Role.LEADER, Role.MARKETER)


def require_read_out(viewer: Viewer) -> None:
    """Raises NotAllowed unless the viewer is a leader or a marketer."""
    if not may_read_out(viewer):
        raise NotAllowed(
            "No file was taken in.", "Leaders and marketers read experiments out.", "Give the file to one of them."
        )


def get_read_out(key: UUID) -> models.ReadOut:
    """A read-out. Raises NotFound."""
    found = models.ReadOut.objects.filter(pk=key).first()
    if found is None:
        raise NotFound("This experiment was not found.", "The address is wrong, or it was removed.", "Go to the list.")
    return found


def may_read_week(viewer: Viewer) -> bool:
    return viewer.has(Role.LEADER, Role.RECRUITER)


def week_within(viewer: Viewer, *, desk: str, who: UUID | None) -> Within:
    """Whose week a viewer looks at. Raises NotAllowed, and NotFound for what is not theirs to see."""
    if not may_read_week(viewer):
        raise NotAllowed("This is not open to you.", "The week is for leaders and recruiters.", "Look at the 4Cs.")
    leads = viewer.has(Role.LEADER)
    if desk:
        if not leads and desk not in viewer.desks:
            raise _not_yours()
        return Within(desks=(desk,))
    if who is not None:
        if not leads and who != viewer.user_key:
            raise _not_yours()
        return Within(owner=who)
    return Within() if leads else Within(owner=viewer.user_key)


def may_read_pipeline(viewer: Viewer) -> bool:
    return viewer.has(Role.LEADER, Role.MARKETER, Role.RECRUITER)


def pipeline_within(viewer: Viewer, *, desk: str, engagement: str) -> Within:
    """Whose pipeline a viewer looks at: a recruiter's own and their desks', else all. Raises NotAllowed, NotFound."""
    if not may_read_pipeline(viewer):
        raise NotAllowed(
            "This is not open to you.", "The pipeline is for leaders, recruiters and marketers.", "Look at the 4Cs."
        )
    sees_all = viewer.has(Role.LEADER, Role.MARKETER)
    if desk:
        if not sees_all and desk not in viewer.desks:
            raise _not_yours()
        return Within(desks=(desk,), engagement=engagement)
    if sees_all:
        return Within(engagement=engagement)
    return Within(desks=tuple(sorted(viewer.desks)), owner=viewer.user_key, engagement=engagement)


def _not_yours() -> NotFound:
    return NotFound("This page was not found.", "Its address is wrong, or it is not yours to see.", "Look at your own.")


def require_target_setter(viewer: Viewer, user_key: UUID) -> None:
    """Raises NotFound unless these are the viewer's own targets, or the viewer is a leader."""
    if not may_read_week(viewer) or not (viewer.has(Role.LEADER) or viewer.user_key == user_key):
        raise NotFound("These targets were not found.", "Their address is wrong, or they are not yours.", "See yours.")
