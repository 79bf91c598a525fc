"""HTTP of people's pages."""

from fourfold.people.views.persons import (
    erase,
    export,
    merge,
    show_people,
    show_person,
    unmerge,
)

__all__ = [
    "erase",
    "export",
    "merge",
    "show_people",
    "show_person",
    "unmerge",
]
