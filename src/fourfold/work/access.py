"""Who may see and change notes and tasks. Missing and not yours look the same."""

from __future__ import annotations

from uuid import UUID

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Role, Subject, Viewer
from fourfold.base.errors import NotAllowed, NotFound
from fourfold.work import models


def get_note_for(viewer: Viewer, key: UUID, *, removed: bool = False) -> tuple[models.Note, Subject]:
    """The note and what it is about, if the viewer may see that. Raises NotFound."""
    note = models.Note.objects.filter(pk=key, removed_at__isnull=not removed).first()
    if note is None:
        raise _missing()
    return note, accounts.subject(viewer, note.subject_kind, note.subject_key)


def may_change_note(viewer: Viewer, note: models.Note) -> bool:
    return viewer.has(Role.LEADER) or (note.author_key is not None and note.author_key == viewer.user_key)


def require_note_changer(viewer: Viewer, note: models.Note) -> None:
    """Raises NotAllowed unless the viewer wrote the note or leads."""
    if not may_change_note(viewer, note):
        raise NotAllowed(
            "The note was not changed.",
            f"{note.author_name} wrote it; their words are theirs.",
            "Write a note of your own, or ask a leader.",
        )


def may_change_task(viewer: Viewer, task: models.Task) -> bool:
    return viewer.has(Role.LEADER) or viewer.user_key in {task.owner_key, task.given_by_key}


def get_task_for(viewer: Viewer, key: UUID) -> models.Task:
    """A task that the viewer owns, gave, or leads. Raises NotFound."""
    task = models.Task.objects.filter(pk=key).first()
    if task is None or not viewer.roles or not may_change_task(viewer, task):
        raise _missing()
    return task


def _missing() -> NotFound:
    return NotFound("This was not found.", "It is gone, or it is not open to you.", "Go back and look again.")
