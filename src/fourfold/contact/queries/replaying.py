"""Receipts: what was decided, and whether it would be decided so again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from fourfold.contact import models, rules
from fourfold.contact.queries.policies import policy_of
from fourfold.contact.types import Verdict


@dataclass(frozen=True, slots=True)
class Replayed:
    """A receipt decided again: the verdict it has, the one it gets, and whether every rule that fired is the same."""

    receipt: UUID
    verdict: Verdict
    again: Verdict
    same: bool


def replay(*, size: int | None = None) -> Iterator[Replayed]:
    """Decide receipts again by the policy they were decided by, newest first; all, or ``size`` of them."""
    rows = models.Receipt.objects.order_by("-at", "key")
    for row in (rows[:size] if size else rows).iterator(chunk_size=500):
        found = rules.decide(rules.case_from(row.case), policy_of(row.policy_id))
        kept = tuple(rules.finding_from(one) for one in row.findings)
        same = (found.verdict, found.findings, found.retry_at) == (row.verdict, kept, row.retry_at)
        yield Replayed(row.key, Verdict(row.verdict), found.verdict, same)
