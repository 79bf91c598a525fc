"""Pure decisions about people."""

from fourfold.people.rules.fields import field_value
from fourfold.people.rules.persons import (
    guess,
    name_from,
    normalise,
    plain,
    sort_name,
)

__all__ = [
    "field_value",
    "guess",
    "name_from",
    "normalise",
    "plain",
    "sort_name",
]
