"""Pages that add a person: bring a file, words or an address, look at what was read, confirm it."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fourfold.accounts import queries as accounts
from fourfold.base import clock
from fourfold.base.errors import FourfoldError, NotFound
from fourfold.files.types import FileRefused
from fourfold.people import access
from fourfold.people import queries as people
from fourfold.people.actions import drafts
from fourfold.people.forms.adding import BringForm, ConfirmForm
from fourfold.people.pages import adding as pages
from fourfold.people.queries import adding as queries
from fourfold.people.types import Origin, PersonRole
from fourfold.people.types.adding import DraftState
from fourfold.ui.messages import say_done


@require_http_methods(["GET", "POST"])
def add_person(request: HttpRequest) -> HttpResponse:
    """The ways to begin. A bookmark or a phone passes an address and selected words, which are only filled in."""
    access.require_adder(request.viewer)
    form = BringForm(request.POST, request.FILES) if request.method == "POST" else _begun(request)
    error: FourfoldError | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            if given["file"]:
                data = given["file"].read(pages.most_bytes() + 1)
                key = drafts.begin_draft_with_file(
                    name=given["file"].name, data=data, viewer=request.viewer, at=clock.now()
                )
            else:
                key = drafts.begin_draft(
                    url=given["url"].strip(), text=given["text"], viewer=request.viewer, at=clock.now()
                )
            where = request.GET.get("of", "")
            return redirect(reverse("draft", args=[key]) + (f"?of={quote(where)}" if where else ""))
        except FileRefused as refused:
            error = refused
    context = {
        "form": form,
        "error": error,
        "megabytes": settings.FILE_MEGABYTES,
        "bookmarklet": pages.bookmarklet(f"{request.scheme}://{request.get_host()}"),
        "passed": form.initial,
    }
    return render(request, "people/add.html", context, status=422 if error or form.errors else 200)


def _begun(request: HttpRequest) -> BringForm:
    """The form with what another page passed: its address and the words selected there."""
    url, text = request.GET.get("url", "")[:500], request.GET.get("text", "")[:20_000]
    if not url and text.startswith(("http://", "https://")):  # some phones share the address as text
        url, _space, text = text.partition(" ")
    shown = url if url.startswith(("http://", "https://")) else ""
    return BringForm(initial={"url": shown, "text": text} if shown or text else {})


def _client_of(request: HttpRequest) -> tuple[UUID, str] | None:
    """The client on whose page the way here began, and its name."""
    try:
        key = UUID(request.GET.get("of", ""))
        return key, people.organisation_name(request.viewer, key)
    except (ValueError, NotFound):
        return None


def _works_there(name: str) -> dict[str, str]:
    return {"organisation": name, "role": PersonRole.CLIENT_CONTACT.value, "origin": Origin.CLIENT.value}


@require_http_methods(["GET", "POST"])
def show_draft(request: HttpRequest, key: UUID) -> HttpResponse:
    """What was read, to confirm or untick; then the person is added."""
    access.require_adder(request.viewer)
    page = queries.draft(request.viewer, key)
    if request.htmx and request.GET.get("part"):
        response = HttpResponse(status=204)
        if page.state is not DraftState.READING:
            response["HX-Refresh"] = "true"
        return response
    client = _client_of(request)
    form = ConfirmForm(
        request.POST if request.method == "POST" else None,
        reading=page.reading,
        country=accounts.house_country(),
        initial=ConfirmForm.first(page.reading) | (_works_there(client[1]) if client else {}),
    )
    error: FourfoldError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            person, is_new = drafts.confirm_draft(
                key=key,
                confirmed=form.confirmed(),
                origin=Origin(form.cleaned_data["origin"]),
                viewer=request.viewer,
                at=clock.now(),
            )
            say_done(request, _("They are added.") if is_new else _("They were known; what was new is added to them."))
            return redirect("organisation", client[0]) if client else redirect("person", person)
        except NotFound:
            raise
        except FourfoldError as refused:
            error = refused
    context = {**pages.draft_context(page, form), "error": error}
    return render(request, "people/draft.html", context, status=422 if error or form.errors else 200)


@require_POST
def drop_draft(request: HttpRequest, key: UUID) -> HttpResponse:
    """Leave it: nobody is added, and the file goes."""
    access.require_adder(request.viewer)
    drafts.drop_draft(key=key, viewer=request.viewer)
    say_done(request, _("Nobody was added."))
    return redirect("people")
