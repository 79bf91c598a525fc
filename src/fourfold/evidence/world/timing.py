"""When in a week things happen: seconds since the Monday on which the weeks begin."""

from __future__ import annotations

from typing import Any

import numpy as np

from fourfold.evidence.world.course import Course
from fourfold.evidence.world.draws import Ints, between, uniform

HOUR, DAY, WEEK = 3_600, 86_400, 604_800
_FIRST_HOUR, _LAST_HOUR = 8.0, 18.0
_EVENING = 22.5


def working_time(seed: int, name: str, week: Ints, *keys: Any) -> Ints:
    """A moment between 8:00 and 18:00 on a Monday to Friday of ``week``."""
    day = np.floor(5 * uniform(seed, f"{name}/day", week, *keys))
    hour = between(_FIRST_HOUR, _LAST_HOUR, uniform(seed, f"{name}/hour", week, *keys))
    return (week * WEEK + day * DAY + np.floor(hour * HOUR)).astype(np.int64)


def own_time(seed: int, name: str, week: Ints, *keys: Any) -> Ints:
    """A moment of someone's own time: any day, evenings too, weekends half as often."""
    day = np.floor(6 * uniform(seed, f"{name}/day", week, *keys))
    day += (day == 5) & (uniform(seed, f"{name}/sunday", week, *keys) < 0.5)
    hour = between(_FIRST_HOUR - 1, _EVENING, uniform(seed, f"{name}/hour", week, *keys))
    return (week * WEEK + day * DAY + np.floor(hour * HOUR)).astype(np.int64)


def door_time(seed: int, week: Ints, person: Ints) -> Ints:
    """When somebody came forward."""
    return working_time(seed, "door", week, person)


def opened_time(seed: int, contact: Ints, week: Ints) -> Ints:
    """When a job was opened: within four hours after its contact came forward."""
    wait = between(300, 4 * HOUR, uniform(seed, "opened after", contact, week))
    return door_time(seed, week, contact) + wait.astype(np.int64)


def submitted_time(seed: int, week: Ints, contact: Ints, opened: Ints, person: Ints) -> Ints:
    """When a person was submitted for a job."""
    return working_time(seed, "submitted", week, contact, opened, person)


def first_submissions(seed: int, course: Course) -> tuple[Ints, Ints, Ints]:
    """Each submitted person's first submission: (person, job, second), in person order."""
    jobs = course.jobs
    rows = np.array(course.matches.submissions, dtype=np.int64).reshape(-1, 3)
    job, person, week = rows.T
    contact, opened = np.array(jobs.contact, dtype=np.int64), np.array(jobs.opened, dtype=np.int64)
    second = submitted_time(seed, week, contact[job], opened[job], person)
    order = np.lexsort((second, person))
    first = order[np.unique(person[order], return_index=True)[1]]
    return person[first], job[first], second[first]
