"""Fields a house adds, lists it keeps, and edits of many people at once."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from fourfold.base.ids import new_key
from fourfold.people.models.persons import Organisation, Person, choices
from fourfold.people.types import FieldKind, ListKind, Sharing


class CustomField(models.Model):
    """A field the house added without code. ``side`` says what it is kept of; ``options`` are those of a choice."""

    slug = models.SlugField(unique=True, max_length=60)
    label = models.CharField(max_length=60)
    help_text = models.CharField(max_length=160, blank=True)
    kind = models.CharField(max_length=10, choices=choices(FieldKind))
    side = models.CharField(max_length=14)
    options = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["position", "label"]


class CustomValue(models.Model):
    """One value of an added field, in the column of its kind."""

    field = models.ForeignKey(CustomField, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="custom_values")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.CASCADE, related_name="custom_values")
    text = models.TextField(blank=True, db_default="")
    number = models.FloatField(null=True)
    day: models.DateField[date | None, date | None] = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["field", "person"], name="custom_value_once_person"),
            models.UniqueConstraint(fields=["field", "organisation"], name="custom_value_once_organisation"),
            models.CheckConstraint(
                condition=Q(person__isnull=False) ^ Q(organisation__isnull=False), name="custom_value_of_one"
            ),
        ]


class SavedList(models.Model):
    """A list of people: saved filters (a tree, answered anew each time), or a hot list (people put there by hand)."""

    key = models.UUIDField(primary_key=True, default=new_key)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=5, choices=choices(ListKind))
    tree = models.JSONField(default=dict)
    owner_key = models.UUIDField()
    sharing = models.CharField(max_length=8, choices=choices(Sharing))
    team = models.CharField(max_length=50, blank=True)
    made_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name", "key"]


class ListMember(models.Model):
    saved_list = models.ForeignKey(SavedList, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["saved_list", "person"], name="list_member_once")]


class BulkEdit(models.Model):
    """One edit of many people, which can be undone: ``what`` in words and as data."""

    key = models.UUIDField(primary_key=True, default=new_key)
    by_key = models.UUIDField(null=True)
    by = models.CharField(max_length=80)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    what = models.CharField(max_length=160)
    deed = models.JSONField(default=dict)
    people = models.PositiveIntegerField(default=0)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=80, blank=True)


class BulkChange(models.Model):
    """What one person's record was before an edit."""

    edit = models.ForeignKey(BulkEdit, on_delete=models.CASCADE, related_name="changes")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    before = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["edit", "person"], name="bulk_change_once")]
