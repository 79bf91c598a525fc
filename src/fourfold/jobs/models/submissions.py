"""CVs that went to clients, the proof of it, and what they said."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from fourfold.base.ids import new_key
from fourfold.jobs.models.applications import Application
from fourfold.jobs.models.choosing import maybe_moment, moment, word
from fourfold.jobs.models.jobs import Job
from fourfold.jobs.types.words import Feedback, SubmissionState


class Agreement(models.Model):
    """A person said yes to being sent to *this* client, for this job or on spec: how, and when. Append-only."""

    key = models.UUIDField(primary_key=True, default=new_key)
    person_key = models.UUIDField()
    organisation_key = models.UUIDField()
    job = models.ForeignKey(Job, null=True, on_delete=models.CASCADE, related_name="+")
    how = models.CharField(max_length=160)
    agreed_at = moment()
    withdrawn_at = maybe_moment()
    by = models.CharField(max_length=80)
    by_key = models.UUIDField(null=True)
    at = moment()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person_key", "organisation_key"], name="agreement_of")]


class Profile(models.Model):
    """What a client is shown of a person: from their own CV, without ways to reach them. A version never changes."""

    key = models.UUIDField(primary_key=True, default=new_key)
    person_key = models.UUIDField()
    version = models.PositiveSmallIntegerField()
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    anonymous = models.BooleanField(default=False)
    headline = models.CharField(max_length=160)
    text = models.TextField()
    text_hash = models.CharField(max_length=64)
    from_file = models.UUIDField(null=True)
    stripped = models.PositiveSmallIntegerField(default=0)
    by = models.CharField(max_length=80)
    by_key = models.UUIDField(null=True)
    at = moment()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person_key", "version"], name="profile_version_once")]


class Submission(models.Model):
    """One CV sent to one contact of a client, for a job or on spec. ``feedback_due_at``: when their answer is late."""

    key = models.UUIDField(primary_key=True, default=new_key)
    application = models.ForeignKey(Application, null=True, on_delete=models.CASCADE, related_name="submissions")
    job = models.ForeignKey(Job, null=True, on_delete=models.CASCADE, related_name="submissions")
    person_key = models.UUIDField()
    organisation_key = models.UUIDField()
    contact_key = models.UUIDField()
    profile = models.ForeignKey(Profile, null=True, on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, null=True, on_delete=models.PROTECT, related_name="+")
    state = word(SubmissionState)
    terms = models.CharField(max_length=16)
    delivery_key = models.UUIDField(null=True)
    sent_at = moment()
    feedback_due_at = maybe_moment()
    feedback = word(Feedback, blank=True)
    feedback_words = models.TextField(blank=True)
    feedback_at = maybe_moment()
    feedback_how = models.CharField(max_length=80, blank=True)
    chased_at = maybe_moment()
    chases = models.PositiveSmallIntegerField(default=0)
    by = models.CharField(max_length=80)
    by_key = models.UUIDField(null=True)
    source = models.CharField(max_length=80, blank=True)
    source_ref = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["feedback_due_at"], name="submission_owed", condition=Q(feedback="")),
            models.Index(fields=["organisation_key", "-sent_at"], name="submission_of_client"),
            models.Index(fields=["person_key"], name="submission_of_person"),
            models.Index(fields=["delivery_key"], name="submission_delivery"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "source_ref"], condition=~Q(source_ref=""), name="submission_source_once"
            )
        ]


class Introduction(models.Model):
    """Proof that we introduced a person to a client: who, to whom, which version, when. Append-only by triggers.

    It holds no text of a profile, only its hash: an erased person's introduction stays as a row about a key.
    """

    key = models.UUIDField(primary_key=True, default=new_key)
    person_key = models.UUIDField()
    organisation_key = models.UUIDField()
    contact_key = models.UUIDField(null=True)
    job_key = models.UUIDField(null=True)
    submission_key = models.UUIDField(null=True)
    profile_version = models.PositiveSmallIntegerField(null=True)
    profile_hash = models.CharField(max_length=64, blank=True)
    terms_key = models.UUIDField(null=True)
    terms_standing = models.CharField(max_length=16, blank=True)
    how = models.CharField(max_length=20)
    by = models.CharField(max_length=80)
    by_key = models.UUIDField(null=True)
    introduced_at = moment()
    recorded_at = moment()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person_key", "organisation_key", "introduced_at"], name="introduction_of")
        ]
