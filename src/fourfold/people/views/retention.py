"""Whose time is up: keep for a reason and until a day, or erase; and the house's rules."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from fourfold.base import clock
from fourfold.base.errors import FourfoldError
from fourfold.people import access, actions, pages, queries, rules
from fourfold.people.forms.retention import KeepForm, RuleForm
from fourfold.ui.messages import say_done


@require_safe
def show_retention(request: HttpRequest) -> HttpResponse:
    """The queue, and the rules that fill it."""
    return _page(request, KeepForm(), RuleForm())


def _page(request: HttpRequest, keep: KeepForm, rule: RuleForm, *, status: int = 200) -> HttpResponse:
    found = queries.reviews(request.viewer)
    heading = ngettext("%(n)s record's time is up", "%(n)s records' time is up", found.count) % {
        "n": f"{found.count:,}"
    }
    context = {
        "found": found,
        "heading": heading if found.count else _("Nobody's time is up"),
        "tabs": pages.privacy_tabs("retention"),
        "keep_form": keep,
        "rule_form": rule,
        "offered": rules.OFFERED,
        "may_keep": access.may_keep(request.viewer),
        "more": max(0, found.count - len(found.rows)),
    }
    return render(request, "people/retention.html", context, status=status)


@require_POST
def decide_retention(request: HttpRequest) -> HttpResponse:
    """Keep or erase those that were chosen."""
    at = clock.now()
    ticked = request.POST.getlist("shown" if request.POST.get("all") == "yes" else "review")
    chosen = [int(one) for one in ticked if one.isdecimal() and len(one) < 18]
    form = KeepForm(request.POST)
    if not form.is_valid():
        return _page(request, form, RuleForm(), status=422)
    try:
        if not chosen:
            raise FourfoldError(_("Nothing was decided."), _("Nobody was chosen."), _("Tick those you decide on."))
        if request.POST.get("deed") == "erase":
            done = _erase(request, chosen)
            words = ngettext("%(n)s person was erased.", "%(n)s people were erased.", done)
        else:
            today = at.astimezone(ZoneInfo(request.viewer.zone)).date()
            done = actions.keep_people(reviews=chosen, **form.cleaned_data, viewer=request.viewer, today=today, at=at)
            words = ngettext("%(n)s record is kept.", "%(n)s records are kept.", done)
    except FourfoldError as error:
        form.add_error(None, str(error))
        return _page(request, form, RuleForm(), status=422)
    say_done(request, words % {"n": done})
    return redirect("retention")


def _erase(request: HttpRequest, chosen: list[int]) -> int:
    if request.POST.get("sure") != "on":
        raise FourfoldError(
            _("Nobody was erased."), _("An erasure can't be undone."), _("Tick that you know it, then erase.")
        )
    return actions.erase_people(reviews=chosen, viewer=request.viewer, at=clock.now())


@require_POST
def keep_retention_rule(request: HttpRequest) -> HttpResponse:
    """Add or change a rule, or begin with those offered."""
    form = RuleForm(request.POST)
    begin = request.POST.get("begin") == "yes"
    if begin or form.is_valid():
        try:
            new = rules.OFFERED if begin else [form.rule()]
            actions.keep_rules(new=new, viewer=request.viewer, at=clock.now())
        except FourfoldError as error:
            form.add_error(None, str(error))
        else:
            say_done(request, _("Kept; whose time is up by it will stand here soon."))
            return redirect("retention")
    return _page(request, KeepForm(), form, status=422)


@require_POST
def stop_retention_rule(request: HttpRequest, rule: int) -> HttpResponse:
    """Use a rule no more."""
    actions.stop_rule(rule=rule, viewer=request.viewer, at=clock.now())
    say_done(request, _("The rule is used no more; nobody waits by it."))
    return redirect("retention")
