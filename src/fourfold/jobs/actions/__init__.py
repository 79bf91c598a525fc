"""Deeds on jobs and on people's progress on them."""

from fourfold.jobs.actions.applications import (
    add_people,
    begin_application,
    end_application,
    move_application,
    own_application,
    reopen_application,
)
from fourfold.jobs.actions.jobs import (
    Hirer,
    NewAdvert,
    add_hirer,
    change_job,
    note_advert,
    note_authority,
    open_job,
    remove_hirer,
    set_status,
    settle_grades,
    take_down_advert,
)

__all__ = [
    "Hirer",
    "NewAdvert",
    "add_hirer",
    "add_people",
    "begin_application",
    "change_job",
    "end_application",
    "move_application",
    "note_advert",
    "note_authority",
    "open_job",
    "own_application",
    "remove_hirer",
    "reopen_application",
    "set_status",
    "settle_grades",
    "take_down_advert",
]
