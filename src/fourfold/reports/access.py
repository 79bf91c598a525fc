"""Who may read reports: every colleague with a role (the house is open by default). Leaders set goals."""

from __future__ import annotations

from uuid import UUID

from fourfold.accounts.types import Role, Viewer
from fourfold.base.errors import NotAllowed, NotFound
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
