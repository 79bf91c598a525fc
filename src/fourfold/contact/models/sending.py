"""What goes out: mailboxes, messages, and one delivery for each message and person."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from fourfold.base.ids import new_key
from fourfold.contact.models.gate import choices
from fourfold.contact.types import Aim, Channel, DeliveryState, MessageClass, MessageState, PersonSide, Transport


class Mailbox(models.Model):
    """An account that mail leaves and comes in through, and whose name it carries. Secrets are kept encrypted."""

    key = models.UUIDField(primary_key=True, default=new_key)
    name = models.CharField(max_length=80, unique=True)
    transport = models.CharField(max_length=12, choices=choices(Transport))
    from_name = models.CharField(max_length=120)
    from_address = models.EmailField(max_length=254)
    brand = models.CharField(max_length=50, blank=True)
    owner_key = models.UUIDField(null=True)
    host = models.CharField(max_length=250, blank=True)
    port = models.PositiveIntegerField(null=True)
    security = models.CharField(max_length=10, default="starttls")
    username = models.CharField(max_length=254, blank=True)
    secret = models.TextField(blank=True)
    notice_secret = models.TextField(blank=True)  # proves the provider's notices; kept encrypted too
    access = models.TextField(blank=True)  # the token of the hour, where ``secret`` is what it is renewed with
    access_until = models.DateTimeField(null=True)
    renewing_until = models.DateTimeField(null=True)  # a worker asks for a fresh one until then; no other does
    domain = models.CharField(max_length=250, blank=True)  # Mailgun's sending domain
    stream = models.CharField(max_length=80, blank=True)  # Postmark's message stream
    api_url = models.CharField(max_length=250, blank=True)  # a provider's region; "" for its usual one
    number = models.CharField(max_length=40, blank=True)  # whom a text message is from
    imap_host = models.CharField(max_length=250, blank=True)
    imap_port = models.PositiveIntegerField(null=True)
    imap_security = models.CharField(max_length=10, default="tls")
    sent_folder = models.CharField(max_length=120, blank=True)
    read_next_at = models.DateTimeField(null=True)
    read_failures = models.PositiveSmallIntegerField(default=0)
    per_minute = models.PositiveIntegerField(default=60)
    per_domain_minute = models.PositiveIntegerField(default=20)
    connections = models.PositiveSmallIntegerField(default=1)
    paused_at = models.DateTimeField(null=True)
    paused_why = models.CharField(max_length=250, blank=True)
    checked_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=500, blank=True)
    preflight = models.JSONField(default=list)
    made_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()


class DomainKey(models.Model):
    """A key that signs mail of a domain. The private half is kept encrypted; the other is published in DNS."""

    domain = models.CharField(max_length=250)
    selector = models.CharField(max_length=63)
    algorithm = models.CharField(max_length=8)
    private = models.TextField()
    public = models.TextField()
    made_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["domain", "selector"], name="domain_key_once")]


class Message(models.Model):
    """Something written once, to one person or to many."""

    key = models.UUIDField(primary_key=True, default=new_key)
    aim = models.CharField(max_length=12, choices=choices(Aim))
    channel = models.CharField(max_length=10, choices=choices(Channel))
    mailbox = models.ForeignKey(Mailbox, null=True, on_delete=models.PROTECT, related_name="+")
    topic = models.CharField(max_length=60, blank=True)
    job = models.CharField(max_length=80, blank=True)
    campaign = models.CharField(max_length=120, blank=True)
    thread = models.UUIDField(null=True)
    matter = models.CharField(max_length=120, blank=True)
    side = models.CharField(max_length=10, blank=True, choices=choices(PersonSide))
    flags = models.JSONField(default=list)
    subject = models.CharField(max_length=250, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    calendar = models.TextField(blank=True, default="")
    template = models.JSONField(null=True)
    state = models.CharField(max_length=8, choices=choices(MessageState), default=MessageState.SENDING)
    paused_why = models.CharField(max_length=250, blank=True)
    by_key = models.UUIDField(null=True)
    by = models.CharField(max_length=80)
    made_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    send_until = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-made_at", "key"], name="message_by_time")]


COUNTED = (DeliveryState.CLAIMED, DeliveryState.SENT, DeliveryState.AMBIGUOUS)
"""Those that count to the caps: what may be on its way is taken to have arrived."""


class Delivery(models.Model):
    """One message to one person, written before anything is sent; or a call or message made by hand, logged here.

    ``address`` is kept until it has left and blank afterwards: the hash stays. ``claimed_by`` holds a lease;
    ``handing_at`` is durable before the content goes out.
    """

    key = models.UUIDField(primary_key=True, default=new_key)
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="deliveries")
    mailbox = models.ForeignKey(Mailbox, null=True, on_delete=models.PROTECT, related_name="+")
    person_key = models.UUIDField()
    channel = models.CharField(max_length=10, choices=choices(Channel))
    message_class = models.CharField(max_length=12, blank=True, choices=choices(MessageClass))
    address = models.CharField(max_length=254, blank=True)
    address_hash = models.CharField(max_length=32, blank=True)
    domain = models.CharField(max_length=250, blank=True)
    state = models.CharField(max_length=10, choices=choices(DeliveryState), default=DeliveryState.PENDING)
    reason = models.CharField(max_length=24, blank=True)
    words = models.CharField(max_length=250, blank=True)
    not_before: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    claimed_by = models.CharField(max_length=60, blank=True)
    lease_until = models.DateTimeField(null=True)
    handing_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    unanswered = models.BooleanField(default=False)
    by_key = models.UUIDField(null=True)
    by = models.CharField(max_length=80, blank=True)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["message", "person_key"], condition=Q(message__isnull=False), name="delivery_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.SENT) | Q(sent_at__isnull=False), name="sent_says_when"
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.CLAIMED) | Q(lease_until__isnull=False), name="claimed_has_a_lease"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["not_before", "key"], name="delivery_waiting",
                condition=Q(state__in=[DeliveryState.PENDING, DeliveryState.HELD]),
            ),
            models.Index(fields=["lease_until"], name="delivery_leased", condition=Q(state=DeliveryState.CLAIMED)),
            models.Index(fields=["person_key", "at"], name="delivery_to_person"),
            models.Index(fields=["address_hash"], name="delivery_to_address", condition=~Q(address_hash="")),
            models.Index(fields=["message", "state"], name="delivery_of_message"),
            models.Index(fields=["mailbox", "sent_at"], name="delivery_of_mailbox"),
        ]  # fmt: skip
