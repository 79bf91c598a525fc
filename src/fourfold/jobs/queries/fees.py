"""What a job's terms give for a placement."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fourfold.jobs import models
from fourfold.jobs.rules import fees
from fourfold.jobs.types import Engaged, Fee, JobKind, PayPer
from fourfold.people import queries as people
from fourfold.people.types import FeeBasis, TermsRow


def _terms(job: models.Job, at: datetime) -> TermsRow | None:
    """The version of terms that a job inherits: the one it was opened under, else those that hold now."""
    found = people.terms_version(job.terms_key) if job.terms_key else None
    return found or people.terms_for(job.organisation_key, at=at)


def fee_for(job: UUID, *, pay_minor: int | None, per: PayPer, currency: str, at: datetime) -> Fee:
    """The fee that a permanent placement on this job earns at this pay, and where it comes from. Without gate.

    Nothing for an own hire, for contract and temporary work, or where the terms are in another currency.
    """
    row = models.Job.objects.filter(pk=job).first()
    if row is None or row.for_ourselves or row.kind != JobKind.PERMANENT:
        return Fee(None)
    terms = _terms(row, at)
    basis = FeeBasis.RETAINED if row.engaged == Engaged.RETAINED else FeeBasis.PERMANENT
    same = terms is not None and terms.draft.currency == currency.upper()

    def from_bands(pay: int) -> int | None:
        return people.fee_minor(terms.draft.bands, basis=basis, pay_minor=pay) if terms and same else None

    stages = list(row.retained_stages.order_by("place").values_list("amount_minor", flat=True))
    return fees.fee(
        pay_minor=pay_minor, per=per, fee_minor=row.fee_minor, fee_hundredths=row.fee_hundredths, retained=stages,
        from_bands=from_bands,
    )  # fmt: skip


def rebate_scale(job: UUID, *, at: datetime) -> list[tuple[int, int]]:
    """The rebate scale of a job's terms: (within weeks, hundredths of a percent of the fee)."""
    row = models.Job.objects.get(pk=job)
    terms = _terms(row, at)
    return [(step.within_weeks, step.percent_hundredths) for step in terms.draft.rebates] if terms else []


def owner_of_client(organisation: UUID) -> UUID | None:
    """Who won the client, as far as the house knows: its owner."""
    return people.organisation_owner(organisation)
