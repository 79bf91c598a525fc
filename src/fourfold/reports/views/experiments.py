"""Experiments from files, and how large one must be before it is started."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fourfold.base import clock
from fourfold.base.errors import FourfoldError
from fourfold.reports import access, actions, queries, rules, sizing
from fourfold.reports.forms import DesignForm, ExperimentForm, SizingForm
from fourfold.reports.pages import asking, experiments
from fourfold.reports.types import ReadOut, ReadOutState, Sizing
from fourfold.reports.views import answering
from fourfold.ui.messages import say_done

USUAL = {"base": 5, "lift": 20, "share": 10, "power": 80}


@require_safe
def show_experiments(request: HttpRequest) -> HttpResponse:
    """Every experiment with its answer."""
    access.require_reader(request.viewer)
    context = experiments.list_context(queries.read_outs(), may=access.may_read_out(request.viewer))
    return render(
        request,
        "reports/experiments.html",
        context | {"sections": asking.sections("experiments", viewer=request.viewer)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_experiment(request: HttpRequest) -> HttpResponse:
    """Bring an experiment's file."""
    access.require_read_out(request.viewer)
    posted, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ExperimentForm(posted, files)
    error: FourfoldError | None = None
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            key = actions.take_in_experiment(
                title=form.cleaned_data["title"],
                name=upload.name,
                content=upload,
                viewer=request.viewer,
                at=clock.now(),
            )
        except FourfoldError as refused:
            error = refused
        else:
            return redirect("experiment", key)
    status = 422 if request.method == "POST" else 200
    return render(request, "reports/new_experiment.html", {"form": form, "error": error}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def show_experiment(request: HttpRequest, key: UUID) -> HttpResponse:
    """What an experiment showed; before that, what is to be compared."""
    access.require_reader(request.viewer)
    row = queries.read_out(key)
    if request.method == "POST":
        return _compare(request, row)
    if request.htmx and request.GET.get("part"):
        if row.state.is_working:
            return render(request, "reports/experiment.html#working", {"row": row})
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return _page(request, row, None, None)


def _page(
    request: HttpRequest, row: ReadOut, form: DesignForm | None, error: FourfoldError | None, status: int = 200
) -> HttpResponse:
    may = access.may_read_out(request.viewer)
    chosen = row.state is ReadOutState.CHOOSING or "design" in request.GET or row.state is ReadOutState.FAILED
    if form is None and may and chosen and row.columns:
        form = DesignForm(initial=experiments.initial(row), choices=experiments.choices(row))
    context = experiments.context(row, may=may) | {"form": form, "error": error}
    return render(request, "reports/experiment.html", context, status=status)


def _compare(request: HttpRequest, row: ReadOut) -> HttpResponse:
    access.require_read_out(request.viewer)
    form = DesignForm(request.POST, choices=experiments.choices(row))
    error: FourfoldError | None = None
    if form.is_valid():
        try:
            shares = rules.read_shares(form.cleaned_data["shares"])
            design = experiments.design_of(form.cleaned_data, shares)
            actions.compare_arms(key=row.key, design=design, viewer=request.viewer, at=clock.now())
        except FourfoldError as refused:
            error = refused
        else:
            return redirect("experiment", row.key)
    return _page(request, row, form, error, status=422)


@require_safe
def download_experiment(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The comparisons as CSV."""
    access.require_reader(request.viewer)
    return answering.as_file("experiment", None, experiments.table_rows(queries.read_out(key)))


@require_POST
def remove_experiment(request: HttpRequest, key: UUID) -> HttpResponse:
    """Remove a read-out and its file."""
    actions.remove_read_out(key=key, viewer=request.viewer, at=clock.now())
    say_done(request, _("The experiment and its file are removed."))
    return redirect("experiments")


@require_safe
def show_sizing(request: HttpRequest) -> HttpResponse:
    """How many people an experiment needs, or what those at hand can show."""
    access.require_reader(request.viewer)
    given: Any = request.GET if "base" in request.GET else None
    form = SizingForm(given, initial=USUAL)
    context: dict[str, Any] = {"form": form, "sections": asking.sections("experiments", viewer=request.viewer)}
    if given and form.is_valid():
        typed = form.cleaned_data
        shares = {name: typed[name] / 100 for name in ("base", "lift", "share", "power")}
        asked = Sizing(**shares, have=typed["have"])
        try:
            context |= experiments.sizing_context(asked, sizing.size(asked))
        except FourfoldError as refused:
            context["error"] = refused
    return render(request, "reports/sizing.html", context, status=422 if given and form.errors else 200)
