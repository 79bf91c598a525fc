"""Goals: the list, setting one, changing one, dropping one and bringing it back."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fourfold.accounts import queries as accounts
from fourfold.base import clock
from fourfold.base.errors import FourfoldError
from fourfold.reports import access, actions, queries, rules
from fourfold.reports.forms import GoalForm
from fourfold.reports.pages import asking, goals
from fourfold.reports.types import GoalRow, NewGoal
from fourfold.reports.views import answering
from fourfold.ui.messages import say_done


@require_safe
def show_goals(request: HttpRequest) -> HttpResponse:
    """Every goal beside what the ledger has towards it."""
    access.require_reader(request.viewer)
    zone = accounts.house_zone()
    today = clock.now().astimezone(ZoneInfo(zone)).date()
    may_set = access.may_set_goals(request.viewer)
    dropped = queries.goals(zone=zone, dropped=True) if may_set else ()
    context = goals.list_context(queries.goals(zone=zone), dropped, today, may_set=may_set)
    return render(
        request, "reports/goals.html", context | {"sections": asking.sections("goals", viewer=request.viewer)}
    )


@require_safe
def download_goals(request: HttpRequest) -> HttpResponseBase:
    """The goals as CSV."""
    access.require_reader(request.viewer)
    zone = accounts.house_zone()
    today = clock.now().astimezone(ZoneInfo(zone)).date()
    return answering.as_file("goals", None, goals.table_rows(queries.goals(zone=zone), today))


@require_http_methods(["GET", "HEAD", "POST"])
def new_goal(request: HttpRequest) -> HttpResponse:
    """Set a goal."""
    access.require_goal_setter(request.viewer)
    return _goal_form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def change_goal(request: HttpRequest, key: UUID) -> HttpResponse:
    """Change a goal; what its target was is shown."""
    access.require_goal_setter(request.viewer)
    return _goal_form(request, queries.goal(key, zone=accounts.house_zone()))


def _goal_form(request: HttpRequest, goal: GoalRow | None) -> HttpResponse:
    at = clock.now()
    today = at.astimezone(ZoneInfo(accounts.house_zone())).date()
    form = GoalForm(request.POST or None, initial=goals.initial(goal, today), choices=goals.form_choices())
    error: FourfoldError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            _keep(request, form, goal)
        except FourfoldError as refused:
            error = refused
        else:
            say_done(request, _("The goal is kept. Both its owners see it."))
            return redirect("goals")
    context = {
        "form": form,
        "error": error,
        "goal": goals.against(goal, today),
        "sections": asking.sections("goals", viewer=request.viewer),
    }
    return render(request, "reports/goal.html", context, status=422 if request.method == "POST" else 200)


def _keep(request: HttpRequest, form: GoalForm, goal: GoalRow | None) -> None:
    given, currency = form.cleaned_data, accounts.house_currency()
    new = NewGoal(
        figure=given["figure"],
        period=rules.own_period(str(given["from_date"]), str(given["to_date"])),
        target=goals.target_of(given["figure"], given["target"], currency),
        currency=currency,
        recruiter=UUID(given["recruiter"]),
        marketer=UUID(given["marketer"]),
        desk=given["desk"],
        team=given["team"],
        office=given["office"],
        note=given["note"],
    )
    if goal is None:
        actions.set_goal(new=new, viewer=request.viewer, at=clock.now())
    else:
        actions.change_goal(key=goal.key, new=new, viewer=request.viewer, at=clock.now())


@require_POST
def drop_goal(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a goal off the boards, with an undo."""
    actions.drop_goal(key=key, viewer=request.viewer, at=clock.now())
    say_done(request, _("The goal is dropped."), undo=reverse("restore_goal", args=[key]))
    return redirect("goals")


@require_POST
def restore_goal(request: HttpRequest, key: UUID) -> HttpResponse:
    """Bring a dropped goal back."""
    actions.restore_goal(key=key, viewer=request.viewer, at=clock.now())
    say_done(request, _("The goal is back."))
    return redirect("goals")
