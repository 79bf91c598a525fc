"""The scoreboard, each figure with its rows, and the board's page as a PDF."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from fourfold.base import clock
from fourfold.base.clock import day_start
from fourfold.base.errors import NotFound
from fourfold.ledger import queries as ledger
from fourfold.ledger.types import Page
from fourfold.reports import access, actions, printing, queries, rules
from fourfold.reports.forms import PeriodForm
from fourfold.reports.pages import asking, board, figures, paper
from fourfold.reports.types import Question, Topic
from fourfold.reports.views import answering

CSV_ROWS = 2_000
"""Rows of a file read at once; all of them are in it."""


@require_safe
def show_fourcs(request: HttpRequest) -> HttpResponse:
    """The scoreboard, against the period before and the goals."""
    access.require_reader(request.viewer)
    at = clock.now()
    question = asking.question_from(request.GET, at)
    today = at.astimezone(ZoneInfo(question.zone)).date()
    context = {
        "sections": asking.sections("fourcs", question, viewer=request.viewer),
        "presets": asking.presets(question, "fourcs", at),
        "period_form": PeriodForm(initial=asking.initial(question), places=asking.place_choices()),
        "where": asking.place_words(question),
        "pdf": asking.address_of(question, "board_pdf"),
        "csv": asking.address_of(question, "fourcs_csv"),
    }
    goals = queries.goals(period=question.period, places=dict(question.places), zone=question.zone)
    return answering.answered(
        request, question, "reports/fourcs.html", context, lambda found: board.scoreboard(found, goals, today)
    )


@require_POST
def try_again(request: HttpRequest) -> HttpResponse:
    """Have a question that failed tried again."""
    access.require_reader(request.viewer)
    topic = answering.topic_of(request)
    question = asking.question_from(request.GET, clock.now(), topic)
    actions.try_again(question=question, at=clock.now())
    return redirect(asking.address_of(question, str(topic)))


@require_safe
def download_channels(request: HttpRequest) -> HttpResponseBase:
    """The table of channels as CSV."""
    access.require_reader(request.viewer)
    answer = answering.answer_behind(request, Topic.FOURCS)
    return answering.as_file("4cs-channels", answer.question, board.table_rows(answer))


@require_safe
def download_board(request: HttpRequest) -> HttpResponse:
    """The scoreboard on one sheet for the board meeting."""
    access.require_reader(request.viewer)
    answer = answering.answer_behind(request, Topic.FOURCS)
    question = answer.question
    today = clock.now().astimezone(ZoneInfo(question.zone)).date()
    goals = queries.goals(period=question.period, places=dict(question.places), zone=question.zone)
    response = HttpResponse(printing.as_pdf(paper.sheet(answer, goals, today)), content_type="application/pdf")
    name = f"4cs-{question.period.start}-{question.period.last_day}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def show_figure(request: HttpRequest, name: str) -> HttpResponse:
    """One figure: its definition, its basis and its rows."""
    access.require_reader(request.viewer)
    question = asking.question_from(request.GET, clock.now())
    rows = _rows(name, question, cursor=request.GET.get("before"))
    context = figures.figure_context(request.viewer, name, question, queries.answer(question), rows)
    return render(request, "reports/figure.html", context)


def _rows(name: str, question: Question, *, cursor: str | None = None, size: int = 50) -> Page:
    """The rows behind a figure. Raises NoDefinition for a figure that no page shows."""
    rules.definition(name)
    if name != "spend" and name not in figures.KIND_OF:
        raise NotFound(
            "These rows were not found.", "This figure stands on a channel’s rows.", "Open the channel instead."
        )
    only = figures.narrowed(name, question)
    if name == "spend":
        period = question.period
        return ledger.spend_rows(start=period.start, end=period.end, only=only, cursor=cursor, size=size)
    return ledger.outcome_rows(
        kind=figures.KIND_OF[name],
        start=day_start(question.period.start, question.zone),
        end=day_start(question.period.end, question.zone),
        only=only,
        cursor=cursor,
        size=size,
    )


@require_safe
def download_figure(request: HttpRequest, name: str) -> HttpResponseBase:
    """The rows of a figure as CSV, safe to open in a spreadsheet."""
    access.require_reader(request.viewer)
    question = asking.question_from(request.GET, clock.now())
    first = _rows(name, question, size=CSV_ROWS)

    def lines() -> Iterator[list[Any]]:
        page = first
        yield figures.csv_head(name)
        yield from figures.csv_rows(request.viewer, name, page)
        while page.older:
            page = _rows(name, question, cursor=page.older, size=CSV_ROWS)
            yield from figures.csv_rows(request.viewer, name, page)

    return answering.as_file(name, question, lines())
