"""Records that may be, or were made, one human."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from fourfold.base.ids import new_key
from fourfold.people.models.persons import Person, choices
from fourfold.people.types import PairState


class DuplicatePair(models.Model):
    """Two records that look like one human. ``probability`` is the match weight's; ``reasons`` say what agrees,
    ``fingerprint`` is of what was compared: a pair put off comes back when it changes.
    """

    one = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    probability = models.FloatField()
    reasons = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=32, blank=True, db_default="")
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


class MatchRun(models.Model):
    """One look for records of one human: what it learnt of how often things agree, how far it got, what it found.

    ``upto`` is the moment up to which changed records were compared: the next run begins there.
    """

    key = models.UUIDField(primary_key=True, default=new_key)
    asked_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    whole = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    upto = models.DateTimeField(null=True)
    people = models.PositiveIntegerField(default=0)
    compared = models.PositiveBigIntegerField(default=0)
    suggested = models.PositiveIntegerField(default=0)
    weights = models.JSONField(default=dict)
    failed = models.CharField(max_length=250, blank=True)
