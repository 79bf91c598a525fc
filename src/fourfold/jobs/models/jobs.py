"""Jobs: what a client needs, on what footing, and how it is advertised."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from fourfold.base.ids import new_key
from fourfold.jobs.models.choosing import maybe_day, maybe_moment, moment, word
from fourfold.jobs.types.words import (
    Calibre,
    CloseReason,
    Engaged,
    Grade,
    HiringRole,
    JobKind,
    JobStatus,
    Need,
    PayPer,
    Workplace,
)


class Job(models.Model):
    """An opening to fill for an organisation, or for ourselves. Pay and fees are in minor units of ``currency``.

    ``desk``, ``office``, ``brand`` and ``team`` are slugs. ``terms_key`` is the version of terms that it inherits,
    ``fee_exception`` what departs from them. ``slug`` is its public address, for good; ``client_named`` whether
    that page says whose job it is. ``first_published_at`` stays: the address of a job that was public says
    that it is over.
    """

    key = models.UUIDField(primary_key=True, default=new_key)
    reference = models.CharField(max_length=24, unique=True)
    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=160)
    organisation_key = models.UUIDField()
    for_ourselves = models.BooleanField(default=False)
    lead_key = models.UUIDField(null=True)
    kind = word(JobKind)
    engaged = word(Engaged, default=Engaged.CONTINGENT)
    agencies = models.PositiveSmallIntegerField(null=True)
    exclusive_until = maybe_day()
    vms_reference = models.CharField(max_length=80, blank=True)
    vms_fee_hundredths = models.PositiveIntegerField(null=True)
    bars_contact = models.BooleanField(default=False)
    terms_key = models.UUIDField(null=True)
    fee_exception = models.CharField(max_length=250, blank=True)
    fee_hundredths = models.PositiveIntegerField(null=True)
    fee_minor = models.BigIntegerField(null=True)
    openings = models.PositiveSmallIntegerField(default=1)
    status = word(JobStatus, default=JobStatus.DRAFT)
    close_reason = word(CloseReason, length=20, blank=True)
    grade = word(Grade, length=1, default=Grade.C)
    slots_booked = models.BooleanField(default=False)
    manager_met_on = maybe_day()
    pay_is_real: models.BooleanField[bool | None, bool | None] = models.BooleanField(null=True)
    currency = models.CharField(max_length=3)
    pay_from_minor = models.BigIntegerField(null=True)
    pay_to_minor = models.BigIntegerField(null=True)
    pay_per = word(PayPer, default=PayPer.YEAR)
    pay_shown = models.BooleanField(default=True)
    charge_minor = models.BigIntegerField(null=True)
    benefits = models.CharField(max_length=250, blank=True)
    calibre = word(Calibre, default=Calibre.UPPER_HALF)
    city = models.CharField(max_length=80, blank=True)
    region = models.CharField(max_length=80, blank=True)
    postcode = models.CharField(max_length=16, blank=True)
    country = models.CharField(max_length=2, blank=True)
    workplace = word(Workplace, default=Workplace.ON_SITE)
    description = models.TextField(blank=True)
    in_short = models.CharField(max_length=250, blank=True)
    not_to_promise = models.TextField(blank=True)
    start_wanted_on = maybe_day()
    desk = models.CharField(max_length=50, blank=True)
    office = models.CharField(max_length=50, blank=True)
    brand = models.CharField(max_length=50, blank=True)
    team = models.CharField(max_length=50, blank=True)
    owner_key = models.UUIDField(null=True)
    authority_by = models.UUIDField(null=True)
    authority_how = models.CharField(max_length=160, blank=True)
    authority_at = maybe_moment()
    published_at = maybe_moment()
    first_published_at = maybe_moment()
    apply_until = maybe_day()
    client_named = models.BooleanField(default=False)
    next_step = models.CharField(max_length=160, blank=True)
    opened_at = maybe_moment()
    ended_at = maybe_moment()
    added_by = models.CharField(max_length=80)
    added_at = moment()
    source = models.CharField(max_length=80, blank=True)
    source_ref = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["status", "grade", "-opened_at", "key"], name="job_list"),
            models.Index(fields=["owner_key", "status"], name="job_of_owner"),
            models.Index(fields=["organisation_key", "status"], name="job_of_organisation"),
            models.Index(fields=["apply_until"], name="job_published", condition=Q(published_at__isnull=False)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "source_ref"], condition=~Q(source_ref=""), name="job_once"),
            models.CheckConstraint(condition=Q(openings__gte=1), name="job_has_an_opening"),
            models.CheckConstraint(
                condition=Q(pay_from_minor=None) | Q(pay_to_minor=None) | Q(pay_to_minor__gte=F("pay_from_minor")),
                name="job_pay_in_order",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(authority_at__isnull=False), name="job_public_with_authority"
            ),
            models.CheckConstraint(
                condition=~Q(status=JobStatus.OPEN) | Q(opened_at__isnull=False), name="open_job_says_when"
            ),
            models.CheckConstraint(
                condition=~Q(status=JobStatus.CLOSED) | ~Q(close_reason=""), name="closed_job_says_why"
            ),
        ]


class JobStatusChange(models.Model):
    """Where a job was, and since when. Append-only."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="statuses")
    status = word(JobStatus)
    why = models.CharField(max_length=250, blank=True)
    by = models.CharField(max_length=80)
    by_key = models.UUIDField(null=True)
    at = moment()

    class Meta:
        ordering: ClassVar = ["at", "pk"]


