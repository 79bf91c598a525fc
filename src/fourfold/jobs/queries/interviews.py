"""Reads of interviews: the calendar, an application's own, times to pick from, scorecards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.errors import NotFound
from fourfold.jobs import access, models
from fourfold.jobs.types import (
    THEIR_ROLES,
    HiringRole,
    InterviewRow,
    Invited,
    MeetingKind,
    MeetingState,
    OwnSlots,
    ScorecardRow,
    Shown,
    SlotRow,
    SlotSetRow,
)
from fourfold.people import queries as people

MOST = 400
SOON = timedelta(hours=1)
"""A time that begins sooner than this can't be picked any more."""
INTERVIEWERS = (HiringRole.HIRING_MANAGER, HiringRole.PANEL)


def _rows(viewer: Viewer) -> QuerySet[models.Interview]:
    rows = access.interviews_of(viewer)
    return rows.select_related("application__job")


def rows_of(viewer: Viewer, held: Sequence[models.Interview]) -> tuple[InterviewRow, ...]:
    """Interviews with the names that the viewer may read."""
    names = people.names({one.application.person_key for one in held}, viewer=viewer, candidates=True)
    organisations = people.organisation_names({one.application.job.organisation_key for one in held})
    owners = accounts.names({one.application.owner_key for one in held if one.application.owner_key})
    return tuple(_row(one, names, organisations, owners) for one in held)


def _row(
    one: models.Interview, names: dict[UUID, str], organisations: dict[UUID, str], owners: dict[UUID, str]
) -> InterviewRow:
    application, job = one.application, one.application.job
    return InterviewRow(
        key=one.key, application_key=application.key, job_key=job.key, job=job.title,
        organisation=organisations.get(job.organisation_key, ""), person_key=application.person_key,
        person=names[application.person_key],
        owner=owners.get(application.owner_key, "") if application.owner_key else "", round=one.round,
        kind=MeetingKind(one.kind), starts_at=one.starts_at, ends_at=one.ends_at, zone=one.zone, place=one.place,
        with_people=one.with_people, state=MeetingState(one.state), moved=one.moved,
        picked_themselves=one.picked_themselves, settled_why=one.settled_why,
        feedback_of_candidate=one.feedback_of_candidate, feedback_of_client=one.feedback_of_client,
        client_told=one.client_told, sequence=one.sequence,
    )  # fmt: skip


def interview(viewer: Viewer, key: UUID) -> InterviewRow:
    """One interview. Raises NotFound."""
    held = list(_rows(viewer).filter(pk=key))
    if not held:
        raise NotFound("This interview was not found.", "Its address is wrong.", "Go back to the calendar.")
    return rows_of(viewer, held)[0]


def interviews_of(viewer: Viewer, application: UUID) -> tuple[InterviewRow, ...]:
    """An application's interviews, the first round first. Raises NotFound."""
    access.get_application_for(viewer, application)
    return rows_of(viewer, list(_rows(viewer).filter(application=application).order_by("starts_at", "key")[:50]))


def calendar(
    viewer: Viewer, *, since: datetime, until: datetime, whose: str = "mine"
) -> tuple[tuple[InterviewRow, ...], int]:
    """Interviews from ``since`` up to ``until``: the viewer's own, their desks', or all; and how many were left out."""
    rows = _rows(viewer).filter(starts_at__gte=since, starts_at__lt=until).exclude(state=MeetingState.CANCELLED)
    if whose == "mine":
        rows = rows.filter(application__owner_key=viewer.user_key)
    elif whose == "desk":
        rows = rows.filter(application__job__desk__in=viewer.desks)
    held = list(rows.order_by("starts_at", "key")[:MOST])
    left = rows.count() - MOST if len(held) == MOST else 0
    return rows_of(viewer, held), left


def unsettled(viewer: Viewer, *, at: datetime, limit: int = 8) -> tuple[int, tuple[InterviewRow, ...]]:
    """The viewer's interviews that are over and of which nobody noted who came, the longest ago first."""
    rows = _rows(viewer).filter(state=MeetingState.BOOKED, ends_at__lt=at, application__owner_key=viewer.user_key)
    held = list(rows.order_by("starts_at", "key")[:limit])
    return rows.count() if held else 0, rows_of(viewer, held)


def upcoming(
    viewer: Viewer, *, since: datetime, until: datetime, limit: int = 8
) -> tuple[int, tuple[InterviewRow, ...]]:
    """The viewer's booked interviews in a stretch of time, and how many there are."""
    rows = _rows(viewer).filter(
        state=MeetingState.BOOKED, starts_at__gte=since, starts_at__lt=until, application__owner_key=viewer.user_key
    )
    held = list(rows.order_by("starts_at", "key")[:limit])
    return rows.count() if held else 0, rows_of(viewer, held)


def interviewers(viewer: Viewer, job: UUID) -> tuple[str, ...]:
    """Names of the client's people who interview for a job. Raises NotFound."""
    access.get_job_for(viewer, job)
    keys = models.HiringTeam.objects.filter(job=job, role__in=INTERVIEWERS, person_key__isnull=False)
    held = [key for key in keys.values_list("person_key", flat=True) if key is not None]
    names = people.names(held, viewer=viewer)
    return tuple(names[key] for key in held)


