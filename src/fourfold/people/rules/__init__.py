"""Pure decisions about people."""

from fourfold.people.rules.fields import (
    field_slug,
    field_value,
)
from fourfold.people.rules.filters import MOST as MOST_CONDITIONS
from fourfold.people.rules.filters import as_data as filter_as_data
from fourfold.people.rules.filters import check as check_filter
from fourfold.people.rules.filters import from_data as filter_from_data
from fourfold.people.rules.filters import from_rows as filter_from_rows
from fourfold.people.rules.filters import (
    tree_on_list,
)
from fourfold.people.rules.notices import (
    a_month_after,
    batch_days,
    check_declaration,
    notice_due,
)
from fourfold.people.rules.pairs import fingerprint, names_of
from fourfold.people.rules.persons import (
    guess,
    name_from,
    normalise,
    plain,
    sort_name,
)
from fourfold.people.rules.retention import (
    OFFERED,
    check_keeping,
    check_rule,
    is_due,
    last_of,
    months_before,
    still_due,
)
from fourfold.people.rules.terms import (
    band_words,
    check_draft,
    fee_minor,
    percent_words,
    read_bands,
    read_rebates,
    rebate_minor,
    rebate_words,
    settled_stage,
)
from fourfold.people.rules.terms import standing as terms_standing
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
    "MOST_CONDITIONS",
    "NO_LONGER",
    "OFFERED",
    "a_month_after",
    "band_words",
    "batch_days",
    "check_declaration",
    "check_draft",
    "check_filter",
    "check_keeping",
    "check_rule",
    "check_wish",
    "fee_minor",
    "field_slug",
    "field_value",
    "filter_as_data",
    "filter_from_data",
    "filter_from_rows",
    "fingerprint",
    "guess",
    "is_due",
    "is_guarded",
    "last_of",
    "months_before",
    "name_from",
    "names_of",
    "normalise",
    "notice_due",
    "objects_to",
    "percent_words",
    "plain",
    "reached_by",
    "read_bands",
    "read_rebates",
    "rebate_minor",
    "rebate_words",
    "settled_stage",
    "sort_name",
    "standing",
    "still_due",
    "terms_standing",
    "tree_on_list",
    "unlifted",
    "without_candidate_side",
]
