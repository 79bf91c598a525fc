"""Monday: what stands, what may be lost, what was done against the targets; as a page, a file and a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fourfold.accounts import queries as accounts
from fourfold.base import clock
from fourfold.base.errors import FourfoldError
from fourfold.reports import access, actions, printing, queries, rules
from fourfold.reports.forms import TargetsForm
from fourfold.reports.pages import asking, counted, scope, week
from fourfold.reports.types import Measure
from fourfold.reports.views import answering, counting
from fourfold.ui.messages import say_done


def _shown(request: HttpRequest) -> tuple[Any, ...]:
    """The week that an address asks for, with all that is counted of it."""
    at = clock.now()
    asked = scope.week_from(request.viewer, request.GET, at)
    found, done, cash = queries.monday(request.viewer, asked, currency=accounts.house_currency(), at=at)
    return asked, found, done, cash, at


@require_safe
def show_week(request: HttpRequest) -> HttpResponse:
    """The week of a colleague, a desk or the house."""
    asked, found, done, cash, at = _shown(request)
    context = week.context(request.viewer, asked, found, done, cash, at)
    return render(
        request, "reports/week.html", {**context, "sections": asking.sections("monday", viewer=request.viewer)}
    )


@require_safe
def download_week(request: HttpRequest) -> HttpResponseBase:
    """The same as CSV."""
    asked, found, done, cash, _at = _shown(request)
    return answering.as_file(f"monday-{asked.days.since}", None, week.rows(request.viewer, asked, found, done, cash))


@require_safe
def print_week(request: HttpRequest) -> HttpResponse:
    """The same on paper, A4."""
    asked, found, done, cash, at = _shown(request)
    context = week.context(request.viewer, asked, found, done, cash, at)
    pdf = printing.week_as_pdf(week.sheet(context, asked, found, at))
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="monday-{asked.days.since}.pdf"'
    return response


@require_safe
def show_rows(request: HttpRequest, name: str) -> HttpResponse:
    """The rows behind one measure of the week before."""
    viewer, measure = request.viewer, week.measure_of(name)
    asked = scope.week_from(viewer, request.GET, clock.now())
    page = queries.week_rows(viewer, asked, measure, cursor=request.GET.get("before", ""))
    shown = counting.shown(viewer, page, measure.value)
    definition = rules.definition(name)
    context = {
        **shown,
        "definition": definition,
        "heading": f"{page.count:,} · {definition.name}" if page.count is not None else definition.name,
        "subtitle": f"{scope.whose_words(viewer, asked)} · {scope.before_words(asked)}",
        "older": scope.week_address("monday_rows", asked, viewer, name, before=page.older) if page.older else "",
        "csv": scope.week_address("monday_rows_csv", asked, viewer, name),
        "back": scope.week_address("monday", asked, viewer),
        "back_words": _("Monday"),
    }
    return render(request, "reports/counted.html", context)


@require_safe
def download_rows(request: HttpRequest, name: str) -> HttpResponseBase:
    """The same rows as CSV, all of them."""
    viewer, measure = request.viewer, week.measure_of(name)
    asked = scope.week_from(viewer, request.GET, clock.now())

    def lines() -> Iterator[list[Any]]:
        yield counted.csv_head()
        cursor: str | None = ""
        while cursor is not None:
            page = queries.week_rows(viewer, asked, measure, cursor=cursor, size=counting.CSV_ROWS)
            yield from counted.csv_rows(counting.shown(viewer, page, measure.value)["rows"], asked.days.zone)
            cursor = page.older or None

    return answering.as_file(f"{name}-{asked.before.since}", None, lines())


@require_http_methods(["GET", "HEAD", "POST"])
def set_targets(request: HttpRequest, key: UUID) -> HttpResponse:
    """What a colleague aims to do in a week."""
    access.require_target_setter(request.viewer, key)
    at = clock.now()
    monday = rules.monday_of(scope.today_in(accounts.house_zone(), at))
    held = week.targets_initial(key, queries.weekly_targets([key], week=monday), monday)
    form = TargetsForm(
        request.POST or None, initial=held, measures={one.value: word for one, word in week.MEASURE_WORDS.items()}
    )
    error: FourfoldError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            _keep(request, key, form.cleaned_data)
        except FourfoldError as refused:
            error = refused
        else:
            say_done(request, _("The targets are kept."))
            return redirect("monday")
    own = key == request.viewer.user_key
    name = accounts.names({key}).get(key, "")
    context = {
        "form": form,
        "error": error,
        "own": own,
        "name": name,
        "heading": _("What do you aim to do in a week?")
        if own
        else _("What does %(name)s aim to do in a week?") % {"name": name},
    }
    return render(request, "reports/targets.html", context, status=422 if request.method == "POST" else 200)


def _keep(request: HttpRequest, key: UUID, given: dict[str, Any]) -> None:
    day: date = given["from_week"]
    actions.set_weekly_targets(
        user_key=key,
        targets={one: given[one.value] for one in Measure},
        from_week=rules.monday_of(day),
        viewer=request.viewer,
        at=clock.now(),
    )
