"""Pure decisions about people."""

from fourfold.people.rules.fields import field_value
from fourfold.people.rules.notices import a_month_after, batch_days, check_declaration, notice_due
from fourfold.people.rules.persons import (
    guess,
    name_from,
    normalise,
    plain,
    sort_name,
)
from fourfold.people.rules.wishes import (
    CHANNEL_SCHEMES,
    NO_LONGER,
    check_wish,
    is_guarded,
    objects_to,
    reached_by,
    standing,
    unlifted,
    without_candidate_side,
)

__all__ = [
    "CHANNEL_SCHEMES",
    "NO_LONGER",
    "a_month_after",
    "batch_days",
    "check_declaration",
    "check_wish",
    "field_value",
    "guess",
    "is_guarded",
    "name_from",
    "normalise",
    "notice_due",
    "objects_to",
    "plain",
    "reached_by",
    "sort_name",
    "standing",
    "unlifted",
    "without_candidate_side",
]
