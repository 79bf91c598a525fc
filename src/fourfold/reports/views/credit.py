"""What a key is credited with, and one placement's two journeys."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fourfold.reports import access, queries
from fourfold.reports.pages import credit
from fourfold.reports.types import CreditPage
from fourfold.reports.views import answering

CSV_ROWS = 2_000


@require_safe
def show_key(request: HttpRequest) -> HttpResponse:
    """One channel, campaign, colleague …: its credit with its range, and the placements behind it."""
    access.require_reader(request.viewer)
    answer = answering.answer_behind(request, answering.topic_of(request))
    key, text = request.GET.get("key", ""), request.GET.get("after", "0")
    after = int(text) if text.isdecimal() and len(text) < 10 else 0
    found = queries.credit_rows(answer.key, key, after=after)
    return render(request, "reports/key.html", credit.key_context(request.viewer, key, answer, found, after))


@require_safe
def download_key(request: HttpRequest) -> HttpResponseBase:
    """The placements behind a key as CSV."""
    access.require_reader(request.viewer)
    answer = answering.answer_behind(request, answering.topic_of(request))
    key = request.GET.get("key", "")

    def pages() -> Iterator[CreditPage]:
        after: int | None = 0
        while after is not None:
            page = queries.credit_rows(answer.key, key, after=after, size=CSV_ROWS)
            yield page
            after = page.next_after

    return answering.as_file("credit", answer.question, credit.credit_table(request.viewer, answer.question, pages()))


@require_safe
def show_journey(request: HttpRequest, outcome: UUID) -> HttpResponse:
    """One placement's two journeys on one time line."""
    access.require_reader(request.viewer)
    answer = answering.answer_behind(request, answering.topic_of(request))
    found, rows, touches = queries.journeys_of(answer.key, outcome)
    return render(
        request, "reports/journey.html", credit.journey_context(request.viewer, answer.question, found, rows, touches)
    )


@require_safe
def download_journey(request: HttpRequest, outcome: UUID) -> HttpResponseBase:
    """The touches of a placement's journeys as CSV."""
    access.require_reader(request.viewer)
    answer = answering.answer_behind(request, answering.topic_of(request))
    found, rows, touches = queries.journeys_of(answer.key, outcome)
    context = credit.journey_context(request.viewer, answer.question, found, rows, touches)
    return answering.as_file("journey", answer.question, credit.journey_table(context))
