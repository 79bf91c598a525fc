"""The search page: one box over everything the viewer may find."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fourfold.search import pages, queries
from fourfold.search.types import QueryRefused


@require_safe
def show_search(request: HttpRequest) -> HttpResponse:
    """What matches, in an order that is said."""
    asked = pages.asked_of(request.GET)
    try:
        answer = queries.search(request.viewer, asked, cursor=request.GET.get("after"))
    except QueryRefused as refused:
        return render(request, "search/search.html", pages.refused_context(asked, refused), status=422)
    return render(request, "search/search.html", pages.context(asked, answer))
