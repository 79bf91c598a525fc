"""Deeds on papers: which a kind of job needs, which were seen, which were waived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.errors import NotFound
from fourfold.base.ids import new_key
from fourfold.files import actions as files
from fourfold.files.types import FilePurpose
from fourfold.jobs import access, models
from fourfold.jobs.types import JobKind, PlacingRefused

NOT_KEPT = "The paper was not kept."


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was looked at, or why that isn't needed."""

    words: str
    document: UUID | None = None
    expires_on: date | None = None
    waived: bool = False


@transaction.atomic
def see_paper(
    *, application: UUID, kind: UUID, document: tuple[str, bytes] | None, words: str, expires_on: date | None,
    viewer: Viewer, at: datetime,
) -> None:  # fmt: skip
    """Keep that a paper was seen: the document or what was looked at, and until when it holds.

    Raises PlacingRefused (nothing shows it, no end where one is needed), FileRefused, NotFound, NotAllowed.
    """
    row = access.get_application_to_work(viewer, application)
    paper = _kind(kind, row.job)
    if document is None and not words.strip():
        raise PlacingRefused(NOT_KEPT, "Nothing shows it.", "Bring the document, or write what you looked at.")
    if paper.expires and expires_on is None:
        raise PlacingRefused(NOT_KEPT, f"“{paper.name}” holds until a day.", "Write until when it holds.")
    held = None
    if document is not None:
        name, data = document
        held = files.store_file(
            subject=("candidate", row.person_key), name=name, data=data, purpose=FilePurpose.DOCUMENT,
            by=viewer.actor(), at=at,
        )  # fmt: skip
    _keep(row, paper, _Seen(words, held, expires_on), viewer=viewer, at=at)


@transaction.atomic
def waive_paper(*, application: UUID, kind: UUID, why: str, viewer: Viewer, at: datetime) -> None:
    """Let a start go ahead without a paper: a leader's deed, with a reason.

    Raises PlacingRefused, NotFound, NotAllowed.
    """
    row = access.get_application_to_work(viewer, application)
    access.require_leader(viewer)
    if not why.strip():
        raise PlacingRefused(NOT_KEPT, "Nothing says why it isn't needed.", "Write the reason: it stays on record.")
    paper = _kind(kind, row.job)
    _keep(row, paper, _Seen(why, waived=True), viewer=viewer, at=at)


def _kind(key: UUID, job: models.Job) -> models.CheckKind:
    found = models.CheckKind.objects.filter(pk=key, kind=job.kind).first()
    if found is None:
        raise NotFound("This paper was not found.", "This kind of job doesn't ask for it.", "Reload the page.")
    return found


def _keep(row: models.Application, paper: models.CheckKind, seen: _Seen, *, viewer: Viewer, at: datetime) -> None:
    models.Check.objects.create(
        key=new_key(), application=row, kind=paper, document=seen.document, words=seen.words.strip()[:250],
        waived=seen.waived, expires_on=seen.expires_on, checked_by=viewer.name[:80], checked_by_key=viewer.user_key,
        checked_at=at,
    )  # fmt: skip
    accounts.audit(
        by=viewer.actor(), deed="waive_paper" if seen.waived else "see_paper", at=at,
        subject=("application", row.key), summary=paper.name,
    )  # fmt: skip


@transaction.atomic
def keep_check_kind(*, kind: JobKind, name: str, holds: bool, expires: bool, viewer: Viewer, at: datetime) -> UUID:
    """Ask for a paper from a kind of job, or change how: the same name is the same paper.

    Raises PlacingRefused, NotAllowed.
    """
    access.require_pipeline_keeper(viewer)
    words = " ".join(name.split())[:80]
    if not words:
        raise PlacingRefused(NOT_KEPT, "It has no name.", "Name the paper, such as “DBS check”.")
    last = models.CheckKind.objects.filter(kind=kind).aggregate(last=Max("place"))["last"] or 0
    row, _new = models.CheckKind.objects.update_or_create(
        kind=kind, name=words, defaults={"holds": holds, "expires": expires, "used": True},
        create_defaults={"key": new_key(), "holds": holds, "expires": expires, "place": last + 1},
    )  # fmt: skip
    accounts.audit(by=viewer.actor(), deed="keep_check_kind", at=at, subject=("check_kind", row.key), summary=words)
    return row.key


@transaction.atomic
def use_check_kind(*, key: UUID, used: bool, viewer: Viewer, at: datetime) -> None:
    """Ask for a paper no longer, or again. What was seen stays. Raises NotFound, NotAllowed."""
    access.require_pipeline_keeper(viewer)
    if not models.CheckKind.objects.filter(pk=key).update(used=used):
        raise NotFound("This paper was not found.", "It is gone.", "Reload the page.")
    deed = "use_check_kind" if used else "retire_check_kind"
    accounts.audit(by=viewer.actor(), deed=deed, at=at, subject=("check_kind", key))
