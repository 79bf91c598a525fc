"""Placements and the working life after them. Amounts are in minor units of their currency."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from fourfold.base.ids import new_key
from fourfold.jobs.models.applications import Application
from fourfold.jobs.models.choosing import maybe_day, maybe_moment, moment, word
from fourfold.jobs.models.jobs import Job
from fourfold.jobs.types.words import Ir35, JobKind, PaidVia, PayPer, PlacementState, SplitRole


class Placement(models.Model):
    """An accepted offer with its start, its fee, its guarantee. ``rebates``: (within_weeks, percent_hundredths) rows as
    the terms had them when it was accepted. ``agreed_start_on`` is the first start agreed, ``start_on`` the one that
    holds now; ``stayed_days`` the last of 90, 180 and 365 that was reached.
    """

    key = models.UUIDField(primary_key=True, default=new_key)
    application = models.OneToOneField(Application, null=True, on_delete=models.PROTECT, related_name="placement")
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="placements")
    person_key = models.UUIDField()
    organisation_key = models.UUIDField()
    kind = word(JobKind)
    state = word(PlacementState, default=PlacementState.ACCEPTED)
    accepted_on = models.DateField()
    agreed_start_on = maybe_day()
    start_on = maybe_day()
    started_on = maybe_day()
    stayed_days = models.PositiveSmallIntegerField(default=0)
    left_on = maybe_day()
    left_why = models.CharField(max_length=250, blank=True)
    pay_minor = models.BigIntegerField(null=True)
    per = word(PayPer)
    currency = models.CharField(max_length=3)
    fee_hundredths = models.PositiveIntegerField(null=True)
    fee_minor = models.BigIntegerField(null=True)
    fee_why = models.CharField(max_length=160, blank=True)
    rebates = models.JSONField(default=list)
    guarantee_ends_on = maybe_day()
    invoiced_on = maybe_day()
    paid_on = maybe_day()
    rebated_minor = models.BigIntegerField(default=0)
    desk = models.CharField(max_length=50, blank=True)
    office = models.CharField(max_length=50, blank=True)
    team = models.CharField(max_length=50, blank=True)
    owner_key = models.UUIDField(null=True)
    by = models.CharField(max_length=80)
    at = moment()
    source = models.CharField(max_length=80, blank=True)
    source_ref = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "start_on"], name="placement_starts"),
            models.Index(fields=["person_key"], name="placement_person"),
            models.Index(fields=["organisation_key"], name="placement_organisation"),
            models.Index(fields=["accepted_on"], name="placement_accepted"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "source_ref"], condition=~Q(source_ref=""), name="placement_source_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=PlacementState.STARTED) | Q(started_on__isnull=False), name="started_says_when"
            ),
            models.CheckConstraint(
                condition=~Q(state=PlacementState.LEFT) | Q(left_on__isnull=False), name="left_says_when"
            ),
        ]


class Split(models.Model):
    """Who earned which part of a fee, in one version of it. The newest version counts; its parts sum to 10,000."""

    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="splits")
    version = models.PositiveSmallIntegerField()
    user_key = models.UUIDField()
    role = word(SplitRole)
    percent_hundredths = models.PositiveIntegerField()
    why = models.CharField(max_length=250, blank=True)
    by = models.CharField(max_length=80)
    at = moment()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user_key"], name="split_of_colleague")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["placement", "version", "user_key", "role"], name="split_once"),
            models.CheckConstraint(
                condition=Q(percent_hundredths__gte=1, percent_hundredths__lte=10_000), name="split_is_a_share"
            ),
        ]


class Assignment(models.Model):
    """The working life of a contract or temporary placement. Rates stand in ``RateChange``."""

    key = models.UUIDField(primary_key=True, default=new_key)
    placement = models.OneToOneField(Placement, on_delete=models.CASCADE, related_name="assignment")
    unit = word(PayPer)
    units_a_week_hundredths = models.PositiveIntegerField(default=500)
    starts_on = models.DateField()
    ends_on = models.DateField()
    finished_on = maybe_day()
    finished_why = models.CharField(max_length=250, blank=True)
    paid_via = word(PaidVia)
    company = models.CharField(max_length=120, blank=True)
    ir35 = word(Ir35, default=Ir35.NOT_ASKED)
    ir35_on = maybe_day()
    ir35_document = models.UUIDField(null=True)
    kid_sent_on = maybe_day()
    awr_weeks_before = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["ends_on"], name="assignment_ends", condition=Q(finished_on__isnull=True))
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="assignment_has_a_length")
        ]


class RateChange(models.Model):
    """What is paid and charged from a day on, per unit. Append-only; the latest not after a day counts."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="rates")
    from_on = models.DateField()
    pay_minor = models.BigIntegerField()
    charge_minor = models.BigIntegerField()
    why = models.CharField(max_length=160, blank=True)
    by = models.CharField(max_length=80)
    at = moment()

    class Meta:
        ordering: ClassVar = ["from_on", "pk"]


class Extension(models.Model):
    """An assignment that was made longer or shorter, and from which end to which. Append-only."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="extensions")
    was_ends_on = models.DateField()
    ends_on = models.DateField()
    why = models.CharField(max_length=160, blank=True)
    by = models.CharField(max_length=80)
    at = moment()

    class Meta:
        ordering: ClassVar = ["at", "pk"]


class WeeklyMargin(models.Model):
    """What one week of an assignment brought, from a file of the payroll or back office."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="margins")
    week_ending = models.DateField()
    units_hundredths = models.PositiveIntegerField(null=True)
    margin_minor = models.BigIntegerField()
    batch = models.UUIDField()
    by = models.CharField(max_length=80)
    at = moment()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assignment", "week_ending"], name="margin_once_a_week")
        ]


class CheckKind(models.Model):
    """A paper that a kind of job needs: right to work, references, DBS … ``holds`` a temporary start, else warns."""

    key = models.UUIDField(primary_key=True, default=new_key)
    kind = word(JobKind)
    name = models.CharField(max_length=80)
    place = models.PositiveSmallIntegerField()
    holds = models.BooleanField(default=True)
    expires = models.BooleanField(default=False)
    used = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["kind", "place"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "name"], name="check_kind_once")]


class Check(models.Model):
    """A paper that was seen: which document, by whom, until when it holds. The newest of a kind counts."""

    key = models.UUIDField(primary_key=True, default=new_key)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="checks")
    kind = models.ForeignKey(CheckKind, on_delete=models.PROTECT, related_name="+")
    document = models.UUIDField(null=True)
    words = models.CharField(max_length=250, blank=True)
    waived = models.BooleanField(default=False)
    expires_on = maybe_day()
    checked_by = models.CharField(max_length=80)
    checked_by_key = models.UUIDField(null=True)
    checked_at = moment()
    told_at = maybe_moment()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["expires_on"], name="check_expires", condition=Q(expires_on__isnull=False))
        ]
