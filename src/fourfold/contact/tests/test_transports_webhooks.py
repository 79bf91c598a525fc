"""Notices from mail providers: who may tell us something, and what it then means."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.x509.oid import NameOID

from fourfold.contact.transports.asking import Lost
from fourfold.contact.transports.webhooks import read_events, subscription_url
from fourfold.contact.types.transport import EventKind, ProviderEvent, ProviderName, Refusal, WebhookRefused

KEY = uuid4()
PASSWORD = "hook:s3cret"
SIGNING = "key-1234"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:mail"
CERTIFICATE_URL = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123.pem"
CURVE = ec.generate_private_key(ec.SECP256R1())
AMAZON = rsa.generate_private_key(public_exponent=65_537, key_size=2048)


def certificate() -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(AMAZON.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    return made.sign(AMAZON, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


PEM = certificate()


def fetch(url: str) -> bytes:
    assert url == CERTIFICATE_URL
    return PEM


def sendgrid_key() -> str:
    spki = CURVE.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(spki).decode()


SECRETS = {
    ProviderName.POSTMARK: PASSWORD,
    ProviderName.BREVO: PASSWORD,
    ProviderName.MAILGUN: SIGNING,
    ProviderName.SENDGRID: sendgrid_key(),
    ProviderName.SES: TOPIC,
}


def notice(provider: ProviderName, said: Any, version: str = "2") -> tuple[bytes, dict[str, str]]:
    """A notice as the provider would post it, proved as it proves it."""
    if provider is ProviderName.MAILGUN:
        proof = {"timestamp": "1700000000", "token": "t" * 50}
        signed = (proof["timestamp"] + proof["token"]).encode()
        proof["signature"] = hmac.new(SIGNING.encode(), signed, hashlib.sha256).hexdigest()
        return json.dumps({"signature": proof, "event-data": said}).encode(), {"Content-Type": "application/json"}
    if provider is ProviderName.SENDGRID:
        body = json.dumps([said]).encode()
        signature = CURVE.sign(b"1700000000" + body, ec.ECDSA(hashes.SHA256()))
        return body, {
            "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
            "X-Twilio-Email-Event-Webhook-Timestamp": "1700000000",
        }
    if provider is ProviderName.SES:
        return sns({"Message": json.dumps(said)}, version), {}
    proof_of = base64.b64encode(PASSWORD.encode()).decode()
    return json.dumps(said).encode(), {"AUTHORIZATION": f"Basic {proof_of}"}


def sns(change: dict[str, str], version: str = "2") -> bytes:
    whole = {
        "Type": "Notification",
        "MessageId": "sns-1",
        "TopicArn": TOPIC,
        "Timestamp": "2026-11-23T09:30:00.000Z",
        "SigningCertURL": CERTIFICATE_URL,
        "SignatureVersion": version,
    } | change
    names = ["Message", "MessageId", "SubscribeURL", "Subject", "Timestamp", "Token", "TopicArn", "Type"]
    signed = "".join(f"{name}\n{whole[name]}\n" for name in names if name in whole).encode()
    digest = hashes.SHA256() if version == "2" else hashes.SHA1()
    whole["Signature"] = base64.b64encode(AMAZON.sign(signed, PKCS1v15(), digest)).decode()
    return json.dumps(whole).encode()


def read(provider: ProviderName, body: bytes, headers: dict[str, str], **change: Any) -> tuple[ProviderEvent, ...]:
    given: dict[str, Any] = {"secret": SECRETS[provider], "fetch": fetch} | change
    return read_events(provider, body=body, headers=headers, **given)


MESSAGE_ID = f"<{KEY}@house.example>"
POSTMARK: dict[str, Any] = {"MessageID": "pm-1", "Metadata": {"delivery": str(KEY)}}
MAILGUN: dict[str, Any] = {
    "id": "mg-1",
    "timestamp": 1795426200.5,
    "recipient": "jo@example.org",
    "message": {"headers": {"message-id": MESSAGE_ID.strip("<>")}},
}
SENDGRID = {"email": "jo@example.org", "timestamp": 1795426200, "sg_event_id": "sg-1", "smtp-id": MESSAGE_ID}
BREVO = {"email": "jo@example.org", "ts_epoch": 1795426200000, "message-id": MESSAGE_ID}
SES_MAIL = {
    "messageId": "ses-1",
    "destination": ["jo@example.org"],
    "headers": [{"name": "Message-ID", "value": MESSAGE_ID}],
}


def ses_bounce(kind: str, status: str, words: str) -> dict[str, Any]:
    bounced = [{"emailAddress": "jo@example.org", "status": status, "diagnosticCode": words}]
    return {
        "notificationType": "Bounce",
        "bounce": {"bounceType": kind, "bounceSubType": "General", "bouncedRecipients": bounced},
        "mail": SES_MAIL,
    }


P, M, S, B, A = (
    ProviderName.POSTMARK,
    ProviderName.MAILGUN,
    ProviderName.SENDGRID,
    ProviderName.BREVO,
    ProviderName.SES,
)
WHEN = "2026-11-23T09:30:00Z"
GONE = "550 5.1.1 user unknown"
TOLD: list[tuple[ProviderName, dict[str, Any], EventKind, bool | None, Refusal]] = [
    (
        P,
        {"RecordType": "Delivery", "Recipient": "jo@example.org", "DeliveredAt": WHEN},
        EventKind.DELIVERED,
        None,
        Refusal.NONE,
    ),
    (
        P,
        {
            "RecordType": "Bounce",
            "Type": "HardBounce",
            "ID": 7,
            "Email": "jo@example.org",
            "BouncedAt": WHEN,
            "Details": f"smtp;{GONE}",
        },
        EventKind.BOUNCED,
        True,
        Refusal.RECIPIENT,
    ),
    (
        P,
        {
            "RecordType": "Bounce",
            "Type": "HardBounce",
            "ID": 8,
            "Email": "jo@example.org",
            "BouncedAt": WHEN,
            "Details": "550 5.7.1 blocked by policy",
        },
        EventKind.BOUNCED,
        False,
        Refusal.POLICY,
    ),
    (
        P,
        {
            "RecordType": "Bounce",
            "Type": "SoftBounce",
            "ID": 9,
            "Email": "jo@example.org",
            "BouncedAt": WHEN,
            "Details": "552 5.2.2 full",
        },
        EventKind.BOUNCED,
        False,
        Refusal.MAILBOX,
    ),
    (
        P,
        {
            "RecordType": "SpamComplaint",
            "Type": "SpamComplaint",
            "ID": 10,
            "Email": "jo@example.org",
            "BouncedAt": WHEN,
        },
        EventKind.COMPLAINED,
        None,
        Refusal.NONE,
    ),
    (
        P,
        {
            "RecordType": "SubscriptionChange",
            "SuppressSending": True,
            "SuppressionReason": "ManualSuppression",
            "Recipient": "jo@example.org",
            "ChangedAt": WHEN,
        },
        EventKind.UNSUBSCRIBED,
        None,
        Refusal.OBJECTED,
    ),
    (
        P,
        {
            "RecordType": "Click",
            "Recipient": "jo@example.org",
            "ReceivedAt": WHEN,
            "OriginalLink": "https://a.b",
            "UserAgent": "x",
        },
        EventKind.CLICKED,
        None,
        Refusal.NONE,
    ),
    (M, {"event": "delivered"}, EventKind.DELIVERED, None, Refusal.NONE),
    (
        M,
        {
            "event": "failed",
            "severity": "permanent",
            "reason": "bounce",
            "delivery-status": {"code": 550, "enhanced-code": "5.1.1", "message": "no such user"},
        },
        EventKind.BOUNCED,
        True,
        Refusal.RECIPIENT,
    ),
    (
        M,
        {
            "event": "failed",
            "severity": "temporary",
            "reason": "generic",
            "delivery-status": {"code": 451, "message": "later"},
        },
        EventKind.DEFERRED,
        None,
        Refusal.NONE,
    ),
    (M, {"event": "opened", "client-info": {"bot": "apple", "user-agent": "x"}}, EventKind.OPENED, None, Refusal.NONE),
    (M, {"event": "complained"}, EventKind.COMPLAINED, None, Refusal.NONE),
    (M, {"event": "unsubscribed"}, EventKind.UNSUBSCRIBED, None, Refusal.OBJECTED),
    (
        S,
        {"event": "bounce", "type": "bounce", "status": "5.1.1", "reason": GONE},
        EventKind.BOUNCED,
        True,
        Refusal.RECIPIENT,
    ),
    (
        S,
        {"event": "bounce", "type": "blocked", "status": "5.2.2", "reason": "552 full"},
        EventKind.BOUNCED,
        False,
        Refusal.MAILBOX,
    ),
    (S, {"event": "spamreport"}, EventKind.COMPLAINED, None, Refusal.NONE),
    (S, {"event": "open", "sg_machine_open": True}, EventKind.OPENED, None, Refusal.NONE),
    (S, {"event": "dropped", "reason": "Bounced Address"}, EventKind.REFUSED, None, Refusal.POLICY),
    (B, {"event": "delivered"}, EventKind.DELIVERED, None, Refusal.NONE),
    (B, {"event": "hard_bounce", "reason": "went wrong"}, EventKind.BOUNCED, True, Refusal.RECIPIENT),
    (B, {"event": "soft_bounce", "reason": "went wrong"}, EventKind.BOUNCED, False, Refusal.POLICY),
    (B, {"event": "proxy_open"}, EventKind.OPENED, None, Refusal.NONE),
    (B, {"event": "unsubscribe"}, EventKind.UNSUBSCRIBED, None, Refusal.OBJECTED),
    (A, ses_bounce("Permanent", "5.1.1", f"smtp; {GONE}"), EventKind.BOUNCED, True, Refusal.RECIPIENT),
    (A, ses_bounce("Transient", "4.4.7", "expired"), EventKind.BOUNCED, False, Refusal.POLICY),
    (
        A,
        {
            "notificationType": "Complaint",
            "complaint": {"complainedRecipients": [{"emailAddress": "jo@example.org"}]},
            "mail": SES_MAIL,
        },
        EventKind.COMPLAINED,
        None,
        Refusal.NONE,
    ),
    (
        A,
        {"eventType": "Click", "click": {"link": "https://a.b"}, "mail": SES_MAIL},
        EventKind.CLICKED,
        None,
        Refusal.NONE,
    ),
]
USUAL: dict[ProviderName, dict[str, Any]] = {P: POSTMARK, M: MAILGUN, S: SENDGRID, B: BREVO, A: {}}


@pytest.mark.parametrize(("provider", "said", "kind", "hard", "about"), TOLD)
def test_what_a_notice_means(
    provider: ProviderName, said: dict[str, Any], kind: EventKind, hard: bool | None, about: Refusal
) -> None:
    body, headers = notice(provider, USUAL[provider] | said)
    (event,) = read(provider, body, headers)
    assert (event.provider, event.kind, event.hard, event.about) == (provider, kind, hard, about)
    assert (event.recipient, event.delivery) == ("jo@example.org", KEY)
    assert event.at is not None
    assert event.at.utcoffset() == timedelta(0)
    if "open" in str(said).lower():
        assert event.machine is True
    if kind is EventKind.CLICKED:
        assert event.url == "https://a.b"
    assert {read(provider, body, headers) for _ in range(10)} == {(event,)}


def test_each_event_has_an_id_of_its_own() -> None:
    seen = set()
    for provider, said, *_ in TOLD:
        for number in range(2):  # the same thing told of another message, or a second time later
            usual = USUAL[provider] | ({"id": f"mg-{len(seen)}"} if provider is M else {})
            usual |= {"sg_event_id": f"sg-{len(seen)}"} if provider is S else {}
            usual |= {"ts_epoch": 1795426200000 + len(seen)} if provider is B else {}
            usual |= {"MessageID": f"pm-{number}"} if provider is P else {}
            body, headers = notice(provider, usual | said)
            if provider is A:
                body = sns({"Message": json.dumps(said), "MessageId": f"sns-{len(seen)}"})
            seen.add(read(provider, body, headers)[0].event_id)
    assert len(seen) == 2 * len(TOLD)


@pytest.mark.parametrize("provider", ProviderName)
def test_what_is_not_proved_is_refused(provider: ProviderName) -> None:
    said = USUAL[provider] | next(one for at, one, *_ in TOLD if at is provider)
    body, headers = notice(provider, said)
    assert read(provider, body, headers)
    wrong: list[tuple[bytes, dict[str, str], dict[str, Any]]] = [
        (body, {name: value[:-3] for name, value in headers.items() if name != "Content-Type"}, {}),
        (body, {}, {}),
        (body, headers, {"secret": ""}),
        (body, headers, {"secret": "wrong"}),
        (body + b" " * 2_000_001, headers, {}),
        (b"\xff", headers, {}),
        (b"[" * 100_000, headers, {}),
        (b"[]", headers, {}),
        (b'"x"', headers, {}),
    ]
    if provider in (S, A):  # the proof covers every byte
        wrong.append((body.replace(b"jo@example.org", b"xx@example.org"), headers, {}))
    if provider in (M, A):  # the proof stands in the body, so headers prove nothing
        wrong = wrong[2:]
    for bad_body, bad_headers, change in wrong:
        if provider is S and bad_body == b"[]":
            continue
        with pytest.raises(WebhookRefused) as refused:
            read(provider, bad_body, bad_headers, **change)
        assert all(refused.value.as_dict().values())
        assert PASSWORD not in str(refused.value)


def test_amazon_is_asked_for_its_certificate_and_nobody_else() -> None:
    said = ses_bounce("Permanent", "5.1.1", GONE)
    assert read(A, *notice(A, said, version="1"))
    for url in (
        "http://sns.eu-west-1.amazonaws.com/x.pem",
        "https://sns.eu-west-1.amazonaws.com.evil.example/x.pem",
        "https://evil.example/sns.eu-west-1.amazonaws.com/x.pem",
        "https://sns.eu-west-1.amazonaws.com@evil.example/x.pem",
        "https://sns.eu-west-1.amazonaws.com:444/x.pem",
    ):
        with pytest.raises(WebhookRefused, match="isn't Amazon's"):
            read(A, sns({"Message": json.dumps(said), "SigningCertURL": url}), {}, fetch=lambda _: pytest.fail("asked"))

    def away(_: str) -> bytes:
        raise Lost("away", begun=False)

    with pytest.raises(WebhookRefused, match="can't be fetched just now"):
        read(A, *notice(A, said), fetch=away)
    with pytest.raises(WebhookRefused, match="another topic"):
        read(A, *notice(A, said), secret=TOPIC + "x")


def test_a_subscription_is_confirmed_at_amazon_only() -> None:
    url = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=x"
    asked = {"Type": "SubscriptionConfirmation", "Message": "You have chosen …", "SubscribeURL": url, "Token": "x"}
    assert subscription_url(body=sns(asked), topic=TOPIC, fetch=fetch) == url
    assert read(A, sns(asked), {}) == ()
    assert subscription_url(body=sns({"Message": "{}"}), topic=TOPIC, fetch=fetch) == ""
    with pytest.raises(WebhookRefused):
        subscription_url(body=sns(asked | {"SubscribeURL": "https://evil.example/"}), topic=TOPIC, fetch=fetch)


@pytest.mark.datasets
def test_notices_as_they_were_really_sent(datasets: Path) -> None:
    folder = datasets / "messages/webhook_bounces"
    found = {}
    for path in sorted(folder.glob("json-amazonses-*.json")):
        whole = json.loads(path.read_text())
        message = whole["Message"] if "Message" in whole else json.dumps(whole)
        (event,) = read(A, sns({"Message": message}), {})
        found[path.stem] = (event.kind, event.hard, event.recipient, event.status)
    for path in sorted(folder.glob("json-sendgrid-*.json")):
        (raw,) = json.loads(path.read_text())
        if "event" in raw:  # the others are rows of its list of bounces, which no notice carries
            (event,) = read(S, *notice(S, raw))
            found[path.stem] = (event.kind, event.hard, event.recipient, event.status)
    assert found == {
        "json-amazonses-02": (EventKind.BOUNCED, True, "bounce@simulator.amazonses.com", "5.1.1"),
        "json-amazonses-04": (EventKind.DELIVERED, None, "success@simulator.amazonses.com", "2.6.0"),
        "json-amazonses-05": (EventKind.DELIVERED, None, "complaint@simulator.amazonses.com", "2.6.0"),
        "json-sendgrid-12": (EventKind.BOUNCED, False, "mailboxfull@example.jp", "5.2.2"),
        "json-sendgrid-16": (EventKind.COMPLAINED, None, "kijitora@outlook.example.com", ""),
    }
