"""What a desk's or a colleague's week begins with: jobs, interviews, CVs, offers, starts, and deals at risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, Max, Model, OuterRef, Q, QuerySet

from fourfold.accounts.types import Viewer
from fourfold.jobs import access, models
from fourfold.jobs.queries import counting
from fourfold.jobs.queries.counting import where
from fourfold.jobs.queries.interviews import rows_of
from fourfold.jobs.queries.jobs import cards
from fourfold.jobs.queries.placing import cards as placement_cards
from fourfold.jobs.queries.submissions import UNANSWERED
from fourfold.jobs.queries.submissions import rows_of as submission_rows
from fourfold.jobs.rules.days import working_days_before
from fourfold.jobs.types import (
    LIVE_STATUSES,
    THEIR_ROLES,
    AtRisk,
    Days,
    Engaged,
    Feedback,
    Grade,
    GradedJobs,
    InterviewRow,
    JobStatus,
    MeetingState,
    OfferState,
    PlacementCard,
    PlacementState,
    SubmissionRow,
    SubmissionState,
    Within,
)
from fourfold.ledger import queries as ledger
from fourfold.people import queries as people

JOBS_SHOWN = 12
SHOWN = 25
OFFER_DAYS = 7
PAPER_DAYS = 14
SILENT_DAYS = 5
RESIGN_DAYS = 7
EXCLUSIVE_DAYS = 7
FINISH_WEEKS = 4
_JOB = counting.SPECS["jobs"]
_INTERVIEW = counting.SPECS["first_interviews"]
_CV = counting.SPECS["cvs"]
_OFFER = counting.SPECS["offers"]
_PLACEMENT = counting.SPECS["placements"]


@dataclass(frozen=True, slots=True)
class OfferOut:
    """An offer that waits for its answer."""

    key: UUID
    application_key: UUID
    person: str
    job: str
    organisation: str
    made_on: date


@dataclass(frozen=True, slots=True)
class Week:
    """What stands at the beginning of a week. Each list with how many there are; lists show the first 25."""

    jobs: tuple[GradedJobs, ...]
    interviews: tuple[int, tuple[InterviewRow, ...]]
    cvs: tuple[int, tuple[SubmissionRow, ...]]
    offers: tuple[int, tuple[OfferOut, ...]]
    starts: tuple[int, tuple[PlacementCard, ...]]
    finishers: tuple[int, tuple[PlacementCard, ...]]
    risks: tuple[AtRisk, ...]


def week(viewer: Viewer, within: Within, days: Days, *, at: datetime, today: date) -> Week:
    """The week that ``days`` are, as it stands now. Some forty statements, however many rows there are."""
    return Week(
        _jobs(viewer, within),
        _interviews(viewer, within, days),
        _cvs(viewer, within),
        _offers(viewer, within),
        _starts(viewer, within, days),
        _finishers(viewer, within, days),
        at_risk(viewer, within, at=at, today=today),
    )


def _open_to(viewer: Viewer) -> Exists:
    """Rows about an application whose person is open to the viewer, asked row by row: few are looked at."""
    return people.open_candidates(viewer, "application__person_key")


def _jobs(viewer: Viewer, within: Within) -> tuple[GradedJobs, ...]:
    rows = access.jobs_of(viewer).filter(where(_JOB, within), status__in=LIVE_STATUSES)
    counts = dict(rows.values_list("grade").annotate(n=Count("pk")).order_by())
    held = {
        grade: list(rows.filter(grade=grade).order_by("-opened_at", "key")[:JOBS_SHOWN])
        for grade in Grade
        if counts.get(grade)
    }
    found = {one.key: one for one in cards(viewer, [row for rows_ in held.values() for row in rows_])}
    return tuple(
        GradedJobs(grade, counts[grade], tuple(found[row.key] for row in rows_)) for grade, rows_ in held.items()
    )


def _interviews(viewer: Viewer, within: Within, days: Days) -> tuple[int, tuple[InterviewRow, ...]]:
    rows = models.Interview.objects.filter(
        where(_INTERVIEW, within), _open_to(viewer), starts_at__gte=days.start, starts_at__lt=days.end,
    ).exclude(state=MeetingState.CANCELLED)  # fmt: skip
    held = list(rows.select_related("application__job").order_by("starts_at", "key")[:SHOWN])
    return _counted(rows, held), rows_of(viewer, held)


def _cvs(viewer: Viewer, within: Within) -> tuple[int, tuple[SubmissionRow, ...]]:
    rows = access.submissions_of(viewer).filter(
        Q(feedback="") | Q(feedback=Feedback.LATER), where(_CV, within), state=SubmissionState.SENT
    ).filter(UNANSWERED)  # fmt: skip
    held = list(rows.select_related("job", "profile").order_by("sent_at", "key")[:SHOWN])
    return _counted(rows, held), submission_rows(viewer, held)


def _offers(viewer: Viewer, within: Within) -> tuple[int, tuple[OfferOut, ...]]:
    rows = models.Offer.objects.filter(
        where(_OFFER, within), _open_to(viewer), state=OfferState.MADE, application__ended="",
    )  # fmt: skip
    held = list(rows.select_related("application__job").order_by("made_on", "key")[:SHOWN])
    names = people.names({one.application.person_key for one in held}, viewer=viewer, candidates=True)
    organisations = people.organisation_names({one.application.job.organisation_key for one in held})
    return _counted(rows, held), tuple(
        OfferOut(
            one.key, one.application_id, names[one.application.person_key], one.application.job.title,
            organisations[one.application.job.organisation_key], one.made_on,
        )
        for one in held
    )  # fmt: skip


def _starts(viewer: Viewer, within: Within, days: Days) -> tuple[int, tuple[PlacementCard, ...]]:
    """Those who start in these days, whether they have yet or not."""
    here = [PlacementState.ACCEPTED, PlacementState.STARTED]
    rows = access.placements_of(viewer).filter(
        where(_PLACEMENT, within), state__in=here, start_on__gte=days.since, start_on__lt=days.until
    )
    held = list(rows.select_related("job", "assignment").order_by("start_on", "key")[:SHOWN])
    return _counted(rows, held), placement_cards(viewer, held, days.since)


def _finishers(viewer: Viewer, within: Within, days: Days) -> tuple[int, tuple[PlacementCard, ...]]:
    """Assignments that end within four weeks of the first day."""
    rows = access.placements_of(viewer).filter(
        where(_PLACEMENT, within), state=PlacementState.STARTED, assignment__finished_on=None,
        assignment__ends_on__gte=days.since, assignment__ends_on__lt=days.since + timedelta(weeks=FINISH_WEEKS),
    )  # fmt: skip
    held = list(rows.select_related("job", "assignment").order_by("assignment__ends_on", "key")[:SHOWN])
    return _counted(rows, held), placement_cards(viewer, held, days.since)


def _counted(rows: QuerySet[Model], held: Sequence[object]) -> int:
    return rows.count() if len(held) == SHOWN else len(held)


def at_risk(viewer: Viewer, within: Within, *, at: datetime, today: date) -> tuple[AtRisk, ...]:
    """Deals that may be lost, each with the code of its reason; 25 of a reason at the most."""
    return (
        *_old_offers(viewer, within, today),
        *_not_resigned(viewer, within, today),
        *_starts_at_risk(viewer, within, today),
        *_silent_jobs(viewer, within, at=at),
        *_exclusivity(viewer, within, today),
    )


def _old_offers(viewer: Viewer, within: Within, today: date) -> list[AtRisk]:
    rows = models.Offer.objects.filter(
        where(_OFFER, within), _open_to(viewer), state=OfferState.MADE, made_on__lt=today - timedelta(days=OFFER_DAYS),
        application__ended="",
    )  # fmt: skip
    held = list(rows.select_related("application__job").order_by("made_on", "key")[:SHOWN])
    return _named(viewer, [("offer_old", one.application, (today - one.made_on).days, "") for one in held])


def _not_resigned(viewer: Viewer, within: Within, today: date) -> list[AtRisk]:
    """Said yes a week ago, and we don't know that they have resigned."""
    rows = models.Offer.objects.filter(
        where(_OFFER, within), _open_to(viewer), state=OfferState.ACCEPTED, resigned_on=None, application__ended="",
        answered_on__lte=today - timedelta(days=RESIGN_DAYS), start_on__gt=today,
        application__job__kind="permanent",
    )  # fmt: skip
    held = list(rows.select_related("application__job").order_by("answered_on", "key")[:SHOWN])
    return _named(
        viewer, [("not_resigned", one.application, (today - (one.answered_on or today)).days, "") for one in held]
    )


