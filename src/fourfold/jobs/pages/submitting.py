"""What pages of submissions, feedback and answers show."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.template.defaultfilters import date as day_words
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fourfold.accounts.types import Viewer
from fourfold.contact import queries as contact
from fourfold.contact.types import Refused
from fourfold.contact.words import verdict_values
from fourfold.jobs import access, queries
from fourfold.jobs.pages.applications import card, waits_since
from fourfold.jobs.pages.jobs import job_tabs, people_choices, shown
from fourfold.jobs.queries.words import ENDED_WORDS, FEEDBACK_WORDS
from fourfold.jobs.types import Feedback, Looked, SentProfile, SubmissionRow, SubmissionState, Weight
from fourfold.people import queries as people
from fourfold.people.types import TodayEntry, TodayGroup
from fourfold.studio import queries as studio

WEIGHT_ICONS = {Weight.GOOD: "check", Weight.WARNS: "alert-triangle", Weight.STOPS: "ban"}
FEEDBACK_TONES = {
    Feedback.INTERVIEW: "success", Feedback.NO: "danger", Feedback.LATER: "warning", Feedback.QUESTION: "accent",
}  # fmt: skip


def mailbox_choices(viewer: Viewer, at: datetime) -> list[tuple[str, str]]:
    rows = contact.mailboxes(viewer, at=at, to_send=True)
    return [(str(row.key), f"{row.from_name} <{row.from_address}>") for row in rows]


def looked(rows: tuple[Looked, ...]) -> list[dict[str, Any]]:
    return [
        {
            "row": one,
            "words": queries.ITEM_WORDS[one.item],
            "icon": WEIGHT_ICONS[one.weight],
            "weight": one.weight.value,
        }
        for one in rows
    ]


def submit_context(viewer: Viewer, key: UUID, at: datetime) -> dict[str, Any]:
    """Before a CV goes to a client: the check list. Raises NotFound."""
    page = queries.application(viewer, key)
    row = page.row
    rows, agreement = queries.checked(row.person_key, row.organisation_key, row.job_key, at=at)
    return {
        "page": page,
        "row": row,
        "looked": looked(rows),
        "may_go": all(one.weight is not Weight.STOPS for one in rows),
        "agreed": agreement,
        "people": people_choices(viewer, row.organisation_key),
        "mailboxes": mailbox_choices(viewer, at),
    }


def first_profile(viewer: Viewer, context: dict[str, Any], *, anonymous: bool) -> dict[str, Any]:
    """What the form of a submission begins with: the person's own CV, without ways to reach them."""
    row = context["row"]
    stripped = queries.profile_from_cv(viewer, row.person_key, anonymous=anonymous)
    headline = row.headline or row.job
    name = _("a candidate") if anonymous else row.person
    context["taken_out"] = stripped.taken_out
    context["has_cv"] = bool(stripped.text)
    managers = [
        str(one.person_key) for one in queries.job(viewer, row.job_key, at=row.began_at).hiring if one.person_key
    ]
    return {
        "headline": headline if anonymous else f"{row.person}, {headline}"[:160],
        "profile": stripped.text,
        "subject": _("%(job)s: %(name)s") % {"job": row.job, "name": name},
        "anonymous": anonymous,
        "contact": managers[0] if managers else "",
        "mailbox": context["mailboxes"][0][0] if context["mailboxes"] else "",
    }


def spec_context(viewer: Viewer, person: UUID, organisation: UUID | None, at: datetime) -> dict[str, Any]:
    """Before a CV goes to a client on spec: which client, then the check list. Raises PersonNotFound, NotFound."""
    access.require_job_worker(viewer)
    card = people.person(viewer, person).card
    clients = [(str(row.key), row.name) for row in people.organisations(viewer, at=at).rows if row.is_client]
    context: dict[str, Any] = {"card": card, "clients": clients, "organisation": organisation}
    if organisation is None:
        return context
    rows, agreement = queries.checked(people.candidate_key_for(viewer, card.key), organisation, None, at=at)
    stripped = queries.profile_from_cv(viewer, person, anonymous=True)
    return context | {
        "client": people.organisation_name(viewer, organisation),
        "looked": looked(rows),
        "may_go": all(one.weight is not Weight.STOPS for one in rows),
        "agreed": agreement,
        "people": people_choices(viewer, organisation),
        "mailboxes": mailbox_choices(viewer, at),
        "taken_out": stripped.taken_out,
        "has_cv": bool(stripped.text),
        "initial": {
            "headline": card.headline or _("Somebody you should know"), "profile": stripped.text, "anonymous": True,
            "subject": card.headline or _("Somebody you should know"),
        },
    }  # fmt: skip


