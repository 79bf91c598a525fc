"""What is counted of jobs, and the rows behind each count: one statement a count.

Counts are of all rows, rows are those open to the viewer: a count tells nobody, a row names somebody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Count, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Value, When

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.clock import day_start
from fourfold.jobs import models
from fourfold.jobs.rules import stages
from fourfold.jobs.rules.days import working_days_before
from fourfold.jobs.types import (
    CAME_THEMSELVES,
    CountedPage,
    CountedRow,
    Days,
    Ended,
    Engaged,
    JobKind,
    JobStatus,
    MeetingState,
    OfferState,
    PlacementState,
    Stage,
    SubmissionState,
    Tally,
    Within,
)
from fourfold.people import queries as people

PAGE = 50
ENGAGEMENTS: Mapping[str, tuple[tuple[JobKind, ...], bool | None]] = {
    "permanent": ((JobKind.PERMANENT,), False),
    "retained": ((JobKind.PERMANENT,), True),
    "contract": ((JobKind.CONTRACT, JobKind.TEMPORARY), None),
}


class DaysBetween(Func):
    """Whole days from one moment or day to another, rounded down; days count from their start in UTC."""

    output_field = IntegerField()

    def __init__(self, since: Any, until: Any) -> None:
        super().__init__(until, since)  # the later one less the earlier

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "CAST(julianday(%(expressions)s) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, arg_joiner=") - julianday(", **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "TRUNC(EXTRACT(EPOCH FROM (%(expressions)s)::timestamptz) / 86400)::integer"
        joiner = ")::timestamptz - ("
        return self.as_sql(compiler, connection, template=template, arg_joiner=joiner, **more)


@dataclass(frozen=True, slots=True)
class Spec:
    """Which rows a count is of. ``rows`` of some days, as of a day; ``good`` marks those of which it holds.

    ``job``, ``person``, ``application``, ``who``: the paths from a row to its job, its person, its application and the
    colleague whose work it is; ``person`` is "" for what concerns nobody.
    """

    rows: Callable[[Days, date], QuerySet[Any]]
    day: str
    good: Q | Exists
    job: str = "application__job"
    person: str = "application__person_key"
    application: str = "application"
    who: str = "application__owner_key"

    def on(self, column: str) -> str:
        return f"{self.job}__{column}" if self.job else column


def where(spec: Spec, within: Within) -> Q:
    """The rows of a spec whose work is within."""
    found = Q()
    if within.engagement:
        kinds, retained = ENGAGEMENTS[within.engagement]
        found &= Q(**{f"{spec.on('kind')}__in": kinds})
        if retained is not None:
            search = Q(**{spec.on("engaged"): Engaged.RETAINED})
            found &= search if retained else ~search
    whose = Q()
    if within.desks:
        whose |= Q(**{f"{spec.on('desk')}__in": within.desks})
    if within.owner is not None:
        whose |= Q(**{spec.who: within.owner})
    return found & whose


def _between(column: str, days: Days, *, moments: bool) -> Q:
    first, last = (days.start, days.end) if moments else (days.since, days.until)
    return Q(**{f"{column}__gte": first, f"{column}__lt": last})


def _reached(stage: Stage) -> Exists:
    further = stages.ORDER[stages.ORDER.index(stage) :]
    return Exists(models.StageMove.objects.filter(application=OuterRef("pk"), stage__in=further))


PLACED = Exists(models.Placement.objects.filter(application=OuterRef("pk")).exclude(state=PlacementState.FELL_THROUGH))
STARTED = Exists(models.Placement.objects.filter(application=OuterRef("pk"), started_on__isnull=False))
OFFERED = Exists(models.Offer.objects.filter(application=OuterRef("pk"))) | PLACED
INTERVIEWED = _reached(Stage.INTERVIEW) | OFFERED


def submitted_in(days: Days) -> QuerySet[models.Application]:
    """Applications that were first submitted in these days; those added in error are none."""
    return models.Application.objects.filter(_between("submitted_at", days, moments=True)).exclude(ended=Ended.IN_ERROR)


def _of_cohort(more: Any, good: Any) -> Spec:
    """Those submitted in some days who came to a stage, and of how many a further one holds."""

    def rows(days: Days, _on: date) -> QuerySet[Any]:
        found = submitted_in(days)
        return found.filter(more) if more is not None else found

    return Spec(rows, "submitted_at", good, "job", "person_key", "pk", "owner_key")


def _interviews(days: Days, _on: date) -> QuerySet[Any]:
    return models.Interview.objects.filter(
        _between("starts_at", days, moments=True), state__in=[MeetingState.ATTENDED, MeetingState.NO_SHOW]
    )


def _answered_offers(days: Days, _on: date) -> QuerySet[Any]:
    return models.Offer.objects.filter(
        _between("answered_on", days, moments=False), state__in=[OfferState.ACCEPTED, OfferState.DECLINED]
    )


def _agreed_starts(days: Days, on: date) -> QuerySet[Any]:
    return models.Placement.objects.filter(_between("agreed_start_on", days, moments=False), agreed_start_on__lte=on)


def _stayed(length: int) -> Spec:
    """Permanent starts whose so-many-eth day fell into the days; it holds of those who were still there."""

    def rows(days: Days, on: date) -> QuerySet[Any]:
        back = timedelta(days=length)
        found = models.Placement.objects.filter(
            kind=JobKind.PERMANENT, started_on__gte=days.since - back, started_on__lt=min(days.until, on) - back
        )
        return found.annotate(held_days=DaysBetween("started_on", "left_on"))

    return _of_placements(rows, "started_on", Q(left_on=None) | Q(held_days__gte=length))


def _of_placements(rows: Callable[[Days, date], QuerySet[Any]], day: str, good: Q) -> Spec:
    return Spec(rows, day, good, "job", "person_key", "application", "owner_key")


def _placements(days: Days, _on: date) -> QuerySet[Any]:
    return models.Placement.objects.filter(_between("accepted_on", days, moments=False)).exclude(
        state=PlacementState.FELL_THROUGH
    )


def _came(days: Days, on: date) -> QuerySet[Any]:
    """Whoever came themselves, and longer ago than the house promises its answer."""
    promised = working_days_before(day_start(on, days.zone), settings.ANSWER_DAYS)
    return models.Application.objects.filter(
        _between("began_at", days, moments=True), origin__in=CAME_THEMSELVES, began_at__lt=promised
    ).exclude(ended=Ended.IN_ERROR)


def _ended_jobs(days: Days, _on: date) -> QuerySet[Any]:
    return models.Job.objects.filter(
        _between("ended_at", days, moments=True), status__in=[JobStatus.FILLED, JobStatus.CLOSED]
    )


def _first_interviews(days: Days, _on: date) -> QuerySet[Any]:
    return models.Interview.objects.filter(
        _between("starts_at", days, moments=True), round=1, state=MeetingState.ATTENDED
    )


def _opened(days: Days, _on: date) -> QuerySet[Any]:
    return models.Job.objects.filter(_between("opened_at", days, moments=True)).exclude(status=JobStatus.DRAFT)


def _sent(days: Days, _on: date) -> QuerySet[Any]:
    return models.Submission.objects.filter(_between("sent_at", days, moments=True), state=SubmissionState.SENT)


def _made_offers(days: Days, _on: date) -> QuerySet[Any]:
    return models.Offer.objects.filter(_between("made_on", days, moments=False))


_FINAL = (
    Q(answered_at__isnull=False)
    | Q(ended__in=[Ended.WITHDREW, Ended.DECLINED_OFFER])
    | Q(stage__in=[Stage.STARTED, Stage.STAYED])
)
_JOB = ("", "", "", "owner_key")
SHARES: Mapping[str, Spec] = {
    "interviewed": _of_cohort(None, INTERVIEWED),
    "offered": _of_cohort(INTERVIEWED, OFFERED),
    "placed": _of_cohort(OFFERED, PLACED),
    "started": _of_cohort(PLACED, STARTED),
    "hit_rate": _of_cohort(None, STARTED),
    "turn_up": Spec(_interviews, "starts_at", Q(state=MeetingState.ATTENDED)),
    "offers_accepted": Spec(_answered_offers, "answered_on", Q(state=OfferState.ACCEPTED)),
    "on_time": _of_placements(_agreed_starts, "agreed_start_on", Q(started_on__lte=F("agreed_start_on"))),
    "stayed_90": _stayed(90),
    "stayed_180": _stayed(180),
    "stayed_365": _stayed(365),
    "closure": Spec(_came, "began_at", _FINAL, "job", "person_key", "pk", "owner_key"),
    "filled": Spec(_ended_jobs, "ended_at", Q(status=JobStatus.FILLED), *_JOB),
}
"""Shares of rows. A row counts by the day that the figure's definition names."""
DONE: Mapping[str, Spec] = {
    "jobs": Spec(_opened, "opened_at", Q(pk__isnull=False), *_JOB),
    "cvs": Spec(_sent, "sent_at", Q(pk__isnull=False), "job", "person_key", "application", "by_key"),
    "first_interviews": Spec(_first_interviews, "starts_at", Q(pk__isnull=False)),
    "offers": Spec(_made_offers, "made_on", Q(pk__isnull=False)),
    "placements": _of_placements(_placements, "accepted_on", Q(pk__isnull=False)),
}
"""Work that was done, by the colleague whose it is."""
TIMES: Mapping[str, Spec] = {"time_to_fill": _of_placements(_placements, "accepted_on", Q(pk__isnull=False))}
SPECS: Mapping[str, Spec] = {**SHARES, **DONE, **TIMES}
COUNTED = frozenset(SPECS)
"""The counts whose rows can be read."""


