"""How an application moves: the one place where its stage and its history are written."""

from __future__ import annotations

from datetime import datetime

from fourfold.accounts import actions as accounts
from fourfold.base.actor import Actor
from fourfold.jobs import models, queries, rules
from fourfold.jobs.types import ApplicationRefused, Ended, Origin, Stage, StageStep


def advance(row: models.Application, to: Stage, *, by: Actor, at: datetime, why: str = "") -> None:
    """Bring an application to the house's first stage with this meaning, if it isn't as far already.

    Called by deeds that leave their proof: a submission, an interview, an offer, a placement, a start.
    """
    if rules.is_forward(Stage(row.stage), to) or row.ended:
        step = rules.step_of(queries.pipeline(), to)
        put(row, step or StageStep(to.value, to.value, to), by=by, at=at, why=why)


def put(row: models.Application, step: StageStep, *, by: Actor, at: datetime, why: str = "") -> None:
    """Write a step and its history. An ended application is open again. The caller holds the row."""
    moved = models.StageMove(
        application=row, from_step=row.step, to_step=step.slug, stage=step.stage, why=why.strip()[:250],
        by=by.name[:80], by_key=by.user_key, at=at,
    )  # fmt: skip
    moved.save(force_insert=True)
    row.step, row.stage, row.stage_at = step.slug, step.stage, at
    row.ended, row.ended_at, row.ended_why = "", None, ""
    row.owed_since = rules.owed_from(step.stage, Origin(row.origin), began_at=row.began_at, at=at)
    row.save(update_fields=["step", "stage", "stage_at", "ended", "ended_at", "ended_why", "owed_since"])


def end(row: models.Application, ended: Ended, *, by: Actor, at: datetime, why: str = "") -> None:
    """End an application: what happened, and whether they still wait for our answer. The caller holds the row."""
    if row.ended:
        raise ApplicationRefused("Nothing was changed.", "It has ended before.", "Open it again first.")
    models.StageMove.objects.create(
        application=row, from_step=row.step, to_step=row.step, stage=row.stage, ended=ended, why=why.strip()[:250],
        by=by.name[:80], by_key=by.user_key, at=at,
    )  # fmt: skip
    row.owed_since = rules.owed_when_ended(
        ended, stage=Stage(row.stage), origin=Origin(row.origin), owed_since=row.owed_since, at=at
    )
    row.ended, row.ended_at, row.ended_why = ended, at, why.strip()[:250]
    row.save(update_fields=["ended", "ended_at", "ended_why", "owed_since"])
    accounts.audit(by=by, deed="end_application", at=at, subject=("application", row.key), summary=ended.value)