def refusal(found: Refused, viewer: Viewer) -> dict[str, Any]:
    """The gate's refusal, in words."""
    values = dict(verdict_values(found.message_class, "", found.decision, viewer.zone))
    return {"verdict": values, "receipt": found.receipt}


def submission_lines(rows: tuple[SubmissionRow, ...], at: datetime) -> list[dict[str, Any]]:
    states = {
        SubmissionState.DRAFT: _("on its way"),
        SubmissionState.FAILED: _("was not sent"),
        SubmissionState.SENT: "",
    }
    return [
        {
            "row": one,
            "state": states[one.state],
            "failed": one.state is SubmissionState.FAILED,
            "feedback": FEEDBACK_WORDS[one.feedback] if one.feedback else "",
            "tone": FEEDBACK_TONES.get(one.feedback, "quiet") if one.feedback else "quiet",
            "late": one.feedback_due_at is not None and one.feedback_due_at < at,
            "days": (at - one.sent_at).days,
        }
        for one in rows
    ]


def submissions_part(viewer: Viewer, key: UUID, at: datetime) -> dict[str, Any]:
    """On an application's page: where the CV is, its proof, what the client said. Raises NotFound."""
    page = queries.application(viewer, key)
    rows = queries.submissions(viewer, application=key)
    proofs = queries.introductions(viewer, page.row.person_key)
    return {
        "key": key,
        "row": page.row,
        "lines": submission_lines(rows, at),
        "proofs": [one for one in proofs if one.organisation_key == page.row.organisation_key],
        "may_work": access.may_work_jobs(viewer),
    }


def profile_sheet(sent: SentProfile) -> dict[str, Any]:
    """A profile as it is printed, in the kit of the job's brand. Every text is data."""
    row, kit = sent.submission, studio.kit_of(sent.brand)
    return {
        "house": kit.name,
        "colour": kit.colour,
        "on_colour": kit.on_colour,
        "logo": list(kit.logo.data) if kit.logo else [],
        "legal": [one for one in (kit.legal_name, *kit.legal_lines) if one],
        "for_whom": _("For %(client)s") % {"client": row.organisation},
        "title": sent.person or _("A candidate for you"),
        "about": " · ".join(one for one in (sent.headline, row.job) if one),
        "parts": [part.splitlines() for part in re.split(r"\n\s*\n", sent.text.strip()) if part.strip()],
        "made": _("Version %(n)s, %(day)s. Shown to you in confidence; please don’t pass it on.")
        % {"n": sent.version, "day": day_words(row.sent_at, "j F Y")},
    }


def answers_context(viewer: Viewer, job: UUID, at: datetime) -> dict[str, Any]:
    """Who waits for an answer about a job. Raises NotFound."""
    found = queries.waiting(viewer, job, at=at)
    row = queries.job_card(viewer, job)
    n = len(found.unseen) + len(found.seen) + found.more
    heading = ngettext("%(n)s person waits for an answer", "%(n)s people wait for an answer", n) % {"n": n}

    def lines(rows: tuple[queries.Waiting, ...]) -> list[dict[str, Any]]:
        return [{**card(one.row, at), "reached": one.reached, "elsewhere": one.elsewhere} for one in rows]

    texts = queries.answer_texts(for_seen=False)
    return {
        **shown(row),
        "heading": heading if n else _("Nobody waits for an answer"),
        "unseen": lines(found.unseen),
        "seen": lines(found.seen),
        "more": found.more,
        "texts": [
            {
                "row": one,
                "filled": one.text.replace("{job}", row.title)
                .replace("{client}", row.organisation)
                .replace("{name}", _("(first name)")),
            }
            for one in texts
        ],
        "text_choices": [(str(one.key), one.reason) for one in texts],
        "people": [(str(one.row.key), one.row.person) for one in found.unseen],
        "mailboxes": mailbox_choices(viewer, at),
        "may_work": access.may_work_jobs(viewer),
        "tabs": job_tabs(job, "answers"),
    }


def answer_context(viewer: Viewer, key: UUID, chosen: str, at: datetime) -> dict[str, Any]:
    """The page on which one person is answered: the reasons of the house, and the one that was chosen, filled in."""
    page = queries.application(viewer, key)
    seen = page.row.submitted_at is not None or page.row.stage in {"submitted", "interview", "offer"}
    texts = (*queries.answer_texts(for_seen=seen), *queries.answer_texts(for_seen=not seen))
    text = next((one for one in texts if str(one.key) == chosen), texts[0] if texts else None)
    said = page.ended_why if page.row.ended == "client_said_no" else ""
    filled = queries.filled(text.text, viewer, page.row) if text else ""
    if said:
        filled = filled.replace(_("What they said: "), _("What they said: ") + said)
    initial = {
        "text": str(text.key) if text else "",
        "subject": queries.filled(text.subject, viewer, page.row) if text else "",
        "words": filled,
    }
    here = reverse("answer_one", args=[key])
    return {
        **card(page.row, at),
        "page": page,
        "texts": [
            {"row": one, "url": f"{here}?text={one.key}", "chosen": text is not None and one.key == text.key}
            for one in texts
        ],
        "text_choices": [(str(one.key), one.reason) for one in texts],
        "initial": initial,
        "mailboxes": mailbox_choices(viewer, at),
    }


