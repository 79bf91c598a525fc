"""Puts the frozen Viewer on every request."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from fourfold.accounts import queries


class ViewerMiddleware:
    """``request.viewer``: who looks, or None. Pages show moments on the wall clock of the viewer's office."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        viewer = queries.viewer_of(request.user.pk) if request.user.is_authenticated else None
        request.viewer = viewer  # type: ignore[attr-defined]
        with timezone.override(ZoneInfo(viewer.zone) if viewer else None):
            return self.get_response(request)
