"""The house's rules on how long records are kept, the queue they fill, and what people decide."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from functools import partial

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.nudge import nudge
from fourfold.people import access, models, queries, rules
from fourfold.people.actions.erasing import erase_person
from fourfold.people.queries.retention import waiting_reviews
from fourfold.people.types import Ground, NewRetentionRule, RetentionRefused, RetentionRuleRow, ReviewState


@transaction.atomic
def keep_rules(*, new: Collection[NewRetentionRule], viewer: Viewer, at: datetime) -> None:
    """Add rules, or change those of the same name. Raises RetentionRefused, NotAllowed."""
    access.require_keeper(viewer)
    for one in new:
        rules.check_rule(one)
        values = {
            "role": one.role or "", "origin": one.origin or "", "months": one.months, "why": one.why[:250],
            "active": True,
        }  # fmt: skip
        row, made = models.RetentionRule.objects.update_or_create(name=one.name[:80], defaults=values)
        if not made:  # whom the rule as it was had named is looked at anew
            models.RetentionReview.objects.filter(rule=row, state=ReviewState.WAITING).delete()
    names = ", ".join(f"{one.name}: {one.months} months" for one in new)
    accounts.audit(by=viewer.actor(), deed="keep_retention_rules", at=at, summary=names)
    transaction.on_commit(partial(nudge, "retention", "all"))


@transaction.atomic
def stop_rule(*, rule: int, viewer: Viewer, at: datetime) -> None:
    """Use a rule no more: nobody waits by it. Raises NotAllowed."""
    access.require_keeper(viewer)
    models.RetentionRule.objects.filter(pk=rule).update(active=False)
    models.RetentionReview.objects.filter(rule_id=rule, state=ReviewState.WAITING).delete()
    accounts.audit(by=viewer.actor(), deed="stop_retention_rule", at=at, summary=str(rule))


def fill_reviews(*, at: datetime) -> int:
    """Put everybody whose time is up into the queue, in small transactions; take out who gave a signal since.

    Nothing is erased. Returns how many came in.
    """
    added = 0
    for rule in queries.retention_rules():
        if rule.active:
            added += _fill(rule, at)
    return added


def _fill(rule: RetentionRuleRow, at: datetime) -> int:
    added = 0
    held = models.RetentionReview.objects.filter(rule_id=rule.key)
    due = set()
    for some in queries.due_for_review(rule, at=at):
        due |= set(some)
        with transaction.atomic():
            known = dict(held.filter(person_id__in=list(some)).values_list("person_id", "state"))
            rows = [
                models.RetentionReview(person_id=key, rule_id=rule.key, since=since)
                for key, since in some.items()
                if key not in known
            ]
            models.RetentionReview.objects.bulk_create(rows, ignore_conflicts=True)
            added += len(rows)
            again = held.filter(person_id__in=list(some), state=ReviewState.KEPT, keep_until__lt=at.date())
            added += again.update(state=ReviewState.WAITING, keep_until=None)
    gone = [pk for pk, key in held.filter(state=ReviewState.WAITING).values_list("pk", "person_id") if key not in due]
    for start in range(0, len(gone), 500):
        held.filter(pk__in=gone[start : start + 500]).delete()
    return added


@transaction.atomic
def keep_people(
    *, reviews: Collection[int], until: date | None, why: str, viewer: Viewer, today: date, at: datetime
) -> int:
    """Keep these records until a day, for a reason. Returns how many. Raises RetentionRefused, NotAllowed."""
    access.require_keeper(viewer)
    rules.check_keeping(until, why, today=today)
    rows = waiting_reviews(viewer).filter(pk__in=list(reviews))
    kept = models.RetentionReview.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(
        state=ReviewState.KEPT, keep_until=until, why=why.strip()[:160], decided_at=at, decided_by=viewer.name[:80]
    )
    accounts.audit(by=viewer.actor(), deed="keep_people", at=at, summary=f"{kept} people until {until}: {why[:120]}")
    return kept


def erase_people(*, reviews: Collection[int], viewer: Viewer, at: datetime) -> int:
    """Erase those of the queue whom a person chose, each in a transaction of their own. Returns how many.

    Raises RetentionRefused where somebody has something open meanwhile (those before are erased), NotAllowed.
    """
    access.require_eraser(viewer)
    rows = list(waiting_reviews(viewer).filter(pk__in=list(reviews)).values_list("person_id", flat=True))
    busy = queries.obliged(rows)
    if busy:
        raise RetentionRefused(
            "Nobody was erased.",
            f"With {len(busy)} of them something is open since.",
            "Take them out of the choice, or close it first.",
        )
    for key in rows:
        erase_person(person_key=key, viewer=viewer, at=at, ground=Ground.RETENTION)
    return len(rows)
