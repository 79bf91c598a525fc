"""Pages about people: list, one person, merge, erase, export."""

from __future__ import annotations

import re
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fourfold.base import clock
from fourfold.people import access, actions, pages, queries
from fourfold.people.forms import EraseForm, MergeForm
from fourfold.people.types import PersonNotFound
from fourfold.ui.messages import say_done

_KEY = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)


@require_safe
def show_people(request: HttpRequest) -> HttpResponse:
    """Who fits what is asked: words, a role, a list, filters; in an order that has a name."""
    asked = pages.asked_from(request.GET, request.viewer)
    found = queries.people(
        request.viewer, tree=asked.tree, text=asked.text, order=asked.order, at=clock.now(), cursor=asked.after or None
    )
    return render(request, "people/list.html", pages.list_context(request.viewer, asked, found))


@require_safe
def show_person(request: HttpRequest, key: UUID) -> HttpResponse:
    """One person: who they are, the timeline, and what other rooms add."""
    page = pages.person_context(request.viewer, key, clock.now(), request.GET.get("before"))
    if page["page"].card.key != key:
        return redirect("person", page["page"].card.key)
    if request.htmx and request.GET.get("before"):
        return render(request, "people/person.html#rows", page)
    return render(request, "people/person.html", {**page, "merge_form": MergeForm()})


@require_POST
def merge(request: HttpRequest, key: UUID) -> HttpResponse:
    """Join another record to this one; the next page offers to undo it."""
    form = MergeForm(request.POST)
    other = _KEY.search(form.cleaned_data["other"]) if form.is_valid() else None
    if other is None:
        raise PersonNotFound(
            _("Nothing was merged."), _("That is no person's address."), _("Paste the address of their page.")
        )
    other_key = UUID(other.group())
    actions.merge_people(person_key=other_key, into_key=key, viewer=request.viewer, at=clock.now())
    say_done(request, _("The two records are one now."), undo=reverse("unmerge_person", args=[other_key]))
    return redirect("person", key)


@require_POST
def unmerge(request: HttpRequest, key: UUID) -> HttpResponse:
    """Undo a merge."""
    actions.unmerge_person(person_key=key, viewer=request.viewer, at=clock.now())
    say_done(request, _("The record stands by itself again."))
    return redirect("person", key)


@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask, then erase: it can't be undone."""
    page = queries.person(request.viewer, key)
    access.require_eraser(request.viewer)
    form = EraseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        may_return = form.cleaned_data["may_return"]
        actions.erase_person(person_key=key, viewer=request.viewer, at=clock.now(), may_return=may_return)
        say_done(request, _("The person was erased. What they brought still counts; nobody can tell who it was."))
        return redirect("people")
    return render(request, "people/erase.html", {"page": page, "form": form}, status=422 if form.errors else 200)
