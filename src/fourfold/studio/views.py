"""Pages of brand kits and mail templates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from csp.constants import SELF
from csp.decorators import csp_exempt, csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fourfold.base import clock
from fourfold.base.errors import NotFound
from fourfold.studio import access, actions, pages, queries
from fourfold.studio.forms import KIND_WORDS, KitForm, MailForm
from fourfold.studio.types import KitRefused, MailKind, MailRefused, MailVersion
from fourfold.ui.messages import say_done


@require_safe
def show_kits(request: HttpRequest) -> HttpResponse:
    """The brands and how each looks."""
    values = {"kits": queries.kits(request.viewer), "may_keep": access.may_keep_kits(request.viewer)}
    return render(request, "studio/kits.html", values)


@require_http_methods(["GET", "POST"])
def change_kit(request: HttpRequest, brand: str) -> HttpResponse:
    """One brand's kit, with a letter drawn in it."""
    kit = queries.kit(request.viewer, brand)
    access.require_kit_keeper(request.viewer)
    form = KitForm(request.POST or None, request.FILES or None, initial=pages.kit_values(kit))
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep_kit(brand=brand, to=form.change(), viewer=request.viewer, at=clock.now())
        except KitRefused as error:
            form.add_error(None, str(error))
        else:
            say_done(request, _("The kit is kept. Mails and documents use it from now on."))
            return redirect("brand_kit", brand)
    return render(request, "studio/kit.html", {"form": form, "kit": kit}, status=422 if form.errors else 200)


@require_safe
def show_preview(request: HttpRequest, brand: str) -> HttpResponse:
    """A letter in a brand's kit, as a picture."""
    drawn = pages.preview(queries.kit(request.viewer, brand))
    response = HttpResponse(drawn, content_type="image/svg+xml")
    response["Cache-Control"] = "private, no-cache"
    return response


FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data: https:; frame-ancestors 'self'; form-action 'none'; "
    "base-uri 'none'; sandbox"
)
"""Of a mail in its frame: its own styles and pictures, no script, no form, no way out."""
View = Callable[..., HttpResponse]
with_frame = cast("Callable[[View], View]", csp_update({"frame-src": [SELF]}))


@require_safe
def show_mails(request: HttpRequest) -> HttpResponse:
    """The templates, and those to begin from."""
    archived = "archived" in request.GET
    rows = [(row, KIND_WORDS[row.kind]) for row in queries.mails(request.viewer, archived=archived)]
    starts = [(key, one, KIND_WORDS[one.kind]) for key, one in queries.starts().items()]
    values = {"rows": rows, "starts": starts, "archived": archived, "may_keep": access.may_keep_mails(request.viewer)}
    return render(request, "studio/mails.html", values)


@with_frame
@require_http_methods(["GET", "POST"])
def change_mail(request: HttpRequest, key: UUID | None = None) -> HttpResponse:
    """One template: written on the left, seen on the right."""
    access.require_mail_keeper(request.viewer)
    version = queries.mail(request.viewer, key) if key else _start(request.GET.get("from", ""))
    form = _form(request, version)
    if request.method == "POST" and form.is_valid():
        held = form.cleaned_data
        try:
            kept = actions.keep_mail(
                key=key, name=held["name"], kind=MailKind(held["kind"]), brand=held["brand"], draft=form.draft(),
                viewer=request.viewer, at=clock.now(),
            )  # fmt: skip
        except MailRefused as error:
            form.add_error(None, str(error))
        else:
            say_done(request, _("The template is kept. Messages use it from now on; those sent keep theirs."))
            return redirect("mail", kept)
    versions = queries.mail_versions(request.viewer, key) if key else ()
    values = {"form": form, "version": version, "key": key, "versions": versions, "start": request.GET.get("from", "")}
    return render(request, "studio/mail.html", values, status=422 if form.errors else 200)


def _form(request: HttpRequest, version: MailVersion | None) -> MailForm:
    brands = [(kit.brand, kit.name) for kit in queries.kits(request.viewer)]
    return MailForm(request.POST or None, initial=pages.mail_values(version) if version else None, brands=brands)


def _start(name: str) -> MailVersion:
    return queries.starts().get(name) or queries.starts()["letter"]


@csp_exempt()
@xframe_options_sameorigin
@require_http_methods(["GET", "POST"])
def show_mail(request: HttpRequest, key: UUID | None = None) -> HttpResponse:
    """A mail in its frame: a kept version as somebody would get it, or what stands in the form just now."""
    try:
        page = pages.mail_as(_shown(request, key), request.viewer, _person(request)).html
    except MailRefused as error:
        page = f"<!doctype html><meta charset=utf-8><p>{escape(error)}</p>"
    headers = {"Content-Security-Policy": FRAME_POLICY, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return HttpResponse(page, headers=headers)


def _shown(request: HttpRequest, key: UUID | None) -> MailVersion:
    if request.method == "POST":
        access.require_mail_keeper(request.viewer)
        form = _form(request, None)
        if not form.is_valid():
            raise MailRefused(
                _("It can't be shown yet."), _("Something is left out."), _("Fill in the subject and the mail.")
            )
        held = form.cleaned_data
        return queries.draft_version(form.draft(), kind=MailKind(held["kind"]), brand=held["brand"], at=clock.now())
    if key is None:
        access.require_mail_reader(request.viewer)
        return _start(request.GET.get("from", ""))
    number = request.GET.get("version", "")
    return queries.mail(request.viewer, key, int(number) if number.isdecimal() and len(number) < 6 else None)


def _person(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET["person"]) if request.GET.get("person") else None
    except ValueError:
        raise NotFound(_("Nobody was found."), _("The address is wrong."), _("Choose somebody again.")) from None


@with_frame
@require_safe
def try_mail(request: HttpRequest, key: UUID) -> HttpResponse:
    """A template as one person would get it: wide, on a phone, as text, and what would be blank."""
    version = queries.mail(request.viewer, key)
    person, text = _person(request), request.GET.get("q", "")[:120]
    values: dict[str, Any] = pages.tried(version, request.viewer, text, person)
    may_keep = access.may_keep_mails(request.viewer)
    return render(request, "studio/mail_tried.html", {**values, "version": version, "may_keep": may_keep})


@require_POST
def archive_mail(request: HttpRequest, key: UUID) -> HttpResponse:
    """Put a template away, or take it out again."""
    archived = request.POST.get("deed") != "back"
    actions.archive_mail(key=key, archived=archived, viewer=request.viewer, at=clock.now())
    say_done(request, _("It is put away.") if archived else _("It is back."))
    return redirect("mails")
