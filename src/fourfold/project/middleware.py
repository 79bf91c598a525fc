"""Turns errors that people can act on into pages, in one place."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from fourfold.base.errors import FourfoldError, NotAllowed, NotFound

Handler = Callable[[HttpRequest], HttpResponse]


class ErrorMiddleware:
    """A FourfoldError is shown as written: 404 for what is missing or not yours, 403, else 422."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, FourfoldError):
            return None
        status = status_of(exception)
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse({"error": exception.as_dict()}, status=status)
        return render(request, f"ui/errors/{status}.html", {"error": exception}, status=status)


def status_of(error: FourfoldError) -> int:
    """The HTTP status of an error by its type."""
    if isinstance(error, NotFound):
        return 404
    return 403 if isinstance(error, NotAllowed) else 422
