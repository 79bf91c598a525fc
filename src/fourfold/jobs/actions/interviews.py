"""Deeds on interviews: arrange, move, cancel, note who came; offer times, and pick one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import Role, Viewer
from fourfold.base.actor import Actor
from fourfold.base.clock import require_aware
from fourfold.base.ids import new_key
from fourfold.jobs import access, models, queries, rules
from fourfold.jobs.actions import facts, inviting, stepping
from fourfold.jobs.queries.interviews import SOON, own_slots
from fourfold.jobs.types import (
    Arranged,
    InterviewPlan,
    InterviewRefused,
    MeetingKind,
    MeetingState,
    NewSlots,
    SlotsOver,
    SlotTaken,
    Stage,
    Told,
)
from fourfold.ledger.types import Channel, Direction
from fourfold.work import actions as work
from fourfold.work.types import NewTask, TaskKind

NOTHING = "Nothing was changed."
LONGEST = 600
MOST_SLOTS = 120
CHANNELS = {
    MeetingKind.PHONE: Channel.PHONE,
    MeetingKind.VIDEO: Channel.OTHER,
    MeetingKind.IN_PERSON: Channel.IN_PERSON,
}


@transaction.atomic
def arrange_interview(*, application: UUID, plan: InterviewPlan, viewer: Viewer, at: datetime) -> Arranged:
    """Arrange the next round, and send the invitations. The application goes to its stage, and is owed nothing.

    One that has begun is only noted: nobody is invited to a time that has passed.

    Raises InterviewRefused (no length, no such zone, an application that has ended), NotFound, NotAllowed.
    """
    row = access.get_application_to_work(viewer, application)
    _check(plan, at)
    made = _book(row, plan, by=viewer.actor(), at=at)
    told = inviting.send_invitations(made, viewer=viewer, by=viewer.actor(), at=at) if made.starts_at > at else ()
    accounts.audit(by=viewer.actor(), deed="arrange_interview", at=at, subject=("application", row.key))
    return Arranged(made.key, told)


def _check(plan: InterviewPlan, at: datetime, *, past: bool = True) -> None:
    require_aware(plan.starts_at, "starts_at")
    if not 5 <= plan.minutes <= LONGEST:
        raise InterviewRefused(NOTHING, f"An interview takes 5 to {LONGEST} minutes.", "Correct how long it takes.")
    _check_zone(plan.zone)
    if not past and plan.starts_at <= at:
        raise InterviewRefused(NOTHING, "That time has passed.", "Choose one to come.")


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InterviewRefused(NOTHING, f"There is no time zone “{zone}”.", "Choose one of those shown.") from None


def _book(
    row: models.Application, plan: InterviewPlan, *, by: Actor, at: datetime, picked: bool = False
) -> models.Interview:
    """Write an interview and bring its application to the stage of its round. The caller holds the application."""
    if row.ended:
        raise InterviewRefused(NOTHING, "The application has ended.", "Open it again first.")
    held = models.Interview.objects.filter(application=row).exclude(state=MeetingState.CANCELLED)
    made = models.Interview.objects.create(
        key=new_key(), application=row, round=held.count() + 1, kind=plan.kind, starts_at=plan.starts_at,
        ends_at=plan.starts_at + timedelta(minutes=plan.minutes), zone=plan.zone, place=plan.place.strip()[:250],
        with_people=plan.with_people.strip()[:160], client_told=plan.tell_client, picked_themselves=picked,
        arranged_by=by.name[:80], arranged_by_key=by.user_key, arranged_at=at,
    )  # fmt: skip
    _step(row, made.round, by=by, at=at)
    row.owed_since = None
    row.save(update_fields=["owed_since"])
    return made


def _step(row: models.Application, round_: int, *, by: Actor, at: datetime) -> None:
    """To the house's stage for this round, never back: a house may have one for each, or one for all."""
    if rules.is_forward(Stage(row.stage), Stage.INTERVIEW):
        stepping.advance(row, Stage.INTERVIEW, by=by, at=at, why="interview arranged")
    steps = [one for one in queries.pipeline() if one.stage is Stage.INTERVIEW]
    places = [one.slug for one in steps]
    if row.stage != Stage.INTERVIEW or row.step not in places:
        return
    wanted = min(round_, len(steps)) - 1
    if wanted > places.index(row.step):
        stepping.put(row, steps[wanted], by=by, at=at, why=f"interview {round_} arranged")


