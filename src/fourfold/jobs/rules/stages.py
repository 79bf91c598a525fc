"""The stages of the pipeline: which lead where, and when somebody is owed an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from fourfold.jobs.types.rows import StageStep
from fourfold.jobs.types.words import CAME_THEMSELVES, Ended, Origin, Stage

ORDER = tuple(Stage)
STARTING = (
    StageStep("sourced", "Sourced", Stage.SOURCED),
    StageStep("approached", "Approached", Stage.APPROACHED),
    StageStep("interested", "Interested", Stage.INTERESTED),
    StageStep("applied", "Applied", Stage.APPLIED),
    StageStep("submitted", "Submitted", Stage.SUBMITTED),
    StageStep("interview", "Interview", Stage.INTERVIEW),
    StageStep("second-interview", "Second interview", Stage.INTERVIEW),
    StageStep("offer", "Offer", Stage.OFFER),
    StageStep("placed", "Placed", Stage.PLACED),
    StageStep("started", "Started", Stage.STARTED),
    StageStep("stayed-90", "Stayed 90 days", Stage.STAYED),
    StageStep("stayed-180", "Stayed 180 days", Stage.STAYED),
    StageStep("stayed-365", "Stayed a year", Stage.STAYED),
)
"""What a house begins with. It may rename, add and leave out; what each means stays."""

BY_DEED = (Stage.SUBMITTED, Stage.OFFER, Stage.PLACED, Stage.STARTED, Stage.STAYED)
"""These are reached by a deed of their own, which leaves its proof: a submission, an offer, a placement, a start."""

_FIRST = {
    Origin.APPLIED: Stage.APPLIED,
    Origin.BOARD: Stage.APPLIED,
    Origin.REFERRED: Stage.APPLIED,
    Origin.SOURCED: Stage.SOURCED,
    Origin.APPROACHED: Stage.APPROACHED,
    Origin.IMPORTED: Stage.SOURCED,
}
_THEY_ENDED_IT = (Ended.WITHDREW, Ended.DECLINED_OFFER, Ended.IN_ERROR)


def first_step(steps: Sequence[StageStep], origin: Origin) -> StageStep:
    """The stage in which an application of this origin begins: the first used one that is at least as far."""
    wanted = ORDER.index(_FIRST[origin])
    used = [one for one in steps if one.used]
    return next((one for one in used if ORDER.index(one.stage) >= wanted), used[-1])


def step_of(steps: Sequence[StageStep], stage: Stage) -> StageStep | None:
    """The first used stage of the house with this meaning, None where it uses none."""
    return next((one for one in steps if one.stage is stage and one.used), None)


def is_forward(now: Stage, to: Stage) -> bool:
    return ORDER.index(to) > ORDER.index(now)


def by_deed(now: Stage, to: Stage) -> bool:
    """Whether a move there needs the deed that leaves its proof. The way back never does."""
    return to in BY_DEED and is_forward(now, to)


def owed_from(stage: Stage, origin: Origin, *, began_at: datetime, at: datetime) -> datetime | None:
    """Since when somebody who has just come to ``stage`` waits for a word of ours; None while nobody waits.

    Whoever came themselves waits from their first minute, whoever was sourced from when they said they are interested.
    An arranged interview, an offer and a placement are words of ours.
    """
    if stage in (Stage.SOURCED, Stage.APPROACHED):
        return began_at if origin in CAME_THEMSELVES else None
    if stage in (Stage.INTERESTED, Stage.APPLIED):
        return began_at if origin in CAME_THEMSELVES else at
    return at if stage is Stage.SUBMITTED else None


def owed_when_ended(
    ended: Ended, *, stage: Stage, origin: Origin, owed_since: datetime | None, at: datetime
) -> datetime | None:
    """Since when somebody whose application ended waits for our answer; None for those who ended it themselves."""
    if ended in _THEY_ENDED_IT:
        return None
    if owed_since is not None:
        return owed_since
    engaged = origin in CAME_THEMSELVES or ORDER.index(stage) >= ORDER.index(Stage.INTERESTED)
    return at if engaged else None
