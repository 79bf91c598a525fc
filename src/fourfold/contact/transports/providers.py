"""Sending through a provider's API, by anymail's back ends, each mailbox with its own key.

A ``Transport`` like an SMTP connection: takes the same finished messages. The provider signs them itself, with the
DKIM key it had the house publish. Amazon SES is reached through its SMTP interface: ``ses_settings``.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Sequence
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage as ParsedMessage
from typing import Any
from uuid import UUID

import requests
from anymail.backends.base import AnymailBaseBackend
from anymail.backends.brevo import EmailBackend as Brevo
from anymail.backends.mailgun import EmailBackend as Mailgun
from anymail.backends.postmark import EmailBackend as Postmark
from anymail.backends.sendgrid import EmailBackend as SendGrid
from anymail.exceptions import (
    AnymailAPIError,
    AnymailError,
    AnymailInvalidAddress,
    AnymailNotSupportedWarning,
    AnymailRecipientsRefused,
)
from anymail.message import AnymailMessage

from fourfold.contact.transports.asking import described
from fourfold.contact.types.transport import (
    CannotConnect,
    Encryption,
    Handed,
    HandedState,
    Login,
    Outgoing,
    ProviderName,
    ProviderSettings,
    Refusal,
    SmtpSettings,
)

DELIVERY = "delivery"  # the name under which a delivery's key travels to the provider and back in its notices
KEPT = (
    "Message-ID",
    "In-Reply-To",
    "References",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Feedback-ID",
    "Auto-Submitted",
    "X-Loop",
)
WORDS = 500
WARNED = threading.Lock()


def ses_settings(*, region: str, username: str, secret: str) -> SmtpSettings:
    """Amazon SES by SMTP. ``username`` and ``secret`` are its SMTP credentials, not an account's keys."""
    return SmtpSettings(
        host=f"email-smtp.{region}.amazonaws.com",
        port=587,
        encryption=Encryption.STARTTLS,
        login=Login.PLAIN,
        username=username,
        secret=secret,
    )


class Api:
    """An open session with a provider. A ``Transport``. Use it in one thread at a time."""

    def __init__(self, settings: ProviderSettings, backend: AnymailBaseBackend) -> None:
        self._settings = settings
        self._backend = backend
        self._open = True

    @classmethod
    def open(cls, settings: ProviderSettings) -> Api:
        """Make ready; nothing is asked of the provider yet. Raises CannotConnect for settings that can't work."""
        if settings.provider is ProviderName.SES:
            raise CannotConnect(
                "This mailbox can't send through Amazon's API.",
                "Amazon SES is reached through its SMTP interface.",
                "Make SMTP credentials in the SES console and enter them as a mail server.",
            )
        if not settings.secret or (settings.provider is ProviderName.MAILGUN and not settings.domain):
            raise CannotConnect(
                f"This mailbox can't send through {settings.provider.title()}.",
                "Its key, or the domain it sends for, is missing.",
                "Enter both on the mailbox's page.",
            )
        backend = _backend(settings)
        backend.open()
        return cls(settings, backend)

    @property
    def is_open(self) -> bool:
        return self._open

    def send_group(
        self, messages: Sequence[Outgoing], on_handing_over: Callable[[Sequence[UUID]], None]
    ) -> list[Handed]:
        """Hand messages over, one question each; see ``Transport``."""
        if len({one.key for one in messages}) != len(messages):
            raise ValueError("a delivery stands twice in one group")
        done: list[Handed] = []
        for start in range(0, len(messages), self._settings.depth):
            group = messages[start : start + self._settings.depth]
            if self._open:
                on_handing_over([one.key for one in group])
            closed = "The session was closed."
            done += [self._send(one) if self._open else _not_begun(one, closed) for one in group]
        return done

    def close(self) -> None:
        self._open = False
        self._backend.close()

    def _send(self, one: Outgoing) -> Handed:
        try:
            message = _message(one, self._settings)
            self._backend.send_messages([message])
        except AnymailInvalidAddress:
            return Handed(one.key, HandedState.REFUSED, words="The address isn't one.", about=Refusal.RECIPIENT)
        except AnymailRecipientsRefused as refused:
            words = self._words(getattr(refused.response, "text", "") or str(refused))
            code = getattr(refused.response, "status_code", 0)
            return Handed(one.key, HandedState.REFUSED, code, words=words, about=Refusal.POLICY)
        except AnymailAPIError as failed:
            return self._failed(one, failed)
        except AnymailError as unfit:
            return Handed(one.key, HandedState.REFUSED, words=self._words(str(unfit)), about=Refusal.CONTENT)
        status = message.anymail_status
        code = getattr(status.esp_response, "status_code", 0)
        if status.status and status.status <= {"sent", "queued"}:
            return Handed(one.key, HandedState.DELIVERED, code, remote_id=str(status.message_id or ""))
        words = self._words(getattr(status.esp_response, "text", ""))
        if code >= 400:
            return Handed(one.key, HandedState.REFUSED, code, words=words, about=Refusal.POLICY)
        return Handed(one.key, HandedState.UNKNOWN, code, words=words)

    def _failed(self, one: Outgoing, failed: AnymailAPIError) -> Handed:
        """What a failed question means: only what surely didn't arrive, or was surely refused, is said to be so."""
        if isinstance(failed, requests.RequestException) and failed.response is None:
            cause = failed.__cause__
            known = cause if isinstance(cause, requests.RequestException) else failed
            words, begun = described(known, self._settings.timeout)
            return Handed(one.key, HandedState.UNKNOWN, words=words) if begun else _not_begun(one, words)
        code = failed.status_code or getattr(failed.response, "status_code", 0) or 0
        words = self._words(getattr(failed.response, "text", "") or f"HTTP {code}")
        if code in (401, 402, 403, 404):
            return Handed(one.key, HandedState.PUT_OFF, code, words=words, about=Refusal.SENDER)
        if code in (429, 503):
            return Handed(one.key, HandedState.PUT_OFF, code, words=words)
        if 400 <= code < 500:
            return Handed(one.key, HandedState.REFUSED, code, words=words, about=Refusal.CONTENT)
        return Handed(one.key, HandedState.UNKNOWN, code, words=words)

    def _words(self, text: str) -> str:
        clean = "".join(one if one.isprintable() else " " for one in text)
        return " ".join(clean.replace(self._settings.secret, "…").split())[:WORDS]


