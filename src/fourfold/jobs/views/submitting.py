"""Pages of submissions, of what clients say, and of answers to applicants."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fourfold.base import clock
from fourfold.contact.types import Refused
from fourfold.jobs import access, actions, printing, queries
from fourfold.jobs.forms import submitting as forms
from fourfold.jobs.pages import submitting as shown
from fourfold.jobs.types import Ended
from fourfold.ui.messages import say_done
from fourfold.ui.posting import posted

get_or_post = require_http_methods(["GET", "POST"])
TAKEN_BACK = gettext_lazy("Their yes is taken back. What went out before stays proved.")


def _show(request: HttpRequest, template: str, form: django_forms.Form, values: dict[str, Any]) -> HttpResponse:
    failed = bool(form.errors) or "refused" in values
    return render(request, template, {**values, "form": form}, status=422 if failed else 200)


def _gone(form: forms.SubmitForm) -> str:
    if form.submitting().mailbox is None:
        return _("It is kept. The introduction is proved from now on.")
    return _("It is on its way. The introduction is proved when the mail has left.")


@require_safe
def show_part(request: HttpRequest, key: UUID) -> HttpResponse:
    """On an application's page: where the CV is."""
    values = shown.submissions_part(request.viewer, key, clock.now())
    return render(request, "jobs/submissions_part.html#card" if request.htmx else "jobs/submissions_part.html", values)


@require_safe
def print_profile(request: HttpRequest, key: UUID) -> HttpResponse:
    """The profile that a client was sent, as a PDF; that it left the house is written down."""
    access.require_job_worker(request.viewer)
    sent = queries.sent_profile(request.viewer, key)
    pdf = printing.profile_as_pdf(shown.profile_sheet(sent))
    actions.note_printed(submission=key, viewer=request.viewer, at=clock.now())
    response = HttpResponse(pdf, content_type="application/pdf")
    name = slugify(f"{sent.person or 'candidate'} {sent.submission.job} {sent.version}") or "profile"
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


@get_or_post
def submit_one(request: HttpRequest, key: UUID) -> HttpResponse:
    """The check list, the profile, the mail: then it goes."""
    access.require_job_worker(request.viewer)
    at = clock.now()
    values = shown.submit_context(request.viewer, key, at)
    anonymous = request.GET.get("anonymous") == "yes"
    initial = shown.first_profile(request.viewer, values, anonymous=anonymous)
    form = forms.SubmitForm(
        request.POST if request.method == "POST" else None, initial=initial, people=values["people"],
        mailboxes=values["mailboxes"],
    )  # fmt: skip
    found: list[UUID | Refused] = []

    def deed() -> None:
        found.append(
            actions.submit(application=key, submitting=form.submitting(), viewer=request.viewer, at=clock.now())
        )

    if posted(request, form, deed):
        if isinstance(found[0], UUID):
            say_done(request, _gone(form))
            return redirect("application", key)
        values["refused"] = shown.refusal(found[0], request.viewer)
    agreement = forms.AgreementForm(initial={"agreed_on": at.date()})
    return _show(request, "jobs/submit.html", form, {**values, "agreement": agreement, "anonymous": anonymous})


@require_POST
def note_agreement(request: HttpRequest, key: UUID) -> HttpResponse:
    """They said yes to this job and this client."""
    page = queries.application(request.viewer, key)
    form = forms.AgreementForm(request.POST)

    def deed() -> None:
        actions.note_agreement(
            person=page.row.person_key, organisation=page.row.organisation_key, job=page.row.job_key,
            how=form.cleaned_data["how"], agreed_at=form.agreed_at(), viewer=request.viewer, at=clock.now(),
        )  # fmt: skip

    if posted(request, form, deed):
        say_done(request, _("Their yes is kept."))
        return redirect("submit_one", key)
    values = shown.submit_context(request.viewer, key, clock.now())
    first = shown.first_profile(request.viewer, values, anonymous=False)
    empty = forms.SubmitForm(initial=first, people=values["people"], mailboxes=values["mailboxes"])
    return render(request, "jobs/submit.html", {**values, "form": empty, "agreement": form}, status=422)


@require_POST
def withdraw_agreement(request: HttpRequest, key: UUID, agreement: UUID) -> HttpResponse:
    """They took their yes back: nothing more goes to this client for this job."""
    actions.withdraw_agreement(key=agreement, viewer=request.viewer, at=clock.now())
    say_done(request, str(TAKEN_BACK))
    return redirect("submit_one", key)


def _organisation(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("organisation", ""))
    except ValueError:
        return None


def _withdraw_on_spec(request: HttpRequest, person: UUID, organisation: UUID | None) -> HttpResponse:
    agreed = shown.spec_context(request.viewer, person, organisation, clock.now()).get("agreed")
    if agreed is not None:
        actions.withdraw_agreement(key=agreed, viewer=request.viewer, at=clock.now())
        say_done(request, str(TAKEN_BACK))
    return redirect(request.get_full_path())


