"""Reads of work: notes, tasks and notifications as frozen rows."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Subject, Viewer
from fourfold.base.errors import NotFound
from fourfold.ledger.queries import among
from fourfold.work import access, models, rules
from fourfold.work.types import (
    About,
    NotePage,
    NoteRow,
    NoteVersionRow,
    NotificationRow,
    TaskBoard,
    TaskGroup,
    TaskKind,
    TaskRow,
    Told,
    When,
    Whose,
)

PAGE_SIZE = 50
NOTES_SHOWN = 20
DONE_DAYS = 7


def about(viewer: Viewer, things: Sequence[tuple[str, UUID]], *, at: datetime, every_note: bool = False) -> About:
    """Notes (pinned first, then the latest) and open tasks about a thing's sides. Raises NotFound."""
    subjects = accounts.sides(viewer, things)
    where = _about(subjects)
    found = models.Note.objects.filter(where, removed_at=None).order_by("-pinned", "-at", "key")
    notes = list(found if every_note else found[: NOTES_SHOWN + 1])
    more = 0 if every_note or len(notes) <= NOTES_SHOWN else found.count() - NOTES_SHOWN
    notes = notes if every_note else notes[:NOTES_SHOWN]
    tasks = list(models.Task.objects.filter(where, done_at=None).order_by("due_at", "key")[:PAGE_SIZE])
    colleagues = accounts.active_colleagues()
    names = {one.key: one.name for one in colleagues}
    return About(
        subjects=subjects,
        notes=tuple(_note_row(viewer, note, names) for note in notes),
        more_notes=more,
        tasks=_task_rows(viewer, tasks, at, subjects),
        colleagues=colleagues,
    )


def _about(subjects: Iterable[Subject]) -> Q:
    where = Q(pk__in=[])
    for subject in subjects:
        where |= Q(subject_kind=subject.kind, subject_key__in=subject.family or (subject.key,))
    return where


def _note_row(viewer: Viewer, note: models.Note, names: Mapping[UUID, str]) -> NoteRow:
    return NoteRow(
        key=note.key,
        subject_kind=note.subject_kind,
        subject_key=note.subject_key,
        text=note.text,
        parts=rules.in_parts(note.text, rules.mentions(note.text, names)),
        author=note.author_name,
        at=note.at,
        pinned=note.pinned,
        edited_at=note.edited_at,
        may_change=access.may_change_note(viewer, note),
        source=note.source,
    )


def note(viewer: Viewer, key: UUID) -> NotePage:
    """A note with what it said before. Raises NotFound."""
    found, subject = access.get_note_for(viewer, key)
    names = {one.key: one.name for one in accounts.active_colleagues()}
    versions = tuple(NoteVersionRow(one.text, one.by, one.until) for one in found.versions.all())
    return NotePage(_note_row(viewer, found, names), subject, versions)


def _task_rows(
    viewer: Viewer, tasks: Sequence[models.Task], at: datetime, known: Iterable[Subject] = ()
) -> tuple[TaskRow, ...]:
    """Tasks as rows; what they are about only as far as the viewer may see it, one read a kind."""
    seen = {(one.kind, key): one for one in known for key in (one.key, *one.family)}
    wanted: dict[str, set[UUID]] = {}
    for task in tasks:
        if task.subject_key and (task.subject_kind, task.subject_key) not in seen:
            wanted.setdefault(task.subject_kind, set()).add(task.subject_key)
    for kind, keys in wanted.items():
        seen |= {(kind, key): one for key, one in accounts.subjects(viewer, kind, keys).items()}
    owners = {task.owner_key for task in tasks}
    names = accounts.names(owners) if owners else {}
    return tuple(
        TaskRow(
            key=task.key,
            title=task.title,
            kind=TaskKind(task.kind),
            subject=seen.get((task.subject_kind, task.subject_key)) if task.subject_key else None,
            due_on=task.due_on,
            due_time=task.due_time,
            due_at=task.due_at,
            when=rules.when(task.due_on, task.due_time, task.due_at, at=at, zone=viewer.zone),
            owner_key=task.owner_key,
            owner=names.get(task.owner_key, ""),
            given_by=task.given_by if task.given_by_key != task.owner_key else "",
            done_at=task.done_at,
            may_change=access.may_change_task(viewer, task),
        )
        for task in tasks
        if not task.subject_key
        or (task.subject_kind, task.subject_key) in seen
        or viewer.user_key in {task.owner_key, task.given_by_key}
    )


