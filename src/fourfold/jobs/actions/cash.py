"""What placements bring, posted to the ledger row by row: fees, stages, rebates, weeks. Each once a basis."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from fourfold.base.actor import Actor
from fourfold.jobs import models
from fourfold.jobs.actions import facts
from fourfold.jobs.types import CashBasis, Engaged, HiringRole, JobKind
from fourfold.ledger import actions as ledger
from fourfold.ledger.types import Basis, Fact, OutcomeKind, Side

FEE, REBATE, FELL_THROUGH = "fee", "rebate", "fell-through"


def engagement(job: models.Job) -> str:
    """The engagement a job's cash is counted under: contract and temporary work are one."""
    if job.kind != JobKind.PERMANENT:
        return "contract"
    return "retained" if job.engaged == Engaged.RETAINED else "permanent"


def group(job: models.Job, placement: models.Placement | None) -> str:
    """What holds the rows of a deal together: its placement, or the search whose stages fall due before one."""
    search = job.engaged == Engaged.RETAINED and job.retained_stages.exists()
    return str(job.key) if search or placement is None else str(placement.key)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of cash to post: which part of the deal, on which basis, on which day, how much in minor units."""

    part: str
    basis: CashBasis
    on: date
    minor: int


def post(
    job: models.Job, placement: models.Placement | None, line: Line, *, by: Actor, at: datetime, correct: bool = False
) -> bool:
    """Keep one row of cash and post it with whom it concerns. A part stands once a basis; False where it stood.

    ``correct`` replaces what stood by a new revision. The parties stand with the first row of each basis.
    """
    rows = models.CashLine.objects.filter(job=job, placement=placement, basis=line.basis)
    held = rows.filter(part=line.part).first()
    if held is not None and (not correct or (held.amount_minor, held.on) == (line.minor, line.on)):
        return False
    owner = (placement.owner_key if placement else None) or job.owner_key
    currency = placement.currency if placement else job.currency
    first = rows.exclude(part=line.part).order_by("pk").first() is None
    about = placement.key if placement else job.key
    won = facts.Won(
        ref=f"cash:{about}:{line.part}:{line.basis}", kind=OutcomeKind.CASH, occurred_at=facts.noon(line.on),
        parties=_parties(job, placement) if first else (), basis=Basis(line.basis.value), value_minor=line.minor,
        currency=currency, engagement=engagement(job), placement=group(job, placement),
    )  # fmt: skip
    made = facts.outcome(won, job=job, by=owner)
    ledger.post(facts=made, batch=about, at=at, correct=correct)
    if held is None:
        models.CashLine.objects.create(
            job=job, placement=placement, part=line.part, basis=line.basis, on=line.on, amount_minor=line.minor,
            currency=currency, by=by.name[:80], at=at,
        )  # fmt: skip
    else:
        held.amount_minor, held.on, held.by, held.at = line.minor, line.on, by.name[:80], at
        held.save(update_fields=["amount_minor", "on", "by", "at"])
    return True


def _parties(job: models.Job, placement: models.Placement | None) -> list[tuple[UUID, Side]]:
    """The person on the candidate side, those who hire on the client side."""
    found = [(key, Side.CLIENT) for key in _managers([job.key]).get(job.key, ())]
    return [(placement.person_key, Side.CANDIDATE), *found] if placement else found


def post_weeks(weeks: Sequence[tuple[models.Placement, Line]], *, batch: UUID, by: Actor, at: datetime) -> None:
    """Keep and post weeks of net margin, some hundreds at once; one that stands is replaced by a new revision.

    ``batch`` is their file, so that one void takes it back. Placements come with their jobs. Eight statements or so.
    """
    keys = {placement.key for placement, _line in weeks}
    basis = CashBasis.ACCEPTED
    rows = models.CashLine.objects.filter(placement__in=keys, basis=basis)
    known = {(row.placement_id, row.part): row for row in rows}
    begun = {placement for placement, _part in known}
    managers = _managers({placement.job_id for placement, _line in weeks})
    made: list[Fact] = []
    new: list[models.CashLine] = []
    changed: list[models.CashLine] = []
    for placement, line in weeks:
        job = placement.job
        sides = [(key, Side.CLIENT) for key in managers.get(job.key, ())]
        parties = [(placement.person_key, Side.CANDIDATE), *sides] if placement.key not in begun else []
        begun.add(placement.key)
        won = facts.Won(
            ref=f"cash:{placement.key}:{line.part}:{basis}", kind=OutcomeKind.CASH, occurred_at=facts.noon(line.on),
            parties=parties, basis=Basis(basis.value), value_minor=line.minor, currency=placement.currency,
            engagement=engagement(job), placement=group(job, placement),
        )  # fmt: skip
        made += facts.outcome(won, job=job, by=placement.owner_key or job.owner_key)
        held = known.get((placement.key, line.part)) or models.CashLine(
            job=job, placement=placement, part=line.part, basis=basis, currency=placement.currency
        )
        held.amount_minor, held.on, held.by, held.at = line.minor, line.on, by.name[:80], at
        (changed if held.pk else new).append(held)
    ledger.post(facts=made, batch=batch, at=at, correct=True)
    models.CashLine.objects.bulk_create(new)
    models.CashLine.objects.bulk_update(changed, ["amount_minor", "on", "by", "at"])


def _managers(jobs: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Those who hire, by job."""
    rows = models.HiringTeam.objects.filter(
        job__in=jobs, role=HiringRole.HIRING_MANAGER, person_key__isnull=False
    ).order_by("pk")
    found: dict[UUID, list[UUID]] = {}
    for job, key in rows.values_list("job_id", "person_key"):
        if key is not None:
            found.setdefault(job, []).append(key)
    return found


def give_back(placement: models.Placement, *, part: str, on: date, amount_minor: int, by: Actor, at: datetime) -> None:
    """Post a negative row on every basis on which the fee of a placement stands: bases never mix.

    A search's stages are earned as they fall due: only a rebate within the guarantee gives something of them back.
    """
    held = models.CashLine.objects.filter(placement=placement, part=FEE)
    bases = list(held.order_by("pk").values_list("basis", flat=True))
    if not bases and part == REBATE and placement.job.retained_stages.filter(fell_due_on__isnull=False).exists():
        bases = [CashBasis.ACCEPTED]
    for basis in bases:
        post(placement.job, placement, Line(part, CashBasis(basis), on, -amount_minor), by=by, at=at)


def started_with_us(placement: models.Placement, *, at: datetime) -> None:
    """Post that a colleague of our own was hired and started."""
    assert placement.started_on is not None
    won = facts.Won(
        ref=f"colleague:{placement.key}", kind=OutcomeKind.COLLEAGUE, occurred_at=facts.noon(placement.started_on),
        parties=[(placement.person_key, Side.COLLEAGUE)], placement=str(placement.key),
    )  # fmt: skip
    made = facts.outcome(won, job=placement.job, by=placement.owner_key)
    ledger.post(facts=made, batch=placement.key, at=at)
