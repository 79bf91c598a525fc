"""Coming over from another system: drop its files, look at what was recognised, check, bring in, take out again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fourfold.accounts import queries as accounts
from fourfold.base import clock
from fourfold.base.errors import FourfoldError, NotFound
from fourfold.integrations import access, actions, pages, queries
from fourfold.integrations.forms import CrossingForm, TableForm
from fourfold.integrations.rules import sample_zip
from fourfold.integrations.types import ENTITIES, MOVING, SYSTEM_NAMES, CrossingRow, Settings, State
from fourfold.ui.messages import say_done


@require_http_methods(["GET", "POST"])
def new_crossing(request: HttpRequest) -> HttpResponse:
    """Drop the files of another system, or one zip; they are recognised in the background."""
    access.require_importer(request.viewer)
    posted, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = CrossingForm(posted, files)
    error: FourfoldError | None = None
    if request.method == "POST" and form.is_valid():
        house = accounts.house_currency()
        settings = Settings(zone=accounts.house_zone(), currency=house, house=house)
        try:
            key = actions.begin_crossing(
                files=[(one.name, one) for one in form.cleaned_data["exported"]],
                settings=settings,
                by=request.viewer.actor(),
                at=clock.now(),
            )
            return redirect("crossing", key)
        except FourfoldError as refused:
            error = refused
    context = {"form": form, "error": error, "steps": pages.crossing_steps(None), "systems": pages.known_tables()}
    status = 422 if form.errors or error else 200
    return render(request, "integrations/new_crossing.html", context, status=status)


@require_safe
def show_crossing(request: HttpRequest, key: UUID) -> HttpResponse:
    """Files of another system, wherever they stand. While the worker is at them, the page asks again by itself."""
    found = queries.crossing(request.viewer, key)
    if request.htmx and request.GET.get("part"):
        if found.state.is_working:
            return render(request, "integrations/crossing.html#working", _context(request, found))
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "integrations/crossing.html", _context(request, found))


def _context(request: HttpRequest, found: CrossingRow) -> dict[str, Any]:
    return {
        "found": found,
        "heading": pages.crossing_heading(found),
        "steps": pages.crossing_steps(found),
        "progress": pages.crossing_progress(found),
        "cards": pages.table_cards(found),
        "findings": pages.findings(found),
        "moved": pages.moved_card(queries.moved_tables(found.key), queries.waiting_to_move(), found.state),
        "state": found.state.value,
        "next_step": found.state in {State.MAPPING, State.CHECKED, State.APPLIED},
        "may_import": access.may_import(request.viewer),
        "here": reverse("crossing", args=[found.key]),
    }


@require_http_methods(["GET", "POST"])
def edit_table(request: HttpRequest, key: UUID) -> HttpResponse:
    """Change which column of one table is which."""
    access.require_importer(request.viewer)
    crossing = queries.crossing_of(key)
    found = queries.crossing(request.viewer, crossing) if crossing else None
    table = next((one for one in found.tables if one.one.key == key), None) if found else None
    if found is None or table is None:
        raise NotFound("This table was not found.", "The address is wrong or not yours.", "Go back to the list.")
    form = TableForm(request.POST if request.method == "POST" else None, table=table)
    error: FourfoldError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_table(
                key=key,
                mapping=form.mapping,
                settings=form.settings_on(table.one.settings),
                added=form.added,
                viewer=request.viewer,
                at=clock.now(),
            )
            say_done(request, _("The columns of %(name)s are set.") % {"name": table.one.file_name})
            return redirect("crossing", found.key)
        except FourfoldError as refused:
            error = refused
    context = {"found": found, "table": table, "form": form, "system": SYSTEM_NAMES[table.entity.system]}
    context["dropped"] = f"{', '.join(table.dropped)}."
    context["error"] = error
    return render(request, "integrations/table.html", context, status=422 if form.errors or error else 200)


@require_POST
def check_crossing(request: HttpRequest, key: UUID) -> HttpResponse:
    """Have every row checked."""
    actions.check_crossing(key=key, viewer=request.viewer, by=request.viewer.actor(), at=clock.now())
    return redirect("crossing", key)


@require_POST
def apply_crossing(request: HttpRequest, key: UUID) -> HttpResponse:
    """Bring the checked rows in."""
    actions.apply_crossing(key=key, viewer=request.viewer, by=request.viewer.actor(), at=clock.now())
    return redirect("crossing", key)


@require_POST
def move_waiting(request: HttpRequest, key: UUID) -> HttpResponse:
    """Move the jobs and applications in that wait."""
    actions.move_waiting(key=key, viewer=request.viewer, by=request.viewer.actor(), at=clock.now())
    return redirect("crossing", key)


@require_POST
def take_back_crossing(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take out again what came in."""
    actions.take_back_crossing(key=key, viewer=request.viewer, by=request.viewer.actor(), at=clock.now())
    say_done(request, _("What these files brought in is being taken out again."))
    return redirect("crossing", key)


@require_safe
def sample_export(request: HttpRequest) -> HttpResponse:
    """A small export of invented people, to try it with."""
    access.require_importer(request.viewer)
    response = HttpResponse(sample_zip(), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="bullhorn-sample.zip"'
    return response


@require_safe
def show_waiting(request: HttpRequest) -> HttpResponse:
    """What waits for a room, by kind."""
    access.require_importer(request.viewer)
    counts = queries.staged_counts()
    context = {"cards": pages.staged_cards(counts), "total": sum(one.count for one in counts)}
    return render(request, "integrations/waiting.html", context)


@require_safe
def show_staged(request: HttpRequest, layout: str) -> HttpResponse:
    """Records of one kind that wait. Raises NotFound for a kind we don't know."""
    access.require_importer(request.viewer)
    if layout not in ENTITIES:
        raise NotFound("This page was not found.", "There is no such kind of record.", "Go back to the list.")
    after = request.GET.get("after", "")
    try:
        rows = queries.staged_rows(request.viewer, layout, after=UUID(after) if after else None)
    except ValueError:
        raise NotFound("This page was not found.", "Its address was cut or changed.", "Go back to the list.") from None
    context = {
        "entity": ENTITIES[layout],
        "moves": layout in MOVING,
        "system": SYSTEM_NAMES[ENTITIES[layout].system],
        "rows": rows,
        "count": next((one.count for one in queries.staged_counts() if one.entity.layout == layout), 0),
        "older": rows[-1].key if len(rows) == 50 else None,
        "here": reverse("staged", args=[layout]),
    }
    return render(request, "integrations/staged.html", context)
