"""Tables of search. The words themselves lie in ``search_words``, kept in each database's own way (index.py)."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from django.db import models


class IndexedDocument(models.Model):
    """What is known of one thing, as it was when it was indexed. ``digest`` tells whether it changed.

    ``restricted`` ones are found by their readers and leaders; ``shadowed`` ones by those who have no fuller one.
    """

    kind = models.CharField(max_length=30)
    key = models.UUIDField()
    name = models.CharField(max_length=160)
    sort_name = models.CharField(max_length=160)
    titles = models.TextField(blank=True)
    skills = models.TextField(blank=True)
    places = models.TextField(blank=True)
    body = models.TextField(blank=True)
    last_contact: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    available_from: models.DateField[date | None, date | None] = models.DateField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    restricted = models.BooleanField(default=False)
    shadowed = models.BooleanField(default=False)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["key", "kind"], name="document_once")]


class DocumentReader(models.Model):
    """Who finds a restricted document; with ``instead``, who finds a fuller one in its place."""

    document = models.ForeignKey(IndexedDocument, on_delete=models.CASCADE, related_name="readers")
    user_key = models.UUIDField()
    instead = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "user_key", "instead"], name="document_reader_once")
        ]


class StaleDocument(models.Model):
    """A thing whose document is behind."""

    kind = models.CharField(max_length=30)
    key = models.UUIDField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "key"], name="stale_once")]


class KnownWord(models.Model):
    """A word of somebody's name, titles, skills or places: what a mistyped one may mean."""

    word = models.CharField(max_length=60, unique=True)


class WordForm(models.Model):
    """A known word, and the same less each one of its letters: two words one slip apart share a form."""

    word = models.ForeignKey(KnownWord, on_delete=models.CASCADE, related_name="forms")
    form = models.CharField(max_length=60, db_index=True)


class Place(models.Model):
    """A town, where it lies, and how many live there: to tell which of a name is meant, and how far it is."""

    name = models.CharField(max_length=80)
    plain = models.CharField(max_length=80)
    country = models.CharField(max_length=2)
    latitude = models.FloatField()
    longitude = models.FloatField()
    population = models.PositiveIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["plain", "-population"], name="place_by_name")]
