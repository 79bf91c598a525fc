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
from fourfold.people.views.pairs import decide_pair, look_for_pairs, show_pairs, undo_pair
from fourfold.people.views.persons import (
    erase,
    merge,
    show_people,
    show_person,
    unmerge,
)
from fourfold.people.views.retention import decide_retention, keep_retention_rule, show_retention, stop_retention_rule
from fourfold.people.views.wishes import end_wish, retire_wording, show_wishes, show_wordings

__all__ = [
    "decide_pair",
    "decide_retention",
    "declare_told",
    "drop_plan",
    "end_wish",
    "erase",
    "export",
    "export_pdf",
    "keep_retention_rule",
    "look_for_pairs",
    "merge",
    "plan_notices",
    "retire_wording",
    "show_declaration",
    "show_kept_out",
    "show_notices",
    "show_pairs",
    "show_people",
    "show_person",
    "show_retention",
    "show_wishes",
    "show_wordings",
    "stop_retention_rule",
    "tell_batch",
    "tell_person",
    "undo_pair",
    "unmerge",
    "withdraw_declaration",
]
