"""Pages that change a person's record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fourfold.base import clock
from fourfold.base.errors import NotFound
from fourfold.people import access, actions, pages, queries
from fourfold.people.forms import profile as forms
from fourfold.people.types import REGISTRY, AddressUse, FieldKind, NewField, PersonPage, Scheme
from fourfold.ui.messages import say_done
from fourfold.ui.posting import posted

get_or_post = require_http_methods(["GET", "POST"])


@require_safe
def show_panel(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """One part of a person's page that another room owns: fetched by the page itself, or a page of its own."""
    page = queries.person(request.viewer, key)
    if number >= len(REGISTRY.panels):
        raise NotFound("This part was not found.", "Its address was changed.", "Go back to the person.")
    panel = REGISTRY.panels[number](page.card.key, request.viewer, clock.now())
    return render(
        request, "people/panel.html#card" if request.htmx else "people/panel.html", {"page": page, "panel": panel}
    )


def _posted(
    request: HttpRequest, form: django_forms.Form, deed: Callable[[], object], said: str, to: tuple[str, UUID]
) -> HttpResponse | None:
    """Do a deed with a posted form; None where the form has to be shown (again)."""
    if not posted(request, form, deed):
        return None
    say_done(request, said)
    return redirect(to[0], to[1])


def _show(request: HttpRequest, template: str, page: PersonPage, form: django_forms.Form, **more: Any) -> HttpResponse:
    values = {"page": page, "form": form, **more}
    return render(request, template, values, status=422 if form.errors else 200)


@get_or_post
def change_person(request: HttpRequest, key: UUID) -> HttpResponse:
    """The form of a person's record."""
    page = queries.person(request.viewer, key)
    form = forms.PersonForm(
        request.POST or None,
        initial=pages.record_values(page),
        colleagues=pages.colleague_choices(),
        custom=[one for one in queries.custom_fields() if one.side != "organisation"],
        sees=page.sees_candidate_side,
    )

    def deed() -> None:
        actions.change_person(person_key=key, to=form.change(), viewer=request.viewer, at=clock.now())

    done = _posted(request, form, deed, _("The record was changed."), ("person", page.card.key))
    return done or _show(request, "people/change.html", page, form)


@require_safe
def suggest_skills(request: HttpRequest) -> HttpResponse:
    """Skills that go with what is being written, as options."""
    found = queries.skills_like(request.GET.get("add_skill", "")[:80]) if request.viewer.roles else ()
    return render(request, "people/skill_options.html", {"names": found})


@get_or_post
def show_addresses(request: HttpRequest, key: UUID) -> HttpResponse:
    """A person's addresses: add one, say what is known of each."""
    page = queries.person(request.viewer, key)
    form = forms.AddressForm(request.POST or None)

    def deed() -> None:
        held = form.cleaned_data
        use = AddressUse(held["use"]) if held["use"] else None
        actions.put_address(
            person_key=key, scheme=Scheme(held["scheme"]), text=held["text"], use=use, viewer=request.viewer,
            at=clock.now(),
        )  # fmt: skip

    done = _posted(request, form, deed, _("The address was added."), ("addresses", page.card.key))
    return done or _show(request, "people/addresses.html", page, form, rows=pages.address_forms(page))


@require_POST
def change_address(request: HttpRequest, key: UUID, address: int) -> HttpResponse:
    """What is known of an address, or that it goes."""
    form = forms.AddressChangeForm(request.POST)
    if request.POST.get("deed") == "take":
        actions.take_address(person_key=key, address=address, viewer=request.viewer, at=clock.now())
        say_done(request, _("The address was taken off the record."))
    elif form.is_valid():
        actions.change_address(person_key=key, address=address, to=form.change(), viewer=request.viewer, at=clock.now())
        say_done(request, _("The address was changed."))
    return redirect("addresses", key)


