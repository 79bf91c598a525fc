"""Deeds on people."""

from fourfold.people.actions.adding import add_people, find_or_add, find_or_add_people
from fourfold.people.actions.erasing import erase_person
from fourfold.people.actions.merging import merge_people, unmerge_person
from fourfold.people.actions.organisations import add_organisations
from fourfold.people.actions.wishes import record_consents

__all__ = [
    "add_organisations",
    "add_people",
    "erase_person",
    "find_or_add",
    "find_or_add_people",
    "merge_people",
    "record_consents",
    "unmerge_person",
]