def chase_words(row: SubmissionRow, viewer: Viewer) -> dict[str, str]:
    """What a chase begins with."""
    first = row.contact.split(maxsplit=1)[0]
    what = row.job or _("you")
    return {
        "subject": _("%(job)s: what did you think?") % {"job": row.job or row.organisation},
        "words": _(
            "Hello %(first)s,\n\nI sent you somebody for %(what)s on %(day)s and have not heard what you think. They "
            "keep asking, and good people don’t wait long. A yes, a no or “not this week” is enough; ring me if that "
            "is easier.\n\n%(me)s"
        )
        % {"first": first, "what": what, "day": f"{row.sent_at:%-d %B}", "me": viewer.name},
    }


def clients_owe(viewer: Viewer, at: datetime) -> TodayGroup | None:
    """On Today: CVs that clients have not answered."""
    rows = queries.owed_by_clients(viewer, at=at)
    if not rows:
        return None
    entries = [
        TodayEntry(
            title=f"{row.person} → {row.organisation}",
            why=_("%(job)s · sent %(day)s, %(contact)s has not answered")
            % {"job": row.job or _("on spec"), "day": f"{row.sent_at:%-d %b}", "contact": row.contact},
            action_label=_("Chase"),
            url=reverse("chase", args=[row.key]),
            icon="clock",
            at=row.feedback_due_at,
        )
        for row in rows[:8]
    ]
    heading = ngettext("%(n)s CV without feedback", "%(n)s CVs without feedback", len(rows)) % {"n": len(rows)}
    return TodayGroup(heading, _("Clients owe answers too: more than two working days"), len(rows), entries, "")


def people_waiting(viewer: Viewer, at: datetime) -> TodayGroup | None:
    """On Today: people who have waited for an answer longer than the house promises."""
    rows = queries.waiting_by_job(viewer, before=waits_since(at)) if access.may_work_jobs(viewer) else []
    if not rows:
        return None
    titles = queries.job_titles([key for key, _n, _first in rows])
    total = sum(n for _key, n, _first in rows)
    entries = [
        TodayEntry(
            title=titles.get(key, ""),
            why=ngettext("%(n)s person, since %(day)s", "%(n)s people, the first since %(day)s", n)
            % {"n": n, "day": f"{first:%-d %b}"},
            action_label=_("Answer"),
            url=reverse("job_answers", args=[key]),
            icon="send",
            at=first,
        )
        for key, n, first in rows[:8]
    ]
    heading = ngettext("%(n)s person waits for an answer", "%(n)s people wait for an answer", total) % {"n": total}
    return TodayGroup(
        heading, _("Longer than the house promises"), total, entries, reverse("applications") + "?waiting=yes"
    )


def client_part(viewer: Viewer, key: UUID, at: datetime) -> dict[str, Any]:
    """On an organisation's page: its jobs, how fast it answers CVs, and leads that could become jobs."""
    found = queries.jobs(viewer, status=None, organisation=key)
    response = queries.response_time(key, at=at)
    leads = [one for one in people.job_leads(viewer) if one.organisation_key == key]
    return {
        "key": key,
        "rows": [shown(one) for one in found.rows[:10]],
        "count": found.count,
        "response": response,
        "leads": leads,
        "may_work": access.may_work_jobs(viewer),
    }


def person_part(viewer: Viewer, key: UUID, at: datetime) -> dict[str, Any]:
    """On a person's page: which jobs they are on, and where they were introduced."""
    return {
        "key": key,
        "rows": [card(one, at) for one in queries.applications_of_person(viewer, key)],
        "proofs": queries.introductions(viewer, key),
        "may_work": access.may_work_jobs(viewer),
    }


def texts_context(viewer: Viewer) -> dict[str, Any]:
    """The answers of the house."""
    access.require_pipeline_keeper(viewer)
    return {
        "texts": [
            {"row": one, "ended": ENDED_WORDS.get(one.ended, one.ended)}  # type: ignore[call-overload]
            for one in queries.answer_texts()
        ]
    }
