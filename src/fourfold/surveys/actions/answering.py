"""What people answer: a number, words, whether one of us may write back; then it is counted without them."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import SystemRandom
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Role, Viewer
from fourfold.base.actor import Actor
from fourfold.base.clock import require_aware
from fourfold.base.ids import new_key
from fourfold.contact import queries as contact
from fourfold.people.types import PersonNotFound
from fourfold.surveys import models, queries, rules
from fourfold.surveys.types import HIGHEST_UNHAPPY, AnswerRefused, Side, State
from fourfold.work import actions as work
from fourfold.work.types import NewNote, NewTask, TaskKind

SUBJECTS = {Side.CANDIDATE: "candidate", Side.CLIENT: "person"}
ANSWER_WITHIN = timedelta(days=2)
AT_ONCE = 500


@transaction.atomic
def give_number(*, key: UUID, score: int, by: Actor, at: datetime) -> None:
    """Keep the number that somebody gives, or change it within a week. No audit: it would tell who said what.

    Raises AnswerRefused, SurveyClosed, PersonNotFound.
    """
    require_aware(at)
    rules.check_answer(score, "")
    invitation = _held(key)
    answer = _answer_of(invitation, at)
    if answer is None:
        models.Answer.objects.create(invitation=invitation, score=score, at=at)
        models.Invitation.objects.filter(pk=key).update(answered=True)
        return
    answer.score, answer.changed_at = score, at
    answer.save(update_fields=["score", "changed_at"])
    _give_task(invitation, answer, by=by, at=at)


@transaction.atomic
def say_more(*, key: UUID, verbatim: str, may_answer: bool, by: Actor, at: datetime) -> bool:
    """Keep what they add to their number, and whether one of us may answer them. Returns whether a task was given.

    An unhappy answer that may be answered becomes a task of whoever the inviter named, else of a leader: from then on
    that colleague knows who it was, so the leave can't be taken back.

    Raises AnswerRefused before there is a number, SurveyClosed, PersonNotFound.
    """
    require_aware(at)
    invitation = _held(key)
    answer = _answer_of(invitation, at)
    if answer is None:
        raise AnswerRefused("Your words were not kept.", "They belong to a number.", "Choose a number first.")
    words = verbatim.replace("\0", "").strip()
    rules.check_answer(answer.score, words)
    answer.verbatim, answer.changed_at = words, at
    answer.may_answer = may_answer or answer.task_key is not None
    answer.save(update_fields=["verbatim", "may_answer", "changed_at"])
    return _give_task(invitation, answer, by=by, at=at)


def _held(key: UUID) -> models.Invitation:
    """The invitation, held until the transaction ends: two answers at once become one and its change."""
    row = models.Invitation.objects.select_for_update().filter(pk=key, state=State.ASKED).first()
    if row is None or row.person_key is None:
        raise PersonNotFound("This was not found.", "Nothing is kept under this link any more.", "Answer the mail.")
    return row


def _answer_of(invitation: models.Invitation, at: datetime) -> models.Answer | None:
    """The answer that may be changed; None where none was given yet. Raises SurveyClosed."""
    answer = models.Answer.objects.filter(pk=invitation.pk).first()
    late = invitation.expires_at is None or at >= invitation.expires_at
    if answer is None:
        if invitation.answered or late:
            raise queries.asking.closed(answered=invitation.answered)
        return None
    if at >= answer.at + rules.CHANGE_FOR:
        raise queries.asking.closed(answered=True)
    return answer


def _give_task(invitation: models.Invitation, answer: models.Answer, *, by: Actor, at: datetime) -> bool:
    """Give the task once, for an unhappy answer that may be answered. Returns whether it was given now."""
    if answer.score > HIGHEST_UNHAPPY or not answer.may_answer or answer.task_key is not None:
        return False
    assert invitation.person_key is not None
    [person] = contact.canonical([invitation.person_key])
    subject = (SUBJECTS[Side(invitation.side)], person)
    owner = _who(invitation, subject)
    if owner is None:
        return False
    title = rules.task_title(answer.score, answer.verbatim)
    due = (at.astimezone(ZoneInfo(accounts.house_zone())) + ANSWER_WITHIN).date()
    task = NewTask(title=title, owner_key=owner, kind=TaskKind.CALL_BACK, subject=subject, due_on=due)
    answer.task_key = work.add_task(task=task, by=by, at=at)
    answer.save(update_fields=["task_key"])
    if title.endswith("…”"):  # the rest of a long answer stands where the colleague looks next
        note = NewNote(
            subject_kind=subject[0], subject_key=person, text=f"In a survey, to be answered:\n\n{answer.verbatim}",
            at=at, author_name=by.name, source="surveys", source_ref=f"answer:{new_key()}",
        )  # fmt: skip
        work.add_notes(notes=[note], by=by, at=at)
    return True


def _who(invitation: models.Invitation, subject: tuple[str, UUID]) -> UUID | None:
    """Whoever the inviter named, else a leader of the office, else any leader: the first who may see the person."""

    def may(viewer: Viewer | None) -> bool:
        return viewer is not None and bool(accounts.subjects(viewer, subject[0], [subject[1]]))

    if invitation.owner_key and may(accounts.viewer_of(invitation.owner_key)):
        return invitation.owner_key
    leaders = [accounts.viewer_of(key) for key in accounts.names_in_role(Role.LEADER)]
    leaders.sort(key=lambda one: one is None or one.office != invitation.office)
    return next((one.user_key for one in leaders if one and may(one)), None)


def count_answers(*, at: datetime) -> int:
    """Count the answers of months that are closed, and let go of whose they were. Returns how many.

    What is left knows month, desk, moment, outcome, the number and the words: nobody, not even we, can tell them
    back. That somebody answered stays, so that they aren't asked again.
    """
    until, counted = queries.asking.counted_until(at), 0
    while True:
        moved = _count_some(until)
        counted += moved
        if moved < AT_ONCE:
            return counted


@transaction.atomic
def _count_some(until: datetime) -> int:
    zone = ZoneInfo(accounts.house_zone())
    rows = list(
        models.Answer.objects.select_for_update(of=("self",))
        .filter(at__lt=until)
        .select_related("invitation")
        .order_by("pk")[:AT_ONCE]
    )
    made = [
        models.CountedAnswer(
            month=row.at.astimezone(zone).date().replace(day=1),
            side=row.invitation.side,
            moment=row.invitation.moment,
            outcome=row.invitation.outcome,
            office=row.invitation.office,
            desk=row.invitation.desk,
            score=row.score,
            verbatim=row.verbatim,
        )
        for row in rows
    ]
    SystemRandom().shuffle(made)  # nor does the order in which they lie tell whose they were
    models.CountedAnswer.objects.bulk_create(made, batch_size=AT_ONCE)
    models.Answer.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)
