"""Deeds on placements: make one of an accepted offer, start it, and what ends it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import Viewer
from fourfold.base.actor import HOUSE, Actor
from fourfold.base.ids import new_key
from fourfold.jobs import access, models, queries
from fourfold.jobs.actions import asking, assigning, cash, planning, stepping
from fourfold.jobs.rules import rebates, splits
from fourfold.jobs.types import (
    STAYED,
    CashBasis,
    Ended,
    Fee,
    JobKind,
    NewPlacement,
    OfferState,
    PlacementState,
    PlacingRefused,
    SplitPart,
    SplitRole,
    Stage,
    StageStep,
)
from fourfold.surveys.types import Moment, Outcome

NOTHING = "Nothing was changed."
NOT_MADE = "The placement was not made."


@transaction.atomic
def make_placement(*, offer: UUID, placement: NewPlacement, viewer: Viewer, at: datetime) -> UUID:
    """An accepted offer becomes a placement: its fee, its rebate scale as the terms have it today, and a first split.

    The fee is posted as cash on the basis “accepted”; contract and temporary work brings its margin week by week.
    Raises PlacingRefused, NotFound, NotAllowed.
    """
    accepted = access.get_offer_for(viewer, offer)
    row = access.get_application_to_work(viewer, accepted.application_id)
    accepted.refresh_from_db()
    if accepted.state != OfferState.ACCEPTED:
        raise PlacingRefused(NOT_MADE, "The offer is not accepted.", "Note their answer first.")
    if models.Placement.objects.filter(application=row).exists():
        raise PlacingRefused(NOT_MADE, "They are placed already.", "Open that placement.")
    job = row.job
    worked_out = queries.fee_for(job.key, pay_minor=placement.pay_minor, per=placement.per, currency=placement.currency,
                                 at=at)  # fmt: skip
    fee = _fee(job, placement, worked_out)
    weekly = job.kind != JobKind.PERMANENT
    if weekly and placement.assignment is None:
        raise PlacingRefused(NOT_MADE, "Nothing says for how long, and at which rates.", "Fill in the assignment.")
    start = placement.assignment.starts_on if weekly and placement.assignment else placement.start_on
    scale = [] if weekly or job.for_ourselves else queries.rebate_scale(job.key, at=at)
    made = models.Placement.objects.create(
        key=new_key(), application=row, job=job, person_key=row.person_key, organisation_key=job.organisation_key,
        kind=job.kind, accepted_on=placement.accepted_on, start_on=start, agreed_start_on=start,
        pay_minor=placement.pay_minor, per=placement.per, currency=placement.currency.upper(),
        fee_minor=fee.minor, fee_hundredths=fee.hundredths, fee_why=fee.why[:160], rebates=[list(one) for one in scale],
        guarantee_ends_on=rebates.guarantee_ends(scale, started=start), desk=job.desk, office=job.office, team=job.team,
        owner_key=row.owner_key or job.owner_key, by=viewer.name[:80], at=at,
    )  # fmt: skip
    if placement.assignment and weekly:
        assigning.begin(made, placement.assignment, by=viewer.actor(), at=at)
    if not job.for_ourselves:
        _first_split(made, row, viewer.actor(), at)
    if fee.minor and not job.retained_stages.exists():
        cash.post(
            job, made, cash.Line(cash.FEE, CashBasis.ACCEPTED, made.accepted_on, fee.minor), by=viewer.actor(), at=at
        )
    stepping.advance(row, Stage.PLACED, by=viewer.actor(), at=at, why="an accepted offer became a placement")
    _plan(made, row, viewer.actor(), at)
    _audit(made, "make_placement", viewer.actor(), at)
    return made.key


def _fee(job: models.Job, placement: NewPlacement, worked_out: Fee) -> Fee:
    if job.for_ourselves or job.kind != JobKind.PERMANENT:
        return Fee(None)
    if placement.fee_minor is None or placement.fee_minor == worked_out.minor:
        return worked_out
    if worked_out.minor is not None and not placement.fee_why.strip():
        raise PlacingRefused(
            NOT_MADE, "The fee is not the one that the terms give, and nothing says why.", "Write who agreed to it."
        )
    share = round(placement.fee_minor * 10_000 / placement.pay_minor) if placement.pay_minor else None
    return Fee(placement.fee_minor, share, placement.fee_why.strip() or "typed in: the terms say nothing for this pay")


def _first_split(made: models.Placement, row: models.Application, by: Actor, at: datetime) -> None:
    """Equal parts for whoever owns the client, the job and the candidate, as a proposal that colleagues agree on."""
    here = set(accounts_queries.active_names())
    owners = {
        SplitRole.WON_CLIENT: queries.owner_of_client(made.organisation_key),
        SplitRole.TOOK_JOB: made.job.owner_key,
        SplitRole.FOUND: row.owner_key,
        SplitRole.DELIVERED: row.owner_key or made.job.owner_key,
    }
    held = [(role, who if who in here else None) for role, who in owners.items()]
    parts = splits.proposed(held)
    if parts:
        _write_split(made, parts, 1, "Proposed from who owns the client, the job and the candidate", by, at)


def _plan(made: models.Placement, row: models.Application, by: Actor, at: datetime) -> None:
    planning.keep_plan(
        row, accepted_on=made.accepted_on, start_on=made.started_on or made.start_on,
        guarantee_ends_on=made.guarantee_ends_on, started=made.started_on is not None, by=by, at=at,
    )  # fmt: skip


def _audit(made: models.Placement, deed: str, by: Actor, at: datetime, summary: str = "") -> None:
    accounts.audit(by=by, deed=deed, at=at, subject=("placement", made.key), summary=summary or made.job.reference)


def _placement(
    key: UUID, viewer: Viewer, *states: PlacementState
) -> tuple[models.Placement, models.Application | None]:
    """A placement in one of these states, locked, with its application, locked too."""
    made = access.get_placement_to_work(viewer, key)
    if made.state not in states:
        raise PlacingRefused(NOTHING, "Something else became of this placement meanwhile.", "Reload the page.")
    row = access.get_application_to_work(viewer, made.application_id) if made.application_id is not None else None
    return made, row


@transaction.atomic
def change_start(*, key: UUID, start_on: date, why: str, viewer: Viewer, at: datetime) -> None:
    """They start on another day: the plan moves with it. Raises PlacingRefused, NotFound, NotAllowed."""
    made, row = _placement(key, viewer, PlacementState.ACCEPTED)
    if start_on < made.accepted_on:
        raise PlacingRefused(NOTHING, "They would start before they accepted.", "Check the day.")
    before, made.start_on = made.start_on, start_on
    made.agreed_start_on = made.agreed_start_on or start_on
    made.guarantee_ends_on = rebates.guarantee_ends(_scale(made), started=start_on)
    made.save(update_fields=["start_on", "agreed_start_on", "guarantee_ends_on"])
    assigning.move_start(made, start_on)
    if row is not None:
        _plan(made, row, viewer.actor(), at)
    _audit(made, "change_start", viewer.actor(), at, f"{before} to {start_on}: {why}"[:250])


def _scale(made: models.Placement) -> list[tuple[int, int]]:
    return [(int(weeks), int(share)) for weeks, share in made.rebates]


@transaction.atomic
def start_placement(*, key: UUID, started_on: date, viewer: Viewer, at: datetime) -> None:
    """They started. A missing or expired paper holds a temporary start; an own hire becomes a colleague in the ledger.

    Raises PlacingRefused, naming the papers; NotFound, NotAllowed.
    """
    made, row = _placement(key, viewer, PlacementState.ACCEPTED)
    if started_on > at.date():
        raise PlacingRefused(NOTHING, "That day has not come yet.", "Note the start on the day, or move it.")
    if started_on < made.accepted_on:
        raise PlacingRefused(NOTHING, "They would have started before they accepted.", "Check the day.")
    holding = queries.papers_of(row.key, on=started_on).holding if row is not None else ()
    if holding:
        names = ", ".join(paper.kind.name for paper in holding)
        raise PlacingRefused(
            "The start was not noted.", f"A temporary start waits for its papers: {names}.",
            "Note that you have seen them, or ask a leader to waive one with a reason.",
        )  # fmt: skip
    made.state, made.started_on, made.start_on = PlacementState.STARTED, started_on, made.start_on or started_on
    made.agreed_start_on = made.agreed_start_on or made.start_on
    made.guarantee_ends_on = rebates.guarantee_ends(_scale(made), started=started_on)
    made.save(update_fields=["state", "started_on", "start_on", "agreed_start_on", "guarantee_ends_on"])
    if row is not None:
        stepping.advance(row, Stage.STARTED, by=viewer.actor(), at=at)
        asking.at_moment(row, Moment.START, Outcome.STARTED, by=viewer.actor(), at=at)
        _plan(made, row, viewer.actor(), at)
    if made.job.for_ourselves:
        cash.started_with_us(made, at=at)
    _audit(made, "start_placement", viewer.actor(), at)


@transaction.atomic
def fall_through(*, key: UUID, on: date, why: str, viewer: Viewer, at: datetime) -> None:
    """It fell through before the start: the fee is given back as a negative row, the plan is taken back, the
    application ends so.

    Raises PlacingRefused, NotFound, NotAllowed.
    """
    made, row = _placement(key, viewer, PlacementState.ACCEPTED)
    _need_why(why)
    if on < made.accepted_on:
        raise PlacingRefused(NOTHING, "It would have fallen through before it was accepted.", "Check the day.")
    made.state, made.left_on, made.left_why = PlacementState.FELL_THROUGH, on, why.strip()[:250]
    made.save(update_fields=["state", "left_on", "left_why"])
    if made.fee_minor:
        cash.give_back(made, part=cash.FELL_THROUGH, on=on, amount_minor=made.fee_minor, by=viewer.actor(), at=at)
    assigning.call_off(made, on=on, why=why)
    if row is not None:
        planning.drop_plan(row, by=viewer.actor(), at=at)
        models.Offer.objects.filter(application=row, state=OfferState.ACCEPTED).update(
            state=OfferState.DECLINED, why=why.strip()[:250]
        )
        if not row.ended:
            stepping.end(row, Ended.FELL_THROUGH, by=viewer.actor(), at=at, why=why)
    _audit(made, "fall_through", viewer.actor(), at)


@transaction.atomic
def leave(*, key: UUID, left_on: date, why: str, viewer: Viewer, at: datetime) -> int:
    """They left. Within the guarantee, what the scale gives back is posted as a negative row; returns it (minor).

    Raises PlacingRefused, NotFound, NotAllowed.
    """
    made, row = _placement(key, viewer, PlacementState.STARTED)
    _need_why(why)
    assert made.started_on is not None
    if not made.started_on <= left_on <= at.date():
        raise PlacingRefused(NOTHING, "Their last day lies before their first, or in the future.", "Check the day.")
    back = 0
    if made.fee_minor:
        back = rebates.rebate(_scale(made), fee_minor=made.fee_minor, started=made.started_on, left=left_on)
    made.state, made.left_on, made.left_why, made.rebated_minor = PlacementState.LEFT, left_on, why.strip()[:250], back
    made.save(update_fields=["state", "left_on", "left_why", "rebated_minor"])
    if back:
        cash.give_back(made, part=cash.REBATE, on=left_on, amount_minor=back, by=viewer.actor(), at=at)
    assigning.call_off(made, on=left_on, why=why)
    if row is not None:
        planning.drop_plan(row, by=viewer.actor(), at=at)
        if made.stayed_days < STAYED[0]:
            asking.at_moment(row, Moment.STAY, Outcome.LEFT, by=viewer.actor(), at=at)
    _audit(made, "leave", viewer.actor(), at)
    return back


def _need_why(why: str) -> None:
    if not why.strip():
        raise PlacingRefused(NOTHING, "Nothing says why.", "Write the real reason in a few words.")


@transaction.atomic
def note_money(*, key: UUID, basis: CashBasis, on: date, viewer: Viewer, at: datetime) -> None:
    """The fee was invoiced, or paid: a row of its own on that basis. Raises PlacingRefused, NotFound, NotAllowed."""
    made, _row = _placement(key, viewer, PlacementState.ACCEPTED, PlacementState.STARTED, PlacementState.LEFT)
    if basis is CashBasis.ACCEPTED or not made.fee_minor:
        raise PlacingRefused(NOTHING, "There is no fee to invoice here.", "Margins come week by week from their file.")
    if basis is CashBasis.PAID and made.invoiced_on is None:
        raise PlacingRefused(NOTHING, "The fee was not invoiced yet.", "Note the invoice first.")
    column = "invoiced_on" if basis is CashBasis.INVOICED else "paid_on"
    if getattr(made, column) is not None:
        raise PlacingRefused(NOTHING, "That was noted before.", "Reload the page.")
    setattr(made, column, on)
    made.save(update_fields=[column])
    cash.post(made.job, made, cash.Line(cash.FEE, basis, on, made.fee_minor), by=viewer.actor(), at=at)
    if made.rebated_minor and made.left_on:
        cash.post(
            made.job,
            made,
            cash.Line(cash.REBATE, basis, max(on, made.left_on), -made.rebated_minor),
            by=viewer.actor(),
            at=at,
        )
    _audit(made, f"note_{basis}", viewer.actor(), at)


@transaction.atomic
def agree_split(*, key: UUID, parts: Sequence[SplitPart], why: str, viewer: Viewer, at: datetime) -> int:
    """Agree who earned which part: a new version, with who and why. After the start only a leader changes it.

    Returns the version. Raises PlacingRefused (not exactly 100%, nobody's, no reason), NotFound, NotAllowed.
    """
    made = access.get_placement_to_work(viewer, key)
    if made.started_on is not None:
        access.require_leader(viewer)
    if made.job.for_ourselves:
        raise PlacingRefused("The split was not kept.", "An own hire has no fee to share.", "Nothing is needed.")
    held = splits.checked(parts)
    known = accounts_queries.names([part.user_key for part in held])
    if any(part.user_key not in known for part in held):
        raise PlacingRefused("The split was not kept.", "One of them is no colleague.", "Choose from those shown.")
    before = models.Split.objects.filter(placement=made).order_by("-version").values_list("version", flat=True).first()
    if before and not why.strip():
        raise PlacingRefused("The split was not kept.", "Nothing says why it changed.", "Write who agreed, and why.")
    _write_split(made, held, (before or 0) + 1, why.strip(), viewer.actor(), at)
    _audit(made, "agree_split", viewer.actor(), at, f"version {(before or 0) + 1}")
    return (before or 0) + 1


def _write_split(
    made: models.Placement, parts: Sequence[SplitPart], version: int, why: str, by: Actor, at: datetime
) -> None:
    models.Split.objects.bulk_create(
        models.Split(
            placement=made, version=version, user_key=part.user_key, role=part.role,
            percent_hundredths=part.percent_hundredths, why=why[:250], by=by.name[:80], at=at,
        )
        for part in parts
    )  # fmt: skip


@transaction.atomic
def fall_due(*, job: UUID, place: int, on: date, viewer: Viewer, at: datetime) -> None:
    """A stage of a retained search's fee fell due: one row of cash. Raises PlacingRefused, NotFound, NotAllowed."""
    row = access.get_job_to_work(viewer, job)
    stage = models.RetainedStage.objects.filter(job=row, place=place).first()
    if stage is None or stage.fell_due_on is not None:
        raise PlacingRefused(NOTHING, "This stage is gone, or fell due before.", "Reload the page.")
    stage.fell_due_on = on
    stage.save(update_fields=["fell_due_on"])
    made = row.placements.exclude(state=PlacementState.FELL_THROUGH).order_by("-accepted_on", "key").first()
    cash.post(
        row, made, cash.Line(f"stage:{place}", CashBasis.ACCEPTED, on, stage.amount_minor), by=viewer.actor(), at=at
    )
    accounts.audit(by=viewer.actor(), deed="fall_due", at=at, subject=("job", row.key), summary=stage.due_on)


SETTLED_AT_ONCE = 500


def settle_stays(*, at: datetime) -> int:
    """Note who has stayed 90, 180 and 365 days; nightly. Returns how many marks were reached."""
    marks, last = 0, None
    reached = Q(pk__in=[])
    for days in STAYED:
        reached |= Q(stayed_days__lt=days, started_on__lte=at.date() - timedelta(days=days))
    while True:
        rows = models.Placement.objects.filter(reached, state=PlacementState.STARTED)
        rows = rows.filter(key__gt=last) if last else rows
        keys = list(rows.order_by("key").values_list("key", flat=True)[:SETTLED_AT_ONCE])
        if not keys:
            return marks
        last = keys[-1]
        for key in keys:
            marks += _settle(key, at)


@transaction.atomic
def _settle(key: UUID, at: datetime) -> int:
    made = models.Placement.objects.select_for_update(of=("self",)).get(pk=key)
    if made.state != PlacementState.STARTED or made.started_on is None:
        return 0
    reached = rebates.stayed(started=made.started_on, left=made.left_on, on=at.date())
    if reached <= made.stayed_days:
        return 0
    made.stayed_days = reached
    made.save(update_fields=["stayed_days"])
    row = models.Application.objects.select_for_update().filter(placement=made).first()
    if row is not None and not row.ended:
        stepping.put(row, _stayed_step(reached), by=HOUSE, at=at)
        if reached == STAYED[0]:
            asking.at_moment(row, Moment.STAY, Outcome.STAYED, by=HOUSE, at=at)
            asking.clients(row.job, Moment.AFTER_START, Outcome.STAYED, by=HOUSE, at=at)
    return 1


def _stayed_step(days: int) -> StageStep:
    """The house's stage for so many days: by its name, else the one at the same place among those it uses."""
    steps = [one for one in queries.pipeline() if one.stage is Stage.STAYED]
    named = next((one for one in steps if one.slug.endswith(str(days))), None)
    place = min(STAYED.index(days), len(steps) - 1)
    return named or (steps[place] if steps else StageStep("stayed", "Stayed", Stage.STAYED))
