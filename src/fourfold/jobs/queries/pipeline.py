"""The stages of the house."""

from __future__ import annotations

from fourfold.jobs import models
from fourfold.jobs.types import Stage, StageStep


def pipeline(*, all_of_them: bool = False) -> tuple[StageStep, ...]:
    """The house's stages in order; those it doesn't use only where they are asked for. One statement."""
    rows = models.PipelineStage.objects.all()
    rows = rows if all_of_them else rows.filter(used=True)
    return tuple(StageStep(row.slug, row.name, Stage(row.stage), row.place, row.used) for row in rows)
