"""Pages of the house's surveys: when who is asked, and with which words."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from csp.constants import SELF
from csp.decorators import csp_exempt, csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from fourfold.base import clock
from fourfold.base.errors import NotFound
from fourfold.studio.types import MailRefused
from fourfold.surveys import access, actions, pages, queries
from fourfold.surveys.forms import RulesForm, TextForm
from fourfold.surveys.types import Moment, TextRefused
from fourfold.ui.messages import say_done

FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data: https:; frame-ancestors 'self'; form-action 'none'; "
    "base-uri 'none'; sandbox"
)
"""Of a mail in its frame: its own styles and pictures, no script, no form, no way out."""
View = Callable[..., HttpResponse]
with_frame = cast("Callable[[View], View]", csp_update({"frame-src": [SELF]}))


@require_http_methods(["GET", "POST"])
def show_surveys(request: HttpRequest) -> HttpResponse:
    """When who is asked; how it stands."""
    access.require_keeper(request.viewer)
    at = clock.now()
    form = RulesForm(request.POST or None, rules=queries.house_rules())
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep_rules(to=form.house_rules(), viewer=request.viewer, at=at)
        except TextRefused as error:
            form.add_error(None, str(error))
        else:
            say_done(request, _("It holds for whoever is invited from now on."))
            return redirect("surveys")
    values = pages.surveys(request.viewer, form, at=at)
    return render(request, "surveys/surveys.html", values, status=422 if form.errors else 200)


@with_frame
@require_http_methods(["GET", "POST"])
def change_text(request: HttpRequest, moment: str) -> HttpResponse:
    """What is asked at a moment, and the mail that asks it."""
    access.require_keeper(request.viewer)
    brand = request.POST.get("brand", request.GET.get("brand", ""))
    values = pages.text_values(request.viewer, _moment(moment), _brand(brand))
    initial = pages.wording_values(values["row"].wording) | {"brand": brand}
    form = TextForm(request.POST or None, initial=initial, brands=values["brands"])
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep_text(
                moment=_moment(moment), brand=form.cleaned_data["brand"], wording=form.wording(),
                viewer=request.viewer, at=clock.now(),
            )  # fmt: skip
        except TextRefused as error:
            form.add_error(None, str(error))
        else:
            say_done(request, _("Mails that leave from now on say so; those sent keep theirs."))
            return redirect("surveys")
    return render(request, "surveys/text.html", {**values, "form": form}, status=422 if form.errors else 200)


@csp_exempt()
@xframe_options_sameorigin
@require_safe
def show_mail(request: HttpRequest, moment: str = "") -> HttpResponse:
    """The mail in its frame, as somebody made up would get it."""
    access.require_keeper(request.viewer)
    brand = _brand(request.GET.get("brand", ""))
    wording = queries.text_for(_moment(moment), brand).wording
    try:
        page = pages.sample_mail(wording, brand, at=clock.now()).html
    except (MailRefused, TextRefused) as error:
        page = f"<!doctype html><meta charset=utf-8><p>{escape(error)}</p>"
    headers = {"Content-Security-Policy": FRAME_POLICY, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return HttpResponse(page, headers=headers)


def _moment(text: str) -> Moment:
    if text not in set(Moment):
        raise NotFound(_("This text was not found."), _("There is no such moment."), _("Go back to the surveys."))
    return Moment(text)


def _brand(text: str) -> str:
    return text[:50]
