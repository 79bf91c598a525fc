"""Deeds on jobs: open, change, put on hold, close; who hires, on whose word it is advertised, and where."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import Viewer
from fourfold.base.actor import Actor
from fourfold.base.clock import require_aware
from fourfold.base.ids import new_key
from fourfold.jobs import access, models, rules
from fourfold.jobs.actions import asking, facts
from fourfold.jobs.types import (
    HIRED,
    LIVE_STATUSES,
    THEIR_ROLES,
    CloseReason,
    Engaged,
    HiringRole,
    JobChange,
    JobRefused,
    JobStatus,
)
from fourfold.ledger import queries as ledger
from fourfold.people import actions as people_actions
from fourfold.people import queries as people
from fourfold.people.types import DORMANT_MONTHS, JobLeadState, NewOrganisation, TermsStanding

NOTHING = "Nothing was changed."
ROWS_APART = {"organisation", "gains", "wanted", "retained"}
COLUMNS = tuple(one.name for one in fields(JobChange) if one.name not in ROWS_APART)
TRIES = 5


@transaction.atomic
def open_job(
    *,
    to: JobChange,
    viewer: Viewer,
    at: datetime,
    client: str = "",
    lead: UUID | None = None,
    hiring_manager: UUID | None = None,
    draft: bool = False,
) -> UUID:
    """Open a job for an organisation; returns its key. A job lead that it came from has become it.

    The client moves on to its first job or to repeat business, and is won once in 24 months. A draft does neither.
    ``client`` names the organisation where its key isn't known. Raises JobRefused, NotFound, NotAllowed.
    """
    access.require_job_worker(viewer)
    require_aware(at)
    _check(to)
    organisation = to.organisation or _client(client, viewer, at)
    people.organisation_name(viewer, organisation)
    job = _created(to, organisation, viewer.actor(), at)
    job.lead_key = lead
    if lead is not None:
        people_actions.settle_job_lead(key=lead, state=JobLeadState.BECAME_JOB, why=job.reference, viewer=viewer, at=at)
    _fill(job, to, at)
    models.HiringTeam.objects.create(job=job, role=HiringRole.CONSULTANT, user_key=to.owner_key or viewer.user_key)
    if hiring_manager is not None:
        person = people.person_key_for(viewer, hiring_manager)
        models.HiringTeam.objects.create(job=job, role=HiringRole.HIRING_MANAGER, person_key=person)
    _put_status(job, JobStatus.DRAFT if draft else JobStatus.OPEN, why="", by=viewer.actor(), at=at)
    accounts.audit(by=viewer.actor(), deed="open_job", at=at, subject=("job", job.key), summary=_short(job))
    accounts.tell_watchers(kind="job", keys=[job.key])
    return job.key


def _client(name: str, viewer: Viewer, at: datetime) -> UUID:
    if not name.strip():
        raise JobRefused(NOTHING, "Nothing says who hires.", "Write the client’s name.")
    new = NewOrganisation(name=name.strip(), source="colleague")
    return people_actions.add_organisations(organisations=[new], by=viewer.actor(), at=at)[0]


def _created(to: JobChange, organisation: UUID, by: Actor, at: datetime) -> models.Job:
    number = models.Job.objects.filter(source_ref="").aggregate(n=Count("key"))["n"]  # others keep their reference
    for attempt in range(1, TRIES + 1):
        reference = rules.reference_for(number + attempt)
        job = models.Job(
            key=new_key(), reference=reference, slug=rules.slug_for(to.title, to.city, reference), title=to.title,
            organisation_key=organisation, kind=to.kind, currency=to.currency, added_by=by.name[:80], added_at=at,
        )  # fmt: skip
        try:
            with transaction.atomic():
                job.save(force_insert=True)
        except IntegrityError:  # a colleague opened one at the same moment
            if attempt == TRIES:
                raise
        else:
            return job
    raise AssertionError("the loop returns or raises")


@transaction.atomic
def change_job(*, key: UUID, to: JobChange, viewer: Viewer, at: datetime) -> None:
    """Change what a job says. Its organisation stays. Raises JobRefused, NotFound, NotAllowed."""
    job = access.get_job_to_work(viewer, key)
    if to.organisation not in {None, job.organisation_key}:
        raise JobRefused(NOTHING, "A job stays with its organisation.", "Open a job for the other one.")
    _check(to)
    _fill(job, to, at)
    accounts.audit(by=viewer.actor(), deed="change_job", at=at, subject=("job", job.key), summary=_short(job))
    accounts.tell_watchers(kind="job", keys=[job.key])


def _short(job: models.Job) -> str:
    return f"{job.reference} {job.title}"


def _check(to: JobChange) -> None:
    if not to.title.strip():
        raise JobRefused(NOTHING, "A job needs a title.", "Write what they look for.")
    if to.openings < 1:
        raise JobRefused(NOTHING, "A job has at least one opening.", "Write how many people they hire.")
    if to.pay_from_minor and to.pay_to_minor and to.pay_from_minor > to.pay_to_minor:
        raise JobRefused(NOTHING, "Pay begins above where it ends.", "Swap the two.")
    if to.engaged is Engaged.EXCLUSIVE and to.exclusive_until is None:
        raise JobRefused(NOTHING, "Nothing says until when it is exclusive.", "Give its last day.")
    if to.engaged is Engaged.RETAINED and not to.retained:
        raise JobRefused(NOTHING, "A retained search is paid in stages.", "Write what falls due when, a line a stage.")
    bare = next((one.gain for one in to.gains if not (one.their_words.strip() or one.evidence.strip())), None)
    if bare:
        raise JobRefused(NOTHING, f"Nothing stands behind “{bare[:60]}”.", "Add what they said, or what shows it.")


def _fill(job: models.Job, to: JobChange, at: datetime) -> None:
    for name in COLUMNS:
        setattr(job, name, getattr(to, name))
    job.title = to.title.strip()[:160]
    terms = people.terms_for(job.organisation_key, at=at)
    job.terms_key = terms.key if terms else None
    standing = people.terms_standing(job.organisation_key, at=at)
    job.grade = _grade(job, accepted=standing is TermsStanding.ACCEPTED)
    job.save()
    job.requirements.all().delete()
    models.Requirement.objects.bulk_create(
        [models.Requirement(job=job, need=one.need, place=place, text=one.text.strip()[:200])
         for place, one in enumerate(to.wanted) if one.text.strip()]
    )  # fmt: skip
    job.gains.all().delete()
    models.JobGain.objects.bulk_create(
        [models.JobGain(job=job, place=place, gain=one.gain.strip()[:160], their_words=one.their_words.strip(),
                        evidence=one.evidence.strip()) for place, one in enumerate(to.gains)]
    )  # fmt: skip
    _fill_stages(job, to)


def _fill_stages(job: models.Job, to: JobChange) -> None:
    """Stages of a retained fee; one that fell due stays as it is."""
    due = set(job.retained_stages.filter(fell_due_on__isnull=False).values_list("place", flat=True))
    job.retained_stages.exclude(place__in=due).delete()
    models.RetainedStage.objects.bulk_create(
        [models.RetainedStage(job=job, place=place, due_on=words[:80], amount_minor=amount)
         for place, (words, amount) in enumerate(to.retained) if place not in due]
    )  # fmt: skip


def _grade(job: models.Job, *, accepted: bool) -> str:
    return rules.grade(
        terms_accepted=accepted, slots_booked=job.slots_booked, pay_is_real=job.pay_is_real,
        manager_met_on=job.manager_met_on,
    ).grade  # fmt: skip


@transaction.atomic
def settle_grades(*, at: datetime) -> int:
    """Grade live jobs anew, for terms are accepted and end without them. Returns how many changed."""
    changed = 0
    standings: dict[UUID, TermsStanding] = {}
    for job in models.Job.objects.filter(status__in=LIVE_STATUSES):
        if job.organisation_key not in standings:
            standings[job.organisation_key] = people.terms_standing(job.organisation_key, at=at)
        now = _grade(job, accepted=standings[job.organisation_key] is TermsStanding.ACCEPTED)
        if now != job.grade:
            models.Job.objects.filter(pk=job.pk).update(grade=now)
            changed += 1
    return changed


@transaction.atomic
def set_status(
    *, key: UUID, status: JobStatus, why: str, reason: CloseReason | None = None, viewer: Viewer, at: datetime
) -> None:
    """Open a job, put it on hold, or end it. Its history is kept.

    One with people who wait for an answer can't be filled or closed: they are answered first. Raises JobRefused,
    NotFound, NotAllowed.
    """
    job = access.get_job_to_work(viewer, key)
    if status == job.status:
        return
    if status is JobStatus.DRAFT:
        raise JobRefused(NOTHING, "A job that was opened is no draft again.", "Put it on hold, or close it.")
    if status in (JobStatus.CLOSED, JobStatus.FILLED):
        _require_answered(job)
    if status is JobStatus.CLOSED and reason is None:
        raise JobRefused(NOTHING, "Nothing says why it ended.", "Choose the reason; it is what we learn from.")
    job.close_reason = reason or "" if status is JobStatus.CLOSED else ""
    _put_status(job, status, why=why, by=viewer.actor(), at=at)
    if status in (JobStatus.CLOSED, JobStatus.FILLED):
        asking.after_job(job, by=viewer.actor(), at=at)
    accounts.audit(by=viewer.actor(), deed="set_job_status", at=at, subject=("job", job.key), summary=status.value)
    accounts.tell_watchers(kind="job", keys=[job.key])


def _require_answered(job: models.Job) -> None:
    going = job.applications.filter(ended="").exclude(stage__in=HIRED)
    waiting = job.applications.filter(owed_since__isnull=False).count()
    if waiting:
        raise JobRefused(
            NOTHING,
            f"{waiting} {'person waits' if waiting == 1 else 'people wait'} for an answer about it.",
            "Answer them first; it takes a minute, from “Answers” on the job’s page.",
        )
    if on := going.count():
        raise JobRefused(
            NOTHING,
            f"{on} {'person is' if on == 1 else 'people are'} still on it.",
            "Move them on, or end it with a reason: from the job’s board, one by one.",
        )


def _put_status(job: models.Job, status: JobStatus, *, why: str, by: Actor, at: datetime) -> None:
    models.JobStatusChange.objects.create(
        job=job, status=status, why=why.strip()[:250], by=by.name[:80], by_key=by.user_key, at=at
    )
    first = status is JobStatus.OPEN and job.opened_at is None
    job.status = status
    if first:
        job.opened_at = at
    live = status in (JobStatus.DRAFT, *LIVE_STATUSES)
    job.ended_at = None if live else at
    if not live:
        job.published_at = None
    job.save(update_fields=["status", "opened_at", "ended_at", "published_at", "close_reason"])
    if first:
        _opened(job, by, at)


def _opened(job: models.Job, by: Actor, at: datetime) -> None:
    days = ledger.organisation_days([job.organisation_key]).get(job.organisation_key, {})
    last = max((one for moments in days.values() for one in moments), default=None)
    first = last is None or (at - last).days > DORMANT_MONTHS * 30.44
    facts.opened(job, contacts=_contacts(job), first=first, at=at, by=by.user_key)
    if not job.for_ourselves:
        people_actions.note_job_opened(organisation=job.organisation_key, first=last is None, by=by, at=at)


def _contacts(job: models.Job) -> list[UUID]:
    rows = job.team_rows.filter(role__in=THEIR_ROLES, person_key__isnull=False)
    return [row.person_key for row in rows if row.person_key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hirer:
    """Somebody of a hiring team: a person of theirs, or a colleague."""

    role: HiringRole
    person_key: UUID | None = None
    user_key: UUID | None = None


@transaction.atomic
def add_hirer(*, job: UUID, hirer: Hirer, viewer: Viewer, at: datetime) -> None:
    """Add somebody to a job's hiring team. Raises JobRefused, PersonNotFound, NotFound, NotAllowed."""
    row = access.get_job_to_work(viewer, job)
    theirs = hirer.role in THEIR_ROLES
    if theirs != (hirer.person_key is not None):
        raise JobRefused(NOTHING, "That role is on the other side.", "Choose a role of theirs for a person of theirs.")
    person = people.person_key_for(viewer, hirer.person_key) if hirer.person_key else None
    if hirer.user_key and hirer.user_key not in accounts_queries.active_names():
        raise JobRefused(NOTHING, "They don't work here any more.", "Choose a colleague who signs in.")
    models.HiringTeam.objects.get_or_create(job=row, role=hirer.role, person_key=person, user_key=hirer.user_key)
    if theirs and row.opened_at is not None and person is not None:
        facts.opened(row, contacts=[person], first=False, at=at, by=viewer.user_key)
    accounts.audit(by=viewer.actor(), deed="add_hirer", at=at, subject=("job", row.key), summary=hirer.role.value)


