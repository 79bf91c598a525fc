"""The whole house on its way out."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fourfold.base import clock
from fourfold.base.errors import NotFound
from fourfold.integrations import access, actions, pages, queries
from fourfold.ui.messages import say_done


@require_http_methods(["GET", "POST"])
def leaving(request: HttpRequest) -> HttpResponse:
    """Have everything written into a zip, and fetch it. While it is written, the page asks again by itself."""
    access.require_exporter(request.viewer)
    if request.method == "POST":
        actions.begin_export(viewer=request.viewer, at=clock.now())
        say_done(request, _("The export is being written. You can leave this page."))
        return redirect("leaving")
    rows = pages.export_rows(queries.exports(request.viewer))
    working = any(row["writing"] for row in rows)
    context = {"rows": rows, "working": working, "here": reverse("leaving")}
    if request.htmx and request.GET.get("part"):
        if working:
            return render(request, "integrations/leaving.html#working", context)
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "integrations/leaving.html", context)


@require_POST
def download_export(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The zip. A form posts it, so that no address in a history or a log fetches the house."""
    path = actions.note_download(key=key, viewer=request.viewer, at=clock.now())
    if not path.is_file():
        raise NotFound("This export was not found.", "Its file is gone.", "Make a new one.")
    return FileResponse(path.open("rb"), as_attachment=True, filename="fourfold-export.zip")