def _starts_at_risk(viewer: Viewer, within: Within, today: date) -> list[AtRisk]:
    """Starts that have passed without a word, and starts within two weeks whose papers are not all seen."""
    rows = access.placements_of(viewer).filter(
        where(_PLACEMENT, within), state=PlacementState.ACCEPTED, start_on__lte=today + timedelta(days=PAPER_DAYS),
        application__isnull=False,
    )  # fmt: skip
    held = list(rows.select_related("application__job").order_by("start_on", "key")[:SHOWN])
    valid = Q(expires_on=None) | Q(expires_on__gte=today)
    seen = models.Check.objects.filter(valid, application=OuterRef("application_id"))
    kinds = list(models.CheckKind.objects.filter(used=True)) if held else []
    missing: dict[UUID, list[str]] = {}
    for kind in kinds:
        lacking = rows.filter(~Exists(seen.filter(kind=kind)), kind=kind.kind)
        for key in lacking.values_list("pk", flat=True)[:SHOWN]:
            missing.setdefault(key, []).append(kind.name)
    found = []
    for one in held:
        assert one.application is not None
        assert one.start_on is not None
        days = (today - one.start_on).days
        if days > 0:
            found.append(("start_passed", one.application, days, ""))
        if one.pk in missing:
            found.append(("papers", one.application, -days, ", ".join(missing[one.pk])))
    return _named(viewer, found)


