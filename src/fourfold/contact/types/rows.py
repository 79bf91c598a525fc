"""Rows that pages of the gate show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fourfold.contact.types.gate import Case, Channel, Decision, MessageClass, Verdict
from fourfold.contact.types.sending import DeliveryState, MessageState, Progress


@dataclass(frozen=True, slots=True)
class Preview:
    """What the gate would say now, and where it would go. Nothing is kept of it."""

    case: Case
    decision: Decision
    address: str


@dataclass(frozen=True, slots=True)
class WentRow:
    """Something that went out to a person or did not, newest first."""

    key: UUID
    at: datetime
    channel: Channel
    message_class: MessageClass | None
    state: DeliveryState
    reason: str
    subject: str
    by: str
    not_before: datetime


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    key: UUID
    at: datetime
    person_key: UUID
    channel: Channel
    message_class: MessageClass
    why: str
    verdict: Verdict
    rule: str
    by: str
    after_the_fact: bool
    policy: int


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message and how far it is."""

    key: UUID
    subject: str
    text: str
    channel: Channel
    state: MessageState
    paused_why: str
    by: str
    made_at: datetime
    send_until: datetime | None
    mailbox: str
    progress: Progress


@dataclass(frozen=True, slots=True)
class MailboxRow:
    """A mailbox as pages show it: never with its secret."""

    key: UUID
    name: str
    transport: str
    from_name: str
    from_address: str
    host: str
    paused_at: datetime | None
    paused_why: str
    trouble: str
    sent_today: int
    waiting: int
    own: bool
    number: str = ""
    signed_out: bool = False


@dataclass(frozen=True, slots=True)
class AskRow:
    """A colleague's question whether they may write to somebody."""

    key: UUID
    person_key: UUID
    person: str
    asked_by: str
    at: datetime
    free_at: datetime
