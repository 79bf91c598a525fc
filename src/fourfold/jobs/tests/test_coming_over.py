"""What another system knew of jobs can go again; what was done here stays, by the database's own word."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from fourfold.base.actor import COMMAND_LINE
from fourfold.base.ids import new_key
from fourfold.jobs import actions, models
from fourfold.jobs.tests.factories import NOON, a_client, a_person, leader
from fourfold.jobs.types import ComingApplication, ComingJob, ComingSubmission, JobKind, JobStatus, Stage

pytestmark = pytest.mark.django_db


def test_steps_and_introductions_of_another_system_can_go_and_those_of_here_never() -> None:
    lena, client, jane, contact = leader(), a_client(), a_person(), a_person("Imogen Farrow")
    coming = ComingJob(
        source="bullhorn", source_ref="joborder:1", reference="BH-1", title="Planner", organisation=client,
        kind=JobKind.PERMANENT, status=JobStatus.OPEN, said="Open", opened_at=NOON - timedelta(days=9),
    )  # fmt: skip
    batch = new_key()
    job, same = actions.bring_jobs(jobs=[coming, coming], batch=batch, by=COMMAND_LINE, at=NOON)
    assert (job.new, same.new, same.key == job.key) == (True, False, True)
    on_it = ComingApplication(
        source="bullhorn", source_ref="jobsubmission:1", job=job.key, person=jane, stage=Stage.SUBMITTED,
        began_at=NOON - timedelta(days=8), stage_at=NOON - timedelta(days=7),
    )  # fmt: skip
    (came,) = actions.bring_applications(applications=[on_it], by=COMMAND_LINE, at=NOON)
    sent = ComingSubmission(
        source="bullhorn", source_ref="sendout:1", person=jane, organisation=client, contact=contact, job=job.key,
        sent_at=NOON - timedelta(days=7),
    )  # fmt: skip
    (cv,) = actions.bring_submissions(submissions=[sent], batch=batch, by=COMMAND_LINE, at=NOON)
    actions.move_application(key=came.key, to="interview", viewer=lena, at=NOON)
    own = models.StageMove.objects.get(application=came.key, by_key=lena.user_key)
    with pytest.raises(DatabaseError), transaction.atomic():
        own.delete()
    assert actions.take_out_submissions(keys=[cv.key], by=COMMAND_LINE, at=NOON) == {cv.key}
    assert not models.Introduction.objects.exists()
    assert actions.take_out_applications(keys=[came.key], by=COMMAND_LINE, at=NOON) == set()
    assert actions.take_out_jobs(keys=[job.key], by=COMMAND_LINE, at=NOON) == set()
    assert models.Application.objects.get().step == "interview"
