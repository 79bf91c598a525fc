"""Who may see and change people."""

from __future__ import annotations

from uuid import UUID

from fourfold.accounts.types import Role, Viewer
from fourfold.base.errors import NotAllowed
from fourfold.people import models
from fourfold.people.types import PersonNotFound


def get_person_for(viewer: Viewer, key: UUID) -> models.Person:
    """The person, merged records followed to the one that stays. Raises PersonNotFound."""
    rows = models.Person.objects.select_related("organisation").visible_to(viewer)
    person = rows.filter(pk=key).first()
    while person is not None and person.merged_into_id is not None:
        person = rows.filter(pk=person.merged_into_id).first()
    if person is None:
        raise PersonNotFound(
            "This person was not found.",
            "The address is wrong, the record was erased, or it is not open to you.",
            "Look for them by name or address.",
        )
    return person


def sees_candidate_side(viewer: Viewer, key: UUID) -> bool:
    """Whether the viewer may know what this person looks for: not of a client's employee, but as its owner or a leader.

    ``key`` is of a record that stays.
    """
    if viewer.has(Role.LEADER):
        return True
    return models.Person.objects.filter(pk=key).candidate_side_visible_to(viewer).exists()


def get_candidate_for(viewer: Viewer, key: UUID) -> models.Person:
    """The person, for deeds on the candidate side. Raises PersonNotFound: missing and not yours look the same."""
    person = get_person_for(viewer, key)
    if not sees_candidate_side(viewer, person.key):
        raise PersonNotFound(
            "This was not found.", "It is gone, or it is not open to you.", "Ask the person's owner or a leader."
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


def may_keep(viewer: Viewer) -> bool:
    """Whether the viewer looks after what the house owes people: notices, texts, retention."""
    return viewer.has(Role.LEADER, Role.ADMINISTRATOR)


def require_keeper(viewer: Viewer) -> None:
    """Raises NotAllowed unless the viewer is a leader or an administrator."""
    if not may_keep(viewer):
        raise NotAllowed(
            "Nothing was changed.",
            "What the house declares and owes to people is for leaders and administrators to decide.",
            "Ask one of them.",
        )


def may_lift_erasure(viewer: Viewer) -> bool:
    return viewer.has(Role.LEADER)