@get_or_post
def submit_on_spec(request: HttpRequest, person: UUID) -> HttpResponse:
    """One person to one contact of one client, for no job: their yes, the profile, the mail."""
    at, organisation = clock.now(), _organisation(request)
    if "withdraw" in request.POST:
        return _withdraw_on_spec(request, person, organisation)
    values = shown.spec_context(request.viewer, person, organisation, at)
    if organisation is None:
        return render(request, "jobs/spec.html", values)
    agreeing = "agreed_on" in request.POST
    agreement = forms.AgreementForm(request.POST if agreeing else None, initial={"agreed_on": at.date()})
    form = forms.SubmitForm(
        request.POST if request.method == "POST" and not agreeing else None, initial=values["initial"],
        people=values["people"], mailboxes=values["mailboxes"],
    )  # fmt: skip
    found: list[UUID | Refused] = []

    def agree() -> None:
        actions.note_agreement(
            person=person, organisation=organisation, job=None, how=agreement.cleaned_data["how"],
            agreed_at=agreement.agreed_at(), viewer=request.viewer, at=clock.now(),
        )  # fmt: skip

    def deed() -> None:
        found.append(
            actions.submit_on_spec(
                person=person, organisation=organisation, submitting=form.submitting(), viewer=request.viewer,
                at=clock.now(),
            )
        )  # fmt: skip

    if agreeing and posted(request, agreement, agree):
        say_done(request, _("Their yes is kept."))
        return redirect(request.get_full_path())
    if not agreeing and posted(request, form, deed):
        if isinstance(found[0], UUID):
            say_done(request, _gone(form))
            return redirect("person", person)
        values["refused"] = shown.refusal(found[0], request.viewer)
    values["agreement"] = agreement
    failed = bool(form.errors or agreement.errors or "refused" in values)
    return render(request, "jobs/spec.html", {**values, "form": form}, status=422 if failed else 200)


@get_or_post
def note_feedback(request: HttpRequest, key: UUID) -> HttpResponse:
    """What the client said."""
    access.require_job_worker(request.viewer)
    row, at = queries.submission(request.viewer, key), clock.now()
    initial = {"said_on": at.date(), "feedback": request.GET.get("said", "")}
    form = forms.FeedbackForm(request.POST if request.method == "POST" else None, initial=initial)

    def deed() -> None:
        held = form.cleaned_data
        actions.note_feedback(
            submission=key, feedback=form.asked(), words=held["words"], how=held["how"], said_at=form.said_at(at),
            viewer=request.viewer, at=at,
        )  # fmt: skip

    if posted(request, form, deed):
        if form.asked() == "no" and row.application_key:
            say_done(request, _("Their reason is kept. Now tell the person."))
            return redirect("answer_one", row.application_key)
        say_done(request, _("It is kept."))
        return redirect("application", row.application_key) if row.application_key else redirect("jobs")
    return _show(request, "jobs/feedback.html", form, {"row": row})