@transaction.atomic
def remove_hirer(*, job: UUID, key: int, viewer: Viewer, at: datetime) -> None:
    """Take somebody off a job's hiring team. Raises NotFound, NotAllowed."""
    row = access.get_job_to_work(viewer, job)
    row.team_rows.filter(pk=key).delete()
    accounts.audit(by=viewer.actor(), deed="remove_hirer", at=at, subject=("job", row.key))


@transaction.atomic
def note_authority(*, job: UUID, by_person: UUID, how: str, viewer: Viewer, at: datetime) -> None:
    """Keep that the hirer allowed us to advertise the job: who, how, when. Raises JobRefused, NotFound, NotAllowed."""
    row = access.get_job_to_work(viewer, job)
    if not how.strip():
        raise JobRefused(NOTHING, "Nothing says how they allowed it.", "Write it: by e-mail of the 3rd, on the phone …")
    row.authority_by = people.person_key_for(viewer, by_person)
    row.authority_how, row.authority_at = how.strip()[:160], at
    row.save(update_fields=["authority_by", "authority_how", "authority_at"])
    accounts.audit(by=viewer.actor(), deed="note_authority", at=at, subject=("job", row.key), summary=row.authority_how)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAdvert:
    """A posting on a board. ``cost_minor`` in minor units of ``currency``."""

    board: str
    posted_on: date
    currency: str
    reference: str = ""
    url: str = ""
    expires_on: date | None = None
    slot: str = ""
    cost_minor: int | None = None


