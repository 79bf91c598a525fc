"""Pages of offers, and of the placement that comes of one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fourfold.base import clock
from fourfold.base.errors import NotFound
from fourfold.base.money import Money
from fourfold.jobs import actions, queries
from fourfold.jobs.forms import placing as forms
from fourfold.jobs.pages import placing as shown
from fourfold.jobs.types import JobKind, OfferState, PayPer
from fourfold.jobs.views.agreeing import (
    about_application,
    get_or_post,
    major,
    show,
    today,
)
from fourfold.ui.messages import say_done
from fourfold.ui.posting import posted

NO_OFFER = ("This offer was not found.", "No offer of theirs is accepted.", "Note their answer first.")


@require_safe
def show_offer(request: HttpRequest, key: UUID) -> HttpResponse:
    """The offer of an application: fetched by its page, or a page of its own."""
    template = "jobs/offer.html#card" if request.htmx else "jobs/offer.html"
    about = queries.application(request.viewer, key).row
    return render(request, template, {**shown.offer_context(request.viewer, key), "about": about})


@get_or_post
def make_offer(request: HttpRequest, key: UUID) -> HttpResponse:
    """Note an offer of the client's."""
    about = about_application(request, key)
    change = queries.job(request.viewer, about["about"].job_key, at=clock.now()).change
    initial = {"made_on": today(request), "currency": change.currency, "per": change.pay_per.value,
               "start_on": change.start_wanted_on}  # fmt: skip
    form = forms.OfferForm(request.POST or None, initial=initial)

    def deed() -> None:
        actions.make_offer(application=key, offer=form.offer(), viewer=request.viewer, at=clock.now())

    if posted(request, form, deed):
        say_done(request, _("The offer is noted."))
        return redirect("application", key)
    heading = _("What was %(who)s offered?") % {"who": about["about"].person}
    return show(request, form, heading=heading, submit=_("Note the offer"), columns=True, **about)


@get_or_post
def accept_offer(request: HttpRequest, key: UUID) -> HttpResponse:
    """They said yes."""
    offer = queries.offer(request.viewer, key)
    about = about_application(request, offer.application_key)
    form = forms.AcceptForm(request.POST or None, initial={"answered_on": today(request), "start_on": offer.start_on})

    def deed() -> None:
        actions.accept_offer(key=key, **form.cleaned_data, viewer=request.viewer, at=clock.now())

    if posted(request, form, deed):
        say_done(request, _("Accepted. The calls until their first day are in your tasks."))
        return redirect("application", offer.application_key)
    heading = _("%(who)s said yes") % {"who": about["about"].person}
    return show(request, form, heading=heading, submit=_("Note that they accepted"), **about)


@get_or_post
def refuse_offer(request: HttpRequest, key: UUID) -> HttpResponse:
    """They declined, or the client took it back."""
    offer = queries.offer(request.viewer, key)
    about = about_application(request, offer.application_key)
    form = forms.RefuseForm(request.POST or None, initial={"answered_on": today(request), "who": "declined"})

    def deed() -> None:
        held = form.cleaned_data
        refuse = actions.decline_offer if held["who"] == "declined" else actions.withdraw_offer
        refuse(key=key, answered_on=held["answered_on"], why=held["why"], viewer=request.viewer, at=clock.now())

    if posted(request, form, deed):
        say_done(request, _("Noted."))
        return redirect("application", offer.application_key)
    return show(request, form, heading=_("What became of the offer?"), submit=_("Note it"), **about)


@get_or_post
def after_offer(request: HttpRequest, key: UUID) -> HttpResponse:
    """What happened between yes and the first day."""
    offer = queries.offer(request.viewer, key)
    about = about_application(request, offer.application_key)
    after = offer.after
    initial = {name: getattr(after, name) for name in forms.AfterForm.base_fields}
    form = forms.AfterForm(request.POST or None, initial=initial)

    def deed() -> None:
        actions.keep_after_offer(key=key, after=form.after(), viewer=request.viewer, at=clock.now())

    if posted(request, form, deed):
        say_done(request, _("Noted."))
        return redirect("application", offer.application_key)
    heading = _("What happened since %(who)s said yes?") % {"who": about["about"].person}
    return show(request, form, heading=heading, submit=_("Keep it"), columns=True, **about)


@get_or_post
def make_placement(request: HttpRequest, key: UUID) -> HttpResponse:
    """The accepted offer of an application becomes a placement."""
    about = about_application(request, key)
    offer = next((one for one in queries.offers_of(request.viewer, key) if one.state is OfferState.ACCEPTED), None)
    if offer is None:
        raise NotFound(*NO_OFFER)
    page = queries.job(request.viewer, about["about"].job_key, at=clock.now())
    currency = offer.pay.currency if offer.pay else page.change.currency
    initial: dict[str, Any] = {
        "accepted_on": offer.answered_on, "start_on": offer.start_on, "pay": major(offer.pay), "per": offer.per.value,
        "currency": currency, "starts_on": offer.start_on, "units": 5,
        "unit": (offer.per if offer.per is not PayPer.YEAR else PayPer.DAY).value,
        "charge": major(Money(page.change.charge_minor, currency) if page.change.charge_minor else None),
    }  # fmt: skip
    fee = queries.fee_for(
        about["about"].job_key, pay_minor=offer.pay.minor if offer.pay else None, per=offer.per, currency=currency,
        at=clock.now(),
    )  # fmt: skip
    weekly = page.card.kind is not JobKind.PERMANENT
    form: forms.WeeklyPlacementForm | forms.PlacementForm = (
        forms.WeeklyPlacementForm(request.POST or None, initial=initial)
        if weekly
        else forms.PlacementForm(request.POST or None, initial=initial)
    )
    if page.change.for_ourselves and not weekly:
        del form.fields["fee"], form.fields["fee_why"]
    made: list[UUID] = []

    def deed() -> None:
        new = form.placement()
        made.append(actions.make_placement(offer=offer.key, placement=new, viewer=request.viewer, at=clock.now()))

    if posted(request, form, deed):
        say_done(request, _("%(who)s is placed.") % {"who": about["about"].person})
        return redirect("placement", made[0])
    return show(
        request, form, heading=_("Place %(who)s") % {"who": about["about"].person}, submit=_("Place them"),
        columns=True, note=_fee_note(fee.minor, fee.why, currency, own=page.change.for_ourselves or weekly), **about,
    )  # fmt: skip


def _fee_note(minor: int | None, why: str, currency: str, *, own: bool) -> str:
    if own:
        return ""
    if minor is None:
        return _("The terms give no fee for this pay: write it, and who agreed to it.")
    return _("The fee is %(sum)s: %(why)s.") % {"sum": Money(minor, currency).text(), "why": why}


patterns = [
    path("jobs/applications/<uuid:key>/offer/", show_offer, name="application_offer"),
    path("jobs/applications/<uuid:key>/offer/new/", make_offer, name="make_offer"),
    path("jobs/applications/<uuid:key>/placement/", make_placement, name="make_placement"),
    path("jobs/offers/<uuid:key>/accept/", accept_offer, name="accept_offer"),
    path("jobs/offers/<uuid:key>/refuse/", refuse_offer, name="refuse_offer"),
    path("jobs/offers/<uuid:key>/after/", after_offer, name="after_offer"),
]
