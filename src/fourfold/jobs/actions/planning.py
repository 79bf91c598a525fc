"""The plan between an accepted offer and the end of the guarantee: each task given once, moved with the start."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fourfold.accounts import queries as accounts
from fourfold.base.actor import Actor
from fourfold.jobs import models
from fourfold.jobs.rules import plans
from fourfold.jobs.types import PlanStep
from fourfold.work import actions as work
from fourfold.work.types import NewTask, TaskKind

TITLES = {
    PlanStep.COUNTER_OFFER: gettext_lazy(
        "Counter-offer talk: ask again why they want to leave, and what they would say"
    ),
    PlanStep.RESIGNED: gettext_lazy("Ask whether they have resigned, and when their notice ends"),
    PlanStep.KEEP_WARM: gettext_lazy("Keep-warm call before they start"),
    PlanStep.DAY_ONE: gettext_lazy("First day: ring them, and their manager"),
    PlanStep.WEEK_ONE: gettext_lazy("One week in: ring them"),
    PlanStep.MONTH_ONE: gettext_lazy("One month in: ring them, and their manager"),
    PlanStep.GUARANTEE: gettext_lazy("Two weeks before the guarantee ends: ring both sides"),
}
CALLS = (PlanStep.COUNTER_OFFER, PlanStep.KEEP_WARM, PlanStep.WEEK_ONE, PlanStep.MONTH_ONE)


def keep_plan(
    application: models.Application, *, accepted_on: date, start_on: date | None, guarantee_ends_on: date | None,
    started: bool = False,
    by: Actor, at: datetime,
) -> None:  # fmt: skip
    """Give what the plan lacks, move what has moved, take back what fell away. Done tasks stay as they are."""
    wanted = plans.plan(
        accepted_on=accepted_on, start_on=start_on, guarantee_ends_on=guarantee_ends_on, started=started
    )
    held = {row.what: row for row in models.PlanTask.objects.filter(application=application)}
    gone = [row for what, row in held.items() if what not in wanted]
    if gone:
        work.take_back_tasks(keys=[row.task_key for row in gone], by=by, at=at)
        models.PlanTask.objects.filter(pk__in=[row.pk for row in gone]).delete()
    owner = _owner(application, by)
    for what, day in wanted.items():
        row = held.get(what)
        if row is None and owner is not None:
            models.PlanTask.objects.create(
                application=application, what=what, due_on=day, task_key=_give(application, what, day, owner, by, at)
            )
        elif row is not None and row.due_on != day:
            work.move_task(key=row.task_key, due_on=day, by=by, at=at)
            row.due_on = day
            row.save(update_fields=["due_on"])


def drop_plan(application: models.Application, *, by: Actor, at: datetime) -> None:
    """Take the open tasks back: it fell through, or they left."""
    rows = models.PlanTask.objects.filter(application=application)
    work.take_back_tasks(keys=list(rows.values_list("task_key", flat=True)), by=by, at=at)
    rows.delete()


def _owner(application: models.Application, by: Actor) -> UUID | None:
    here = {one.key for one in accounts.active_colleagues()}
    wanted = (application.owner_key, application.job.owner_key, by.user_key)
    return next((one for one in wanted if one in here), None)


def _give(application: models.Application, what: str, day: date, owner: UUID, by: Actor, at: datetime) -> UUID:
    """A task about the candidate's side: its title names nobody."""
    step = plans.step_of(what)
    title = _("%(what)s (%(job)s)") % {"what": TITLES[step], "job": application.job.reference}
    task = NewTask(
        title=title, owner_key=owner, kind=TaskKind.CALL_BACK if step in CALLS else TaskKind.TO_DO,
        subject=("candidate", application.person_key), due_on=day,
    )  # fmt: skip
    return work.add_task(task=task, by=by, at=at)
