"""What the pages after an offer share: where a form belongs to, and deeds that ask for one day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fourfold.base import clock
from fourfold.base.money import Money
from fourfold.jobs import access, queries
from fourfold.jobs.forms import placing as forms
from fourfold.jobs.pages import placing as shown
from fourfold.jobs.types import PlacementPage
from fourfold.ui.messages import say_done
from fourfold.ui.posting import posted

get_or_post = require_http_methods(["GET", "POST"])


def show(request: HttpRequest, form: django_forms.Form, **values: Any) -> HttpResponse:
    """A short form, with where it belongs to."""
    template = values.pop("template", "jobs/placement_form.html")
    return render(request, template, {"form": form, **values}, status=422 if form.errors else 200)


def upload(form: django_forms.Form, name: str = "document") -> tuple[str, bytes] | None:
    """A file that came with a form: its name and its bytes."""
    found = form.cleaned_data.get(name)
    return (found.name, found.read()) if found else None


def major(money: Money | None) -> str:
    return f"{money.major:f}" if money is not None else ""


def today(request: HttpRequest) -> date:
    return shown.today_of(request.viewer, clock.now())


def about_application(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """Where a form about an application belongs to."""
    access.require_job_worker(request.viewer)
    row = queries.application(request.viewer, key).row
    return {
        "about": row,
        "back": reverse("application", args=[key]),
        "crumbs": [(reverse("jobs"), _("Jobs")), (reverse("application", args=[key]), row.person)],
        "subtitle": f"{row.job} · {row.organisation}",
    }


def about_placement(request: HttpRequest, key: UUID) -> tuple[PlacementPage, dict[str, Any]]:
    """Where a form about a placement belongs to."""
    access.require_job_worker(request.viewer)
    page = queries.placement(request.viewer, key, at=clock.now())
    card = page.card
    return page, {
        "page": page,
        "back": reverse("placement", args=[key]),
        "crumbs": [(reverse("placements"), _("Placements")), (reverse("placement", args=[key]), card.person)],
        "subtitle": f"{card.job} · {card.organisation}",
    }


def one_day(
    request: HttpRequest, key: UUID, form: forms.DayForm, deed: Callable[[date, str], object], done: str,
    **values: Any,
) -> HttpResponse:  # fmt: skip
    """A deed that asks for a day, and maybe why."""

    def act() -> None:
        deed(*form.asked())

    if posted(request, form, act):
        say_done(request, done)
        return redirect("placement", key)
    return show(request, form, **values)
