"""What this room adds to others' pages and deeds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from fourfold.accounts.types import Viewer
from fourfold.base import clock
from fourfold.jobs import actions, queries
from fourfold.jobs.access import may_work_jobs
from fourfold.jobs.pages import intake, interviews, placing, submitting
from fourfold.people import queries as people
from fourfold.people.types import PanelContent

interviews_soon = interviews.interviews_soon
turn_up_unknown = interviews.turn_up_unknown
board_mails_waiting = intake.board_mails_waiting
people_waiting = submitting.people_waiting
clients_owe = submitting.clients_owe
starts_this_week = placing.starts_this_week
finishers = placing.finishers
papers_expiring = placing.papers_expiring


def merge_step(*, person_key: UUID, into_key: UUID, undo: bool) -> None:
    """Nothing moves: applications, submissions and placements are read over all records of one human."""


def erase_step(*, person_keys: Collection[UUID]) -> int:
    """Words, papers and profiles; steps, proofs and money stay as counts."""
    return actions.forget(keys=person_keys)


def export_step(*, person_keys: Collection[UUID]) -> Mapping[str, Any]:
    """Applications, interviews, what clients were shown, placements."""
    return queries.held_about(person_keys)


def jobs_of_person(key: UUID, viewer: Viewer, at: datetime) -> PanelContent | None:
    """On a person's page: which jobs they are on. Nothing where their candidate side is hidden."""
    if not people.may_see_candidate_side(viewer, key):
        return None
    return PanelContent(_("Their jobs with us"), "jobs/person_part.html", submitting.person_part(viewer, key, at))


def jobs_of_organisation(key: UUID, viewer: Viewer, at: datetime) -> PanelContent | None:
    """On an organisation's page: what it asked us to fill, and how fast it answers CVs."""
    return PanelContent(_("Jobs"), "jobs/client_part.html", submitting.client_part(viewer, key, at))


def job_from_lead(viewer: Viewer, key: UUID) -> str:
    """Where a vacancy heard of becomes a job, for those who open jobs."""
    return f"{reverse('new_job')}?lead={key}" if may_work_jobs(viewer) else ""


def placing_obliged(*, person_keys: Collection[UUID]) -> Collection[UUID]:
    """Those with whom a placement is open: their records are not put up for review."""
    return queries.placing_obliged(person_keys, at=clock.now())
