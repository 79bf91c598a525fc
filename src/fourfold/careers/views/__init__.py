"""Public pages: a signed link in the address opens them, no cookie is read or set.

So none asks for a CSRF token: whoever can't make the link can't post, and a browser adds nothing to it by itself.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fourfold.base import clock
from fourfold.base.errors import FourfoldError, NotFound
from fourfold.careers import actions, forms, links, mails, pages, tracking
from fourfold.careers.types import PRINTERS, Link, LinkExpired, LinkKind, LinkRefused, OwnDeed, Standpoint, TooOften
from fourfold.people import queries as people
from fourfold.people.types import PersonNotFound, Purpose
from fourfold.studio import queries as studio
from fourfold.surveys.types import SurveyClosed

View = Callable[..., HttpResponse]
A_DAY = "public, max-age=86400"


def public(view: View) -> View:
    """A page that everybody may open: never kept, never indexed, its address told to nobody; errors in plain words."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
        try:
            response = view(request, *args, **values)
        except PersonNotFound:
            response = _page("nothing_held", pages.shell(studio.kit_of()))
        except FourfoldError as error:
            response = _page("refused", {**pages.shell(studio.kit_of()), "error": error}, _status(error))
        response.headers.setdefault("Cache-Control", "no-store")
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return csrf_exempt(login_not_required(shown))


def _status(error: FourfoldError) -> int:
    if isinstance(error, LinkRefused | NotFound):
        return 404
    if isinstance(error, (LinkExpired, SurveyClosed)):
        return 410
    return 429 if isinstance(error, TooOften) else 422


