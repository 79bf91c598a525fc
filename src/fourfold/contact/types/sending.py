"""What goes out: the words of messages and deliveries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from fourfold.base.errors import FourfoldError
from fourfold.contact.types.gate import Decision, MessageClass
from fourfold.people.types import Purpose


class Transport(StrEnum):
    """How a mailbox's mail leaves."""

    SMTP = "smtp"
    MICROSOFT = "microsoft"
    GOOGLE = "google"
    SES = "ses"
    MAILGUN = "mailgun"
    POSTMARK = "postmark"
    SENDGRID = "sendgrid"
    BREVO = "brevo"
    TWILIO = "twilio"


class MessageState(StrEnum):
    SENDING = "sending"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"


class DeliveryState(StrEnum):
    """Where one delivery is. Progress moves only after hand-off."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    HELD = "held"
    SKIPPED = "skipped"
    FAILED = "failed"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What a draft made from a template brings: which version, where its links lead, and the values filled in for all.

    ``plain``: its texts hold places only; else they are Liquid, and each person's are made one by one.
    """

    name: str
    plain: bool = True
    followed: tuple[str, ...] = ()
    extra: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What one person writes to one person. Plain text; links and footers are added when it is sent.

    ``calendar`` is an invitation beside the words: iCalendar (RFC 5545) that names its METHOD (RFC 5546).
    """

    subject: str = ""
    text: str = ""
    html: str = ""
    template: Template | None = None
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class Queued:
    """It will leave: the delivery, and what was decided now. It is asked again when it leaves."""

    delivery: UUID
    message_class: MessageClass
    decision: Decision
    receipt: UUID


@dataclass(frozen=True, slots=True)
class Refused:
    """It does not leave: why, and from when it might."""

    message_class: MessageClass
    decision: Decision
    receipt: UUID


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a message is: deliveries by state, and skipped ones by reason."""

    states: tuple[tuple[DeliveryState, int], ...]
    reasons: tuple[tuple[str, int], ...] = ()

    @property
    def total(self) -> int:
        return sum(count for _, count in self.states)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """One delivery that may leave now: to whom, what, and the words a template may use."""

    key: UUID
    message: UUID
    person_key: UUID
    address: str
    subject: str
    text: str
    html: str
    values: tuple[tuple[str, str], ...] = ()
    message_class: MessageClass = MessageClass.WORKING
    purpose: Purpose = Purpose.ALL
    topic: str = ""
    made_at: datetime | None = None
    flags: frozenset[str] = field(default_factory=frozenset)
    answers: tuple[str, ...] = ()
    template: Template | None = None
    calendar: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxAccount:
    """A mailbox as the sender and the reader use it. ``secret`` is the password or token, unsealed.

    Where a person signs it in, ``secret`` is what renews ``access``, the token that servers take until
    ``access_until``. ``username`` is Twilio's account; ``number`` whom a text message is from.
    """

    key: UUID
    transport: Transport
    from_name: str
    from_address: str
    host: str
    port: int | None
    security: str
    username: str
    secret: str = field(repr=False)
    imap_host: str = ""
    imap_port: int | None = None
    imap_security: str = "tls"
    sent_folder: str = ""
    connections: int = 1
    paused: bool = False
    owner_key: UUID | None = None
    access: str = field(default="", repr=False)
    access_until: datetime | None = None
    domain: str = ""
    stream: str = ""
    api_url: str = ""
    number: str = ""


class SendRefused(FourfoldError):
    """A message that can't be taken as given."""


class MailboxRefused(FourfoldError):
    """A mailbox that can't be kept as given."""
