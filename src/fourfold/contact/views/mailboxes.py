"""Pages of mailboxes: connect one by its way, sign it in, check it, try it; and the keys that sign mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fourfold.base import clock
from fourfold.base.errors import FourfoldError, NotFound
from fourfold.contact import access, actions, pages, queries
from fourfold.contact.forms.mailboxes import FORMS, DomainKeyForm, MailboxForm, SignInAppForm
from fourfold.contact.transports import oauth2
from fourfold.contact.types import KeyKind, Transport
from fourfold.contact.types.mailboxes import SIGN_INS, TrialKind
from fourfold.contact.types.transport import OAuthProvider, OAuthStart, SignInFailed
from fourfold.ui.messages import say_done

BEGUN = "mailbox_sign_in"
PATIENCE = timedelta(minutes=15)


@require_safe
def show_mailboxes(request: HttpRequest) -> HttpResponse:
    """The accounts that mail leaves through, and the keys that sign it."""
    values = pages.mailboxes_values(request.viewer, at=clock.now())
    return render(request, "contact/mailboxes.html", {**values, "key_form": DomainKeyForm()})


@require_http_methods(["GET", "POST"])
def connect_mailbox(request: HttpRequest) -> HttpResponse:
    """Choose a way, then give what that way needs."""
    access.require_mailbox_keeper(request.viewer)
    asked = request.GET.get("way", "smtp" if request.method == "POST" else "")
    if asked not in set(Transport):
        return render(request, "contact/mailbox_ways.html", {"groups": pages.way_groups()})
    way = Transport(asked)
    form = FORMS[way](request.POST or None, initial={}, user_key=request.viewer.user_key)
    if request.method == "POST":
        key = _keep(request, form, None)
        if key is not None:
            say_done(request, _("The mailbox is kept. Check it before you send."))
            return redirect("mailbox", key)
    values = {"form": form, "way": pages.WAY_WORDS[way], "needs_app": _needs_app(way)}
    return render(request, "contact/mailbox_new.html", values, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def change_mailbox(request: HttpRequest, key: UUID) -> HttpResponse:
    """One mailbox: how it is, what was tried, and its settings."""
    access.require_mailbox_keeper(request.viewer)
    at = clock.now()
    initial = queries.mailbox_values(key, request.viewer)
    way = Transport(initial["transport"])
    if request.GET.get("part"):
        values = {**pages.mailbox_values(request.viewer, key, at=at), "needs_app": _needs_app(way)}
        return render(request, "contact/mailbox_state.html", values)
    form = FORMS[way](request.POST or None, initial=initial, user_key=request.viewer.user_key)
    if request.method == "POST" and _keep(request, form, key) is not None:
        say_done(request, _("The mailbox is kept."))
        return redirect("mailbox", key)
    values = pages.mailbox_values(request.viewer, key, at=at)
    if values["takes_notices"]:
        values["notices_url"] = _absolute(request, reverse("mail_notices", args=[key]))
    values |= {"form": form, "needs_app": _needs_app(way)}
    return render(request, "contact/mailbox.html", values, status=422 if form.errors else 200)


def _keep(request: HttpRequest, form: MailboxForm, key: UUID | None) -> UUID | None:
    """Keep what the form says; None where it can't be kept, and the form says why."""
    if not form.is_valid():
        return None
    try:
        return actions.put_mailbox(settings=form.settings(), key=key, by=request.viewer.actor(), at=clock.now())
    except NotFound:
        raise
    except FourfoldError as error:
        form.add_error(None, str(error))
        return None


def _needs_app(way: Transport) -> str:
    """Whose registration of the house must be entered before anybody can sign in this way, "" for none."""
    provider = SIGN_INS.get(way)
    return pages.PROVIDER_WORDS[provider] if provider and provider not in queries.sign_in_apps() else ""


@require_POST
def steer_mailbox(request: HttpRequest, key: UUID) -> HttpResponse:
    """Pause or resume a mailbox."""
    access.require_mailbox_keeper(request.viewer)
    at, by = clock.now(), request.viewer.actor()
    if request.POST.get("deed") == "resume":
        actions.resume_mailbox(key=key, by=by, at=at)
        say_done(request, _("It sends again."))
    else:
        actions.pause_mailbox(key=key, why=_("paused by %(who)s") % {"who": request.viewer.name}, by=by, at=at)
        say_done(request, _("Nothing leaves through it until it is resumed."))
    return redirect("mailboxes")


