"""Pages of brand kits."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fourfold.base import clock
from fourfold.studio import access, actions, pages, queries
from fourfold.studio.forms import KitForm
from fourfold.studio.types import KitRefused
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