def _backend(settings: ProviderSettings) -> AnymailBaseBackend:
    usual: dict[str, Any] = {"timeout": settings.timeout, "debug_api_requests": False}
    if settings.api_url:
        usual["api_url"] = settings.api_url
    if settings.provider is ProviderName.POSTMARK:
        return Postmark(server_token=settings.secret, message_stream=settings.stream or None, **usual)
    if settings.provider is ProviderName.MAILGUN:
        return Mailgun(api_key=settings.secret, sender_domain=settings.domain, **usual)
    if settings.provider is ProviderName.BREVO:
        return Brevo(api_key=settings.secret, **usual)
    with WARNED, warnings.catch_warnings():
        # anymail's own tests no longer run against a SendGrid account; ours run against a server that checks the form.
        warnings.simplefilter("ignore", AnymailNotSupportedWarning)
        return SendGrid(api_key=settings.secret, **usual)


def _message(one: Outgoing, settings: ProviderSettings) -> AnymailMessage:
    """A finished message as anymail wants it: its parts, and our delivery's key to come back in notices."""
    parsed = message_from_bytes(one.content, policy=policy.SMTPUTF8)
    text, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
    headers = {name: " ".join(str(parsed[name]).split()) for name in KEPT if parsed[name]}
    if settings.provider is ProviderName.POSTMARK:
        headers["X-PM-KeepID"] = "true"
    message = AnymailMessage(
        subject=str(parsed["Subject"] or ""),
        body=_text(text),
        from_email=str(parsed["From"]),
        to=[_recipient(parsed, one.recipient)],
        reply_to=[str(parsed["Reply-To"])] if parsed["Reply-To"] else None,
        headers=headers,
    )
    if html is not None:
        message.attach_alternative(_text(html), "text/html")
    invitation = next((part for part in parsed.walk() if part.get_content_type() == "text/calendar"), None)
    if invitation is not None:  # no provider's API takes a third alternative; mail programs read it as a file too
        method = invitation.get_param("method", "REQUEST")
        message.attach("invitation.ics", invitation.get_content(), f"text/calendar; charset=utf-8; method={method}")
    message.metadata = {DELIVERY: str(one.key)}
    return message


def _recipient(parsed: ParsedMessage, address: str) -> str:
    """The envelope's address with the name that the message shows."""
    shown = parsed["To"].addresses if parsed["To"] else ()
    local, _, domain = address.rpartition("@")
    return str(Address(shown[0].display_name if shown else "", local, domain))


def _text(part: Any) -> str:
    return "" if part is None else part.get_content().replace("\r\n", "\n")


def _not_begun(one: Outgoing, words: str) -> Handed:
    return Handed(one.key, HandedState.NOT_BEGUN, words=words)
