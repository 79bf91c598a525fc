"""Tables of pay that the house brought in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from fourfold.base.ids import new_key
from fourfold.jobs.models.choosing import moment


class PayFile(models.Model):
    """A table of pay as it came: how many rows were taken, and each that was not, with its reason."""

    key = models.UUIDField(primary_key=True, default=new_key)
    name = models.CharField(max_length=120)
    taken = models.PositiveIntegerField()
    rejected = models.JSONField(default=list)
    by = models.CharField(max_length=80)
    at = moment()

    class Meta:
        ordering: ClassVar = ["-at"]
