"""Mailboxes as their pages show them: ways out, sign-ins, and what was tried on them. Never with a secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from fourfold.contact.types.rows import MailboxRow
from fourfold.contact.types.sending import Transport
from fourfold.contact.types.transport import Check, OAuthProvider

SIGN_INS = {Transport.MICROSOFT: OAuthProvider.MICROSOFT, Transport.GOOGLE: OAuthProvider.GOOGLE}
"""Ways for which a person signs the mailbox in, in place of a password."""
SERVERS = {
    Transport.MICROSOFT: ("smtp.office365.com", "outlook.office365.com"),
    Transport.GOOGLE: ("smtp.gmail.com", "imap.gmail.com"),
}
"""Where their mailboxes send and are read. Their tokens go nowhere else."""
APIS = frozenset({Transport.MAILGUN, Transport.POSTMARK, Transport.SENDGRID, Transport.BREVO})
"""Ways by a provider's own interface. The provider signs what leaves."""


class TrialKind(StrEnum):
    """What somebody may try on a mailbox: whether it connects, or a message to themselves."""

    CHECK = "check"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One trial. ``good`` is None until it is done, and where nobody knows; ``words`` say what was found."""

    kind: TrialKind
    asked_by: str
    asked_at: datetime
    begun_at: datetime | None
    done_at: datetime | None
    good: bool | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxPage:
    """One mailbox with all that its page shows. ``signed_in``: a sign-in is kept that was not refused since."""

    row: MailboxRow
    owner: str
    signed_in: bool
    has_secret: bool
    has_notice_secret: bool
    checks: tuple[Check, ...]
    check: TrialRow | None
    message: TrialRow | None


@dataclass(frozen=True, slots=True)
class SignInAppRow:
    """The house's registration with Microsoft or Google, as its page shows it."""

    provider: OAuthProvider
    client_id: str
    tenant: str


@dataclass(frozen=True, slots=True)
class TrialToRun:
    """One trial that waits: what to do, and the address of whoever asked."""

    key: UUID
    mailbox: UUID
    kind: TrialKind
    asked_by: UUID
    name: str
    address: str
