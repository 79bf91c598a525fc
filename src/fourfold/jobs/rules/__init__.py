"""Pure decisions about jobs and people's progress on them."""

from fourfold.jobs.rules.stages import (
    BY_DEED,
    STARTING,
    by_deed,
    first_step,
    is_forward,
    owed_from,
    owed_when_ended,
    step_of,
)

__all__ = ["BY_DEED", "STARTING", "by_deed", "first_step", "is_forward", "owed_from", "owed_when_ended", "step_of"]