class Requirement(models.Model):
    """What somebody must bring, or what would be nice, in the client's words."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="requirements")
    need = word(Need, length=4)
    place = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["need", "place"]


class JobGain(models.Model):
    """What a happily employed person would gain in this job, in their words, and what shows it."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="gains")
    place = models.PositiveSmallIntegerField()
    gain = models.CharField(max_length=160)
    their_words = models.TextField(blank=True)
    evidence = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["place"]


class RetainedStage(models.Model):
    """One stage of a retained search's fee: what it is due on, and when it was."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="retained_stages")
    place = models.PositiveSmallIntegerField()
    due_on = models.CharField(max_length=80)
    amount_minor = models.BigIntegerField()
    fell_due_on = maybe_day()

    class Meta:
        ordering: ClassVar = ["place"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["job", "place"], name="retained_stage_once")]


class HiringTeam(models.Model):
    """Who hires: people of theirs, colleagues of ours."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="team_rows")
    role = word(HiringRole)
    person_key = models.UUIDField(null=True)
    user_key = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person_key"], name="hiring_person")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(person_key__isnull=False) ^ Q(user_key__isnull=False), name="hiring_one_of_two"
            ),
            models.UniqueConstraint(fields=["job", "role", "person_key", "user_key"], name="hiring_once"),
        ]


class Advert(models.Model):
    """A posting of a job on a board: what it cost, and the slot it used."""

    key = models.UUIDField(primary_key=True, default=new_key)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="adverts")
    board = models.CharField(max_length=60)
    reference = models.CharField(max_length=80, blank=True)
    url = models.CharField(max_length=500, blank=True)
    posted_on = models.DateField()
    expires_on = maybe_day()
    taken_down_on = maybe_day()
    slot = models.CharField(max_length=80, blank=True)
    cost_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    by = models.CharField(max_length=80)
    at = moment()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["reference"], name="advert_reference")]


class PayPoint(models.Model):
    """What is paid for a kind of work somewhere, from a table the house brought in. Minor units a year, day or hour."""

    title = models.CharField(max_length=120)
    plain_title = models.CharField(max_length=120, db_index=True)
    kind = word(JobKind)
    country = models.CharField(max_length=2, blank=True)
    city = models.CharField(max_length=80, blank=True)
    currency = models.CharField(max_length=3)
    per = word(PayPer)
    quarter_minor = models.BigIntegerField()
    median_minor = models.BigIntegerField()
    top_quarter_minor = models.BigIntegerField()
    n = models.PositiveIntegerField(null=True)
    as_of = models.DateField()
    source = models.CharField(max_length=120)
    batch = models.UUIDField()
    by = models.CharField(max_length=80)
    at = moment()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(median_minor__gte=F("quarter_minor"), top_quarter_minor__gte=F("median_minor")),
                name="pay_point_in_order",
            )
        ]
