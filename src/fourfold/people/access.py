"""Who may see and change people."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Case, Q, QuerySet, Value, When

from fourfold.accounts.types import Role, Viewer
from fourfold.base.errors import NotAllowed, NotFound
from fourfold.people import models
from fourfold.people.models.persons import guarded
from fourfold.people.types import PersonNotFound, Sharing


def get_person_for(viewer: Viewer, key: UUID) -> models.Person:
    """The person, merged records followed to the one that stays. Raises PersonNotFound."""
    return get_family_for(viewer, key)[0]


def get_family_for(viewer: Viewer, key: UUID) -> tuple[models.Person, list[models.Person], bool]:
    """The person, the records merged into theirs, and whether the viewer sees the candidate side.

    One statement, or two for a record that was itself merged. Raises PersonNotFound.
    """
    rows = models.Person.objects.select_related("organisation").visible_to(viewer)
    rows = rows.annotate(guards=Case(When(guarded(), then=Value(True)), default=Value(False)))
    found = {row.pk: row for row in rows.filter(Q(pk=key) | Q(merged_into=key))}
    person = found.pop(key, None)
    if person is not None and person.merged_into_id:
        return get_family_for(viewer, person.merged_into_id)
    if person is None:
        raise PersonNotFound(
            "This person was not found.",
            "The address is wrong, the record was erased, or it is not open to you.",
            "Look for them by name or address.",
        )
    owned = viewer.has(Role.LEADER) or not person.guards or sees_candidate_side(viewer, person.pk)  # type: ignore[attr-defined]
    return person, list(found.values()), owned


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


def own_eyes() -> Viewer:
    """The eyes of whoever a record is about: they see all of it, whoever they work for.

    To be asked with the person's own key only, by what has shown that they are this person.
    """
    return Viewer(user_key=UUID(int=0), name="", email="", roles=frozenset({Role.LEADER}))


def organisations_of(viewer: Viewer) -> QuerySet[models.Organisation]:
    """The organisations a viewer may see: all, with a role."""
    return models.Organisation.objects.all() if viewer.roles else models.Organisation.objects.none()


def get_organisation_for(viewer: Viewer, key: UUID) -> models.Organisation:
    """An organisation. Raises NotFound."""
    found = organisations_of(viewer).filter(pk=key).first()
    if found is None:
        raise NotFound("This organisation was not found.", "Its address is wrong.", "Look for it by name.")
    return found


def may_keep_clients(viewer: Viewer) -> bool:
    return viewer.has(Role.LEADER, Role.RECRUITER, Role.MARKETER)


def require_client_keeper(viewer: Viewer) -> None:
    """Raises NotAllowed unless the viewer works with clients: a leader, a recruiter, a marketer."""
    if not may_keep_clients(viewer):
        raise NotAllowed(
            "Nothing was changed.", "Clients and terms are kept by those who work with them.", "Ask their owner."
        )


def get_terms_for(viewer: Viewer, key: UUID) -> models.Terms:
    """A version of terms. Raises NotFound."""
    found = models.Terms.objects.select_related("organisation").filter(pk=key).first() if viewer.roles else None
    if found is None:
        raise NotFound("These terms were not found.", "Their address is wrong.", "Go to the organisation.")
    return found


def leads_of(viewer: Viewer) -> QuerySet[models.JobLead]:
    return models.JobLead.objects.all() if viewer.roles else models.JobLead.objects.none()


def get_lead_for(viewer: Viewer, key: UUID) -> models.JobLead:
    """A job lead. Raises NotFound."""
    found = leads_of(viewer).filter(pk=key).first()
    if found is None:
        raise NotFound("This lead was not found.", "Its address is wrong.", "Go to the leads.")
    return found


def may_keep_fields(viewer: Viewer) -> bool:
    return viewer.has(Role.LEADER, Role.ADMINISTRATOR)


def require_field_keeper(viewer: Viewer) -> None:
    """Raises NotAllowed unless the viewer is a leader or an administrator."""
    if not may_keep_fields(viewer):
        raise NotAllowed(
            "This is not open to you.", "Fields are added by leaders and administrators.", "Ask one of them for it."
        )


def may_hide(viewer: Viewer, person: models.Person) -> bool:
    """Who may make a record confidential or open it: its owner, a leader; anybody where it has no owner."""
    return viewer.has(Role.LEADER) or person.owner_key in {None, viewer.user_key}


def require_confidant(viewer: Viewer, person: models.Person) -> None:
    """Raises NotAllowed unless the viewer is the record's owner or a leader."""
    if not may_hide(viewer, person):
        raise NotAllowed("Nothing was changed.", "Its owner and leaders decide who sees a record.", "Ask one of them.")


