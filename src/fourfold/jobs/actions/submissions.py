"""Deeds that bring a person before a client: their yes, what is shown, the mail, its proof, the client's answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.actor import HOUSE, Actor
from fourfold.base.clock import require_aware
from fourfold.base.errors import NotFound
from fourfold.base.ids import new_key
from fourfold.contact import actions as contact
from fourfold.contact import queries as contact_queries
from fourfold.contact.types import Aim, Channel, DeliveryState, Draft, Intent, PersonSide, Queued, Refused
from fourfold.jobs import access, models, queries, rules
from fourfold.jobs.actions import facts, stepping
from fourfold.jobs.types import (
    ApplicationRefused,
    Ended,
    Feedback,
    Stage,
    SubmissionRefused,
    SubmissionState,
)
from fourfold.people import queries as people

NOTHING = "Nothing was sent."
FEEDBACK_DAYS = 2
"""Working days after which a client's answer to a CV is late."""
BY_MAIL = "mail"


@transaction.atomic
def note_agreement(
    *, person: UUID, organisation: UUID, job: UUID | None, how: str, agreed_at: datetime, viewer: Viewer, at: datetime
) -> UUID:
    """Keep that a person said yes to being sent to this client, for this job or on spec. Raises SubmissionRefused
    (nothing says how, or a moment to come), PersonNotFound, NotFound, NotAllowed.
    """
    access.require_job_worker(viewer)
    if not how.strip():
        raise SubmissionRefused(
            "Nothing was kept.", "Nothing says how they agreed.", "Write it: on the phone, by mail …"
        )
    if require_aware(agreed_at) > at:
        raise SubmissionRefused("Nothing was kept.", "They can't have agreed in days to come.", "Give the real moment.")
    row = models.Agreement.objects.create(
        key=new_key(), person_key=people.candidate_key_for(viewer, person), organisation_key=organisation,
        job=access.get_job_for(viewer, job) if job else None, how=how.strip()[:160], agreed_at=agreed_at,
        by=viewer.name[:80], by_key=viewer.user_key, at=at,
    )  # fmt: skip
    accounts.audit(by=viewer.actor(), deed="note_agreement", at=at, subject=("person", person), summary=row.how)
    return row.key


@transaction.atomic
def withdraw_agreement(*, key: UUID, viewer: Viewer, at: datetime) -> None:
    """Keep that a person took their yes back. What was sent before stays proved. Raises NotFound, NotAllowed."""
    access.require_job_worker(viewer)
    row = models.Agreement.objects.filter(pk=key, withdrawn_at=None).first()
    if row is None:
        raise NotFound("Nothing was kept.", "This yes is not there, or was taken back before.", "Reload the page.")
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    person = people.candidate_key_for(viewer, row.person_key)
    accounts.audit(by=viewer.actor(), deed="withdraw_agreement", at=at, subject=("person", person), summary=row.how)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitting:
    """A CV on its way to one contact of a client. ``profile`` is the text that they are shown, ``words`` what stands
    before it; ``anonymous``: the person's name doesn't stand in it.
    """

    contact: UUID
    headline: str
    profile: str
    anonymous: bool
    subject: str
    words: str
    mailbox: UUID | None = None
    by_hand: str = ""


@transaction.atomic
def submit(*, application: UUID, submitting: Submitting, viewer: Viewer, at: datetime) -> UUID | Refused:
    """Send a person's profile to a client for a job; returns the submission's key, or the gate's refusal.

    The check list is asked again here. By mail it goes through the gate, and the introduction is proved when the mail
    has left; by hand (a portal, a call: ``by_hand`` says which) it is proved now.
    Raises SubmissionRefused, NotFound, NotAllowed.
    """
    row = access.get_application_to_work(viewer, application)
    if row.ended:
        raise ApplicationRefused(NOTHING, "The application has ended.", "Open it again first.")
    return _submit(row, row.job, row.person_key, row.job.organisation_key, submitting, viewer, at)


@transaction.atomic
def submit_on_spec(
    *, person: UUID, organisation: UUID, submitting: Submitting, viewer: Viewer, at: datetime
) -> UUID | Refused:
    """Send a person who agreed to this client's one contact, for no job. Raises as ``submit``."""
    access.require_job_worker(viewer)
    return _submit(None, None, people.candidate_key_for(viewer, person), organisation, submitting, viewer, at)


