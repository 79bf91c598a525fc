"""What goes out and what became of it: values that transports take and give."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from fourfold.base.errors import FourfoldError


class CannotConnect(FourfoldError):
    """The mail server can't be reached, isn't who it says, or doesn't let us in. Nothing was sent."""


class CannotSend(FourfoldError):
    """This message can't be made or handed over as it is. Nothing was sent."""


class WebhookRefused(FourfoldError):
    """A notice that isn't proved to come from the provider. Nothing of it is kept."""


class SignInFailed(FourfoldError):
    """Microsoft or Google did not give us a token for a mailbox. ``again``: only a new sign-in by a person helps."""

    again = False


class Encryption(StrEnum):
    """How the connection to a mail server is protected. ``NONE`` never carries a password past this machine."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class Login(StrEnum):
    NONE = "none"
    PLAIN = "plain"
    LOGIN = "login"
    XOAUTH2 = "xoauth2"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    """One mailbox's way out. ``secret`` is a password, or an access token where ``login`` is XOAUTH2.

    Units: ``timeout`` seconds for each answer; ``end_timeout`` seconds for the answer to a whole message, which
    decides between delivered and unknown; ``depth`` messages announced to ``on_handing_over`` at once, 1 to 16.
    ``authority`` is a file of certificates for a server with one of its own, "" for the system's.
    """

    host: str
    port: int = 587
    encryption: Encryption = Encryption.STARTTLS
    login: Login = Login.NONE
    username: str = ""
    secret: str = field(default="", repr=False)
    greeting: str = ""
    timeout: float = 30.0
    end_timeout: float = 300.0
    depth: int = 16
    authority: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.depth <= 16:
            raise ValueError(f"depth is {self.depth}; it is 1 to 16")


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderIdentity:
    """Who a message is from, as its reader sees it."""

    name: str
    address: str
    reply_to: str = ""

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


class SlotKind(StrEnum):
    """What a merge value is. ``READY`` in HTML goes in as it stands: whoever made it has escaped and cleaned it."""

    TEXT = "text"
    URL = "url"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a text that each person's value fills."""

    name: str
    kind: SlotKind = SlotKind.TEXT


