"""Deeds on people."""

from fourfold.people.actions.adding import (
    add_people,
    find_or_add,
    find_or_add_people,
)
from fourfold.people.actions.bulk import MOST as MOST_EDITED
from fourfold.people.actions.bulk import (
    Edit,
    edit_people,
    note_list_export,
    undo_edit,
)
from fourfold.people.actions.erasing import (
    erase_person,
)
from fourfold.people.actions.hearing import (
    add_wording,
    clear_preference,
    lift_objection,
    log_wish,
    retire_wording,
    seed_wordings,
)
from fourfold.people.actions.lists import (
    add_to_list,
    remove_list,
    save_list,
    take_from_list,
)
from fourfold.people.actions.merging import (
    merge_people,
    unmerge_person,
)
from fourfold.people.actions.notices import (
    declare,
    drop_plan,
    lift_erasure,
    plan_notices,
    tell_batch,
    tell_person,
    withdraw_declaration,
)
from fourfold.people.actions.organisations import (
    add_organisations,
)
from fourfold.people.actions.wishes import (
    record_consents,
)

__all__ = [
    "MOST_EDITED",
    "Edit",
    "add_organisations",
    "add_people",
    "add_to_list",
    "add_wording",
    "clear_preference",
    "declare",
    "drop_plan",
    "edit_people",
    "erase_person",
    "find_or_add",
    "find_or_add_people",
    "lift_erasure",
    "lift_objection",
    "log_wish",
    "merge_people",
    "note_list_export",
    "plan_notices",
    "record_consents",
    "remove_list",
    "retire_wording",
    "save_list",
    "seed_wordings",
    "take_from_list",
    "tell_batch",
    "tell_person",
    "undo_edit",
    "unmerge_person",
    "withdraw_declaration",
]
