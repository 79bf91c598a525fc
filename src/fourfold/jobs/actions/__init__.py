"""Deeds on jobs and on people's progress on them."""

from fourfold.jobs.actions.applications import (
    add_people,
    begin_application,
    end_application,
    move_application,
    own_application,
    reopen_application,
)

__all__ = [
    "add_people",
    "begin_application",
    "end_application",
    "move_application",
    "own_application",
    "reopen_application",
]
