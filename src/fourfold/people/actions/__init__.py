"""Deeds on people."""

from fourfold.people.actions.adding import add_people, find_or_add, find_or_add_people
from fourfold.people.actions.bulk import MOST as MOST_EDITED
from fourfold.people.actions.bulk import Edit, edit_people, note_list_export, undo_edit
from fourfold.people.actions.erasing import erase_person
from fourfold.people.actions.lists import add_to_list, remove_list, save_list, take_from_list
from fourfold.people.actions.merging import merge_people, unmerge_person
from fourfold.people.actions.organisations import add_organisations

__all__ = [
    "MOST_EDITED",
    "Edit",
    "add_organisations",
    "add_people",
    "add_to_list",
    "edit_people",
    "erase_person",
    "find_or_add",
    "find_or_add_people",
    "merge_people",
    "note_list_export",
    "remove_list",
    "save_list",
    "take_from_list",
    "undo_edit",
    "unmerge_person",
]
