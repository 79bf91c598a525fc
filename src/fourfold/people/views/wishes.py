"""Pages about wishes: what somebody said, log another, lift one; the house's texts."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fourfold.base import clock
from fourfold.base.errors import FourfoldError, NotFound
from fourfold.people import access, actions, pages, queries
from fourfold.people.forms.wishes import WhyForm, WishForm, WordingForm
from fourfold.people.types import Purpose, WishKind, WishRefused, WordingRow
from fourfold.ui.messages import say_done


@require_http_methods(["GET", "POST"])
def show_wishes(request: HttpRequest, key: UUID) -> HttpResponse:
    """All that somebody said they wish, and a form to log what they said now."""
    at = clock.now()
    page = pages.wishes_context(request.viewer, key, at)
    if page["page"].key != key:
        return redirect("wishes", page["page"].key)
    today = at.astimezone(ZoneInfo(request.viewer.zone)).date()
    form = WishForm(request.POST or None, wordings=queries.wordings(used=True), today=today)
    if request.method == "POST" and form.is_valid():
        try:
            wish = form.wish(zone=request.viewer.zone, at=at)
            actions.log_wish(person_key=key, wish=wish, viewer=request.viewer, today=today, at=at)
        except WishRefused as error:
            form.add_error(None, str(error))
        else:
            say_done(request, _("It is kept, and stands from now on."))
            return redirect("wishes", key)
    return render(request, "people/wishes.html", {**page, "form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def end_wish(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask when and how they said so, then lift an objection or clear how they wanted to be reached."""
    asked = request.POST or request.GET
    page = pages.wishes_context(request.viewer, key, clock.now())
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _end(request, key, asked.get("clear", ""), form.cleaned_data["why"])
        except WishRefused as error:
            form.add_error(None, str(error))
        else:
            say_done(request, _("It stands no longer; that it stood is kept."))
            return redirect("wishes", key)
    values = {name: asked.get(name, "")[:20] for name in ("clear", "purpose", "channel")}
    shown = next((one for one in page["entries"] if _is(one, values)), None)
    if shown is None:
        raise NotFound(_("Nothing was changed."), _("This wish does not stand any more."), _("Reload the page."))
    context = {**page, "form": form, "values": values, "shown": shown}
    return render(request, "people/end_wish.html", context, status=422 if form.errors else 200)


def _is(entry: dict[str, object], values: dict[str, str]) -> bool:
    if values["clear"]:
        return entry.get("clear") == values["clear"]
    return entry.get("lift") == {"purpose": values["purpose"], "channel": values["channel"]}


def _end(request: HttpRequest, key: UUID, clear: str, why: str) -> None:
    if clear in set(WishKind):
        actions.clear_preference(person_key=key, kind=WishKind(clear), why=why, viewer=request.viewer, at=clock.now())
        return
    purpose = request.POST.get("purpose", "")
    if purpose not in set(Purpose):
        raise WishRefused(_("Nothing was lifted."), _("No such objection stands."), _("Reload the page."))
    actions.lift_objection(
        person_key=key, purpose=Purpose(purpose), channel=request.POST.get("channel", "")[:20], why=why,
        viewer=request.viewer, at=clock.now(),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def show_wordings(request: HttpRequest) -> HttpResponse:
    """The house's texts, each with its version; a new one is added, none is changed."""
    form = WordingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = WordingRow(**form.cleaned_data, retired_at=None)
            actions.add_wording(wording=row, viewer=request.viewer, at=clock.now())
        except FourfoldError as error:
            form.add_error(None, str(error))
        else:
            say_done(request, _("The text can be chosen from now on."))
            return redirect("wordings")
    context = {
        "form": form, "rows": queries.wordings(), "tabs": pages.privacy_tabs("wordings"),
        "may_keep": access.may_keep(request.viewer),
    }  # fmt: skip
    return render(request, "people/wordings.html", context, status=422 if form.errors else 200)


@require_POST
def retire_wording(request: HttpRequest) -> HttpResponse:
    """Use a text no more."""
    actions.retire_wording(version=request.POST.get("version", "")[:80], viewer=request.viewer, at=clock.now())
    say_done(request, _("The text is no longer offered; what was agreed to under it stands."))
    return redirect("wordings")
