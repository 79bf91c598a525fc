"""Deeds on assignments: rates, papers of the law, extensions, an early finish."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.actor import Actor
from fourfold.base.errors import NotFound
from fourfold.base.ids import new_key
from fourfold.files import actions as files
from fourfold.files.types import FilePurpose
from fourfold.jobs import access, models
from fourfold.jobs.types import AssignmentChange, Ir35, PaidVia, PlacementState, PlacingRefused

NOTHING = "Nothing was changed."


def begin(placement: models.Placement, change: AssignmentChange, *, by: Actor, at: datetime) -> None:
    """Write the assignment of a new placement with its first rate. In the caller's transaction."""
    _check(change)
    made = models.Assignment.objects.create(
        key=new_key(), placement=placement, unit=change.unit, units_a_week_hundredths=change.units_a_week_hundredths,
        starts_on=change.starts_on, ends_on=change.ends_on, paid_via=change.paid_via, company=change.company[:120],
        ir35=change.ir35, ir35_on=change.ir35_on, kid_sent_on=change.kid_sent_on,
        awr_weeks_before=change.awr_weeks_before,
    )  # fmt: skip
    _rate(made, change.starts_on, change.pay_minor, change.charge_minor, "as agreed", by, at)


def _check(change: AssignmentChange) -> None:
    if change.ends_on < change.starts_on:
        raise PlacingRefused(NOTHING, "The assignment would end before it begins.", "Check the two days.")
    if change.units_a_week_hundredths < 1:
        raise PlacingRefused(NOTHING, "A week has no hours or days.", "Write how many there are in a week.")
    _check_rates(change.pay_minor, change.charge_minor)
    if change.ir35 in (Ir35.INSIDE, Ir35.OUTSIDE) and change.ir35_on is None:
        raise PlacingRefused(NOTHING, "A determination has a day.", "Write the day of the client's statement.")


def _check_rates(pay: int, charge: int) -> None:
    if pay < 0 or charge < pay:
        raise PlacingRefused(NOTHING, "What is charged is less than what is paid.", "Check the two rates.")


def _rate(row: models.Assignment, from_on: date, pay: int, charge: int, why: str, by: Actor, at: datetime) -> None:
    models.RateChange.objects.create(
        assignment=row, from_on=from_on, pay_minor=pay, charge_minor=charge, why=why.strip()[:160], by=by.name[:80],
        at=at,
    )  # fmt: skip


def move_start(placement: models.Placement, start_on: date) -> None:
    """A first day that moves keeps the length. In the caller's transaction."""
    row = models.Assignment.objects.filter(placement=placement).first()
    if row is not None:
        before, row.ends_on = row.starts_on, row.ends_on + (start_on - row.starts_on)
        row.starts_on = start_on
        row.save(update_fields=["starts_on", "ends_on"])
        row.rates.filter(from_on=before).update(from_on=start_on)


def call_off(placement: models.Placement, *, on: date, why: str) -> None:
    """The placement fell through or ended: so does its assignment. In the caller's transaction."""
    models.Assignment.objects.filter(placement=placement, finished_on=None).update(
        finished_on=on, finished_why=why.strip()[:250]
    )


@transaction.atomic
def change_assignment(
    *, key: UUID, change: AssignmentChange, document: tuple[str, bytes] | None, viewer: Viewer, at: datetime
) -> None:
    """Change how somebody is paid, what was determined, when the Key Information Document went, the weeks before.

    Its days and rates have deeds of their own. ``document`` is the status determination. Raises PlacingRefused,
    FileRefused, NotFound, NotAllowed.
    """
    placement, row = _assignment(key, viewer)
    _check(change)
    row.unit, row.units_a_week_hundredths = change.unit, change.units_a_week_hundredths
    row.paid_via, row.company = change.paid_via, change.company.strip()[:120]
    row.ir35 = change.ir35 if change.paid_via is PaidVia.OWN_COMPANY else Ir35.NOT_ASKED
    row.ir35_on = change.ir35_on if row.ir35 != Ir35.NOT_ASKED else None
    row.kid_sent_on, row.awr_weeks_before = change.kid_sent_on, change.awr_weeks_before
    if document is not None:
        name, data = document
        row.ir35_document = files.store_file(
            subject=("candidate", placement.person_key), name=name, data=data, purpose=FilePurpose.DOCUMENT,
            by=viewer.actor(), at=at,
        )  # fmt: skip
    row.save()
    _audit(placement, "change_assignment", viewer, at)