def may_export_lists(viewer: Viewer) -> bool:
    """Who may take lists of people out as files: leaders and administrators; each is audited."""
    return viewer.has(Role.LEADER, Role.ADMINISTRATOR)


def require_list_exporter(viewer: Viewer) -> None:
    """Raises NotAllowed unless the viewer is a leader or an administrator."""
    if not may_export_lists(viewer):
        raise NotAllowed(
            "The list was not exported.", "Lists of people leave the house through leaders only.", "Ask one of them."
        )


def lists_of(viewer: Viewer) -> QuerySet[models.SavedList]:
    """The lists a viewer may use: their own, those of their teams, the house's; leaders see all but private ones."""
    if not viewer.roles:
        return models.SavedList.objects.none()
    shared = Q(sharing=Sharing.HOUSE) | Q(sharing=Sharing.TEAM, team__in=viewer.teams)
    shared |= Q(sharing=Sharing.TEAM) if viewer.has(Role.LEADER) else Q()
    return models.SavedList.objects.filter(shared | Q(owner_key=viewer.user_key))


def get_list_for(viewer: Viewer, key: UUID) -> models.SavedList:
    """A list the viewer may use. Raises NotFound."""
    found = lists_of(viewer).filter(pk=key).first()
    if found is None:
        raise NotFound("This list was not found.", "It is gone, or it is not shared with you.", "Go back to the lists.")
    return found


def may_change_list(viewer: Viewer, row: models.SavedList) -> bool:
    return row.owner_key == viewer.user_key or viewer.has(Role.LEADER)


def get_list_to_change(viewer: Viewer, key: UUID) -> models.SavedList:
    """A list whose name, filters or sharing the viewer may change. Raises NotFound, NotAllowed."""
    found = get_list_for(viewer, key)
    if not may_change_list(viewer, found):
        raise NotAllowed(
            "The list was not changed.", "It belongs to a colleague.", "Save a copy of your own, or ask them."
        )
    return found


def edits_of(viewer: Viewer) -> QuerySet[models.BulkEdit]:
    """The edits of many people a viewer may undo: their own; leaders everybody's."""
    rows = models.BulkEdit.objects.all()
    return rows if viewer.has(Role.LEADER) else rows.filter(by_key=viewer.user_key)


def get_edit_for(viewer: Viewer, key: UUID) -> models.BulkEdit:
    """An edit of many people, locked, for one who may undo it. Raises NotFound."""
    found = edits_of(viewer).filter(pk=key).first()
    if found is None:
        raise NotFound("Nothing was undone.", "This edit is not yours, or it is gone.", "Go back to the list.")
    return found


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


def may_add(viewer: Viewer) -> bool:
    return viewer.has(Role.LEADER, Role.RECRUITER, Role.MARKETER)


def require_adder(viewer: Viewer) -> None:
    """Raises NotAllowed unless the viewer works with people: a leader, a recruiter, a marketer."""
    if not may_add(viewer):
        raise NotAllowed(
            "Nobody was added.", "People are added by those who work with them.", "Ask a recruiter or a marketer."
        )
