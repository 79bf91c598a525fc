"""Today, health, and the pages for what went wrong."""

from __future__ import annotations

from itertools import groupby

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fourfold.base import clock
from fourfold.people.types import REGISTRY, TodayEntry

GROUP_WORDS = {
    "imports": (_("Files that wait for you"), _("Nothing of theirs counts before you say so")),
    "warm": (_("People who gave a signal"), _("By the time of their last signal, never by a score")),
}


@require_safe
def show_today(request: HttpRequest) -> HttpResponse:
    """My day: what waits for me, each with its one next step."""
    at = clock.now()
    entries: list[TodayEntry] = [entry for item in REGISTRY.today_items for entry in item(request.viewer, at)]
    groups = [
        {"title": GROUP_WORDS[name][0], "subtitle": GROUP_WORDS[name][1], "entries": list(several)}
        for name, several in groupby(entries, key=lambda entry: entry.group)
    ]
    return render(request, "project/today.html", {"groups": groups, "heading": _heading(entries)})


def _heading(entries: list[TodayEntry]) -> str:
    waiting = sum(entry.group == "imports" for entry in entries)
    warm = sum(entry.group == "warm" for entry in entries)
    if waiting:
        return _("%(n)s waits for you, %(warm)s people gave a signal") % {
            "n": _("1 file") if waiting == 1 else _("%(n)s files") % {"n": waiting},
            "warm": warm,
        }
    if warm:
        return _("%(n)s people gave a signal this week") % {"n": warm}
    return _("Nothing waits for you")


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