@transaction.atomic
def change_rate(
    *, key: UUID, from_on: date, pay_minor: int, charge_minor: int, why: str, viewer: Viewer, at: datetime
) -> None:
    """From a day on something else is paid and charged; what was before stays. Raises PlacingRefused, NotFound."""
    placement, row = _assignment(key, viewer)
    _check_rates(pay_minor, charge_minor)
    if not row.starts_on <= from_on <= row.ends_on:
        raise PlacingRefused(
            NOTHING, "That day lies outside the assignment.", "Choose a day between its first and last."
        )
    _rate(row, from_on, pay_minor, charge_minor, why, viewer.actor(), at)
    _audit(placement, "change_rate", viewer, at, f"from {from_on}")


@transaction.atomic
def extend_assignment(*, key: UUID, ends_on: date, why: str, viewer: Viewer, at: datetime) -> None:
    """The assignment ends on another day, later or earlier; every end is kept. Raises PlacingRefused, NotFound."""
    placement, row = _assignment(key, viewer)
    if ends_on == row.ends_on:
        raise PlacingRefused(NOTHING, "That is the day on which it ends already.", "Choose another last day.")
    if ends_on < row.starts_on:
        raise PlacingRefused(NOTHING, "It would end before it begins.", "Choose a later day.")
    models.Extension.objects.create(
        assignment=row, was_ends_on=row.ends_on, ends_on=ends_on, why=why.strip()[:160], by=viewer.name[:80], at=at
    )
    before, row.ends_on = row.ends_on, ends_on
    row.save(update_fields=["ends_on"])
    _audit(placement, "extend_assignment", viewer, at, f"{before} to {ends_on}")


@transaction.atomic
def finish_assignment(*, key: UUID, finished_on: date, why: str, viewer: Viewer, at: datetime) -> None:
    """The assignment is over, on its last day or before. Before it, why is needed. Raises PlacingRefused, NotFound."""
    placement, row = _assignment(key, viewer)
    if placement.state != PlacementState.STARTED or placement.started_on is None:
        raise PlacingRefused(NOTHING, "They have not started.", "Note their start, or that it fell through.")
    if not placement.started_on <= finished_on <= at.date() + timedelta(days=1):
        raise PlacingRefused(NOTHING, "That day lies before their start, or in the future.", "Check the day.")
    if finished_on < row.ends_on and not why.strip():
        raise PlacingRefused(NOTHING, "It ends early, and nothing says why.", "Write the real reason in a few words.")
    row.finished_on, row.finished_why = finished_on, why.strip()[:250]
    row.save(update_fields=["finished_on", "finished_why"])
    placement.state, placement.left_on, placement.left_why = PlacementState.LEFT, finished_on, why.strip()[:250]
    placement.save(update_fields=["state", "left_on", "left_why"])
    _audit(placement, "finish_assignment", viewer, at, str(finished_on))


def _assignment(key: UUID, viewer: Viewer) -> tuple[models.Placement, models.Assignment]:
    """A placement's assignment that is not over, both locked."""
    placement = access.get_placement_to_work(viewer, key)
    row = models.Assignment.objects.select_for_update().filter(placement=placement).first()
    if row is None:
        raise NotFound("This assignment was not found.", "A permanent placement has none.", "Open the placement.")
    if row.finished_on is not None:
        raise PlacingRefused(NOTHING, "The assignment is over.", "Make a new placement for new work.")
    return placement, row


def _audit(placement: models.Placement, deed: str, viewer: Viewer, at: datetime, summary: str = "") -> None:
    accounts.audit(
        by=viewer.actor(), deed=deed, at=at, subject=("placement", placement.key),
        summary=summary or placement.job.reference,
    )  # fmt: skip


def forget_assignments(person_keys: Collection[UUID]) -> None:
    """Blank what was written about these people's assignments; days and rates stay. In the caller's transaction."""
    held = models.Assignment.objects.filter(placement__person_key__in=list(person_keys))
    models.Extension.objects.filter(assignment__in=held).update(why="")
    models.RateChange.objects.filter(assignment__in=held).update(why="")
    models.Split.objects.filter(placement__person_key__in=list(person_keys)).update(why="")
    held.update(company="", finished_why="", ir35_document=None)
