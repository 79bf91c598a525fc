"""What comes in: mails, how far each folder was read, what colleagues taught, and what servers and links reported."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from fourfold.base.ids import new_key
from fourfold.contact.models.sending import Mailbox


class FolderState(models.Model):
    """How far a folder was read, and whether our count is the server's.

    Of the mails above ``first_uid``, ``on_server`` lie there and ``kept`` of these lie here.
    """

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="folders")
    folder = models.CharField(max_length=120)
    uid_validity = models.BigIntegerField()
    first_uid = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    outgoing = models.BooleanField(default=False)
    on_server = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["mailbox", "folder"], name="folder_once")]


class InboundMail(models.Model):
    """A mail found in a mailbox: one that came in, or one of Sent Items. ``person_key`` is null where nobody fits.

    ``for_key`` is the colleague whose answer it is. ``did`` are codes of what the reader did because of it,
    ``strangers`` how many recipients we don't know. Of mails between a colleague and people we don't know, only their
    place is kept.
    """

    key = models.UUIDField(primary_key=True, default=new_key)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+")
    folder = models.CharField(max_length=120)
    uid_validity = models.BigIntegerField()
    uid = models.BigIntegerField()
    outgoing = models.BooleanField(default=False)
    message_id = models.CharField(max_length=250, blank=True, db_index=True)
    thread = models.UUIDField(null=True, db_index=True)
    delivery_key = models.UUIDField(null=True)
    receipt_key = models.UUIDField(null=True)
    person_key = models.UUIDField(null=True)
    for_key = models.UUIDField(null=True)
    address = models.CharField(max_length=254, blank=True)
    address_hash = models.CharField(max_length=32, blank=True)
    subject = models.CharField(max_length=250, blank=True)
    text = models.TextField(blank=True)
    kind = models.CharField(max_length=20)
    label = models.CharField(max_length=20, blank=True)
    sure = models.BooleanField(default=True)
    why = models.CharField(max_length=250, blank=True)
    anger = models.CharField(max_length=12, blank=True)
    other_address = models.BooleanField(default=False)
    trouble = models.CharField(max_length=250, blank=True)
    did = models.JSONField(default=list)
    strangers = models.PositiveSmallIntegerField(default=0)
    until: models.DateField[date | None, date | None] = models.DateField(null=True)
    corrected_by = models.CharField(max_length=80, blank=True)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    found_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    handled_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mailbox", "folder", "uid_validity", "uid"], name="inbound_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["-at", "key"], name="inbound_by_time"),
            models.Index(fields=["person_key", "-at"], name="inbound_of_person"),
            models.Index(
                fields=["-at"], name="inbound_unhandled", condition=Q(handled_at__isnull=True, outgoing=False)
            ),
        ]


class Lesson(models.Model):
    """A colleague said what a reply really was: the reader learns from it."""

    mail = models.OneToOneField(InboundMail, primary_key=True, on_delete=models.CASCADE, related_name="lesson")
    text = models.TextField()
    label = models.CharField(max_length=20)
    by = models.CharField(max_length=80)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()


class MailEvent(models.Model):
    """What a provider or a link reported: once for each ``event_id``. ``machine``: a scanner, with the reason why."""

    source = models.CharField(max_length=20)
    event_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=14)
    delivery_key = models.UUIDField(null=True, db_index=True)
    url = models.CharField(max_length=1000, blank=True)
    machine = models.BooleanField(default=False)
    why = models.CharField(max_length=120, blank=True)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    raw = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "event_id"], name="mail_event_once")]