def _page(name: str, values: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page without a request in it: nothing of a session or of who is signed in can stand on it."""
    return HttpResponse(render_to_string(f"careers/{name}.html", values), status=status)


def _by(request: HttpRequest, token: str, kind: LinkKind) -> Standpoint:
    at = clock.now()
    link = links.read(token, kind=kind, at=at)
    return Standpoint(link, str(get_client_ip_address(request) or ""), actions.today_at(at), at)


def _see(address: str) -> HttpResponse:
    """On to a page that is fetched anew: reloading it posts nothing."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def _to(link: Link, did: str, **more: str) -> HttpResponse:
    """Back to the page of a link, with what was done."""
    return _see(f"{links.path(link)}?{urlencode({'did': did, **more})}#done")


@public
@require_safe
def show_why(request: HttpRequest, token: str) -> HttpResponse:
    """“Why am I hearing from you?”"""
    at = clock.now()
    link = links.read(token, kind=LinkKind.WHY, at=at)
    own = people.own_record(link.person_key, at=at)
    return _page("why", pages.why(link, own, did=request.GET.get("did", "")))


@public
@require_POST
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """One of its buttons."""
    by = _by(request, token, LinkKind.WHY)
    form = forms.AnswerForm(request.POST)
    if not form.is_valid():
        return _to(by.link, "")
    deed = OwnDeed(form.cleaned_data["deed"])
    actions.answer(deed=deed, months=form.cleaned_data["months"] or 3, by=by)
    return _to(by.link, deed.value)


@public
@require_POST
def send_letter(request: HttpRequest, token: str) -> HttpResponse:
    """Mail a fresh link of one hour to the address on file; the answer is the same where there is none."""
    by = _by(request, token, LinkKind.WHY)
    mails.send_link(by=by, base=f"{request.scheme}://{request.get_host()}")
    return _to(by.link, "letter")


@public
@require_POST
def lift(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """Lift an objection, at the person's own word."""
    by = _by(request, token, LinkKind(kind))
    form = forms.LiftForm(request.POST)
    if not form.is_valid():
        return _to(by.link, "")
    actions.lift(purpose=Purpose(form.cleaned_data["purpose"]), channel=form.cleaned_data["channel"], by=by)
    return _to(by.link, "lifted")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """One address for mail programs and people. A POST of a mail program (RFC 8058) is answered in a line, without a
    redirect; a GET shows one button and changes nothing, for scanners follow links.
    """
    if request.method != "POST":
        at = clock.now()
        link = links.read(token, kind=LinkKind.STOP, at=at)
        people.own_record(link.person_key, at=at)
        return _page("stop", pages.stop(link))
    by_hand = "by-hand" in request.POST
    everything = "everything" in request.POST
    by = _by(request, token, LinkKind.STOP)
    try:
        actions.stop(by=by, everything=everything)
    except PersonNotFound:
        if by_hand:
            raise
    if by_hand:
        return _page("stop", pages.stop(by.link, done=True, everything=everything))
    return HttpResponse("Stopped. You need do nothing else.\n", content_type="text/plain; charset=utf-8")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """The preference centre."""
    if request.method != "POST":
        at = clock.now()
        link = links.read(token, kind=LinkKind.PREFERENCES, at=at)
        own = people.own_record(link.person_key, at=at)
        form = forms.WishesForm(own=own, today=at.date())
        return _page("preferences", pages.preferences(link, own, form, did=request.GET.get("did", "")))
    by = _by(request, token, LinkKind.PREFERENCES)
    own = people.own_record(by.link.person_key, at=by.at)
    form = forms.WishesForm(request.POST, own=own, today=by.today)
    if not form.is_valid():
        return _page("preferences", pages.preferences(by.link, own, form), 422)
    changes = actions.keep_wishes(to=form.wishes(), by=by)
    own = people.own_record(by.link.person_key, at=by.at)
    fresh = forms.WishesForm(own=own, today=by.today)
    return _page("preferences", pages.preferences(by.link, own, fresh, changes=changes))


@public
@require_POST
def stop_all(request: HttpRequest, token: str) -> HttpResponse:
    by = _by(request, token, LinkKind.PREFERENCES)
    actions.stop(by=by, everything=True)
    return _to(by.link, OwnDeed.STOP_ALL)


@public
@require_POST
def agree(request: HttpRequest, token: str) -> HttpResponse:
    """Agree to one of the house's texts."""
    by = _by(request, token, LinkKind.PREFERENCES)
    form = forms.AgreeForm(request.POST)
    if not form.is_valid():
        return _to(by.link, "")
    actions.agree(purpose=Purpose(form.cleaned_data["purpose"]), wording=form.cleaned_data["wording"], by=by)
    return _to(by.link, "agreed")


@public
@require_POST
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Take back what was agreed to."""
    by = _by(request, token, LinkKind.PREFERENCES)
    form = forms.AgreeForm(request.POST)
    if not form.is_valid():
        return _to(by.link, "")
    actions.withdraw(purpose=Purpose(form.cleaned_data["purpose"]), by=by)
    return _to(by.link, "withdrew")


def _your_data(link: Link, at: datetime, status: int = 200, did: str = "", **values: Any) -> HttpResponse:
    own = people.own_record(link.person_key, at=at, subscribed=False)
    held = {
        "correct_form": values.pop("correct_form", None)
        or forms.CorrectForm(initial={"name": own.name, "city": own.city}),
        "erase_form": values.pop("erase_form", None) or forms.EraseForm(),
    }
    return _page("your_data", pages.your_data(link, own, forms=held, did=did, **values), status)


@public
@require_safe
def show_your_data(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody's own data, for one hour."""
    at = clock.now()
    link = links.read(token, kind=LinkKind.HOUR, at=at)
    return _your_data(link, at, did=request.GET.get("did", ""))


@public
@require_POST
def take_out_json(request: HttpRequest, token: str) -> HttpResponse:
    """Everything kept about them, for machines."""
    by = _by(request, token, LinkKind.HOUR)
    actions.note_taken_out(form="JSON", by=by)
    text = json.dumps(people.own_export(by.link.person_key), indent=1, ensure_ascii=False, default=str)
    return _file(text.encode(), "application/json", "your-data.json")


@public
@require_POST
def take_out_pdf(request: HttpRequest, token: str) -> HttpResponse:
    """The same in words, as a tagged PDF."""
    by = _by(request, token, LinkKind.HOUR)
    actions.note_taken_out(form="PDF", by=by)
    return _file(PRINTERS[0](by.link.person_key, by.at), "application/pdf", "your-data.pdf")


def _file(content: bytes, media: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@public
@require_POST
def correct(request: HttpRequest, token: str) -> HttpResponse:
    by = _by(request, token, LinkKind.HOUR)
    form = forms.CorrectForm(request.POST)
    if not form.is_valid():
        return _your_data(by.link, by.at, 422, correct_form=form)
    actions.correct(given=form.correction(), by=by)
    return _to(by.link, "corrected")


@public
@require_POST
def ask_for_erasure(request: HttpRequest, token: str) -> HttpResponse:
    by = _by(request, token, LinkKind.HOUR)
    form = forms.EraseForm(request.POST)
    if not form.is_valid():
        return _your_data(by.link, by.at, 422, erase_form=form)
    due = actions.ask_for_erasure(by=by)
    return _your_data(by.link, by.at, due=due)


@public
@require_safe
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Lead on to the address that a message's link was signed for, and to no other."""
    link = links.read(token, kind=LinkKind.CLICK, at=clock.now())
    try:
        tracking.note(link.kind, token, str(request.method), request.headers.get("User-Agent", ""))
    except OSError:
        tracking.journal.log.exception("What was followed can't be written down.")
        headers = {"Retry-After": "60"}
        return HttpResponse(tracking.apology(link), "text/plain; charset=utf-8", status=503, headers=headers)
    return HttpResponseRedirect(link.text)


@public
@require_safe
def see(request: HttpRequest, token: str) -> HttpResponse:
    """A picture of one pixel; that it was fetched is kept only where the house wants to know of openings."""
    link = links.read(token, kind=LinkKind.OPEN, at=clock.now())
    if settings.TRACK_OPENS:
        with contextlib.suppress(OSError):
            tracking.note(link.kind, token, str(request.method), request.headers.get("User-Agent", ""))
    return HttpResponse(tracking.PIXEL, content_type="image/gif")


@public
@require_safe
def show_style(request: HttpRequest) -> HttpResponse:
    """The brand's colours and typefaces."""
    kit = studio.kit_of(request.GET.get("brand", ""))
    return HttpResponse(pages.style(kit), content_type="text/css", headers={"Cache-Control": A_DAY})


@public
@require_safe
def show_logo(request: HttpRequest) -> HttpResponse:
    logo = studio.kit_of(request.GET.get("brand", "")).logo
    if logo is None:
        return HttpResponse(status=404)
    return HttpResponse(logo.data, content_type=logo.media, headers={"Cache-Control": A_DAY})
