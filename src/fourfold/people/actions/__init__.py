"""Deeds on people."""

from fourfold.people.actions.adding import add_people, find_or_add, find_or_add_people
from fourfold.people.actions.erasing import erase_person
from fourfold.people.actions.hearing import (
    add_wording,
    clear_preference,
    lift_objection,
    log_wish,
    retire_wording,
    seed_wordings,
)
from fourfold.people.actions.merging import merge_people, unmerge_person
from fourfold.people.actions.notices import (
    declare,
    drop_plan,
    lift_erasure,
    plan_notices,
    tell_batch,
    tell_person,
    withdraw_declaration,
)
from fourfold.people.actions.organisations import add_organisations
from fourfold.people.actions.wishes import record_consents

__all__ = [
    "add_organisations",
    "add_people",
    "add_wording",
    "clear_preference",
    "declare",
    "drop_plan",
    "erase_person",
    "find_or_add",
    "find_or_add_people",
    "lift_erasure",
    "lift_objection",
    "log_wish",
    "merge_people",
    "plan_notices",
    "record_consents",
    "retire_wording",
    "seed_wordings",
    "tell_batch",
    "tell_person",
    "unmerge_person",
    "withdraw_declaration",
]
