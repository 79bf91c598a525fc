"""Pages of the 4Cs: the scoreboard, each figure, each channel, each journey."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from fourfold.base import clock
from fourfold.base.clock import day_start
from fourfold.base.errors import NotFound
from fourfold.ledger import queries as ledger
from fourfold.ledger.types import Page
from fourfold.reports import access, actions, pages, queries, rules
from fourfold.reports.forms import PeriodForm
from fourfold.reports.types import Answer, Question, Waiting

CSV_ROWS = 2_000
"""Rows of a file read at once; all of them are in it."""


@require_safe
def show_fourcs(request: HttpRequest) -> HttpResponse:
    """The scoreboard. While an answer is worked out, the page asks again by itself."""
    access.require_reader(request.viewer)
    at = clock.now()
    question = pages.question_from(request.GET, at)
    found = actions.ask(question=question, at=at)
    form = PeriodForm(
        initial={"from_date": question.period.start, "to_date": question.period.last_day, "basis": question.basis}
    )
    context: dict[str, Any] = {
        "question": question,
        "presets": pages.presets(question, at),
        "period_form": form,
        "here": pages.address_of(question, "fourcs"),
        "again": pages.address_of(question, "fourcs_again"),
    }
    if isinstance(found, Waiting):
        context["waiting"] = found
    else:
        context |= pages.scoreboard(found, at)
    if request.htmx and request.GET.get("part"):
        if isinstance(found, Answer) and found.is_current:  # the heading and the rest of the page change with it
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        return render(request, "reports/fourcs.html#board", context)
    return render(request, "reports/fourcs.html", context)


@require_POST
def try_again(request: HttpRequest) -> HttpResponse:
    """Have a question that failed tried again."""
    access.require_reader(request.viewer)
    question = pages.question_from(request.GET, clock.now())
    actions.try_again(question=question, at=clock.now())
    return redirect(pages.address_of(question, "fourcs"))


@require_safe
def show_figure(request: HttpRequest, name: str) -> HttpResponse:
    """One figure: its definition, its basis and its rows."""
    access.require_reader(request.viewer)
    question = pages.question_from(request.GET, clock.now())
    rows = _rows(name, question, cursor=request.GET.get("before"))
    return render(request, "reports/figure.html", pages.figure_context(name, question, queries.answer(question), rows))


def _rows(name: str, question: Question, *, cursor: str | None = None, size: int = 50) -> Page:
    """The rows behind a figure. Raises NoDefinition for a figure that no page shows."""
    rules.definition(name)
    if name == "spend":
        return ledger.spend_rows(start=question.period.start, end=question.period.end, cursor=cursor, size=size)
    if name not in pages.KIND_OF:
        raise NotFound(
            "These rows were not found.", "This figure stands on a channel’s rows.", "Open the channel instead."
        )
    return ledger.outcome_rows(
        kind=pages.KIND_OF[name],
        start=day_start(question.period.start, question.zone),
        end=day_start(question.period.end, question.zone),
        only=pages.narrowed(name, question),
        cursor=cursor,
        size=size,
    )


@require_safe
def download_figure(request: HttpRequest, name: str) -> HttpResponseBase:
    """The rows of a figure as CSV, safe to open in a spreadsheet."""
    access.require_reader(request.viewer)
    question = pages.question_from(request.GET, clock.now())
    first = _rows(name, question, size=CSV_ROWS)

    def lines() -> Iterator[list[Any]]:
        page = first
        yield pages.csv_head(name)
        yield from pages.csv_rows(name, page)
        while page.older:
            page = _rows(name, question, cursor=page.older, size=CSV_ROWS)
            yield from pages.csv_rows(name, page)

    content = map(csv.writer(_Echo()).writerow, lines())
    response = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
    file = f"{name}-{question.period.start}-{question.period.last_day}.csv"
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


class _Echo:
    """A file that hands back what csv writes to it."""

    def write(self, value: str) -> str:
        return value


@require_safe
def show_channel(request: HttpRequest, key: str) -> HttpResponse:
    """One channel: its credit with its range, and the placements behind it."""
    access.require_reader(request.viewer)
    answer = _answer_or_raise(request)
    text = request.GET.get("after", "0")
    after = int(text) if text.isdecimal() and len(text) < 10 else 0
    found = queries.credit_rows(answer.key, key, after=after)
    return render(request, "reports/channel.html", pages.channel_context(key, answer, found, after))


@require_safe
def show_journey(request: HttpRequest, outcome: UUID) -> HttpResponse:
    """One placement's two journeys."""
    access.require_reader(request.viewer)
    answer = _answer_or_raise(request)
    found, rows, touches = queries.journeys_of(answer.key, outcome)
    return render(request, "reports/journey.html", pages.journey_context(answer.question, found, rows, touches))


def _answer_or_raise(request: HttpRequest) -> Answer:
    question = pages.question_from(request.GET, clock.now())
    answer = queries.answer(question)
    if answer is None:
        raise NotFound(
            "These rows were not found.", "This period has not been worked out yet.", "Open its 4Cs page first."
        )
    return answer
