"""Pages of placements: list, one, start and end, money, splits; and of a search's stages."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fourfold.base import clock
from fourfold.base.errors import NotFound
from fourfold.jobs import access, actions, queries
from fourfold.jobs.forms import placing as forms
from fourfold.jobs.pages import placing as shown
from fourfold.jobs.pages.jobs import colleague_choices
from fourfold.jobs.queries.placing_words import BASIS_WORDS
from fourfold.jobs.types import CashBasis
from fourfold.jobs.views.agreeing import (
    about_placement,
    get_or_post,
    one_day,
    show,
    today,
)
from fourfold.jobs.views.assigning import patterns as assignment_patterns
from fourfold.jobs.views.billing import patterns as billing_patterns
from fourfold.jobs.views.offers import patterns as offer_patterns
from fourfold.jobs.views.papers import patterns as paper_patterns
from fourfold.ui.messages import say_done
from fourfold.ui.posting import posted


@require_safe
def show_placements(request: HttpRequest) -> HttpResponse:
    """Placements, by what is near."""
    asked = {name: request.GET.get(name, "")[:120] for name in ("which", "mine", "after")}
    if asked["which"] and asked["which"] not in queries.FILTERS:
        raise NotFound("The list was not filtered.", "There is no such filter.", "Choose one of those shown.")
    found = queries.placements(
        request.viewer, which=asked["which"] or "all", mine=bool(asked["mine"]), cursor=asked["after"] or None,
        at=clock.now(),
    )  # fmt: skip
    return render(request, "jobs/placements.html", shown.placements_context(request.viewer, asked, found))


@require_safe
def show_placement(request: HttpRequest, key: UUID) -> HttpResponse:
    """One placement: what was agreed, what is next, who earned what."""
    context = shown.placement_context(request.viewer, key, clock.now())
    return render(request, "jobs/placement.html", context)


@get_or_post
def start_placement(request: HttpRequest, key: UUID) -> HttpResponse:
    """They started."""
    page, about = about_placement(request, key)
    start = page.card.start_on
    initial = {"on": start if start and start <= today(request) else today(request)}
    form = forms.DayForm(request.POST or None, initial=initial, label=_("Their first day was"))

    def deed(on: date, _why: str) -> None:
        actions.start_placement(key=key, started_on=on, viewer=request.viewer, at=clock.now())

    missing = [paper.kind.name for paper in (*page.standing.holding, *page.standing.warning)]
    note = _("Papers still missing: %(names)s.") % {"names": ", ".join(missing)} if missing else ""
    return one_day(
        request, key, form, deed, _("They started."), heading=_("%(who)s started") % {"who": page.card.person},
        submit=_("Note the start"), note=note, **about,
    )  # fmt: skip


@get_or_post
def change_start(request: HttpRequest, key: UUID) -> HttpResponse:
    """They start on another day."""
    page, about = about_placement(request, key)
    form = forms.DayForm(
        request.POST or None, initial={"on": page.card.start_on}, label=_("They start on"), ask_why=True
    )

    def deed(on: date, why: str) -> None:
        actions.change_start(key=key, start_on=on, why=why, viewer=request.viewer, at=clock.now())

    return one_day(
        request, key, form, deed, _("The start and its calls have moved."), submit=_("Move the start"),
        heading=_("When does %(who)s start?") % {"who": page.card.person}, **about,
    )  # fmt: skip


@get_or_post
def fall_through(request: HttpRequest, key: UUID) -> HttpResponse:
    """It fell through before the start."""
    _page, about = about_placement(request, key)
    form = forms.DayForm(
        request.POST or None, initial={"on": today(request)}, label=_("It fell through on"), need_why=True
    )

    def deed(on: date, why: str) -> None:
        actions.fall_through(key=key, on=on, why=why, viewer=request.viewer, at=clock.now())

    note = _("The fee is taken back as a row of its own, and the calls until the start go.")
    return one_day(
        request, key, form, deed, _("Noted."), heading=_("It fell through"), submit=_("Note that it fell through"),
        note=note, **about,
    )  # fmt: skip


@get_or_post
def leave(request: HttpRequest, key: UUID) -> HttpResponse:
    """They left."""
    page, about = about_placement(request, key)
    form = forms.DayForm(request.POST or None, initial={"on": today(request)}, label=_("Last day"), need_why=True)

    def deed(on: date, why: str) -> None:
        actions.leave(key=key, left_on=on, why=why, viewer=request.viewer, at=clock.now())

    scale = ", ".join(
        _("within %(n)s weeks %(share)s") % {"n": weeks, "share": shown.share_words(share)}
        for weeks, share in page.rebates
    )
    note = _("What comes back of the fee is worked out from the terms: %(scale)s.") % {"scale": scale} if scale else ""
    return one_day(
        request, key, form, deed, _("Noted."), heading=_("%(who)s left") % {"who": page.card.person},
        submit=_("Note that they left"), note=note, **about,
    )  # fmt: skip


@get_or_post
def note_money(request: HttpRequest, key: UUID, basis: str) -> HttpResponse:
    """The fee was invoiced, or paid."""
    if basis not in (CashBasis.INVOICED, CashBasis.PAID):
        raise NotFound("This page was not found.", "Its address was changed.", "Go back to the placement.")
    page, about = about_placement(request, key)
    form = forms.DayForm(request.POST or None, initial={"on": today(request)}, label=BASIS_WORDS[CashBasis(basis)])

    def deed(on: date, _why: str) -> None:
        actions.note_money(key=key, basis=CashBasis(basis), on=on, viewer=request.viewer, at=clock.now())

    words = _("%(sum)s was invoiced") if basis == CashBasis.INVOICED else _("%(sum)s was paid")
    heading = words % {"sum": page.fee.text() if page.fee else ""}
    return one_day(
        request,
        key,
        form,
        deed,
        _("Noted."),
        heading=heading,
        submit=_("Note it"),
        **about,
    )


@get_or_post
def agree_split(request: HttpRequest, key: UUID) -> HttpResponse:
    """Who earned which part."""
    page, about = about_placement(request, key)
    if page.card.started_on is not None:
        access.require_leader(request.viewer)
    initial: dict[str, Any] = {}
    for n, part in enumerate(page.split.parts[: forms.LINES] if page.split else ()):
        initial |= {f"who-{n}": str(part.user_key), f"role-{n}": part.role.value,
                    f"share-{n}": f"{part.percent_hundredths / 100:g}"}  # fmt: skip
    known = dict(colleague_choices()) | {str(key): name for key, name in page.split_names.items()}
    form = forms.SplitForm(
        request.POST or None, initial=initial, colleagues=sorted(known.items(), key=lambda one: one[1]),
        again=page.split is not None,
    )  # fmt: skip

    def deed() -> None:
        held = form.cleaned_data
        actions.agree_split(key=key, parts=form.parts(), why=held["why"], viewer=request.viewer, at=clock.now())

    if posted(request, form, deed):
        say_done(request, _("The split is kept."))
        return redirect("placement", key)
    return show(request, form, template="jobs/splits.html", heading=_("Who earned which part?"), **about)


@get_or_post
def show_retained(request: HttpRequest, key: UUID) -> HttpResponse:
    """The stages of a retained search's fee: fetched by the job's page, or a page of its own."""
    card = queries.job_card(request.viewer, key)
    form = forms.DayForm(request.POST or None, initial={"on": today(request)}, label=_("Fell due on"))

    def deed() -> None:
        place = request.POST.get("place", "")
        actions.fall_due(
            job=key, place=int(place) if place.isdecimal() else -1, on=form.asked()[0], viewer=request.viewer,
            at=clock.now(),
        )  # fmt: skip

    if posted(request, form, deed):
        say_done(request, _("The stage is noted, and counts as cash."))
        return redirect("job", key)
    template = "jobs/placement_retained.html#card" if request.htmx else "jobs/placement_retained.html"
    values = {
        "form": form, "card": card, "parts": queries.retained_parts(request.viewer, key), "today": today(request),
        "may_work": access.may_work_jobs(request.viewer),
    }  # fmt: skip
    return render(request, template, values, status=422 if form.errors else 200)


patterns = [
    path("jobs/placements/", show_placements, name="placements"),
    path("jobs/placements/<uuid:key>/", show_placement, name="placement"),
    path("jobs/placements/<uuid:key>/start/", start_placement, name="start_placement"),
    path("jobs/placements/<uuid:key>/move/", change_start, name="change_start"),
    path("jobs/placements/<uuid:key>/fell-through/", fall_through, name="fall_through"),
    path("jobs/placements/<uuid:key>/left/", leave, name="leave_placement"),
    path("jobs/placements/<uuid:key>/money/<slug:basis>/", note_money, name="note_money"),
    path("jobs/placements/<uuid:key>/split/", agree_split, name="agree_split"),
    path("jobs/<uuid:key>/retained/", show_retained, name="job_retained"),
    *offer_patterns,
    *paper_patterns,
    *assignment_patterns,
    *billing_patterns,
]
