"""Who may see and change jobs and what belongs to them. Missing and not yours look the same."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from fourfold.accounts.types import Role, Viewer
from fourfold.base.errors import NotAllowed, NotFound
from fourfold.jobs import models
from fourfold.people import queries as people


def may_work_jobs(viewer: Viewer) -> bool:
    """Who opens jobs and moves people on: leaders and recruiters."""
    return viewer.has(Role.LEADER, Role.RECRUITER)


def require_job_worker(viewer: Viewer) -> None:
    """Raises NotAllowed unless the viewer is a leader or a recruiter."""
    if not may_work_jobs(viewer):
        raise NotAllowed(
            "Nothing was changed.", "Jobs are worked by recruiters and leaders.", "Ask the job's owner, or a leader."
        )


def may_lead(viewer: Viewer) -> bool:
    return viewer.has(Role.LEADER)


def require_leader(viewer: Viewer) -> None:
    """Raises NotAllowed unless the viewer is a leader."""
    if not may_lead(viewer):
        raise NotAllowed("Nothing was changed.", "This is for leaders to decide.", "Ask a leader.")


def may_keep_pipeline(viewer: Viewer) -> bool:
    """Who keeps stages, papers and texts: leaders and administrators."""
    return viewer.has(Role.LEADER, Role.ADMINISTRATOR)


def require_pipeline_keeper(viewer: Viewer) -> None:
    """Raises NotAllowed unless the viewer is a leader or an administrator."""
    if not may_keep_pipeline(viewer):
        raise NotAllowed(
            "Nothing was changed.",
            "Stages, papers and texts are the whole house's.",
            "Ask a leader or an administrator.",
        )


def jobs_of(viewer: Viewer) -> QuerySet[models.Job]:
    """The jobs a viewer may see: all, with a role."""
    return models.Job.objects.all() if viewer.roles else models.Job.objects.none()


def get_job_for(viewer: Viewer, key: UUID) -> models.Job:
    """A job. Raises NotFound."""
    found = jobs_of(viewer).filter(pk=key).first()
    if found is None:
        raise NotFound("This job was not found.", "Its address is wrong, or it is gone.", "Look for it among the jobs.")
    return found


def get_job_to_work(viewer: Viewer, key: UUID) -> models.Job:
    """A job, locked, for a deed on it. Raises NotFound, NotAllowed."""
    require_job_worker(viewer)
    get_job_for(viewer, key)
    return models.Job.objects.select_for_update().get(pk=key)


def applications_of(viewer: Viewer) -> QuerySet[models.Application]:
    """The applications a viewer may see: of people whose candidate side is open to them."""
    if not viewer.roles:
        return models.Application.objects.none()
    return models.Application.objects.filter(people.open_candidates(viewer, "person_key"))


def interviews_of(viewer: Viewer) -> QuerySet[models.Interview]:
    """Interviews of people whose candidate side is open to the viewer."""
    if not viewer.roles:
        return models.Interview.objects.none()
    return models.Interview.objects.filter(people.open_candidates(viewer, "application__person_key"))


def get_application_for(viewer: Viewer, key: UUID) -> models.Application:
    """An application with its job. Raises NotFound."""
    found = applications_of(viewer).select_related("job").filter(pk=key).first()
    if found is None:
        raise NotFound(
            "This application was not found.",
            "Its address is wrong, or the person is not open to you.",
            "Go back to the job.",
        )
    return found


def get_application_to_work(viewer: Viewer, key: UUID) -> models.Application:
    """An application, locked, for a deed on it. Raises NotFound, NotAllowed."""
    require_job_worker(viewer)
    get_application_for(viewer, key)
    return models.Application.objects.select_for_update(of=("self",)).select_related("job").get(pk=key)


def submissions_of(viewer: Viewer) -> QuerySet[models.Submission]:
    """CVs that were sent, of people whose candidate side is open to the viewer."""
    if not viewer.roles:
        return models.Submission.objects.none()
    return models.Submission.objects.filter(people.open_candidates(viewer, "person_key"))


def get_submission_for(viewer: Viewer, key: UUID) -> models.Submission:
    """A submission. Raises NotFound."""
    found = submissions_of(viewer).select_related("job", "application", "profile").filter(pk=key).first()
    if found is None:
        raise NotFound("This submission was not found.", "Its address is wrong.", "Go back to the job.")
    return found


def placements_of(viewer: Viewer) -> QuerySet[models.Placement]:
    """Placements of people whose candidate side is open to the viewer."""
    if not viewer.roles:
        return models.Placement.objects.none()
    return models.Placement.objects.filter(people.open_candidates(viewer, "person_key"))


def get_placement_for(viewer: Viewer, key: UUID) -> models.Placement:
    """A placement with its job. Raises NotFound."""
    found = placements_of(viewer).select_related("job", "application").filter(pk=key).first()
    if found is None:
        raise NotFound("This placement was not found.", "Its address is wrong.", "Look for it among the placements.")
    return found


def get_interview_to_work(viewer: Viewer, key: UUID) -> models.Interview:
    """An interview, locked, for a deed on it. Raises NotFound, NotAllowed."""
    require_job_worker(viewer)
    found = interviews_of(viewer).select_related("application__job").filter(pk=key).first()
    if found is None:
        raise NotFound("This interview was not found.", "Its address is wrong.", "Go back to the calendar.")
    models.Application.objects.select_for_update().get(pk=found.application_id)
    return found


def get_offer_for(viewer: Viewer, key: UUID) -> models.Offer:
    """An offer with its application. Raises NotFound."""
    rows = models.Offer.objects.select_related("application__job").filter(application__in=applications_of(viewer))
    found = rows.filter(pk=key).first()
    if found is None:
        raise NotFound("This offer was not found.", "Its address is wrong.", "Go back to the application.")
    return found


def get_placement_to_work(viewer: Viewer, key: UUID) -> models.Placement:
    """A placement, locked, for a deed on it. Raises NotFound, NotAllowed."""
    require_job_worker(viewer)
    get_placement_for(viewer, key)
    rows = models.Placement.objects.select_for_update(of=("self",))
    return rows.select_related("job").get(pk=key)


def may_bring_margins(viewer: Viewer) -> bool:
    """Who brings the payroll's weekly margins: leaders and administrators."""
    return viewer.has(Role.LEADER, Role.ADMINISTRATOR)


def require_margin_bringer(viewer: Viewer) -> None:
    """Raises NotAllowed unless the viewer is a leader or an administrator."""
    if not may_bring_margins(viewer):
        raise NotAllowed(
            "Nothing was read.",
            "Weekly margins come from payroll: leaders and administrators bring them.",
            "Give the file to one of them.",
        )


def may_see_billings(viewer: Viewer, user_key: UUID) -> bool:
    """Whose billings somebody sees: their own; a leader everyone's."""
    return viewer.user_key == user_key or may_lead(viewer)


def require_billings(viewer: Viewer, user_key: UUID) -> None:
    """Raises NotFound: whose billings are not yours look like nobody's."""
    if not may_see_billings(viewer, user_key):
        raise NotFound("These billings were not found.", "Their address is wrong, or they are not yours.", "See yours.")
