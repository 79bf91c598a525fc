"""What the house decided about contacting people, and each verdict with all it rested on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Now

from fourfold.base.ids import new_key
from fourfold.contact.types import Channel, MessageClass, Verdict


def choices(enum: Any) -> list[tuple[str, str]]:
    return [(item.value, item.value) for item in enum]


class PolicyVersion(models.Model):
    """The house's numbers and the law packs as they stood: never changed, a new one is added."""

    version = models.PositiveIntegerField(primary_key=True)
    held = models.JSONField()
    why = models.CharField(max_length=250, blank=True)
    by = models.CharField(max_length=80)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()


class Receipt(models.Model):
    """One verdict that decided something, with the whole case it rested on. Append-only by triggers."""

    key = models.UUIDField(primary_key=True, default=new_key)
    person_key = models.UUIDField()
    purpose = models.CharField(max_length=16)
    message_class = models.CharField(max_length=12, choices=choices(MessageClass))
    why = models.CharField(max_length=160)
    channel = models.CharField(max_length=10, choices=choices(Channel))
    address_hash = models.CharField(max_length=32, blank=True)
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    case = models.JSONField()
    verdict = models.CharField(max_length=10, choices=choices(Verdict))
    rule = models.CharField(max_length=16, blank=True)
    findings = models.JSONField(default=list)
    retry_at = models.DateTimeField(null=True)
    delivery_key = models.UUIDField(null=True)
    by_key = models.UUIDField(null=True)
    by = models.CharField(max_length=80)
    after_the_fact = models.BooleanField(default=False)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person_key", "-at"], name="receipt_of_person"),
            models.Index(fields=["-at", "key"], name="receipt_by_time"),
            models.Index(fields=["delivery_key"], name="receipt_of_delivery"),
        ]


class ContactRow(models.Model):
    """One row per person whom something is sent to: locked, in key order, by whoever claims deliveries to them."""

    person_key = models.UUIDField(primary_key=True)


class Exemption(models.Model):
    """A leader's exception for one person: which rules, why, until when."""

    key = models.UUIDField(primary_key=True, default=new_key)
    person_key = models.UUIDField(db_index=True)
    rules = models.JSONField()
    why = models.CharField(max_length=250)
    by_key = models.UUIDField()
    by = models.CharField(max_length=80)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    until: models.DateTimeField[datetime, datetime] = models.DateTimeField()


class Ask(models.Model):
    """Somebody asked a colleague whether they may write to a person. Silence is a yes from ``free_at`` on."""

    key = models.UUIDField(primary_key=True, default=new_key)
    person_key = models.UUIDField(db_index=True)
    asked_by = models.UUIDField()
    colleague = models.UUIDField()
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    free_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    granted: models.BooleanField[bool | None, bool | None] = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["colleague", "granted"], name="ask_of_colleague")]


class Screening(models.Model):
    """A number was screened against a register on a day, and was not on it; known by its keyed hash."""

    value_hash = models.CharField(max_length=32)
    register = models.CharField(max_length=60)
    screened_on: models.DateField[date, date] = models.DateField()
    by = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["value_hash", "register"], name="screened_once")]


class Assessment(models.Model):
    """The house's written weighing of its interest in approaching people against theirs (GDPR Art. 6(1)(f))."""

    version = models.PositiveIntegerField(primary_key=True)
    text = models.TextField()
    by = models.CharField(max_length=80)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