@transaction.atomic
def move_interview(*, key: UUID, plan: InterviewPlan, viewer: Viewer, at: datetime) -> Arranged:
    """Give an interview a new time, place or company; the invitation is sent again as a change of the same one.

    Raises InterviewRefused (it is over, the new time has passed), NotFound, NotAllowed.
    """
    row = _booked(viewer, key)
    _check(plan, at, past=False)
    _move(row, plan)
    models.Slot.objects.filter(interview=row).update(interview=None)
    told = inviting.send_invitations(row, viewer=viewer, by=viewer.actor(), at=at)
    accounts.audit(by=viewer.actor(), deed="move_interview", at=at, subject=("application", row.application_id))
    return Arranged(row.key, told)


def _move(row: models.Interview, plan: InterviewPlan) -> None:
    row.kind, row.zone, row.starts_at = plan.kind, plan.zone, plan.starts_at
    row.ends_at = plan.starts_at + timedelta(minutes=plan.minutes)
    row.place, row.with_people = plan.place.strip()[:250], plan.with_people.strip()[:160]
    row.client_told = row.client_told or plan.tell_client
    row.sequence += 1
    row.moved += 1
    row.save()


def _booked(viewer: Viewer, key: UUID) -> models.Interview:
    row = access.get_interview_to_work(viewer, key)
    row.refresh_from_db()
    if row.state != MeetingState.BOOKED:
        raise InterviewRefused(NOTHING, "What became of it is noted already.", "Arrange another one.")
    return row


@transaction.atomic
def cancel_interview(*, key: UUID, why: str, viewer: Viewer, at: datetime) -> Arranged:
    """Cancel an interview: whoever was invited is told. Without another one we owe the candidate an answer.

    Raises InterviewRefused (no reason, over before), NotFound, NotAllowed.
    """
    row = _booked(viewer, key)
    if not why.strip():
        raise InterviewRefused(NOTHING, "Nothing says why.", "Write the reason: it stands in the mail.")
    row.state, row.settled_at, row.settled_why = MeetingState.CANCELLED, at, why.strip()[:250]
    row.sequence += 1
    row.save(update_fields=["state", "settled_at", "settled_why", "sequence"])
    models.Slot.objects.filter(interview=row).update(interview=None)
    told = inviting.send_invitations(row, viewer=viewer, by=viewer.actor(), at=at, cancelled=True)
    _owe(row, at)
    accounts.audit(by=viewer.actor(), deed="cancel_interview", at=at, subject=("application", row.application_id))
    return Arranged(row.key, told)


def _owe(row: models.Interview, at: datetime) -> None:
    """From now on the candidate waits for a word of ours, unless another interview is booked or it has ended."""
    application = models.Application.objects.get(pk=row.application_id)
    booked = models.Interview.objects.filter(application=application, state=MeetingState.BOOKED).exists()
    if not application.ended and not booked and application.stage == Stage.INTERVIEW:
        application.owed_since = at
        application.save(update_fields=["owed_since"])


