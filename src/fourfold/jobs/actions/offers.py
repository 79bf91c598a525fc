"""Deeds on offers: make one, have it accepted, declined or withdrawn, and what happens until the first day."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.ids import new_key
from fourfold.jobs import access, models
from fourfold.jobs.actions import asking, planning, stepping
from fourfold.jobs.types import AfterOffer, Ended, OfferChange, OfferState, PlacementState, PlacingRefused, Stage
from fourfold.surveys.types import Moment, Outcome

NOTHING = "Nothing was changed."
OPEN = (OfferState.MADE, OfferState.ACCEPTED)


@transaction.atomic
def make_offer(*, application: UUID, offer: OfferChange, viewer: Viewer, at: datetime) -> UUID:
    """Keep an offer of the client's; the application comes to the offer stage. One is open at a time.

    Raises PlacingRefused (one is open, they are placed, the application has ended), NotFound, NotAllowed.
    """
    row = access.get_application_to_work(viewer, application)
    if row.ended:
        raise PlacingRefused("The offer was not kept.", "This application has ended.", "Open it again first.")
    if models.Offer.objects.filter(application=row, state__in=OPEN).exists():
        raise PlacingRefused(
            "The offer was not kept.",
            "Another offer is open.",
            "Note what became of that one: a new sum is a new offer.",
        )
    made = models.Offer.objects.create(
        key=new_key(), application=row, pay_minor=offer.pay_minor, currency=offer.currency.upper(), per=offer.per,
        start_on=offer.start_on, made_on=offer.made_on, why=offer.words.strip()[:250], by=viewer.name[:80],
        by_key=viewer.user_key, at=at,
    )  # fmt: skip
    stepping.advance(row, Stage.OFFER, by=viewer.actor(), at=at, why="an offer was made")
    _audit(row, "make_offer", viewer, at)
    return made.key


@transaction.atomic
def accept_offer(*, key: UUID, answered_on: date, start_on: date | None, viewer: Viewer, at: datetime) -> None:
    """They said yes: the plan till the first day begins. Raises PlacingRefused, NotFound, NotAllowed."""
    offer, row = _offer(key, viewer, OfferState.MADE)
    _check_day(answered_on, offer.made_on, "They can't have answered before the offer was made.")
    offer.state, offer.answered_on = OfferState.ACCEPTED, answered_on
    offer.start_on = start_on or offer.start_on
    offer.save(update_fields=["state", "answered_on", "start_on"])
    planning.keep_plan(
        row, accepted_on=answered_on, start_on=offer.start_on, guarantee_ends_on=None, by=viewer.actor(), at=at
    )
    asking.at_moment(row, Moment.OFFER, Outcome.ACCEPTED, by=viewer.actor(), at=at)
    _audit(row, "accept_offer", viewer, at)


@transaction.atomic
def decline_offer(*, key: UUID, answered_on: date, why: str, viewer: Viewer, at: datetime) -> None:
    """They said no, or took a counter-offer after their yes: the application ends so.

    Raises PlacingRefused (no reason, placed already), NotFound, NotAllowed.
    """
    offer, row = _offer(key, viewer, *OPEN)
    _refuse_placed(row)
    _close(offer, OfferState.DECLINED, answered_on, why)
    planning.drop_plan(row, by=viewer.actor(), at=at)
    if not row.ended:
        stepping.end(row, Ended.DECLINED_OFFER, by=viewer.actor(), at=at, why=why)
    asking.at_moment(row, Moment.OFFER, Outcome.WITHDREW, by=viewer.actor(), at=at)
    _audit(row, "decline_offer", viewer, at)


@transaction.atomic
def withdraw_offer(*, key: UUID, answered_on: date, why: str, viewer: Viewer, at: datetime) -> None:
    """The client took it back. The application stays open: they may make another. Raises as ``decline_offer``."""
    offer, row = _offer(key, viewer, *OPEN)
    _refuse_placed(row)
    _close(offer, OfferState.WITHDRAWN, answered_on, why)
    planning.drop_plan(row, by=viewer.actor(), at=at)
    _audit(row, "withdraw_offer", viewer, at)


@transaction.atomic
def keep_after_offer(*, key: UUID, after: AfterOffer, viewer: Viewer, at: datetime) -> None:
    """What happened between yes and the first day: resigned, counter-offer, notice. Raises as ``decline_offer``."""
    offer, row = _offer(key, viewer, OfferState.ACCEPTED)
    if after.resigned_on and after.notice_ends_on and after.notice_ends_on < after.resigned_on:
        raise PlacingRefused(NOTHING, "The notice would end before they resigned.", "Check the two days.")
    offer.resigned_on, offer.counter_talk_on = after.resigned_on, after.counter_talk_on
    offer.counter_words, offer.notice_ends_on = after.counter_words.strip()[:5_000], after.notice_ends_on
    offer.save(update_fields=["resigned_on", "counter_talk_on", "counter_words", "notice_ends_on"])
    _audit(row, "keep_after_offer", viewer, at)


def _offer(key: UUID, viewer: Viewer, *states: OfferState) -> tuple[models.Offer, models.Application]:
    """An offer in one of these states, with its application, which is locked."""
    offer = access.get_offer_for(viewer, key)
    row = access.get_application_to_work(viewer, offer.application_id)
    offer.refresh_from_db()
    if offer.state not in states:
        raise PlacingRefused(NOTHING, "Something else became of this offer meanwhile.", "Reload the page.")
    return offer, row


def _refuse_placed(row: models.Application) -> None:
    if models.Placement.objects.filter(application=row).exclude(state=PlacementState.FELL_THROUGH).exists():
        raise PlacingRefused(NOTHING, "They are placed.", "Open the placement: it may fall through, or end.")


def _close(offer: models.Offer, state: OfferState, answered_on: date, why: str) -> None:
    _check_day(answered_on, offer.made_on, "It can't have ended before it was made.")
    if not why.strip():
        raise PlacingRefused(NOTHING, "Nothing says why.", "Write the real reason in a few words.")
    offer.state, offer.answered_on, offer.why = state, answered_on, why.strip()[:250]
    offer.save(update_fields=["state", "answered_on", "why"])


def _check_day(day: date, first: date, why: str) -> None:
    if day < first:
        raise PlacingRefused(NOTHING, why, "Check the day.")


def _audit(row: models.Application, deed: str, viewer: Viewer, at: datetime) -> None:
    accounts.audit(by=viewer.actor(), deed=deed, at=at, subject=("application", row.key), summary=row.job.reference)
