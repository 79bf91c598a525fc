"""Pages of organisations: list, one, stages, terms, job leads, value proposition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fourfold.accounts import queries as accounts
from fourfold.base import clock
from fourfold.base.errors import NotFound
from fourfold.people import access, actions, pages, queries
from fourfold.people.forms import clients as forms
from fourfold.people.pages import clients as shown
from fourfold.people.types import REGISTRY, ClientStage, JobLeadState
from fourfold.ui.messages import say_done
from fourfold.ui.posting import posted

get_or_post = require_http_methods(["GET", "POST"])


def _show(request: HttpRequest, template: str, form: django_forms.Form, **values: Any) -> HttpResponse:
    return render(request, template, {"form": form, **values}, status=422 if form.errors else 200)


@require_safe
def show_organisations(request: HttpRequest) -> HttpResponse:
    """Organisations by name, by stage, mine."""
    asked = {name: request.GET.get(name, "")[:120] for name in ("q", "stage", "mine", "after")}
    if asked["stage"] and asked["stage"] not in set(ClientStage):
        raise NotFound("The list was not filtered.", "There is no such stage.", "Choose one of those shown.")
    found = queries.organisations(
        request.viewer, text=asked["q"], stage=asked["stage"], mine=bool(asked["mine"]), cursor=asked["after"] or None,
        at=clock.now(),
    )  # fmt: skip
    values = {**shown.organisations_context(asked, found), "may_keep": access.may_keep_clients(request.viewer)}
    return render(request, "people/organisations.html", values)


@require_safe
def show_organisation(request: HttpRequest, key: UUID) -> HttpResponse:
    """One organisation: how far we are, terms, people, leads, what they offer."""
    context = shown.organisation_context(request.viewer, key, clock.now())
    return render(request, "people/organisation.html", context)


@require_safe
def show_panel(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """One part of an organisation's page that another room owns."""
    name = queries.organisation_name(request.viewer, key)
    if number >= len(REGISTRY.organisation_panels):
        raise NotFound("This part was not found.", "Its address was changed.", "Go back to the organisation.")
    panel = REGISTRY.organisation_panels[number](key, request.viewer, clock.now())
    template = "people/organisation_panel.html#card" if request.htmx else "people/organisation_panel.html"
    return render(request, template, {"key": key, "name": name, "panel": panel})


@require_safe
def show_people(request: HttpRequest, key: UUID) -> HttpResponse:
    """Who works there: fetched by the organisation's page, or a page of its own."""
    template = "people/organisation_people.html#card" if request.htmx else "people/organisation_people.html"
    return render(request, template, shown.people_context(request.viewer, key))


@get_or_post
def change_organisation(request: HttpRequest, key: UUID | None = None) -> HttpResponse:
    """The form of an organisation, or of a new one."""
    access.require_client_keeper(request.viewer)
    page = queries.organisation(request.viewer, key, at=clock.now()) if key else None
    initial = shown.organisation_values(page) if page else {"owner": str(request.viewer.user_key)}
    custom = [one for one in queries.custom_fields() if one.side == "organisation"]
    form = forms.OrganisationForm(
        request.POST or None, initial=initial, colleagues=pages.colleague_choices(), custom=custom
    )
    made: list[UUID] = []

    def deed() -> None:
        made.append(actions.change_organisation(to=form.change(), viewer=request.viewer, at=clock.now(), key=key))

    if posted(request, form, deed):
        say_done(request, _("The organisation is kept."))
        return redirect("organisation", made[0])
    return _show(request, "people/organisation_form.html", form, page=page)


