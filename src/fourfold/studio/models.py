"""Tables of studio."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models

from fourfold.studio.types import Typeface

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
