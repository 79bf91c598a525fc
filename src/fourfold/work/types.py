"""The door of work: notes, tasks and notifications as rows, and what to add."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from fourfold.accounts.types import Colleague, Subject
from fourfold.base.errors import FourfoldError

LONGEST_NOTE = 20_000


class TaskKind(StrEnum):
    TO_DO = "to_do"
    CALL_BACK = "call_back"
    MEETING = "meeting"
    REMINDER = "reminder"


class Told(StrEnum):
    """Why a colleague has a notification."""

    MENTIONED = "mentioned"
    TASK_GIVEN = "task_given"
    TASK_DUE = "task_due"


class Whose(StrEnum):
    """Which tasks a page shows."""

    MINE = "mine"
    TEAM = "team"
    GIVEN = "given"


class When(StrEnum):
    """How a task stands to today, on the wall clock of who looks."""

    OVERDUE = "overdue"
    TODAY = "today"
    LATER = "later"
    UNDATED = "undated"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNote:
    """A note to add. ``source`` and ``source_ref`` say where it came from: the same pair is never added twice."""

    subject_kind: str
    subject_key: UUID
    text: str
    at: datetime
    author_name: str
    author_key: UUID | None = None
    source: str = ""
    source_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """A task to give. ``due_time`` is the wall clock of the owner's office; a task without a day has none."""

    title: str
    owner_key: UUID
    kind: TaskKind = TaskKind.TO_DO
    subject: tuple[str, UUID] | None = None
    due_on: date | None = None
    due_time: time | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A colleague named in a text: where, and who."""

    start: int
    end: int
    key: UUID


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note as a page shows it. ``parts`` are its text in pieces: (words, whether they name a colleague)."""

    key: UUID
    subject_kind: str
    subject_key: UUID
    text: str
    parts: tuple[tuple[str, bool], ...]
    author: str
    at: datetime
    pinned: bool
    edited_at: datetime | None
    may_change: bool
    source: str = ""


@dataclass(frozen=True, slots=True)
class NoteVersionRow:
    text: str
    by: str
    until: datetime


@dataclass(frozen=True, slots=True)
class NotePage:
    """A note, what it is about, and what it said before, the latest first."""

    note: NoteRow
    subject: Subject
    versions: tuple[NoteVersionRow, ...]


@dataclass(frozen=True, slots=True)
class TaskRow:
    key: UUID
    title: str
    kind: TaskKind
    subject: Subject | None
    due_on: date | None
    due_time: time | None
    due_at: datetime | None
    when: When
    owner_key: UUID
    owner: str
    given_by: str
    done_at: datetime | None
    may_change: bool


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """Tasks of one kind of day, the first of them, and how many there are."""

    when: When
    count: int
    rows: tuple[TaskRow, ...]


@dataclass(frozen=True, slots=True)
class TaskBoard:
    """Open tasks by day, and those done lately. ``older`` is where the next page of later ones begins."""

    whose: Whose
    groups: tuple[TaskGroup, ...]
    done: tuple[TaskRow, ...]
    older: str | None

    def count(self, when: When) -> int:
        return sum(group.count for group in self.groups if group.when is when)


@dataclass(frozen=True, slots=True)
class NotificationRow:
    key: int
    told: Told
    by: str
    at: datetime
    seen: bool
    words: str
    subject: Subject | None


@dataclass(frozen=True, slots=True)
class About:
    """Notes and open tasks about one thing, all its sides that the viewer may see."""

    subjects: tuple[Subject, ...]
    notes: tuple[NoteRow, ...]
    more_notes: int
    tasks: tuple[TaskRow, ...]
    colleagues: tuple[Colleague, ...]


class NoteRefused(FourfoldError):
    """A note that can't be kept as it is."""


class TaskRefused(FourfoldError):
    """A task that can't be given as it is."""
