"""What people's pages show."""

from fourfold.people.pages.notices import (
    batch_context,
    declaration_context,
    declared_context,
    notices_context,
    privacy_tabs,
    told_from,
)
from fourfold.people.pages.persons import (
    CHANNEL_ICONS,
    CHANNEL_WORDS,
    OUTCOME_TONES,
    OUTCOME_WORDS,
    ROLE_TONES,
    ROLE_WORDS,
    heading,
    list_context,
    person_context,
    role_badges,
    tell,
    told,
)
from fourfold.people.pages.wishes import wishes_context, wishes_values

__all__ = [
    "CHANNEL_ICONS",
    "CHANNEL_WORDS",
    "OUTCOME_TONES",
    "OUTCOME_WORDS",
    "ROLE_TONES",
    "ROLE_WORDS",
    "batch_context",
    "declaration_context",
    "declared_context",
    "heading",
    "list_context",
    "notices_context",
    "person_context",
    "privacy_tabs",
    "role_badges",
    "tell",
    "told",
    "told_from",
    "wishes_context",
    "wishes_values",
]
