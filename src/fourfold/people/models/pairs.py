"""Records that may be, or were made, one human."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from fourfold.people.models.persons import Person, choices
from fourfold.people.types import PairState


class DuplicatePair(models.Model):
    """Two records that look like one human. ``probability`` is the match weight's; ``reasons`` say what agrees."""

    one = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    probability = models.FloatField()
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=choices(PairState), default=PairState.WAITING)
    found_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["one", "other"], name="pair_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="pair_in_order"),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "-probability"], name="pairs_waiting")]


class MergeRecord(models.Model):
    """Who made two records one, when and why; and who took it apart again."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    into = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    by = models.CharField(max_length=80)
    why = models.CharField(max_length=160, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=80, blank=True)
