"""Who people and organisations are, and how they are known."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from fourfold.accounts.types import Role, Viewer
from fourfold.base.ids import new_key
from fourfold.people.types import (
    GUARDING_STAGES,
    AddressUse,
    ClientStage,
    Openness,
    Origin,
    PersonRole,
    Scheme,
)


def choices(enum: Any) -> list[tuple[str, str]]:
    return [(item.value, item.value) for item in enum]


class Organisation(models.Model):
    """A company or public body; a client once it has given a job. ``own`` marks the house's own offices."""

    key = models.UUIDField(primary_key=True, default=new_key)
    name = models.CharField(max_length=120)
    sort_name = models.CharField(max_length=120, unique=True)
    city = models.CharField(max_length=80, blank=True, db_default="")
    country = models.CharField(max_length=2, blank=True, db_default="")
    is_client = models.BooleanField(default=False)
    own = models.BooleanField(default=False, db_default=False)
    stage = models.CharField(max_length=12, blank=True, choices=choices(ClientStage), db_default="")
    stage_at = models.DateTimeField(null=True)
    owner_key = models.UUIDField(null=True)
    website = models.CharField(max_length=250, blank=True, db_default="")
    industry = models.CharField(max_length=80, blank=True, db_default="")
    phone = models.CharField(max_length=32, blank=True, db_default="")
    about = models.TextField(blank=True, db_default="")
    source = models.CharField(max_length=80, blank=True, db_default="")
    added_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["stage", "sort_name"], name="organisation_by_stage"),
            models.Index(fields=["owner_key", "sort_name"], name="organisation_by_owner"),
        ]


class OrganisationIdentifier(models.Model):
    """How an organisation is known elsewhere: its e-mail domain, or an id within its source (``bullhorn:4711``)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=10)
    value = models.CharField(max_length=250)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scheme", "value"], name="organisation_identifier_once")
        ]


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, viewer: Viewer) -> PersonQuerySet:
        """The house is open; confidential records show to their owner, those let in, and leaders only."""
        if not viewer.roles:
            return self.none()
        if viewer.has(Role.LEADER):
            return self
        let_in = PersonAccess.objects.filter(person=OuterRef("pk"), user_key=viewer.user_key)
        return self.filter(Q(confidential=False) | Q(owner_key=viewer.user_key) | Exists(let_in))

    def candidate_side_visible_to(self, viewer: Viewer) -> PersonQuerySet:
        """Those whose candidate side may be seen: not that of a client's employee, but to its owner and to leaders."""
        if viewer.has(Role.LEADER):
            return self
        return self.filter(~guarded() | Q(pk__in=_owned(viewer)))

    def open_to_all(self) -> PersonQuerySet:
        """Those whose every side any colleague may see: for words that are kept or sent without a viewer."""
        return self.filter(~guarded(), confidential=False)

    def listed(self) -> PersonQuerySet:
        """Those who stand in lists: merged records don't."""
        return self.filter(merged_into=None)


def guarded() -> Q:
    """People who work for a client, under whichever of their records: what they look for is not for every eye."""
    clients = Q(organisation__is_client=True) | Q(organisation__stage__in=GUARDING_STAGES)
    jobs = Employment.objects.filter(clients, person=OuterRef("pk"), present=True)
    joined = Person.objects.filter(clients, merged_into__isnull=False)
    return clients | Exists(jobs) | Q(pk__in=joined.values("merged_into_id"))


def _owned(viewer: Viewer) -> Any:
    """Keys of people whose candidate side the viewer owns, merged records under the one that stays."""
    held = PersonInRole.objects.filter(role=PersonRole.CANDIDATE, owner_key=viewer.user_key)
    return held.values(held_by=models.functions.Coalesce("person__merged_into_id", "person_id"))


