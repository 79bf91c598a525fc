"""Pages of interviews: calendar, one, arrange, move, cancel, who came; times to pick from; scorecards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fourfold.base import clock
from fourfold.base.errors import NotFound
from fourfold.jobs import access, actions, queries
from fourfold.jobs.forms import interviews as forms
from fourfold.jobs.pages import interviews as shown
from fourfold.jobs.types import InterviewRow, MeetingState
from fourfold.ui.messages import say_done
from fourfold.ui.posting import posted

get_or_post = require_http_methods(["GET", "POST"])


@require_safe
def show_calendar(request: HttpRequest) -> HttpResponse:
    """Interviews by week or day: own, the desks', all."""
    asked = {name: request.GET.get(name, "")[:20] for name in ("whose", "day", "view")}
    return render(request, "jobs/interviews.html", shown.calendar_context(request.viewer, at=clock.now(), **asked))


@require_safe
def show_interview(request: HttpRequest, key: UUID) -> HttpResponse:
    """One interview, with what can be noted of it."""
    return _interview(request, key)


def _interview(
    request: HttpRequest, key: UUID, feedback: forms.FeedbackForm | None = None, **more: Any
) -> HttpResponse:
    context = shown.interview_context(request.viewer, key, clock.now())
    row: InterviewRow = context["row"]
    held = {"of_candidate": row.feedback_of_candidate, "of_client": row.feedback_of_client}
    context["feedback"] = feedback or forms.FeedbackForm(initial=held)
    status = 422 if more.get("error") or (feedback and feedback.errors) else 200
    return render(request, "jobs/interview.html", {**context, **more}, status=status)


@require_safe
def show_part(request: HttpRequest, key: UUID) -> HttpResponse:
    """An application's interviews: fetched by its page, or a page of its own."""
    template = "jobs/interviews_part.html#card" if request.htmx else "jobs/interviews_part.html"
    return render(request, template, shown.part_context(request.viewer, key, clock.now()))


def _form(request: HttpRequest, form: django_forms.Form, **values: Any) -> HttpResponse:
    return render(request, "jobs/interview_form.html", {"form": form, **values}, status=422 if form.errors else 200)


@get_or_post
def arrange(request: HttpRequest, key: UUID) -> HttpResponse:
    """Arrange an application's next interview."""
    access.require_job_worker(request.viewer)
    row = queries.application(request.viewer, key).row
    form = forms.PlanForm(
        request.POST or None, zone=request.viewer.zone,
        interviewers=queries.interviewers(request.viewer, row.job_key),
        initial={"on": forms.day_in(request.viewer.zone, clock.now()) + timedelta(days=2), "at": "10:00"},
    )  # fmt: skip
    made = []

    def deed() -> None:
        done = actions.arrange_interview(application=key, plan=form.plan(), viewer=request.viewer, at=clock.now())
        made.append(done)

    if posted(request, form, deed):
        say_done(request, shown.told_words(made[0].told, done=_("The interview is booked.")))
        return redirect("interview", made[0].key)
    return _form(
        request, form, heading=_("When do they meet %(who)s?") % {"who": row.person},
        submit=_("Book it and invite them"),
        crumbs=[(reverse("application", args=[key]), row.person)], subtitle=f"{row.job} · {row.organisation}",
        note=_("Everybody gets an invitation for their calendar, by mail through the contact policy."),
        slots_url=reverse("job_slots", args=[row.job_key]),
    )  # fmt: skip


def _about(row: InterviewRow) -> dict[str, Any]:
    return {
        "crumbs": [(reverse("application", args=[row.application_key]), row.person),
                   (reverse("interview", args=[row.key]), _("Interview %(n)s") % {"n": row.round})],
        "subtitle": f"{row.job} · {row.organisation}",
    }  # fmt: skip


@get_or_post
def move(request: HttpRequest, key: UUID) -> HttpResponse:
    """Give an interview a new time or place."""
    access.require_job_worker(request.viewer)
    row = queries.interview(request.viewer, key)
    there = shown.ZoneInfo(row.zone)
    start = row.starts_at.astimezone(there)
    form = forms.PlanForm(
        request.POST or None, zone=row.zone, interviewers=queries.interviewers(request.viewer, row.job_key),
        initial={
            "on": start.date(), "at": start.strftime("%H:%M"), "kind": row.kind.value, "place": row.place,
            "minutes": round((row.ends_at - row.starts_at).total_seconds() / 60), "with_people": row.with_people,
            "tell_client": row.client_told,
        },
    )  # fmt: skip
    made = []

    def deed() -> None:
        made.append(actions.move_interview(key=key, plan=form.plan(), viewer=request.viewer, at=clock.now()))

    if posted(request, form, deed):
        say_done(request, shown.told_words(made[0].told, done=_("It has its new time.")))
        return redirect("interview", key)
    return _form(
        request, form, heading=_("Which time instead?"), submit=_("Move it and tell them"), **_about(row),
        note=_("Their calendars move the same entry; they get no second one."),
    )  # fmt: skip


@get_or_post
def cancel(request: HttpRequest, key: UUID) -> HttpResponse:
    """Cancel an interview: whoever was invited is told."""
    access.require_job_worker(request.viewer)
    row = queries.interview(request.viewer, key)
    form = forms.CancelForm(request.POST or None)
    made = []

    def deed() -> None:
        made.append(
            actions.cancel_interview(key=key, why=form.cleaned_data["why"], viewer=request.viewer, at=clock.now())
        )

    if posted(request, form, deed):
        say_done(request, shown.told_words(made[0].told, done=_("It is cancelled.")))
        return redirect("application", row.application_key)
    return _form(request, form, heading=_("Cancel the interview?"), submit=_("Cancel it and tell them"), **_about(row))


