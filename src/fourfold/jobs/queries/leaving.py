"""What leaves with the house: jobs, applications, CVs that were sent and placements, as plain rows; and who has hands
on what came over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.jobs import access, models
from fourfold.jobs.types import JobKind
from fourfold.ledger.queries import among
from fourfold.work import queries as work

Row = Mapping[str, Any]
PORTION = 500
_JOBS = (
    "key", "reference", "title", "organisation_key", "kind", "engaged", "status", "close_reason", "grade", "openings",
    "currency", "pay_from_minor", "pay_to_minor", "pay_per", "charge_minor", "fee_hundredths", "fee_minor", "city",
    "region", "postcode", "country", "workplace", "description", "desk", "owner_key", "opened_at", "ended_at", "source",
    "source_ref",
)  # fmt: skip
_APPLICATIONS = (
    "key", "job__reference", "person_key", "step", "stage", "stage_at", "origin", "board", "began_at", "submitted_at",
    "answered_at", "ended", "ended_at", "ended_why", "owner_key", "source", "source_ref",
)  # fmt: skip
_SUBMISSIONS = (
    "key", "job__reference", "person_key", "organisation_key", "contact_key", "state", "sent_at", "feedback",
    "feedback_words", "feedback_at", "by", "source", "source_ref",
)  # fmt: skip
_PLACEMENTS = (
    "key", "job__reference", "person_key", "organisation_key", "kind", "state", "accepted_on", "start_on", "started_on",
    "left_on", "left_why", "pay_minor", "per", "currency", "fee_hundredths", "fee_minor", "guarantee_ends_on",
    "invoiced_on", "paid_on", "rebated_minor", "assignment__starts_on", "assignment__ends_on",
    "assignment__finished_on", "owner_key", "source", "source_ref",
)  # fmt: skip


def leaving_jobs(viewer: Viewer) -> Iterator[Row]:
    """Every job, in the order in which they were opened here."""
    return _plain(access.jobs_of(viewer).order_by("key"), _JOBS)


def leaving_applications(viewer: Viewer) -> Iterator[Row]:
    """Applications of people whose candidate side is open to the viewer."""
    return _plain(access.applications_of(viewer).order_by("key"), _APPLICATIONS)


def leaving_submissions(viewer: Viewer) -> Iterator[Row]:
    """CVs that went to clients, of people whose candidate side is open to the viewer."""
    return _plain(access.submissions_of(viewer).order_by("key"), _SUBMISSIONS)


def leaving_placements(viewer: Viewer) -> Iterator[Row]:
    """Placements of people whose candidate side is open to the viewer, with the days of their assignment."""
    return _plain(access.placements_of(viewer).order_by("key"), _PLACEMENTS)


def _plain(rows: QuerySet[Any], columns: tuple[str, ...]) -> Iterator[Row]:
    for row in rows.values_list(*columns).iterator(chunk_size=PORTION):
        yield {name.replace("__", "_"): value for name, value in zip(columns, row, strict=True)}


def worked_with(kind: str, keys: Collection[UUID]) -> set[UUID]:
    """Those of these jobs, applications, submissions or placements with which somebody has worked: a deed, a note or a
    task.
    """
    return accounts.touched_by_hand(kind, keys) | work.worked_on([kind], keys, source="")


def people_on_jobs(keys: Collection[UUID]) -> set[UUID]:
    """Those of these people who are on a job, were sent to a client, were placed, or hire: they can't just go."""
    found: set[UUID] = set()
    for model in (models.Application, models.Submission, models.Placement, models.HiringTeam):
        rows = model.objects.filter(person_key__in=among(keys))
        found.update(key for key in rows.values_list("person_key", flat=True) if key)
    contacts = models.Submission.objects.filter(contact_key__in=among(keys))
    return found | set(contacts.values_list("contact_key", flat=True))


def organisations_with_jobs(keys: Collection[UUID]) -> set[UUID]:
    """Those of these organisations that have a job here, or were sent a CV."""
    found: set[UUID] = set()
    for model in (models.Job, models.Submission):
        rows = model.objects.filter(organisation_key__in=among(keys))
        found.update(rows.values_list("organisation_key", flat=True))
    return found


def kinds_of(keys: Collection[UUID]) -> dict[UUID, JobKind]:
    """What sort of work these jobs are."""
    rows = models.Job.objects.filter(pk__in=among(keys)).values_list("key", "kind")
    return {key: JobKind(kind) for key, kind in rows}
