"""Pure decisions about jobs and people's progress on them."""

from fourfold.jobs.rules.days import working_days_after, working_days_before
from fourfold.jobs.rules.grading import grade
from fourfold.jobs.rules.paycheck import FEWEST, check_pay, market_from
from fourfold.jobs.rules.paytable import COLUMNS as PAY_COLUMNS
from fourfold.jobs.rules.paytable import read_pay_table
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
from fourfold.jobs.rules.submitting import check_list, may_submit, profile_hash, strip_contacts
from fourfold.jobs.rules.tables import text_of
from fourfold.jobs.rules.wording import plain_title, reference_for, slug_for

__all__ = [
    "BY_DEED",
    "FEWEST",
    "PAY_COLUMNS",
    "STARTING",
    "by_deed",
    "check_list",
    "check_pay",
    "first_step",
    "grade",
    "is_forward",
    "market_from",
    "may_submit",
    "owed_from",
    "owed_when_ended",
    "plain_title",
    "profile_hash",
    "read_pay_table",
    "reference_for",
    "slug_for",
    "step_of",
    "strip_contacts",
    "text_of",
    "working_days_after",
    "working_days_before",
]
