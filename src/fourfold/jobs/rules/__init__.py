"""Pure decisions about jobs and people's progress on them."""

from fourfold.jobs.rules.grading import grade
from fourfold.jobs.rules.paycheck import FEWEST, check_pay, market_from
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
from fourfold.jobs.rules.wording import plain_title, reference_for, slug_for

__all__ = [
    "BY_DEED",
    "FEWEST",
    "STARTING",
    "by_deed",
    "check_pay",
    "first_step",
    "grade",
    "is_forward",
    "market_from",
    "owed_from",
    "owed_when_ended",
    "plain_title",
    "reference_for",
    "slug_for",
    "step_of",
]
