"""Pages of assignments: ways, rates, extensions, an end."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _

from fourfold.base import clock
from fourfold.base.errors import NotFound
from fourfold.jobs import actions
from fourfold.jobs.forms import placing as forms
from fourfold.jobs.views.agreeing import (
    about_placement,
    get_or_post,
    major,
    one_day,
    show,
    today,
    upload,
)
from fourfold.ui.messages import say_done
from fourfold.ui.posting import posted

NO_ASSIGNMENT = ("This assignment was not found.", "A permanent placement has none.", "Open the placement.")


@get_or_post
def change_assignment(request: HttpRequest, key: UUID) -> HttpResponse:
    """How they are paid, what was determined, what they bring."""
    page, about = about_placement(request, key)
    row = page.assignment
    if row is None:
        raise NotFound(*NO_ASSIGNMENT)
    initial = {
        "unit": row.unit.value, "units": f"{row.units_a_week_hundredths / 100:g}", "paid_via": row.paid_via.value,
        "company": row.company, "ir35": row.ir35.value, "ir35_on": row.ir35_on, "kid_sent_on": row.kid_sent_on,
        "awr_weeks_before": row.awr_weeks_before,
    }  # fmt: skip
    form = forms.WaysForm(request.POST or None, request.FILES or None, initial=initial)

    def deed() -> None:
        actions.change_assignment(
            key=key, change=form.change(row), document=upload(form), viewer=request.viewer, at=clock.now()
        )

    if posted(request, form, deed):
        say_done(request, _("Kept."))
        return redirect("placement", key)
    return show(request, form, heading=_("How they work and are paid"), submit=_("Keep it"), columns=True, **about)


@get_or_post
def extend_assignment(request: HttpRequest, key: UUID) -> HttpResponse:
    """It ends on another day."""
    page, about = about_placement(request, key)
    ends = page.assignment.ends_on if page.assignment else None
    form = forms.DayForm(request.POST or None, initial={"on": ends}, label=_("New last day"), ask_why=True)

    def deed(on: date, why: str) -> None:
        actions.extend_assignment(key=key, ends_on=on, why=why, viewer=request.viewer, at=clock.now())

    return one_day(
        request, key, form, deed, _("The assignment ends on its new day."), submit=_("Set the last day"),
        heading=_("Until when does %(who)s stay?") % {"who": page.card.person}, **about,
    )  # fmt: skip


@get_or_post
def change_rate(request: HttpRequest, key: UUID) -> HttpResponse:
    """From a day on something else is paid and charged."""
    page, about = about_placement(request, key)
    rate = page.assignment.rates[0] if page.assignment else None
    if rate is None:
        raise NotFound(*NO_ASSIGNMENT)
    initial = {"from_on": today(request), "pay": major(rate.pay), "charge": major(rate.charge)}
    form = forms.RateForm(request.POST or None, initial=initial, currency=rate.pay.currency)

    def deed() -> None:
        held = form.cleaned_data
        actions.change_rate(
            key=key, from_on=held["from_on"], pay_minor=held["pay_minor"], charge_minor=held["charge_minor"],
            why=held["why"], viewer=request.viewer, at=clock.now(),
        )  # fmt: skip

    if posted(request, form, deed):
        say_done(request, _("The new rates are kept; those before stay."))
        return redirect("placement", key)
    return show(request, form, heading=_("New rates"), submit=_("Keep the rates"), **about)


@get_or_post
def finish_assignment(request: HttpRequest, key: UUID) -> HttpResponse:
    """The assignment is over."""
    _page, about = about_placement(request, key)
    form = forms.DayForm(request.POST or None, initial={"on": today(request)}, label=_("Last day"), ask_why=True)

    def deed(on: date, why: str) -> None:
        actions.finish_assignment(key=key, finished_on=on, why=why, viewer=request.viewer, at=clock.now())

    return one_day(
        request, key, form, deed, _("Noted."), heading=_("The assignment is over"), submit=_("Note its last day"),
        note=_("Before its agreed end, write why."), **about,
    )  # fmt: skip


patterns = [
    path("jobs/placements/<uuid:key>/assignment/", change_assignment, name="change_assignment"),
    path("jobs/placements/<uuid:key>/extend/", extend_assignment, name="extend_assignment"),
    path("jobs/placements/<uuid:key>/rates/", change_rate, name="change_rate"),
    path("jobs/placements/<uuid:key>/finish/", finish_assignment, name="finish_assignment"),
]
