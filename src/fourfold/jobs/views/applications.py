"""Pages of applications: a job's board, lists, one application and its steps."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fourfold.base import clock
from fourfold.base.errors import NotFound
from fourfold.jobs import access, actions, queries
from fourfold.jobs.forms import applications as forms
from fourfold.jobs.pages import applications as shown
from fourfold.jobs.types import ApplicationRefused, Stage
from fourfold.people import queries as people
from fourfold.ui.messages import say_done
from fourfold.ui.posting import posted


@require_safe
def show_board(request: HttpRequest, key: UUID) -> HttpResponse:
    """A job's people by stage."""
    return render(request, "jobs/board.html", shown.board_context(request.viewer, key, clock.now()))


@require_safe
def show_applications(request: HttpRequest, key: UUID | None = None) -> HttpResponse:
    """Applications of the house or of one job, as a list."""
    asked = {name: request.GET.get(name, "")[:80] for name in ("stage", "ended", "mine", "waiting", "after")}
    if asked["stage"] and asked["stage"] not in set(Stage):
        raise NotFound("The list was not filtered.", "There is no such stage.", "Choose one of those shown.")
    found = queries.applications(
        request.viewer, job=key, stage=Stage(asked["stage"]) if asked["stage"] else None, ended=asked["ended"],
        mine=bool(asked["mine"]), waiting=bool(asked["waiting"]), cursor=asked["after"] or None,
    )  # fmt: skip
    context = shown.list_context(request.viewer, asked, found, clock.now(), job=key)
    return render(request, "jobs/applications.html", context)


@require_safe
def show_application(request: HttpRequest, key: UUID) -> HttpResponse:
    """One person's progress on one job."""
    return render(request, "jobs/application.html", shown.application_context(request.viewer, key, clock.now()))


@require_POST
def move(request: HttpRequest, key: UUID) -> HttpResponse:
    """Move an application to another stage: dragged, or by its button. The next page offers to undo it."""
    to, at = request.POST.get("to", "")[:30], clock.now()
    page = queries.application(request.viewer, key)
    back = (
        reverse("job_board", args=[page.row.job_key]) if "board" in request.POST else reverse("application", args=[key])
    )
    before = actions.move_application(key=key, to=to, viewer=request.viewer, at=at)
    name = next((one.name for one in queries.pipeline() if one.slug == to), to)
    undo = reverse("move_back", args=[key, before])
    say_done(request, _("%(who)s is at “%(stage)s” now.") % {"who": page.row.person, "stage": name}, undo=undo)
    if request.htmx:
        context = shown.board_context(request.viewer, page.row.job_key, at)
        return render(request, "jobs/board.html#board", {**context, "moved": True})
    return redirect(back)


@require_POST
def move_back(request: HttpRequest, key: UUID, to: str) -> HttpResponse:
    """Undo a step."""
    actions.move_application(key=key, to=to, why=_("undone"), viewer=request.viewer, at=clock.now())
    say_done(request, _("The step is undone; its history stays."))
    return redirect("application", key)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, key: UUID) -> HttpResponse:
    """End an application, with the real reason."""
    access.require_job_worker(request.viewer)
    page = queries.application(request.viewer, key)
    form = forms.EndForm(request.POST or None)

    def deed() -> None:
        actions.end_application(
            key=key, ended=form.asked(), why=form.cleaned_data["why"], viewer=request.viewer, at=clock.now()
        )

    if posted(request, form, deed):
        waits = queries.application(request.viewer, key).row.owed_since is not None
        say_done(request, _("It has ended. They still wait for your answer.") if waits else _("It has ended."))
        return redirect("answer_one" if waits else "application", key)
    return render(
        request, "jobs/end_form.html", {"form": form, "page": page, "row": page.row}, status=422 if form.errors else 200
    )


@require_POST
def reopen(request: HttpRequest, key: UUID) -> HttpResponse:
    """Open an application that ended."""
    actions.reopen_application(key=key, viewer=request.viewer, at=clock.now())
    say_done(request, _("It is open again."))
    return redirect("application", key)


@require_http_methods(["GET", "POST"])
def put_on_job(request: HttpRequest, person: UUID) -> HttpResponse:
    """Put a person on a job."""
    access.require_job_worker(request.viewer)
    card = people.person(request.viewer, person).card
    form = forms.PutOnJobForm(request.POST or None, jobs=queries.live_jobs(request.viewer))
    made: list[UUID] = []

    def deed() -> None:
        job, origin = form.asked()
        actions.add_people(job=job, person_keys=[person], origin=origin, viewer=request.viewer, at=clock.now())
        made.append(job)

    if posted(request, form, deed):
        say_done(request, _("%(who)s is on the job.") % {"who": card.name})
        return redirect("job_board", made[0])
    return render(request, "jobs/put_on_job.html", {"form": form, "card": card}, status=422 if form.errors else 200)


@require_POST
def add_to_board(request: HttpRequest, key: UUID) -> HttpResponse:
    """Put somebody on this job by e-mail address, phone number or profile address."""
    text = request.POST.get("who", "").strip()[:250]
    found = queries.person_by_address(request.viewer, text)
    if found is None:
        raise ApplicationRefused(
            "Nobody was added.", f"Nobody open to you has the address “{text}”.", "Add them to People first."
        )
    actions.add_people(job=key, person_keys=[found], origin=forms.Origin.SOURCED, viewer=request.viewer, at=clock.now())
    return redirect("job_board", key)


patterns = [
    path("jobs/applications/", show_applications, name="applications"),
    path("jobs/applications/<uuid:key>/", show_application, name="application"),
    path("jobs/applications/<uuid:key>/move/", move, name="move_application"),
    path("jobs/applications/<uuid:key>/move/<slug:to>/", move_back, name="move_back"),
    path("jobs/applications/<uuid:key>/end/", end, name="end_application"),
    path("jobs/applications/<uuid:key>/reopen/", reopen, name="reopen_application"),
    path("jobs/<uuid:key>/board/", show_board, name="job_board"),
    path("jobs/<uuid:key>/people/", show_applications, name="job_applications"),
    path("jobs/<uuid:key>/add/", add_to_board, name="add_to_board"),
    path("jobs/put/<uuid:person>/", put_on_job, name="put_on_job"),
]
