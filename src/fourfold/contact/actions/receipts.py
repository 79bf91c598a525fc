"""Verdicts that decided something, kept with all they rested on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fourfold.base.ids import new_key
from fourfold.contact import models, queries, rules
from fourfold.contact.types import Case, Decision, Policy
from fourfold.ledger import actions as ledger


@dataclass(frozen=True, slots=True)
class Kept:
    """A verdict to keep: the case, what was decided, for which delivery, and who asked."""

    case: Case
    decision: Decision
    delivery: UUID | None
    who: str
    after_the_fact: bool = False


def standing_policy(*, at: datetime) -> Policy:
    """The policy as it stands; the first one is written down when it is first used, so that receipts can name it."""
    if not models.PolicyVersion.objects.exists():
        held = rules.policy_to(queries.first_policy())
        models.PolicyVersion.objects.get_or_create(version=1, defaults={"held": held, "by": "Fourfold", "at": at})
    return queries.policy()


def keep(verdicts: Sequence[Kept], *, policy: Policy, at: datetime) -> list[UUID]:
    """Write receipts, in the caller's transaction; returns their keys in order."""
    rows = [_row(one, policy.version, at) for one in verdicts]
    if rows:
        ledger.insert(models.Receipt, COLUMNS, rows)
    return [row[0] for row in rows]


COLUMNS = (
    "key", "person_key", "purpose", "message_class", "why", "channel", "address_hash", "policy_id", "case", "verdict",
    "rule", "findings", "retry_at", "delivery_key", "by_key", "by", "after_the_fact", "at",
)  # fmt: skip


def _row(one: Kept, version: int, at: datetime) -> tuple[Any, ...]:
    case, decision = one.case, one.decision
    decisive = decision.decisive
    return (
        new_key(), case.person_key, case.purpose.value, case.message_class.value, case.why[:160], case.channel.value,
        case.address_hash, version, rules.case_to(case), decision.verdict.value,
        decisive.rule.value if decisive else "", [rules.finding_to(found) for found in decision.findings],
        decision.retry_at, one.delivery, case.by, one.who[:80], one.after_the_fact, at,
    )  # fmt: skip
