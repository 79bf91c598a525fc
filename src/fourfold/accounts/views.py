"""Pages of accounts: the first run, invitations, colleagues, the house's places, the audit, one's own account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fourfold.accounts import access, actions, client, forms, mails, queries, rules
from fourfold.accounts.signing_in import sign_in
from fourfold.accounts.types import AlreadyThere, InvitationRefused, Position
from fourfold.base import clock
from fourfold.base.errors import NotAllowed, NotFound
from fourfold.ui.messages import say_done

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def show(request: HttpRequest, template: str, form: django_forms.Form, **more: Any) -> HttpResponse:
    """A page with a form; one that failed comes back as 422 with what was typed."""
    return render(request, template, {"form": form, **more}, status=422 if form.errors else 200)


@never_cache
@login_not_required
@sensitive_post_parameters("password")
@get_or_post
def welcome(request: HttpRequest) -> HttpResponse:
    """Make the first administrator, with the code the terminal shows. Afterwards there is no such page."""
    open_to = queries.first_run(request.GET.get("code", ""))
    if not open_to.needed:
        raise NotFound(_("There is nothing here for you."), _("This house has its first administrator."), _("Sign in."))
    if not open_to.code_is_right:
        return render(request, "accounts/welcome_closed.html", {"code_given": "code" in request.GET})
    form = forms.WelcomeForm(request.POST or None)
    if not form.is_valid():
        return show(request, "accounts/welcome.html", form)
    usual = {"zone": settings.TIME_ZONE, "currency": settings.CURRENCY}
    key = actions.make_first_administrator(**form.cleaned_data, **usual, at=clock.now())
    return sign_in(request, key)


@never_cache
@login_not_required
@sensitive_post_parameters("password")
@get_or_post
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a name and password, and come in."""
    invited = queries.invitation(token, at=clock.now())
    form = forms.AcceptForm(request.POST or None)
    form.invited_email = invited.email
    if not form.is_valid():
        return show(request, "accounts/accept_invitation.html", form, invited=invited)
    key = actions.accept_invitation(token=token, **form.cleaned_data, at=clock.now())
    return sign_in(request, key)


@require_safe
def show_colleagues(request: HttpRequest) -> HttpResponse:
    """Who works here, and who is invited."""
    return render(request, "accounts/colleagues.html", {"page": queries.colleagues(request.viewer, at=clock.now())})


@get_or_post
def invite(request: HttpRequest) -> HttpResponse:
    """Ask a colleague to join; without a mail server the link is shown once, to be passed on."""
    choices = queries.choices(request.viewer)
    form = forms.InviteForm(request.POST or None, choices=choices)
    if not form.is_valid():
        return show(request, "accounts/invite.html", form)
    email = form.cleaned_data["email"]
    try:
        token = actions.invite(**form.cleaned_data, viewer=request.viewer, at=clock.now())
    except (AlreadyThere, InvitationRefused) as error:
        form.add_error("email", str(error))
        return show(request, "accounts/invite.html", form)
    link = client.link(request, reverse("accept_invitation", args=[token]))
    sent = mails.send_invitation(email=email, link=link, house=queries.house_name(), invited_by=request.viewer.name)
    if not sent:
        told = {"email": email, "link": link, "days": rules.INVITATION_DAYS, "has_server": mails.has_server()}
        return render(request, "accounts/invited.html", told)
    say_done(request, _("The invitation is on its way to %(email)s.") % {"email": email})
    return redirect("colleagues")


@require_POST
def withdraw_invitation(request: HttpRequest, key: int) -> HttpResponse:
    """Take an invitation back: its link stops working."""
    actions.withdraw_invitation(key=key, viewer=request.viewer, at=clock.now())
    say_done(request, _("The invitation was withdrawn. Its link works no more."))
    return redirect("colleagues")


@get_or_post
def show_colleague(request: HttpRequest, key: UUID) -> HttpResponse:
    """One colleague: roles, team, office, desks, and whether they may sign in."""
    row = queries.user(request.viewer, key)
    initial = {"roles": row.roles, "team": row.team_slug, "office": row.office_slug, "desks": row.desk_slugs}
    form = forms.ColleagueForm(
        request.POST or None, choices=queries.choices(request.viewer), initial={**initial, "active": row.active}
    )
    if not form.is_valid():
        return show(request, "accounts/colleague.html", form, row=row)
    try:
        actions.change_user(user_key=key, to=Position(**form.cleaned_data), viewer=request.viewer, at=clock.now())
    except NotAllowed as error:
        form.add_error(None, str(error))
        return show(request, "accounts/colleague.html", form, row=row)
    say_done(request, _("%(name)s was changed.") % {"name": row.name})
    return redirect("colleagues")


PLACES: dict[str, tuple[type[django_forms.Form], Callable[..., str]]] = {
    "office": (forms.OfficeForm, actions.add_office),
    "brand": (forms.BrandForm, actions.add_brand),
    "team": (forms.TeamForm, actions.add_team),
    "desk": (forms.DeskForm, actions.add_desk),
}


@require_safe
def show_house(request: HttpRequest) -> HttpResponse:
    """Offices, brands, teams and desks."""
    return render(request, "accounts/house.html", {"places": queries.places(request.viewer)})


@get_or_post
def add_place(request: HttpRequest, kind: str) -> HttpResponse:
    """Add an office, a brand, a team or a desk."""
    by = access.account_manager(request.viewer)
    if kind not in PLACES:
        raise NotFound(_("There is nothing here for you."), _("A house has no such part."), _("Go back to the house."))
    form_class, add = PLACES[kind]
    form = form_class(request.POST or None)
    if not form.is_valid():
        return show(request, "accounts/add_place.html", form, kind=kind)
    try:
        add(**form.cleaned_data, by=by, at=clock.now())
    except AlreadyThere as error:
        form.add_error(None, str(error))
        return show(request, "accounts/add_place.html", form, kind=kind)
    say_done(request, _("Added."))
    return redirect("house")


@require_safe
def show_audit(request: HttpRequest) -> HttpResponse:
    """Who did what, the latest first, fifty at a time."""
    before = request.GET.get("before", "")
    rows = queries.audit_trail(request.viewer, before=int(before) if before.isdecimal() else None, size=51)
    page = {"rows": rows[:50], "older": rows[49].key if len(rows) > 50 else None, "later": bool(before)}
    return render(request, "accounts/audit.html", page)


@get_or_post
def my_account(request: HttpRequest) -> HttpResponse:
    """One's own name, password, second step and linked sign-ins."""
    mine = queries.my_account(request.viewer)
    initial = {"name": mine.user.name, "job_title": mine.user.job_title}
    form = forms.MyAccountForm(request.POST or None, initial=initial)
    if not form.is_valid():
        return show(request, "accounts/my_account.html", form, mine=mine)
    actions.change_own_details(**form.cleaned_data, viewer=request.viewer, at=clock.now())
    say_done(request, _("Saved."))
    return redirect("my_account")


@login_not_required
def not_offered(request: HttpRequest, key: str = "") -> HttpResponse:
    """Nobody signs up by themselves, and an address is changed by asking an administrator."""
    raise NotFound(
        _("There is nothing here for you."),
        _("Colleagues come by invitation."),
        _("Ask an administrator of your house for one."),
    )