def task(viewer: Viewer, key: UUID, *, at: datetime) -> TaskRow:
    """One task of the viewer's own, given by them or led by them. Raises NotFound."""
    return _task_rows(viewer, [access.get_task_for(viewer, key)], at)[0]


def board(viewer: Viewer, *, whose: Whose, at: datetime, cursor: str | None = None) -> TaskBoard:
    """Open tasks by day: overdue, today, later and without a day; and those done within a week.

    Each group has its first 50 and its count; ``cursor`` goes on in the later ones. Raises NotFound for a broken one.
    """
    mine = models.Task.objects.filter(_whose(viewer, whose))
    open_ones, done = mine.filter(done_at=None), mine.filter(done_at__gte=at - timedelta(days=DONE_DAYS))
    spans = _spans(viewer, at)
    counted = open_ones.aggregate(**{when.value: Count("pk", filter=span) for when, span in spans.items()})
    found: dict[When, list[models.Task]] = {}
    for when, span in spans.items():
        if counted[when.value]:
            rows = open_ones.filter(span).order_by("due_at", "key")
            rows = rows.filter(_after(cursor)) if cursor and when is When.LATER else rows
            found[when] = list(rows[: PAGE_SIZE + 1])
    later = found.get(When.LATER, [])
    older = _cursor(later[PAGE_SIZE - 1]) if len(later) > PAGE_SIZE else None
    finished = list(done.order_by("-done_at", "key")[:PAGE_SIZE])
    shown = [task for rows in found.values() for task in rows[:PAGE_SIZE]]
    lines = {row.key: row for row in _task_rows(viewer, [*shown, *finished], at)}
    groups = tuple(
        TaskGroup(when, counted[when.value], tuple(lines[one.key] for one in tasks[:PAGE_SIZE] if one.key in lines))
        for when, tasks in found.items()
    )
    return TaskBoard(whose, groups, tuple(lines[one.key] for one in finished if one.key in lines), older)


def _whose(viewer: Viewer, whose: Whose) -> Q:
    if whose is Whose.MINE:
        return Q(owner_key=viewer.user_key)
    if whose is Whose.GIVEN:
        return Q(given_by_key=viewer.user_key) & ~Q(owner_key=viewer.user_key)
    mates = [one.key for one in accounts.active_colleagues() if viewer.team and one.team == viewer.team]
    return Q(owner_key__in=mates)


def _spans(viewer: Viewer, at: datetime) -> dict[When, Q]:
    """The conditions that ``rules.when`` decides by, as the database asks them."""
    today = at.astimezone(ZoneInfo(viewer.zone)).date()
    late = Q(due_on__lt=today) | Q(due_time__isnull=False, due_at__lt=at)
    on_time = Q(due_time__isnull=True) | Q(due_at__gte=at)
    return {
        When.OVERDUE: late,
        When.TODAY: Q(due_on=today) & on_time,
        When.LATER: Q(due_on__gt=today) & on_time,
        When.UNDATED: Q(due_on__isnull=True),
    }


def _cursor(task: models.Task) -> str:
    moment = task.due_at.isoformat() if task.due_at else ""
    return base64.urlsafe_b64encode(json.dumps([moment, task.key.hex]).encode()).decode().rstrip("=")


def _after(cursor: str) -> Q:
    try:
        text, key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        moment = datetime.fromisoformat(text)
        return Q(due_at__gt=moment) | Q(due_at=moment, key__gt=UUID(str(key)))
    except (ValueError, TypeError):
        raise NotFound(
            "This page was not found.", "Its address was cut or changed.", "Go back to the first page."
        ) from None


def waiting(viewer: Viewer, *, at: datetime, limit: int) -> tuple[int, tuple[TaskRow, ...]]:
    """How many of the viewer's tasks are overdue or for today, and the first of them."""
    spans = _spans(viewer, at)
    found = models.Task.objects.filter(
        spans[When.OVERDUE] | spans[When.TODAY], owner_key=viewer.user_key, done_at=None
    ).order_by("due_at", "key")
    rows = list(found[: limit + 1])
    count = found.count() if len(rows) > limit else len(rows)
    return count, _task_rows(viewer, rows[:limit], at)


