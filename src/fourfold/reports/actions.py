"""Deeds of reports: ask a question, save an answer; set, change, drop and restore goals."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import Role, Viewer
from fourfold.base.nudge import nudge
from fourfold.ledger import queries as ledger
from fourfold.reports import access, models, queries, rules
from fourfold.reports.types import CODE_VERSION, Answer, GoalRefused, NewGoal, Question, Waiting

KEPT_ASKED = timedelta(days=7)
"""How long after somebody last looked a question is still answered anew by itself."""


@transaction.atomic
def ask(*, question: Question, at: datetime) -> Answer | Waiting:
    """The latest answer to a question, and have a new one worked out where the ledger has moved on."""
    answer = queries.answer(question)
    asked, _ = models.Asked.objects.get_or_create(
        question_key=question.key, defaults={"question": question.as_dict(), "asked_at": at}
    )
    stale = answer is None or not answer.is_current
    failed = asked.error is not None and asked.error["cut"] >= ledger.top_seq()
    same = models.Asked.objects.filter(pk=asked.pk)
    if stale or at - asked.asked_at > timedelta(hours=1):
        same.update(asked_at=at)
    if stale and not failed and same.filter(wanted_at=None).update(wanted_at=at, error=None):
        asked.wanted_at, asked.error = at, None
        transaction.on_commit(partial(nudge, "reports", question.key))
    why = {part: text for part, text in asked.error.items() if part != "cut"} if asked.error else None
    if answer is not None:
        return replace(answer, error=why)
    return Waiting(question, asked.wanted_at or at, why)


@transaction.atomic
def try_again(*, question: Question, at: datetime) -> None:
    """Forget why a question could not be answered, and have it tried again."""
    models.Asked.objects.filter(question_key=question.key).update(error=None, wanted_at=at)
    transaction.on_commit(partial(nudge, "reports", question.key))


@transaction.atomic
def want_lately_asked(*, at: datetime) -> int:
    """Mark the questions that people looked at lately and whose answer is behind the ledger.

    One that could not be answered is tried again when the ledger has moved on since.
    """
    top = ledger.top_seq()
    current = models.SavedResult.objects.filter(cut__gte=top, code_version=CODE_VERSION).values("question_key")
    lately = models.Asked.objects.filter(asked_at__gte=at - KEPT_ASKED, wanted_at=None)
    lately = lately.exclude(question_key__in=current).filter(Q(error__isnull=True) | Q(error__cut__lt=top))
    return lately.update(wanted_at=at, error=None)


def anything_wanted(*, at: datetime) -> bool:
    """Whether a question waits for its answer, those that fell behind the ledger included."""
    want_lately_asked(at=at)
    return models.Asked.objects.exclude(wanted_at=None).exists()


@transaction.atomic
def save_answer(
    *,
    question: Question,
    values: Mapping[str, Any],
    credited: Iterable[Mapping[str, Any]],
    cut: int,
    code_version: str,
    at: datetime,
    seconds: float,
) -> None:
    """Keep an answer and the rows behind it in place of the one before."""
    list(models.Asked.objects.select_for_update().filter(question_key=question.key))  # one writer at a time
    older = Q(question_key=question.key) | ~Q(code_version=code_version)  # those of older code are read no more
    models.SavedResult.objects.filter(older).delete()
    saved = models.SavedResult.objects.create(
        question_key=question.key,
        question=question.as_dict(),
        values=dict(values),
        cut=cut,
        code_version=code_version,
        computed_at=at,
        seconds=seconds,
    )
    models.CreditRow.objects.bulk_create([models.CreditRow(result=saved, **row) for row in credited], batch_size=500)
    models.Asked.objects.filter(question_key=question.key).update(wanted_at=None, error=None)


@transaction.atomic
def save_failure(*, question_key: str, error: Mapping[str, str], cut: int) -> None:
    """Keep why a question could not be answered as of ``cut``; it is tried again beyond it, or on demand."""
    models.Asked.objects.filter(question_key=question_key).update(error={**error, "cut": cut}, wanted_at=None)


def wanted(*, only: str | None) -> list[Question]:
    """Questions that wait for their answer."""
    found = models.Asked.objects.exclude(wanted_at=None)
    found = found.filter(question_key=only) if only else found
    return [Question.from_dict(row.question) for row in found.order_by("-asked_at")]


@transaction.atomic
def set_goal(*, new: NewGoal, viewer: Viewer, at: datetime) -> UUID:
    """Set a goal that a recruiter and a marketer own together; returns its key.

    Raises NotAllowed unless a leader does, GoalRefused where it can't be kept.
    """
    access.require_goal_setter(viewer)
    _check(new)
    try:
        with transaction.atomic():
            goal = models.Goal.objects.create(**_columns(new))
    except IntegrityError:
        raise _twice() from None
    _remember(goal, "set_goal", viewer, at)
    return goal.key


@transaction.atomic
def change_goal(*, key: UUID, new: NewGoal, viewer: Viewer, at: datetime) -> None:
    """Change a goal; what its target was stays in its history. Raises NotFound, NotAllowed, GoalRefused."""
    access.require_goal_setter(viewer)
    goal = access.get_goal(key)
    _check(new)
    moved = goal.target != new.target
    try:
        with transaction.atomic():
            models.Goal.objects.filter(pk=key).update(**_columns(new))
    except IntegrityError:
        raise _twice() from None
    goal.refresh_from_db()
    _remember(goal, "change_goal", viewer, at, target=moved)


@transaction.atomic
def drop_goal(*, key: UUID, viewer: Viewer, at: datetime) -> None:
    """Take a goal off the boards; ``restore_goal`` brings it back. Raises NotFound, NotAllowed."""
    access.require_goal_setter(viewer)
    goal = access.get_goal(key)
    models.Goal.objects.filter(pk=key).update(dropped_at=at)
    _remember(goal, "drop_goal", viewer, at, target=False)


@transaction.atomic
def restore_goal(*, key: UUID, viewer: Viewer, at: datetime) -> None:
    """Bring a dropped goal back. Raises NotFound, NotAllowed, GoalRefused where another took its place."""
    access.require_goal_setter(viewer)
    goal = access.get_goal(key)
    try:
        with transaction.atomic():
            models.Goal.objects.filter(pk=key).update(dropped_at=None)
    except IntegrityError:
        raise _twice() from None
    _remember(goal, "restore_goal", viewer, at, target=False)


def _check(new: NewGoal) -> None:
    recruiters = frozenset(accounts_queries.names_in_role(Role.RECRUITER))
    marketers = frozenset(accounts_queries.names_in_role(Role.MARKETER))
    rules.check_goal(new, recruiters=recruiters, marketers=marketers)


def _columns(new: NewGoal) -> dict[str, Any]:
    own = {field.name: getattr(new, field.name) for field in fields(new) if field.name != "period"}
    return {**own, "start": new.period.start, "end": new.period.end}


def _twice() -> GoalRefused:
    return GoalRefused(
        "The goal was not kept.",
        "There is one for this figure, these days and this place already.",
        "Change that one, or choose other days.",
    )


def _remember(goal: models.Goal, deed: str, viewer: Viewer, at: datetime, *, target: bool = True) -> None:
    """The target into the goal's history, and the deed into the audit trail."""
    if target:
        models.GoalTarget.objects.create(goal=goal, target=goal.target, at=at, by=viewer.name[:80])
    summary = f"{goal.figure} {goal.start} to {goal.end}: {goal.target}"
    accounts.audit(by=viewer.actor(), deed=deed, at=at, subject=("goal", goal.key), summary=summary)


def forget(*, outcomes: Collection[UUID]) -> None:
    """Drop the answers that rest on these outcomes, so that they are worked out anew."""
    results = models.CreditRow.objects.filter(outcome__in=list(outcomes)).values("result")
    models.SavedResult.objects.filter(pk__in=results).update(cut=-1)
