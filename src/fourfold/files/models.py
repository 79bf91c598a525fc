"""Tables of files. The bytes lie in the house's folder, named by their hash."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from fourfold.base.ids import new_key
from fourfold.files.types import FilePurpose, Media, TextState


def choices(enum: Any) -> list[tuple[str, str]]:
    return [(item.value, item.value) for item in enum]


class StoredFile(models.Model):
    """A file about something. The same bytes are kept once, however many rows name them.

    ``tries`` counts attempts to read its text: one that kills its reader is not tried for ever.
    """

    key = models.UUIDField(primary_key=True, default=new_key)
    subject_kind = models.CharField(max_length=30)
    subject_key = models.UUIDField()
    name = models.CharField(max_length=200)
    purpose = models.CharField(max_length=10, choices=choices(FilePurpose))
    media = models.CharField(max_length=80, choices=choices(Media))
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    text = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=choices(TextState), default=TextState.WAITING)
    why_not = models.CharField(max_length=160, blank=True)
    pages = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    by_key = models.UUIDField(null=True)
    by = models.CharField(max_length=80)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject_key", "subject_kind", "-at"], name="file_about"),
            models.Index(fields=["at"], name="file_to_read", condition=Q(state=TextState.WAITING)),
            models.Index(fields=["removed_at"], name="file_removed", condition=Q(removed_at__isnull=False)),
        ]
