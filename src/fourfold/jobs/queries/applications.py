"""Applications as the board, lists and their own page show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.errors import NotFound
from fourfold.jobs import access, models
from fourfold.jobs.queries.pipeline import pipeline
from fourfold.jobs.types import (
    ApplicationRow,
    Ended,
    JobKind,
    MeetingState,
    MoveRow,
    OfferState,
    Origin,
    PayPer,
    Stage,
    StageStep,
)
from fourfold.people import queries as people

PAGE = 50
MOST_ON_BOARD = 500


@dataclass(frozen=True, slots=True)
class Column:
    """One stage of a board with its cards, who waits longest first."""

    step: StageStep
    rows: tuple[ApplicationRow, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The open applications of a job by stage; ``left_out`` is how many more there are than a board shows."""

    columns: tuple[Column, ...]
    left_out: int
    hidden: int


@dataclass(frozen=True, slots=True)
class ApplicationList:
    rows: tuple[ApplicationRow, ...]
    older: str | None
    count: int


def board(viewer: Viewer, job: UUID) -> Board:
    """A job's board: 500 cards at the most. Raises NotFound."""
    found = access.get_job_for(viewer, job)
    everything = models.Application.objects.filter(job=found, ended="")
    seen = access.applications_of(viewer).filter(job=found, ended="")
    held = list(seen.order_by("stage_at", "key")[: MOST_ON_BOARD + 1])
    shown = rows_of(viewer, held[:MOST_ON_BOARD])
    left = seen.count() - MOST_ON_BOARD if len(held) > MOST_ON_BOARD else 0
    steps = list(pipeline())
    known = {one.slug for one in steps}
    steps += [
        StageStep(slug, slug, stage)
        for slug, stage in {row.step: row.stage for row in shown if row.step not in known}.items()
    ]
    columns = tuple(Column(step, tuple(row for row in shown if row.step == step.slug)) for step in steps)
    return Board(columns, left, everything.count() - len(shown) - left)


def applications(
    viewer: Viewer, *, job: UUID | None = None, stage: Stage | None = None, ended: str = "", mine: bool = False,
    waiting: bool = False, cursor: str | None = None,
) -> ApplicationList:  # fmt: skip
    """Applications, the latest step first; 50 a page. ``ended``: "" open ones, "yes" ended, "all".

    Raises NotFound for a cursor that is none.
    """
    rows = access.applications_of(viewer)
    rows = rows.filter(job_id=job) if job else rows
    rows = rows.filter(stage=stage) if stage else rows
    rows = rows.filter(ended="") if not ended else rows.exclude(ended="") if ended == "yes" else rows
    rows = rows.filter(owner_key=viewer.user_key) if mine else rows
    rows = rows.filter(owed_since__isnull=False) if waiting else rows
    count = _counted(rows)
    if cursor:
        at, key = _read_cursor(cursor)
        rows = rows.filter(Q(stage_at__lt=at) | Q(stage_at=at, key__gt=key))
    held = list(rows.order_by("-stage_at", "key")[: PAGE + 1])
    older = f"{held[PAGE - 1].stage_at.isoformat()}~{held[PAGE - 1].key}" if len(held) > PAGE else None
    return ApplicationList(tuple(rows_of(viewer, held[:PAGE])), older, count)


MOST_LOOKED_AT = 2_000
MOST_COUNTED = 1_000
"""Past so many a page says that there are more: each that is counted is looked at, whether the viewer may see it."""


def _counted(rows: QuerySet[models.Application]) -> int:
    return rows.order_by()[: MOST_COUNTED + 1].values("key").count()


def _read_cursor(cursor: str) -> tuple[datetime, UUID]:
    try:
        at, key = cursor.replace(" ", "+").split("~")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError("no zone")
        return moment, UUID(key)
    except ValueError:
        raise NotFound("This page was not found.", "Its address was changed.", "Go to the first page.") from None


