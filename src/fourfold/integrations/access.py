"""Who may bring files in, and whose imports one sees."""

from __future__ import annotations

from uuid import UUID

from fourfold.accounts.types import Role, Viewer
from fourfold.base.errors import NotAllowed
from fourfold.integrations import models
from fourfold.integrations.types import ImportNotFound


def may_import(viewer: Viewer) -> bool:
    return viewer.has(Role.LEADER, Role.MARKETER, Role.ADMINISTRATOR)


def require_importer(viewer: Viewer) -> None:
    """Raises NotAllowed for a viewer who is recruiter only."""
    if not may_import(viewer):
        raise NotAllowed(
            "No file was taken in.",
            "An import changes everybody's numbers, so leaders, marketers and administrators do it.",
            "Give the file to one of them.",
        )


def get_import_for(viewer: Viewer, key: UUID) -> models.Import:
    """The import. Raises ImportNotFound."""
    found = models.Import.objects.visible_to(viewer).filter(pk=key).first()
    return found or _missing()


def get_import(key: UUID) -> models.Import:
    """The import, for the worker. Raises ImportNotFound."""
    return models.Import.objects.filter(pk=key).first() or _missing()


def _missing() -> models.Import:
    raise ImportNotFound("This import was not found.", "The address is wrong or not yours.", "Go back to the list.")
