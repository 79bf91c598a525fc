"""Where mail providers tell what became of messages: proved to be theirs, kept, then answered."""

from __future__ import annotations

import logging
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from fourfold.base import clock
from fourfold.contact import actions, queries
from fourfold.contact.transports import webhooks
from fourfold.contact.transports.asking import Lost
from fourfold.contact.types.transport import ProviderName, WebhookRefused

log = logging.getLogger("fourfold.notices")


@csrf_exempt
@login_not_required
@require_POST
def take_notice(request: HttpRequest, key: UUID) -> HttpResponse:
    """One notice about a mailbox. 200 once it is kept; 403 for one that nothing proves, whatever the reason."""
    found = queries.provider_and_secret(key)
    if found is None:
        return _answer("Refused.", 403)
    provider, secret = found
    try:
        if provider is ProviderName.SES:
            url = webhooks.subscription_url(body=request.body, topic=secret)
            if url:
                webhooks.fetch(url)
                return _answer("Subscribed.")
        events = webhooks.read_events(provider, body=request.body, headers=request.headers, secret=secret)
    except WebhookRefused as refused:
        log.warning("%s %s", refused.what, refused.why)
        return _answer("Refused.", 403)
    except Lost:
        return _answer("Try again later.", 503)
    new = actions.take_provider_events(mailbox=key, events=events, at=clock.now())
    return _answer(f"{new} new.")


def _answer(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