def rows_of(viewer: Viewer, held: Sequence[models.Application]) -> list[ApplicationRow]:
    """Rows for pages, in the order given. Five statements, however many they are."""
    jobs = models.Job.objects.in_bulk({row.job_id for row in held})
    known = people.headlines(viewer, {row.person_key for row in held}, candidates=True)
    left = {row.person_key for row in held} - set(known)
    if left:  # merged into others since, or erased
        known |= {key: (name, "") for key, name in people.names(left, viewer=viewer, candidates=True).items()}
    organisations = people.organisation_names({one.organisation_key for one in jobs.values()})
    owners = accounts.names({row.owner_key for row in held if row.owner_key})
    booked = models.Interview.objects.filter(
        application_id__in=[row.key for row in held if row.stage == Stage.INTERVIEW], state=MeetingState.BOOKED
    )
    meetings = dict(booked.values_list("application_id").annotate(first=Min("starts_at")).order_by())
    return [
        ApplicationRow(
            key=row.key, job_key=row.job_id, job=jobs[row.job_id].title, job_reference=jobs[row.job_id].reference,
            organisation_key=jobs[row.job_id].organisation_key,
            organisation=organisations[jobs[row.job_id].organisation_key], person_key=row.person_key,
            person=known[row.person_key][0], headline=known[row.person_key][1], step=row.step,
            stage=Stage(row.stage), stage_at=row.stage_at, origin=Origin(row.origin), board=row.board,
            owner_key=row.owner_key, owner=owners.get(row.owner_key, "") if row.owner_key else "",
            began_at=row.began_at, owed_since=row.owed_since, ended=Ended(row.ended) if row.ended else None,
            ended_at=row.ended_at, next_interview=meetings.get(row.key), submitted_at=row.submitted_at,
        )
        for row in held
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ApplicationPage:
    """Everything an application's own page shows beside its parts."""

    row: ApplicationRow
    kind: JobKind
    step: StageStep
    steps: tuple[StageStep, ...]
    history: tuple[MoveRow, ...]
    words: str
    cv_file: UUID | None
    answered_at: datetime | None
    ended_why: str
    offer: OfferState | None
    placement: UUID | None
    currency: str
    pay_per: PayPer
    others: tuple[ApplicationRow, ...] = ()


def application(viewer: Viewer, key: UUID) -> ApplicationPage:
    """One application. Raises NotFound."""
    row = access.get_application_for(viewer, key)
    steps = pipeline()
    by_slug = {one.slug: one for one in steps}
    offer = row.offers.order_by("-at").values_list("state", flat=True).first()
    placement = models.Placement.objects.filter(application=row).values_list("key", flat=True).first()
    others = access.applications_of(viewer).filter(person_key__in=people.family_of(row.person_key)).exclude(pk=row.pk)
    return ApplicationPage(
        row=rows_of(viewer, [row])[0],
        kind=JobKind(row.job.kind),
        step=by_slug.get(row.step) or StageStep(row.step, row.step, Stage(row.stage)),
        steps=steps,
        history=tuple(
            MoveRow(one.at, by_slug[one.to_step].name if one.to_step in by_slug else one.to_step, Stage(one.stage),
                    Ended(one.ended) if one.ended else None, one.why, one.by)
            for one in row.moves.all()
        ),
        words=row.words,
        cv_file=row.cv_file,
        answered_at=row.answered_at,
        ended_why=row.ended_why,
        offer=OfferState(offer) if offer else None,
        placement=placement,
        currency=row.job.currency,
        pay_per=PayPer(row.job.pay_per),
        others=tuple(rows_of(viewer, list(others.order_by("-stage_at")[:10]))),
    )  # fmt: skip


def applications_of_person(viewer: Viewer, key: UUID) -> tuple[ApplicationRow, ...]:
    """A person's applications under all their records, the latest first; 20 at the most."""
    rows = access.applications_of(viewer).filter(person_key__in=people.family_of(key))
    return tuple(rows_of(viewer, list(rows.order_by("-stage_at")[:20])))


def waiting_by_job(viewer: Viewer, *, before: datetime) -> list[tuple[UUID, int, datetime]]:
    """Jobs with people who have waited for an answer since before a moment: how many, and since when the longest.

    Of the viewer's own work; the 2,000 who have waited longest are looked at.
    """
    rows = access.applications_of(viewer).filter(owed_since__lt=before)
    rows = rows.filter(Q(owner_key=viewer.user_key) | Q(job__owner_key=viewer.user_key)).order_by("owed_since")
    found: dict[UUID, tuple[int, datetime]] = {}
    for job, since in rows.values_list("job_id", "owed_since")[:MOST_LOOKED_AT]:
        if since is not None:
            n, first = found.get(job, (0, since))
            found[job] = (n + 1, first)
    return [(job, n, first) for job, (n, first) in found.items()]


def closure_rate(*, since: date, before: datetime) -> tuple[int, int]:
    """Of those who began since a day and before a moment (older than the promise), how many have a final answer.

    A final answer is one of ours, their own withdrawal, or a start. The basis of the closure rate (evidence.md).
    """
    rows = models.Application.objects.filter(began_at__date__gte=since, began_at__lt=before)
    rows = rows.filter(origin__in=["applied", "board", "referred"])
    done = (
        Q(answered_at__isnull=False) | Q(ended__in=["withdrew", "declined_offer"]) | Q(stage__in=["started", "stayed"])
    )
    counted = rows.aggregate(n=Count("key"), done=Count("key", filter=done))
    return counted["done"], counted["n"]


def person_by_address(viewer: Viewer, text: str) -> UUID | None:
    """The person with this e-mail address, phone number or profile address, if their candidate side is open here."""
    country = accounts.house_country()
    found = people.recognise(text, source="colleague", country=country) if text.strip() else None
    key = people.resolve([found]).get(found) if found else None
    return key if key is not None and people.may_see_candidate_side(viewer, key) else None