class Person(models.Model):
    """A human, in any role. The ledger knows only the key; erasing this row erases what the key means."""

    key = models.UUIDField(primary_key=True, default=new_key)
    name = models.CharField(max_length=120)
    sort_name = models.CharField(max_length=120)
    headline = models.CharField(max_length=160, blank=True)
    city = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.SET_NULL, related_name="+")
    owner_key = models.UUIDField(null=True)
    confidential = models.BooleanField(default=False, db_default=False)
    openness = models.CharField(max_length=10, blank=True, choices=choices(Openness), db_default="")
    openness_at = models.DateTimeField(null=True)
    not_before: models.DateField[date | None, date | None] = models.DateField(null=True)
    available_from: models.DateField[date | None, date | None] = models.DateField(null=True)
    notice_weeks = models.PositiveSmallIntegerField(null=True)
    origin = models.CharField(max_length=12, blank=True, choices=choices(Origin), db_default="")
    origin_detail = models.CharField(max_length=160, blank=True, db_default="")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    merge_fact = models.UUIDField(null=True)
    added_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)

    objects: ClassVar[PersonQuerySet] = PersonQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["sort_name", "key"], name="person_by_name", condition=Q(merged_into=None)),
            models.Index(fields=["owner_key"], name="person_by_owner", condition=Q(owner_key__isnull=False)),
            models.Index(fields=["openness"], name="person_by_openness", condition=~Q(openness="")),
        ]


class PersonIdentifier(models.Model):
    """An address or id by which a person is recognised. One of each in the house."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=10, choices=choices(Scheme))
    value = models.CharField(max_length=250)
    use = models.CharField(max_length=8, blank=True, choices=choices(AddressUse), db_default="")
    main = models.BooleanField(default=False, db_default=False)
    verified_at = models.DateTimeField(null=True)
    bouncing_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["scheme", "value"], name="identifier_once")]


class PersonInRole(models.Model):
    """What a person is to the house, since when, and who owns this side of them."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=20, choices=choices(PersonRole))
    owner_key = models.UUIDField(null=True)
    since = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "role"], name="person_role_once")]
        indexes: ClassVar = [
            models.Index(fields=["role", "person"], name="role_of_person"),
            models.Index(fields=["owner_key"], name="role_by_owner", condition=Q(owner_key__isnull=False)),
        ]


class PersonAccess(models.Model):
    """A colleague let in to a confidential record, and by whom."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="let_in")
    user_key = models.UUIDField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "user_key"], name="person_access_once")]


class Employment(models.Model):
    """One job in a person's working life. The present ones have no end."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="employments")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.SET_NULL, related_name="+")
    organisation_name = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=160, blank=True)
    started_on: models.DateField[date | None, date | None] = models.DateField(null=True)
    ended_on: models.DateField[date | None, date | None] = models.DateField(null=True)
    present = models.BooleanField(default=False, db_default=False)
    about = models.TextField(blank=True, db_default="")
    source = models.CharField(max_length=80, blank=True, db_default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "person"], name="employment_at")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(started_on=None) | Q(ended_on__gte=F("started_on")),
                name="employment_ends_after_it_starts",
            )
        ]


class Skill(models.Model):
    """Something people can do, in the house's words; ``esco`` is its address in the European classification."""

    name = models.CharField(max_length=120)
    sort_name = models.CharField(max_length=120, unique=True)
    esco = models.CharField(max_length=120, blank=True, db_default="")
    used = models.BooleanField(default=False, db_default=False)


class PersonSkill(models.Model):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=80, blank=True, db_default="")
    at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["skill", "person"], name="person_skill_once")]


class Tag(models.Model):
    name = models.CharField(max_length=60)
    sort_name = models.CharField(max_length=60, unique=True)


class PersonTag(models.Model):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tags")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tag", "person"], name="person_tag_once")]


class OrganisationTag(models.Model):
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="tags")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tag", "organisation"], name="organisation_tag_once")]


class DoNotSend(models.Model):
    """An organisation that this person's CV must not go to. The own employer always is one, without a row."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="do_not_send")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=160, blank=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "organisation"], name="do_not_send_once")]