@require_POST
def note_turn_up(request: HttpRequest, key: UUID) -> HttpResponse:
    """Note who came."""
    form = forms.TurnUpForm(request.POST)
    if not form.is_valid():
        raise NotFound("Nothing was noted.", "That can't be noted of an interview.", "Choose one of those shown.")
    state = MeetingState(form.cleaned_data["state"])
    error = django_forms.Form(request.POST)
    if posted(
        request, error,
        lambda: actions.note_turn_up(
            key=key, state=state, why=form.cleaned_data["why"], viewer=request.viewer, at=clock.now()
        ),
    ):  # fmt: skip
        say_done(
            request,
            _("Noted. We owe them an answer now: ask both sides how it was.") if state is MeetingState.ATTENDED
            else _("Noted. Ring them: there may be a reason."),
        )  # fmt: skip
        return redirect("interview", key)
    return _interview(request, key, error=" ".join(str(one) for one in error.non_field_errors()))


@require_POST
def keep_feedback(request: HttpRequest, key: UUID) -> HttpResponse:
    """Keep what both sides said."""
    form = forms.FeedbackForm(request.POST)
    if posted(
        request, form,
        lambda: actions.keep_feedback(key=key, viewer=request.viewer, at=clock.now(), **form.cleaned_data),
    ):  # fmt: skip
        say_done(request, _("What they said is kept."))
        return redirect("interview", key)
    return _interview(request, key, form)


@require_safe
def show_slots(request: HttpRequest, key: UUID) -> HttpResponse:
    """Times that were offered for a job."""
    return render(request, "jobs/slots.html", shown.slots_context(request.viewer, key, clock.now()))


@get_or_post
def offer_slots(request: HttpRequest, key: UUID) -> HttpResponse:
    """Offer times, and ask people to pick."""
    access.require_job_worker(request.viewer)
    card = queries.job_card(request.viewer, key)
    people = queries.may_be_invited(request.viewer, key)
    form = forms.SlotsForm(
        request.POST or None, zone=request.viewer.zone, people=people,
        interviewers=queries.interviewers(request.viewer, key),
        initial={"first_on": forms.day_in(request.viewer.zone, clock.now()) + timedelta(days=2),
                 "applications": request.GET.getlist("for")[:50]},
    )  # fmt: skip
    made: list[Any] = []

    def deed() -> None:
        made.append(
            actions.offer_slots(
                job=key, slots=form.slots(), applications=form.chosen(), viewer=request.viewer, at=clock.now()
            )
        )

    if posted(request, form, deed):
        say_done(request, shown.told_words(made[0][1], done=_("The times are offered.")))
        return redirect("job_slots", key)
    return _form(
        request, form, heading=_("Which times can they pick from?"), submit=_("Offer them and send the links"),
        crumbs=[(reverse("job", args=[key]), card.title), (reverse("job_slots", args=[key]), _("Times to pick from"))],
        subtitle=card.organisation, nobody=not people,
        note=_("Each gets a link of their own. Whoever picks first has the time; everybody is invited at once."),
    )  # fmt: skip


@require_safe
def show_scorecards(request: HttpRequest, key: UUID) -> HttpResponse:
    """What each interviewer saw, side by side."""
    return render(request, "jobs/scorecards.html", shown.scorecards_context(request.viewer, key))


@get_or_post
def write_scorecard(request: HttpRequest, key: UUID) -> HttpResponse:
    """Write down what you saw, or what somebody of the client's told you."""
    access.require_job_worker(request.viewer)
    row = queries.application(request.viewer, key).row
    requirements, _cards = queries.scorecards(request.viewer, key)
    form = forms.ScorecardForm(
        request.POST or None, requirements=requirements, me=request.viewer.name,
        client=queries.client_people(request.viewer, row.job_key),
    )  # fmt: skip

    def deed() -> None:
        interviews = queries.interviews_of(request.viewer, key)
        actions.keep_scorecard(
            application=key, lines=form.lines(), in_short=form.cleaned_data["in_short"],
            interview=interviews[-1].key if interviews else None, client=form.cleaned_data["who"],
            viewer=request.viewer, at=clock.now(),
        )  # fmt: skip

    if posted(request, form, deed):
        say_done(request, _("The scorecard is kept."))
        return redirect("scorecards", key)
    values = {"form": form, "about": row, "key": key}
    return render(request, "jobs/scorecard_form.html", values, status=422 if form.errors else 200)


patterns = [
    path("jobs/interviews/", show_calendar, name="interviews"),
    path("jobs/interviews/<uuid:key>/", show_interview, name="interview"),
    path("jobs/interviews/<uuid:key>/move/", move, name="move_interview"),
    path("jobs/interviews/<uuid:key>/cancel/", cancel, name="cancel_interview"),
    path("jobs/interviews/<uuid:key>/came/", note_turn_up, name="note_turn_up"),
    path("jobs/interviews/<uuid:key>/feedback/", keep_feedback, name="interview_feedback"),
    path("jobs/applications/<uuid:key>/interviews/", show_part, name="application_interviews"),
    path("jobs/applications/<uuid:key>/interviews/new/", arrange, name="arrange_interview"),
    path("jobs/applications/<uuid:key>/scorecards/", show_scorecards, name="scorecards"),
    path("jobs/applications/<uuid:key>/scorecards/new/", write_scorecard, name="write_scorecard"),
    path("jobs/<uuid:key>/times/", show_slots, name="job_slots"),
    path("jobs/<uuid:key>/times/new/", offer_slots, name="offer_slots"),
]