Text = tuple[str | Slot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message to many, before it is anybody's. ``html`` is empty for plain text alone.

    ``feedback_id`` names the mailing to Gmail's reports; ``automatic`` marks what no person sent (RFC 3834);
    ``loop_mark`` is written into X-Loop, by which our own mail is known when it comes back. ``calendar`` is an
    invitation, the same for all: iCalendar (RFC 5545) that names its METHOD, "" for none.
    """

    sender: SenderIdentity
    subject: Text
    text: Text
    html: Text = ()
    feedback_id: str = ""
    automatic: bool = False
    loop_mark: str = ""
    calendar: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """What one person's copy adds to a letter. ``at`` is the Date, aware.

    ``unsubscribe_url`` takes a one-click POST (RFC 8058), ``unsubscribe_mail`` is an address whose mail means stop;
    ``answers`` are the Message-IDs of the conversation, oldest first, without angle brackets.
    """

    key: UUID
    to_address: str
    at: datetime
    to_name: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    unsubscribe_url: str = ""
    unsubscribe_mail: str = ""
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filled:
    """One person's message: header lines, each with its CRLF, and the body after the empty line."""

    head: bytes = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def content(self) -> bytes:
        return self.head + b"\r\n" + self.body


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message, ready: ``content`` is the whole of it, with CRLF at the end of lines and nothing dot-stuffed."""

    key: UUID
    envelope_from: str
    recipient: str
    content: bytes = field(repr=False)


class HandedState(StrEnum):
    """What became of a hand-off. Only ``PUT_OFF`` and ``NOT_BEGUN`` may be tried again by machine."""

    DELIVERED = "delivered"  # the server took it
    REFUSED = "refused"  # for good
    PUT_OFF = "put_off"  # for now
    UNKNOWN = "unknown"  # the content was on its way when the connection broke: nobody knows
    NOT_BEGUN = "not_begun"  # the content never left


class Refusal(StrEnum):
    """What a refusal is about. Only ``RECIPIENT`` says that there is no such mailbox or domain."""

    NONE = ""
    RECIPIENT = "recipient"
    MAILBOX = "mailbox"  # it exists and takes nothing now: full, or switched off
    SENDER = "sender"  # our account, address or key
    POLICY = "policy"
    CONTENT = "content"
    OBJECTED = "objected"  # they told the provider to stop: an objection like any other


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of one message. ``words`` are the server's, or ours where there was no answer.

    ``code`` is SMTP's three digits or HTTP's status, 0 where there was none; ``status`` the extended code of
    RFC 3463 ("5.1.1"), "" where there was none; ``remote_id`` the provider's name for the message.
    """

    key: UUID
    state: HandedState
    code: int = 0
    status: str = ""
    words: str = ""
    about: Refusal = Refusal.NONE
    remote_id: str = ""


class Transport(Protocol):
    """A way out of the house that stays open between groups.

    ``send_group`` calls ``on_handing_over`` with the keys of at most ``depth`` messages before any content of them
    leaves, so that the caller can write it down; what that call raises comes through, and nothing of those messages
    has left. It answers one ``Handed`` for each message, in order, and raises nothing for what a server does.
    """

    @property
    def is_open(self) -> bool: ...

    def send_group(
        self, messages: Sequence[Outgoing], on_handing_over: Callable[[Sequence[UUID]], None]
    ) -> Sequence[Handed]: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How a domain's mail leaves, for its SPF record. ``addresses`` are those of a mail server of the house's own."""

    include: str = ""
    addresses: tuple[str, ...] = ()


class KeyKind(StrEnum):
    RSA = "rsa"
    ED25519 = "ed25519"


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimKey:
    """A signing key: ``private`` is PEM (PKCS 8, not encrypted), ``public`` what the DNS record carries."""

    kind: KeyKind
    domain: str
    selector: str
    private: str = field(repr=False)
    public: str


@dataclass(frozen=True, slots=True)
class DnsRecord:
    """One record to publish, as it is typed into a provider's form."""

    name: str
    kind: str
    text: str


class CheckState(StrEnum):
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    UNKNOWN = "unknown"  # the name servers did not answer


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at before a domain sends: what is so, what to do about it, and the record to publish."""

    about: str
    state: CheckState
    finding: str
    advice: str = ""
    publish: DnsRecord | None = None


class ProviderName(StrEnum):
    SES = "ses"
    MAILGUN = "mailgun"
    POSTMARK = "postmark"
    SENDGRID = "sendgrid"
    BREVO = "brevo"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSettings:
    """A mailbox that sends through a provider's API.

    ``secret`` is its key or token; ``domain`` Mailgun's sending domain; ``stream`` Postmark's message stream, "" for
    its usual one; ``api_url`` another region's address, "" for the usual one; ``timeout`` in seconds; ``depth``
    messages announced to ``on_handing_over`` at once, 1 to 16.
    """

    provider: ProviderName
    secret: str = field(repr=False)
    domain: str = ""
    stream: str = ""
    depth: int = 4
    api_url: str = ""
    timeout: float = 30.0


class EventKind(StrEnum):
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    DEFERRED = "deferred"
    COMPLAINED = "complained"
    OPENED = "opened"
    CLICKED = "clicked"
    UNSUBSCRIBED = "unsubscribed"
    REFUSED = "refused"  # the provider did not try: suppressed, blocked, or not valid


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderEvent:
    """One thing a provider tells of one message. ``event_id`` is the same however often it is told.

    ``delivery`` is our delivery's key where the provider gave it back; ``message_id`` the Message-ID or the provider's
    own id. ``hard`` is whether a bounce means that there is no such mailbox or domain: the provider says so and the
    words of the receiving server don't contradict; None for what is no bounce. ``machine`` is whether the provider
    calls an open or a click a machine's, None where it doesn't say.
    """

    provider: ProviderName
    kind: EventKind
    event_id: str
    recipient: str
    delivery: UUID | None = None
    message_id: str = ""
    at: datetime | None = None
    hard: bool | None = None
    about: Refusal = Refusal.NONE
    status: str = ""
    words: str = ""
    url: str = ""
    user_agent: str = ""
    machine: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TwilioSettings:
    """An account at Twilio. ``callback_url`` is where it posts news, "" for nowhere; ``timeout`` in seconds."""

    account: str
    secret: str = field(repr=False)
    callback_url: str = ""
    api_url: str = "https://api.twilio.com"
    timeout: float = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsHanded:
    """What became of a text message. ``segments`` is what it is billed as."""

    state: HandedState
    reference: str
    remote_id: str = ""
    code: int = 0
    words: str = ""
    about: Refusal = Refusal.NONE
    segments: int = 0


class SmsProvider(Protocol):
    """A way to send text messages.

    ``to`` is E.164 ("+447700900123"); ``sender`` a number in E.164 or a name of up to 11 letters and digits where the
    country allows one; ``reference`` is ours, and comes back with news of the message. Sends once and never tries
    again: a lost answer is ``HandedState.UNKNOWN``. Raises CannotSend for what can't be sent as it is; raises nothing
    for what the provider or the network does.
    """

    def send(self, *, to: str, text: str, sender: str, reference: str) -> SmsHanded: ...


class SmsState(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsEvent:
    """News of a text message. ``event_id`` is the same however often it is told."""

    event_id: str
    remote_id: str
    reference: str
    state: SmsState
    to: str
    code: str = ""
    about: Refusal = Refusal.NONE


class OAuthProvider(StrEnum):
    MICROSOFT = "microsoft"
    GOOGLE = "google"


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthApp:
    """Our registration with Microsoft or Google, and where they answer.

    ``tenant`` applies to Microsoft ("common" for any). ``authorise_url`` and ``token_url`` are theirs unless given.
    """

    provider: OAuthProvider
    client_id: str
    client_secret: str = field(repr=False)
    redirect_url: str
    tenant: str = "common"
    authorise_url: str = ""
    token_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthStart:
    """A sign-in begun: where the browser goes, and what must be kept until it comes back."""

    url: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthTokens:
    """Tokens of one mailbox. ``refresh`` is to be kept sealed; ``expires_at`` is when ``access`` ends."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime
    scope: str = ""
