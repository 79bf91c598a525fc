"""What candidates and clients answered, in groups that tell nobody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fourfold.base import clock
from fourfold.reports.pages import asking, nps
from fourfold.reports.views import answering
from fourfold.surveys import queries as surveys


@require_safe
def show_nps(request: HttpRequest) -> HttpResponse:
    """Scores by moment and outcome, and what people wrote."""
    wanted = nps.wanted_from(request.GET)
    found = surveys.results(request.viewer, wanted, at=clock.now())
    words = surveys.verbatims(request.viewer, wanted, before=request.GET.get("before", ""))
    context = {"sections": asking.sections("nps", viewer=request.viewer)}
    return render(request, "reports/nps.html", context | nps.context(request.viewer, found, words, wanted))


@require_safe
def download_nps(request: HttpRequest) -> HttpResponseBase:
    """The table as CSV."""
    found = surveys.results(request.viewer, nps.wanted_from(request.GET), at=clock.now())
    return answering.as_file("how-it-was", None, nps.csv_rows(found))
