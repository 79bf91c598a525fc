"""Pages about what the house owes people: who must be told, declarations, batches, and who is kept out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fourfold.base import clock
from fourfold.base.errors import FourfoldError
from fourfold.people import access, actions, pages, queries
from fourfold.people.forms.notices import DeclarationForm, LiftErasureForm, PlanForm, ToldForm
from fourfold.people.types import Scheme
from fourfold.ui.messages import say_done


@require_safe
def show_notices(request: HttpRequest) -> HttpResponse:
    """Who must still be told where we have their data from, with the clock."""
    at = clock.now()
    context = pages.notices_context(request.viewer, at)
    forms = {"plan_form": PlanForm(initial={"first": at.date()}), "told_form": ToldForm(wordings=queries.wordings())}
    return render(request, "people/notices.html", {**context, **forms})


@require_http_methods(["GET", "POST"])
def declare_told(request: HttpRequest) -> HttpResponse:
    """Declare what people of a source were told: fill in, see how many it covers, confirm."""
    access.require_keeper(request.viewer)
    at = clock.now()
    form = DeclarationForm(request.POST or None, initial=pages.told_from(request.GET))
    covered = None
    if request.method == "POST" and form.is_valid():
        new = form.declaration()
        today = at.astimezone(ZoneInfo(request.viewer.zone)).date()
        try:
            if request.POST.get("step") == "declare":
                key = actions.declare(new=new, viewer=request.viewer, today=today, at=at)
                say_done(request, _("It is declared, and can be withdrawn."))
                return redirect("declared", key)
            covered = queries.count_covered(new)
        except FourfoldError as error:
            form.add_error(None, str(error))
    context = {"form": form, "covered": covered, **pages.declaration_context(form, covered)}
    return render(request, "people/declare.html", context, status=422 if form.errors else 200)


@require_safe
def show_declaration(request: HttpRequest, key: UUID) -> HttpResponse:
    """One declaration, and how to withdraw it."""
    return render(request, "people/declared.html", pages.declared_context(request.viewer, key))


@require_POST
def withdraw_declaration(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a declaration back."""
    people = actions.withdraw_declaration(key=key, viewer=request.viewer, at=clock.now())
    words = ngettext("%(n)s person is", "%(n)s people are", people) % {"n": people}
    say_done(request, _("Withdrawn: %(people)s owed the notice again.") % {"people": words})
    return redirect("notices")


@require_POST
def plan_notices(request: HttpRequest) -> HttpResponse:
    """Cut those who wait into batches."""
    form = PlanForm(request.POST)
    at = clock.now()
    if form.is_valid():
        try:
            made = actions.plan_notices(**form.cleaned_data, viewer=request.viewer, at=at)
        except FourfoldError as error:
            form.add_error(None, str(error))
        else:
            say_done(request, ngettext("%(n)s batch.", "%(n)s batches.", made) % {"n": made})
            return redirect("notices")
    context = pages.notices_context(request.viewer, at)
    told = ToldForm(wordings=queries.wordings())
    return render(request, "people/notices.html", {**context, "plan_form": form, "told_form": told}, status=422)


@require_POST
def drop_plan(request: HttpRequest) -> HttpResponse:
    """Take batches of which nobody was told back."""
    actions.drop_plan(viewer=request.viewer, at=clock.now())
    say_done(request, _("Batches not begun are gone; their people wait as before."))
    return redirect("notices")


@require_http_methods(["GET", "POST"])
def tell_batch(request: HttpRequest, batch: int) -> HttpResponse:
    """Note that everybody of a batch was told."""
    access.require_keeper(request.viewer)
    context = pages.batch_context(batch)
    return _tell(
        request,
        context,
        lambda given: actions.tell_batch(batch=batch, **given, viewer=request.viewer, at=clock.now()),
    )


@require_http_methods(["GET", "POST"])
def tell_person(request: HttpRequest, key: UUID) -> HttpResponse:
    """Note that somebody was told."""
    page = queries.wishes_page(request.viewer, key, at=clock.now())
    context = {"who": page.name, "back": "notices"}
    return _tell(
        request,
        context,
        lambda given: actions.tell_person(person_key=key, **given, viewer=request.viewer, at=clock.now()),
    )


def _tell(
    request: HttpRequest, context: Mapping[str, object], deed: Callable[[dict[str, str]], object]
) -> HttpResponse:
    form = ToldForm(request.POST or None, wordings=queries.wordings())
    if request.method == "POST" and form.is_valid():
        try:
            deed(form.cleaned_data)
        except FourfoldError as error:
            form.add_error(None, str(error))
        else:
            say_done(request, _("Noted: they were told."))
            return redirect("notices")
    return render(request, "people/told.html", {**context, "form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def show_kept_out(request: HttpRequest) -> HttpResponse:
    """How many are kept out, without a name; and a leader's way to let somebody back in who came themselves."""
    form = LiftErasureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            freed = _lift(request, form)
        except FourfoldError as error:
            form.add_error(None, str(error))
        else:
            words = ngettext("%(n)s address is free.", "%(n)s addresses are free.", freed) % {"n": freed}
            say_done(request, _("They can be added again: %(words)s") % {"words": words})
            return redirect("kept_out")
    context = {
        "form": form, "found": queries.kept_out(), "tabs": pages.privacy_tabs("kept_out"),
        "may_lift": access.may_lift_erasure(request.viewer),
    }  # fmt: skip
    return render(request, "people/kept_out.html", context, status=422 if form.errors else 200)


def _lift(request: HttpRequest, form: LiftErasureForm) -> int:
    text = form.cleaned_data["address"]
    schemes = (Scheme.EMAIL, Scheme.PHONE, Scheme.PROFILE)
    found = [queries.recognise_as(scheme, text, source="", country="GB") for scheme in schemes]
    identifier = next((one for one in found if one), None)
    if identifier is None:
        raise FourfoldError(
            _("Nothing was lifted."), _("That is no address."), _("Give an e-mail, a phone number or a profile.")
        )
    return actions.lift_erasure(
        identifier=identifier, why=form.cleaned_data["why"], viewer=request.viewer, at=clock.now()
    )
