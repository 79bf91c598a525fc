"""Pure decisions about people."""

from fourfold.people.rules.fields import field_value
from fourfold.people.rules.filters import MOST as MOST_CONDITIONS
from fourfold.people.rules.filters import as_data as filter_as_data
from fourfold.people.rules.filters import check as check_filter
from fourfold.people.rules.filters import from_data as filter_from_data
from fourfold.people.rules.filters import from_rows as filter_from_rows
from fourfold.people.rules.filters import tree_on_list
from fourfold.people.rules.persons import (
    guess,
    name_from,
    normalise,
    plain,
    sort_name,
)

__all__ = [
    "MOST_CONDITIONS",
    "check_filter",
    "field_value",
    "filter_as_data",
    "filter_from_data",
    "filter_from_rows",
    "guess",
    "name_from",
    "normalise",
    "plain",
    "sort_name",
    "tree_on_list",
]
