"""How right each method is where the truth is known."""

from __future__ import annotations

import csv
import io

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fourfold.evidence import published
from fourfold.reports import access
from fourfold.reports.pages import accuracy, asking


@require_safe
def show_accuracy(request: HttpRequest) -> HttpResponse:
    """The published grid of worlds, easy and confounded."""
    access.require_reader(request.viewer)
    context = {"sections": asking.sections("accuracy", viewer=request.viewer)} | accuracy.context(published.accuracy())
    return render(request, "reports/accuracy.html", context)


@require_safe
def download_accuracy(request: HttpRequest) -> HttpResponse:
    """The grid as CSV, one row a world and method."""
    access.require_reader(request.viewer)
    text = io.StringIO()
    csv.writer(text).writerows(accuracy.csv_rows(published.accuracy()))
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="accuracy.csv"'
    return response
