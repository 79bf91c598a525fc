"""Pages of what the whole house decides about jobs: stages, tables of pay."""

from __future__ import annotations

import csv
import io
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fourfold.base import clock
from fourfold.base.cells import formula_safe
from fourfold.jobs import access, actions, queries, rules
from fourfold.jobs.forms import house as forms
from fourfold.jobs.queries.words import STAGE_WORDS
from fourfold.jobs.types import Stage
from fourfold.ui.messages import say_done
from fourfold.ui.posting import posted

get_or_post = require_http_methods(["GET", "POST"])


@get_or_post
def show_stages(request: HttpRequest) -> HttpResponse:
    """The house's stages, and one more."""
    access.require_pipeline_keeper(request.viewer)
    form = forms.NewStageForm(request.POST or None)

    def deed() -> None:
        held = form.cleaned_data
        actions.add_stage(name=held["name"], means=Stage(held["means"]), viewer=request.viewer, at=clock.now())

    if posted(request, form, deed):
        say_done(request, _("The stage is added."))
        return redirect("job_stages")
    rows = [{"row": one, "means": STAGE_WORDS[one.stage]} for one in queries.pipeline(all_of_them=True)]
    return render(request, "jobs/stages.html", {"form": form, "rows": rows}, status=422 if form.errors else 200)


@require_POST
def keep_stage(request: HttpRequest, slug: str) -> HttpResponse:
    """Rename a stage, move it, use it or not."""
    form = forms.StageForm(request.POST)
    held = form.cleaned_data if form.is_valid() else {"name": "", "place": 0, "used": True}
    actions.keep_stage(slug=slug, **held, viewer=request.viewer, at=clock.now())
    say_done(request, _("The stage is kept."))
    return redirect("job_stages")


@get_or_post
def show_pay_tables(request: HttpRequest) -> HttpResponse:
    """What the house knows of pay from elsewhere, and a new table."""
    files = queries.pay_files(request.viewer)
    form = forms.PayTableForm(request.POST or None, request.FILES or None)
    made: list[UUID] = []

    def deed() -> None:
        upload = form.cleaned_data["file"]
        made.append(actions.take_pay_table(name=upload.name, data=upload.read(), viewer=request.viewer, at=clock.now()))

    if posted(request, form, deed):
        return redirect("pay_table", made[0])
    context = {"form": form, "files": files, "columns": rules.PAY_COLUMNS}
    return render(request, "jobs/pay_tables.html", context, status=422 if form.errors else 200)


@require_safe
def show_pay_table(request: HttpRequest, key: UUID) -> HttpResponse:
    """What became of a table: how many rows were taken, and which were not, and why."""
    found = queries.pay_file(request.viewer, key)
    return render(request, "jobs/pay_table.html", {"found": found, "shown": found.rejected[:200]})


@require_safe
def take_rejected(request: HttpRequest, key: UUID) -> HttpResponse:
    """The rows that were not taken, with their reasons, as a file to mend."""
    found = queries.pay_file(request.viewer, key)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*rules.PAY_COLUMNS, "why"])
    writer.writerows([formula_safe(cell) for cell in (*cells, why)] for _number, cells, why in found.rejected)
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="rows-left-out.csv"'
    return response


patterns = [
    path("jobs/stages/", show_stages, name="job_stages"),
    path("jobs/stages/<slug:slug>/", keep_stage, name="keep_stage"),
    path("jobs/pay/", show_pay_tables, name="pay_tables"),
    path("jobs/pay/<uuid:key>/", show_pay_table, name="pay_table"),
    path("jobs/pay/<uuid:key>/left-out/", take_rejected, name="pay_table_left_out"),
]
