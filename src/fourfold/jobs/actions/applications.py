"""Deeds on applications: begin one, move it, end it, open it again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.actor import Actor
from fourfold.base.clock import require_aware
from fourfold.base.ids import new_key
from fourfold.jobs import access, models, queries, rules
from fourfold.jobs.actions import facts, stepping
from fourfold.jobs.types import (
    CAME_THEMSELVES,
    ApplicationRefused,
    Began,
    Ended,
    NewApplication,
    Origin,
    Stage,
    StageStep,
)
from fourfold.people import queries as people

NOTHING = "Nothing was changed."


@transaction.atomic
def begin_application(*, application: NewApplication, by: Actor, at: datetime) -> Began:
    """Begin somebody's progress on a job. The same human on the same job is one application, however often they come.

    A person who comes themselves to an application that ended gets it opened again. Who came themselves leaves a touch.
    Raises ApplicationRefused (no such job or stage, or the job has ended).
    """
    require_aware(at)
    job = models.Job.objects.select_for_update().filter(pk=application.job).first()
    if job is None:
        raise ApplicationRefused("Nobody was added.", "There is no such job.", "Choose one of the jobs.")
    began_at = application.began_at or at
    family = people.family_of(application.person_key)
    standing = models.Application.objects.filter(job=job, person_key__in=family).first()
    came = application.origin in CAME_THEMSELVES
    if standing is not None:
        if standing.ended and came and standing.began_at < began_at:
            stepping.put(standing, _step(application), by=by, at=at, why="came again")
        _fill(standing, application)
        return Began(standing.key, new=False)
    step = _step(application)
    row = models.Application.objects.create(
        key=new_key(), job=job, person_key=family[0], step=step.slug, stage=step.stage, stage_at=began_at,
        origin=application.origin, channel=application.channel[:20], board=application.board[:60],
        advert_id=application.advert, referred_by=application.referred_by, cv_file=application.cv_file,
        owner_key=application.owner_key or job.owner_key, words=application.words[:5_000], began_at=began_at,
        owed_since=rules.owed_from(step.stage, application.origin, began_at=began_at, at=began_at),
        added_by=by.name[:80], source=application.source[:80], source_ref=application.source_ref[:120],
    )  # fmt: skip
    models.StageMove.objects.create(
        application=row, to_step=step.slug, stage=step.stage, by=by.name[:80], by_key=by.user_key, at=began_at
    )
    if came:
        facts.came(row, at=at)
    accounts.audit(by=by, deed="begin_application", at=at, subject=("application", row.key), summary=job.reference)
    return Began(row.key, new=True)


def _step(application: NewApplication) -> StageStep:
    steps = queries.pipeline()
    if not application.step:
        return rules.first_step(steps, application.origin)
    found = next((one for one in steps if one.slug == application.step and one.used), None)
    if found is None:
        raise ApplicationRefused("Nobody was added.", "The house has no such stage.", "Choose one of those shown.")
    return found


def _fill(row: models.Application, application: NewApplication) -> None:
    """What a second coming brings and the first one lacked."""
    changed = []
    if application.cv_file:
        row.cv_file = application.cv_file
        changed.append("cv_file")
    for column in ("words", "board", "channel"):
        if getattr(application, column) and not getattr(row, column):
            setattr(row, column, getattr(application, column))
            changed.append(column)
    if changed:
        row.save(update_fields=changed)


@transaction.atomic
def move_application(*, key: UUID, to: str, why: str = "", viewer: Viewer, at: datetime) -> str:
    """Move an application to a stage of the house; returns the step it was in, for an undo.

    Raises ApplicationRefused where the stage is reached by a deed that leaves its proof (a submission, an offer, a
    placement, a start), NotFound, NotAllowed.
    """
    row = access.get_application_to_work(viewer, key)
    step = next((one for one in queries.pipeline() if one.slug == to and one.used), None)
    if step is None:
        raise ApplicationRefused(NOTHING, "The house has no such stage.", "Choose one of those shown.")
    if step.slug == row.step and not row.ended:
        return row.step
    if rules.by_deed(Stage(row.stage), step.stage):
        raise ApplicationRefused(
            NOTHING,
            f"“{step.name}” is reached by its own deed, which keeps the proof of it.",
            "Open the application and take that step there.",
        )
    if models.Placement.objects.filter(application=row).exclude(state="fell_through").exists():
        raise ApplicationRefused(NOTHING, "They are placed.", "Change the placement: it may fall through, or end.")
    before = row.step
    stepping.put(row, step, by=viewer.actor(), at=at, why=why)
    accounts.audit(
        by=viewer.actor(), deed="move_application", at=at, subject=("application", row.key), summary=step.slug
    )
    return before


@transaction.atomic
def end_application(*, key: UUID, ended: Ended, why: str, viewer: Viewer, at: datetime) -> None:
    """End an application: who said no, and why. Whoever waits for our answer goes on waiting until they have it.

    Raises ApplicationRefused (no reason, ended before), NotFound, NotAllowed.
    """
    row = access.get_application_to_work(viewer, key)
    if not why.strip() and ended is not Ended.IN_ERROR:
        raise ApplicationRefused(NOTHING, "Nothing says why.", "Write the real reason in a few words.")
    stepping.end(row, ended, by=viewer.actor(), at=at, why=why)


@transaction.atomic
def reopen_application(*, key: UUID, viewer: Viewer, at: datetime) -> None:
    """Open an application that ended, in the stage it was in. Raises NotFound, NotAllowed."""
    row = access.get_application_to_work(viewer, key)
    if row.ended:
        steps = {one.slug: one for one in queries.pipeline()}
        step = steps.get(row.step) or StageStep(row.step, row.step, Stage(row.stage))
        stepping.put(row, step, by=viewer.actor(), at=at, why="opened again")


@transaction.atomic
def add_people(*, job: UUID, person_keys: Collection[UUID], origin: Origin, viewer: Viewer, at: datetime) -> int:
    """Put people on a job; returns how many are new there. Raises NotFound, NotAllowed, PersonNotFound."""
    access.get_job_to_work(viewer, job)
    new = 0
    for key in person_keys:
        person = people.person_key_for(viewer, key)
        began = begin_application(
            application=NewApplication(job=job, person_key=person, origin=origin, owner_key=viewer.user_key),
            by=viewer.actor(), at=at,
        )  # fmt: skip
        new += began.new
    return new


@transaction.atomic
def own_application(*, key: UUID, owner_key: UUID, viewer: Viewer, at: datetime) -> None:
    """Give an application to a colleague. Raises NotFound, NotAllowed."""
    row = access.get_application_to_work(viewer, key)
    row.owner_key = owner_key
    row.save(update_fields=["owner_key"])
    accounts.audit(by=viewer.actor(), deed="own_application", at=at, subject=("application", row.key))
