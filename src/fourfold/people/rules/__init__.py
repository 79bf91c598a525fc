"""Pure decisions about people."""

from fourfold.people.rules.fields import field_value
from fourfold.people.rules.persons import (
    guess,
    name_from,
    normalise,
    plain,
    sort_name,
)
from fourfold.people.rules.wishes import CHANNEL_SCHEMES, objects_to, reached_by, standing, unlifted

__all__ = [
    "CHANNEL_SCHEMES",
    "field_value",
    "guess",
    "name_from",
    "normalise",
    "objects_to",
    "plain",
    "reached_by",
    "sort_name",
    "standing",
    "unlifted",
]
