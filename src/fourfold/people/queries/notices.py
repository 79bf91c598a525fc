"""Who must still be told where the house has their data from, and what was declared."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet

from fourfold.accounts.types import Role, Viewer
from fourfold.people import models
from fourfold.people.types import (
    BatchRow,
    DeclarationRow,
    Ground,
    KeptOut,
    NewDeclaration,
    NoticeRow,
    Notices,
    NoticeState,
    Origin,
    SourceRow,
    SuppressionKind,
)

OPEN = (NoticeState.OWED, NoticeState.PLANNED)
SOON = timedelta(days=7)
SHOWN = 20


def notices(viewer: Viewer, *, at: datetime) -> Notices:
    """What the house owes to whom, of the people this viewer may see; the most pressing of them by name."""
    visible = _visible(viewer)
    counted = visible.aggregate(
        owed=Count("pk", filter=Q(state__in=OPEN)),
        overdue=Count("pk", filter=Q(state__in=OPEN, due_at__lt=at)),
        soon=Count("pk", filter=Q(state__in=OPEN, due_at__gte=at, due_at__lt=at + SOON)),
        unplanned=Count("pk", filter=Q(state=NoticeState.OWED)),
        told=Count("pk", filter=Q(state=NoticeState.TOLD)),
        declared=Count("pk", filter=Q(state=NoticeState.DECLARED)),
    )
    return Notices(**counted, sources=_sources(visible, at), batches=batches(), rows=_rows(visible))


def _visible(viewer: Viewer) -> QuerySet[models.NoticeDue]:
    """Notices of records that stand by themselves, and of merged ones where the record that stays has none."""
    rows = models.NoticeDue.objects.filter(Q(person__merged_into=None) | Q(person__merged_into__notice=None))
    if viewer.has(Role.LEADER):
        return rows
    return rows.filter(person__in=models.Person.objects.visible_to(viewer))


def _sources(visible: QuerySet[models.NoticeDue], at: datetime) -> tuple[SourceRow, ...]:
    rows = (
        visible.filter(state__in=OPEN)
        .values("person__origin", "person__origin_detail")
        .annotate(
            owed=Count("pk"),
            overdue=Count("pk", filter=Q(due_at__lt=at)),
            first=Min("person__added_at"),
            last=Max("person__added_at"),
        )
        .order_by("-owed", "person__origin", "person__origin_detail")[:40]
    )
    return tuple(
        SourceRow(
            Origin(row["person__origin"]), row["person__origin_detail"], row["owed"], row["overdue"],
            row["first"].date(), row["last"].date(),
        )
        for row in rows
        if row["person__origin"]
    )  # fmt: skip


def batches() -> tuple[BatchRow, ...]:
    """The plan: each batch with how many of it were told."""
    rows = models.NoticeBatch.objects.annotate(
        held=Count("people"), told=Count("people", filter=~Q(people__state__in=OPEN))
    )
    return tuple(BatchRow(row.pk, row.name, row.due_on, row.held, row.told) for row in rows.order_by("due_on", "pk"))


def _rows(visible: QuerySet[models.NoticeDue]) -> tuple[NoticeRow, ...]:
    rows = visible.filter(state__in=OPEN).select_related("person__merged_into", "batch").order_by("due_at", "pk")
    found = []
    for row in rows[:SHOWN]:
        shown, origin = row.person.merged_into or row.person, Origin(row.person.origin or Origin.SOURCED)
        batch = row.batch.name if row.batch else ""
        found.append(NoticeRow(shown.key, shown.name, origin, row.person.origin_detail, row.due_at, batch))
    return tuple(found)


def covered_by(new: NewDeclaration) -> QuerySet[models.NoticeDue]:
    """The open notices that a declaration would settle: those of its source whose people were added in its days."""
    return models.NoticeDue.objects.filter(
        state__in=OPEN,
        person__origin=new.origin,
        person__origin_detail=new.source,
        person__added_at__date__gte=new.from_day,
        person__added_at__date__lte=new.to_day,
    )


def count_covered(new: NewDeclaration) -> int:
    """How many people a declaration would settle."""
    return covered_by(new).count()


def declarations() -> tuple[DeclarationRow, ...]:
    """What the house has declared, newest first."""
    rows = models.Declaration.objects.order_by("-at").annotate(shown_origin=F("origin"))
    return tuple(
        DeclarationRow(
            row.key, Origin(row.origin or Origin.IMPORTED), row.source, row.from_day, row.to_day, row.told, row.told_on,
            row.basis, row.evidence, row.people, row.by, row.at, row.withdrawn_at,
        )
        for row in rows
    )  # fmt: skip


def overdue_notices(viewer: Viewer, *, at: datetime) -> tuple[int, tuple[NoticeRow, ...]]:
    """How many are overdue, and the first of them."""
    late = _visible(viewer).filter(due_at__lt=at)
    return late.filter(state__in=OPEN).count(), _rows(late)[:3]


def kept_out() -> KeptOut:
    """How many people were erased and how many addresses are kept out, without a name."""
    rows: dict[str, Any] = models.Suppression.objects.aggregate(
        erased=Count("pk", filter=Q(kind=SuppressionKind.ERASED, lifted_at=None)),
        objected=Count("pk", filter=Q(kind=SuppressionKind.OBJECTED, lifted_at=None)),
        lifted=Count("pk", filter=Q(lifted_at__isnull=False)),
    )
    people = models.Tombstone.objects.filter(into_key=None).exclude(ground=Ground.TAKEN_OUT).count()
    return KeptOut(people, rows["erased"], rows["objected"], rows["lifted"])
