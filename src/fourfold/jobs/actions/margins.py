"""Deeds on weekly margins and targets: read a file, take it, and what colleagues aim at."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import Viewer
from fourfold.base.errors import NotFound
from fourfold.base.ids import new_key
from fourfold.jobs import access, models, queries
from fourfold.jobs.actions import cash
from fourfold.jobs.rules import margins
from fourfold.jobs.types import CashBasis, PlacingRefused

LARGEST = 5 * 1024 * 1024
MOST_MONTHS = 12


@transaction.atomic
def stage_margins(*, name: str, data: bytes, viewer: Viewer, at: datetime) -> UUID:
    """Read a file of weekly margins and keep what it says; nothing counts until it is taken.

    Only its own columns are kept. Raises PlacingRefused (no file of margins), NotAllowed.
    """
    access.require_margin_bringer(viewer)
    if len(data) > LARGEST:
        raise PlacingRefused("The file was not read.", "It is larger than 5 MB.", "Cut it in two.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PlacingRefused(
            "The file was not read.", "It is no text in UTF-8.", "Save it as “CSV UTF-8” in your spreadsheet."
        ) from None
    if "\0" in text:
        raise PlacingRefused("The file was not read.", "It is no text.", "Save it as “CSV UTF-8” in your spreadsheet.")
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


@transaction.atomic
def take_margins(*, key: UUID, correct: bool, viewer: Viewer, at: datetime) -> None:
    """Take the weeks of a file: each becomes one row of net margin. One that stands with the same sum is passed over.

    ``correct`` replaces weeks that stand with another sum; without it they are left as they are. Once a file.
    Raises PlacingRefused, NotFound, NotAllowed.
    """
    access.require_margin_bringer(viewer)
    found = models.MarginFile.objects.select_for_update().filter(pk=key).first()
    if found is None:
        raise NotFound("This file was not found.", "Its address is wrong.", "Bring the file again.")
    if found.applied_at is not None:
        raise PlacingRefused("Nothing was taken.", "This file was taken before.", "Look at what it brought.")
    keys = {UUID(row[1]) for row in found.rows}
    held = models.Assignment.objects.filter(placement__in=keys).select_related("placement__job")
    assignments = {row.placement_id: row for row in held}
    standing = {
        (row.assignment_id, row.week_ending): row
        for row in models.WeeklyMargin.objects.filter(assignment__in=list(assignments.values()))
    }
    counts = {"new": 0, "same": 0, "corrected": 0}
    for _number, placement, week, units, minor, _currency in found.rows:
        row = assignments.get(UUID(placement))
        if row is not None:
            before = standing.get((row.key, date.fromisoformat(week)))
            counts[_take(found, row, before, (date.fromisoformat(week), units, minor), correct, viewer, at)] += 1
    found.new, found.same, found.corrected, found.applied_at = (*counts.values(), at)
    found.save(update_fields=["new", "same", "corrected", "applied_at"])
    accounts.audit(
        by=viewer.actor(), deed="take_margins", at=at, subject=("margin_file", key), summary=f"{found.new} weeks"
    )


def _take(
    found: models.MarginFile, row: models.Assignment, before: models.WeeklyMargin | None,
    week: tuple[date, int | None, int], correct: bool, viewer: Viewer, at: datetime,
) -> str:  # fmt: skip
    """One week: new, the same, or corrected. Posts its net margin."""
    ending, units, minor = week
    if before is not None and (before.margin_minor == minor or not correct):
        return "same"
    models.WeeklyMargin.objects.update_or_create(
        assignment=row, week_ending=ending,
        defaults={
            "units_hundredths": units, "margin_minor": minor, "batch": found.key, "by": viewer.name[:80], "at": at,
        },
    )  # fmt: skip
    cash.post(
        row.placement.job,
        row.placement,
        cash.Line(f"week:{ending}", CashBasis.ACCEPTED, ending, minor),
        by=viewer.actor(),
        at=at,
        correct=before is not None,
    )
    return "new" if before is None else "corrected"


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