def tally(figure: str, within: Within, days: Days, *, on: date) -> Tally:
    """How many rows a share is of, and of how many it holds. One statement."""
    spec = SHARES[figure]
    rows = spec.rows(days, on).filter(where(spec, within))
    found = rows.aggregate(n=Count("pk"), good=Count("pk", filter=spec.good))
    return Tally(found["n"], found["good"])


def done_by(measure: str, within: Within, days: Days) -> dict[UUID | None, int]:
    """How much was done in these days, by colleague; None for what nobody owns. One statement."""
    spec = DONE[measure]
    rows = spec.rows(days, days.until).filter(where(spec, within)).order_by()
    return dict(rows.values_list(spec.who).annotate(n=Count("pk")))


def counted_rows(
    viewer: Viewer, figure: str, within: Within, days: Days, *, on: date, start: int = 0, size: int = PAGE
) -> CountedPage:
    """The rows behind a count, the latest first, from row ``start``. Four statements."""
    spec = SPECS[figure]
    every = spec.rows(days, on).filter(where(spec, within))
    counted = every.aggregate(n=Count("pk"), good=Count("pk", filter=spec.good))
    count = counted["n"]
    rows = every.filter(people.open_candidates(viewer, spec.person)) if spec.person else every
    shown = rows.count() if spec.person else count
    found = rows.annotate(
        is_good=Case(When(spec.good, then=Value(1)), default=Value(0), output_field=IntegerField())
    ).order_by(f"-{spec.day}", "-pk")
    columns = [spec.day, "is_good", spec.on("pk"), spec.on("title"), spec.on("organisation_key"), spec.who]
    columns += [spec.person, spec.application] if spec.person else []
    held = list(found.values_list(*columns)[start : start + size + 1])
    older = start + size if len(held) > size else None
    return CountedPage(_rows(viewer, held[:size]), count, counted["good"], count - shown, older)


def _rows(viewer: Viewer, held: list[tuple[Any, ...]]) -> tuple[CountedRow, ...]:
    names = people.names({row[6] for row in held if len(row) > 6}, viewer=viewer, candidates=True)
    organisations = people.organisation_names({row[4] for row in held if row[4]})
    colleagues = accounts.names({row[5] for row in held if row[5]})
    return tuple(
        CountedRow(
            on=day, good=bool(good), job_key=job, job=title or "", organisation=organisations.get(organisation, ""),
            person_key=more[0] if more else None, person=names.get(more[0], "") if more else "",
            application_key=more[1] if more else None, who=colleagues.get(who, ""),
        )
        for day, good, job, title, organisation, who, *more in held
    )  # fmt: skip
