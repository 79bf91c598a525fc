"""Answers that people are owed, and how applications come in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from fourfold.base.ids import new_key
from fourfold.jobs.models.applications import Application
from fourfold.jobs.models.choosing import maybe_moment, moment, word
from fourfold.jobs.types.words import Ended, IntakeState


class AnswerText(models.Model):
    """A respectful answer with a real reason, as the house words it: {name}, {job}, {client}."""

    key = models.UUIDField(primary_key=True, default=new_key)
    slug = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    reason = models.CharField(max_length=120)
    ended = word(Ended)
    for_seen = models.BooleanField(default=False)
    subject = models.CharField(max_length=160)
    text = models.TextField()
    used = models.BooleanField(default=True)
    place = models.PositiveSmallIntegerField(default=0)
    by = models.CharField(max_length=80)
    at = moment()

    class Meta:
        ordering: ClassVar = ["place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slug", "version"], name="answer_version_once"),
            models.UniqueConstraint(fields=["slug"], condition=Q(used=True), name="answer_used_once"),
        ]


class Answer(models.Model):
    """A final answer to an applicant: which reason, by which way, and what became of it. Append-only."""

    key = models.UUIDField(primary_key=True, default=new_key)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="answers")
    text = models.ForeignKey(AnswerText, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=250)
    how = models.CharField(max_length=10)
    together = models.BooleanField(default=False)
    delivery_key = models.UUIDField(null=True)
    message_key = models.UUIDField(null=True)
    by = models.CharField(max_length=80)
    by_key = models.UUIDField(null=True)
    at = moment()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-at"], name="answer_by_time")]


class BoardRule(models.Model):
    """How one job board's or multiposter's mails are read: who they come from, and where the values stand.

    ``from_domain`` is a whole address where many people share the domain.
    """

    key = models.UUIDField(primary_key=True, default=new_key)
    board = models.CharField(max_length=60)
    from_domain = models.CharField(max_length=254)
    subject_has = models.CharField(max_length=120, blank=True)
    places = models.JSONField(default=dict)
    learnt = models.BooleanField(default=True)
    by = models.CharField(max_length=80)
    at = moment()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["from_domain", "subject_has"], name="board_rule_once")]


class BoardMail(models.Model):
    """A job board's mail about an applicant, and what became of it. ``mail_key``: the mail in the inbox."""

    key = models.UUIDField(primary_key=True, default=new_key)
    mail_key = models.UUIDField(unique=True)
    board = models.CharField(max_length=60, blank=True)
    state = word(IntakeState)
    subject = models.CharField(max_length=250)
    from_address = models.CharField(max_length=254)
    text = models.TextField()
    read = models.JSONField(default=dict)
    cv_file = models.UUIDField(null=True)
    person_key = models.UUIDField(null=True)
    application = models.ForeignKey(Application, null=True, on_delete=models.SET_NULL, related_name="+")
    why = models.CharField(max_length=250, blank=True)
    arrived_at = moment()
    settled_at = maybe_moment()
    settled_by = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "-arrived_at"], name="board_mail_waiting"),
            models.Index(fields=["person_key"], name="board_mail_person"),
        ]