def _submit(
    row: models.Application | None, job: models.Job | None, person: UUID, organisation: UUID, submitting: Submitting,
    viewer: Viewer, at: datetime,
) -> UUID | Refused:  # fmt: skip
    looked, agreement = queries.checked(person, organisation, job.key if job else None, at=at)
    stop = next((one for one in looked if one.weight == "stops"), None)
    if stop is not None:
        raise SubmissionRefused(NOTHING, queries.STOP_WORDS[stop.item], "Look at the check list above.")
    if not submitting.profile.strip() or not submitting.headline.strip():
        raise SubmissionRefused(NOTHING, "There is no profile to show.", "Write its headline and its text.")
    profile = _profile(person, job, submitting, viewer, at)
    terms = people.terms_standing(organisation, at=at)
    made = models.Submission(
        key=new_key(), application=row, job=job, person_key=person, organisation_key=organisation,
        contact_key=people.person_key_for(viewer, submitting.contact), profile=profile, agreement_id=agreement,
        state=SubmissionState.SENT, terms=terms.value, sent_at=at, by=viewer.name[:80], by_key=viewer.user_key,
    )  # fmt: skip
    if not submitting.by_hand.strip():
        found = _mail(made, submitting, viewer, at)
        if isinstance(found, Refused):
            profile.delete()
            return found
        made.delivery_key, made.state = found.delivery, SubmissionState.DRAFT
    made.save(force_insert=True)
    if made.state == SubmissionState.SENT:
        _introduced(made, how=submitting.by_hand.strip()[:20], by=viewer.actor(), at=at)
    if row is not None:
        stepping.advance(row, Stage.SUBMITTED, by=viewer.actor(), at=at)
    accounts.audit(by=viewer.actor(), deed="submit", at=at, subject=("submission", made.key))
    return made.key


def _profile(
    person: UUID, job: models.Job | None, submitting: Submitting, viewer: Viewer, at: datetime
) -> models.Profile:
    last = models.Profile.objects.filter(person_key=person).aggregate(last=Max("version"))["last"] or 0
    headline, text = submitting.headline.strip()[:160], submitting.profile.strip()
    return models.Profile.objects.create(
        key=new_key(), person_key=person, version=last + 1, job=job, anonymous=submitting.anonymous, headline=headline,
        text=text, text_hash=rules.profile_hash(headline=headline, text=text), by=viewer.name[:80],
        by_key=viewer.user_key, at=at,
    )  # fmt: skip


def _mail(made: models.Submission, submitting: Submitting, viewer: Viewer, at: datetime) -> Queued | Refused:
    if submitting.mailbox is None:
        raise SubmissionRefused(NOTHING, "No mailbox was chosen.", "Choose one, or say how you sent it yourself.")
    intent = Intent(
        person_key=made.contact_key, aim=Aim.WRITE, channel=Channel.EMAIL, by=viewer.user_key, side=PersonSide.CLIENT,
        job=str(made.job_id) if made.job_id else "",
    )  # fmt: skip
    text = f"{submitting.words.strip()}\n\n{submitting.headline.strip()}\n\n{submitting.profile.strip()}"
    draft = Draft(subject=submitting.subject.strip(), text=text)
    return contact.queue_message(intent=intent, draft=draft, mailbox=submitting.mailbox, by=viewer.actor(), at=at)


def _introduced(row: models.Submission, *, how: str, by: Actor, at: datetime) -> None:
    """The proof, once the CV has left; the feedback clock starts, and the ledger hears of it."""
    terms = people.terms_for(row.organisation_key, at=row.sent_at)
    models.Introduction.objects.create(
        key=new_key(), person_key=row.person_key, organisation_key=row.organisation_key, contact_key=row.contact_key,
        job_key=row.job_id, submission_key=row.key, profile_version=row.profile.version if row.profile else None,
        profile_hash=row.profile.text_hash if row.profile else "", terms_key=terms.key if terms else None,
        terms_standing=row.terms, how=how, by=row.by, by_key=row.by_key, introduced_at=row.sent_at, recorded_at=at,
    )  # fmt: skip
    row.feedback_due_at = rules.working_days_after(row.sent_at, FEEDBACK_DAYS)
    row.save(update_fields=["feedback_due_at"])
    if row.application_id:
        models.Application.objects.filter(pk=row.application_id, submitted_at=None).update(submitted_at=row.sent_at)
    facts.submitted(row, row.job, at=at, by=row.by_key)


@transaction.atomic
def settle_submissions(*, at: datetime) -> int:
    """Follow the mails that carry CVs: one that has left proves an introduction, one that never will is shown as not
    sent, and its application goes back to where it was. Returns how many were settled. Called by the schedule.
    """
    rows = list(
        models.Submission.objects.select_related("job", "profile", "application")
        .filter(state=SubmissionState.DRAFT, delivery_key__isnull=False).order_by("sent_at")[:500]
    )  # fmt: skip
    states = contact_queries.delivery_states([row.delivery_key for row in rows if row.delivery_key])
    settled = 0
    for row in rows:
        state, left_at = states.get(row.delivery_key or row.key, (DeliveryState.SKIPPED, None))
        if state is DeliveryState.SENT:
            row.state, row.sent_at = SubmissionState.SENT, left_at or at
            row.save(update_fields=["state", "sent_at"])
            _introduced(row, how=BY_MAIL, by=HOUSE, at=at)
        elif state in (DeliveryState.SKIPPED, DeliveryState.FAILED):
            row.state = SubmissionState.FAILED
            row.save(update_fields=["state"])
            _not_seen(row, at=at)
        else:
            continue
        settled += 1
    return settled