def notifications(viewer: Viewer, *, before: int | None = None, size: int = PAGE_SIZE) -> tuple[NotificationRow, ...]:
    """What the viewer was told, the latest first; ``before`` is the key of the last row of the page before.

    What they may not see any more stays away.
    """
    found = models.Notification.objects.filter(user_key=viewer.user_key).select_related("note", "task").order_by("-pk")
    rows = list((found.filter(pk__lt=before) if before else found)[:size])
    things = {row.pk: _thing(row) for row in rows}
    seen: dict[tuple[str, UUID], Subject] = {}
    for kind in {one[0] for one in things.values() if one}:
        keys = {one[1] for one in things.values() if one and one[0] == kind}
        seen |= {(kind, key): one for key, one in accounts.subjects(viewer, kind, keys).items()}
    return tuple(
        NotificationRow(
            key=row.pk,
            told=Told(row.told),
            by=row.by,
            at=row.at,
            seen=row.seen_at is not None,
            words=(row.note.text if row.note else row.task.title if row.task else "")[:200],
            subject=seen.get(thing) if (thing := things[row.pk]) else None,
        )
        for row in rows
        if (row.task is not None and row.task.owner_key == viewer.user_key)
        or (row.note is not None and row.note.removed_at is None and things[row.pk] in seen)
    )


def _thing(row: models.Notification) -> tuple[str, UUID] | None:
    about = row.note or row.task
    return (about.subject_kind, about.subject_key) if about and about.subject_key else None


def unseen(viewer: Viewer) -> int:
    """How many notifications the viewer has not seen, counted up to 100."""
    return len(models.Notification.objects.filter(user_key=viewer.user_key, seen_at=None).values_list("pk")[:100])


def anything_to_remind(*, at: datetime) -> bool:
    """Whether a task is due that its owner was not reminded of."""
    return models.Task.objects.filter(done_at=None, reminded_at=None, due_at__lte=at).exists()


def texts_about(kind: str, keys: Collection[UUID]) -> dict[UUID, list[str]]:
    """The words of all notes about these keys, for a search index."""
    found: dict[UUID, list[str]] = {}
    rows = models.Note.objects.filter(subject_kind=kind, subject_key__in=among(keys), removed_at=None)
    for key, text in rows.order_by("-at").values_list("subject_key", "text"):
        found.setdefault(key, []).append(text)
    return found


def held_about(kinds: Collection[str], keys: Collection[UUID]) -> dict[str, list[dict[str, Any]]]:
    """Every note (with what it said before) and every task about these keys, as JSON can hold them."""
    where = Q(subject_kind__in=list(kinds), subject_key__in=list(keys))
    notes = models.Note.objects.filter(where).prefetch_related("versions").order_by("at")
    return {
        "notes": [
            {
                "at": note.at.isoformat(), "by": note.author_name, "text": note.text, "side": note.subject_kind,
                "source": note.source, "removed_at": note.removed_at.isoformat() if note.removed_at else None,
                "before": [{"until": one.until.isoformat(), "text": one.text} for one in note.versions.all()],
            }
            for note in notes
        ],
        "tasks": [
            {
                "title": task.title, "kind": task.kind, "given_by": task.given_by, "at": task.at.isoformat(),
                "due_on": task.due_on.isoformat() if task.due_on else None,
                "done_at": task.done_at.isoformat() if task.done_at else None,
            }
            for task in models.Task.objects.filter(where).order_by("at")
        ],
    }  # fmt: skip


def worked_on(kinds: Collection[str], keys: Collection[UUID], *, source: str) -> set[UUID]:
    """Those of these keys about which there is a note from elsewhere than ``source``, or a task."""
    notes = models.Note.objects.filter(subject_kind__in=list(kinds), subject_key__in=among(keys)).exclude(source=source)
    tasks = models.Task.objects.filter(subject_kind__in=list(kinds), subject_key__in=among(keys))
    found = {*notes.values_list("subject_key", flat=True), *tasks.values_list("subject_key", flat=True)}
    return {key for key in found if key}


def notes_about(kinds: Collection[str], keys: Collection[UUID]) -> list[dict[str, Any]]:
    """Every note about these keys that was not removed, with what it is about: for an export of the house."""
    rows = models.Note.objects.filter(subject_kind__in=list(kinds), subject_key__in=among(keys), removed_at=None)
    columns = ("subject_kind", "subject_key", "text", "at", "author_name", "source", "source_ref")
    return list(rows.order_by("subject_key", "at").values(*columns))
