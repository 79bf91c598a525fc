"""Pages of files: bring one, look at it, take it home, remove it."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fourfold.base import clock
from fourfold.base.errors import FourfoldError
from fourfold.files import actions, pages, queries
from fourfold.files.forms import FileForm
from fourfold.files.types import FilePurpose, FileRefused, Stored
from fourfold.ui.messages import say_done

SANDBOX = "default-src 'none'; sandbox"


@require_POST
def bring_file(request: HttpRequest) -> HttpResponse:
    """Keep a file about something."""
    found = queries.about(request.viewer, pages.parse_things(request.POST.get("about", "")))
    form = FileForm(request.POST, request.FILES, purposes=pages.purposes(found.subjects), auto_id="file_%s")
    error: FourfoldError | None = None
    if form.is_valid():
        upload, purpose = form.cleaned_data["file"], FilePurpose(form.cleaned_data["purpose"])
        try:
            actions.bring_file(
                subject=pages.side_of(purpose, found.subjects),
                name=upload.name,
                data=upload.read(pages.most_bytes() + 1),
                purpose=purpose,
                viewer=request.viewer,
                at=clock.now(),
            )
            say_done(request, _("The file is kept."))
            return redirect(f"{found.subjects[0].url}#files")
        except FileRefused as refused:
            error = refused
    context = {"panel": pages.about_context(found, form=form, error=error), "subject": found.subjects[0]}
    return render(request, "files/about.html", context, status=422)


@require_safe
def show_file(request: HttpRequest, key: UUID) -> HttpResponse:
    """A file's pages as pictures, and its text."""
    return render(request, "files/file.html", pages.file_context(queries.file(request.viewer, key)))


@require_safe
def download(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The file itself: always as an attachment, never shown by the browser in our name."""
    stored = queries.download(request.viewer, key)
    return _sent(stored, attachment=True)


@require_safe
def show_picture(request: HttpRequest, key: UUID, page: int) -> HttpResponseBase:
    """The picture of one page, drawn by us."""
    response = _sent(queries.picture(request.viewer, key, page), attachment=False)
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _sent(stored: Stored, *, attachment: bool) -> FileResponse:
    content = Path(stored.path).open("rb")  # noqa: SIM115 (the response closes it)
    response = FileResponse(content, as_attachment=attachment, filename=stored.name, content_type=stored.media.value)
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
def remove_file(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a file away; the next page offers to bring it back."""
    subject = actions.remove_file(key=key, viewer=request.viewer, at=clock.now())
    say_done(request, _("The file is removed."), undo=reverse("bring_file_back", args=[key]))
    return redirect(f"{subject.url}#files")


@require_POST
def bring_file_back(request: HttpRequest, key: UUID) -> HttpResponse:
    """Undo a removal."""
    subject = actions.bring_file_back(key=key, viewer=request.viewer, at=clock.now())
    say_done(request, _("The file is back."))
    return redirect(f"{subject.url}#files")