@transaction.atomic
def note_turn_up(*, key: UUID, state: MeetingState, why: str = "", viewer: Viewer, at: datetime) -> None:
    """Note whether the candidate came. Whoever came is owed an answer from then on; a mistaken note can be changed.

    Raises InterviewRefused (still to come, cancelled), NotFound, NotAllowed.
    """
    row = access.get_interview_to_work(viewer, key)
    row.refresh_from_db()
    if state not in (MeetingState.ATTENDED, MeetingState.NO_SHOW):
        raise InterviewRefused(NOTHING, "Nobody can have done that.", "Say whether they came.")
    if row.state == MeetingState.CANCELLED or row.starts_at > at:
        raise InterviewRefused(NOTHING, "It was cancelled, or is still to come.", "Wait until it was to begin.")
    row.state, row.settled_at, row.settled_why = state, at, why.strip()[:250]
    row.save(update_fields=["state", "settled_at", "settled_why"])
    application = models.Application.objects.select_related("job").get(pk=row.application_id)
    if state is MeetingState.ATTENDED:
        _owe(row, min(row.ends_at, at))
        felt = facts.Felt(
            ref=f"interviewed:{row.key}", action="interviewed", channel=CHANNELS[MeetingKind(row.kind)],
            direction=Direction.IN, occurred_at=row.starts_at,
        )  # fmt: skip
        facts.touch(application, felt, at=at, by=viewer.user_key)
    elif application.owed_since is not None and application.stage == Stage.INTERVIEW:
        application.owed_since = None
        application.save(update_fields=["owed_since"])
    accounts.audit(
        by=viewer.actor(), deed="note_turn_up", at=at, subject=("application", row.application_id), summary=state.value
    )


@transaction.atomic
def keep_feedback(*, key: UUID, of_candidate: str, of_client: str, viewer: Viewer, at: datetime) -> None:
    """Keep what both sides said of an interview. Raises InterviewRefused (still to come), NotFound, NotAllowed."""
    row = access.get_interview_to_work(viewer, key)
    if row.starts_at > at:
        raise InterviewRefused(NOTHING, "It is still to come.", "Wait until both have met.")
    row.feedback_of_candidate, row.feedback_of_client = of_candidate.strip()[:5_000], of_client.strip()[:5_000]
    row.save(update_fields=["feedback_of_candidate", "feedback_of_client"])
    accounts.audit(by=viewer.actor(), deed="keep_feedback", at=at, subject=("application", row.application_id))


# Times to pick from


@transaction.atomic
def offer_slots(
    *, job: UUID, slots: NewSlots, applications: Collection[UUID], viewer: Viewer, at: datetime
) -> tuple[UUID, tuple[Told, ...]]:
    """Offer times for a job's interviews, and ask these applications to pick one each; returns who was asked.

    Raises InterviewRefused (no times, too many, all past, nobody asked), NotFound, NotAllowed.
    """
    row = access.get_job_to_work(viewer, job)
    _check_zone(slots.zone)
    starts = sorted({require_aware(one) for one in slots.starts if one > at})
    if not starts or len(starts) > MOST_SLOTS:
        raise InterviewRefused(NOTHING, f"It takes 1 to {MOST_SLOTS} times that are still to come.", "Correct them.")
    if not 5 <= slots.minutes <= LONGEST:
        raise InterviewRefused(NOTHING, f"An interview takes 5 to {LONGEST} minutes.", "Correct how long it takes.")
    if slots.closes_at <= at:
        raise InterviewRefused(NOTHING, "The last moment to pick has passed.", "Give people a day or two.")
    made = models.SlotSet.objects.create(
        key=new_key(), job=row, kind=slots.kind, minutes=slots.minutes, place=slots.place.strip()[:250],
        zone=slots.zone, with_people=slots.with_people.strip()[:160], closes_at=slots.closes_at,
        by=viewer.name[:80], by_key=viewer.user_key, at=at,
    )  # fmt: skip
    models.Slot.objects.bulk_create([models.Slot(slot_set=made, starts_at=one) for one in starts])
    told = _invite(made, applications, viewer=viewer, at=at)
    accounts.audit(by=viewer.actor(), deed="offer_slots", at=at, subject=("job", row.key), summary=str(len(starts)))
    return made.key, told


@transaction.atomic
def invite_more(*, slot_set: UUID, applications: Collection[UUID], viewer: Viewer, at: datetime) -> tuple[Told, ...]:
    """Ask more people to pick from times that were offered before. Raises InterviewRefused, NotFound, NotAllowed."""
    access.require_job_worker(viewer)
    found = models.SlotSet.objects.select_related("job").filter(pk=slot_set, job__in=access.jobs_of(viewer)).first()
    if found is None or found.closes_at <= at:
        raise InterviewRefused(NOTHING, "These times are not offered any more.", "Offer new ones.")
    return _invite(found, applications, viewer=viewer, at=at)


