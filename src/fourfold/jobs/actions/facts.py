"""What the work on jobs puts into the ledger: touches, and outcomes with whom they concern. Each once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from fourfold.base.ids import new_key
from fourfold.evidence.types import JOB_OPENED, SUBMITTED
from fourfold.jobs import models
from fourfold.jobs.types import Origin
from fourfold.ledger import actions as ledger
from fourfold.ledger import queries as ledger_queries
from fourfold.ledger.types import Basis, Channel, Direction, Fact, Outcome, OutcomeKind, Party, Side, Touch

SOURCE = "jobs"
CHANNELS = {
    Origin.APPLIED: Channel.WEB,
    Origin.BOARD: Channel.JOB_BOARD,
    Origin.REFERRED: Channel.REFERRAL,
}


def noon(day: date) -> datetime:
    """A day as a moment of the ledger: its noon in UTC, the same day in every zone the house works in."""
    return datetime.combine(day, time(12), tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Felt:
    """One interaction with the person of an application: what, which way, when; ``ref`` is unique in this room."""

    ref: str
    action: str
    channel: str
    direction: Direction
    occurred_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Won:
    """One of the 4Cs and whom it concerns; its value (minor units) stands once. ``ref`` is unique in this room."""

    ref: str
    kind: OutcomeKind
    occurred_at: datetime
    parties: Sequence[tuple[UUID, Side]] = ()
    organisation: UUID | None = None
    basis: Basis | None = None
    value_minor: int | None = None
    currency: str | None = None
    engagement: str | None = None
    placement: str | None = None


def touch(application: models.Application, felt: Felt, *, at: datetime, by: UUID | None) -> None:
    """Post one touch with the person of an application."""
    job = application.job
    fact = Touch(
        source=SOURCE, source_ref=felt.ref, occurred_at=felt.occurred_at, person_key=application.person_key,
        channel=felt.channel, action=felt.action, direction=felt.direction, organisation=job.organisation_key,
        desk=job.desk or None, team=job.team or None, office=job.office or None, brand=job.brand or None,
        job=str(job.key), actor=str(by) if by else None,
        asset=application.board or None if felt.channel == Channel.JOB_BOARD else None,
    )  # fmt: skip
    ledger.post(facts=[fact], batch=application.key, at=at)


def came(application: models.Application, *, at: datetime) -> None:
    """Somebody came to a job themselves."""
    felt = Felt(
        ref=f"applied:{application.key}", action="applied", direction=Direction.IN,
        channel=CHANNELS.get(Origin(application.origin), Channel.OTHER), occurred_at=application.began_at,
    )  # fmt: skip
    touch(application, felt, at=at, by=None)


def opened(job: models.Job, *, contacts: Sequence[UUID], first: bool, at: datetime, by: UUID | None) -> None:
    """A job was opened: the end of its client's journeys, and a client won where it is their first in 24 months."""
    assert job.opened_at is not None
    facts: list[Fact] = [
        Touch(
            source=SOURCE, source_ref=f"opened:{job.key}:{contact}", occurred_at=job.opened_at, person_key=contact,
            channel=Channel.OTHER, action=JOB_OPENED, direction=Direction.IN, organisation=job.organisation_key,
            desk=job.desk or None, team=job.team or None, job=str(job.key), actor=str(by) if by else None,
        )
        for contact in contacts
    ]  # fmt: skip
    if first and not job.for_ourselves:
        won = Won(
            ref=f"client:{job.key}", kind=OutcomeKind.CLIENT, occurred_at=job.opened_at,
            parties=[(contact, Side.CLIENT) for contact in contacts],
        )  # fmt: skip
        facts += outcome(won, job=job, by=by)
    if facts:
        ledger.post(facts=facts, batch=job.key, at=at)


def submitted(row: models.Submission, job: models.Job | None, *, at: datetime, by: UUID | None) -> None:
    """A CV went to a client: the end of the candidate's journey on this job, and a candidate won the first time."""
    facts: list[Fact] = [
        Touch(
            source=SOURCE, source_ref=f"submitted:{row.key}", occurred_at=row.sent_at, person_key=row.person_key,
            channel=Channel.OTHER, action=SUBMITTED, direction=Direction.OUT, organisation=row.organisation_key,
            desk=job.desk or None if job else None, team=job.team or None if job else None,
            job=str(job.key) if job else None, actor=str(by) if by else None,
        )
    ]  # fmt: skip
    known = ledger_queries.people_with_outcome({row.person_key}, kind=OutcomeKind.CANDIDATE)
    if not known:
        won = Won(
            ref=f"candidate:{row.person_key}", kind=OutcomeKind.CANDIDATE, occurred_at=row.sent_at,
            parties=[(row.person_key, Side.CANDIDATE)], organisation=row.organisation_key,
        )  # fmt: skip
        facts += outcome(won, job=job, by=by)
    ledger.post(facts=facts, batch=row.key, at=at)


