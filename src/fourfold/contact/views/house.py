"""Pages of the house: its policy, verdicts and messages."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fourfold.base import clock
from fourfold.base.errors import FourfoldError, NotAllowed, NotFound
from fourfold.contact import access, actions, pages, queries
from fourfold.contact.forms.house import AssessmentForm, PolicyForm
from fourfold.ui.messages import say_done


@require_http_methods(["GET", "POST"])
def show_policy(request: HttpRequest) -> HttpResponse:
    """The house's numbers: read by all, tried out and changed by leaders."""
    at = clock.now()
    values = pages.policy_values(request.viewer, at=at)
    form = PolicyForm(request.POST or None, policy=values["policy"])
    if request.method == "POST":
        if not values["may_set"]:
            raise NotAllowed(_("Nothing was changed."), _("The policy is set by leaders."), _("Ask one of them."))
        if form.is_valid():
            if request.POST.get("deed") == "try":
                values["tried"] = pages.preview_lines(form.changed_policy(), at=at)
            else:
                try:
                    why = form.cleaned_data["why"]
                    actions.set_policy(policy=form.changed_policy(), why=why, viewer=request.viewer, at=at)
                except FourfoldError as error:
                    form.add_error(None, str(error))
                else:
                    say_done(request, _("It holds from now on. Earlier receipts keep the policy they were decided by."))
                    return redirect("contact_policy")
    context = {**values, "form": form, "assessment_form": AssessmentForm()}
    return render(request, "contact/policy.html", context, status=422 if form.errors else 200)


@require_POST
def store_assessment(request: HttpRequest) -> HttpResponse:
    """Keep the house's weighing of interests."""
    if not access.may_set_policy(request.viewer):
        raise NotAllowed(_("Nothing was kept."), _("The assessment is a leader's."), _("Ask one of them."))
    form = AssessmentForm(request.POST)
    if form.is_valid():
        try:
            actions.store_assessment(text=form.cleaned_data["text"], by=request.viewer.actor(), at=clock.now())
        except FourfoldError as error:
            form.add_error(None, str(error))
        else:
            say_done(request, _("The assessment is kept. Approaches rest on it from now on."))
            return redirect("contact_policy")
    values = pages.policy_values(request.viewer, at=clock.now())
    context = {**values, "form": PolicyForm(policy=values["policy"]), "assessment_form": form}
    return render(request, "contact/policy.html", context, status=422)


@require_safe
def show_receipts(request: HttpRequest) -> HttpResponse:
    """Verdicts, newest first: one's own, a person's, or for leaders all."""
    person = _as_key(request.GET.get("person", ""))
    rows = queries.receipts(request.viewer, person=person, verdict=request.GET.get("verdict", ""))
    values = {
        "lines": pages.receipt_lines(request.viewer, rows),
        "person": person,
        "verdict": request.GET.get("verdict", ""),
        "all": access.may_set_policy(request.viewer),
    }
    return render(request, "contact/receipts.html", values)


def _as_key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_safe
def show_receipt(request: HttpRequest, key: UUID) -> HttpResponse:
    """One verdict, and what it rested on."""
    return render(request, "contact/receipt.html", pages.receipt_values(request.viewer, key))


@require_safe
def show_messages(request: HttpRequest) -> HttpResponse:
    """What goes out, and how far it is."""
    lines = [pages.message_line(row) for row in queries.messages(request.viewer)]
    return render(request, "contact/messages.html", {"lines": lines})


@require_safe
def show_message(request: HttpRequest, key: UUID) -> HttpResponse:
    """One message: progress, who gets it and who does not, and what is unclear."""
    return render(request, "contact/message.html", pages.message_values(request.viewer, key))


@require_POST
def steer_message(request: HttpRequest, key: UUID) -> HttpResponse:
    """Pause, resume or stop a message."""
    access.get_message_for(request.viewer, key)
    at, by = clock.now(), request.viewer.actor()
    deed = request.POST.get("deed", "")
    if deed == "pause":
        actions.pause_message(key=key, why=_("paused by %(who)s") % {"who": request.viewer.name}, by=by, at=at)
        say_done(request, _("Nothing more of it leaves until you resume it."))
    elif deed == "resume":
        actions.resume_message(key=key, by=by, at=at)
        say_done(request, _("It goes on where it was."))
    elif deed == "stop":
        actions.stop_message(key=key, by=by, at=at)
        say_done(request, _("Whoever has not got it will not."))
    else:
        raise NotFound(_("Nothing was changed."), _("There is no such deed."), _("Reload the page."))
    return redirect("message", key)


@require_POST
def resolve_delivery(request: HttpRequest, key: UUID, delivery: UUID) -> HttpResponse:
    """Say what became of a delivery of which nobody knows."""
    access.get_message_for(request.viewer, key)
    arrived = request.POST.get("arrived") == "yes"
    queries.require_delivery_of(key, delivery)
    actions.resolve_delivery(
        key=delivery, arrived=arrived, words=_("said by %(who)s") % {"who": request.viewer.name},
        by=request.viewer.actor(), at=clock.now(),
    )  # fmt: skip
    say_done(request, _("It counts as sent.") if arrived else _("It is sent once more."))
    return redirect("message", key)
