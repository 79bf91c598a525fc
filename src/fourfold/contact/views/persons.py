"""Pages about one person: write, ring, log, except, ask."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fourfold.accounts import queries as accounts
from fourfold.base import clock
from fourfold.base.errors import NotFound
from fourfold.contact import access, actions, pages, queries, words
from fourfold.contact.forms.writing import ExceptionForm, LogForm, WriteForm
from fourfold.contact.types import Channel, PolicyRefused, Queued, Refused, Rule, SendRefused, Verdict
from fourfold.ui.messages import say_done


@require_http_methods(["GET", "POST"])
def write_to(request: HttpRequest, key: UUID) -> HttpResponse:
    """Write one mail to one person: the verdict beside it, before anything is sent and when it is."""
    access.require_writer(request.viewer)
    at = clock.now()
    names_job = request.POST.get("names_job") == "on"
    values = pages.write_values(
        request.viewer, key, at, to=request.POST.get("to", ""), names_job=names_job, mail=_mail_of(request)
    )
    if values["key"] != key:
        return redirect("write_to", values["key"])
    form = WriteForm(
        request.POST or None, initial=pages.first_words(values["answered"]), addresses=values["addresses"],
        mailboxes=values["mailboxes"],
    )  # fmt: skip
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            found = actions.queue_message(
                intent=values["intent"], draft=form.draft(), mailbox=UUID(form.cleaned_data["mailbox"]),
                by=request.viewer.actor(), at=at,
            )  # fmt: skip
        except SendRefused as error:
            form.add_error(None, str(error))
        else:
            if isinstance(found, Queued):
                say_done(request, _left(found, request))
                return redirect("person", key)
            status = 422
            values["refused"] = found.receipt
    context = {**values, "form": form}
    return render(request, "contact/write.html", context, status=422 if form.errors else status)


def _mail_of(request: HttpRequest) -> UUID | None:
    """The mail that is answered, from the address of the page: a form without an action keeps it."""
    try:
        return UUID(request.GET.get("mail", ""))
    except ValueError:
        return None


def _left(found: Queued, request: HttpRequest) -> str:
    if found.decision.verdict is Verdict.HELD and found.decision.retry_at:
        moment = words.moment_words(found.decision.retry_at, request.viewer.zone)
        return _("It waits, and leaves on %(moment)s if nothing speaks against it then.") % {"moment": moment}
    return _("It is on its way. Its receipt says why it may go.")


@require_http_methods(["GET", "POST"])
def ring(request: HttpRequest, key: UUID) -> HttpResponse:
    """May they be rung now? The answer is kept when it is asked for; what came of it is logged here too."""
    access.require_writer(request.viewer)
    at = clock.now()
    values = pages.call_values(request.viewer, key, at)
    if values["key"] != key:
        return redirect("ring", values["key"])
    initial = {"occurred": at.astimezone(ZoneInfo(request.viewer.zone)), "channel": Channel.PHONE}
    form = LogForm(initial=initial)
    if request.method == "POST":
        intent = pages.intent_for(request.viewer, key, Channel.PHONE)
        found = actions.ask_before_dialling(intent=intent, by=request.viewer.actor(), at=at)
        values["asked"] = isinstance(found, Queued)
        return render(
            request, "contact/ring.html", {**values, "form": form}, status=422 if isinstance(found, Refused) else 200
        )
    return render(request, "contact/ring.html", {**values, "form": form})


@require_POST
def log_touch(request: HttpRequest, key: UUID) -> HttpResponse:
    """Keep a call or a message that was made by hand."""
    access.require_writer(request.viewer)
    at = clock.now()
    values = pages.call_values(request.viewer, key, at)
    form = LogForm(request.POST)
    if form.is_valid():
        try:
            found = actions.log_by_hand(
                intent=pages.intent_for(request.viewer, values["key"], Channel(form.cleaned_data["channel"])),
                occurred_at=form.moment(request.viewer.zone), unanswered=form.cleaned_data["unanswered"],
                words=form.cleaned_data["words"], by=request.viewer.actor(), at=at,
            )  # fmt: skip
        except SendRefused as error:
            form.add_error(None, str(error))
        else:
            said = _("It is kept and counts.")
            if isinstance(found, Refused):
                said = _("It is kept and counts. By the contact policy it would not have been made: see its receipt.")
            say_done(request, said)
            return redirect("person", key)
    return render(request, "contact/ring.html", {**values, "form": form}, status=422)


@require_http_methods(["GET", "POST"])
def make_exception(request: HttpRequest, key: UUID) -> HttpResponse:
    """A leader lifts manners of the house for one person, with a reason and an end."""
    at = clock.now()
    values = pages.call_values(request.viewer, key, at)
    if not access.may_set_policy(request.viewer):
        raise NotFound(_("This was not found."), _("Exceptions are a leader's."), _("Ask a leader of the house."))
    form = ExceptionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.except_person(
                person_key=values["key"], lifted=[Rule(one) for one in form.cleaned_data["rules"]],
                why=form.cleaned_data["why"], until=at + timedelta(days=form.cleaned_data["days"]),
                viewer=request.viewer, at=at,
            )  # fmt: skip
        except PolicyRefused as error:
            form.add_error(None, str(error))
        else:
            say_done(request, _("The exception stands; each message it frees says so in its receipt."))
            return redirect("person", key)
    context = {**values, "form": form}
    return render(request, "contact/exception.html", context, status=422 if form.errors else 200)


@require_POST
def ask_colleague(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask the colleague in whose conversation somebody is."""
    access.require_writer(request.viewer)
    name = request.POST.get("who", "")
    colleague = next((one for one, known in accounts.active_names().items() if known == name), None)
    if colleague is None:
        raise NotFound(_("Nobody was asked."), _("That colleague works here no more."), _("Ask a leader."))
    actions.ask_colleague(person_key=key, colleague=colleague, viewer=request.viewer, at=clock.now())
    say_done(
        request,
        _("%(who)s was asked. No answer by the end of the next working day is a yes.") % {"who": name},
    )
    return redirect("person", key)


@require_http_methods(["GET", "POST"])
def answer_asks(request: HttpRequest) -> HttpResponse:
    """Colleagues' questions to the viewer, each with a yes and a no."""
    at = clock.now()
    if request.method == "POST":
        try:
            which = UUID(request.POST.get("ask", ""))
        except ValueError:
            raise NotFound(_("Nothing was answered."), _("There is no such question."), _("Reload.")) from None
        actions.answer_ask(key=which, granted=request.POST.get("answer") == "yes", viewer=request.viewer, at=at)
        say_done(request, _("Your colleague's gate knows."))
        return redirect("contact_asks")
    return render(request, "contact/asks.html", {"rows": queries.asks_to(request.viewer, at=at)})
