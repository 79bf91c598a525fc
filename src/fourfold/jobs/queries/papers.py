"""Papers that a job asks for, and how they stand."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from fourfold.accounts.types import Viewer
from fourfold.jobs import access, models
from fourfold.jobs.rules import checks
from fourfold.jobs.types import (
    EXPIRING_DAYS,
    CheckKindRow,
    JobKind,
    Paper,
    PaperDue,
    PlacementState,
    Standing,
)
from fourfold.people import queries as people

SHOWN = 5


def check_kinds(*, all_of_them: bool = False) -> tuple[CheckKindRow, ...]:
    """The papers the house asks for, by kind of job. One statement."""
    rows = models.CheckKind.objects.all()
    rows = rows if all_of_them else rows.filter(used=True)
    return tuple(_kind_row(row) for row in rows)


def _kind_row(row: models.CheckKind) -> CheckKindRow:
    return CheckKindRow(row.key, JobKind(row.kind), row.name, row.holds, row.expires, row.used)


def papers_of(application: UUID, *, on: date) -> Standing:
    """The papers of an application on a day: what holds a start, what only warns. Three statements."""
    kind = models.Application.objects.filter(pk=application).values_list("job__kind", flat=True).first()
    if kind is None:
        return Standing(())
    newest: dict[UUID, models.Check] = {}
    for row in models.Check.objects.filter(application_id=application).order_by("checked_at", "pk"):
        newest[row.kind_id] = row
    asked = models.CheckKind.objects.filter(kind=kind, used=True)
    return checks.standing([_paper(one, newest.get(one.key), on) for one in asked], kind=JobKind(kind))


def _paper(kind: models.CheckKind, row: models.Check | None, on: date) -> Paper:
    if row is None:
        return Paper(_kind_row(kind), checks.state_of(seen=False, waived=False, expires_on=None, on=on))
    state = checks.state_of(seen=True, waived=row.waived, expires_on=row.expires_on, on=on)
    return Paper(
        _kind_row(kind), state, row.expires_on, checks.is_expiring(state, row.expires_on, on=on), row.document,
        row.words, row.checked_by, row.checked_at,
    )  # fmt: skip


def paper(viewer: Viewer, application: UUID, kind: UUID, *, on: date) -> Paper | None:
    """One paper of an application; None where this kind of job doesn't ask for it. Raises NotFound."""
    access.get_application_for(viewer, application)
    return next((one for one in papers_of(application, on=on).papers if one.kind.key == kind), None)


def papers_due(viewer: Viewer, *, on: date) -> tuple[int, tuple[PaperDue, ...]]:
    """Papers of the viewer's placed people that have expired or do so within 30 days: how many, and the first of them.

    Somebody who has left needs none any more; a paper that was seen anew counts by its newest day.
    """
    newer = models.Check.objects.filter(
        application=OuterRef("application"), kind=OuterRef("kind"), checked_at__gt=OuterRef("checked_at")
    )
    here = access.placements_of(viewer).filter(state__in=[PlacementState.ACCEPTED, PlacementState.STARTED])
    rows = models.Check.objects.filter(
        ~Exists(newer), expires_on__lte=on + timedelta(days=EXPIRING_DAYS), waived=False, kind__used=True,
        application__in=here.filter(owner_key=viewer.user_key).values("application"),
    )  # fmt: skip
    held = list(rows.select_related("application__job", "kind").order_by("expires_on", "pk")[:SHOWN])
    count = rows.count() if len(held) == SHOWN else len(held)
    names = _names(viewer, [row.application.person_key for row in held])
    return count, tuple(
        PaperDue(
            row.application_id, row.kind_id, row.application.person_key, names[row.application.person_key],
            row.application.job.title, row.kind.name, row.expires_on,
        )
        for row in held
        if row.expires_on is not None
    )  # fmt: skip


def _names(viewer: Viewer, keys: Collection[UUID]) -> dict[UUID, str]:
    return people.names(set(keys), viewer=viewer, candidates=True) if keys else {}