def came_over(
    jobs: Sequence[tuple[models.Job, UUID | None, bool]],
    sent: Sequence[models.Submission],
    *,
    batch: UUID,
    at: datetime,
) -> None:
    """What another system knew: jobs with their hiring manager and whether they won their client, CVs that were sent.

    A candidate is won by the first CV, unless one is known already.
    """
    made: list[Fact] = []
    for job, manager, first in jobs:
        assert job.opened_at is not None
        contacts = [manager] if manager else []
        made += [
            Touch(
                source=SOURCE, source_ref=f"opened:{job.key}:{contact}", occurred_at=job.opened_at, person_key=contact,
                channel=Channel.OTHER, action=JOB_OPENED, direction=Direction.IN, organisation=job.organisation_key,
                desk=job.desk or None, job=str(job.key),
            )
            for contact in contacts
        ]  # fmt: skip
        if first:
            won = Won(
                ref=f"client:{job.key}", kind=OutcomeKind.CLIENT, occurred_at=job.opened_at,
                parties=[(contact, Side.CLIENT) for contact in contacts],
            )  # fmt: skip
            made += outcome(won, job=job, by=job.owner_key)
    known = ledger_queries.people_with_outcome({row.person_key for row in sent}, kind=OutcomeKind.CANDIDATE)
    for row in sorted(sent, key=lambda one: one.sent_at):
        made.append(
            Touch(
                source=SOURCE, source_ref=f"submitted:{row.key}", occurred_at=row.sent_at, person_key=row.person_key,
                channel=Channel.OTHER, action=SUBMITTED, direction=Direction.OUT, organisation=row.organisation_key,
                job=str(row.job_id) if row.job_id else None, actor=str(row.by_key) if row.by_key else None,
            )
        )  # fmt: skip
        if row.person_key not in known:
            known.add(row.person_key)
            won = Won(
                ref=f"candidate:{row.person_key}", kind=OutcomeKind.CANDIDATE, occurred_at=row.sent_at,
                parties=[(row.person_key, Side.CANDIDATE)], organisation=row.organisation_key,
            )  # fmt: skip
            made += outcome(won, job=row.job, by=row.by_key)
    if made:
        ledger.post(facts=made, batch=batch, at=at)


def outcome(won: Won, *, job: models.Job | None, by: UUID | None) -> list[Fact]:
    """An outcome and whom it concerns, as facts to post."""
    made: list[Fact] = [
        Outcome(
            source=SOURCE, source_ref=won.ref, occurred_at=won.occurred_at, outcome_kind=won.kind, basis=won.basis,
            value_minor=won.value_minor, currency=won.currency, engagement=won.engagement,
            organisation=won.organisation or (job.organisation_key if job else None),
            desk=(job.desk or None) if job else None, team=(job.team or None) if job else None,
            office=(job.office or None) if job else None, brand=(job.brand or None) if job else None,
            job=str(job.key) if job else None, placement=won.placement, actor=str(by) if by else None,
        )
    ]  # fmt: skip
    about = ledger.first_fact_id(SOURCE, won.ref)
    made += [
        Party(
            source=SOURCE, source_ref=f"{won.ref}:{side}:{person}", occurred_at=won.occurred_at, outcome=about,
            person_key=person, side=side,
        )
        for person, side in won.parties
    ]  # fmt: skip
    return made


def take_out(refs: Sequence[str], *, parties: Sequence[tuple[str, str, UUID]], at: datetime) -> None:
    """Void what these references posted, as far as it counts; ``parties`` are (outcome's reference, side, person)."""
    named = [*refs, *(f"{ref}:{side}:{person}" for ref, side, person in parties)]
    ledger.void_facts_if_held(facts=[ledger.first_fact_id(SOURCE, ref) for ref in named], batch=new_key(), at=at)
