"""Pages of papers: what a job asks for, what was seen."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fourfold.base import clock
from fourfold.base.errors import NotFound
from fourfold.jobs import access, actions, queries
from fourfold.jobs.forms import placing as forms
from fourfold.jobs.pages import placing as shown
from fourfold.jobs.views.agreeing import (
    about_application,
    get_or_post,
    show,
    today,
    upload,
)
from fourfold.ui.messages import say_done
from fourfold.ui.posting import posted

NO_PAPER = ("This paper was not found.", "This kind of job doesn't ask for it.", "Go back to the application.")


@require_safe
def show_papers(request: HttpRequest, key: UUID) -> HttpResponse:
    """The papers of an application: fetched by its page, or a page of its own."""
    template = "jobs/checks.html#card" if request.htmx else "jobs/checks.html"
    about = queries.application(request.viewer, key).row
    return render(request, template, {**shown.papers_context(request.viewer, key, clock.now()), "about": about})


@get_or_post
def see_paper(request: HttpRequest, key: UUID, kind: UUID) -> HttpResponse:
    """Note that a paper was seen, or waive it."""
    paper = queries.paper(request.viewer, key, kind, on=today(request))
    if paper is None:
        raise NotFound(
            "This paper was not found.", "This kind of job doesn't ask for it.", "Go back to the application."
        )
    about = about_application(request, key)
    waives = request.POST.get("deed") == "waive"
    form = forms.PaperForm(
        None if waives else request.POST or None, None if waives else request.FILES or None, expires=paper.kind.expires
    )
    waive = forms.WaiveForm(request.POST if waives else None)

    def see() -> None:
        held = form.cleaned_data
        actions.see_paper(
            application=key, kind=kind, document=upload(form), words=held["words"], expires_on=held["expires_on"],
            viewer=request.viewer, at=clock.now(),
        )  # fmt: skip

    def let_go() -> None:
        why = waive.cleaned_data["why"]
        actions.waive_paper(application=key, kind=kind, why=why, viewer=request.viewer, at=clock.now())

    if posted(request, waive, let_go) if waives else posted(request, form, see):
        say_done(request, _("The paper is noted."))
        return redirect("application", key)
    values = {
        **about, "heading": paper.kind.name, "paper": shown.paper_words(paper), "waive": waive,
        "may_waive": access.may_lead(request.viewer), "template": "jobs/checks_paper.html",
    }  # fmt: skip
    return show(request, waive if waives else form, paper_form=form, **values)


@get_or_post
def show_kinds(request: HttpRequest) -> HttpResponse:
    """Which papers each kind of job asks for."""
    form = forms.CheckKindForm(request.POST or None)

    def deed() -> None:
        actions.keep_check_kind(**form.asked(), viewer=request.viewer, at=clock.now())

    if posted(request, form, deed):
        say_done(request, _("The paper is asked for."))
        return redirect("check_kinds")
    return show(request, form, template="jobs/checks_kinds.html", **shown.kinds_context(request.viewer))


@require_POST
def use_kind(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask for a paper no longer, or again."""
    used = request.POST.get("used") == "yes"
    actions.use_check_kind(key=key, used=used, viewer=request.viewer, at=clock.now())
    undo = "" if used else reverse("use_check_kind_again", args=[key])
    say_done(request, _("Asked for again.") if used else _("No longer asked for."), undo=undo)
    return redirect("check_kinds")


@require_POST
def use_kind_again(request: HttpRequest, key: UUID) -> HttpResponse:
    """Undo: ask for a paper again."""
    actions.use_check_kind(key=key, used=True, viewer=request.viewer, at=clock.now())
    return redirect("check_kinds")


patterns = [
    path("jobs/applications/<uuid:key>/papers/", show_papers, name="application_papers"),
    path("jobs/applications/<uuid:key>/papers/<uuid:kind>/", see_paper, name="see_paper"),
    path("jobs/papers/", show_kinds, name="check_kinds"),
    path("jobs/papers/<uuid:key>/", use_kind, name="use_check_kind"),
    path("jobs/papers/<uuid:key>/again/", use_kind_again, name="use_check_kind_again"),
]
