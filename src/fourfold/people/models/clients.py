"""What clients agreed to, how far we are with them, and what they offer to people."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from fourfold.base.ids import new_key
from fourfold.people.models.persons import Organisation, Person, choices
from fourfold.people.types import ClientStage, FeeBasis, JobLeadState, TermsState


class StageChange(models.Model):
    """How far we were with an organisation, and since when. Append-only."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="stages")
    stage = models.CharField(max_length=12, choices=choices(ClientStage))
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    by = models.CharField(max_length=80)
    why = models.CharField(max_length=160, blank=True)


class Terms(models.Model):
    """One version of a client's terms of business. ``commercial_client`` agreed them, ``invoice_to`` pays; both may be
    other organisations than the one that hires. ``document`` is the key of a file.
    """

    key = models.UUIDField(primary_key=True, default=new_key)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="terms")
    commercial_client = models.ForeignKey(Organisation, null=True, on_delete=models.SET_NULL, related_name="+")
    invoice_to = models.ForeignKey(Organisation, null=True, on_delete=models.SET_NULL, related_name="+")
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=choices(TermsState))
    brand = models.CharField(max_length=50, blank=True)
    currency = models.CharField(max_length=3)
    payment_days = models.PositiveSmallIntegerField(null=True)
    introduction_months = models.PositiveSmallIntegerField(null=True)
    guarantee_condition = models.CharField(max_length=250, blank=True)
    off_limits = models.BooleanField(default=False)
    off_limits_months = models.PositiveSmallIntegerField(null=True)
    off_limits_clause = models.TextField(blank=True)
    psl = models.CharField(max_length=80, blank=True)
    exclusive = models.BooleanField(default=False)
    notes = models.TextField(blank=True)
    document = models.UUIDField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_to = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    accepted_how = models.CharField(max_length=160, blank=True)
    ends_on: models.DateField[date | None, date | None] = models.DateField(null=True)
    made_by = models.CharField(max_length=80)
    made_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "version"], name="terms_version_once"),
            models.CheckConstraint(
                condition=~Q(state=TermsState.ACCEPTED) | Q(accepted_at__isnull=False), name="accepted_terms_say_when"
            ),
            models.CheckConstraint(
                condition=Q(off_limits=False) | Q(off_limits_months__isnull=False), name="off_limits_says_how_long"
            ),
        ]


class FeeBand(models.Model):
    """What is charged within a band of first-year pay: a share (hundredths of a percent), or a sum in minor units."""

    terms = models.ForeignKey(Terms, on_delete=models.CASCADE, related_name="bands")
    basis = models.CharField(max_length=10, choices=choices(FeeBasis))
    from_minor = models.BigIntegerField(default=0)
    to_minor = models.BigIntegerField(null=True)
    percent_hundredths = models.PositiveIntegerField(null=True)
    amount_minor = models.BigIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["basis", "from_minor"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(percent_hundredths__isnull=False) ^ Q(amount_minor__isnull=False),
                name="fee_is_share_or_sum",
            )
        ]


class RebateStep(models.Model):
    """What share of the fee comes back if the person leaves within so many weeks (hundredths of a percent)."""

    terms = models.ForeignKey(Terms, on_delete=models.CASCADE, related_name="rebates")
    within_weeks = models.PositiveSmallIntegerField()
    percent_hundredths = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["within_weeks"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["terms", "within_weeks"], name="rebate_step_once"),
            models.CheckConstraint(condition=Q(percent_hundredths__lte=10_000), name="rebate_within_the_fee"),
        ]


class TermsScope(models.Model):
    """An organisation that hires under another's terms: a subsidiary, a site, an outsourced buyer's client."""

    terms = models.ForeignKey(Terms, on_delete=models.CASCADE, related_name="scopes")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["terms", "organisation"], name="terms_scope_once")]


class JobLead(models.Model):
    """A vacancy heard of, not yet a job."""

    key = models.UUIDField(primary_key=True, default=new_key)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.CASCADE, related_name="job_leads")
    heard_from = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(max_length=160)
    note = models.TextField(blank=True)
    url = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=choices(JobLeadState), default=JobLeadState.OPEN)
    state_why = models.CharField(max_length=160, blank=True)
    owner_key = models.UUIDField(null=True)
    source = models.CharField(max_length=80, blank=True)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    by = models.CharField(max_length=80)
    closed_at = models.DateTimeField(null=True)


class ValueProposition(models.Model):
    """What a happily employed person would gain at this client, as of one version. The newest counts."""

    key = models.UUIDField(primary_key=True, default=new_key)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="propositions")
    version = models.PositiveSmallIntegerField()
    in_short = models.CharField(max_length=250)
    not_to_promise = models.TextField(blank=True)
    by = models.CharField(max_length=80)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "version"], name="proposition_version_once")
        ]


class ValuePoint(models.Model):
    """One gain, in their words, and what it can be proved with."""

    proposition = models.ForeignKey(ValueProposition, on_delete=models.CASCADE, related_name="points")
    place = models.PositiveSmallIntegerField()
    gain = models.CharField(max_length=160)
    their_words = models.TextField(blank=True)
    said_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    evidence = models.TextField(blank=True)
    evidence_url = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["place"]
