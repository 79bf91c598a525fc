"""Pages of lists: the filter builder, saved and hot lists, edits of many people, and lists as files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fourfold.base import clock
from fourfold.base.errors import NotFound
from fourfold.people import access, actions, pages, queries
from fourfold.people.forms.lists import ListForm
from fourfold.people.types import BulkDeed, ListKind, ListRefused, PeopleList, Sharing
from fourfold.ui.messages import say_done

CSV_ROWS = 2_000


@require_safe
def filter_people(request: HttpRequest) -> HttpResponse:
    """The filter builder: groups of conditions, each row a field, a comparison and a value."""
    asked = pages.asked_from(request.GET, request.viewer)
    fields = queries.filter_fields(request.viewer)
    form = pages.builder(asked, fields, request.GET.get("change", ""))
    values = {
        **form,
        "asked": asked,
        "kept": [one for one in asked.pairs() if one[0] in {"q", "role", "that", "list", "sort"}],
    }
    return render(request, "people/filter.html#builder" if request.htmx else "people/filter.html", values)


@require_safe
def show_lists(request: HttpRequest) -> HttpResponse:
    """The lists a viewer may use."""
    return render(request, "people/lists.html", pages.lists_context(request.viewer, queries.lists(request.viewer)))


@require_http_methods(["GET", "POST"])
def new_list(request: HttpRequest) -> HttpResponse:
    """Keep what is asked as a saved list, or make a hot list."""
    asked = pages.asked_from(request.GET, request.viewer)
    return _list_page(request, ListKind.SAVED if asked.tree.parts else ListKind.HOT, asked.tree)


@require_http_methods(["GET", "POST"])
def change_list(request: HttpRequest, key: UUID) -> HttpResponse:
    """A list's name and sharing."""
    row = queries.saved_list(request.viewer, key)
    return _list_page(request, row.kind, row.tree, row)


def _list_page(request: HttpRequest, kind: ListKind, tree: Any, row: Any = None) -> HttpResponse:
    choices = pages.sharing_choices(request.viewer)
    initial = {"name": row.name, "sharing": row.sharing} if row else {"sharing": "private"}
    form = ListForm(request.POST or None, choices=choices, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            key = actions.save_list(
                name=form.cleaned_data["name"], kind=kind, tree=tree, sharing=Sharing(form.cleaned_data["sharing"]),
                viewer=request.viewer, at=clock.now(), key=row.key if row else None,
            )  # fmt: skip
        except ListRefused as error:
            form.add_error(None, str(error))
        else:
            say_done(request, _("“%(name)s” is kept.") % {"name": form.cleaned_data["name"]})
            return redirect(f"{reverse('people')}?list={key}" if tree.parts or row else reverse("lists"))
    values = {"form": form, "row": row, "is_hot": kind is ListKind.HOT}
    return render(request, "people/list_form.html", values, status=422 if form.errors else 200)


@require_POST
def remove_list(request: HttpRequest, key: UUID) -> HttpResponse:
    """Remove a list; the people on it stay."""
    actions.remove_list(key=key, viewer=request.viewer, at=clock.now())
    say_done(request, _("The list is gone. Nobody who was on it is."))
    return redirect("lists")


VALUES = {
    BulkDeed.ADD_TAG: "tag",
    BulkDeed.REMOVE_TAG: "tag",
    BulkDeed.ADD_TO_LIST: "hot_list",
    BulkDeed.REMOVE_FROM_LIST: "from_list",
    BulkDeed.GIVE_OWNER: "owner",
    BulkDeed.SAY_OPENNESS: "openness",
}


@require_POST
def edit_people(request: HttpRequest) -> HttpResponse:
    """Do one thing to those ticked, or to all who fit; the next page offers to undo it."""
    deed = _deed(request.POST.get("deed", ""))
    edit = actions.Edit(deed, request.POST.get(VALUES[deed], "")[:120])
    at = clock.now()
    key = actions.edit_people(people=_chosen(request, at), edit=edit, viewer=request.viewer, at=at)
    done = queries.bulk_edit(request.viewer, key)
    words = ngettext("%(what)s: %(n)s person.", "%(what)s: %(n)s people.", done.people)
    undo = reverse("undo_edit", args=[key]) if done.people else ""
    say_done(request, words % {"what": done.what, "n": f"{done.people:,}"}, undo=undo)
    return redirect(_back(request))


def _deed(text: str) -> BulkDeed:
    try:
        return BulkDeed(text)
    except ValueError:
        raise NotFound("Nothing was changed.", "There is no such deed.", "Choose one of those shown.") from None


def _chosen(request: HttpRequest, at: Any) -> list[UUID]:
    """The people ticked, or all who fit what the list asked for."""
    if request.POST.get("everybody"):
        asked = pages.asked_from(request.GET, request.viewer)
        return queries.keys_fitting(
            request.viewer, tree=asked.tree, text=asked.text, at=at, limit=actions.MOST_EDITED + 1
        )
    try:
        return [UUID(text) for text in request.POST.getlist("person")]
    except ValueError:
        raise NotFound("Nothing was changed.", "The page was cut or changed.", "Load it anew.") from None


def _back(request: HttpRequest) -> str:
    query = request.GET.urlencode()
    return reverse("people") + (f"?{query}" if query else "")


@require_POST
def undo_edit(request: HttpRequest, key: UUID) -> HttpResponse:
    """Put back what an edit of many people changed."""
    n = actions.undo_edit(key=key, viewer=request.viewer, at=clock.now())
    say_done(request, ngettext("Undone for %(n)s person.", "Undone for %(n)s people.", n) % {"n": f"{n:,}"})
    return redirect("people")


@require_safe
def download_people(request: HttpRequest) -> HttpResponseBase:
    """Those who fit as CSV, safe to open in a spreadsheet. Leaders and administrators; audited."""
    access.require_list_exporter(request.viewer)
    asked, at = pages.asked_from(request.GET, request.viewer), clock.now()
    actions.note_list_export(viewer=request.viewer, what=asked.address(), at=at)

    def found() -> Iterator[PeopleList]:
        cursor: str | None = None
        while True:
            page = queries.people(request.viewer, tree=asked.tree, text=asked.text, at=at, cursor=cursor, size=CSV_ROWS)
            yield page
            cursor = page.older
            if cursor is None:
                return

    rows = pages.csv_rows(found())
    response = StreamingHttpResponse(_as_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="people.csv"'
    return response


def _as_lines(rows: Iterator[Any]) -> Iterator[str]:
    for row in rows:
        text = io.StringIO()
        csv.writer(text).writerow(row)
        yield text.getvalue()
