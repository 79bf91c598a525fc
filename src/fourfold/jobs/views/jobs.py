"""Pages of jobs: list, one, its form, its status, who hires, on whose word it is advertised, and where."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fourfold.accounts import queries as accounts
from fourfold.base import clock
from fourfold.base.errors import NotFound
from fourfold.jobs import access, actions, queries
from fourfold.jobs.forms import jobs as forms
from fourfold.jobs.pages import jobs as shown
from fourfold.jobs.types import HIRED, JobStatus
from fourfold.people import queries as people
from fourfold.ui.messages import say_done
from fourfold.ui.posting import posted

get_or_post = require_http_methods(["GET", "POST"])


def _show(request: HttpRequest, template: str, form: django_forms.Form, **values: Any) -> HttpResponse:
    return render(request, template, {"form": form, **values}, status=422 if form.errors else 200)


@require_safe
def show_jobs(request: HttpRequest) -> HttpResponse:
    """Jobs by grade."""
    asked = {name: request.GET.get(name, "")[:120] for name in ("q", "status", "mine", "after")}
    asked["status"] = asked["status"] or JobStatus.OPEN
    if asked["status"] not in set(JobStatus):
        raise NotFound("The list was not filtered.", "There is no such status.", "Choose one of those shown.")
    found = queries.jobs(
        request.viewer, status=JobStatus(asked["status"]), text=asked["q"], mine=bool(asked["mine"]),
        cursor=asked["after"] or None,
    )  # fmt: skip
    return render(request, "jobs/jobs.html", shown.jobs_context(request.viewer, asked, found))


@require_safe
def show_job(request: HttpRequest, key: UUID) -> HttpResponse:
    """One job: what is needed, on what footing, who is on it."""
    return render(request, "jobs/job.html", shown.job_context(request.viewer, key, clock.now()))


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@get_or_post
def new_job(request: HttpRequest) -> HttpResponse:
    """The form of a new job; it may begin with an organisation or a job lead."""
    access.require_job_worker(request.viewer)
    lead = next((one for one in people.job_leads(request.viewer) if str(one.key) == request.GET.get("lead", "")), None)
    organisation = lead.organisation_key if lead else _key(request.GET.get("organisation", ""))
    name = people.organisation_name(request.viewer, organisation) if organisation else ""
    managers = shown.people_choices(request.viewer, organisation) if organisation else []
    initial = {
        "owner": str(request.viewer.user_key), "currency": accounts.house_currency(), "calibre": "upper_half",
        "country": accounts.house_country(), "title": lead.title if lead else "", "pay_shown": True, "openings": 1,
    }  # fmt: skip
    form = forms.JobForm(
        request.POST or None, initial=initial, colleagues=shown.colleague_choices(), desks=shown.desk_choices(),
        managers=managers, known=organisation is not None,
    )  # fmt: skip
    made: list[UUID] = []

    def deed() -> None:
        manager = form.cleaned_data.get("hiring_manager") or ""
        made.append(
            actions.open_job(
                to=form.change(organisation), client=form.cleaned_data.get("organisation", ""),
                hiring_manager=UUID(manager) if manager else None, lead=lead.key if lead else None,
                draft="draft" in request.POST, viewer=request.viewer, at=clock.now(),
            )
        )  # fmt: skip

    if posted(request, form, deed):
        say_done(request, _("The job is kept."))
        return redirect("job", made[0])
    return _show(request, "jobs/job_form.html", form, page=None, lead=lead, client=name)


@get_or_post
def change_job(request: HttpRequest, key: UUID) -> HttpResponse:
    """The form of a job there is."""
    access.require_job_worker(request.viewer)
    page = queries.job(request.viewer, key, at=clock.now())
    form = forms.JobForm(
        request.POST or None, initial=forms.job_values(page.change), colleagues=shown.colleague_choices(),
        desks=shown.desk_choices(), known=True,
    )  # fmt: skip

    def deed() -> None:
        actions.change_job(key=key, to=form.change(page.change.organisation), viewer=request.viewer, at=clock.now())

    if posted(request, form, deed):
        say_done(request, _("The job is changed."))
        return redirect("job", key)
    return _show(request, "jobs/job_form.html", form, page=page, client=page.card.organisation)


@require_POST
def set_status(request: HttpRequest, key: UUID) -> HttpResponse:
    """Open it, put it on hold, or note that it was filled."""
    status = request.POST.get("status", "")
    if status not in {JobStatus.OPEN, JobStatus.ON_HOLD, JobStatus.FILLED}:
        raise NotFound("The job was not changed.", "There is no such status.", "Choose one of those shown.")
    actions.set_status(
        key=key, status=JobStatus(status), why=request.POST.get("why", "")[:250], viewer=request.viewer, at=clock.now()
    )
    say_done(request, _("The job’s status is changed."))
    return redirect("job", key)


@get_or_post
def close_job(request: HttpRequest, key: UUID) -> HttpResponse:
    """End a job without us; those who wait are answered first."""
    access.require_job_worker(request.viewer)
    page = queries.job(request.viewer, key, at=clock.now())
    form = forms.CloseForm(request.POST or None)

    def deed() -> None:
        actions.set_status(
            key=key, status=JobStatus.CLOSED, why=form.cleaned_data["why"], reason=form.asked(), viewer=request.viewer,
            at=clock.now(),
        )  # fmt: skip

    if posted(request, form, deed):
        say_done(request, _("The job is closed."))
        return redirect("job", key)
    going = sum(n for step, n in page.by_step if step.stage not in HIRED)
    return _show(request, "jobs/close_form.html", form, page=page, going=going)


@get_or_post
def add_hirer(request: HttpRequest, key: UUID) -> HttpResponse:
    """Somebody more who hires."""
    access.require_job_worker(request.viewer)
    page = queries.job(request.viewer, key, at=clock.now())
    form = forms.HirerForm(
        request.POST or None, people=shown.people_choices(request.viewer, page.card.organisation_key),
        colleagues=shown.colleague_choices(),
    )  # fmt: skip

    def deed() -> None:
        actions.add_hirer(job=key, hirer=form.hirer(), viewer=request.viewer, at=clock.now())

    if posted(request, form, deed):
        return redirect("job", key)
    return _show(request, "jobs/small_form.html", form, page=page, heading=_("Who hires?"), submit=_("Add them"))


@require_POST
def remove_hirer(request: HttpRequest, key: UUID, row: int) -> HttpResponse:
    """Take somebody off the hiring team."""
    actions.remove_hirer(job=key, key=row, viewer=request.viewer, at=clock.now())
    return redirect("job", key)


@get_or_post
def note_authority(request: HttpRequest, key: UUID) -> HttpResponse:
    """On whose word the job is advertised."""
    access.require_job_worker(request.viewer)
    page = queries.job(request.viewer, key, at=clock.now())
    people_there = shown.people_choices(request.viewer, page.card.organisation_key)
    form = forms.AuthorityForm(request.POST or None, people=people_there)

    def deed() -> None:
        actions.note_authority(
            job=key, by_person=UUID(form.cleaned_data["person"]), how=form.cleaned_data["how"], viewer=request.viewer,
            at=clock.now(),
        )  # fmt: skip

    if posted(request, form, deed):
        say_done(request, _("Their authority is kept: the job can be advertised."))
        return redirect("job", key)
    heading = _("Who allowed us to advertise it?")
    return _show(request, "jobs/small_form.html", form, page=page, heading=heading, submit=_("Keep it"))


@get_or_post
def note_advert(request: HttpRequest, key: UUID) -> HttpResponse:
    """Where the job was posted, for how much."""
    access.require_job_worker(request.viewer)
    page = queries.job(request.viewer, key, at=clock.now())
    currency = page.change.currency
    form = forms.AdvertForm(request.POST or None, currency=currency, initial={"posted_on": clock.now().date()})

    def deed() -> None:
        actions.note_advert(job=key, advert=form.advert(), viewer=request.viewer, at=clock.now())

    if posted(request, form, deed):
        return redirect("job", key)
    heading = _("Where was it posted?")
    return _show(request, "jobs/small_form.html", form, page=page, heading=heading, submit=_("Keep the advert"))


@require_POST
def take_down_advert(request: HttpRequest, key: UUID, advert: UUID) -> HttpResponse:
    """The advert is down."""
    actions.take_down_advert(job=key, key=advert, viewer=request.viewer, at=clock.now())
    return redirect("job", key)


patterns = [
    path("jobs/", show_jobs, name="jobs"),
    path("jobs/new/", new_job, name="new_job"),
    path("jobs/<uuid:key>/", show_job, name="job"),
    path("jobs/<uuid:key>/change/", change_job, name="change_job"),
    path("jobs/<uuid:key>/status/", set_status, name="job_status"),
    path("jobs/<uuid:key>/close/", close_job, name="close_job"),
    path("jobs/<uuid:key>/hirers/", add_hirer, name="add_hirer"),
    path("jobs/<uuid:key>/hirers/<int:row>/remove/", remove_hirer, name="remove_hirer"),
    path("jobs/<uuid:key>/authority/", note_authority, name="note_authority"),
    path("jobs/<uuid:key>/adverts/", note_advert, name="note_advert"),
    path("jobs/<uuid:key>/adverts/<uuid:advert>/down/", take_down_advert, name="take_down_advert"),
]
