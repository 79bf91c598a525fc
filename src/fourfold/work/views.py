"""Pages of work: my tasks, what I was told, and the notes and tasks about one thing."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fourfold.base import clock
from fourfold.base.errors import FourfoldError, NotFound
from fourfold.ui.messages import say_done
from fourfold.work import actions, pages, queries
from fourfold.work.forms import NoteForm
from fourfold.work.types import NewTask, Whose


@require_safe
def show_tasks(request: HttpRequest) -> HttpResponse:
    """My tasks, my team's, or those I gave: overdue, today, later."""
    text, at = request.GET.get("of", Whose.MINE.value), clock.now()
    whose = Whose(text) if text in list(Whose) else Whose.MINE
    board = queries.board(request.viewer, whose=whose, at=at, cursor=request.GET.get("after"))
    return render(request, "work/tasks.html", pages.board_context(request.viewer, board, at))


@require_http_methods(["GET", "POST"])
def new_task(request: HttpRequest) -> HttpResponse:
    """Give a task: to oneself or a colleague, about something or nothing."""
    about = request.GET.get("about", "")
    things = pages.parse_things(about) if about else []
    found = queries.about(request.viewer, things, at=clock.now()) if things else None
    form = pages.task_form(request.viewer, request.POST if request.method == "POST" else None)
    error: FourfoldError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            task = form.task(things[0] if things else None)
            actions.give_task(task=task, viewer=request.viewer, at=clock.now())
            say_done(request, _("The task is kept."))
            return redirect(_back(request, found.subjects[0].url if found else reverse("tasks")))
        except NotFound:
            raise
        except FourfoldError as refused:
            error = refused
    context = {"form": form, "error": error, "subject": found.subjects[0] if found else None, "next": _next(request)}
    return render(request, "work/task_form.html", context, status=422 if error or form.errors else 200)


@require_http_methods(["GET", "POST"])
def change_task(request: HttpRequest, key: UUID) -> HttpResponse:
    """Change a task's words, day or owner."""
    at = clock.now()
    task = queries.task(request.viewer, key, at=at)
    form = pages.task_form(request.viewer, request.POST if request.method == "POST" else None, task)
    error: FourfoldError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            to: NewTask = form.task(None)
            actions.change_task(key=key, to=to, viewer=request.viewer, at=at)
            say_done(request, _("The task is changed."))
            return redirect(_back(request, reverse("tasks")))
        except NotFound:
            raise
        except FourfoldError as refused:
            error = refused
    context = {"form": form, "error": error, "task": task, "subject": task.subject, "next": _next(request)}
    return render(request, "work/task_form.html", context, status=422 if error or form.errors else 200)


@require_POST
def do_task(request: HttpRequest, key: UUID) -> HttpResponse:
    """Tick a task off; the next page offers to undo it."""
    actions.do_task(key=key, viewer=request.viewer, at=clock.now())
    undo = reverse("reopen_task", args=[key])
    back = _back(request, reverse("tasks"))
    say_done(request, _("Done."), undo=f"{undo}?{urlencode({'next': back})}")
    return redirect(back)


@require_POST
def reopen_task(request: HttpRequest, key: UUID) -> HttpResponse:
    """Undo a tick."""
    actions.reopen_task(key=key, viewer=request.viewer, at=clock.now())
    say_done(request, _("The task is open again."))
    return redirect(_back(request, reverse("tasks")))


@require_POST
def snooze_task(request: HttpRequest, key: UUID) -> HttpResponse:
    """Move a task to a later day."""
    actions.snooze_task(key=key, to=request.POST.get("to", ""), viewer=request.viewer, at=clock.now())
    say_done(request, _("The task is moved."))
    return redirect(_back(request, reverse("tasks")))


@require_safe
def show_about(request: HttpRequest) -> HttpResponse:
    """Every note and open task about one thing."""
    things, at = pages.parse_things(request.GET.get("about", "")), clock.now()
    found = queries.about(request.viewer, things, at=at, every_note=True)
    values = pages.about_context(request.viewer, found, at)
    return render(request, "work/about.html", {"panel": values, "subject": found.subjects[0]})


