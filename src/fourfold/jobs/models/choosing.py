"""What the columns of this room share."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models


def choices(enum: Any) -> list[tuple[str, str]]:
    return [(item.value, item.value) for item in enum]


def word(enum: Any, *, length: int = 16, **options: Any) -> models.CharField[str, str]:
    """A column that holds one word of an enum."""
    return models.CharField(max_length=length, choices=choices(enum), **options)


def moment() -> models.DateTimeField[datetime, datetime]:
    return models.DateTimeField()


def maybe_moment() -> models.DateTimeField[datetime | None, datetime | None]:
    return models.DateTimeField(null=True)


def maybe_day() -> models.DateField[date | None, date | None]:
    return models.DateField(null=True)
