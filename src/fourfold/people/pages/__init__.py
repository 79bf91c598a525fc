"""What people's pages show."""

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

__all__ = [
    "CHANNEL_ICONS",
    "CHANNEL_WORDS",
    "OUTCOME_TONES",
    "OUTCOME_WORDS",
    "ROLE_TONES",
    "ROLE_WORDS",
    "heading",
    "list_context",
    "person_context",
    "role_badges",
    "tell",
    "told",
]
