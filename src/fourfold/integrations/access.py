"""Who may bring files in, and whose imports one sees."""

from __future__ import annotations

from uuid import UUID

from fourfold.accounts.types import Role, Viewer
from fourfold.base.errors import NotAllowed, NotFound
from fourfold.integrations import models
from fourfold.integrations.types import CrossingNotFound, ExportState, ImportNotFound


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


def get_crossing_for(viewer: Viewer, key: UUID) -> models.Crossing:
    """The crossing. Raises CrossingNotFound."""
    found = models.Crossing.objects.visible_to(viewer).filter(pk=key).first()
    return found or _no_crossing()


def get_crossing(key: UUID) -> models.Crossing:
    """The crossing, for the worker. Raises CrossingNotFound."""
    return models.Crossing.objects.filter(pk=key).first() or _no_crossing()


def _no_crossing() -> models.Crossing:
    raise CrossingNotFound("These files were not found.", "The address is wrong or not yours.", "Go back to the list.")


def may_export(viewer: Viewer) -> bool:
    return viewer.has(Role.LEADER, Role.ADMINISTRATOR)


def require_exporter(viewer: Viewer) -> None:
    """Raises NotAllowed unless the viewer is a leader or an administrator."""
    if not may_export(viewer):
        raise NotAllowed(
            "Nothing was exported.",
            "An export holds everybody the house knows, so leaders and administrators make it.",
            "Ask one of them.",
        )


def get_export_for(viewer: Viewer, key: UUID) -> models.Export:
    """The viewer's own export, once it is ready: what one may see another may not. Raises NotFound, NotAllowed."""
    require_exporter(viewer)
    found = models.Export.objects.filter(pk=key, user_key=viewer.user_key, state=ExportState.READY).first()
    if found is None:
        raise NotFound(
            "This export was not found.", "It is not ready, not yours, or older than a week.", "Make a new one."
        )
    return found
