"""What placements bring, what is aimed at, and what is done after an offer is accepted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from fourfold.base.ids import new_key
from fourfold.jobs.models.applications import Application
from fourfold.jobs.models.choosing import maybe_moment, moment, word
from fourfold.jobs.models.jobs import Job
from fourfold.jobs.models.placements import Placement
from fourfold.jobs.types.placing import CashBasis


class CashLine(models.Model):
    """One row of cash as it was posted to the ledger: a fee, a rebate, a stage, a week. Bases never mix.

    ``placement`` is empty while a retained search has found nobody.
    """

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="cash")
    placement = models.ForeignKey(Placement, null=True, on_delete=models.PROTECT, related_name="cash")
    part = models.CharField(max_length=40)
    basis = word(CashBasis)
    on = models.DateField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    by = models.CharField(max_length=80)
    at = moment()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["basis", "on"], name="cash_by_day")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "placement", "part", "basis"], name="cash_line_once"),
            models.UniqueConstraint(
                fields=["job", "part", "basis"], condition=Q(placement=None), name="cash_line_of_search_once"
            ),
        ]


class PlanTask(models.Model):
    """A task of the plan between an accepted offer and the end of the guarantee: each is given once."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="plan_tasks")
    what = models.CharField(max_length=20)
    due_on = models.DateField()
    task_key = models.UUIDField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["application", "what"], name="plan_task_once")]


class MarginFile(models.Model):
    """A file of weekly margins: what it says of whom, and which rows were not taken. Only its own columns are kept."""

    key = models.UUIDField(primary_key=True, default=new_key)
    name = models.CharField(max_length=120)
    rows = models.JSONField(default=list)
    rejected = models.JSONField(default=list)
    new = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    corrected = models.PositiveIntegerField(default=0)
    applied_at = maybe_moment()
    by = models.CharField(max_length=80)
    by_key = models.UUIDField(null=True)
    at = moment()

    class Meta:
        ordering: ClassVar = ["-at", "key"]


class BillingTarget(models.Model):
    """What a colleague aims to bill in a month: set by them, or by a leader. ``month`` is its first day."""

    user_key = models.UUIDField()
    month = models.DateField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    by = models.CharField(max_length=80)
    at = moment()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user_key", "month"], name="billing_target_once"),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="billing_target_not_negative"),
        ]
