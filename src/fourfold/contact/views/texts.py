"""Text messages: writing one to one person, and where Twilio tells what became of them."""

from __future__ import annotations

import logging
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from fourfold.base import clock
from fourfold.contact import access, actions, pages, queries
from fourfold.contact.forms.texts import TextForm
from fourfold.contact.transports.sms import read_status
from fourfold.contact.types import Queued, SendRefused, Verdict
from fourfold.contact.types.transport import TwilioSettings, WebhookRefused
from fourfold.ui.messages import say_done

log = logging.getLogger("fourfold.notices")


@require_http_methods(["GET", "POST"])
def text_to(request: HttpRequest, key: UUID) -> HttpResponse:
    """Write one text message to one person: the verdict beside it, and how many messages it is billed as."""
    access.require_writer(request.viewer)
    at = clock.now()
    values = pages.text_values(request.viewer, key, at, text=request.POST.get("text", ""))
    if values["key"] != key:
        return redirect("text_to", values["key"])
    if request.POST.get("part"):
        return render(request, "contact/text_count.html", values)
    form = TextForm(request.POST or None, mailboxes=values["mailboxes"])
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            found = actions.queue_message(
                intent=values["intent"], draft=form.draft(), mailbox=UUID(form.cleaned_data["mailbox"]),
                by=request.viewer.actor(), at=at,
            )  # fmt: skip
        except SendRefused as error:
            form.add_error(None, str(error))
        else:
            if isinstance(found, Queued):
                waits = found.decision.verdict is Verdict.HELD
                say_done(request, _("It waits until it may go.") if waits else _("It is on its way."))
                return redirect("person", key)
            status = 422
            values["refused"] = found.receipt
    return render(request, "contact/text.html", {**values, "form": form}, status=422 if form.errors else status)


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
