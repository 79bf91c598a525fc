"""What people wished, what they were told, and how long we may keep what we know."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from fourfold.base.ids import new_key
from fourfold.people.models.persons import Person, choices
from fourfold.people.types import ConsentEvent, NoticeState, Origin, Purpose, ReviewState, SuppressionKind


class ConsentEntry(models.Model):
    """One row of the consent ledger: what a person agreed to, withdrew, objected to or was told. Append-only.

    ``basis`` is the lawful basis, ``wording`` the version of the words they saw, ``evidence`` what proves it.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    event = models.CharField(max_length=16, choices=choices(ConsentEvent))
    purpose = models.CharField(max_length=16, choices=choices(Purpose))
    channel = models.CharField(max_length=20, blank=True)
    brand = models.CharField(max_length=50, blank=True)
    basis = models.CharField(max_length=40, blank=True)
    wording = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=80)
    source_ref = models.CharField(max_length=120, blank=True)
    evidence = models.TextField(blank=True)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=80)
    batch = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "at"], name="consent_of_person")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "source_ref", "person", "purpose", "event"],
                condition=~Q(source_ref=""),
                name="consent_once",
            )
        ]


class Preference(models.Model):
    """How a person wants to be reached. ``not_at_work``: no work address or phone for what concerns their career."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE, related_name="preference")
    not_at_work = models.BooleanField(default=False)
    no_calls = models.BooleanField(default=False)
    channels = models.JSONField(default=list)
    best_time = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=8, blank=True)
    paused_until: models.DateField[date | None, date | None] = models.DateField(null=True)
    why = models.CharField(max_length=160, blank=True)
    changed_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    changed_by = models.CharField(max_length=80)


class Subscription(models.Model):
    """Something a person asked to be sent, and how often."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="subscriptions")
    topic = models.CharField(max_length=60)
    rhythm = models.CharField(max_length=10)
    since: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "topic"], name="subscription_once")]


class NoticeDue(models.Model):
    """A person to whom we owe the notice of GDPR Art. 14, and until when; done once they were told."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE, related_name="notice")
    due_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    state = models.CharField(max_length=10, choices=choices(NoticeState), default=NoticeState.OWED)
    batch = models.ForeignKey("NoticeBatch", null=True, on_delete=models.SET_NULL, related_name="people")
    declaration = models.ForeignKey("Declaration", null=True, on_delete=models.SET_NULL, related_name="covers")
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="notice_by_state")]


class NoticeBatch(models.Model):
    """Some of those to be told, by a day, each batch small enough to answer the replies."""

    name = models.CharField(max_length=120)
    due_on: models.DateField[date, date] = models.DateField()
    made_by = models.CharField(max_length=80)
    made_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()


class Declaration(models.Model):
    """What the house declares that people of a source, added within these days, were told: when and on which basis."""

    key = models.UUIDField(primary_key=True, default=new_key)
    origin = models.CharField(max_length=12, blank=True, choices=choices(Origin), db_default="")
    source = models.CharField(max_length=160, blank=True)
    from_day: models.DateField[date, date] = models.DateField()
    to_day: models.DateField[date, date] = models.DateField()
    told = models.TextField()
    told_on: models.DateField[date | None, date | None] = models.DateField(null=True)
    basis = models.CharField(max_length=40)
    evidence = models.TextField(blank=True)
    people = models.PositiveIntegerField(default=0)
    by = models.CharField(max_length=80)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True, db_default="")


class Suppression(models.Model):
    """An address that is not written to, known by its keyed hash only. Survives erasure, merge and re-import."""

    scheme = models.CharField(max_length=10)
    value_hash = models.CharField(max_length=32)
    kind = models.CharField(max_length=12, choices=choices(SuppressionKind))
    purpose = models.CharField(max_length=16, choices=choices(Purpose))
    person_key = models.UUIDField(null=True, db_index=True)
    source = models.CharField(max_length=80)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    by = models.CharField(max_length=80)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=80, blank=True)
    lifted_why = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["scheme", "value_hash", "kind", "purpose"],
                condition=Q(lifted_at=None),
                name="suppressed_once",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["value_hash"], name="suppression_by_hash")]


class KeyProof(models.Model):
    """Shows at each start that the key of the suppressed addresses is still the one they were hashed with."""

    name = models.CharField(primary_key=True, max_length=40)
    proof = models.CharField(max_length=32)


class Wording(models.Model):
    """One of the house's texts that people agree to or are told, by its version. Never changed: a new one is added."""

    version = models.CharField(primary_key=True, max_length=80)
    event = models.CharField(max_length=16, choices=choices(ConsentEvent))
    purpose = models.CharField(max_length=16, choices=choices(Purpose))
    text = models.TextField()
    since: models.DateField[date, date] = models.DateField()
    retired_at = models.DateTimeField(null=True)
    made_by = models.CharField(max_length=80)


class Tombstone(models.Model):
    """A key that meant somebody until they were erased: when, by whom and on which ground. No name, no address."""

    person_key = models.UUIDField(primary_key=True)
    into_key = models.UUIDField(null=True)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    by = models.CharField(max_length=80)
    ground = models.CharField(max_length=40)


class RetentionRule(models.Model):
    """After how many months without a two-way touch somebody's record is reviewed. The house's own words say why."""

    name = models.CharField(max_length=80, unique=True)
    role = models.CharField(max_length=20, blank=True)
    origin = models.CharField(max_length=12, blank=True)
    months = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=250, blank=True)
    active = models.BooleanField(default=True)


class RetentionReview(models.Model):
    """Somebody whose time is up: keep for a reason and until a day, or erase. A person decides."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    rule = models.ForeignKey(RetentionRule, on_delete=models.CASCADE, related_name="+")
    since: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    state = models.CharField(max_length=8, choices=choices(ReviewState), default=ReviewState.WAITING)
    keep_until: models.DateField[date | None, date | None] = models.DateField(null=True)
    why = models.CharField(max_length=160, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "rule"], name="retention_review_once")]