@get_or_post
def chase(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask the client what they think: by mail, or note that you rang."""
    access.require_job_worker(request.viewer)
    row, at = queries.submission(request.viewer, key), clock.now()
    if "rang" in request.POST:
        actions.note_chased(submission=key, viewer=request.viewer, at=at)
        say_done(request, _("Noted: you rang. It comes back in two working days."))
        return redirect("today")
    mailboxes = shown.mailbox_choices(request.viewer, at)
    form = forms.MailForm(
        request.POST if request.method == "POST" else None, initial=shown.chase_words(row, request.viewer),
        mailboxes=mailboxes,
    )  # fmt: skip
    found: list[Any] = []

    def deed() -> None:
        held = form.cleaned_data
        found.append(
            actions.chase(
                submission=key, subject=held["subject"], words=held["words"], mailbox=UUID(held["mailbox"]),
                viewer=request.viewer, at=at,
            )
        )  # fmt: skip

    values: dict[str, Any] = {"row": row, "mailboxes": mailboxes}
    if posted(request, form, deed):
        if not isinstance(found[0], Refused):
            say_done(request, _("The chase is on its way."))
            return redirect("today")
        values["refused"] = shown.refusal(found[0], request.viewer)
    return _show(request, "jobs/chase.html", form, values)


@get_or_post
def answer_job(request: HttpRequest, key: UUID) -> HttpResponse:
    """Who waits for an answer about a job: many at once whom the client never saw, the others one by one."""
    at = clock.now()
    values = shown.answers_context(request.viewer, key, at)
    first = values["text_choices"][0][0] if values["text_choices"] else ""
    form = forms.AnswerManyForm(
        request.POST if request.method == "POST" else None, initial={"text": first}, texts=values["text_choices"],
        mailboxes=values["mailboxes"], people=values["people"],
    )  # fmt: skip
    found: list[Any] = []

    def deed() -> None:
        held = form.cleaned_data
        found.append(
            actions.answer_many(
                job=key, applications=[UUID(one) for one in held["who"]], text=UUID(held["text"]),
                mailbox=UUID(held["mailbox"]), viewer=request.viewer, at=at,
            )
        )  # fmt: skip

    if posted(request, form, deed):
        sent, left = found[0].sent, len(found[0].not_reached)
        words = ngettext("%(n)s answer is on its way.", "%(n)s answers are on their way.", sent) % {"n": sent}
        if left:
            words += " " + ngettext(
                "%(n)s person can’t be reached by mail and still waits.",
                "%(n)s people can’t be reached by mail and still wait.", left,
            ) % {"n": left}  # fmt: skip
        say_done(request, words)
        return redirect("job_answers", key)
    ticked = set(request.POST.getlist("who")) if request.method == "POST" else None
    for one in values["unseen"]:
        one["ticked"] = (
            (str(one["row"].key) in ticked) if ticked is not None else one["reached"] and not one["elsewhere"]
        )
    return _show(request, "jobs/answers.html", form, values)


@get_or_post
def answer_one(request: HttpRequest, key: UUID) -> HttpResponse:
    """Answer one person: choose the reason, read the words, send; or note that they were told."""
    access.require_job_worker(request.viewer)
    at = clock.now()
    values = shown.answer_context(request.viewer, key, request.POST.get("text") or request.GET.get("text", ""), at)
    told = "told" in request.POST
    form = forms.AnswerForm(
        request.POST if request.method == "POST" and not told else None, initial=values["initial"],
        texts=values["text_choices"], mailboxes=values["mailboxes"],
    )  # fmt: skip
    if told:
        actions.note_answered(
            application=key, text=UUID(values["initial"]["text"]), how="phone", viewer=request.viewer, at=at
        )
        say_done(request, _("It is kept that they were told."))
        return redirect("application", key)
    found: list[Any] = []

    def deed() -> None:
        held = form.cleaned_data
        found.append(
            actions.answer_one(
                application=key, text=UUID(held["text"]), subject=held["subject"], words=held["words"],
                mailbox=UUID(held["mailbox"]), viewer=request.viewer, at=at,
            )
        )  # fmt: skip

    if posted(request, form, deed):
        if not isinstance(found[0], Refused):
            say_done(request, _("The answer is on its way."))
            return redirect("application", key)
        values["refused"] = shown.refusal(found[0], request.viewer)
    return _show(request, "jobs/answer.html", form, values)


@get_or_post
def promise_later(request: HttpRequest, key: UUID) -> HttpResponse:
    """Not now: keep the day and the promise."""
    access.require_job_worker(request.viewer)
    page = queries.application(request.viewer, key)
    form = forms.LaterForm(request.POST or None)

    def deed() -> None:
        held = form.cleaned_data
        actions.promise_later(
            application=key, on=held["on"], words=held["words"], viewer=request.viewer, at=clock.now()
        )

    if posted(request, form, deed):
        say_done(request, _("Kept: nobody approaches them before, and it comes back to you on that day."))
        return redirect("application", key)
    return _show(request, "jobs/later.html", form, {"page": page, "row": page.row})


@require_safe
def show_texts(request: HttpRequest) -> HttpResponse:
    """The answers of the house."""
    return render(request, "jobs/answer_texts.html", shown.texts_context(request.viewer))


@get_or_post
def write_text(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Write an answer of the house anew, or one more."""
    access.require_pipeline_keeper(request.viewer)
    text = next((one for one in queries.answer_texts() if one.slug == slug), None)
    initial = {name: getattr(text, name) for name in ("reason", "ended", "for_seen", "subject", "text")} if text else {}
    form = forms.AnswerTextForm(request.POST or None, initial=initial)

    def deed() -> None:
        held = dict(form.cleaned_data)
        wording = actions.AnswerWording(**{**held, "ended": Ended(held["ended"])})
        name = slug or slugify(held["reason"])[:40]
        actions.write_answer_text(slug=name, wording=wording, viewer=request.viewer, at=clock.now())

    if posted(request, form, deed):
        say_done(request, _("The answer is kept; those that were sent stay as they were."))
        return redirect("answer_texts")
    return _show(request, "jobs/answer_text.html", form, {"text": text})


patterns = [
    path("jobs/applications/<uuid:key>/submissions/", show_part, name="submissions_part"),
    path("jobs/applications/<uuid:key>/submit/", submit_one, name="submit_one"),
    path("jobs/submissions/<uuid:key>/profile.pdf", print_profile, name="print_profile"),
    path("jobs/applications/<uuid:key>/agreed/", note_agreement, name="note_agreement"),
    path(
        "jobs/applications/<uuid:key>/agreed/<uuid:agreement>/taken-back/",
        withdraw_agreement,
        name="withdraw_agreement",
    ),
    path("jobs/applications/<uuid:key>/answer/", answer_one, name="answer_one"),
    path("jobs/applications/<uuid:key>/later/", promise_later, name="promise_later"),
    path("jobs/spec/<uuid:person>/", submit_on_spec, name="submit_on_spec"),
    path("jobs/submissions/<uuid:key>/feedback/", note_feedback, name="note_feedback"),
    path("jobs/submissions/<uuid:key>/chase/", chase, name="chase"),
    path("jobs/<uuid:key>/answers/", answer_job, name="job_answers"),
    path("jobs/answers/", show_texts, name="answer_texts"),
    path("jobs/answers/new/", write_text, name="new_answer_text"),
    path("jobs/answers/<slug:slug>/", write_text, name="answer_text"),
]