@get_or_post
def show_jobs(request: HttpRequest, key: UUID, job: int | None = None) -> HttpResponse:
    """A working life: add a job, or change one."""
    page = pages.candidate_page(request.viewer, key)
    held = next((one for one in page.profile.jobs if one.key == job), None)
    form = forms.JobForm(request.POST or None, initial=pages.job_values(held) if held else None)

    def deed() -> None:
        actions.put_job(person_key=key, job=form.job(), viewer=request.viewer, at=clock.now(), key=job)

    done = _posted(request, form, deed, _("The working life was changed."), ("jobs_of_person", page.card.key))
    return done or _show(request, "people/jobs.html", page, form, job=held)


@require_POST
def take_job(request: HttpRequest, key: UUID, job: int) -> HttpResponse:
    """A job that was never theirs goes."""
    actions.take_job(person_key=key, key=job, viewer=request.viewer, at=clock.now())
    say_done(request, _("The job was taken out."))
    return redirect("jobs_of_person", key)


@get_or_post
def show_roles(request: HttpRequest, key: UUID) -> HttpResponse:
    """What a person is to the house, and who owns each side."""
    page = queries.person(request.viewer, key)
    form = forms.RolesForm(
        request.POST or None,
        initial=pages.role_values(page),
        colleagues=pages.colleague_choices(),
        roles=pages.roles_shown(page),
    )

    def deed() -> None:
        actions.set_roles(person_key=key, owners=form.owners(), viewer=request.viewer, at=clock.now())

    done = _posted(request, form, deed, _("The roles were changed."), ("person", page.card.key))
    return done or _show(request, "people/roles.html", page, form)


@get_or_post
def show_who_sees(request: HttpRequest, key: UUID) -> HttpResponse:
    """Who sees this record."""
    page = queries.person(request.viewer, key)
    initial = {"confidential": page.card.confidential, "let_in": [str(one) for one in page.profile.let_in]}
    form = forms.WhoSeesForm(request.POST or None, initial=initial, colleagues=pages.colleague_choices())

    def deed() -> None:
        actions.set_confidential(person_key=key, **form.cleaned_data, viewer=request.viewer, at=clock.now())

    said = _("Who sees this record was changed.")
    done = _posted(request, form, deed, said, ("person", page.card.key))
    return done or _show(request, "people/who_sees.html", page, form, who=pages.who_sees(page))


@get_or_post
def show_not_to(request: HttpRequest, key: UUID) -> HttpResponse:
    """The organisations that a person's CV must not go to."""
    page = pages.candidate_page(request.viewer, key)
    form = forms.NotToForm(request.POST or None)

    def deed() -> None:
        actions.keep_cv_from(person_key=key, **form.cleaned_data, viewer=request.viewer, at=clock.now())

    done = _posted(request, form, deed, _("Their CV will not go there."), ("not_to", page.card.key))
    return done or _show(request, "people/not_to.html", page, form)


@require_POST
def allow_cv_to(request: HttpRequest, key: UUID, row: int) -> HttpResponse:
    """Take an organisation off the list."""
    actions.allow_cv_to(person_key=key, key=row, viewer=request.viewer, at=clock.now())
    say_done(request, _("Their CV may go there again."))
    return redirect("not_to", key)


@get_or_post
def show_fields(request: HttpRequest) -> HttpResponse:
    """The fields the house added, and a form for one more."""
    access.require_field_keeper(request.viewer)
    form = forms.CustomFieldForm(request.POST or None)

    def deed() -> None:
        held = form.cleaned_data
        field = NewField(**{**held, "kind": FieldKind(held["kind"])})
        actions.add_field(field=field, viewer=request.viewer, at=clock.now())

    if posted(request, form, deed):
        words = _("“%(label)s” was added to the forms and filters.") % {"label": form.cleaned_data["label"]}
        say_done(request, words)
        return redirect("custom_fields")
    values = {"form": form, "rows": queries.custom_fields(retired=True)}
    return render(request, "people/fields.html", values, status=422 if form.errors else 200)


@require_POST
def retire_field(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a field out of the forms, or bring it back."""
    retired = request.POST.get("retired") == "yes"
    actions.retire_field(slug=slug, retired=retired, viewer=request.viewer, at=clock.now())
    say_done(request, _("The field is out of the forms; its values stay.") if retired else _("The field is back."))
    return redirect("custom_fields")
