"""Who may see and change people."""

from __future__ import annotations

from uuid import UUID

from fourfold.accounts.types import Role, Viewer
from fourfold.base.errors import NotAllowed
from fourfold.people import models
from fourfold.people.types import PersonNotFound


def get_person_for(viewer: Viewer, key: UUID) -> models.Person:
    """The person, merged records followed to the one that stays. Raises PersonNotFound."""
    person = (
        models.Person.objects.visible_to(viewer).select_related("organisation", "merged_into").filter(pk=key).first()
    )
    while person is not None and person.merged_into is not None:
        person = models.Person.objects.select_related("organisation", "merged_into").get(pk=person.merged_into.pk)
    if person is None:
        raise PersonNotFound(
            "This person was not found.",
            "The address is wrong, or the record was erased.",
            "Look for them by name or address.",
        )
    return person


def may_erase(viewer: Viewer) -> bool:
    return viewer.has(Role.LEADER, Role.ADMINISTRATOR)


def require_eraser(viewer: Viewer) -> None:
    """Raises NotAllowed unless the viewer is a leader or an administrator."""
    if not may_erase(viewer):
        raise NotAllowed(
            "Nothing was erased.",
            "An erasure can't be undone, so leaders and administrators do it.",
            "Ask one of them; the person's request has a month by law.",
        )
