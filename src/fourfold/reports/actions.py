"""Deeds of reports: ask a question, save an answer; set, change, drop and restore goals; read experiments out."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, fields, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.conf import settings as house
from django.db import IntegrityError, transaction
from django.db.models import Q

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import Role, Viewer
from fourfold.base.errors import NotFound
from fourfold.base.ids import new_key
from fourfold.base.nudge import nudge
from fourfold.ledger import queries as ledger
from fourfold.reports import access, models, queries, rules
from fourfold.reports.types import (
    CODE_VERSION,
    Answer,
    ExperimentDesign,
    FileRefused,
    GoalRefused,
    Measure,
    NewGoal,
    Question,
    ReadOutColumn,
    ReadOutState,
    TargetRefused,
    Waiting,
    WrongState,
)

EXPERIMENT_FILES = frozenset({".csv", ".tsv", ".tab", ".parquet", ".pq"})
MOST_A_WEEK = 10_000
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


@transaction.atomic
def set_weekly_targets(
    *, user_key: UUID, targets: Mapping[Measure, int | None], from_week: date, viewer: Viewer, at: datetime
) -> None:
    """What a colleague aims to do in a week, from one week on: set by them, or by a leader. None ends a target.

    Weeks before keep theirs. Raises TargetRefused, NotFound.
    """
    access.require_target_setter(viewer, user_key)
    if user_key not in accounts_queries.active_names():
        raise NotFound("This colleague was not found.", "They don’t work here any more.", "Choose another.")
    if from_week.weekday() or not all(0 <= (one or 0) <= MOST_A_WEEK for one in targets.values()):
        raise TargetRefused(
            "The targets were not kept.",
            f"A target is from 0 to {MOST_A_WEEK:,} a week, from a Monday on.",
            "Check the numbers.",
        )
    before = queries.weekly_targets([user_key], week=from_week)
    for measure, target in targets.items():
        if before.get((user_key, measure), 0) != (target or 0):
            models.WeeklyTarget.objects.update_or_create(
                user_key=user_key, measure=measure, from_week=from_week,
                defaults={"target": target or 0, "by": viewer.name[:80], "at": at},
            )  # fmt: skip
    summary = ", ".join(f"{measure} {target or 0}" for measure, target in targets.items())
    accounts.audit(by=viewer.actor(), deed="set_weekly_targets", at=at, subject=("user", user_key), summary=summary)


def forget(*, outcomes: Collection[UUID]) -> None:
    """Drop the answers that rest on these outcomes, so that they are worked out anew."""
    results = models.CreditRow.objects.filter(outcome__in=list(outcomes)).values("result")
    models.SavedResult.objects.filter(pk__in=results).update(cut=-1)


# Experiments from files


def take_in_experiment(*, title: str, name: str, content: BinaryIO, viewer: Viewer, at: datetime) -> UUID:
    """Keep an experiment's file until its columns are read. Returns the read-out's key.

    Raises NotAllowed, and FileRefused for a file that is larger than the house allows or of another kind.
    """
    access.require_read_out(viewer)
    suffix = Path(name).suffix.lower()
    if suffix not in EXPERIMENT_FILES:
        raise FileRefused(
            "The file was not taken in.",
            f"“{Path(name).name}” is none of CSV, TSV or Parquet.",
            "Save it as CSV UTF-8.",
        )
    key = new_key()
    folder = Path(house.HOME) / "experiments" / str(key)
    folder.mkdir(parents=True)
    try:
        _keep(content, folder / f"file{suffix}")
        with transaction.atomic():
            models.ReadOut.objects.create(
                key=key,
                title=title[:120] or Path(name).stem[:120],
                file_name=Path(name).name[:200],
                path=f"experiments/{key}/file{suffix}",
                state=ReadOutState.READING,
                user_key=viewer.user_key,
                by=viewer.name[:80],
                at=at,
            )
            by = viewer.actor()
            accounts.audit(by=by, deed="take_in_experiment", at=at, subject=("experiment", key), summary=title)
            transaction.on_commit(partial(nudge, "experiment", str(key)))
    except BaseException:
        shutil.rmtree(folder)
        raise
    return key


def _keep(content: BinaryIO, path: Path) -> None:
    limit, size = house.UPLOAD_MEGABYTES * 1024 * 1024, 0
    with path.open("wb") as file:
        while block := content.read(1024 * 1024):
            size += len(block)
            if size > limit:
                why = f"It is larger than {house.UPLOAD_MEGABYTES} MB."
                raise FileRefused("The file was not taken in.", why, "Keep only the columns that are compared.")
            file.write(block)


def working_read_out(*, key: UUID) -> tuple[ReadOutState, str, ExperimentDesign | None] | None:
    """What the worker has to do: the state, the file within the house's folder, the design; None for nothing."""
    row = access.get_read_out(key)
    state = ReadOutState(row.state)
    design = queries.design_from(row.design) if row.design else None
    return (state, row.path, design) if state.is_working else None


@transaction.atomic
def offer_columns(*, key: UUID, columns: tuple[ReadOutColumn, ...], kept: str) -> None:
    """Keep what the file's columns could be, for a person to choose from; ``kept`` is the file that stays."""
    row = access.get_read_out(key)
    models.ReadOut.objects.filter(pk=key, state=ReadOutState.READING).update(
        columns=[asdict(one) for one in columns],
        path=str(Path(row.path).with_name(kept)),
        state=ReadOutState.CHOOSING,
    )


@transaction.atomic
def compare_arms(*, key: UUID, design: ExperimentDesign, viewer: Viewer, at: datetime) -> None:
    """Say what is compared, and have it read out. Raises NotAllowed, NotFound, WrongState, FileRefused."""
    access.require_read_out(viewer)
    row = access.get_read_out(key)
    if ReadOutState(row.state).is_working or not row.columns:
        raise WrongState("Nothing was compared.", "The file is still being read, or could not be.", "Reload the page.")
    rules.check_design(design, queries.read_out(key).columns)
    models.ReadOut.objects.filter(pk=key).update(design=asdict(design), state=ReadOutState.WORKING, error=None)
    by = viewer.actor()
    accounts.audit(by=by, deed="compare_arms", at=at, subject=("experiment", key), summary=row.title)
    transaction.on_commit(partial(nudge, "experiment", str(key)))


@transaction.atomic
def save_read_out(*, key: UUID, values: Mapping[str, Any]) -> None:
    """Keep what an experiment showed."""
    models.ReadOut.objects.filter(pk=key).update(values=dict(values), state=ReadOutState.DONE, error=None)


@transaction.atomic
def fail_read_out(*, key: UUID, error: Mapping[str, str]) -> None:
    """Keep why an experiment could not be read out."""
    models.ReadOut.objects.filter(pk=key).update(error=dict(error), state=ReadOutState.FAILED)


@transaction.atomic
def remove_read_out(*, key: UUID, viewer: Viewer, at: datetime) -> None:
    """Remove a read-out and its file. Raises NotAllowed, NotFound."""
    access.require_read_out(viewer)
    row = access.get_read_out(key)
    by = viewer.actor()
    accounts.audit(by=by, deed="remove_experiment", at=at, subject=("experiment", key), summary=row.title)
    row.delete()
    folder = Path(house.HOME) / "experiments" / str(key)
    transaction.on_commit(partial(shutil.rmtree, folder, ignore_errors=True))
