"""Deeds of reports: ask a question, save an answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from fourfold.base.nudge import nudge
from fourfold.ledger import queries as ledger
from fourfold.reports import models, queries
from fourfold.reports.types import Answer, Question, Waiting

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
    if stale and asked.wanted_at is None and asked.error is None:
        asked.wanted_at = at
        transaction.on_commit(partial(nudge, "reports", question.key))
    if stale or at - asked.asked_at > timedelta(hours=1):
        asked.asked_at = at
        asked.save(update_fields=["asked_at", "wanted_at"])
    if answer is not None:
        return answer
    return Waiting(question, asked.wanted_at or at, asked.error)


@transaction.atomic
def try_again(*, question: Question, at: datetime) -> None:
    """Forget why a question could not be answered, and have it tried again."""
    models.Asked.objects.filter(question_key=question.key).update(error=None, wanted_at=at)
    transaction.on_commit(partial(nudge, "reports", question.key))


@transaction.atomic
def want_lately_asked(*, at: datetime) -> int:
    """Mark the questions that people looked at lately and whose answer is behind the ledger."""
    top = ledger.top_seq()
    current = models.SavedResult.objects.filter(cut__gte=top).values("question_key")
    lately = models.Asked.objects.filter(asked_at__gte=at - KEPT_ASKED, wanted_at=None).exclude(
        question_key__in=current
    )
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
    models.SavedResult.objects.filter(question_key=question.key).delete()
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
def save_failure(*, question_key: str, error: dict[str, str]) -> None:
    """Keep why a question could not be answered. It is tried again when the ledger has moved on, or on demand."""
    models.Asked.objects.filter(question_key=question_key).update(error=error, wanted_at=None)


def wanted(*, only: str | None) -> list[Question]:
    """Questions that wait for their answer."""
    found = models.Asked.objects.exclude(wanted_at=None)
    found = found.filter(question_key=only) if only else found
    return [Question.from_dict(row.question) for row in found.order_by("-asked_at")]


def forget(*, outcomes: Collection[UUID]) -> None:
    """Drop the answers that rest on these outcomes, so that they are worked out anew."""
    results = models.CreditRow.objects.filter(outcome__in=list(outcomes)).values("result")
    models.SavedResult.objects.filter(pk__in=results).update(cut=-1)