def _silent_jobs(viewer: Viewer, within: Within, *, at: datetime) -> list[AtRisk]:
    """Open A jobs of whose client's people nobody has heard a word for five working days."""
    since = working_days_before(at, SILENT_DAYS)
    rows = models.Job.objects.filter(where(_JOB, within), status=JobStatus.OPEN, grade=Grade.A, opened_at__lt=since)
    spoken = models.Submission.objects.filter(job=OuterRef("pk"), feedback_at__gte=since)
    met = models.Interview.objects.filter(
        application__job=OuterRef("pk"), starts_at__gte=since, starts_at__lt=at, state=MeetingState.ATTENDED
    )
    held = list(rows.exclude(Exists(spoken)).exclude(Exists(met)).order_by("opened_at", "key")[:SHOWN])
    hirers = models.HiringTeam.objects.filter(job__in=held, role__in=THEIR_ROLES, person_key__isnull=False)
    by_job: dict[UUID, list[UUID]] = {}
    for of_job, person in hirers.values_list("job_id", "person_key"):
        assert person is not None
        by_job.setdefault(of_job, []).append(person)
    heard = ledger.activity({key for keys in by_job.values() for key in keys}) if by_job else {}
    latest = {
        of_job: [row.last_inbound_at for key in keys if (row := heard.get(key)) and row.last_inbound_at]
        for of_job, keys in by_job.items()
    }
    said = dict(models.Submission.objects.filter(job__in=held).values_list("job_id").annotate(last=Max("feedback_at")))
    found = []
    organisations = people.organisation_names({job.organisation_key for job in held})
    for job in held:
        last = max((one for one in (*latest.get(job.pk, ()), said.get(job.pk)) if one), default=None)
        if last is None or last < since:
            days = (at - (last or job.opened_at or at)).days
            never = "" if last else "never"
            client = organisations[job.organisation_key]
            found.append(AtRisk("silent", job.pk, job.title, client, "", None, days, never))
    return found


def _exclusivity(viewer: Viewer, within: Within, today: date) -> list[AtRisk]:
    """Exclusive jobs whose time runs out within a week without an offer."""
    offered = models.Offer.objects.filter(application__job=OuterRef("pk"), state__in=["made", "accepted"])
    rows = models.Job.objects.filter(
        where(_JOB, within), status=JobStatus.OPEN, engaged=Engaged.EXCLUSIVE, exclusive_until__gte=today,
        exclusive_until__lte=today + timedelta(days=EXCLUSIVE_DAYS),
    ).exclude(Exists(offered))  # fmt: skip
    held = list(rows.order_by("exclusive_until", "key")[:SHOWN])
    organisations = people.organisation_names({job.organisation_key for job in held})
    return [
        AtRisk(
            "exclusivity", job.pk, job.title, organisations[job.organisation_key], "", None,
            ((job.exclusive_until or today) - today).days,
        )
        for job in held
    ]  # fmt: skip


def _named(viewer: Viewer, held: Sequence[tuple[str, models.Application, int, str]]) -> list[AtRisk]:
    names = people.names({row.person_key for _, row, *_rest in held}, viewer=viewer, candidates=True) if held else {}
    organisations = people.organisation_names({row.job.organisation_key for _, row, *_rest in held})
    return [
        AtRisk(why, row.job_id, row.job.title, organisations[row.job.organisation_key], names[row.person_key],
               row.pk, days, more)
        for why, row, days, more in held
    ]  # fmt: skip
