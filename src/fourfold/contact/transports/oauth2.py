"""Signing a mailbox in at Microsoft 365 or Google: OAuth 2 with PKCE (RFC 6749, RFC 7636), and XOAUTH2.

Basic sign-in to their mail servers is going away; this gives the token that IMAP and SMTP take instead.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

from fourfold.contact.transports.asking import Lost, ask
from fourfold.contact.types.transport import OAuthApp, OAuthProvider, OAuthStart, OAuthTokens, SignInFailed

AUTHORISE = {
    OAuthProvider.MICROSOFT: "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
    OAuthProvider.GOOGLE: "https://accounts.google.com/o/oauth2/v2/auth",
}
TOKEN = {
    OAuthProvider.MICROSOFT: "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
    OAuthProvider.GOOGLE: "https://oauth2.googleapis.com/token",
}
SCOPES = {
    OAuthProvider.MICROSOFT: (
        "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access"
    ),
    OAuthProvider.GOOGLE: "https://mail.google.com/",
}
EXTRA = {
    OAuthProvider.MICROSOFT: {"prompt": "select_account"},
    OAuthProvider.GOOGLE: {"access_type": "offline", "prompt": "consent"},  # else there is no refresh token
}
NAMES = {OAuthProvider.MICROSOFT: "Microsoft", OAuthProvider.GOOGLE: "Google"}
ONCE_MORE = {"invalid_grant", "interaction_required", "consent_required", "login_required"}
TIMEOUT = 20.0
USUAL_LIFE = 3_600  # seconds, where the answer doesn't say
EARLY = timedelta(seconds=60)


def begin(app: OAuthApp, *, mailbox: str = "") -> OAuthStart:
    """Where the browser goes to sign in, and what to keep until it comes back. ``mailbox`` is suggested there."""
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "client_id": app.client_id,
        "response_type": "code",
        "redirect_uri": app.redirect_url,
        "scope": SCOPES[app.provider],
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        **EXTRA[app.provider],
        **({"login_hint": mailbox} if mailbox else {}),
    }
    base = app.authorise_url or AUTHORISE[app.provider].format(tenant=app.tenant)
    return OAuthStart(url=f"{base}?{urlencode(asked)}", state=state, verifier=verifier)


def finish(app: OAuthApp, start: OAuthStart, *, returned: Mapping[str, str], at: datetime) -> OAuthTokens:
    """Exchange what the browser brought back for tokens. Raises SignInFailed."""
    name = NAMES[app.provider]
    if not hmac.compare_digest(returned.get("state", "").encode(), start.state.encode()):
        raise SignInFailed(
            "The mailbox was not connected.",
            f"What came back from {name} doesn't belong to the sign-in that was begun here.",
            "Begin again from the mailbox's page, in one browser window.",
        )
    if returned.get("error") or not returned.get("code"):
        raise SignInFailed(
            "The mailbox was not connected.",
            f"{name} says: {_words(returned.get('error_description') or returned.get('error') or 'no code')}.",
            "Begin again, and agree to what is asked; an administrator may have to allow it first.",
        )
    asked = {
        "grant_type": "authorization_code",
        "code": returned["code"],
        "redirect_uri": app.redirect_url,
        "code_verifier": start.verifier,
    }
    tokens = _tokens(app, asked, at, "")
    if not tokens.refresh:
        raise SignInFailed(
            "The mailbox was not connected.",
            f"{name} gave no token that lasts, so it would stop within the hour.",
            "Remove this app from the account's connected apps, then begin again.",
        )
    return tokens


def refresh(app: OAuthApp, refresh_token: str, *, at: datetime) -> OAuthTokens:
    """A fresh access token. The refresh token in the answer replaces the old one.

    Raises SignInFailed; its ``again`` says that only a new sign-in by a person helps.
    """
    return _tokens(app, {"grant_type": "refresh_token", "refresh_token": refresh_token}, at, refresh_token)


def is_stale(tokens: OAuthTokens, at: datetime) -> bool:
    """Whether the access token has ended, or ends within a minute."""
    return at >= tokens.expires_at - EARLY


def xoauth2(mailbox: str, access_token: str) -> str:
    """What IMAP and SMTP take as AUTH XOAUTH2, before Base64."""
    return f"user={mailbox}\x01auth=Bearer {access_token}\x01\x01"


def _tokens(app: OAuthApp, asked: Mapping[str, str], at: datetime, old_refresh: str) -> OAuthTokens:
    name = NAMES[app.provider]
    form = {**asked, "client_id": app.client_id, "client_secret": app.client_secret}
    if app.provider is OAuthProvider.MICROSOFT:
        form["scope"] = SCOPES[app.provider]
    try:
        answer = ask(app.token_url or TOKEN[app.provider].format(tenant=app.tenant), form=form, timeout=TIMEOUT)
        said = json.loads(answer.body)
    except Lost as lost:
        raise SignInFailed(
            "The mailbox could not be signed in.",
            f"{name}: {lost.words}",
            "Nothing is lost; it is tried again by itself.",
        ) from None
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise SignInFailed(
            "The mailbox could not be signed in.",
            f"{name} gave an answer that can't be read (HTTP {answer.status}).",
            "Nothing is lost; it is tried again by itself.",
        )
    access = said.get("access_token")
    if answer.status != 200 or not isinstance(access, str) or not access:
        code = str(said.get("error", f"HTTP {answer.status}"))
        failed = SignInFailed(
            "The mailbox could not be signed in.",
            f"{name} says: {_scrubbed(str(said.get('error_description') or code), form)}.",
            "Connect the mailbox again from its page." if code in ONCE_MORE else "Check the app's registration.",
        )
        failed.again = code in ONCE_MORE
        raise failed
    life = said.get("expires_in")
    seconds = int(life) if isinstance(life, (int, float, str)) and str(life).isdecimal() else USUAL_LIFE
    return OAuthTokens(
        access=access,
        refresh=str(said.get("refresh_token") or old_refresh),
        expires_at=at + timedelta(seconds=min(seconds, 86_400)),
        scope=str(said.get("scope", "")),
    )


def _scrubbed(words: str, form: Mapping[str, str]) -> str:
    for name in ("client_secret", "refresh_token", "code", "code_verifier"):
        if form.get(name):
            words = words.replace(form[name], "…")
    return _words(words)


def _words(text: str) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())[:300].rstrip(".")
