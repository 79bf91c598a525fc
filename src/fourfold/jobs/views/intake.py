"""Pages of the intake: publish a job, and the inbox of job boards' mails."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fourfold.base import clock
from fourfold.jobs import access, actions, queries
from fourfold.jobs.forms import intake as forms
from fourfold.jobs.pages import intake as shown
from fourfold.jobs.types import IntakeState
from fourfold.ui.messages import say_done
from fourfold.ui.posting import posted


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, key: UUID) -> HttpResponse:
    """Whether a job is on the public pages: a card on its page, and the form to publish it."""
    held = queries.publishing(request.viewer, key)
    form = forms.PublishForm(
        request.POST if request.method == "POST" else None,
        initial={"apply_until": held.apply_until, "client_named": held.client_named},
    )

    def deed() -> None:
        actions.publish_job(key=key, viewer=request.viewer, at=clock.now(), **form.cleaned_data)

    if posted(request, form, deed):
        say_done(request, _("It is public. Search engines find it within days, people at once."))
        return redirect("job", key)
    context = {**shown.publishing_context(request.viewer, key, clock.now()), "form": form}
    template = "jobs/intake_publish.html#card" if request.htmx else "jobs/intake_publish.html"
    return render(request, template, context, status=422 if form.errors else 200)


@require_POST
def unpublish(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a job off the public pages."""
    actions.unpublish_job(key=key, viewer=request.viewer, at=clock.now())
    say_done(request, _("It is off the public pages. Its address says that it is over, and offers others."))
    return redirect("job", key)


@require_safe
def show_inbox(request: HttpRequest) -> HttpResponse:
    """Applications that job boards sent by mail."""
    every = request.GET.get("show") == "all"
    context = shown.inbox_context(request.viewer, every=every, cursor=request.GET.get("after", "")[:10])
    return render(request, "jobs/intake.html", context)


def _mail(request: HttpRequest, key: UUID, **given: Any) -> HttpResponse:
    context = shown.mail_context(request.viewer, key)
    page = context["page"]
    initial: dict[str, Any] = {what: str(at) for what, at in page.guess.items()}
    initial |= {"board": page.row.board or page.row.from_address.rpartition("@")[2], "remember": True}
    context["map_form"] = given.get("map_form") or forms.MapForm(
        lines=page.lines, sender_name=page.sender_name, initial=initial
    )
    context["job_form"] = given.get("job_form") or forms.JobChoiceForm(jobs=shown.job_choices(request.viewer))
    return render(request, "jobs/intake_mail.html", context, status=422 if given else 200)


@require_safe
def show_mail(request: HttpRequest, key: UUID) -> HttpResponse:
    """One mail: its words, what was read, the next step."""
    return _mail(request, key)


@require_POST
def map_mail(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say on which lines the values stand."""
    page = queries.board_mail(request.viewer, key)
    form = forms.MapForm(request.POST, lines=page.lines, sender_name=page.sender_name)
    found: list[IntakeState] = []

    def deed() -> None:
        found.append(
            actions.map_board_mail(
                key=key,
                board=form.cleaned_data["board"],
                chosen=form.chosen(),
                remember=form.cleaned_data["remember"],
                viewer=request.viewer,
                at=clock.now(),
            )
        )

    if posted(request, form, deed):
        return _went_on(request, key, found[0])
    return _mail(request, key, map_form=form)


def _went_on(request: HttpRequest, key: UUID, state: IntakeState) -> HttpResponse:
    if state is IntakeState.TAKEN:
        say_done(request, _("It is an application now."))
        return redirect("board_mails")
    say_done(request, _("That is kept. One more thing is needed."))
    return redirect("board_mail", key)


@require_POST
def choose_job(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say for which job they applied."""
    form = forms.JobChoiceForm(request.POST, jobs=shown.job_choices(request.viewer))

    def deed() -> None:
        actions.choose_job_of_mail(key=key, job=form.chosen(), viewer=request.viewer, at=clock.now())

    if posted(request, form, deed):
        return _went_on(request, key, IntakeState.TAKEN)
    return _mail(request, key, job_form=form)


@require_POST
def settle_mail(request: HttpRequest, key: UUID) -> HttpResponse:
    """Try it once more, or say that it is no application."""
    access.require_job_worker(request.viewer)
    if request.POST.get("deed") == "again":
        return _went_on(request, key, actions.try_board_mail(key=key, viewer=request.viewer, at=clock.now()))
    actions.ignore_board_mail(key=key, viewer=request.viewer, at=clock.now())
    say_done(request, _("Its words and its file are gone; that it came is kept."))
    return redirect("board_mails")


patterns = [
    path("jobs/incoming/", show_inbox, name="board_mails"),
    path("jobs/incoming/<uuid:key>/", show_mail, name="board_mail"),
    path("jobs/incoming/<uuid:key>/lines/", map_mail, name="map_board_mail"),
    path("jobs/incoming/<uuid:key>/job/", choose_job, name="board_mail_job"),
    path("jobs/incoming/<uuid:key>/settle/", settle_mail, name="settle_board_mail"),
    path("jobs/<uuid:key>/public/", publish, name="publish_job"),
    path("jobs/<uuid:key>/public/stop/", unpublish, name="unpublish_job"),
]
