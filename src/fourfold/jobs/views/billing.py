"""Pages of billings and of weekly margins."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fourfold.accounts import queries as accounts
from fourfold.base import clock
from fourfold.jobs import actions, queries
from fourfold.jobs.forms import placing as forms
from fourfold.jobs.pages import billing as shown
from fourfold.jobs.pages.placing import today_of
from fourfold.jobs.rules import margins
from fourfold.jobs.types import CashBasis
from fourfold.ui.messages import say_done
from fourfold.ui.posting import posted

get_or_post = require_http_methods(["GET", "POST"])


def _asked(request: HttpRequest) -> tuple[CashBasis, shown.Period]:
    """The basis and the days that an address asks for."""
    form = forms.PeriodForm(request.GET)
    held = form.cleaned_data if form.is_valid() else {}
    on = today_of(request.viewer, clock.now())
    period = shown.period_of(request.GET.get("period", ""), held.get("from_date"), held.get("to_date"), on=on)
    return forms.basis_of(request.GET.get("basis", "")), period


def _csv(name: str, rows: list[tuple[str, ...]]) -> HttpResponse:
    response = HttpResponse(margins.as_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@require_safe
def show_my_billings(request: HttpRequest) -> HttpResponse:
    """Whoever looks, their own."""
    return redirect("billings", request.viewer.user_key)


@require_safe
def show_billings(request: HttpRequest, key: UUID) -> HttpResponse:
    """What one colleague billed, against their target."""
    basis, period = _asked(request)
    found = queries.billings(request.viewer, key, basis=basis, from_day=period.from_day, to_day=period.to_day)
    start = request.GET.get("start", "")
    on = today_of(request.viewer, clock.now())
    context = shown.billings_context(found, period, on=on, start=int(start) if start.isdecimal() else 0)
    form = forms.PeriodForm(initial={"from_date": period.from_day, "to_date": period.to_day})
    return render(request, "jobs/billings.html", {**context, "form": form, "leads": "leader" in request.viewer.roles})


@require_safe
def billings_csv(request: HttpRequest, key: UUID) -> HttpResponse:
    """One colleague's billings, for payroll."""
    basis, period = _asked(request)
    found = queries.billings(request.viewer, key, basis=basis, from_day=period.from_day, to_day=period.to_day)
    return _csv(f"billings-{basis}-{period.from_day}-{period.to_day}", shown.payroll_rows([found]))


@require_safe
def show_all_billings(request: HttpRequest) -> HttpResponse:
    """What everybody billed: for leaders."""
    basis, period = _asked(request)
    rows = queries.all_billings(request.viewer, basis=basis, from_day=period.from_day, to_day=period.to_day)
    context = shown.everyones_context(request.viewer, rows, basis, period, on=today_of(request.viewer, clock.now()))
    form = forms.PeriodForm(initial={"from_date": period.from_day, "to_date": period.to_day})
    return render(request, "jobs/all_billings.html", {**context, "form": form})


@require_safe
def all_billings_csv(request: HttpRequest) -> HttpResponse:
    """Everybody's billings, for payroll."""
    basis, period = _asked(request)
    rows = queries.all_billings(request.viewer, basis=basis, from_day=period.from_day, to_day=period.to_day)
    return _csv(f"billings-{basis}-{period.from_day}-{period.to_day}", shown.payroll_rows(rows))


@get_or_post
def aim(request: HttpRequest, key: UUID) -> HttpResponse:
    """What a colleague aims to bill a month."""
    on, currency = today_of(request.viewer, clock.now()), accounts.house_currency()
    found = queries.billings(request.viewer, key, basis=CashBasis.ACCEPTED, from_day=on, to_day=on)
    form = forms.TargetForm(request.POST or None, currency=currency, initial={"month": on.replace(day=1)})

    def deed() -> None:
        held = form.cleaned_data
        actions.aim(
            user_key=key, month=held["month"], months=held["months"], amount_minor=held["amount_minor"],
            currency=currency, viewer=request.viewer, at=clock.now(),
        )  # fmt: skip

    if posted(request, form, deed):
        say_done(request, _("The target is kept."))
        return redirect("billings", key)
    values = {"form": form, "found": found, "currency": currency}
    return render(request, "jobs/billing_target.html", values, status=422 if form.errors else 200)


@get_or_post
def show_margins(request: HttpRequest) -> HttpResponse:
    """Bring a file of weekly margins; nothing counts until it is taken."""
    context = shown.margins_context(request.viewer, queries.margin_files(request.viewer))
    form = forms.MarginForm(request.POST or None, request.FILES or None)
    made: list[UUID] = []

    def deed() -> None:
        upload = form.cleaned_data["file"]
        data = upload.read()
        made.append(actions.stage_margins(name=upload.name, data=data, viewer=request.viewer, at=clock.now()))

    if posted(request, form, deed):
        return redirect("margin_file", made[0])
    return render(request, "jobs/margins.html", {**context, "form": form}, status=422 if form.errors else 200)


@require_safe
def show_margin_file(request: HttpRequest, key: UUID) -> HttpResponse:
    """What a file brings, or brought, and what it can't."""
    found = queries.margin_file(request.viewer, key)
    return render(request, "jobs/margin_file.html", {"found": found, "rejected": found.rejected[:50]})


@require_POST
def take_margins(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take the weeks of a file."""
    correct = request.POST.get("correct") == "yes"
    actions.take_margins(key=key, correct=correct, viewer=request.viewer, at=clock.now())
    say_done(request, _("The weeks are taken."))
    return redirect("margin_file", key)


@require_POST
def drop_margins(request: HttpRequest, key: UUID) -> HttpResponse:
    """Forget a file that was not taken."""
    actions.drop_margins(key=key, viewer=request.viewer, at=clock.now())
    say_done(request, _("The file is dropped: nothing of it counts."))
    return redirect("margins")


@require_safe
def margins_rejected(request: HttpRequest, key: UUID) -> HttpResponse:
    """The rows that were not taken, with their reasons."""
    return _csv("rejected-margins", shown.rejected_rows(queries.margin_file(request.viewer, key)))


@require_safe
def margins_template(request: HttpRequest) -> HttpResponse:
    """Running assignments, as a file to fill in."""
    on = today_of(request.viewer, clock.now())
    return _csv("weekly-margins", shown.template_rows(queries.running_assignments(request.viewer, on=on)))


patterns = [
    path("jobs/billings/", show_my_billings, name="my_billings"),
    path("jobs/billings/all/", show_all_billings, name="all_billings"),
    path("jobs/billings/all.csv", all_billings_csv, name="all_billings_csv"),
    path("jobs/billings/<uuid:key>/", show_billings, name="billings"),
    path("jobs/billings/<uuid:key>/billings.csv", billings_csv, name="billings_csv"),
    path("jobs/billings/<uuid:key>/target/", aim, name="billing_target"),
    path("jobs/margins/", show_margins, name="margins"),
    path("jobs/margins/weekly-margins.csv", margins_template, name="margins_template"),
    path("jobs/margins/<uuid:key>/", show_margin_file, name="margin_file"),
    path("jobs/margins/<uuid:key>/take/", take_margins, name="take_margins"),
    path("jobs/margins/<uuid:key>/drop/", drop_margins, name="drop_margins"),
    path("jobs/margins/<uuid:key>/rejected.csv", margins_rejected, name="margins_rejected"),
]
