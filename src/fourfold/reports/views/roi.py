"""Return on spend, and how much it hangs on the method."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from fourfold.base import clock
from fourfold.reports import access
from fourfold.reports.forms import RoiForm
from fourfold.reports.pages import asking, roi, words
from fourfold.reports.types import Topic
from fourfold.reports.views import answering


@require_safe
def show_roi(request: HttpRequest) -> HttpResponse:
    """What to fund, and how sure that is, by any dimension."""
    access.require_reader(request.viewer)
    at = clock.now()
    question = asking.question_from(request.GET, at, Topic.ROI)
    form = RoiForm(initial=asking.initial(question), places=asking.place_choices(), methods=words.METHOD_WORDS)
    context = {
        "sections": asking.sections("roi", question, viewer=request.viewer),
        "presets": asking.presets(question, "roi", at),
        "period_form": form,
        "where": asking.place_words(question),
        "tabs": roi.tabs(question),
        "dimension": roi.dimension_words(question),
        "compare": asking.address_of(question, "compare", method=""),
    }
    return answering.answered(request, question, "reports/roi.html", context, roi.context)


@require_safe
def download_roi(request: HttpRequest) -> HttpResponseBase:
    """The table of returns as CSV."""
    access.require_reader(request.viewer)
    answer = answering.answer_behind(request, Topic.ROI)
    return answering.as_file(f"return-by-{answer.question.by}", answer.question, roi.table_rows(answer))


@require_safe
def show_comparison(request: HttpRequest) -> HttpResponse:
    """The same cash credited by every method."""
    access.require_reader(request.viewer)
    question = asking.question_from(request.GET, clock.now(), Topic.COMPARE)
    context = {"where": asking.place_words(question), "dimension": roi.dimension_words(question)}
    return answering.answered(request, question, "reports/compare.html", context, roi.comparison)


@require_safe
def download_comparison(request: HttpRequest) -> HttpResponseBase:
    """Every method's credit as CSV."""
    access.require_reader(request.viewer)
    answer = answering.answer_behind(request, Topic.COMPARE)
    return answering.as_file(f"methods-by-{answer.question.by}", answer.question, roi.comparison_rows(answer))