@transaction.atomic
def note_advert(*, job: UUID, advert: NewAdvert, viewer: Viewer, at: datetime) -> UUID:
    """Keep that a job was posted on a board. None without the hirer's authority. Raises JobRefused, NotFound."""
    row = access.get_job_to_work(viewer, job)
    if row.authority_at is None:
        raise JobRefused(
            "The advert was not kept.",
            "Nothing says that the hirer allowed us to advertise this job.",
            "Note their authority on the job’s page first.",
        )
    if not advert.board.strip():
        raise JobRefused("The advert was not kept.", "It names no board.", "Write where it was posted.")
    made = models.Advert.objects.create(
        key=new_key(), job=row, board=advert.board.strip()[:60], reference=advert.reference.strip()[:80],
        url=advert.url.strip()[:500], posted_on=advert.posted_on, expires_on=advert.expires_on,
        slot=advert.slot.strip()[:80], cost_minor=advert.cost_minor, currency=advert.currency, by=viewer.name[:80],
        at=at,
    )  # fmt: skip
    accounts.audit(by=viewer.actor(), deed="note_advert", at=at, subject=("job", row.key), summary=made.board)
    return made.key


@transaction.atomic
def take_down_advert(*, job: UUID, key: UUID, viewer: Viewer, at: datetime) -> None:
    """Keep that an advert was taken down. Raises NotFound, NotAllowed."""
    row = access.get_job_to_work(viewer, job)
    row.adverts.filter(pk=key, taken_down_on=None).update(taken_down_on=at.date())
    accounts.audit(by=viewer.actor(), deed="take_down_advert", at=at, subject=("job", row.key))