@require_POST
def move_stage(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say how far we are."""
    form = forms.StageForm(request.POST)
    if not form.is_valid():
        raise NotFound("The stage was not changed.", "There is no such stage.", "Choose one of those shown.")
    actions.move_stage(
        organisation=key, stage=form.stage_asked(), why=form.cleaned_data["why"], viewer=request.viewer, at=clock.now()
    )
    say_done(request, _("The stage was changed."))
    return redirect("organisation", key)


@get_or_post
def new_terms(request: HttpRequest, key: UUID) -> HttpResponse:
    """A new version of an organisation's terms; it begins with the version before."""
    access.require_client_keeper(request.viewer)
    page = queries.organisation(request.viewer, key, at=clock.now())
    last = page.terms[0] if page.terms else None
    form = forms.TermsForm(request.POST or None, initial=shown.terms_values(last, accounts.house_currency()))
    made: list[UUID] = []

    def deed() -> None:
        draft = form.draft()
        made.append(actions.draft_terms(organisation=key, draft=draft, viewer=request.viewer, at=clock.now()))

    if posted(request, form, deed):
        say_done(request, _("The terms are drafted. Send them as you send such papers, then note it here."))
        return redirect("terms", made[0])
    return _show(request, "people/terms_form.html", form, page=page)


@get_or_post
def show_terms(request: HttpRequest, key: UUID) -> HttpResponse:
    """One version of terms, and its next step: sent, accepted, declined, who else hires under it."""
    row = queries.terms(request.viewer, key)
    people = shown.people_choices(request.viewer, row.organisation_key)
    today = clock.now().date()
    which = request.POST.get("deed", "")
    sent = forms.SentForm(request.POST if which == "sent" else None, people=people, initial={"sent_on": today})
    accepted = forms.AcceptedForm(
        request.POST if which == "accepted" else None, request.FILES or None, people=people,
        initial={"accepted_on": today},
    )  # fmt: skip
    scope = forms.ScopeForm(request.POST if which == "scope" else None)
    deeds: dict[str, tuple[django_forms.Form, Callable[[], object]]] = {
        "sent": (sent, lambda: _note_sent(request, key, sent)),
        "accepted": (accepted, lambda: _accept(request, key, accepted)),
        "scope": (scope, lambda: actions.hire_under(
            terms=key, organisation=scope.cleaned_data["organisation"], viewer=request.viewer, at=clock.now()
        )),
    }  # fmt: skip
    if which == "declined":
        actions.decline_terms(key=key, why=request.POST.get("why", "")[:160], viewer=request.viewer, at=clock.now())
        return redirect("terms", key)
    if which in deeds and posted(request, *deeds[which]):
        say_done(request, _("Noted."))
        return redirect("organisation", row.organisation_key)
    status = 422 if any(form.errors for form, _deed in deeds.values()) else 200
    values = {
        "one": shown.terms_words(row), "sent": sent, "accepted": accepted, "scope": scope,
        "may_keep": access.may_keep_clients(request.viewer),
    }  # fmt: skip
    return render(request, "people/terms.html", values, status=status)


def _note_sent(request: HttpRequest, key: UUID, form: django_forms.Form) -> None:
    held = form.cleaned_data
    to = UUID(held["to"]) if held["to"] else None
    actions.note_terms_sent(key=key, to=to, sent_at=forms.noon(held["sent_on"]), viewer=request.viewer, at=clock.now())


def _accept(request: HttpRequest, key: UUID, form: django_forms.Form) -> None:
    held = form.cleaned_data
    by_person = UUID(held["by_person"]) if held["by_person"] else None
    upload = held.get("document")
    actions.accept_terms(
        key=key, how=held["how"], by_person=by_person, accepted_at=forms.noon(held["accepted_on"]),
        document=(upload.name, upload.read()) if upload else None,
        viewer=request.viewer, at=clock.now(),
    )  # fmt: skip


@require_safe
def show_leads(request: HttpRequest) -> HttpResponse:
    """Vacancies heard of."""
    text = request.GET.get("state", "open")
    if text not in set(JobLeadState):
        raise NotFound("The list was not filtered.", "There is no such state.", "Choose one of those shown.")
    rows = queries.job_leads(request.viewer, state=JobLeadState(text))
    return render(request, "people/leads.html", shown.leads_context(request.viewer, rows, JobLeadState(text)))


@get_or_post
def new_lead(request: HttpRequest, key: UUID | None = None) -> HttpResponse:
    """Keep a vacancy heard of: a title is enough."""
    page = queries.organisation(request.viewer, key, at=clock.now()) if key else None
    form = forms.LeadForm(request.POST or None)

    def deed() -> None:
        actions.note_job_lead(lead=form.lead(key), viewer=request.viewer, at=clock.now())

    if posted(request, form, deed):
        say_done(request, _("The lead is kept."))
        return redirect("organisation", key) if key else redirect("leads")
    return _show(request, "people/lead_form.html", form, page=page)


@require_POST
def settle_lead(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say what became of a lead."""
    form = forms.LeadStateForm(request.POST)
    if not form.is_valid():
        raise NotFound("The lead was not changed.", "There is no such state.", "Choose one of those shown.")
    actions.settle_job_lead(
        key=key, state=form.state_asked(), why=form.cleaned_data["why"], viewer=request.viewer, at=clock.now()
    )
    say_done(request, _("Noted."))
    return redirect(reverse("leads"))


@get_or_post
def write_value(request: HttpRequest, key: UUID) -> HttpResponse:
    """What a happily employed person would gain here, in their words, with what shows it."""
    access.require_client_keeper(request.viewer)
    page = queries.organisation(request.viewer, key, at=clock.now())
    form = forms.ValueForm(request.POST or None, initial=shown.value_values(page.value))

    def deed() -> None:
        held = form.cleaned_data
        actions.write_value(
            organisation=key, in_short=held["in_short"], gains=form.gains(), not_to_promise=held["not_to_promise"],
            viewer=request.viewer, at=clock.now(),
        )  # fmt: skip

    if posted(request, form, deed):
        say_done(request, _("What they offer is written down."))
        return redirect("organisation", key)
    return _show(request, "people/value_form.html", form, page=page)
