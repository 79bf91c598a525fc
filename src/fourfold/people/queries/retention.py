"""Whose time is up, by the house's own rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from fourfold.accounts.types import Role, Viewer
from fourfold.ledger import queries as ledger
from fourfold.people import models, rules
from fourfold.people.types import (
    GUARDING_STAGES,
    REGISTRY,
    ClientStage,
    ConsentEvent,
    Origin,
    PersonRole,
    RetentionRuleRow,
    ReviewRow,
    Reviews,
    ReviewState,
)

SHOWN = 25
MOST_COUNTED = 10_000
CHUNK = 2000


def retention_rules() -> tuple[RetentionRuleRow, ...]:
    """The house's rules, with how many wait under each."""
    rows = models.RetentionRule.objects.order_by("months", "name")
    held = models.RetentionReview.objects.filter(state=ReviewState.WAITING).values_list("rule_id").order_by()
    waiting = dict(held.annotate(people=Count("pk")))
    return tuple(
        RetentionRuleRow(
            row.pk, row.name, row.months, PersonRole(row.role) if row.role else None,
            Origin(row.origin) if row.origin else None, row.why, row.active, waiting.get(row.pk, 0),
        )
        for row in rows
    )  # fmt: skip


def reviews(viewer: Viewer) -> Reviews:
    """The queue, of those whose both sides this viewer may see."""
    waiting = waiting_reviews(viewer)
    count = len(waiting.order_by()[:MOST_COUNTED].values_list("pk"))
    rows = list(waiting.select_related("person", "rule")[:SHOWN])
    objections = models.ConsentEntry.objects.filter(
        person_id__in=[row.person_id for row in rows], event=ConsentEvent.OBJECTED
    )
    objected = set(objections.values_list("person_id", flat=True))
    return Reviews(
        count,
        tuple(
            ReviewRow(
                row.pk, row.person_id, row.person.name, row.person.headline, row.since, row.rule.name,
                row.person_id in objected,
            )
            for row in rows
        ),
        retention_rules(),
    )  # fmt: skip


def waiting_reviews(viewer: Viewer) -> QuerySet[models.RetentionReview]:
    """Those who wait for a decision, the longest without a touch first."""
    rows = models.RetentionReview.objects.filter(state=ReviewState.WAITING, person__merged_into=None)
    rows = rows.order_by("since", "pk")
    if viewer.has(Role.LEADER):
        return rows
    seen = models.Person.objects.visible_to(viewer).candidate_side_visible_to(viewer)
    return rows.filter(person__in=seen.values("pk"))


def due_for_review(rule: RetentionRuleRow, *, at: datetime) -> Iterator[dict[UUID, datetime]]:
    """People whose time is up by a rule, some thousands at a time: since when there was no two-way touch.

    Left out are those with open obligations: who works for a client of ours, and whom a higher room names.
    """
    latest = rules.months_before(at, rule.months)
    rows = models.Person.objects.listed().filter(added_at__lte=latest)
    if rule.role:
        rows = rows.filter(roles__role=rule.role)
    if rule.origin:
        rows = rows.filter(origin=rule.origin)
    rows = rows.exclude(_at_a_client()).order_by("key")
    after: UUID | None = None
    while True:
        some = dict((rows.filter(key__gt=after) if after else rows).values_list("key", "added_at")[:CHUNK])
        if not some:
            return
        after = max(some)
        active = ledger.activity(list(some))
        last = {
            key: rules.last_of(added, row.last_inbound_at if (row := active.get(key)) else None)
            for key, added in some.items()
        }
        due = rules.still_due(last, rule.months, at=at)
        busy = obliged(due)
        yield {key: last[key] for key in due if key not in busy}


def _at_a_client() -> Q:
    stages = [stage for stage in GUARDING_STAGES if stage is not ClientStage.DORMANT]
    live = models.Organisation.objects.filter(pk=OuterRef("organisation_id"), stage__in=stages)
    return Q(Exists(live))


def obliged(keys: Collection[UUID]) -> frozenset[UUID]:
    """Those of these people with whom some room has something open."""
    return frozenset(key for obligation in REGISTRY.obligations.values() for key in obligation(person_keys=keys))
