"""How was it? Whom the house asks after something has ended: applicants, and those who hire."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from fourfold.base.actor import Actor
from fourfold.jobs import models
from fourfold.jobs.types import THEIR_ROLES, Ended, JobStatus
from fourfold.surveys import actions as surveys
from fourfold.surveys.types import Invited, Moment, Outcome

THEIR_OWN = (Ended.WITHDREW, Ended.DECLINED_OFFER, Ended.NOT_NOW)


def after_answers(rows: Sequence[models.Application], *, by: Actor, at: datetime) -> None:
    """Ask those who have just had their final answer: rejected people too, above all."""
    surveys.invite_many(
        invited=[
            _about(
                row, Moment.SUBMISSION if row.submitted_at else Moment.APPLICATION,
                Outcome.WITHDREW if row.ended in THEIR_OWN else Outcome.REJECTED, at,
            )
            for row in rows
        ],
        by=by, at=at,
    )  # fmt: skip


def at_moment(row: models.Application, moment: Moment, outcome: Outcome, *, by: Actor, at: datetime) -> None:
    """Ask a candidate after an offer, a start, 90 days."""
    surveys.invite(invited=_about(row, moment, outcome, at), by=by, at=at)


def _about(row: models.Application, moment: Moment, outcome: Outcome, at: datetime) -> Invited:
    job = row.job
    return Invited(
        person_key=row.person_key, moment=moment, outcome=outcome, about=job.title, about_kind="application",
        about_key=row.key, ended_at=at, owner=row.owner_key or job.owner_key, office=job.office, desk=job.desk,
        brand=job.brand,
    )  # fmt: skip


def after_job(job: models.Job, *, by: Actor, at: datetime) -> None:
    """Ask those who hired, or did not, once a job has ended."""
    outcome = Outcome.FILLED if job.status == JobStatus.FILLED else Outcome.UNFILLED
    clients(job, Moment.JOB, outcome, by=by, at=at)


def clients(job: models.Job, moment: Moment, outcome: Outcome, *, by: Actor, at: datetime) -> None:
    """Ask those of a job's hiring team who are on the client's side. Nobody where we hire for ourselves."""
    if job.for_ourselves:
        return
    rows = models.HiringTeam.objects.filter(job=job, role__in=THEIR_ROLES, person_key__isnull=False)
    surveys.invite_many(
        invited=[
            Invited(
                person_key=key, moment=moment, outcome=outcome, about=job.title, about_kind="job", about_key=job.key,
                ended_at=at, owner=job.owner_key, office=job.office, desk=job.desk, brand=job.brand,
            )
            for key in dict.fromkeys(row.person_key for row in rows if row.person_key)
        ],
        by=by, at=at,
    )  # fmt: skip
