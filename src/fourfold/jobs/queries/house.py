"""The house's tables of pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fourfold.accounts.types import Viewer
from fourfold.base.errors import NotFound
from fourfold.jobs import access, models


@dataclass(frozen=True, slots=True)
class PayFileRow:
    """A table that was brought: how many of its rows were taken, and those that were not (line, cells, reason)."""

    key: UUID
    name: str
    taken: int
    rejected: tuple[tuple[int, tuple[str, ...], str], ...]
    by: str
    at: datetime


def pay_files(viewer: Viewer) -> tuple[PayFileRow, ...]:
    """Tables of pay, the latest first; 50 at the most. Raises NotAllowed."""
    access.require_pipeline_keeper(viewer)
    return tuple(_row(one) for one in models.PayFile.objects.all()[:50])


def pay_file(viewer: Viewer, key: UUID) -> PayFileRow:
    """One table of pay. Raises NotFound, NotAllowed."""
    access.require_pipeline_keeper(viewer)
    found = models.PayFile.objects.filter(pk=key).first()
    if found is None:
        raise NotFound("This table was not found.", "Its address is wrong.", "Go back to the tables.")
    return _row(found)


def _row(one: models.PayFile) -> PayFileRow:
    rejected = tuple((number, tuple(cells), why) for number, cells, why in one.rejected)
    return PayFileRow(one.key, one.name, one.taken, rejected, one.by, one.at)
