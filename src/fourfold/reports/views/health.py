"""The pipeline's health, and the rows behind each of its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fourfold.accounts import queries as accounts
from fourfold.base import clock
from fourfold.reports import queries, rules
from fourfold.reports.pages import asking, counted, health, scope
from fourfold.reports.types import Health, PipelineAsked
from fourfold.reports.views import answering, counting


def _found(request: HttpRequest) -> tuple[PipelineAsked, Health]:
    at = clock.now()
    asked = scope.pipeline_from(request.viewer, request.GET, at)
    today = scope.today_in(asked.days.zone, at)
    return asked, queries.health(asked, currency=accounts.house_currency(), at=at, today=today)


@require_safe
def show_health(request: HttpRequest) -> HttpResponse:
    """How the pipeline does: conversion, days, ages, sources, cash ahead, and what would help."""
    asked, found = _found(request)
    context = {"sections": asking.sections("pipeline", viewer=request.viewer)}
    return render(request, "reports/health.html", context | health.context(request.viewer, asked, found))


@require_safe
def download_health(request: HttpRequest) -> HttpResponseBase:
    """Every number of the page as CSV."""
    asked, found = _found(request)
    return answering.as_file(f"pipeline-{asked.days.since}", None, health.csv_rows(found))


@require_safe
def show_rows(request: HttpRequest, name: str) -> HttpResponse:
    """One number of the pipeline: its definition and its rows."""
    viewer, at = request.viewer, clock.now()
    asked = scope.pipeline_from(viewer, request.GET, at)
    definition = rules.definition(name)
    page = queries.pipeline_rows(
        viewer, asked, name, on=scope.today_in(asked.days.zone, at), cursor=request.GET.get("before", "")
    )
    context = {
        **counting.shown(viewer, page, name),
        "definition": definition,
        "heading": health.rows_heading(name, page),
        "subtitle": f"{scope.pipeline_words(viewer, asked)} · " + _("the last %(n)s months") % {"n": asked.months},
        "older": scope.pipeline_address("pipeline_rows", asked, name, before=page.older) if page.older else "",
        "csv": scope.pipeline_address("pipeline_rows_csv", asked, name),
        "back": scope.pipeline_address("pipeline", asked),
        "back_words": _("Pipeline"),
    }
    return render(request, "reports/counted.html", context)


@require_safe
def download_rows(request: HttpRequest, name: str) -> HttpResponseBase:
    """The same rows as CSV, all of them."""
    viewer, at = request.viewer, clock.now()
    asked = scope.pipeline_from(viewer, request.GET, at)
    rules.definition(name)
    today = scope.today_in(asked.days.zone, at)

    def lines() -> Iterator[list[Any]]:
        yield counted.csv_head()
        cursor: str | None = ""
        while cursor is not None:
            page = queries.pipeline_rows(viewer, asked, name, on=today, cursor=cursor, size=counting.CSV_ROWS)
            yield from counted.csv_rows(counting.shown(viewer, page, name)["rows"], asked.days.zone)
            cursor = page.older or None

    return answering.as_file(f"{name}-{asked.days.since}", None, lines())