@require_POST
def write_note(request: HttpRequest) -> HttpResponse:
    """Keep a note; with htmx the part of the page comes back with it."""
    things, at = pages.parse_things(request.POST.get("about", "")), clock.now()
    kind = request.POST.get("side", things[0][0])
    chosen = next((thing for thing in things if thing[0] == kind), things[0])
    form, error = NoteForm(request.POST, auto_id="note_%s"), None
    if form.is_valid():
        try:
            actions.write_note(about=chosen, text=form.cleaned_data["text"], viewer=request.viewer, at=at)
            form = NoteForm(auto_id="note_%s")
        except NotFound:
            raise
        except FourfoldError as refused:
            error = refused
    return _about(request, things, form, error)


def _about(
    request: HttpRequest, things: list[tuple[str, UUID]], form: NoteForm, error: FourfoldError | None
) -> HttpResponse:
    at = clock.now()
    found = queries.about(request.viewer, things, at=at)
    failed = bool(error or (form.is_bound and form.errors))
    if not request.htmx and not failed:
        return redirect(f"{found.subjects[0].url}#work")
    values = pages.about_context(request.viewer, found, at, note_form=form, error=error)
    template = "work/panel.html" if request.htmx else "work/about.html"
    context = {"panel": values, "subject": found.subjects[0]}
    return render(request, template, context, status=422 if failed else 200)


@require_http_methods(["GET", "POST"])
def edit_note(request: HttpRequest, key: UUID) -> HttpResponse:
    """Change a note's words, and see what it said before."""
    page, at = queries.note(request.viewer, key), clock.now()
    form = NoteForm(request.POST if request.method == "POST" else None, initial={"text": page.note.text})
    error: FourfoldError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_note(key=key, text=form.cleaned_data["text"], viewer=request.viewer, at=at)
            say_done(request, _("The note is changed; what it said before is kept."))
            return redirect(f"{page.subject.url}#work")
        except NotFound:
            raise
        except FourfoldError as refused:
            error = refused
    context: dict[str, Any] = {"page": page, "form": form, "error": error, "colleagues": pages.colleagues()}
    return render(request, "work/note.html", context, status=422 if error or form.errors else 200)


@require_POST
def pin_note(request: HttpRequest, key: UUID) -> HttpResponse:
    """Keep a note on top, or no longer."""
    pinned = request.POST.get("pinned") == "yes"
    subject = actions.pin_note(key=key, pinned=pinned, viewer=request.viewer, at=clock.now())
    return redirect(f"{subject.url}#work")


@require_POST
def remove_note(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a note away; the next page offers to bring it back."""
    subject = actions.remove_note(key=key, viewer=request.viewer, at=clock.now())
    say_done(request, _("The note is removed."), undo=reverse("bring_note_back", args=[key]))
    return redirect(f"{subject.url}#work")


@require_POST
def bring_note_back(request: HttpRequest, key: UUID) -> HttpResponse:
    """Undo a removal."""
    subject = actions.bring_note_back(key=key, viewer=request.viewer, at=clock.now())
    say_done(request, _("The note is back."))
    return redirect(f"{subject.url}#work")


@require_safe
def show_notifications(request: HttpRequest) -> HttpResponse:
    """What I was told: mentions, tasks given, tasks due."""
    before = request.GET.get("before", "")
    rows = queries.notifications(request.viewer, before=int(before) if before.isdecimal() else None)
    return render(request, "work/notifications.html", pages.notifications_context(rows, size=queries.PAGE_SIZE))


@require_POST
def see_notifications(request: HttpRequest) -> HttpResponse:
    """Mark everything as seen."""
    actions.see_notifications(viewer=request.viewer, at=clock.now())
    return redirect("notifications")


@require_POST
def open_notification(request: HttpRequest, key: int) -> HttpResponse:
    """Mark one as seen, and go to what it is about."""
    subject = actions.open_notification(key=key, viewer=request.viewer, at=clock.now())
    return redirect(f"{subject.url}#work" if subject else reverse("tasks"))


def _next(request: HttpRequest) -> str:
    """Where the page came from, if that is one of ours."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return asked if ours else ""


def _back(request: HttpRequest, otherwise: str) -> str:
    return _next(request) or otherwise
