"""Deeds of closure: nobody is left without an answer, and none is careless."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.actor import Actor
from fourfold.base.ids import new_key
from fourfold.contact import actions as contact
from fourfold.contact import queries as contact_queries
from fourfold.contact.types import Aim, Channel, Draft, Intent, Preview, Refused, Verdict
from fourfold.jobs import access, models
from fourfold.jobs.actions import asking, stepping
from fourfold.jobs.types import (
    SEEN_BY_CLIENT,
    Answered,
    ApplicationRefused,
    Ended,
)
from fourfold.people import actions as people_actions
from fourfold.people import queries as people
from fourfold.people.types import LoggedWish, WishKind
from fourfold.work import actions as work
from fourfold.work.types import NewTask, TaskKind

NOTHING = "Nobody was answered."
MOST_AT_ONCE = 1_000
BY_MAIL = "mail"


@transaction.atomic
def answer_many(
    *, job: UUID, applications: Collection[UUID], text: UUID, mailbox: UUID, viewer: Viewer, at: datetime
) -> Answered:
    """Answer people whom the client never saw, with one text for all, each with their own name, through the gate.

    Their applications end with the text's reason. Whom the gate refuses, or who has no address, goes on waiting and is
    named in the result. People whom the client has seen are answered one by one. Raises ApplicationRefused,
    SendRefused, NotFound, NotAllowed.
    """
    row = access.get_job_to_work(viewer, job)
    words = _text(text)
    held = list(access.applications_of(viewer).filter(job=row, pk__in=list(applications), owed_since__isnull=False))
    if not held:
        raise ApplicationRefused(NOTHING, "Nobody is ticked who still waits.", "Tick those the answer is for.")
    if len(held) > MOST_AT_ONCE:
        raise ApplicationRefused(NOTHING, f"{len(held)} people are too many at once.", f"Tick {MOST_AT_ONCE} at most.")
    if words.for_seen or any(one.stage in SEEN_BY_CLIENT for one in held):
        raise ApplicationRefused(
            NOTHING, "Somebody the client has met is among them.", "Answer those one by one: they gave it their time."
        )
    intents = [_intent(one, viewer) for one in held]
    reached: list[models.Application] = []
    refused: list[models.Application] = []
    for one, preview in zip(held, contact_queries.may_contact(intents, at=at), strict=True):
        (reached if _may_go(preview) else refused).append(one)
    message = None
    if reached:
        draft = Draft(subject=_fill(words.subject, row), text=_fill(words.text, row))
        message = contact.queue_to_many(
            intent=_intent(reached[0], viewer), draft=draft, mailbox=mailbox,
            person_keys=[one.person_key for one in reached], campaign="", by=viewer.actor(), at=at,
        )  # fmt: skip
    for one in reached:
        _answered(one, words, _Told(message=message, together=True), by=viewer.actor(), at=at)
    asking.after_answers(reached, by=viewer.actor(), at=at)
    summary = f"{len(reached)} on {row.reference}: {words.reason}"
    accounts.audit(by=viewer.actor(), deed="answer_many", at=at, subject=("job", row.key), summary=summary)
    return Answered(len(reached), tuple(one.key for one in refused))


def _may_go(preview: Preview) -> bool:
    waits = preview.decision.verdict is Verdict.HELD and preview.decision.retry_at is not None
    return bool(preview.address) and (preview.decision.may_go or waits)


def _intent(row: models.Application, viewer: Viewer) -> Intent:
    return Intent(
        person_key=row.person_key, aim=Aim.SERVICE, channel=Channel.EMAIL, by=viewer.user_key, job=str(row.job_id)
    )


def _text(key: UUID) -> models.AnswerText:
    found = models.AnswerText.objects.filter(pk=key, used=True).first()
    if found is None:
        raise ApplicationRefused(NOTHING, "There is no such answer in use.", "Choose one of those shown.")
    return found


def _fill(text: str, job: models.Job) -> str:
    """The job's words into a text; the person's name is filled in when the mail is made."""
    client = people.organisation_names([job.organisation_key])[job.organisation_key]
    return text.replace("{job}", job.title).replace("{client}", client).replace("{name}", "{{ first_name }}")


@transaction.atomic
def answer_one(
    *, application: UUID, text: UUID, subject: str, words: str, mailbox: UUID, viewer: Viewer, at: datetime
) -> UUID | Refused:
    """Answer one person, in words that somebody read before; returns the answer's key, or the gate's refusal.

    An open application ends with the text's reason. Raises ApplicationRefused, SendRefused, NotFound, NotAllowed.
    """
    row = access.get_application_to_work(viewer, application)
    chosen = _text(text)
    if not words.strip():
        raise ApplicationRefused(NOTHING, "The answer says nothing.", "Write it, or choose one of the house's.")
    draft = Draft(subject=subject.strip() or _fill(chosen.subject, row.job), text=words)
    found = contact.queue_message(intent=_intent(row, viewer), draft=draft, mailbox=mailbox, by=viewer.actor(), at=at)
    if isinstance(found, Refused):
        return found
    made = _answered(row, chosen, _Told(delivery=found.delivery), by=viewer.actor(), at=at)
    asking.after_answers([row], by=viewer.actor(), at=at)
    return made


@transaction.atomic
def note_answered(*, application: UUID, text: UUID, how: str, viewer: Viewer, at: datetime) -> UUID:
    """Keep that somebody was told their answer on the phone or in person. Raises ApplicationRefused, NotFound."""
    row = access.get_application_to_work(viewer, application)
    told = _Told(how=how.strip()[:10] or "phone")
    made = _answered(row, _text(text), told, by=viewer.actor(), at=at)
    asking.after_answers([row], by=viewer.actor(), at=at)
    return made


@dataclass(frozen=True, slots=True)
class _Told:
    """How an answer was given: by mail (its delivery, or the message to many), or by hand."""

    how: str = BY_MAIL
    delivery: UUID | None = None
    message: UUID | None = None
    together: bool = False


def _answered(row: models.Application, words: models.AnswerText, told: _Told, *, by: Actor, at: datetime) -> UUID:
    if not row.ended:
        stepping.end(row, Ended(words.ended), by=by, at=at, why=words.reason)
    made = models.Answer.objects.create(
        key=new_key(), application=row, text=words, reason=words.reason, how=told.how, together=told.together,
        delivery_key=told.delivery, message_key=told.message, by=by.name[:80], by_key=by.user_key, at=at,
    )  # fmt: skip
    row.owed_since, row.answered_at = None, at
    row.save(update_fields=["owed_since", "answered_at"])
    return made.key


@transaction.atomic
def promise_later(*, application: UUID, on: date, words: str, viewer: Viewer, at: datetime) -> None:
    """Keep that somebody said “not now, ask me then”: their application ends, nobody approaches them before that day,
    and on it a task brings the promise back to the owner. Raises ApplicationRefused, WishRefused, NotFound.
    """
    row = access.get_application_to_work(viewer, application)
    if on <= at.date():
        raise ApplicationRefused("Nothing was kept.", "That day has passed.", "Give the day they asked for.")
    stepping.end(row, Ended.NOT_NOW, by=viewer.actor(), at=at, why=words or f"asked for {on:%-d %B %Y}")
    row.owed_since, row.answered_at = None, at
    row.save(update_fields=["owed_since", "answered_at"])
    wish = LoggedWish(kind=WishKind.NOT_NOW, said_at=at, how="to a recruiter", until=on, evidence=words.strip()[:250])
    people_actions.log_wish(person_key=row.person_key, wish=wish, viewer=viewer, today=at.date(), at=at)
    name = people.names([row.person_key], viewer=viewer, candidates=True)[row.person_key]
    task = NewTask(
        title=f"You promised {name} to come back: {words.strip()}"[:160].rstrip(": "), kind=TaskKind.CALL_BACK,
        owner_key=row.owner_key or viewer.user_key, subject=("candidate", row.person_key), due_on=on,
    )  # fmt: skip
    work.add_task(task=task, by=viewer.actor(), at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerWording:
    """An answer as the house words it: its reason in a line, what it means for the application, for whom it is."""

    reason: str
    ended: Ended
    for_seen: bool
    subject: str
    text: str


@transaction.atomic
def write_answer_text(*, slug: str, wording: AnswerWording, viewer: Viewer, at: datetime) -> UUID:
    """Write an answer of the house anew, or one more; earlier versions stay as they were sent.

    Raises ApplicationRefused, NotAllowed.
    """
    access.require_pipeline_keeper(viewer)
    if not (wording.reason.strip() and wording.subject.strip() and wording.text.strip()):
        raise ApplicationRefused("Nothing was kept.", "Reason, subject and text are needed.", "Fill them in.")
    before = models.AnswerText.objects.filter(slug=slug)
    last = before.aggregate(last=Max("version"), place=Max("place"))
    before.update(used=False)
    made = models.AnswerText.objects.create(
        key=new_key(), slug=slug, version=(last["last"] or 0) + 1, reason=wording.reason.strip()[:120],
        ended=wording.ended, for_seen=wording.for_seen, subject=wording.subject.strip()[:160],
        text=wording.text.strip(), by=viewer.name[:80], at=at,
        place=last["place"] if last["place"] is not None else models.AnswerText.objects.count(),
    )  # fmt: skip
    accounts.audit(by=viewer.actor(), deed="write_answer_text", at=at, subject=("answer", slug), summary=made.reason)
    return made.key
