"""What several views do: ask and wait on the page, find the answer behind a page, hand out a file."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from fourfold.base import clock
from fourfold.base.errors import NotFound
from fourfold.reports import actions, queries
from fourfold.reports.pages import asking
from fourfold.reports.types import Answer, Question, Topic, Waiting


def answered(
    request: HttpRequest, question: Question, template: str, context: dict[str, Any], shown: Callable[[Answer], Any]
) -> HttpResponse:
    """A page about a question. While the answer is worked out, it asks again by itself; ``shown`` adds the rest."""
    found = actions.ask(question=question, at=clock.now())
    name = "compare" if question.topic == Topic.COMPARE else str(question.topic)
    context |= {
        "question": question,
        "here": asking.address_of(question, name),
        "again": asking.address_of(question, "fourcs_again", of=str(question.topic)),
    }
    if isinstance(found, Waiting):
        context["waiting"] = found
    else:
        context |= shown(found)
        context["failed"] = found.error
    if request.htmx and request.GET.get("part"):
        if isinstance(found, Answer) and found.is_current:  # the heading and the rest of the page change with it
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        return render(request, f"{template}#board", context)
    return render(request, template, context)


def topic_of(request: HttpRequest) -> Topic:
    """Which page's answer a link stands on."""
    asked = request.GET.get("of", Topic.FOURCS)
    return Topic(asked) if asked in set(Topic) else Topic.FOURCS


def answer_behind(request: HttpRequest, topic: Topic) -> Answer:
    """The answer that a page or a file shows a part of. Raises NotFound before it was worked out."""
    answer = queries.answer(asking.question_from(request.GET, clock.now(), topic))
    if answer is None:
        raise NotFound("These rows were not found.", "This period has not been worked out yet.", "Open its page first.")
    return answer


def as_file(name: str, question: Question | None, rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """Rows as CSV, streamed. Texts that people typed must be formula-safe already."""
    writer = csv.writer(_Echo())
    response = StreamingHttpResponse(_written(writer, rows), content_type="text/csv; charset=utf-8")
    days = f"-{question.period.start}-{question.period.last_day}" if question else ""
    response["Content-Disposition"] = f'attachment; filename="{name}{days}.csv"'
    return response


def _written(writer: Any, rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    for row in rows:
        yield writer.writerow(row)


class _Echo:
    """A file that hands back what csv writes to it."""

    def write(self, value: str) -> str:
        return value
