"""Does an account let us in? One question each that changes nothing and sends nothing."""

from __future__ import annotations

import base64
import json
from typing import NoReturn
from urllib.parse import quote

from fourfold.contact.transports.asking import Answer, Lost, ask
from fourfold.contact.types.transport import CannotConnect, ProviderName, ProviderSettings, TwilioSettings

USUAL = {
    ProviderName.MAILGUN: "https://api.mailgun.net/v3",
    ProviderName.POSTMARK: "https://api.postmarkapp.com",
    ProviderName.SENDGRID: "https://api.sendgrid.com/v3",
    ProviderName.BREVO: "https://api.brevo.com/v3",
}


def probe_provider(settings: ProviderSettings) -> str:
    """Ask a provider who we are; "" or a word of warning. Raises CannotConnect, whose words hold no secret.

    Source: Mailgun GET /v3/domains/{domain}, Postmark GET /server, SendGrid GET /v3/scopes, Brevo GET /v3/account.
    """
    name = settings.provider
    base = (settings.api_url or USUAL[name]).rstrip("/")
    if name is ProviderName.POSTMARK:
        path, headers = "/server", {"X-Postmark-Server-Token": settings.secret, "Accept": "application/json"}
    elif name is ProviderName.SENDGRID:
        path, headers = "/scopes", {"Authorization": f"Bearer {settings.secret}"}
    elif name is ProviderName.BREVO:
        path, headers = "/account", {"api-key": settings.secret}
    else:
        both = base64.b64encode(f"api:{settings.secret}".encode()).decode()
        path, headers = f"/domains/{quote(settings.domain, safe='')}", {"Authorization": f"Basic {both}"}
    answer = _asked(name.title(), base + path, headers, settings.timeout)
    said = _said(answer)
    scopes = said.get("scopes")
    if name is ProviderName.SENDGRID and isinstance(scopes, list) and "mail.send" not in scopes:
        _refuse("SendGrid", "The key may not send mail.", "Make one with the permission “Mail Send”.")
    domain = said.get("domain")
    state = domain.get("state") if isinstance(domain, dict) else None
    if name is ProviderName.MAILGUN and state and state != "active":
        return f"Mailgun knows the domain {settings.domain}, but calls it “{str(state)[:40]}”."
    return ""


def probe_twilio(settings: TwilioSettings) -> None:
    """Ask Twilio for our account. Raises CannotConnect. Source: GET /2010-04-01/Accounts/{sid}.json."""
    account = quote(settings.account, safe="")
    both = base64.b64encode(f"{settings.account}:{settings.secret}".encode()).decode()
    url = f"{settings.api_url.rstrip('/')}/2010-04-01/Accounts/{account}.json"
    said = _said(_asked("Twilio", url, {"Authorization": f"Basic {both}"}, settings.timeout))
    state = str(said.get("status", "active"))
    if state != "active":
        _refuse("Twilio", f"It calls the account “{state[:40]}”.", "Look at the account in Twilio's console.")


def _asked(name: str, url: str, headers: dict[str, str], timeout: float) -> Answer:
    try:
        answer = ask(url, headers=headers, timeout=timeout)
    except Lost as lost:
        _refuse(name, lost.words, "Try again in a few minutes.")
    if answer.status in (401, 403):
        _refuse(name, f"It does not know the key (HTTP {answer.status}).", "Copy it again; look at its rights.")
    if answer.status == 404:
        _refuse(name, "It knows no such account or domain.", "Check the account, the domain and its region.")
    if answer.status != 200:
        _refuse(name, f"It answered HTTP {answer.status}.", "Try again in a few minutes.")
    return answer


def _said(answer: Answer) -> dict[str, object]:
    try:
        said = json.loads(answer.body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _refuse(name: str, why: str, todo: str) -> NoReturn:
    raise CannotConnect(f"{name} did not let us in.", why, todo)
