"""What a mail that came in says: who wrote, what a bounce or a report is about, and how a reply reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class MailKind(StrEnum):
    """What came in. ``OTHER``: a mail that answers nothing of ours; people's words are in it all the same."""

    REPLY = "reply"
    BOUNCE = "bounce"
    COMPLAINT_REPORT = "complaint_report"  # a mailbox provider's abuse report: ARF, RFC 5965
    AUTO_REPLY = "auto_reply"  # RFC 3834
    LOOP = "loop"  # our own mail, come back to us
    OTHER = "other"


class BounceKind(StrEnum):
    """What a bounce does: HARD ends the address, SOFT is tried again later, POLICY and CONTENT pause the sender."""

    HARD = "hard"  # no such mailbox or domain
    SOFT = "soft"  # full, switched off, too busy, not reached in time
    POLICY = "policy"  # we may not: reputation, authentication, a block list, a relay
    CONTENT = "content"  # this message may not: taken for spam or a virus, too big, malformed
    DELAYED = "delayed"  # still trying: nothing has failed yet


@dataclass(frozen=True, slots=True, kw_only=True)
class BouncedRecipient:
    """One address of a bounce, "" where the notice names none.

    ``status`` is the code of RFC 3463 ("" if none), ``diagnostic`` the server's words.
    """

    address: str
    kind: BounceKind
    status: str = ""
    diagnostic: str = ""

    @property
    def ends_address(self) -> bool:
        """Whether the address must not be written to again."""
        return self.kind is BounceKind.HARD


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintReport:
    """An abuse report about a mail of ours: ``feedback`` is its type ("abuse", "opt-out", "auth-failure" …)."""

    feedback: str
    recipients: tuple[str, ...] = ()

    @property
    def is_complaint(self) -> bool:
        """Whether a person complained or opted out; reports on authentication say nothing about a person."""
        return self.feedback not in {"auth-failure", "not-spam", "virus", "dkim", "dmarc", "spf"}


@dataclass(frozen=True, slots=True)
class Party:
    """One address of a header and the name beside it."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMail:
    """One mail, read. Message ids stand without their angle brackets; header values hold no control characters.

    ``text`` is all that was written, as plain text; ``unquoted`` without what it quotes; ``reply`` without the
    signature too. ``sent_at`` is the mail's own Date header in UTC, None where missing or absurd: the sender's clock,
    so never the order of things. ``about`` are the message ids of ours that a bounce or report returns.
    ``refused`` says in one sentence why the body wasn't read, "" where it was. ``answerable`` is False where a machine
    must not answer. ``broken`` lists what was wrong with the mail and read all the same.
    """

    kind: MailKind
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    sender: Party | None = None
    to: tuple[Party, ...] = ()
    sent_at: datetime | None = None
    subject: str = ""
    text: str = field(default="", repr=False)
    unquoted: str = field(default="", repr=False)
    reply: str = field(default="", repr=False)
    automatic: bool = False
    answerable: bool = True
    bounced: tuple[BouncedRecipient, ...] = ()
    complaint: ComplaintReport | None = None
    about: tuple[str, ...] = ()
    refused: str = ""
    broken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a mail, by the name its sender gave it. Nothing was looked at yet."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """What lies behind a mail's words: its header fields by lower-case name, decoded, and the files it carries."""

    fields: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A mail that came in and answers nothing of ours, before it is read as somebody's words.

    ``own_mailbox``: it lies in a colleague's own mailbox, not in one of the house. ``opened`` reads what lies behind
    its words.
    """

    key: UUID
    read: ReadMail
    at: datetime
    own_mailbox: bool = False
    opened: Callable[[], Opened] = Opened


class InboundHandler(Protocol):
    """What a room above does with mails that machines write to it: a job board's about an applicant.

    In the transaction that takes the mail in. True where the mail is taken over: then contact keeps only its place.
    """

    def __call__(self, *, mail: Arrived, at: datetime) -> bool: ...


INBOUND_HANDLERS: list[InboundHandler] = []
"""Asked in turn, filled in project/wiring.py."""


class ReplyClass(StrEnum):
    """What a person who answered wants. Colleagues may correct it; corrections teach."""

    INTERESTED = "interested"
    NOT_NOW = "not_now"
    REFERRAL = "referral"
    NOT_INTERESTED = "not_interested"
    STOP = "stop"
    WRONG_PERSON = "wrong_person"
    OUT_OF_OFFICE = "out_of_office"
    COMPLAINT = "complaint"


class Anger(StrEnum):
    """How the house reacts: CRANKY stops this approach, OBJECTION suppresses, COMPLAINT also opens a case."""

    NONE = "none"
    CRANKY = "cranky"
    OBJECTION = "objection"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class Correction:
    """A colleague's word on one reply: ``text`` reads as ``label``."""

    text: str
    label: ReplyClass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyReading:
    """How a reply reads. ``chances`` add up to 1 and are ordered by class; ``why`` names what decided.

    ``suppress`` is True where the person may not want to be written to, or may be complaining: nothing more goes out
    until somebody looked, unless ``sure``, when it needs no look. ``until``: the first month (its first day) in which
    contact is welcome, or the day an absence ends.
    """

    label: ReplyClass
    chances: tuple[tuple[ReplyClass, float], ...]
    sure: bool
    anger: Anger = Anger.NONE
    until: date | None = None
    suppress: bool = False
    may_be: tuple[ReplyClass, ...] = ()
    why: str = ""

    def chance(self, label: ReplyClass) -> float:
        """The probability of one class, from 0 to 1."""
        return dict(self.chances).get(label, 0.0)
