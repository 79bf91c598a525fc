"""Tables of work. What a note or a task is about stands as a kind and a key: rooms above own the things."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from fourfold.base.ids import new_key
from fourfold.work.types import TaskKind, Told


def choices(enum: Any) -> list[tuple[str, str]]:
    return [(item.value, item.value) for item in enum]


class Note(models.Model):
    """What a colleague wrote about something. A removed one can be brought back."""

    key = models.UUIDField(primary_key=True, default=new_key)
    subject_kind = models.CharField(max_length=30)
    subject_key = models.UUIDField()
    text = models.TextField()
    author_key = models.UUIDField(null=True)
    author_name = models.CharField(max_length=80)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    pinned = models.BooleanField(default=False)
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=80, blank=True)
    source_ref = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject_key", "subject_kind", "at"], name="note_about")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "source_ref"], condition=~Q(source_ref=""), name="note_once")
        ]


class NoteVersion(models.Model):
    """What a note said before it was edited, and who edited it."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="versions")
    text = models.TextField()
    until: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    by = models.CharField(max_length=80)

    class Meta:
        ordering: ClassVar = ["-pk"]


class Task(models.Model):
    """Something to be done by one colleague. ``due_at`` follows from the day, the time and the owner's zone."""

    key = models.UUIDField(primary_key=True, default=new_key)
    subject_kind = models.CharField(max_length=30, blank=True)
    subject_key = models.UUIDField(null=True)
    title = models.CharField(max_length=160)
    kind = models.CharField(max_length=10, choices=choices(TaskKind))
    owner_key = models.UUIDField()
    given_by_key = models.UUIDField(null=True)
    given_by = models.CharField(max_length=80)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    due_on: models.DateField[date | None, date | None] = models.DateField(null=True)
    due_time: models.TimeField[time | None, time | None] = models.TimeField(null=True)
    due_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["owner_key", "due_at", "key"], name="task_open", condition=Q(done_at=None)),
            models.Index(fields=["given_by_key", "due_at", "key"], name="task_given", condition=Q(done_at=None)),
            models.Index(
                fields=["due_at"],
                name="task_to_remind",
                condition=Q(done_at=None, reminded_at=None, due_at__isnull=False),
            ),
            models.Index(fields=["subject_key", "subject_kind"], name="task_about"),
            models.Index(fields=["owner_key", "-done_at"], name="task_done", condition=Q(done_at__isnull=False)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(due_time=None) | Q(due_on__isnull=False), name="task_time_has_a_day"),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True, due_at__isnull=True) | Q(due_on__isnull=False, due_at__isnull=False),
                name="task_day_has_a_moment",
            ),
        ]


class Notification(models.Model):
    """Something a colleague is told: where they were mentioned, a task given to them, one that is due."""

    user_key = models.UUIDField()
    told = models.CharField(max_length=12, choices=choices(Told))
    note = models.ForeignKey(Note, null=True, on_delete=models.CASCADE, related_name="notifications")
    task = models.ForeignKey(Task, null=True, on_delete=models.CASCADE, related_name="notifications")
    by = models.CharField(max_length=80)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["user_key", "-id"], name="notification_of"),
            models.Index(fields=["user_key"], name="notification_unseen", condition=Q(seen_at=None)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(note__isnull=False) ^ Q(task__isnull=False), name="notification_of_one")
        ]
