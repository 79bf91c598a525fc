"""Where Twilio tells what became of text messages: proved to be its own, kept, then answered."""

from __future__ import annotations

import logging
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from fourfold.base import clock
from fourfold.contact import actions, queries
from fourfold.contact.transports.sms import read_status
from fourfold.contact.types.transport import TwilioSettings, WebhookRefused

log = logging.getLogger("fourfold.notices")


@csrf_exempt
@login_not_required
@require_POST
def take_text_news(request: HttpRequest, key: UUID) -> HttpResponse:
    """News of one text message. 200 once they are kept; 403 for what nothing proves, whatever the reason."""
    account = queries.text_account(key)
    if account is None or not account.secret:
        return _answer("Refused.", 403)
    # It signs the address that it was told, which is the public one whatever stands before this server.
    base = settings.PUBLIC_URL.rstrip("/") or f"{request.scheme}://{request.get_host()}"
    try:
        event = read_status(
            TwilioSettings(account=account.username, secret=account.secret), url=base + request.get_full_path(),
            form=request.POST.dict(), signature=request.headers.get("X-Twilio-Signature", ""),
        )  # fmt: skip
    except WebhookRefused as refused:
        log.warning("%s %s", refused.what, refused.why)
        return _answer("Refused.", 403)
    new = actions.take_text_news(mailbox=key, event=event, at=clock.now())
    return _answer("New." if new else "Known.")


def _answer(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
