"""Who may see and remove files. Missing and not yours look the same."""

from __future__ import annotations

from uuid import UUID

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Role, Subject, Viewer
from fourfold.base.errors import NotAllowed, NotFound
from fourfold.files import models


def get_file_for(viewer: Viewer, key: UUID, *, removed: bool = False) -> tuple[models.StoredFile, Subject]:
    """The file and what it is about, if the viewer may see that. Raises NotFound."""
    found = models.StoredFile.objects.filter(pk=key, removed_at__isnull=not removed).first()
    if found is None:
        raise _missing()
    return found, accounts.subject(viewer, found.subject_kind, found.subject_key)


def may_remove(viewer: Viewer, file: models.StoredFile) -> bool:
    return viewer.has(Role.LEADER) or (file.by_key is not None and file.by_key == viewer.user_key)


def require_remover(viewer: Viewer, file: models.StoredFile) -> None:
    """Raises NotAllowed unless the viewer brought the file or leads."""
    if not may_remove(viewer, file):
        raise NotAllowed("The file was not removed.", f"{file.by} brought it.", "Ask them, or a leader.")


def _missing() -> NotFound:
    return NotFound("This was not found.", "It is gone, or it is not open to you.", "Go back and look again.")
