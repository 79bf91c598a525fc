"""Deeds that bring in what another system knew of jobs, some hundreds at once, and take it out again.

The same row again is the same thing, and nothing that is here is overwritten. No cash is posted: that comes with deals.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.base.actor import Actor
from fourfold.base.ids import new_key
from fourfold.jobs import models, queries, rules
from fourfold.jobs.actions import assigning, facts
from fourfold.jobs.rules import rebates
from fourfold.jobs.types import (
    CameOver,
    ComingApplication,
    ComingJob,
    ComingPlacement,
    ComingSubmission,
    Ended,
    HiringRole,
    JobStatus,
    Origin,
    PlacementState,
    Stage,
    StageStep,
    SubmissionState,
)
from fourfold.ledger import queries as ledger
from fourfold.people import queries as people
from fourfold.people.types import DORMANT_MONTHS

LIVE = (JobStatus.DRAFT, JobStatus.OPEN, JobStatus.ON_HOLD)
OVER_THERE = "the job had ended there"


@transaction.atomic
def bring_jobs(*, jobs: Sequence[ComingJob], batch: UUID, by: Actor, at: datetime) -> list[CameOver]:
    """Bring jobs in, in order. Each keeps its dates, its status in words and its reference there.

    A client is won by a job where the ledger knows nothing of it within 24 months. ``batch`` is what its facts are
    posted under.
    """
    known = _held(models.Job, jobs)
    taken = set(models.Job.objects.filter(reference__in=[one.reference for one in jobs]).values_list("reference"))
    made: dict[str, models.Job] = {}
    for one in jobs:
        if one.source_ref in known or one.source_ref in made:
            continue
        key = new_key()
        own = one.reference[:24]
        reference = own if (own,) not in taken else f"{own[:15]}-{str(key)[-8:]}"
        taken.add((reference,))
        made[one.source_ref] = _job(one, key, reference, by, at)
    models.Job.objects.bulk_create(made.values())
    fresh = [one for one in {one.source_ref: one for one in jobs}.values() if one.source_ref in made]
    _history(fresh, made, by)
    _who_hires(fresh, made)
    facts.came_over(_first_jobs(fresh, made), [], batch=batch, at=at)
    accounts.tell_watchers(kind="job", keys=[row.key for row in made.values()])
    _audit("bring_jobs", len(made), by, at)
    return _answered(jobs, known, {ref: row.key for ref, row in made.items()})


def _job(one: ComingJob, key: UUID, reference: str, by: Actor, at: datetime) -> models.Job:
    return models.Job(
        key=key, reference=reference, slug=rules.slug_for(one.title, one.city, f"{reference}-{str(key)[-6:]}")[:120],
        title=one.title[:160], organisation_key=one.organisation, lead_key=one.lead, kind=one.kind, status=one.status,
        close_reason=one.close_reason or "", openings=max(1, min(one.openings, 32_000)), currency=one.currency,
        pay_from_minor=one.pay_from_minor, pay_to_minor=one.pay_to_minor, pay_per=one.pay_per,
        charge_minor=one.charge_minor, fee_hundredths=one.fee_hundredths, city=one.city[:80],
        postcode=one.postcode[:16], country=one.country[:2], workplace=one.workplace, description=one.description,
        benefits=one.benefits[:250], start_wanted_on=one.start_wanted_on, desk=one.desk, owner_key=one.owner_key,
        opened_at=one.opened_at, ended_at=one.ended_at if one.status not in LIVE else None, added_by=by.name[:80],
        added_at=at, source=one.source[:80], source_ref=one.source_ref[:120],
    )  # fmt: skip


def _history(jobs: Sequence[ComingJob], made: Mapping[str, models.Job], by: Actor) -> None:
    """That a job was open, and where it is now; the words of the other system stand with the last."""
    rows = []
    for one in jobs:
        job = made[one.source_ref]
        steps = [(JobStatus.OPEN, one.opened_at)] if one.status not in (JobStatus.DRAFT, JobStatus.OPEN) else []
        for status, moment in [*steps, (one.status, one.ended_at or one.opened_at)]:
            why = one.said[:250] if status is one.status else ""
            rows.append(models.JobStatusChange(job=job, status=status, why=why, by=one.source[:80], at=moment))
    models.JobStatusChange.objects.bulk_create(rows)


def _who_hires(jobs: Sequence[ComingJob], made: Mapping[str, models.Job]) -> None:
    rows = []
    for one in jobs:
        job = made[one.source_ref]
        if one.hiring_manager:
            rows.append(models.HiringTeam(job=job, role=HiringRole.HIRING_MANAGER, person_key=one.hiring_manager))
        if one.owner_key:
            rows.append(models.HiringTeam(job=job, role=HiringRole.CONSULTANT, user_key=one.owner_key))
    models.HiringTeam.objects.bulk_create(rows)


def _first_jobs(
    jobs: Sequence[ComingJob], made: Mapping[str, models.Job]
) -> list[tuple[models.Job, UUID | None, bool]]:
    """Each job that was opened there, with its hiring manager, and whether it is the first sign of its client."""
    days = ledger.organisation_days({one.organisation for one in jobs})
    signs = {key: [moment for several in held.values() for moment in several] for key, held in days.items()}
    long = timedelta(days=DORMANT_MONTHS * 30.44)
    found = []
    for one in sorted(jobs, key=lambda one: one.opened_at):
        if one.status is JobStatus.DRAFT:
            continue
        held = signs.setdefault(one.organisation, [])
        first = all(abs(one.opened_at - moment) > long for moment in held)
        held.append(one.opened_at)
        found.append((made[one.source_ref], one.hiring_manager, first))
    return found


@transaction.atomic
def bring_applications(*, applications: Sequence[ComingApplication], by: Actor, at: datetime) -> list[CameOver]:
    """Bring people's progress on jobs in; the same human on the same job is one application, which goes on with its
    later rows until somebody here has worked with it.

    One that is open there while its job is over ends with the job. Somebody waits for an answer only where application
    and job are open, and something was heard of it within the house's promise (``FOURFOLD_ANSWER_DAYS``).
    """
    return _bring(applications, goes_on=True, by=by, at=at)


def _bring(applications: Sequence[ComingApplication], *, goes_on: bool, by: Actor, at: datetime) -> list[CameOver]:
    known = _held(models.Application, applications)
    jobs = models.Job.objects.in_bulk({one.job for one in applications})
    families = people.families_of({one.person for one in applications})
    there = _there([(one.job, one.person) for one in applications], families)
    steps = queries.pipeline()
    made: dict[str, models.Application] = {}
    later: dict[UUID, models.Application] = {}
    moves: list[models.StageMove] = []
    found: dict[str, UUID] = {}
    for one in sorted(applications, key=lambda one: (one.stage_at, one.began_at)):
        end = families[one.person][0]
        new = _application(one, jobs[one.job], end, by, at)
        new.step = _step(steps, one.stage).slug
        new.source_ref = (
            new.source_ref if goes_on else ""
        )  # begun by a CV or a placement: it goes with the last of these
        held = there.get((one.job, end))
        if one.source_ref in known or one.source_ref in made:
            continue
        if held is None:
            made[one.source_ref] = there[one.job, end] = new
            moves += _moves(new, one, steps)
        elif goes_on and held.source == one.source and one.stage_at >= held.stage_at and one.stage is not Stage.SOURCED:
            moves += _went_on(held, new, one)
            later[held.key] = held
        found[one.source_ref] = held.key if held else new.key
    models.Application.objects.bulk_create(made.values())
    ours = queries.worked_with("application", later)
    unchanged = {row.key for row in made.values()}
    models.Application.objects.bulk_update(
        [row for key, row in later.items() if key not in ours | unchanged], [*_COURSE, "began_at"]
    )  # fmt: skip
    models.StageMove.objects.bulk_create([move for move in moves if move.application_id not in ours])
    _audit("bring_applications", len(made), by, at)
    new_ones = {ref: row.key for ref, row in made.items()}
    return _answered(applications, {**found, **known}, new_ones)


_COURSE = ["step", "stage", "stage_at", "owed_since", "ended", "ended_at", "ended_why"]
"""What changes when somebody goes on."""


def _went_on(
    row: models.Application, new: models.Application, one: ComingApplication
) -> list[models.StageMove]:  # fmt: skip
    """The same human on the same job once more, and later: where they are now, and the step there."""
    by, before = one.source[:80], row.step
    row.began_at = min(row.began_at, new.began_at)
    for name in _COURSE:
        setattr(row, name, getattr(new, name))
    found = [
        models.StageMove(
            application=row, from_step=before, to_step=row.step, stage=row.stage, why=one.said[:250], by=by,
            at=one.stage_at,
        )
    ]  # fmt: skip
    if row.ended and row.ended_at:
        found.append(
            models.StageMove(
                application=row, from_step=row.step, to_step=row.step, stage=row.stage, ended=row.ended,
                why=row.ended_why, by=by, at=row.ended_at,
            )
        )  # fmt: skip
    return found


def _there(
    pairs: Sequence[tuple[UUID, UUID]], families: Mapping[UUID, tuple[UUID, ...]]
) -> dict[tuple[UUID, UUID], models.Application]:
    """Applications of these people on these jobs, by job and the first key of the human."""
    head = {key: family[0] for family in families.values() for key in family}
    rows = models.Application.objects.filter(
        job__in={job for job, _ in pairs}, person_key__in=ledger.among(list(head))
    )  # fmt: skip
    return {(row.job_id, head[row.person_key]): row for row in rows}


def _application(
    one: ComingApplication, job: models.Job, person: UUID, by: Actor, at: datetime
) -> models.Application:  # fmt: skip
    ended, why, ended_at = one.ended, one.said, one.stage_at
    hired = one.stage in (Stage.PLACED, Stage.STARTED, Stage.STAYED)
    if ended is None and job.ended_at is not None and not hired:
        ended, why, ended_at = Ended.JOB_CLOSED, OVER_THERE, max(job.ended_at, one.stage_at)
    waits = (
        ended is None and job.status == JobStatus.OPEN
        and one.stage in (Stage.INTERESTED, Stage.APPLIED, Stage.SUBMITTED)
        and one.stage_at >= rules.working_days_before(at, settings.ANSWER_DAYS)
    )  # fmt: skip
    return models.Application(
        key=new_key(), job=job, person_key=person, stage=one.stage, stage_at=one.stage_at, origin=Origin.IMPORTED,
        owner_key=one.owner_key or job.owner_key, words=one.words[:5_000], began_at=one.began_at,
        owed_since=one.stage_at if waits else None, ended=ended or "", ended_at=ended_at if ended else None,
        ended_why=why[:250] if ended else "", added_by=by.name[:80], source=one.source[:80],
        source_ref=one.source_ref[:120],
    )  # fmt: skip


def _step(steps: Sequence[StageStep], stage: Stage) -> StageStep:
    return rules.step_of(steps, stage) or StageStep(stage.value, stage.value, stage)


def _moves(
    row: models.Application, one: ComingApplication, steps: Sequence[StageStep]
) -> list[models.StageMove]:  # fmt: skip
    """How it began, where it is, and that it ended. The words of the other system stand with the last."""
    by = one.source[:80]
    first = _step(steps, min(one.stage, Stage.APPLIED, key=list(Stage).index))
    last = _step(steps, one.stage)
    moved = first.stage is not last.stage
    found = [models.StageMove(application=row, to_step=first.slug, stage=first.stage, by=by, at=one.began_at)]
    if moved:
        found.append(
            models.StageMove(
                application=row, from_step=first.slug, to_step=last.slug, stage=last.stage, by=by, at=one.stage_at
            )
        )
    found[-1].why = one.said[:250]
    if row.ended and row.ended_at:
        found.append(
            models.StageMove(
                application=row, from_step=last.slug, to_step=last.slug, stage=last.stage, ended=row.ended,
                why=row.ended_why, by=by, at=row.ended_at,
            )
        )  # fmt: skip
    return found


@transaction.atomic
def bring_submissions(
    *, submissions: Sequence[ComingSubmission], batch: UUID, by: Actor, at: datetime
) -> list[CameOver]:
    """Bring CVs that were sent in, in order, each with its introduction, dated as it was there.

    Who was sent for a job is on it as submitted. The client's answer is owed only where the job is open and the CV went
    within the promise. ``batch`` is what the facts are posted under.
    """
    known = _held(models.Submission, submissions)
    families = people.families_of({one.person for one in submissions})
    fresh = [one for one in {one.source_ref: one for one in submissions}.values() if one.source_ref not in known]
    applied = _applications_of(fresh, by, at)
    jobs = models.Job.objects.in_bulk({one.job for one in fresh if one.job})
    since = rules.working_days_before(at, settings.ANSWER_DAYS)
    made: dict[str, models.Submission] = {}
    for one in fresh:
        job = jobs.get(one.job) if one.job else None
        row = applied.get(one.source_ref)
        going = job is not None and job.status == JobStatus.OPEN and (row is None or not row.ended)
        made[one.source_ref] = models.Submission(
            key=new_key(), application=row, job=job, person_key=families[one.person][0],
            organisation_key=one.organisation, contact_key=one.contact, state=SubmissionState.SENT, terms="",
            sent_at=one.sent_at, by=(one.by or one.source)[:80], by_key=one.by_key, source=one.source[:80],
            source_ref=one.source_ref[:120],
            feedback_due_at=rules.working_days_after(one.sent_at, 2) if going and one.sent_at >= since else None,
        )  # fmt: skip
    models.Submission.objects.bulk_create(made.values())
    models.Introduction.objects.bulk_create([
        models.Introduction(
            key=new_key(), person_key=row.person_key, organisation_key=row.organisation_key,
            contact_key=row.contact_key, job_key=row.job_id, submission_key=row.key, how=row.source[:20], by=row.by,
            by_key=row.by_key, introduced_at=row.sent_at, recorded_at=at,
        )
        for row in made.values()
    ])  # fmt: skip
    facts.came_over([], list(made.values()), batch=batch, at=at)
    _audit("bring_submissions", len(made), by, at)
    return _answered(submissions, known, {ref: row.key for ref, row in made.items()})


def _applications_of(
    sent: Sequence[ComingSubmission | ComingPlacement], by: Actor, at: datetime
) -> dict[str, models.Application]:
    """The application behind each CV or placement, begun by it where there is none; those behind go on."""
    coming = [
        ComingApplication(
            source=one.source, source_ref=one.source_ref, job=one.job, person=one.person, stage=_stage_of(one),
            began_at=_moment_of(one), stage_at=_moment_of(one), owner_key=_owner_of(one),
        )
        for one in sent
        if one.job is not None
    ]  # fmt: skip
    came = _bring(coming, goes_on=False, by=by, at=at)
    rows = models.Application.objects.in_bulk({one.key for one in came})
    found = {one.source_ref: rows[answer.key] for one, answer in zip(coming, came, strict=True)}
    steps = queries.pipeline()
    moves: list[models.StageMove] = []
    for one in coming:
        row = found[one.source_ref]
        if row.source == one.source and rules.is_forward(Stage(row.stage), one.stage):
            step = _step(steps, one.stage)
            moment = max(row.stage_at, one.stage_at)
            moves.append(
                models.StageMove(
                    application=row, from_step=row.step, to_step=step.slug, stage=step.stage, by=one.source[:80],
                    at=moment,
                )
            )  # fmt: skip
            row.step, row.stage, row.stage_at, row.owed_since = step.slug, step.stage, moment, None
            if step.stage is not Stage.SUBMITTED:
                row.ended, row.ended_at, row.ended_why = "", None, ""
        if one.stage is Stage.SUBMITTED:
            row.submitted_at = min(row.submitted_at or one.stage_at, one.stage_at)
    models.StageMove.objects.bulk_create(moves)
    models.Application.objects.bulk_update(set(found.values()), [*_COURSE, "submitted_at"])
    return found


def _stage_of(one: ComingSubmission | ComingPlacement) -> Stage:
    if isinstance(one, ComingSubmission):
        return Stage.SUBMITTED
    return Stage.STARTED if one.state in (PlacementState.STARTED, PlacementState.LEFT) else Stage.PLACED


def _moment_of(one: ComingSubmission | ComingPlacement) -> datetime:
    return one.sent_at if isinstance(one, ComingSubmission) else facts.noon(one.accepted_on)


def _owner_of(one: ComingSubmission | ComingPlacement) -> UUID | None:
    return one.by_key if isinstance(one, ComingSubmission) else one.owner_key


@transaction.atomic
def bring_placements(*, placements: Sequence[ComingPlacement], by: Actor, at: datetime) -> list[CameOver]:
    """Bring placements in, in order, with their assignment and their split. They post no cash.

    A second placement of somebody on one job stands without their application.
    """
    known = _held(models.Placement, placements)
    fresh = [one for one in {one.source_ref: one for one in placements}.values() if one.source_ref not in known]
    applied = _applications_of(fresh, by, at)
    jobs = models.Job.objects.in_bulk({one.job for one in fresh})
    held = set(models.Placement.objects.filter(application__in=applied.values()).values_list("application", flat=True))
    made: dict[str, UUID] = {}
    for one in fresh:
        row = applied[one.source_ref]
        placed = _placement(one, jobs[one.job], row, by, at)
        if row.key in held:
            placed.application = None
        held.add(row.key)
        placed.save(force_insert=True)
        made[one.source_ref] = placed.key
        if one.assignment:
            assigning.begin(placed, one.assignment, by=by, at=at)
            if one.finished_on:
                models.Assignment.objects.filter(placement=placed).update(
                    finished_on=one.finished_on, finished_why=one.said[:250]
                )
        models.Split.objects.bulk_create([
            models.Split(
                placement=placed, version=1, user_key=part.user_key, role=part.role,
                percent_hundredths=part.percent_hundredths, why=f"as it was in {one.source}", by=by.name[:80], at=at,
            )
            for part in one.split
        ])  # fmt: skip
        if one.state is PlacementState.FELL_THROUGH and placed.application_id and not row.ended:
            _fell_through(row, one)
    _audit("bring_placements", len(made), by, at)
    return _answered(placements, known, made)


def _placement(
    one: ComingPlacement, job: models.Job, row: models.Application, by: Actor, at: datetime
) -> models.Placement:
    started = one.start_on if one.state in (PlacementState.STARTED, PlacementState.LEFT) else None
    stayed = rebates.stayed(started=started, left=one.left_on, on=at.date()) if started else 0
    return models.Placement(
        key=new_key(), application=row, job=job, person_key=row.person_key, organisation_key=job.organisation_key,
        kind=job.kind, state=one.state, accepted_on=one.accepted_on, agreed_start_on=one.start_on,
        start_on=one.start_on, started_on=started, stayed_days=stayed, left_on=one.left_on, left_why=one.left_why[:250],
        pay_minor=one.pay_minor, per=one.per, currency=one.currency, fee_minor=one.fee_minor,
        fee_hundredths=one.fee_hundredths, fee_why=f"as it was in {one.source}" if one.fee_minor is not None else "",
        guarantee_ends_on=one.guarantee_ends_on, desk=job.desk, office=job.office, team=job.team,
        owner_key=one.owner_key or row.owner_key or job.owner_key, by=by.name[:80], at=at, source=one.source[:80],
        source_ref=one.source_ref[:120],
    )  # fmt: skip


def _fell_through(row: models.Application, one: ComingPlacement) -> None:
    moment = max(row.stage_at, facts.noon(one.left_on or one.accepted_on))
    models.StageMove.objects.create(
        application=row, from_step=row.step, to_step=row.step, stage=row.stage, ended=Ended.FELL_THROUGH,
        why=one.said[:250], by=one.source[:80], at=moment,
    )  # fmt: skip
    row.ended, row.ended_at, row.ended_why = Ended.FELL_THROUGH, moment, (one.left_why or one.said)[:250]
    row.save(update_fields=["ended", "ended_at", "ended_why"])


Coming = ComingJob | ComingApplication | ComingSubmission | ComingPlacement


def _held(
    model: type[models.Job | models.Application | models.Submission | models.Placement], coming: Sequence[Coming]
) -> dict[str, UUID]:
    """By reference, what came over before."""
    refs = {one.source_ref[:120] for one in coming}
    rows = model.objects.filter(source__in={one.source for one in coming}, source_ref__in=refs)
    return dict(rows.values_list("source_ref", "key"))


def _answered(coming: Sequence[Coming], known: Mapping[str, UUID], made: Mapping[str, UUID]) -> list[CameOver]:
    new = set(made)
    found = []
    for one in coming:
        ref = one.source_ref
        found.append(CameOver(made[ref], ref in new) if ref in made else CameOver(known[ref], new=False))
        new.discard(ref)
    return found


def _audit(deed: str, count: int, by: Actor, at: datetime) -> None:
    if count:
        accounts.audit(by=by, deed=deed, at=at, summary=f"{count} of another system")


@transaction.atomic
def take_out_placements(*, keys: Collection[UUID], by: Actor, at: datetime) -> set[UUID]:
    """Take placements out that came over, but for those somebody has worked with since. Returns those that are gone."""
    held = set(keys) - queries.worked_with("placement", keys)
    held -= set(models.CashLine.objects.filter(placement__in=held).values_list("placement_id", flat=True))
    held -= set(models.WeeklyMargin.objects.filter(assignment__placement__in=held).values_list(
        "assignment__placement_id", flat=True
    ))  # fmt: skip
    rows = models.Placement.objects.filter(pk__in=held)
    begun = _begun(rows.values_list("application_id", flat=True))
    rows.delete()
    take_out_applications(keys=begun, by=by, at=at)
    _audit("take_out_placements", len(held), by, at)
    return held


def _begun(keys: Iterable[UUID | None]) -> set[UUID]:
    """Those of these applications that had no row of their own there."""
    held = {key for key in keys if key}
    rows = models.Application.objects.filter(pk__in=held, source_ref="").exclude(source="")
    return set(rows.values_list("key", flat=True))


@transaction.atomic
def take_out_submissions(*, keys: Collection[UUID], by: Actor, at: datetime) -> set[UUID]:
    """Take CVs that were sent there out with their introductions and facts, but for those somebody has worked with
    since. Returns those that are gone.
    """
    held = set(keys) - queries.worked_with("submission", keys)
    rows = models.Submission.objects.filter(pk__in=held)
    people_of = set(rows.values_list("person_key", flat=True))
    models.Introduction.objects.filter(submission_key__in=held).delete()
    begun = _begun(rows.values_list("application_id", flat=True))
    rows.delete()
    take_out_applications(keys=begun, by=by, at=at)
    others = set(
        models.Submission.objects.filter(person_key__in=people_of, state=SubmissionState.SENT)
        .values_list("person_key", flat=True)
    )  # fmt: skip
    facts.take_out(
        [*(f"submitted:{key}" for key in held), *(f"candidate:{key}" for key in people_of - others)],
        parties=[(f"candidate:{key}", "candidate", key) for key in people_of - others], at=at,
    )  # fmt: skip
    _audit("take_out_submissions", len(held), by, at)
    return held


@transaction.atomic
def take_out_applications(*, keys: Collection[UUID], by: Actor, at: datetime) -> set[UUID]:
    """Take applications out that came over, but for those somebody has worked with since, or that something hangs on.

    Returns those that are gone.
    """
    held = set(keys) - queries.worked_with("application", keys)
    for model in (models.Placement, models.Submission, models.Interview, models.Offer, models.Answer, models.Check,
                  models.Scorecard, models.SlotInvite):  # fmt: skip
        held -= set(model.objects.filter(application__in=held).values_list("application_id", flat=True))
    models.Application.objects.filter(pk__in=held).delete()
    _audit("take_out_applications", len(held), by, at)
    return held


@transaction.atomic
def take_out_jobs(*, keys: Collection[UUID], by: Actor, at: datetime) -> set[UUID]:
    """Take jobs out that came over, but for those somebody has worked with since, or on whom people are.

    Returns those that are gone.
    """
    held = set(keys) - queries.worked_with("job", keys)
    for model in (models.Application, models.Placement, models.Submission, models.Advert, models.SlotSet):
        held -= set(model.objects.filter(job__in=held).values_list("job_id", flat=True))
    hirers = models.HiringTeam.objects.filter(job__in=held, person_key__isnull=False)
    managers = [(job, person) for job, person in hirers.values_list("job_id", "person_key") if person]
    models.Job.objects.filter(pk__in=held).delete()
    facts.take_out(
        [*(f"opened:{job}:{person}" for job, person in managers), *(f"client:{job}" for job in held)],
        parties=[(f"client:{job}", "client", person) for job, person in managers], at=at,
    )  # fmt: skip
    accounts.tell_watchers(kind="job", keys=held)
    _audit("take_out_jobs", len(held), by, at)
    return held