@require_POST
def try_mailbox(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask for a check, or for a test message to oneself; the worker does it."""
    given = request.POST.get("kind", "")
    if given not in set(TrialKind):
        raise NotFound(_("Nothing was tried."), _("There is no such trial."), _("Reload the page."))
    actions.try_mailbox(mailbox=key, kind=TrialKind(given), viewer=request.viewer, at=clock.now())
    return redirect("mailbox", key)


@require_POST
def make_key(request: HttpRequest) -> HttpResponse:
    """Make a key that signs mail of a domain."""
    access.require_mailbox_keeper(request.viewer)
    form = DomainKeyForm(request.POST)
    if form.is_valid():
        try:
            actions.make_domain_key(
                domain=form.cleaned_data["domain"], selector=form.cleaned_data["selector"],
                kind=KeyKind(form.cleaned_data["kind"]), by=request.viewer.actor(), at=clock.now(),
            )  # fmt: skip
        except FourfoldError as error:
            form.add_error(None, str(error))
        else:
            say_done(request, _("The key is made. Publish its record; mail is signed from now on."))
            return redirect("mailboxes")
    values = pages.mailboxes_values(request.viewer, at=clock.now())
    return render(request, "contact/mailboxes.html", {**values, "key_form": form}, status=422)


# ------------------------------------------------------------------------------------------ signing in


@require_http_methods(["GET", "POST"])
def keep_sign_in_apps(request: HttpRequest) -> HttpResponse:
    """The house's registrations with Microsoft and Google."""
    access.require_mailbox_keeper(request.viewer)
    known = queries.sign_in_apps()
    asked = request.POST.get("provider", "")
    forms = {one: _app_form(request, one, known=one in known, asked=asked) for one in OAuthProvider}
    chosen = forms.get(OAuthProvider(asked)) if asked in set(OAuthProvider) else None
    if chosen is not None and chosen.is_valid():
        try:
            actions.keep_sign_in_app(
                provider=chosen.provider, client_id=chosen.cleaned_data["client_id"].strip(),
                client_secret=chosen.cleaned_data["client_secret"].strip() or None,
                tenant=chosen.cleaned_data.get("tenant", ""), by=request.viewer.actor(), at=clock.now(),
            )  # fmt: skip
        except FourfoldError as error:
            chosen.add_error(None, str(error))
        else:
            say_done(request, _("The registration is kept. Mailboxes can be signed in."))
            return redirect("mailbox_sign_in_apps")
    values = {
        "apps": [{"name": pages.PROVIDER_WORDS[one], "form": forms[one], "known": one in known} for one in forms],
        "redirect_url": _redirect_url(request),
    }
    return render(request, "contact/mailbox_apps.html", values, status=422 if chosen and chosen.errors else 200)


def _app_form(request: HttpRequest, provider: OAuthProvider, *, known: bool, asked: str) -> SignInAppForm:
    row = queries.sign_in_apps().get(provider) if known else None
    initial = {"client_id": row.client_id, "tenant": row.tenant} if row else {}
    data = request.POST if asked == provider.value else None
    return SignInAppForm(data, initial=initial, provider=provider, known=known)


@require_safe
def sign_mailbox_in(request: HttpRequest, key: UUID) -> HttpResponse:
    """Go to Microsoft or Google to sign a mailbox in. What comes back must belong to this browser."""
    access.require_mailbox_keeper(request.viewer)
    held = queries.mailbox_values(key, request.viewer)
    provider = SIGN_INS.get(Transport(held["transport"]))
    app = queries.sign_in_app(provider, redirect_url=_redirect_url(request)) if provider else None
    if app is None:
        raise NotFound(
            _("Nobody can sign in here yet."), _("The house's registration is missing."), _("Enter it under Sign-in.")
        )
    start = oauth2.begin(app, mailbox=held["username"] or held["from_address"])
    request.session[BEGUN] = {
        "mailbox": str(key), "provider": app.provider.value, "state": start.state, "verifier": start.verifier,
        "at": clock.now().isoformat(),
    }  # fmt: skip
    return redirect(start.url)


@require_safe
def mailbox_signed_in(request: HttpRequest) -> HttpResponse:
    """Back from Microsoft or Google: keep the sign-in, or say what went wrong."""
    access.require_mailbox_keeper(request.viewer)
    begun = request.session.pop(BEGUN, None)
    at = clock.now()
    if begun is None or at - datetime.fromisoformat(begun["at"]) > PATIENCE:
        raise NotFound(
            _("The mailbox was not connected."), _("No sign-in was begun here in the last minutes."),
            _("Begin again from the mailbox's page."),
        )  # fmt: skip
    provider, key = OAuthProvider(begun["provider"]), UUID(begun["mailbox"])
    app = queries.sign_in_app(provider, redirect_url=_redirect_url(request))
    try:
        if app is None:
            raise SignInFailed(
                _("The mailbox was not connected."), _("The registration is gone."), _("Enter it again.")
            )
        start = OAuthStart(url="", state=begun["state"], verifier=begun["verifier"])
        tokens = oauth2.finish(app, start, returned=request.GET.dict(), at=at)
    except SignInFailed as failed:
        values = pages.mailbox_values(request.viewer, key, at=at)
        return render(request, "contact/mailbox_refused.html", {**values, "failed": failed}, status=422)
    actions.keep_sign_in(mailbox=key, provider=provider, tokens=tokens, by=request.viewer.actor(), at=at)
    say_done(request, _("The mailbox is signed in. Check it before you send."))
    return redirect("mailbox", key)


def _redirect_url(request: HttpRequest) -> str:
    return _absolute(request, reverse("mailbox_signed_in"))


def _absolute(request: HttpRequest, path: str) -> str:
    return settings.PUBLIC_URL.rstrip("/") + path if settings.PUBLIC_URL else request.build_absolute_uri(path)
