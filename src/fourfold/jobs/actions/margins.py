"""Deeds on weekly margins and targets: read a file, take it, and what colleagues aim at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import Viewer
from fourfold.base.errors import NotFound
from fourfold.base.ids import new_key
from fourfold.jobs import access, models, queries
from fourfold.jobs.actions import cash
from fourfold.jobs.rules import margins, tables
from fourfold.jobs.types import CashBasis, PlacingRefused

MOST_MONTHS = 12
AT_ONCE = 100


@transaction.atomic
def stage_margins(*, name: str, data: bytes, viewer: Viewer, at: datetime) -> UUID:
    """Read a file of weekly margins and keep what it says; nothing counts until it is taken.

    Only its own columns are kept. Raises PlacingRefused (no file of margins), NotAllowed.
    """
    access.require_margin_bringer(viewer)
    text = tables.text_of(data, refused=PlacingRefused)
    rows, rejected = margins.read(text, placements=queries.known_assignments(), today=at.date())
    made = models.MarginFile.objects.create(
        key=new_key(), name=name[-120:], by=viewer.name[:80], by_key=viewer.user_key, at=at,
        rows=[
            [row.number, str(row.placement), row.week_ending.isoformat(), row.units_hundredths, row.margin_minor,
             row.currency]
            for row in rows
        ],
        rejected=[[row.number, list(row.cells), row.why] for row in rejected],
    )  # fmt: skip
    return made.key


def take_margins(*, key: UUID, correct: bool, viewer: Viewer, at: datetime) -> None:
    """Take the weeks of a file: each becomes one row of net margin. One that stands with the same sum is passed over.

    ``correct`` replaces weeks that stand with another sum; without it they are left as they are. Once a file, some
    hundred rows a transaction: broken off, it is taken again and goes on.
    Raises PlacingRefused, NotFound, NotAllowed.
    """
    access.require_margin_bringer(viewer)
    found = _waiting(key)
    counts: Counter[str] = Counter()
    for start in range(0, len(found.rows), AT_ONCE):
        with transaction.atomic():
            counts += _take(_waiting(key), found.rows[start : start + AT_ONCE], correct, viewer, at)
    with transaction.atomic():
        found = _waiting(key)
        found.new, found.same, found.corrected, found.applied_at = counts["new"], counts["same"], counts["other"], at
        found.save(update_fields=["new", "same", "corrected", "applied_at"])
        accounts.audit(
            by=viewer.actor(), deed="take_margins", at=at, subject=("margin_file", key), summary=f"{found.new} weeks"
        )


def _waiting(key: UUID) -> models.MarginFile:
    """A file that was not taken yet; locked within a transaction."""
    rows = models.MarginFile.objects.filter(pk=key)
    found = (rows.select_for_update() if transaction.get_connection().in_atomic_block else rows).first()
    if found is None:
        raise NotFound("This file was not found.", "Its address is wrong.", "Bring the file again.")
    if found.applied_at is not None:
        raise PlacingRefused("Nothing was taken.", "This file was taken before.", "Look at what it brought.")
    return found


def _take(
    found: models.MarginFile, rows: Sequence[Sequence[Any]], correct: bool, viewer: Viewer, at: datetime
) -> Counter[str]:
    """Some weeks of a file. How many were new, stood the same, or were corrected."""
    keys = {UUID(row[1]) for row in rows}
    assignments = {
        row.placement_id: row
        for row in models.Assignment.objects.filter(placement__in=keys).select_related("placement__job")
    }
    held = models.WeeklyMargin.objects.filter(assignment__placement__in=keys)
    standing = {(row.assignment_id, row.week_ending): row for row in held}
    counts: Counter[str] = Counter()
    new: list[models.WeeklyMargin] = []
    changed: list[models.WeeklyMargin] = []
    weeks: list[tuple[models.Placement, cash.Line]] = []
    for _number, placement, text, units, minor, _currency in rows:
        row, week = assignments.get(UUID(placement)), date.fromisoformat(text)
        if row is None:
            continue
        before = standing.get((row.key, week))
        if before is not None and (before.margin_minor == minor or not correct):
            counts["same"] += 1
            continue
        one = before or models.WeeklyMargin(assignment=row, week_ending=week)
        one.units_hundredths, one.margin_minor, one.batch, one.by, one.at = (
            units,
            minor,
            found.key,
            viewer.name[:80],
            at,
        )
        (new if before is None else changed).append(one)
        weeks.append((row.placement, cash.Line(f"week:{week}", CashBasis.ACCEPTED, week, minor)))
    models.WeeklyMargin.objects.bulk_create(new)
    models.WeeklyMargin.objects.bulk_update(changed, ["units_hundredths", "margin_minor", "batch", "by", "at"])
    cash.post_weeks(weeks, batch=found.key, by=viewer.actor(), at=at)
    return counts + Counter({"new": len(new), "other": len(changed)})


@transaction.atomic
def drop_margins(*, key: UUID, viewer: Viewer, at: datetime) -> None:
    """Forget a file that was not taken. Raises NotFound, NotAllowed."""
    access.require_margin_bringer(viewer)
    gone, _ = models.MarginFile.objects.filter(pk=key, applied_at=None).delete()
    if not gone:
        raise NotFound("This file was not found.", "It is gone, or was taken.", "Reload the page.")
    accounts.audit(by=viewer.actor(), deed="drop_margins", at=at, subject=("margin_file", key))


@transaction.atomic
def aim(
    *, user_key: UUID, month: date, months: int, amount_minor: int, currency: str, viewer: Viewer, at: datetime
) -> None:
    """What a colleague aims to bill a month, for so many months from this one: set by them, or by a leader.

    Raises PlacingRefused, NotFound.
    """
    access.require_billings(viewer, user_key)
    if not 1 <= months <= MOST_MONTHS or amount_minor < 0:
        raise PlacingRefused(
            "The target was not kept.", "A target is for one to twelve months, and not below zero.", "Check both."
        )
    if user_key not in accounts_queries.active_names():
        raise NotFound("This colleague was not found.", "They don't work here any more.", "Choose another.")
    first = month.replace(day=1)
    for n in range(months):
        day = date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1)
        models.BillingTarget.objects.update_or_create(
            user_key=user_key, month=day,
            defaults={"amount_minor": amount_minor, "currency": currency, "by": viewer.name[:80], "at": at},
        )  # fmt: skip
    accounts.audit(by=viewer.actor(), deed="aim", at=at, subject=("user", user_key), summary=f"{months} months")