def _not_seen(row: models.Submission, *, at: datetime) -> None:
    """No client saw them: their application goes back, unless it went on since or another CV of theirs is out."""
    if row.application_id is None:
        return
    held = models.Application.objects.select_for_update().get(pk=row.application_id)
    out = models.Submission.objects.filter(application=held).exclude(state=SubmissionState.FAILED)
    if held.ended or held.stage != Stage.SUBMITTED or out.exists():
        return
    came = held.moves.filter(stage=Stage.SUBMITTED).last()
    before = next((one for one in queries.pipeline() if came and one.slug == came.from_step), None)
    if before is not None:
        stepping.put(held, before, by=HOUSE, at=at, why="The mail with their CV did not leave.")


def note_printed(*, submission: UUID, viewer: Viewer, at: datetime) -> None:
    """Write down that somebody took a profile out of the house as a file. Raises NotFound, NotAllowed."""
    access.require_job_worker(viewer)
    row = access.get_submission_for(viewer, submission)
    accounts.audit(by=viewer.actor(), deed="print_profile", at=at, subject=("person", row.person_key))


@transaction.atomic
def note_feedback(
    *, submission: UUID, feedback: Feedback, words: str, how: str, said_at: datetime, viewer: Viewer, at: datetime
) -> None:
    """Keep what the client said to a CV. A no ends the application with their words as the reason, and the person is
    owed an answer. Raises SubmissionRefused (a no without a reason; nothing was sent), NotFound, NotAllowed.
    """
    access.require_job_worker(viewer)
    row = access.get_submission_for(viewer, submission)
    if row.state != SubmissionState.SENT:
        raise SubmissionRefused("Nothing was kept.", "The CV has not left yet.", "Wait until its mail has gone.")
    if feedback is Feedback.NO and not words.strip():
        raise SubmissionRefused(
            "Nothing was kept.", "A no has a reason.", "Write theirs, or that they gave none: the person will ask."
        )
    row.feedback, row.feedback_words, row.feedback_at = feedback, words.strip(), require_aware(said_at)
    row.feedback_how = how.strip()[:80]
    row.feedback_due_at = rules.working_days_after(said_at, FEEDBACK_DAYS * 2) if feedback is Feedback.LATER else None
    row.save(update_fields=["feedback", "feedback_words", "feedback_at", "feedback_how", "feedback_due_at"])
    if feedback is Feedback.NO and row.application_id:
        held = models.Application.objects.select_for_update().get(pk=row.application_id)
        if not held.ended:
            stepping.end(held, Ended.CLIENT_SAID_NO, by=viewer.actor(), at=at, why=words)
    accounts.audit(by=viewer.actor(), deed="note_feedback", at=at, subject=("submission", row.key), summary=feedback)


@transaction.atomic
def chase(
    *, submission: UUID, subject: str, words: str, mailbox: UUID, viewer: Viewer, at: datetime
) -> Queued | Refused:
    """Ask a client what they think of a CV, by mail through the gate. Raises SubmissionRefused, NotFound."""
    access.require_job_worker(viewer)
    row = access.get_submission_for(viewer, submission)
    if row.feedback and row.feedback != Feedback.LATER:
        raise SubmissionRefused(NOTHING, "They have answered.", "See what they said.")
    intent = Intent(
        person_key=row.contact_key, aim=Aim.WRITE, channel=Channel.EMAIL, by=viewer.user_key, side=PersonSide.CLIENT,
        job=str(row.job_id) if row.job_id else "",
    )  # fmt: skip
    draft = Draft(subject=subject.strip(), text=words)
    found = contact.queue_message(intent=intent, draft=draft, mailbox=mailbox, by=viewer.actor(), at=at)
    if isinstance(found, Queued):
        _chased(row, at)
    return found


@transaction.atomic
def note_chased(*, submission: UUID, viewer: Viewer, at: datetime) -> None:
    """Keep that somebody rang the client about a CV: the clock starts again. Raises NotFound, NotAllowed."""
    access.require_job_worker(viewer)
    _chased(access.get_submission_for(viewer, submission), at)


def _chased(row: models.Submission, at: datetime) -> None:
    row.chases, row.chased_at = row.chases + 1, at
    row.feedback_due_at = rules.working_days_after(at, FEEDBACK_DAYS)
    row.save(update_fields=["chases", "chased_at", "feedback_due_at"])
