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
from fourfold.people.actions.clients import (
    accept_terms,
    change_organisation,
    decline_terms,
    draft_terms,
    hire_under,
    move_stage,
    note_job_lead,
    note_job_opened,
    note_terms_sent,
    settle_job_lead,
    settle_stages,
    write_value,
)
from fourfold.people.actions.coming_over import (
    empty_again,
    fill_hot_lists,
    remove_hot_lists,
    remove_organisations,
    remove_people,
)
from fourfold.people.actions.dead_addresses import close_address
from fourfold.people.actions.erasing import (
    erase_person,
)
from fourfold.people.actions.exporting import note_export
from fourfold.people.actions.fields import add_field, retire_field
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
from fourfold.people.actions.pairs import (
    begin_look,
    decide_pair,
    end_look,
    fail_look,
    look_for_pairs,
    merge_pair,
    undo_pair,
)
from fourfold.people.actions.profile import (
    AddressChange,
    Job,
    allow_cv_to,
    change_address,
    change_person,
    keep_cv_from,
    put_address,
    put_job,
    set_confidential,
    set_roles,
    take_address,
    take_job,
)
from fourfold.people.actions.retention import erase_people, fill_reviews, keep_people, keep_rules, stop_rule
from fourfold.people.actions.skills import learn_skills
from fourfold.people.actions.themselves import (
    correct_own_record,
    keep_own_wishes,
    lift_own_objection,
    note_own_export,
    say_own_wish,
    set_own_rhythm,
    subscribe_themselves,
    take_own_wish_back,
)
from fourfold.people.actions.wishes import (
    record_consents,
)

__all__ = [
    "MOST_EDITED",
    "AddressChange",
    "Edit",
    "Job",
    "accept_terms",
    "add_field",
    "add_organisations",
    "add_people",
    "add_to_list",
    "add_wording",
    "allow_cv_to",
    "begin_look",
    "change_address",
    "change_organisation",
    "change_person",
    "clear_preference",
    "close_address",
    "correct_own_record",
    "decide_pair",
    "declare",
    "decline_terms",
    "draft_terms",
    "drop_plan",
    "edit_people",
    "empty_again",
    "end_look",
    "erase_people",
    "erase_person",
    "fail_look",
    "fill_hot_lists",
    "fill_reviews",
    "find_or_add",
    "find_or_add_people",
    "hire_under",
    "keep_cv_from",
    "keep_own_wishes",
    "keep_people",
    "keep_rules",
    "learn_skills",
    "lift_erasure",
    "lift_objection",
    "lift_own_objection",
    "log_wish",
    "look_for_pairs",
    "merge_pair",
    "merge_people",
    "move_stage",
    "note_export",
    "note_job_lead",
    "note_job_opened",
    "note_list_export",
    "note_own_export",
    "note_terms_sent",
    "plan_notices",
    "put_address",
    "put_job",
    "record_consents",
    "remove_hot_lists",
    "remove_list",
    "remove_organisations",
    "remove_people",
    "retire_field",
    "retire_wording",
    "save_list",
    "say_own_wish",
    "seed_wordings",
    "set_confidential",
    "set_own_rhythm",
    "set_roles",
    "settle_job_lead",
    "settle_stages",
    "stop_rule",
    "subscribe_themselves",
    "take_address",
    "take_from_list",
    "take_job",
    "take_own_wish_back",
    "tell_batch",
    "tell_person",
    "undo_edit",
    "undo_pair",
    "unmerge_person",
    "withdraw_declaration",
    "write_value",
]
