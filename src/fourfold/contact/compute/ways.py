"""The way out of a mailbox, opened: a mail server, a provider, or text messages; signed in by a token where asked.

Tokens are renewed by one worker at a time: some providers withdraw the old refresh token with each answer, so two that
ask at once would lock the mailbox out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from fourfold.contact import actions, queries
from fourfold.contact.transports import oauth2
from fourfold.contact.transports.providers import Api
from fourfold.contact.transports.sms import Twilio
from fourfold.contact.transports.smtp import Connection
from fourfold.contact.types import (
    CannotConnect,
    CannotSend,
    Encryption,
    Handed,
    HandedState,
    Login,
    MailboxAccount,
    Outgoing,
    Refusal,
    SmtpSettings,
    Transport,
    Way,
)
from fourfold.contact.types.mailboxes import APIS, SIGN_INS
from fourfold.contact.types.transport import (
    ProviderName,
    ProviderSettings,
    SignInFailed,
    SmsHanded,
    SmsProvider,
    TwilioSettings,
)

DEPTH = 16
"""Messages handed over at once on one connection: what a kill can leave unclear."""
EARLY = timedelta(seconds=60)
LOOKS, BETWEEN = 120, 0.25
"""How often, and after how many seconds, to look whether another worker has a fresh token."""
NO_MOBILE = frozenset({21614, 30006})
"""Twilio's codes for a number that takes calls but no text messages: it stays open for calls."""

Now = Callable[[], datetime]


def open_way(account: MailboxAccount, *, now: Now) -> Way:
    """Connect and sign in. Raises CannotConnect, whose words hold no secret; nothing was sent."""
    if account.transport is Transport.TWILIO:
        return TextWay(Twilio(twilio_settings(account)), account.number)
    if account.transport in APIS:
        return Api.open(provider_settings(account))
    ready = signed_in(account, now=now)
    try:
        return Connection.open(smtp_settings(ready))
    except CannotConnect:
        if ready.transport in SIGN_INS:
            actions.forget_access(mailbox=account.key, used=ready.secret)
        raise


def signs(account: MailboxAccount) -> bool:
    """Whether the house puts its own signature on mail that leaves this way: a provider puts on its own."""
    return account.transport not in APIS and account.transport is not Transport.TWILIO


# ------------------------------------------------------------------------------------------ settings


def smtp_settings(account: MailboxAccount) -> SmtpSettings:
    """How to reach the mail server of a mailbox."""
    login = Login.PLAIN if account.username else Login.NONE
    if account.transport in SIGN_INS:
        login = Login.XOAUTH2
    return SmtpSettings(
        host=account.host,
        port=account.port or 587,
        encryption=Encryption(account.security),
        login=login,
        username=account.username or (account.from_address if login is Login.XOAUTH2 else ""),
        secret=account.secret,
        depth=DEPTH,
    )


def provider_settings(account: MailboxAccount) -> ProviderSettings:
    """How to reach the provider of a mailbox."""
    return ProviderSettings(
        provider=ProviderName(account.transport.value),
        secret=account.secret,
        domain=account.domain,
        stream=account.stream,
        api_url=account.api_url,
    )


def twilio_settings(account: MailboxAccount) -> TwilioSettings:
    """How to reach Twilio. News of a message are asked for where the house has a public address."""
    made = TwilioSettings(account=account.username, secret=account.secret, callback_url=text_news_url(account.key))
    return replace(made, api_url=account.api_url) if account.api_url else made


def text_news_url(mailbox: UUID) -> str:
    """Where Twilio tells what became of messages; "" where the house has no public address."""
    if urlsplit(settings.PUBLIC_URL).scheme not in ("http", "https"):
        return ""
    return settings.PUBLIC_URL.rstrip("/") + reverse("text_news", args=[mailbox])


# ------------------------------------------------------------------------------------------ sign-in


def signed_in(account: MailboxAccount, *, now: Now) -> MailboxAccount:
    """The mailbox with what servers take as its ``secret``: a fresh access token where a person signs it in.

    Others come back as they are. Raises CannotConnect; where only a person can sign it in again, it is paused too.
    """
    if account.transport not in SIGN_INS:
        return account
    for _ in range(LOOKS):
        if _is_fresh(account, now()):
            return replace(account, secret=account.access)
        if not account.secret:
            raise _refused(account, "Nobody has signed it in.", "Sign in from the mailbox's page.")
        if actions.begin_renewal(mailbox=account.key, at=now()):
            return _renewed(account.key, now)
        time.sleep(BETWEEN)
        account = _again(account.key)
    raise _refused(account, "Its token is being renewed, and that takes long.", "Nothing is lost; it is tried again.")


def _is_fresh(account: MailboxAccount, at: datetime) -> bool:
    return bool(account.access) and account.access_until is not None and at < account.access_until - EARLY


def _renewed(mailbox: UUID, now: Now) -> MailboxAccount:
    """The mailbox with a token that was fetched just now, by us or by whoever was quicker."""
    tokens = None
    account = _again(mailbox)
    provider = SIGN_INS[account.transport]
    try:
        if _is_fresh(account, now()):
            return replace(account, secret=account.access)
        app = queries.sign_in_app(provider)
        if app is None:
            name = provider.value.title()
            raise _refused(account, f"The registration with {name} is gone.", "Enter it under Mailboxes, Sign-in.")
        tokens = oauth2.refresh(app, account.secret, at=now())
    except SignInFailed as failed:
        if failed.again:
            actions.sign_out(mailbox=mailbox, used=account.secret, words=f"{failed.why} {failed.todo}", at=now())
        raise CannotConnect(failed.what, failed.why, failed.todo) from None
    finally:
        actions.renewed(mailbox=mailbox, used=account.secret, tokens=tokens)
    return replace(account, secret=tokens.access)


def _again(mailbox: UUID) -> MailboxAccount:
    found = queries.mailbox_account(mailbox)
    if found is None:
        raise CannotConnect("Nothing was sent.", "The mailbox is gone.", "Choose another.")
    return found


def _refused(account: MailboxAccount, why: str, todo: str) -> CannotConnect:
    return CannotConnect(f"The mailbox {account.from_address} could not be signed in.", why, todo)


# ------------------------------------------------------------------------------------------ text messages


class TextWay:
    """Text messages as a ``Transport``: the content is the text, the recipient a number."""

    def __init__(self, provider: SmsProvider, sender: str) -> None:
        self._provider = provider
        self._sender = sender
        self._open = True

    @property
    def is_open(self) -> bool:
        return self._open

    def send_group(
        self, messages: Sequence[Outgoing], on_handing_over: Callable[[Sequence[UUID]], None]
    ) -> list[Handed]:
        """Hand texts over, one question each; see ``Transport``."""
        on_handing_over([one.key for one in messages])
        return [self._send(one) for one in messages]

    def close(self) -> None:
        self._open = False

    def _send(self, one: Outgoing) -> Handed:
        try:
            done = self._provider.send(
                to=one.recipient, text=one.content.decode(), sender=self._sender, reference=str(one.key)
            )
        except CannotSend as error:
            return Handed(one.key, HandedState.REFUSED, words=f"{error.why} {error.todo}", about=Refusal.CONTENT)
        return handed_text(one.key, done)


def handed_text(key: UUID, done: SmsHanded) -> Handed:
    """What became of a text message, as of any other."""
    about = Refusal.MAILBOX if done.code in NO_MOBILE else done.about
    words = done.words or (f"{done.segments} parts" if done.segments > 1 else "")
    return Handed(key, done.state, done.code, words=words, about=about, remote_id=done.remote_id)
