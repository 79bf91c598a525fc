"""Tables of people."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from fourfold.accounts.types import Viewer
from fourfold.base.ids import new_key
from fourfold.people.types import PersonRole, Scheme


class Organisation(models.Model):
    """A company or public body; a client once it has given a job."""

    key = models.UUIDField(primary_key=True, default=new_key)
    name = models.CharField(max_length=120)
    sort_name = models.CharField(max_length=120, unique=True)
    city = models.CharField(max_length=80, blank=True)
    is_client = models.BooleanField(default=False)
    added_at = models.DateTimeField()


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, viewer: Viewer) -> PersonQuerySet:
        """The house is open: every colleague sees every person (docs/decisions.md)."""
        return self if viewer.roles else self.none()

    def listed(self) -> PersonQuerySet:
        """Those who stand in lists: merged records don't."""
        return self.filter(merged_into=None)


class Person(models.Model):
    """A human, in any role. The ledger knows only the key; erasing this row erases what the key means."""

    key = models.UUIDField(primary_key=True, default=new_key)
    name = models.CharField(max_length=120)
    sort_name = models.CharField(max_length=120)
    headline = models.CharField(max_length=160, blank=True)
    city = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.SET_NULL, related_name="+")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    merge_fact = models.UUIDField(null=True)
    added_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    objects: ClassVar[PersonQuerySet] = PersonQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["sort_name", "key"], name="person_by_name", condition=Q(merged_into=None)),
        ]


class PersonIdentifier(models.Model):
    """An address or id by which a person is recognised. One of each in the house."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Scheme])
    value = models.CharField(max_length=250)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["scheme", "value"], name="identifier_once")]


class PersonInRole(models.Model):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=20, choices=[(r.value, r.value) for r in PersonRole])

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "role"], name="person_role_once")]
