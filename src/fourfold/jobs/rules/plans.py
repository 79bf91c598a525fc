"""What is done between an accepted offer and the end of the guarantee: which tasks, on which days."""

from __future__ import annotations

from datetime import date, timedelta

from fourfold.jobs.types.placing import PlanStep

KEEP_WARM = timedelta(weeks=2)
BEFORE_THE_END = timedelta(weeks=2)
MOST_CALLS = 13
"""Half a year of calls every two weeks: no notice is longer."""


def plan(
    *, accepted_on: date, start_on: date | None, guarantee_ends_on: date | None, started: bool = False
) -> dict[str, date]:
    """The tasks of a plan by name, with their days. Those that need a start are there once there is one.

    Once they have ``started``, what was to be done before has no use any more.
    """
    found: dict[str, date] = (
        {}
        if started
        else {
            PlanStep.COUNTER_OFFER.value: accepted_on + timedelta(days=1),
            PlanStep.RESIGNED.value: accepted_on + timedelta(days=2),
        }
    )
    if start_on is None:
        return found
    for n in range(1, 1 if started else MOST_CALLS + 1):
        day = accepted_on + n * KEEP_WARM
        if day >= start_on:
            break
        found[f"{PlanStep.KEEP_WARM}-{n}"] = day
    found[PlanStep.DAY_ONE] = start_on
    found[PlanStep.WEEK_ONE] = start_on + timedelta(weeks=1)
    found[PlanStep.MONTH_ONE] = start_on + timedelta(days=30)
    if guarantee_ends_on is not None and guarantee_ends_on - BEFORE_THE_END > start_on:
        found[PlanStep.GUARANTEE] = guarantee_ends_on - BEFORE_THE_END
    return found


def step_of(what: str) -> PlanStep:
    """Which step a task of the plan is; the calls are numbered."""
    return PlanStep.KEEP_WARM if what.startswith(f"{PlanStep.KEEP_WARM}-") else PlanStep(what)
