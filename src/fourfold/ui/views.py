"""The gallery: every component in every state, on one page. Whoever adds a component adds it there."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from fourfold.base.errors import FourfoldError
from fourfold.ui.gallery import gallery_context
from fourfold.ui.messages import say_done

ERRORS = (403, 404, 422, 500)


def show_gallery(request: HttpRequest) -> HttpResponse:
    """All components, in the signed-in shell. ``?said=1`` also shows messages as they come after a deed."""
    if request.GET.get("said"):
        say_done(request, "Maya Osei is on your list for today.", undo=reverse("ui:gallery"))
        messages.warning(request, "2 of 214 rows were left out. The file with the reasons is ready.")
    return render(request, "ui/gallery.html", gallery_context())


def show_signed_out(request: HttpRequest) -> HttpResponse:
    """A page as people see it before they sign in."""
    return render(request, "ui/gallery_signed_out.html", gallery_context())


def show_error(request: HttpRequest, status: int) -> HttpResponse:
    """One of the error pages, with its status."""
    status = status if status in ERRORS else 404
    refusal = FourfoldError(
        "The file was not imported.",
        "Row 14 has “31/02/2025” in the column occurred_at, and there is no such day.",
        "Mend the row and import the file again: rows that are already here are not counted twice.",
    )
    return render(request, f"ui/errors/{status}.html", {"error": refusal} if status == 422 else {}, status=status)


def show_progress(request: HttpRequest) -> HttpResponse:
    """A progress bar that has just finished: what a running one asks for."""
    return render(request, "ui/gallery.html#finished")
