"""Puts the frozen Viewer on every request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from fourfold.accounts import queries

# Every page that needs a sign-in leads to the first of these; a house without users leads on to its first run.
LEAD_TO_WELCOME = {"account_login", "account_reset_password"}


class ViewerMiddleware:
    """``request.viewer``: who looks, or None. Pages show moments on the wall clock of the viewer's office."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        viewer = queries.viewer_for(user) if user.is_authenticated and user.is_active else None
        request.viewer = viewer
        with timezone.override(ZoneInfo(viewer.zone) if viewer else None):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match and match.url_name in LEAD_TO_WELCOME and not queries.has_users():
            return redirect("welcome")
        return None

    def process_template_response(self, request: HttpRequest, response: Any) -> Any:
        """A form of allauth's that failed is answered as ours are: 422 and the same form."""
        form = (response.context_data or {}).get("form")
        if request.method == "POST" and response.status_code == 200 and form is not None and form.errors:
            response.status_code = 422
        return response
