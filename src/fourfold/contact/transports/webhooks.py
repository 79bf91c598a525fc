"""Notices from mail providers: proved to be theirs, then read into events that mean the same for all of them.

anymail's readers say what a notice means. Whether it is genuine is checked here: a signature where the provider makes
one (Mailgun, SendGrid, Amazon), a password in the address that it posts to where it doesn't (Postmark, Brevo).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from anymail.signals import AnymailTrackingEvent, EventType
from anymail.webhooks.amazon_ses import AmazonSESTrackingWebhookView
from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from anymail.webhooks.sendgrid import SendGridTrackingWebhookView
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from fourfold.contact.transports.asking import Lost, ask
from fourfold.contact.transports.refusals import Stage, refusal_about
from fourfold.contact.types.transport import EventKind, ProviderEvent, ProviderName, Refusal, WebhookRefused

MOST = 2_000_000  # bytes of a notice; SendGrid sends up to a thousand events in one
WORDS = 500
DELIVERY = "delivery"
KINDS = {
    EventType.DELIVERED: EventKind.DELIVERED,
    EventType.BOUNCED: EventKind.BOUNCED,
    EventType.DEFERRED: EventKind.DEFERRED,
    EventType.COMPLAINED: EventKind.COMPLAINED,
    EventType.OPENED: EventKind.OPENED,
    EventType.CLICKED: EventKind.CLICKED,
    EventType.UNSUBSCRIBED: EventKind.UNSUBSCRIBED,
    EventType.REJECTED: EventKind.REFUSED,
    EventType.FAILED: EventKind.REFUSED,
}
STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])")
CODE = re.compile(r"(?<!\d)[45]\d\d(?![\d.])")
OURS = re.compile(r"<?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})@")
SNS_HOST = re.compile(r"sns\.[a-z0-9-]{2,30}\.amazonaws\.com(?:\.cn)?")
SNS_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
SNS_SIGNED["UnsubscribeConfirmation"] = SNS_SIGNED["SubscriptionConfirmation"]

# Only their tables and readers are used; what they would read from Django's settings isn't.
SENDGRID = object.__new__(SendGridTrackingWebhookView)
SES = object.__new__(AmazonSESTrackingWebhookView)
ONE_EACH = {
    ProviderName.POSTMARK: object.__new__(PostmarkTrackingWebhookView),
    ProviderName.MAILGUN: object.__new__(MailgunTrackingWebhookView),
    ProviderName.BREVO: object.__new__(BrevoTrackingWebhookView),
}

Fetch = Callable[[str], bytes]


def fetch(url: str) -> bytes:
    """What lies at a web address, at most 200 kB within 10 seconds. Raises Lost."""
    answer = ask(url, timeout=10)
    if answer.status != 200:
        raise Lost(f"HTTP {answer.status}", begun=True)
    return answer.body


def read_events(
    provider: ProviderName, *, body: bytes, headers: Mapping[str, str], secret: str, fetch: Fetch = fetch
) -> tuple[ProviderEvent, ...]:
    """The events of one notice. The same notice gives the same events with the same ``event_id``, however often.

    ``secret`` is Mailgun's signing key, SendGrid's public key, Amazon's topic (its ARN), and "name:password" of the
    address that Postmark or Brevo posts to. ``fetch`` gets Amazon's certificate. Raises WebhookRefused.
    """
    given = {name.lower(): value for name, value in headers.items()}
    if not secret or len(body) > MOST:
        raise _refused(provider, "Nothing is set up to prove it by." if not secret else "It is too long.")
    if provider in (ProviderName.POSTMARK, ProviderName.BREVO):
        _check_password(provider, given.get("authorization", ""), secret)
    elif provider is ProviderName.SENDGRID:
        _check_sendgrid(body, given, secret)
    said = _json(provider, body)
    if provider is ProviderName.MAILGUN:
        _check_mailgun(said, secret)
    elif provider is ProviderName.SES:
        _check_sns(said, secret, fetch)
    try:
        events = [_event(provider, told, raw) for told, raw in _told(provider, said)]
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as odd:
        raise _refused(provider, f"It is not built as such notices are ({type(odd).__name__}).") from None
    return tuple(event for event in events if event)


def subscription_url(*, body: bytes, topic: str, fetch: Fetch = fetch) -> str:
    """The address to visit to accept Amazon's subscription to our topic, "" where this notice is another.

    Raises WebhookRefused where it isn't Amazon's, or is about another topic.
    """
    said = _json(ProviderName.SES, body)
    _check_sns(said, topic, fetch)
    if said.get("Type") != "SubscriptionConfirmation":
        return ""
    url = str(said.get("SubscribeURL", ""))
    if not _is_amazon(url):
        raise _refused(ProviderName.SES, "The address to confirm it at isn't Amazon's.")
    return url


def _told(provider: ProviderName, said: Any) -> list[tuple[AnymailTrackingEvent, dict[str, Any]]]:
    """What anymail reads in a notice, each with the raw event it was read from."""
    if provider is ProviderName.SENDGRID:
        return [(SENDGRID.esp_to_anymail_event(one), one) for one in said]
    if provider is not ProviderName.SES:
        return [(ONE_EACH[provider].esp_to_anymail_event(said), said)]
    if said["Type"] != "Notification" or not said["Message"].lstrip().startswith("{"):
        return []  # about the subscription itself
    notice = json.loads(said["Message"])
    return [(one, {**notice, "sns": said["MessageId"]}) for one in SES.esp_to_anymail_events(notice, said)]


def _event(provider: ProviderName, told: AnymailTrackingEvent, raw: dict[str, Any]) -> ProviderEvent | None:
    kind = KINDS.get(told.event_type)
    if kind is None:
        return None
    recipient = str(told.recipient or "")
    more = _details(provider, raw, recipient)
    words = " ".join(str(told.mta_response or told.description or "").split())
    found = STATUS.search(words)
    status = more.status or (found.group() if found else "")
    about, hard = _bounce(kind, more.hard, status, words)
    message = more.message_id or str(told.message_id or "")
    parts = "\x1f".join([provider, kind, *more.unique, recipient])
    return ProviderEvent(
        provider=provider,
        kind=kind,
        event_id=hashlib.sha256(parts.encode()).hexdigest(),
        recipient=recipient,
        delivery=_delivery(told.metadata, message),
        message_id=message,
        at=_aware(told.timestamp),
        hard=hard,
        about=about,
        status=status,
        words=words[:WORDS],
        url=str(told.click_url or ""),
        user_agent=str(told.user_agent or "")[:WORDS],
        machine=more.machine,
    )


@dataclass(frozen=True, slots=True)
class _Details:
    """What anymail leaves out: whether the provider calls it hard, its status, a machine, and what makes it unique."""

    unique: tuple[str, ...]
    hard: bool = False
    status: str = ""
    machine: bool | None = None
    message_id: str = ""


def _details(provider: ProviderName, raw: dict[str, Any], recipient: str) -> _Details:
    def texts(*names: str) -> tuple[str, ...]:
        return tuple(str(raw.get(name, "")) for name in names)

    if provider is ProviderName.POSTMARK:
        unique = texts("RecordType", "ID", "MessageID", "DeliveredAt", "BouncedAt", "ReceivedAt", "ChangedAt")
        return _Details((*unique, *texts("OriginalLink")), raw.get("Type") in ("HardBounce", "BadEmailAddress"))
    if provider is ProviderName.BREVO:
        event = str(raw.get("event"))
        unique = texts("message-id", "ts_epoch", "ts_event", "date", "link")
        machine = "proxy" in event if "open" in event else None
        return _Details((event, *unique), event in ("hard_bounce", "invalid_email"), machine=machine)
    if provider is ProviderName.SENDGRID:
        unique = texts("sg_event_id") if raw.get("sg_event_id") else texts("event", "sg_message_id", "timestamp", "url")
        machine = raw.get("sg_machine_open")
        return _Details(
            unique,
            raw.get("type") == "bounce",
            str(raw.get("status") or ""),
            machine if isinstance(machine, bool) else None,
            str(raw.get("smtp-id") or ""),
        )
    if provider is ProviderName.MAILGUN:
        data = raw["event-data"]
        status = (data.get("delivery-status") or {}).get("enhanced-code")
        client = data.get("client-info") or {}
        machine = bool(client["bot"]) if "bot" in client else None
        unique = (str(data.get("id", "")), str(data.get("timestamp", "")))
        return _Details(unique, data.get("severity") == "permanent", str(status or ""), machine)
    bounced = (raw.get("bounce") or {}).get("bouncedRecipients") or []
    status = next((one.get("status") for one in bounced if one.get("emailAddress") == recipient), "")
    headers = {one["name"].lower(): one["value"] for one in raw.get("mail", {}).get("headers", [])}
    hard = (raw.get("bounce") or {}).get("bounceType") == "Permanent"
    return _Details((raw["sns"],), hard, str(status or ""), message_id=str(headers.get("message-id", "")))


def _bounce(kind: EventKind, called_hard: bool, status: str, words: str) -> tuple[Refusal, bool | None]:
    """What a bounce is about, and whether it is hard: called so, with nothing in the words against it."""
    if kind is EventKind.UNSUBSCRIBED:
        return Refusal.OBJECTED, None
    if kind not in (EventKind.BOUNCED, EventKind.REFUSED):
        return Refusal.NONE, None
    in_doubt = Refusal.RECIPIENT if called_hard else Refusal.POLICY
    code = CODE.search(words)
    about = refusal_about(Stage.RECIPIENT, int(code.group()) if code else 550, status, words, in_doubt)
    return about, (called_hard and about is Refusal.RECIPIENT) if kind is EventKind.BOUNCED else None


def _delivery(metadata: Any, message: str) -> UUID | None:
    given = metadata.get(DELIVERY) if isinstance(metadata, dict) else None
    found = OURS.match(message)
    try:
        return UUID(str(given)) if given else UUID(found.group(1)) if found else None
    except ValueError:
        return None


def _aware(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


def _json(provider: ProviderName, body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise _refused(provider, "It can't be read.") from None


def _refused(provider: ProviderName, why: str) -> WebhookRefused:
    return WebhookRefused(
        f"A notice that calls itself {provider.title()}'s was refused.",
        why,
        "Check what is set up for this provider's notices, here and there; it will send them again.",
    )


def _check_password(provider: ProviderName, authorization: str, secret: str) -> None:
    word, _, given = authorization.partition(" ")
    expected = base64.b64encode(secret.encode())
    if word.lower() != "basic" or not hmac.compare_digest(given.strip().encode("utf-8", "replace"), expected):
        raise _refused(provider, "It doesn't carry the name and password of the address it should be posted to.")


def _check_sendgrid(body: bytes, given: Mapping[str, str], secret: str) -> None:
    why = "Its signature doesn't prove that it comes from SendGrid."
    stamp = given.get("x-twilio-email-event-webhook-timestamp", "").encode("utf-8", "replace")
    try:
        key = serialization.load_der_public_key(base64.b64decode(secret))
        signature = base64.b64decode(given.get("x-twilio-email-event-webhook-signature", ""))
        if not isinstance(key, EllipticCurvePublicKey):
            raise InvalidSignature
        key.verify(signature, stamp + body, ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        raise _refused(ProviderName.SENDGRID, why) from None


def _check_mailgun(said: Any, secret: str) -> None:
    block = said.get("signature") if isinstance(said, dict) else None
    block = block if isinstance(block, dict) else {}
    signed = f"{block.get('timestamp', '')}{block.get('token', '')}".encode()
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), str(block.get("signature", "")).encode("utf-8", "replace")):
        raise _refused(ProviderName.MAILGUN, "Its signature doesn't prove that it comes from Mailgun.")


def _check_sns(said: Any, topic: str, fetch: Fetch) -> None:
    """Amazon's signature over its notification service: versions 1 (SHA-1) and 2 (SHA-256)."""
    names = SNS_SIGNED.get(str(said.get("Type"))) if isinstance(said, dict) else None
    if not names or said.get("TopicArn") != topic:
        raise _refused(ProviderName.SES, "It is about another topic than the one set up.")
    url = str(said.get("SigningCertURL", ""))
    if not _is_amazon(url) or not url.endswith(".pem"):
        raise _refused(ProviderName.SES, "The certificate it names isn't Amazon's.")
    signed = "".join(f"{name}\n{said[name]}\n" for name in names if name in said)
    digest = hashes.SHA256() if str(said.get("SignatureVersion")) == "2" else hashes.SHA1()  # noqa: S303
    try:
        key = _certificate(url, fetch).public_key()
        if not isinstance(key, RSAPublicKey):
            raise InvalidSignature
        key.verify(base64.b64decode(str(said.get("Signature", ""))), signed.encode(), PKCS1v15(), digest)
    except Lost:
        raise _refused(ProviderName.SES, "Amazon's certificate can't be fetched just now.") from None
    except (InvalidSignature, ValueError):
        raise _refused(ProviderName.SES, "Its signature doesn't prove that it comes from Amazon.") from None


@lru_cache(maxsize=8)
def _certificate(url: str, fetch: Fetch) -> x509.Certificate:
    return x509.load_pem_x509_certificate(fetch(url))


def _is_amazon(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" and not parts.username and bool(SNS_HOST.fullmatch(parts.netloc))
