"""What the whole house decides about jobs: its stages, and the tables of pay it compares with."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.ids import new_key
from fourfold.jobs import access, models, rules
from fourfold.jobs.types import JobRefused, Stage


@transaction.atomic
def keep_stage(*, slug: str, name: str, used: bool, place: int, viewer: Viewer, at: datetime) -> None:
    """Rename a stage, move it among the others, use it or not. What it means stays; people in it stay in it.

    Raises JobRefused (no such stage, no name, the last of a meaning that deeds lead to), NotAllowed.
    """
    access.require_pipeline_keeper(viewer)
    row = models.PipelineStage.objects.filter(pk=slug).first()
    if row is None or not name.strip():
        raise JobRefused("Nothing was changed.", "A stage needs a name.", "Write one.")
    others = models.PipelineStage.objects.filter(stage=row.stage, used=True).exclude(pk=slug)
    if not used and Stage(row.stage) in rules.BY_DEED and not others.exists():
        raise JobRefused(
            "Nothing was changed.", f"“{row.name}” is where a deed leads to.", "Rename it, but go on using it."
        )
    row.name, row.used, row.place = name.strip()[:40], used, max(0, min(place, 99))
    row.save(update_fields=["name", "used", "place"])
    accounts.audit(by=viewer.actor(), deed="keep_stage", at=at, subject=("stage", slug), summary=row.name)


@transaction.atomic
def add_stage(*, name: str, means: Stage, viewer: Viewer, at: datetime) -> str:
    """Add a stage after the last one of its meaning; returns its slug. Raises JobRefused, NotAllowed."""
    access.require_pipeline_keeper(viewer)
    slug = slugify(name)[:30]
    if not slug or models.PipelineStage.objects.filter(pk=slug).exists():
        raise JobRefused("The stage was not added.", "It has no name of its own.", "Write one that is not there yet.")
    place = models.PipelineStage.objects.filter(stage=means).aggregate(last=Max("place"))["last"] or 0
    models.PipelineStage.objects.create(slug=slug, name=name.strip()[:40], stage=means, place=place)
    accounts.audit(by=viewer.actor(), deed="add_stage", at=at, subject=("stage", slug), summary=name)
    return slug


@transaction.atomic
def take_pay_table(*, name: str, data: bytes, viewer: Viewer, at: datetime) -> UUID:
    """Take a table of pay (CSV, UTF-8). Rows that can't be taken are kept with their reason; the same table twice is
    one: rows of its sources and days are replaced. Raises JobRefused for the file as a whole, NotAllowed.
    """
    access.require_pipeline_keeper(viewer)
    rows, left = rules.read_pay_table(rules.text_of(data, refused=JobRefused), today=at.date())
    made = models.PayFile.objects.create(
        key=new_key(), name=name[-120:], taken=len(rows), by=viewer.name[:80], at=at,
        rejected=[[one.number, list(one.cells), one.why] for one in left],
    )  # fmt: skip
    for source, as_of in {(row.source, row.as_of) for row in rows}:
        models.PayPoint.objects.filter(source=source, as_of=as_of).delete()
    models.PayPoint.objects.bulk_create(
        [
            models.PayPoint(
                title=row.title, plain_title=rules.plain_title(row.title), kind=row.kind, country=row.country,
                city=row.city, currency=row.currency, per=row.per, quarter_minor=row.quarter_minor,
                median_minor=row.median_minor, top_quarter_minor=row.top_quarter_minor, n=row.n, as_of=row.as_of,
                source=row.source, batch=made.key, by=viewer.name[:80], at=at,
            )
            for row in rows
        ],
        batch_size=500,
    )  # fmt: skip
    accounts.audit(by=viewer.actor(), deed="take_pay_table", at=at, subject=("pay_table", made.key), summary=made.name)
    return made.key
