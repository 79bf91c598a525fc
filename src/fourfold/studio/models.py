"""Tables of studio."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models

from fourfold.base.ids import new_key
from fourfold.studio.types import MailKind, Typeface

FACES = [(face.value, face.value) for face in Typeface]


class BrandKit(models.Model):
    """How a brand looks and what it must say. ``brand`` is the brand's slug."""

    brand = models.SlugField(unique=True)
    colour = models.CharField(max_length=7)
    accent = models.CharField(max_length=7)
    heading_face = models.CharField(max_length=20, choices=FACES)
    text_face = models.CharField(max_length=20, choices=FACES)
    legal_name = models.CharField(max_length=120, blank=True)
    legal_lines = models.TextField(blank=True)
    website = models.CharField(max_length=250, blank=True)
    logo = models.BinaryField(null=True)
    changed_by = models.CharField(max_length=80)
    changed_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["brand"]


class MailTemplate(models.Model):
    """A mail that is written once and sent often. What it says stands in its versions."""

    key = models.UUIDField(primary_key=True, default=new_key)
    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in MailKind])
    brand = models.SlugField(blank=True)
    archived_at = models.DateTimeField(null=True)
    made_by = models.CharField(max_length=80)
    made_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()


class MailTemplateVersion(models.Model):
    """What a template says from a moment on; kept by triggers as it is. Messages name the version they were made of."""

    template = models.ForeignKey(MailTemplate, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=200)
    preview = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    extra = models.JSONField(default=list)
    by = models.CharField(max_length=80)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["template", "number"], name="mail_version_once")]
