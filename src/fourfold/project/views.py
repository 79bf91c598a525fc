"""Today, health, and the pages for what went wrong."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fourfold.base import clock
from fourfold.people.types import REGISTRY


@require_safe
def show_today(request: HttpRequest) -> HttpResponse:
    """My day: what waits for me, each with its one next step."""
    at = clock.now()
    groups = [group for item in REGISTRY.today_items if (group := item(request.viewer, at))]
    heading = groups[0].heading if groups else _("Nothing waits for you")
    return render(request, "project/today.html", {"groups": groups, "heading": heading})


@login_not_required
@require_safe
def show_health(request: HttpRequest) -> JsonResponse:
    """For a watchdog: 200 while the server and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return JsonResponse({"status": "ok"})


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "ui/errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "ui/errors/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/errors/500.html", status=500)
