"""What people's pages show."""

from fourfold.people.pages.asking import (
    asked_from,
    builder,
)
from fourfold.people.pages.listing import (
    csv_rows,
    list_context,
    lists_context,
    owners,
    sharing_choices,
)
from fourfold.people.pages.notices import (
    batch_context,
    declaration_context,
    declared_context,
    notices_context,
    privacy_tabs,
    told_from,
)
from fourfold.people.pages.persons import (
    CHANNEL_WORDS,
    person_context,
    role_badges,
    tell,
    told,
)
from fourfold.people.pages.wishes import (
    wishes_context,
    wishes_values,
)

__all__ = [
    "CHANNEL_WORDS",
    "asked_from",
    "batch_context",
    "builder",
    "csv_rows",
    "declaration_context",
    "declared_context",
    "list_context",
    "lists_context",
    "notices_context",
    "owners",
    "person_context",
    "privacy_tabs",
    "role_badges",
    "sharing_choices",
    "tell",
    "told",
    "told_from",
    "wishes_context",
    "wishes_values",
]