def client_people(viewer: Viewer, job: UUID) -> tuple[str, ...]:
    """Names of the client's people on a job, whatever they do there, for who wrote a scorecard. Raises NotFound."""
    access.get_job_for(viewer, job)
    keys = models.HiringTeam.objects.filter(job=job, role__in=THEIR_ROLES, person_key__isnull=False)
    held = list(dict.fromkeys(key for key in keys.values_list("person_key", flat=True) if key is not None))
    names = people.names(held, viewer=viewer)
    return tuple(names[key] for key in held)


def may_be_invited(viewer: Viewer, job: UUID) -> tuple[tuple[UUID, str, str], ...]:
    """Open applications of a job that may be asked to pick a time: key, name, step. Raises NotFound."""
    access.get_job_for(viewer, job)
    rows = access.applications_of(viewer).filter(job=job, ended="").order_by("-stage_at", "key")[:200]
    held = list(rows)
    names = people.names({one.person_key for one in held}, viewer=viewer, candidates=True)
    return tuple((one.key, names[one.person_key], one.step) for one in held)


def slot_sets(viewer: Viewer, job: UUID) -> tuple[SlotSetRow, ...]:
    """The times offered for a job, the latest set first. Raises NotFound."""
    access.get_job_for(viewer, job)
    rows = models.SlotSet.objects.filter(job=job).select_related("job").order_by("-at")[:20]
    rows = rows.prefetch_related("slots__interview__application", "invites__application")
    seen = set(access.applications_of(viewer).filter(job=job).values_list("pk", flat=True))
    return tuple(_set_row(viewer, one, seen) for one in rows)


def _set_row(viewer: Viewer, one: models.SlotSet, seen: set[UUID]) -> SlotSetRow:
    invites = [invite for invite in one.invites.all() if invite.application_id in seen]
    slots = list(one.slots.all())
    persons = {invite.application.person_key for invite in invites}
    persons |= {slot.interview.application.person_key for slot in slots if slot.interview}
    names = people.names(persons, viewer=viewer, candidates=True)
    took = {slot.interview.application_id for slot in slots if slot.interview}
    return SlotSetRow(
        key=one.key, job_key=one.job_id, job=one.job.title, kind=MeetingKind(one.kind), minutes=one.minutes,
        zone=one.zone, place=one.place, with_people=one.with_people, closes_at=one.closes_at,
        slots=tuple(
            SlotRow(
                slot.pk, slot.starts_at, names[slot.interview.application.person_key] if slot.interview else "",
                slot.interview_id,
            )
            for slot in slots
        ),
        invited=tuple(
            Invited(
                key=invite.key, application_key=invite.application_id, person_key=invite.application.person_key,
                name=names[invite.application.person_key], picked=invite.application_id in took,
            )
            for invite in invites
        ),
    )  # fmt: skip


def own_slots(invite: UUID, *, person_keys: Sequence[UUID], at: datetime) -> OwnSlots:
    """What somebody may pick from; ``person_keys`` are all keys of whoever's link it is. Raises NotFound."""
    rows = models.SlotInvite.objects.select_related("slot_set__job", "application")
    found = rows.filter(pk=invite, application__person_key__in=list(person_keys)).first()
    if found is None:
        raise NotFound("There are no times to pick from here.", "The link is of another day.", "Answer our message.")
    times, job = found.slot_set, found.slot_set.job
    slots: list[Any] = list(times.slots.select_related("interview"))
    mine = next(
        (one.interview for one in slots if one.interview and one.interview.application_id == found.application_id), None
    )
    picked = mine is not None and mine.state == MeetingState.BOOKED
    left = tuple(SlotRow(one.pk, one.starts_at) for one in slots if not one.interview and one.starts_at > at + SOON)
    named = people.organisation_names([job.organisation_key]) if job.client_named else {}
    return OwnSlots(
        invite=found.key, job=job.title, client=named.get(job.organisation_key, ""), kind=MeetingKind(times.kind),
        minutes=times.minutes, zone=times.zone, place=times.place, with_people=times.with_people,
        closes_at=times.closes_at, left=left, picked=mine.starts_at if mine and picked else None,
        over=at >= times.closes_at or bool(found.application.ended),
    )  # fmt: skip


def scorecards(viewer: Viewer, application: UUID) -> tuple[tuple[str, ...], tuple[ScorecardRow, ...]]:
    """The requirements of an application's job, and what each interviewer saw: ours first, in the order of writing.

    Raises NotFound.
    """
    row = access.get_application_for(viewer, application)
    requirements = tuple(row.job.requirements.values_list("text", flat=True))
    cards = models.Scorecard.objects.filter(application=row).select_related("interview").prefetch_related("lines")
    return requirements, tuple(_card(viewer, one) for one in cards.order_by("of_client", "at", "key")[:20])


def _card(viewer: Viewer, one: models.Scorecard) -> ScorecardRow:
    return ScorecardRow(
        key=one.key, who=one.who, of_client=one.of_client, in_short=one.in_short, at=one.at,
        lines=tuple(Shown(line.requirement, line.shown, line.words) for line in one.lines.all()),
        mine=one.by_key == viewer.user_key, interview_key=one.interview_id,
        round=one.interview.round if one.interview else None,
    )  # fmt: skip
