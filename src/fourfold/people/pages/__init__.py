"""What people's pages show."""

from fourfold.people.pages.asking import asked_from, builder
from fourfold.people.pages.listing import csv_rows, list_context, lists_context, owners, sharing_choices
from fourfold.people.pages.persons import CHANNEL_WORDS, person_context, role_badges, tell, told

__all__ = [
    "CHANNEL_WORDS",
    "asked_from",
    "builder",
    "csv_rows",
    "list_context",
    "lists_context",
    "owners",
    "person_context",
    "role_badges",
    "sharing_choices",
    "tell",
    "told",
]
