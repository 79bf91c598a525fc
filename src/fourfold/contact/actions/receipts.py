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
    models.Receipt.objects.bulk_create(rows, batch_size=500)
    return [row.key for row in rows]


def _row(one: Kept, version: int, at: datetime) -> models.Receipt:
    case, decision = one.case, one.decision
    decisive = decision.decisive
    findings: list[dict[str, Any]] = [rules.finding_to(found) for found in decision.findings]
    return models.Receipt(
        key=new_key(),
        person_key=case.person_key,
        purpose=case.purpose.value,
        message_class=case.message_class.value,
        why=case.why[:160],
        channel=case.channel.value,
        address_hash=case.address_hash,
        policy_id=version,
        case=rules.case_to(case),
        verdict=decision.verdict.value,
        rule=decisive.rule.value if decisive else "",
        findings=findings,
        retry_at=decision.retry_at,
        delivery_key=one.delivery,
        by_key=case.by,
        by=one.who[:80],
        after_the_fact=one.after_the_fact,
        at=at,
    )