def _invite(
    slot_set: models.SlotSet, applications: Collection[UUID], *, viewer: Viewer, at: datetime
) -> tuple[Told, ...]:
    rows = access.applications_of(viewer).filter(job=slot_set.job_id, ended="", pk__in=list(applications))
    held = list(rows.order_by("began_at", "key"))
    if not held:
        raise InterviewRefused(NOTHING, "Nobody was chosen who may pick.", "Choose one or more open applications.")
    told = []
    for row in held:
        invite, new = models.SlotInvite.objects.get_or_create(slot_set=slot_set, application=row, defaults={"at": at})
        if new:
            told.append(inviting.invite_to_pick(invite, viewer=viewer, by=viewer.actor(), at=at))
    return tuple(told)


@transaction.atomic
def pick_slot(*, invite: UUID, slot: int, zone: str, person_keys: Sequence[UUID], by: Actor, at: datetime) -> Arranged:
    """Take one time: an interview is booked and everybody invited. Whoever had picked before moves to the new one.

    Two at once: one gets it. Raises SlotTaken, SlotsOver, InterviewRefused, NotFound.
    """
    shown = own_slots(invite, person_keys=person_keys, at=at)
    found = models.SlotInvite.objects.select_related("slot_set").get(pk=shown.invite)
    row = models.Application.objects.select_for_update(of=("self",)).select_related("job").get(pk=found.application_id)
    if shown.over or row.ended:
        raise SlotsOver("Nothing was booked.", "These times can't be picked any more.", "Answer our message.")
    time = models.Slot.objects.select_for_update().filter(pk=slot, slot_set=found.slot_set_id).first()
    if time is None or time.starts_at <= at + SOON or time.interview_id is not None:
        raise SlotTaken("This time has just gone.", "Somebody else picked it, or it is too near.", "Pick another one.")
    _check_zone(zone)
    times = found.slot_set
    plan = InterviewPlan(
        kind=MeetingKind(times.kind), starts_at=time.starts_at, minutes=times.minutes, zone=zone, place=times.place,
        with_people=times.with_people, tell_client=True,
    )  # fmt: skip
    held = models.Slot.objects.filter(slot_set=times, interview__application=row).select_related("interview").first()
    if held is not None and held.interview is not None and held.interview.state == MeetingState.BOOKED:
        made = held.interview
        models.Slot.objects.filter(pk=held.pk).update(interview=None)
        _move(made, plan)
    else:
        made = _book(row, plan, by=by, at=at, picked=True)
    time.interview = made
    time.save(update_fields=["interview"])
    made.application = row
    told = inviting.send_invitations(made, viewer=None, by=_for_the_house(by), at=at)
    accounts.audit(by=by, deed="pick_slot", at=at, subject=("application", row.key))
    return Arranged(made.key, told)


def _for_the_house(by: Actor) -> Actor:
    """The mail is the house's, whoever pressed the button."""
    return Actor(user_key=None, name=by.name, via=by.via)


@transaction.atomic
def say_none_fits(*, invite: UUID, words: str, person_keys: Sequence[UUID], by: Actor, at: datetime) -> None:
    """They can't at any of the times: a task for who works the application, with their words. Raises NotFound."""
    shown = own_slots(invite, person_keys=person_keys, at=at)
    row = models.SlotInvite.objects.select_related("application__job").get(pk=shown.invite).application
    owner = row.owner_key or row.job.owner_key or next(iter(accounts_queries.names_in_role(Role.LEADER)), None)
    if owner is None:
        return
    said = " ".join(words.split())
    title = f"No time fits for the interview ({row.job.title})"[:120]
    task = NewTask(
        title=f"{title}: “{said[:100]}”" if said else title, owner_key=owner, kind=TaskKind.CALL_BACK,
        subject=("candidate", row.person_key), due_on=at.date(),
    )  # fmt: skip
    work.add_task(task=task, by=by, at=at)
