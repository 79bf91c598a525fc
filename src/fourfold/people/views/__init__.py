"""HTTP of people's pages."""

from fourfold.people.views.exporting import export, export_pdf
from fourfold.people.views.notices import (
    declare_told,
    drop_plan,
    plan_notices,
    show_declaration,
    show_kept_out,
    show_notices,
    tell_batch,
    tell_person,
    withdraw_declaration,
)
from fourfold.people.views.persons import (
    erase,
    merge,
    show_people,
    show_person,
    unmerge,
)
from fourfold.people.views.wishes import end_wish, retire_wording, show_wishes, show_wordings

__all__ = [
    "declare_told",
    "drop_plan",
    "end_wish",
    "erase",
    "export",
    "export_pdf",
    "merge",
    "plan_notices",
    "retire_wording",
    "show_declaration",
    "show_kept_out",
    "show_notices",
    "show_people",
    "show_person",
    "show_wishes",
    "show_wordings",
    "tell_batch",
    "tell_person",
    "unmerge",
    "withdraw_declaration",
]
