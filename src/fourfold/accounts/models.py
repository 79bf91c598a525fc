"""Tables of accounts."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from fourfold.accounts.types import Engagement, Role, TeamKind
from fourfold.base.ids import new_key


def choices(enum: Any) -> list[tuple[str, str]]:
    return [(item.value, item.value.replace("_", " ").capitalize()) for item in enum]


class Office(models.Model):
    """A place with a zone, a currency and a law pack."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    zone = models.CharField(max_length=40, default="Europe/London")
    currency = models.CharField(max_length=3, default="GBP")
    country = models.CharField(max_length=2, default="GB")
    law_pack = models.CharField(max_length=10, default="uk")

    class Meta:
        ordering: ClassVar = ["name"]


class Brand(models.Model):
    """A legal entity. Objections are house-wide, consent names a brand."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    legal_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering: ClassVar = ["name"]


class Team(models.Model):
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=choices(TeamKind))

    class Meta:
        ordering: ClassVar = ["name"]


class Desk(models.Model):
    """A market someone owns: discipline × place × permanent or contract."""

    slug = models.SlugField(unique=True, max_length=120)
    name = models.CharField(max_length=120)
    discipline = models.CharField(max_length=60)
    place = models.CharField(max_length=60)
    engagement = models.CharField(max_length=10, choices=choices(Engagement))

    class Meta:
        ordering: ClassVar = ["name"]


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A colleague who signs in. Signs in by e-mail address; roles are rows, so that each grant is audited."""

    key = models.UUIDField(primary_key=True, default=new_key, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=80)
    job_title = models.CharField(max_length=80, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    office = models.ForeignKey(Office, null=True, on_delete=models.SET_NULL, related_name="+")
    desks: Any = models.ManyToManyField(Desk, related_name="+")
    dotted_teams: Any = models.ManyToManyField(Team, related_name="+")

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        ordering: ClassVar = ["name", "email"]
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="user_once_per_address")]

    def get_full_name(self) -> str:
        return self.name

    def __str__(self) -> str:
        return self.email


class RoleGrant(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=choices(Role))

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "role"], name="role_once_per_user")]


class Invitation(models.Model):
    """An address asked to join, with the roles it will have. Only a hash of its token is kept."""

    email = models.EmailField()
    roles = models.JSONField(default=list)
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    office = models.ForeignKey(Office, null=True, on_delete=models.SET_NULL, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.CharField(max_length=80)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-at"]


class AuditEntry(models.Model):
    """Who did what to what, when, through which door. Written in the transaction of the deed."""

    at = models.DateTimeField(db_index=True)
    user_key = models.UUIDField(null=True, db_index=True)
    who = models.CharField(max_length=80)
    via = models.CharField(max_length=10)
    deed = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=30, blank=True)
    subject_key = models.CharField(max_length=64, blank=True, db_index=True)
    summary = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
