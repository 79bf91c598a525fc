"""The inbox: what came in and needs somebody, one mail, and what a colleague says it was."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fourfold.base import clock
from fourfold.base.errors import FourfoldError, NotFound
from fourfold.contact import access, actions, pages
from fourfold.contact.forms.inbox import CorrectionForm
from fourfold.ui.messages import say_done


@require_safe
def show_inbox(request: HttpRequest) -> HttpResponse:
    """Mails that the viewer may read, those that need somebody first."""
    access.require_writer(request.viewer)
    given = {"which": request.GET.get("show", "look"), "before": request.GET.get("before", "")}
    return render(request, "contact/inbox.html", pages.inbox_values(request.viewer, at=clock.now(), **given))


@require_safe
def show_mail(request: HttpRequest, key: UUID) -> HttpResponse:
    """One mail."""
    return _mail(request, key, CorrectionForm())


def _mail(request: HttpRequest, key: UUID, form: CorrectionForm) -> HttpResponse:
    values = {**pages.mail_values(request.viewer, key), "form": form}
    return render(request, "contact/inbox_mail.html", values, status=422 if form.errors else 200)


@require_POST
def correct_mail(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say what a mail was: what follows from that follows at once."""
    form = CorrectionForm(request.POST)
    if form.is_valid():
        try:
            done = actions.correct_reply(key=key, viewer=request.viewer, at=clock.now(), **form.correction())
        except NotFound:
            raise
        except FourfoldError as error:
            form.add_error(None, str(error))
        else:
            kept = any(one.startswith("kept") for one in done)
            say_done(
                request,
                _("It is kept so. They asked to stop elsewhere too, and that stands.") if kept
                else _("It is kept so, and the reader learns from it."),
            )  # fmt: skip
            return redirect("inbox")
    return _mail(request, key, form)


@require_POST
def handle_mail(request: HttpRequest, key: UUID) -> HttpResponse:
    """It needs nobody any more; or the address it came from is the person's."""
    at = clock.now()
    if request.POST.get("deed") == "add_address":
        actions.add_their_address(key=key, viewer=request.viewer, at=at)
        say_done(request, _("The address is theirs from now on."))
        return redirect("inbox_mail", key)
    actions.handle_mail(key=key, viewer=request.viewer, at=at)
    say_done(request, _("Done. It stays in the list of all mails."))
    return redirect("inbox")
