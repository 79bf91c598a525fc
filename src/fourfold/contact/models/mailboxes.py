"""What belongs to mailboxes besides their settings: registrations to sign in with, and what was tried on them."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from fourfold.base.ids import new_key
from fourfold.contact.models.gate import choices
from fourfold.contact.models.sending import Mailbox
from fourfold.contact.types.mailboxes import TrialKind
from fourfold.contact.types.transport import OAuthProvider


class SignInApp(models.Model):
    """The house's registration with Microsoft or Google. Its secret is kept encrypted."""

    provider = models.CharField(max_length=12, primary_key=True, choices=choices(OAuthProvider))
    client_id = models.CharField(max_length=250)
    client_secret = models.TextField()
    tenant = models.CharField(max_length=120, default="common")
    changed_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()


class Trial(models.Model):
    """A check or a test message that a colleague asked for. One that sends is begun once and never again."""

    key = models.UUIDField(primary_key=True, default=new_key)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=choices(TrialKind))
    asked_by = models.UUIDField()
    asked_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    good = models.BooleanField(null=True)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mailbox", "kind", "asked_by"], condition=Q(begun_at__isnull=True), name="trial_waits_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["mailbox", "kind", "-asked_at"], name="trial_of_mailbox")]
