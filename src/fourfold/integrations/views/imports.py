"""Pages of imports: choose a file, confirm its columns, look at what was checked, apply, take back."""

from __future__ import annotations

import csv
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fourfold.accounts import queries as accounts
from fourfold.base import clock
from fourfold.base.errors import FourfoldError
from fourfold.integrations import access, actions, pages, queries
from fourfold.integrations.forms import MappingForm, SheetForm, UploadForm
from fourfold.integrations.types import FileKind, ImportRow, Settings, State
from fourfold.ui.messages import say_done


@require_safe
def show_imports(request: HttpRequest) -> HttpResponse:
    """All imports, the latest first."""
    found = queries.imports(request.viewer)
    may = access.may_import(request.viewer)
    over = queries.crossings(request.viewer)
    context = {
        "rows": pages.list_rows(found),
        "crossings": pages.crossing_rows(over),
        "waiting": sum(one.count for one in queries.staged_counts()) if may else 0,
        "may_import": may,
        "may_export": access.may_export(request.viewer),
    }
    return render(request, "integrations/list.html", context)


@require_http_methods(["GET", "POST"])
def new_import(request: HttpRequest) -> HttpResponse:
    """Choose a file; its columns are read in the background."""
    access.require_importer(request.viewer)
    posted, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = UploadForm(posted, files, initial={"kind": request.GET.get("kind", "deals")})
    if request.method == "POST" and form.is_valid():
        house = accounts.house_currency()
        settings = Settings(zone=accounts.house_zone(), currency=house, house=house)
        upload = form.cleaned_data["file"]
        key = actions.take_in(
            kind=FileKind(form.cleaned_data["kind"]),
            name=upload.name,
            content=upload,
            settings=settings,
            by=request.viewer.actor(),
            at=clock.now(),
        )
        return redirect("import", key)
    context = {"form": form, "cards": pages.kind_cards(form["kind"]), "steps": pages.steps(None)}
    return render(request, "integrations/new.html", context, status=422 if form.errors else 200)


@require_safe
def show_import(request: HttpRequest, key: UUID) -> HttpResponse:
    """One import, wherever it stands. While the worker is at it, the page asks again by itself."""
    found = queries.one_import(request.viewer, key)
    over = queries.crossing_of(key)
    if over:
        return redirect("crossing", over)
    if request.htmx and request.GET.get("part"):
        if found.state.is_working:
            return render(request, "integrations/show.html#working", _context(request, found))
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "integrations/show.html", _context(request, found))


def _context(request: HttpRequest, found: ImportRow, form: MappingForm | None = None) -> dict[str, Any]:
    after = request.GET.get("after", "0")
    rejected = queries.rejected(request.viewer, found.key, after=int(after) if after.isdecimal() else 0, size=20)
    return {
        "found": found,
        "heading": pages.heading(found),
        "steps": pages.steps(found),
        "progress": pages.progress(found),
        "preview": pages.preview(found),
        "rejected": rejected,
        "more_rejected": rejected[-1].row if len(rejected) == 20 else None,
        "form": form or (_mapping_form(found) if found.sample and found.state is State.MAPPING else None),
        "sheets": _sheet_form(found) if found.sample and (form or found.state is State.MAPPING) else None,
        "becomes": pages.becomes(found) if form or found.state is State.MAPPING else [],
        "may_import": access.may_import(request.viewer),
        "here": reverse("import", args=[found.key]),
        "state": found.state.value,
    }


def _mapping_form(found: ImportRow, data: Any = None) -> MappingForm:
    assert found.sample is not None
    settings = found.settings
    initial = {**asdict(settings), "rates": ", ".join(f"{code}={rate}" for code, rate in settings.rates.items())}
    return MappingForm(
        data,
        kind=found.kind,
        sample=found.sample,
        mapping=found.mapping,
        initial=initial,
        layout=settings.layout,
        house=settings.house,
    )


def _sheet_form(found: ImportRow, data: Any = None) -> SheetForm | None:
    assert found.sample is not None
    initial = {"sheet": found.sample.sheet, "layout": found.settings.layout}
    form = SheetForm(data, kind=found.kind, sample=found.sample, initial=initial)
    return form if form.fields else None


@require_POST
def choose_sheet(request: HttpRequest, key: UUID) -> HttpResponse:
    """Have another sheet read, or a file of spend as a table or a list."""
    found = queries.one_import(request.viewer, key)
    chosen = found.sample.sheet if found.sample else ""
    actions.read_again(
        key=key,
        sheet=request.POST.get("sheet", chosen),
        layout=request.POST.get("layout", ""),
        viewer=request.viewer,
        by=request.viewer.actor(),
        at=clock.now(),
    )
    return redirect("import", key)


@require_http_methods(["GET", "POST"])
def confirm_columns(request: HttpRequest, key: UUID) -> HttpResponse:
    """Confirm (or change) which header is which column; the rows are checked in the background."""
    found = queries.one_import(request.viewer, key)
    if not found.sample:
        return redirect("import", key)
    form = _mapping_form(found, request.POST if request.method == "POST" else None)
    error: FourfoldError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.confirm_columns(
                key=key,
                mapping=form.mapping,
                settings=form.settings_on(found.settings),
                viewer=request.viewer,
                by=request.viewer.actor(),
                at=clock.now(),
            )
            return redirect("import", key)
        except FourfoldError as refused:
            error = refused
    context = {**_context(request, found, form), "error": error, "editing": True}
    return render(request, "integrations/show.html", context, status=422 if error or form.errors else 200)


@require_POST
def apply(request: HttpRequest, key: UUID) -> HttpResponse:
    """Post the checked rows to the ledger."""
    actions.apply(key=key, viewer=request.viewer, by=request.viewer.actor(), at=clock.now())
    return redirect("import", key)


@require_POST
def take_back(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take an applied import back; the next page offers to put it back."""
    actions.take_back(key=key, viewer=request.viewer, by=request.viewer.actor(), at=clock.now())
    say_done(request, _("The import is being taken back."))
    return redirect("import", key)


@require_POST
def put_back(request: HttpRequest, key: UUID) -> HttpResponse:
    """Check a file that was taken back once more, to apply it again."""
    actions.put_back(key=key, viewer=request.viewer, by=request.viewer.actor(), at=clock.now())
    return redirect("import", key)


class _Echo:
    """A file that hands back what csv writes to it."""

    def write(self, value: str) -> str:
        return value


@require_safe
def download_rejected(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The rejected rows with their reasons, as CSV that a spreadsheet can't run."""
    queries.one_import(request.viewer, key)
    lines = map(csv.writer(_Echo()).writerow, queries.rejected_table(key))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rejected-{key}.csv"'
    return response
